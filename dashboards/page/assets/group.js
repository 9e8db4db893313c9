// The pages about nights gone by, one beside the other, under the frame's link to all of them.

import { get } from "./api.js";
import { make } from "./frame.js";
import { say } from "./words.js";

const PAGES = [
  { path: "/nights", name: "nights" },
  { path: "/weeks", name: "weeks" },
  { path: "/experiments", name: "experiments" },
  { path: "/report", name: "report" },
];

/** Draw the links to the other pages of the group. */
export function drawGroup() {
  const current = document.documentElement.dataset.page;
  const nav = /** @type {HTMLElement} */ (document.getElementById("group"));
  nav.setAttribute("aria-label", say("group.pages"));
  const made = PAGES.map(({ path, name }) =>
    make("li", {}, make("a", { href: path, ...(name === current ? { "aria-current": "page" } : {}) }, say(`group.${name}`))),
  );
  nav.append(make("ul", {}, ...made));
}

/**
 * Ask for what the page is made of. Where there is no answer the page says so, with a button, and goes no further.
 * @param {string} path @param {Record<string, string | number>} [query]
 * @returns {Promise<any>}
 */
export async function need(path, query = {}) {
  try {
    return await get(path, query);
  } catch (error) {
    const again = make("button", { type: "button" }, say("group.again"));
    again.addEventListener("click", () => location.reload());
    const why = error instanceof TypeError ? say("group.gone") : String(/** @type {Error} */ (error).message);
    byId("main").replaceChildren(make("div", { class: "card stack-tight", role: "alert" }, make("p", {}, why), again));
    return new Promise(() => {});
  }
}

/** Give an element that the page has. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** Let forms be used, which are inert until somebody listens: what is sent before would be lost. @param {string[]} ids */
export function openForms(...ids) {
  for (const id of ids) byId(id).inert = false;
}

/** Show lines of text as a list; hide the list where there are none. @param {string} id @param {string[]} lines */
export function fillList(id, lines) {
  const list = byId(id);
  list.replaceChildren(...lines.map((line) => make("li", {}, line)));
  list.hidden = !lines.length;
}

/** Show what a scale or a texture means. @param {string} id @param {[string, string][]} keys a class and its words */
export function fillLegend(id, keys) {
  byId(id).replaceChildren(...keys.map(([kind, words]) => make("li", {}, make("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), words)));
}

/**
 * Do something, and say on the page what came of it.
 * @param {string} id of the element that says it
 * @param {() => Promise<string>} act
 * @returns {Promise<boolean>} whether it was done
 */
export async function saying(id, act) {
  const status = byId(id);
  try {
    status.textContent = await act();
    status.dataset.state = "done";
    return true;
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
    status.dataset.state = "refused";
    return false;
  }
}

/** The five shades of a rate, for a legend. @returns {[string, string][]} */
export function shadeKeys() {
  const from = ["0", "5", "20", "60", "150"];
  return from.map((least, place) => [`shade-${place}`, place === from.length - 1 ? say("scale.more", { least }) : say("scale.from", { least, below: from[place + 1] })]);
}
