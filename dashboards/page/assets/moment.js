// A moment: the samples around one twitch, drawn at the scale of the page, with bars for how much and how long.

import { element } from "./body.js";
import { say } from "./words.js";

/** @typedef {{channel: string, unit: string, rate_hz: number, start_s: number, onset_at_s: number, stop_at_s: number, values: number[]}} Moment */

const HEIGHT = 210;
const FOOT = 26;
const SIDE = 10;

/** @param {Moment} moment @param {number} width in pixels @param {string} words what it shows */
export function drawMoment(moment, width, words) {
  const { values, rate_hz: rate } = moment;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = HEIGHT - FOOT - 2 * SIDE;
  const lengthS = values.length / rate;
  const x = (/** @type {number} */ atS) => SIDE + (atS / lengthS) * (width - 2 * SIDE);
  const y = (/** @type {number} */ value) => SIDE + ((high - value) / (high - low || 1)) * room;
  const points = values.map((value, place) => `${x(place / rate).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const svg = element("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, class: "moment", role: "img", "aria-label": words });
  svg.append(
    element("rect", { x: x(moment.onset_at_s), y: 0, width: Math.max(2, x(moment.stop_at_s) - x(moment.onset_at_s)), height: HEIGHT - FOOT, class: "of-twitch" }),
    element("line", { x1: SIDE, x2: width - SIDE, y1: y(0), y2: y(0), class: "rule" }),
    element("polyline", { points, class: "trace" }),
    ...scale(moment, high - low, room, x),
  );
  return svg;
}

/** @param {Moment} moment @param {number} range @param {number} room @param {(atS: number) => number} x */
function scale(moment, range, room, x) {
  const much = roundDown(range / 2);
  const longS = roundDown(moment.values.length / moment.rate_hz / 4);
  const foot = HEIGHT - FOOT;
  const tall = (much / (range || 1)) * room;
  const amount = moment.unit === "g" ? say("wave.mg", { n: tidy(much * 1000) }) : say(`wave.${moment.unit}`, { n: tidy(much) });
  return [
    element("line", { x1: SIDE, x2: SIDE, y1: foot, y2: foot - tall, class: "scale" }),
    element("line", { x1: SIDE, x2: SIDE + x(longS) - x(0), y1: foot, y2: foot, class: "scale" }),
    element("text", { x: SIDE + 5, y: foot - tall + 11, class: "name" }, amount),
    element("text", { x: SIDE, y: foot + 16, class: "name" }, say("wave.ms", { n: tidy(longS * 1000) })),
  ];
}

/** Give the next round number below: 1, 2, 5, 10 and so on. @param {number} value */
export function roundDown(value) {
  if (!(value > 0)) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return [5, 2, 1].map((step) => step * size).find((one) => one <= value) ?? size;
}

/** @param {number} value */
function tidy(value) {
  return String(Number(value.toPrecision(3)));
}
