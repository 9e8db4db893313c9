// The diary: words, or one tap; the day's habits; what was noted lately, and how to take it back.

import { call, post } from "./api.js";
import { make, openPage } from "./frame.js";
import { byId, need, openForms, saying } from "./group.js";
import { clock, useZone } from "./time.js";
import { say } from "./words.js";

/** @typedef {{id: string, time_s: number, said: string, words: string}} Note */
/** @typedef {{value: string, name: string, unit: string}} Choosable */
/** @typedef {{title: string, now_s: number, habits: {name: string, said: string, is_done: boolean | null}[], quick: {label: string, words: string}[], symptoms: Choosable[], sites: Choosable[], help: string, days: {night: string, title: string, notes: Note[]}[], empty: string}} Diary */

const MARKS = { true: "✓", false: "○", null: "–" };

await openPage();
const about = await need("/about");
useZone(about.zone);
/** @type {Diary} */
let diary = await need("/diary");
const aheadS = diary.now_s - Date.now() / 1000; // the server's clock says when something was
const words = /** @type {HTMLInputElement} */ (byId("words"));
const when = /** @type {HTMLInputElement} */ (byId("when"));
const feltSite = /** @type {HTMLSelectElement} */ (byId("felt-site"));
const symptom = /** @type {HTMLSelectElement} */ (byId("symptom-name"));
const symptomSite = /** @type {HTMLSelectElement} */ (byId("symptom-site"));

byId("help").textContent = diary.help;
feltSite.append(...options(diary.sites));
symptom.append(...options(diary.symptoms));
symptomSite.append(make("option", { value: "" }, say("diary.anywhere")), ...options(diary.sites));
byId("quick").append(
  ...diary.quick.map((quick) => {
    const button = make("button", { type: "button", "data-words": "" }, quick.label);
    button.addEventListener("click", () => void keep(quick.words));
    return button;
  }),
);
byId("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (words.value.trim() && (await keep(words.value))) words.value = "";
});
byId("felt").addEventListener("submit", (event) => {
  event.preventDefault();
  void keep(`felt ${nameOf(diary.sites, feltSite.value)}`);
});
byId("symptom").addEventListener("submit", (event) => {
  event.preventDefault();
  void keep(`${symptom.value} ${nameOf(diary.sites, symptomSite.value)}`.trim());
});
openForms("add", "felt", "symptom");
draw();

function draw() {
  byId("day").textContent = diary.title;
  byId("habits").replaceChildren(
    ...diary.habits.map((habit) =>
      make("li", { "data-done": String(habit.is_done) }, make("span", { class: "tick", "aria-hidden": "true" }, MARKS[/** @type {"true"} */ (String(habit.is_done))]), make("span", { class: "unseen" }, say(`diary.done.${habit.is_done}`)), make("span", {}, habit.name), make("span", { class: "soft" }, habit.said)),
    ),
  );
  byId("days").replaceChildren(...(diary.days.length ? diary.days.map(drawDay) : [make("p", { class: "soft" }, diary.empty)]));
  document.body.dataset.drawn = "true";
}

/** @param {Diary["days"][0]} day */
function drawDay(day) {
  return make("section", { class: "day-notes" }, make("h3", {}, day.title), make("ul", { class: "plain notes" }, ...day.notes.map(drawNote)));
}

/** @param {Note} note */
function drawNote(note) {
  const button = make("button", { type: "button", class: "quiet small", "aria-label": say("diary.take_back", { what: note.said }) }, say("diary.back"));
  button.addEventListener("click", async () => {
    await saying("status", async () => (await call("DELETE", `/diary/${encodeURIComponent(note.id)}`)).said);
    await again();
    byId("status").focus();
  });
  return make("li", { "data-note": note.id }, make("span", { class: "number soft" }, clock(note.time_s)), make("span", {}, note.said), button);
}

/** Keep a note; sent twice for one moment it is one. @param {string} said */
async function keep(said) {
  const moment = when.value ? localTime(when.value) : Math.round((Date.now() / 1000 + aheadS) * 1000) / 1000;
  const isKept = await saying("status", async () => (await post("/diary", { words: said, time_s: moment })).said);
  if (isKept) when.value = "";
  await again();
  return isKept;
}

/** Give the moment at which the wearer's clocks say so, which may not be the browser's. @param {string} text as the field has it */
function localTime(text) {
  const guess = Date.parse(`${text}:00Z`) / 1000;
  const form = new Intl.DateTimeFormat("sv", { timeZone: about.zone, dateStyle: "short", timeStyle: "medium" });
  const shown = Date.parse(`${form.format(guess * 1000).replace(" ", "T")}Z`) / 1000;
  return guess - (shown - guess);
}

async function again() {
  diary = await need("/diary");
  draw();
}

/** @param {Choosable[]} choosable */
function options(choosable) {
  return choosable.map((one) => make("option", { value: one.value }, one.name));
}

/** @param {Choosable[]} among @param {string} value */
function nameOf(among, value) {
  return among.find((one) => one.value === value)?.name ?? "";
}
