// Experiments: what to do today, what those that are over found, and a new one.

import { call, post } from "./api.js";
import { make, openPage } from "./frame.js";
import { byId, drawGroup, fillList, need, openForms, saying } from "./group.js";
import { say } from "./words.js";

/** @typedef {{id: string, habit: string, site: string, first: string, last: string, n_nights: number, n_over: number, is_running: boolean, is_stopped: boolean, today: string, plan: string[], result: string[]}} Try */
/** @typedef {{tries: Try[], habits: {value: string, name: string}[], sites: {value: string, name: string}[], may_begin: boolean, empty: string, fixed: string[]}} Experiments */

const value = (/** @type {string} */ id) => /** @type {HTMLInputElement | HTMLSelectElement} */ (byId(id)).value;
/** @type {number | undefined} */
let begunS; // of the form as it stands: sent twice it is one experiment

await openPage();
drawGroup();
let found = await read();
byId("habit").append(...found.habits.map((one) => make("option", { value: one.value }, one.name)));
byId("site").append(make("option", { value: "" }, say("experiments.most")), ...found.sites.map((one) => make("option", { value: one.value }, one.name)));
fillList("fixed", found.fixed);
byId("new").addEventListener("input", () => (begunS = undefined));
byId("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  begunS ??= (await need("/about")).now_s;
  const body = { habit: value("habit"), site: value("site") || null, n_pairs: Number(value("pairs")), n_nights: Number(value("nights")), start: value("start") || null, begun_s: begunS };
  await saying("status", async () => (await post("/experiments", body)).said);
  await again();
});
openForms("new");
draw();

async function again() {
  found = await read();
  draw();
}

/** @returns {Promise<Experiments>} */
async function read() {
  return await need("/experiments");
}

function draw() {
  byId("tries").replaceChildren(...(found.tries.length ? found.tries.map(drawTry) : [make("p", { class: "soft" }, found.empty)]));
  byId("new-section").hidden = !found.may_begin;
  document.body.dataset.drawn = "true";
}

/** @param {Try} one */
function drawTry(one) {
  const stop = make("button", { type: "button", "aria-label": say("experiments.stop_what", { what: one.habit }) }, say("experiments.stop"));
  stop.addEventListener("click", async () => {
    if (!confirm(say("experiments.sure"))) return;
    await saying("status", async () => (await call("DELETE", `/experiments/${encodeURIComponent(one.id)}`)).said);
    await again();
  });
  const meter = make("meter", { max: String(one.n_nights), value: String(one.n_over), "aria-label": say("experiments.nights_over", { n: one.n_over, all: one.n_nights }) });
  return make(
    "article",
    { class: "card stack-tight", "data-try": one.id },
    make("h3", {}, say("experiments.of", { habit: one.habit, site: one.site })),
    make("p", { class: "soft" }, say("experiments.span", { first: one.first, last: one.last })),
    ...(one.today ? [make("p", { class: "today" }, one.today)] : []),
    ...one.result.map((line) => make("p", {}, line)),
    ...(one.is_running ? [meter, make("details", {}, make("summary", {}, say("experiments.plan")), ...one.plan.map((line) => make("p", { class: "small" }, line))), make("div", { class: "row" }, stop)] : []),
  );
}
