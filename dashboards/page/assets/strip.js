// A strip: one sensor's night, minute by minute: twitches on top, below them what each minute was, as a stepped line.

import { element } from "./body.js";
import { clock } from "./time.js";
import { say } from "./words.js";

/** @typedef {{device: string, modality: string, name: string, start_s: number, gates: string[], analysable_s: number[], movement_s: number[], n_twitches: (number | null)[]}} Strip */

const MINUTE_S = 60;
const LEVELS = ["gap", "signal", "heart", "movement", "still"]; // from top to bottom, as one draws sleep
const BARS = 46;
const LEVEL = 17;
const MOVED = 22;
const MOVED_S = 3; // one turn of a limb: such a minute has a tick beside "movement", whatever it was for the most part
const LEAST_MOVED_S = 10; // the movement's scale ends here, or higher
const FOOT = 22;
const TOP = 6;
const GAP = 8;
const STEPS_S = [300, 600, 900, 1800, 3600, 7200];
const HEIGHT = TOP + BARS + GAP + LEVELS.length * LEVEL + GAP + MOVED + FOOT;

/**
 * Draw a strip.
 * @param {Strip} strip @param {number} width in pixels
 * @param {number} most the tallest minute of the night, so that strips can be compared
 */
export function drawStrip(strip, width, most) {
  const left = width < 520 ? 8 : 118;
  const n = strip.gates.length;
  const x = (/** @type {number} */ minute) => left + (minute / n) * (width - left - 8);
  const svg = element("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, class: "strip", role: "img", "aria-label": words(strip) });
  svg.append(...away(strip, x), ...hours(strip, x), ...bars(strip, x, most), ...levels(strip, x, left), ...moved(strip, x));
  if (left > 8) svg.append(...names(strip, left), element("text", { x: left - 8, y: TOP + 10, "text-anchor": "end", class: "name" }, say("strip.most", { n: most })));
  return svg;
}

/** Give the moment at a place of the drawing. @param {Strip} strip @param {number} width @param {number} at in pixels */
export function momentAt(strip, width, at) {
  const left = width < 520 ? 8 : 118;
  const share = (at - left) / (width - left - 8);
  return strip.start_s + Math.min(1, Math.max(0, share)) * strip.gates.length * MINUTE_S;
}

/** Say what a strip shows, for those who do not see it. @param {Strip} strip */
function words(strip) {
  const minutes = (/** @type {string} */ gate) => strip.gates.filter((one) => one === gate).length;
  const counted = strip.n_twitches.reduce((/** @type {number} */ sum, one) => sum + (one ?? 0), 0);
  const parts = [...LEVELS].reverse().map((gate) => say("strip.minutes", { gate: say(`gate.${gate}`), n: minutes(gate) }));
  const end = strip.start_s + strip.gates.length * MINUTE_S;
  return say("strip.words", { name: strip.name, from: clock(strip.start_s), to: clock(end), n: counted, parts: parts.join(", ") });
}

/** Stretches of which nothing is known are grey from top to bottom. @param {Strip} strip @param {(minute: number) => number} x */
function away(strip, x) {
  return runs(strip.gates)
    .filter((run) => run.gate === "away" || run.gate === "gap")
    .map((run) => element("rect", { x: x(run.from), y: TOP, width: x(run.to) - x(run.from), height: HEIGHT - TOP - FOOT, class: `ground ${run.gate}` }));
}

/** @param {Strip} strip @param {(minute: number) => number} x @param {number} most */
function bars(strip, x, most) {
  const foot = TOP + BARS;
  const found = [element("line", { x1: x(0), x2: x(strip.gates.length), y1: foot, y2: foot, class: "axis" })];
  strip.n_twitches.forEach((n, minute) => {
    if (!n) return;
    const height = Math.max(2, (n / Math.max(1, most)) * BARS);
    found.push(element("rect", { x: x(minute), y: foot - height, width: Math.max(1, x(minute + 1) - x(minute) - 0.3), height, class: "twitches" }));
  });
  return found;
}

/** @param {Strip} strip @param {(minute: number) => number} x @param {number} left */
function levels(strip, x, left) {
  const top = TOP + BARS + GAP;
  const y = (/** @type {string} */ gate) => top + LEVELS.indexOf(gate) * LEVEL;
  const rules = LEVELS.map((gate) => element("line", { x1: left, x2: x(strip.gates.length), y1: y(gate) + LEVEL / 2, y2: y(gate) + LEVEL / 2, class: "rule" }));
  const known = runs(strip.gates).filter((run) => run.gate !== "away");
  const blocks = known.map((run) => element("rect", { x: x(run.from), y: y(run.gate) + 3, width: Math.max(1, x(run.to) - x(run.from)), height: LEVEL - 6, class: `block ${run.gate}` }));
  const steps = known.slice(1).flatMap((run, at) => {
    const before = known[at];
    if (before.to !== run.from) return [];
    const [from, to] = [y(before.gate), y(run.gate)].sort((one, other) => one - other);
    return [element("line", { x1: x(run.from), x2: x(run.from), y1: from + LEVEL / 2, y2: to + LEVEL / 2, class: "joint" })];
  });
  return [...rules, ...steps, ...blocks, ...turns(strip, x, y("movement"))];
}

/** Mark minutes with some movement that were counted for the most part. @param {Strip} strip @param {(minute: number) => number} x @param {number} top */
function turns(strip, x, top) {
  return strip.movement_s.flatMap((seconds, minute) =>
    seconds >= MOVED_S && strip.gates[minute] !== "movement" ? [element("rect", { x: x(minute), y: top + 3, width: Math.max(1, x(minute + 1) - x(minute) - 0.3), height: LEVEL - 6, class: "turn" })] : [],
  );
}

/** Movement, in seconds of each minute. @param {Strip} strip @param {(minute: number) => number} x */
function moved(strip, x) {
  const foot = HEIGHT - FOOT;
  const most = mostMoved(strip);
  return strip.movement_s.flatMap((seconds, minute) => {
    if (!seconds) return [];
    const height = Math.max(1.5, (seconds / most) * MOVED);
    return [element("rect", { x: x(minute), y: foot - height, width: Math.max(1, x(minute + 1) - x(minute) - 0.3), height, class: "moved" })];
  });
}

/** @param {Strip} strip */
function mostMoved(strip) {
  return Math.max(LEAST_MOVED_S, ...strip.movement_s);
}

/** @param {Strip} strip @param {number} left */
function names(strip, left) {
  const top = TOP + BARS + GAP;
  const found = LEVELS.map((gate, place) => element("text", { x: left - 8, y: top + place * LEVEL + LEVEL / 2 + 4, "text-anchor": "end", class: "name" }, say(`gate.${gate}`)));
  found.push(element("text", { x: left - 8, y: HEIGHT - FOOT - 4, "text-anchor": "end", class: "name" }, say("strip.moved", { n: Math.round(mostMoved(strip)) })));
  found.push(element("text", { x: left - 8, y: TOP + 24, "text-anchor": "end", class: "name" }, say("strip.a_minute")));
  return found;
}

/** @param {Strip} strip @param {(minute: number) => number} x */
function hours(strip, x) {
  const lengthS = strip.gates.length * MINUTE_S;
  const room = x(strip.gates.length) - x(0);
  const step = STEPS_S.find((one) => (lengthS / one) * 64 < room) ?? 7200;
  const found = [];
  for (let at = Math.ceil(strip.start_s / step) * step; at <= strip.start_s + lengthS; at += step) {
    const place = x((at - strip.start_s) / MINUTE_S);
    const anchor = place - x(0) < 22 ? "start" : x(strip.gates.length) - place < 22 ? "end" : "middle";
    found.push(element("line", { x1: place, x2: place, y1: TOP, y2: HEIGHT - FOOT, class: "tick" }));
    found.push(element("text", { x: place, y: HEIGHT - 6, "text-anchor": anchor, class: "hour" }, clock(at)));
  }
  return found;
}

/** Join minutes of one kind. @param {string[]} gates */
function runs(gates) {
  /** @type {{gate: string, from: number, to: number}[]} */
  const found = [];
  gates.forEach((gate, minute) => {
    const last = found.at(-1);
    if (last && last.gate === gate) last.to = minute + 1;
    else found.push({ gate, from: minute, to: minute + 1 });
  });
  return found;
}
