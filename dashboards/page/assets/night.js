// A night: coverage first, then what each minute was, and its twitches, each with its waveform.

import { make, openPage } from "./frame.js";
import { byId, drawGroup, fillLegend, fillList, need } from "./group.js";
import { drawStrip, momentAt } from "./strip.js";
import { clock, useZone } from "./time.js";
import { Twitches } from "./twitches.js";
import { say } from "./words.js";

/** @typedef {{reason: string, name: string, length_s: number}} Aside */
/** @typedef {{device: string, modality: string, name: string, analysable_s: number, measured_s: number, aside: Aside[], n_twitches: number, n_false: number, n_known: number, lines: string[], marked: string}} Coverage */
/** @typedef {{night: string, title: string, before: string | null, after: string | null, zone: string, lead: string, coverage: Coverage[], missed: string[], notable: string[], strips: import("./strip.js").Strip[], no_strips: string, notes: {said: string, time_s: number}[], faults: string[]}} Night */

const GROUPS = { gap: "gap", movement: "movement", heart: "heart" };
const HOUR_S = 3600;

await openPage();
drawGroup();
const asked = new URLSearchParams(location.search).get("night") ?? (await need("/nights", { days: 7 })).last;
/** @type {Night} */
let night = await need(`/nights/${encodeURIComponent(asked)}`);
useZone(night.zone);
const twitches = new Twitches(night.night, refreshCoverage);
draw();
if (night.coverage.length) await show(0);
document.body.dataset.drawn = "true";

function draw() {
  document.title = `${night.title} · aquiver`;
  byId("title").textContent = night.title;
  step("before", night.before, say("night.before"));
  step("after", night.after, say("night.after"));
  byId("lead").textContent = night.lead;
  byId("lead").hidden = !night.lead;
  drawCoverage();
  fillList("missed", night.missed);
  fillList("notable", night.notable);
  fillList("notes", night.notes.length ? night.notes.map((note) => note.said) : [say("night.notes.none")]);
  fillList("faults", night.faults.length ? night.faults : [say("night.faults.none")]);
  byId("no-strips").textContent = night.no_strips;
  byId("no-strips").hidden = !night.no_strips;
  byId("strips-section").hidden = !night.strips.length && !night.no_strips;
  byId("strip-legend").hidden = !night.strips.length;
  fillLegend("strip-legend", ["twitches", "still", "movement", "heart", "signal", "gap", "away"].map((kind) => [kind, say(`strip.key.${kind}`)]));
  new ResizeObserver(drawStrips).observe(byId("strips"));
  drawStrips();
  drawStreams();
}

/** @param {string} id @param {string | null} to @param {string} words */
function step(id, to, words) {
  const link = /** @type {HTMLAnchorElement} */ (byId(id));
  link.hidden = to === null;
  link.href = `/night?night=${to}`;
  link.textContent = words;
}

function drawCoverage() {
  byId("coverage").replaceChildren(...night.coverage.map(drawOne));
  byId("coverage").hidden = !night.coverage.length;
}

/** @param {Coverage} one */
function drawOne(one) {
  const [head, ...lines] = one.lines;
  const bar = make("div", { class: "share", "aria-hidden": "true" }, part("still", one.analysable_s, one.measured_s));
  for (const aside of one.aside) {
    const kind = /** @type {Record<string, string>} */ (GROUPS)[aside.reason] ?? "signal";
    bar.append(part(kind, aside.length_s, one.measured_s));
  }
  const why = one.aside.filter((aside) => aside.length_s >= 0.5).map((aside) => `${aside.name} ${length(aside.length_s)}`);
  return make(
    "li",
    { class: "card", "data-device": one.device, "data-twitches": String(one.n_twitches) },
    make("h3", {}, one.name),
    make("p", { class: "soft small" }, one.device),
    bar,
    make("p", {}, head.slice(head.indexOf(": ") + 2)),
    ...(why.length ? [make("p", { class: "soft" }, say("night.aside", { why: why.join(", ") }))] : []),
    ...lines.map((line, place) => make("p", place ? { class: "soft" } : { class: "count" }, line)),
    make("p", { class: "marked" }, one.marked),
  );
}

/** @param {string} kind @param {number} lengthS @param {number} allS */
function part(kind, lengthS, allS) {
  const made = make("span", { class: `part ${kind}` });
  made.style.flexGrow = String(Math.max(0, allS ? lengthS / allS : 0));
  return made;
}

/** @param {number} lengthS */
function length(lengthS) {
  if (lengthS < 120) return say("time.seconds", { n: Math.round(lengthS) });
  if (lengthS < HOUR_S) return say("time.minutes", { n: Math.round(lengthS / 60) });
  return say("time.hours", { hours: Math.floor(lengthS / HOUR_S), minutes: String(Math.floor((lengthS % HOUR_S) / 60)).padStart(2, "0") });
}

function drawStrips() {
  const width = byId("strips").clientWidth;
  if (!width || !night.strips.length) return;
  const most = Math.max(1, ...night.strips.flatMap((strip) => strip.n_twitches.map((n) => n ?? 0)));
  byId("strips").replaceChildren(
    ...night.strips.map((strip) => {
      const svg = drawStrip(strip, width, most);
      svg.addEventListener("click", (event) => choose(strip, momentAt(strip, width, /** @type {MouseEvent} */ (event).offsetX)));
      return make("figure", {}, make("figcaption", {}, strip.name), svg);
    }),
  );
}

function drawStreams() {
  const streams = night.coverage;
  byId("twitches-section").hidden = !streams.length;
  byId("streams").replaceChildren(
    ...streams.map((one, place) => {
      const button = make("button", { type: "button", "aria-pressed": String(place === 0) }, one.name);
      button.addEventListener("click", () => void show(place));
      return button;
    }),
  );
  byId("streams").hidden = streams.length < 2;
  const range = /** @type {HTMLInputElement} */ (byId("from"));
  range.addEventListener("input", () => (byId("from-time").textContent = clock(Number(range.value))));
  range.addEventListener("change", () => void twitches.from(Number(range.value)));
}

/** Show the twitches of a stream. @param {number} place @param {number} [fromS] */
async function show(place, fromS) {
  const one = night.coverage[place];
  for (const [at, button] of [...byId("streams").children].entries()) button.setAttribute("aria-pressed", String(at === place));
  const strip = night.strips.find((each) => each.device === one.device && each.modality === one.modality);
  const range = /** @type {HTMLInputElement} */ (byId("from"));
  const row = /** @type {HTMLElement} */ (range.parentElement);
  row.hidden = !strip;
  if (strip) {
    range.min = String(strip.start_s);
    range.max = String(strip.start_s + strip.gates.length * 60);
    range.value = String(fromS ?? strip.start_s);
    byId("from-time").textContent = clock(Number(range.value));
  }
  await twitches.show(one.device, one.modality, one.name, fromS ?? 0);
}

/** @param {import("./strip.js").Strip} strip @param {number} timeS */
function choose(strip, timeS) {
  const place = night.coverage.findIndex((one) => one.device === strip.device && one.modality === strip.modality);
  if (place >= 0) void show(place, Math.floor(timeS / 60) * 60);
}

async function refreshCoverage() {
  night = await need(`/nights/${encodeURIComponent(asked)}`);
  drawCoverage();
}
