// The frame: what every page has around it: words, links to the other pages, and the choice of light or dark.

import { fillWords, readWords, say } from "./words.js";

const PAGES = [
  { path: "/", name: "tonight" },
  { path: "/nights", name: "nights" },
  { path: "/diary", name: "diary" },
  { path: "/notices", name: "notices" },
  { path: "/check", name: "check" },
  { path: "/bands", name: "bands" },
];

/** Open the page: read the words, draw the frame, fill in the texts. To be awaited first. @returns {Promise<void>} */
export async function openPage() {
  await readWords();
  const name = document.documentElement.dataset.page ?? "";
  const frame = /** @type {HTMLElement} */ (document.getElementById("frame"));
  frame.append(skipLink(), brand(), links(document.documentElement.dataset.group ?? name), cardLink(name), preferences());
  fillWords();
  document.title = `${say(`${name}.title`)} · aquiver`;
  document.body.dataset.ready = "true";
}

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {(string | Node)[]} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function skipLink() {
  return make("a", { href: "#main", class: "skip" }, say("frame.skip"));
}

function brand() {
  return make("span", { class: "brand", "aria-hidden": "true" }, "aquiver");
}

/** @param {string} current */
function links(current) {
  const made = PAGES.map(({ path, name }) =>
    make("li", {}, make("a", { href: path, ...(name === current ? { "aria-current": "page" } : {}) }, say(`nav.${name}`))),
  );
  return make("nav", { "aria-label": say("frame.pages") }, make("ul", {}, ...made));
}

/** The card is one click away on every page, whatever is scrolled. @param {string} current */
function cardLink(current) {
  return make("a", { href: "/card", class: "card-link", ...(current === "card" ? { "aria-current": "page" } : {}) }, say("nav.card"));
}

function preferences() {
  const light = preference("theme", ["auto", "dark", "light"], lightUp);
  const hours = preference("hours", ["auto", "24", "12"], () => location.reload());
  return make("div", { class: "row preferences" }, light, hours);
}

/** @param {string} name @param {string[]} choices @param {(chosen: string) => void} act */
function preference(name, choices, act) {
  const button = make("button", { type: "button", class: "quiet", "data-preference": name });
  const chosen = () => localStorage.getItem(name) ?? "auto";
  const show = () => {
    button.textContent = say(`frame.${name}.${chosen()}`);
    button.dataset.chosen = chosen();
  };
  button.addEventListener("click", () => {
    const next = choices[(choices.indexOf(chosen()) + 1) % choices.length];
    if (next === "auto") localStorage.removeItem(name);
    else localStorage.setItem(name, next);
    show();
    act(next);
  });
  show();
  return button;
}

/** @param {string} chosen */
function lightUp(chosen) {
  const isDark = chosen === "dark" || (chosen === "auto" && (isNight() || matchMedia("(prefers-color-scheme: dark)").matches));
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  dispatchEvent(new Event("light"));
}

function isNight() {
  const hour = new Date().getHours();
  return hour >= 20 || hour < 8;
}
