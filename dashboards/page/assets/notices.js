// Notices: each with how it stands and why it came; one tap for false or a known cause; snooze and mute by kind.

import { post } from "./api.js";
import { make, openPage } from "./frame.js";
import { byId, need, saying } from "./group.js";
import { say } from "./words.js";

/** @typedef {{key: string, kind: string, sort: string, fate: string, is_settled: boolean, since_s: number, title: string, stands: string, receipt: string[], letters: string[]}} Told */
/** @typedef {{notices: Told[], faults: Told[], holds: {about: string, until_s: number | null, said: string}[], kinds: {value: string, name: string}[], window: string, empty: string, no_faults: string}} Notices */

const LENGTHS = ["1d", "7d", "4w"];

await openPage();
await again();

async function again() {
  /** @type {Notices} */
  const found = await need("/notices");
  byId("window").textContent = found.window;
  byId("holds-section").hidden = !found.holds.length;
  byId("holds").replaceChildren(...found.holds.map((hold) => make("li", { class: "row" }, make("span", {}, hold.said), action(say("notices.unmute"), say("notices.unmute_what", { what: hold.said }), "unmute", hold.about))));
  byId("notices").replaceChildren(...(found.notices.length ? found.notices.map((one) => drawTold(one, true)) : [make("p", { class: "soft" }, found.empty)]));
  byId("faults").replaceChildren(...(found.faults.length ? found.faults.map((one) => drawTold(one, false)) : [make("p", { class: "soft" }, found.no_faults)]));
  byId("kinds").replaceChildren(...found.kinds.map(drawKind));
  document.body.dataset.drawn = "true";
}

/** @param {Told} one @param {boolean} isBody */
function drawTold(one, isBody) {
  const [said, ...receipt] = one.receipt;
  const open = one.fate !== "quiet" && one.fate !== "over" && !one.is_settled;
  const why = make("details", {}, make("summary", {}, say("notices.why")), ...receipt.map((line) => make("p", { class: "small" }, line)), ...one.letters.map((line) => make("p", { class: "small soft" }, line)));
  return make(
    "article",
    { class: `card told ${isBody ? "" : "of-machine"}`, "data-key": one.key, "data-fate": one.fate },
    make("h3", {}, one.title),
    make("p", {}, said ?? ""),
    make("p", { class: "soft" }, say("notices.stands", { how: one.stands })),
    ...(receipt.length || one.letters.length ? [why] : []),
    ...(open ? [isBody ? answers(one) : make("div", { class: "row" }, action(say("notices.ack"), say("notices.ack_what", { what: one.title }), "acknowledge", one.key))] : []),
  );
}

/** @param {Told} one */
function answers(one) {
  const cause = make("input", { id: `cause-${one.key}`, maxlength: "200", autocomplete: "off" });
  const known = make("form", { class: "row" }, make("label", { for: `cause-${one.key}` }, say("notices.cause")), cause, make("button", { type: "submit" }, say("notices.known")));
  known.addEventListener("submit", (event) => {
    event.preventDefault();
    void reply({ verb: "known_cause", about: one.key, words: /** @type {HTMLInputElement} */ (cause).value });
  });
  const seen = action(say("notices.ack"), say("notices.ack_what", { what: one.title }), "acknowledge", one.key);
  const wrong = action(say("notices.false"), say("notices.false_what", { what: one.title }), "false", one.key);
  return make("div", { class: "row answers" }, seen, wrong, known);
}

/** @param {{value: string, name: string}} kind */
function drawKind(kind) {
  const long = /** @type {HTMLSelectElement} */ (make("select", { "aria-label": say("notices.how_long", { what: kind.name }) }, ...LENGTHS.map((length) => make("option", { value: length }, say(`notices.length.${length}`)))));
  long.value = "7d";
  const snooze = make("button", { type: "button", "aria-label": say("notices.snooze_what", { what: kind.name }) }, say("notices.snooze"));
  snooze.addEventListener("click", () => void reply({ verb: "snooze", about: kind.value, length: long.value }));
  return make("li", { class: "card stack-tight", "data-kind": kind.value }, make("h3", {}, kind.name), make("div", { class: "row" }, long, snooze, action(say("notices.mute"), say("notices.mute_what", { what: kind.name }), "mute", kind.value)));
}

/** @param {string} words @param {string} label @param {string} verb @param {string} about */
function action(words, label, verb, about) {
  const button = make("button", { type: "button", "aria-label": label }, words);
  button.addEventListener("click", () => void reply({ verb, about }));
  return button;
}

/** @param {{verb: string, about: string, length?: string, words?: string}} answer */
async function reply(answer) {
  await saying("status", async () => (await post("/notices/answers", answer)).said);
  await again();
  byId("status").scrollIntoView({ block: "nearest" });
}
