// The calendar: a year of nights, a month a table; each day has a stripe for every sensor, grey where not measured.

import { make, openPage } from "./frame.js";
import { byId, drawGroup, fillLegend, need, shadeKeys } from "./group.js";
import { say } from "./words.js";

/** @typedef {{night: string, state: string, n_twitches: number, analysable_s: number, rate_per_hour: number | null, shade: number | null, said: string}} Cell */
/** @typedef {{site: string, modality: string, name: string, n_measured: number, analysable_s: number, cells: Cell[]}} Row */
/** @typedef {{first: string, last: string, said: string, rows: Row[]}} Calendar */

const DAY_MS = 86_400_000;
const WEEK = 7;
const FEW = 9.95; // above it a rate needs no tenths

await openPage();
drawGroup();
/** @type {Calendar} */
const calendar = await need("/nights");
/** @type {Map<string, Cell>[]} */
const cells = calendar.rows.map((row) => new Map(row.cells.map((cell) => [cell.night, cell])));
const names = calendar.rows.map((row) => row.name);
let chosen = names.indexOf(localStorage.getItem("nights.site") ?? "");

byId("lead").textContent = calendar.said;
fillLegend("legend", [...shadeKeys(), ["too-little", say("scale.too_little")], ["unmeasured", say("scale.unmeasured")]]);
drawChoice();
draw();
byId("months").addEventListener("keydown", move);
byId("months").addEventListener("focusin", (event) => tell(/** @type {HTMLElement} */ (event.target)));
byId("months").addEventListener("pointerover", (event) => tell(/** @type {HTMLElement} */ (event.target)));
document.body.dataset.drawn = "true";

function drawChoice() {
  byId("sites").replaceChildren(
    ...[-1, ...names.keys()].map((place) => {
      const button = make("button", { type: "button", "aria-pressed": String(place === chosen) }, place < 0 ? say("nights.all") : names[place]);
      button.addEventListener("click", () => choose(place));
      return button;
    }),
  );
  byId("sites").hidden = names.length < 2;
}

/** Show one sensor, or all. @param {number} place */
function choose(place) {
  chosen = place;
  localStorage.setItem("nights.site", place < 0 ? "" : names[place]);
  for (const [at, button] of [...byId("sites").children].entries()) button.setAttribute("aria-pressed", String(at - 1 === place));
  draw();
}

function draw() {
  byId("stripes").textContent = chosen < 0 && names.length > 1 ? say("nights.stripes", { names: names.join(", ") }) : "";
  /** @type {Map<string, string[]>} */
  const months = new Map();
  for (let at = Date.parse(calendar.first); at <= Date.parse(calendar.last); at += DAY_MS) {
    const night = iso(at);
    const month = night.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), night]);
  }
  byId("months").replaceChildren(...[...months].reverse().map(([month, nights]) => drawMonth(month, nights)));
  const last = dayOf(calendar.last);
  last.tabIndex = 0;
  tell(last);
}

/** @param {string} month @param {string[]} nights */
function drawMonth(month, nights) {
  const name = words(month, { month: "long", year: "numeric" });
  const rows = [make("tr", {}, ...Array.from({ length: weekday(nights[0]) }, empty))];
  for (const night of nights) {
    if (rows[rows.length - 1].children.length === WEEK) rows.push(make("tr"));
    rows[rows.length - 1].append(make("td", { role: "gridcell" }, drawDay(night)));
  }
  const last = rows[rows.length - 1];
  last.append(...Array.from({ length: WEEK - last.children.length }, empty));
  return make("table", { class: "month", role: "grid", "aria-label": name }, make("caption", {}, name), weekdays(), make("tbody", {}, ...rows));
}

function empty() {
  return make("td", { class: "empty" });
}

function weekdays() {
  const monday = Date.UTC(2024, 0, 1);
  const days = Array.from({ length: WEEK }, (_, day) => iso(monday + day * DAY_MS));
  const heads = days.map((day) => make("th", { scope: "col", "aria-label": words(day, { weekday: "long" }) }, words(day, { weekday: "narrow" })));
  return make("thead", {}, make("tr", {}, ...heads));
}

/** @param {string} night */
function drawDay(night) {
  const label = `${words(night, { weekday: "long", day: "numeric", month: "long" })}. ${saidOf(night).join(". ")}`;
  const link = make("a", { href: `/night?night=${night}`, class: "day", tabindex: "-1", "data-night": night });
  link.append(make("span", { class: "unseen" }, label), make("span", { class: "date", "aria-hidden": "true" }, String(Number(night.slice(8)))));
  if (!cells.length) link.classList.add("whole", "unmeasured");
  else if (chosen < 0) link.append(make("span", { class: "stripes" }, ...cells.map((row) => make("span", { class: `stripe ${kindOf(row.get(night))}` }))));
  else {
    const rate = cells[chosen].get(night)?.rate_per_hour ?? null;
    link.classList.add("whole", kindOf(cells[chosen].get(night)));
    link.append(make("span", { class: "rate number", "aria-hidden": "true" }, rate === null ? "" : rate.toFixed(rate < FEW ? 1 : 0)));
  }
  return link;
}

/** @param {Cell | undefined} cell */
function kindOf(cell) {
  if (cell === undefined) return "unmeasured";
  return cell.shade === null ? "too-little" : `shade-${cell.shade}`;
}

/** Say what is known of a night, coverage first. @param {string} night */
function saidOf(night) {
  const shown = chosen < 0 ? [...names.keys()] : [chosen];
  if (!shown.some((place) => cells[place].has(night))) return [say("nights.unmeasured")];
  return shown.map((place) => `${names[place]}: ${cells[place].get(night)?.said ?? say("scale.unmeasured")}`);
}

/** Say what is known of the night under the pointer or the focus. @param {HTMLElement} target */
function tell(target) {
  const night = /** @type {HTMLElement | null} */ (target.closest("[data-night]"))?.dataset.night;
  if (!night) return;
  const head = make("h2", {}, words(night, { weekday: "long", day: "numeric", month: "long", year: "numeric" }));
  byId("detail").replaceChildren(head, ...saidOf(night).map((line) => make("p", {}, line)));
}

/** Move through the nights with the keys of a grid. @param {KeyboardEvent} event */
function move(event) {
  const from = /** @type {HTMLElement} */ (event.target);
  const night = from.dataset.night;
  const wanted = night && wantedBy(event.key, night);
  if (!wanted) return;
  event.preventDefault();
  const next = dayOf(wanted < calendar.first ? calendar.first : wanted > calendar.last ? calendar.last : wanted);
  from.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/** @param {string} key @param {string} night */
function wantedBy(key, night) {
  if (key === "Home") return calendar.first;
  if (key === "End") return calendar.last;
  /** @type {Record<string, number>} */
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WEEK, ArrowDown: WEEK, PageUp: -4 * WEEK, PageDown: 4 * WEEK };
  return key in steps ? iso(Date.parse(night) + steps[key] * DAY_MS) : "";
}

/** @param {string} night */
function dayOf(night) {
  return /** @type {HTMLElement} */ (byId("months").querySelector(`[data-night="${night}"]`));
}

/** Give the place of a night in its week, Monday first. @param {string} night */
function weekday(night) {
  return (new Date(night).getUTCDay() + 6) % WEEK;
}

/** @param {number} atMs */
function iso(atMs) {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** @param {string} date @param {Intl.DateTimeFormatOptions} form */
function words(date, form) {
  return new Intl.DateTimeFormat("en-GB", { ...form, timeZone: "UTC" }).format(Date.parse(date));
}
