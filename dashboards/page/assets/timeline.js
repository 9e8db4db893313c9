// The timeline: the night so far, one line a stream: what was measured, what was set aside, where twitches were.

import { element } from "./body.js";
import { clock, duration } from "./time.js";
import { say } from "./words.js";

/** @typedef {{start_s: number, stop_s: number, reason: string}} Stretch */
/** @typedef {{device: string, site: string, site_words: string, modality: string, since_s: number, until_s: number, set_aside: Stretch[], twitches_s: number[]}} Line */

const ROW = 44;
const BAR = 16;
const LEFT = 8;
const HOUR_S = 3600;
const LEAST_S = 600;
const STEPS_S = [120, 300, 600, 900, 1800, 3600, 7200];

/**
 * Draw the night so far.
 * @param {Line[]} lines @param {number} nowS @param {number} width in pixels
 */
export function drawTimeline(lines, nowS, width) {
  const first = Math.min(nowS - LEAST_S, ...lines.map((line) => line.since_s));
  const x = (/** @type {number} */ timeS) => LEFT + ((timeS - first) / (nowS - first)) * (width - 2 * LEFT);
  const height = lines.length * ROW + 26;
  const words = lines.map((line) => say("timeline.line", summary(line))).join(" ");
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "timeline", role: "img", "aria-label": words });
  svg.append(patterns(), ...ticks(first, nowS, x, height));
  lines.forEach((line, row) => svg.append(...drawLine(line, row * ROW, x)));
  return svg;
}

/** @param {Line} line */
function summary(line) {
  const name = say("timeline.name", { site: line.site_words, what: say(`modality.${line.modality}`) });
  const asideS = line.set_aside.reduce((sum, one) => sum + one.stop_s - one.start_s, 0);
  return { name, n: line.twitches_s.length, measured: duration(Math.max(0, line.until_s - line.since_s)), aside: duration(asideS) };
}

/** @param {Line} line @param {number} top @param {(timeS: number) => number} x */
function drawLine(line, top, x) {
  const bar = top + 18;
  const name = say("timeline.name", { site: line.site_words, what: say(`modality.${line.modality}`) });
  const box = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ kind) =>
    element("rect", { x: x(from), y: bar, width: Math.max(0.8, x(to) - x(from)), height: BAR, class: kind });
  return [
    element("text", { x: LEFT, y: top + 12, class: "name" }, name),
    box(line.since_s, Math.max(line.since_s, line.until_s), "measured"),
    ...merged(line.set_aside, x).map((one) => box(one.start_s, one.stop_s, `aside ${one.reason}`)),
    ...distinct(line.twitches_s, x).map((at) => element("rect", { x: at - 0.75, y: bar - 4, width: 1.5, height: BAR + 8, class: "twitch" })),
  ];
}

/** Join stretches of one kind that no eye tells apart. @param {Stretch[]} stretches @param {(timeS: number) => number} x */
function merged(stretches, x) {
  /** @type {Stretch[]} */ const found = [];
  for (const one of [...stretches].sort((a, b) => a.start_s - b.start_s)) {
    const kind = one.reason === "gap" || one.reason === "movement" ? one.reason : "gate";
    const last = found[found.length - 1];
    if (last && last.reason === kind && x(one.start_s) - x(last.stop_s) < 1) last.stop_s = Math.max(last.stop_s, one.stop_s);
    else found.push({ ...one, reason: kind });
  }
  return found;
}

/** Give the places of twitches, one a pixel. @param {number[]} timesS @param {(timeS: number) => number} x */
function distinct(timesS, x) {
  return [...new Set(timesS.map((timeS) => Math.round(x(timeS))))];
}

/** @param {number} first @param {number} last @param {(timeS: number) => number} x @param {number} height */
function ticks(first, last, x, height) {
  const step = STEPS_S.find((one) => (last - first) / one <= 8) ?? 2 * HOUR_S;
  const found = [];
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) {
    found.push(element("line", { x1: x(at), x2: x(at), y1: 0, y2: height - 18, class: "tick" }));
    const anchor = x(at) < 30 ? "start" : x(last) - x(at) < 30 ? "end" : "middle";
    found.push(element("text", { x: x(at), y: height - 4, "text-anchor": anchor, class: "hour" }, clock(at)));
  }
  return found;
}

function patterns() {
  const defs = element("defs", {});
  const hatch = (/** @type {string} */ id, /** @type {number} */ angle, /** @type {number} */ size) => {
    const pattern = element("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${angle})` });
    pattern.append(element("rect", { width: size, height: size, class: "hatch-ground" }), element("line", { x1: 0, y1: 0, x2: 0, y2: size, class: "hatch-line" }));
    return pattern;
  };
  defs.append(hatch("hatch-movement", 45, 5), hatch("hatch-gate", 0, 3.5));
  return defs;
}
