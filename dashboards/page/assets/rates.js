// The rates of a site: a dot a night with its interval, the floor of false events, the picture of a trend; grey where nothing was measured.

import { element } from "./body.js";
import { say } from "./words.js";

/** @typedef {{night: string, state: string, rate_per_hour: number | null, low_per_hour: number | null, high_per_hour: number | null, floor_per_hour: number, line_per_hour: number | null, said: string}} Point */
/** @typedef {{site: string, modality: string, name: string, region_name: string, lines: string[], points: Point[], held: {said: string, since: string, until: string | null}[], median_per_hour: number | null, shade: number | null}} SiteWeeks */

const DAY_MS = 86_400_000;
const HEIGHT = 150;
const FOOT = 22;
const TOP = 8;
const LEFT = 44;

/** Nights from left to right. */
export class Axis {
  /** @param {string} first @param {string} last @param {number} width @param {number} left */
  constructor(first, last, width, left) {
    this.first = Date.parse(first);
    this.n = Math.round((Date.parse(last) - this.first) / DAY_MS) + 1;
    this.left = left;
    this.step = (width - left - 6) / this.n;
    this.right = width - 6;
  }

  /** Give the left edge of a night. @param {string} night */
  edge(night) {
    return this.left + ((Date.parse(night) - this.first) / DAY_MS) * this.step;
  }

  /** Give the middle of a night. @param {string} night */
  x(night) {
    return this.edge(night) + this.step / 2;
  }

  /** Give all nights. */
  nights() {
    return Array.from({ length: this.n }, (_, at) => new Date(this.first + at * DAY_MS).toISOString().slice(0, 10));
  }

  /** Write dates, and a fine line up at each. @param {number} top @param {number} foot */
  labels(top, foot) {
    const every = Math.max(1, Math.ceil(72 / this.step / 7) * 7);
    const form = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
    return this.nights().reverse().filter((_, back) => back % every === 0).flatMap((night) => {
      const x = this.x(night);
      if (x - this.left < 16) return [];
      const anchor = this.right - x < 24 ? "end" : "middle";
      return [
        element("line", { x1: x, x2: x, y1: top, y2: foot, class: "tick" }),
        element("text", { x: anchor === "end" ? this.right : x, y: foot + 15, "text-anchor": anchor, class: "hour" }, form.format(Date.parse(night))),
      ];
    });
  }
}

/** @param {SiteWeeks} site @param {string} first @param {string} last @param {number} width in pixels */
export function drawRates(site, first, last, width) {
  const axis = new Axis(first, last, width, LEFT);
  const most = top(site.points);
  const foot = HEIGHT - FOOT;
  const y = (/** @type {number} */ rate) => foot - Math.min(rate / most, 1) * (foot - TOP);
  const svg = element("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, class: "rates", role: "img", "aria-label": words(site) });
  svg.append(
    ...unmeasured(site, axis, foot),
    ...axis.labels(TOP, foot),
    element("line", { x1: LEFT, x2: axis.right, y1: foot, y2: foot, class: "axis" }),
    element("text", { x: LEFT - 6, y: TOP + 9, "text-anchor": "end", class: "name" }, say("weeks.per_hour", { n: most })),
    element("text", { x: LEFT - 6, y: foot, "text-anchor": "end", class: "name" }, "0"),
    ...site.points.flatMap((point) => marks(point, axis, y, foot, most)),
    ...line(site.points, axis, y),
  );
  return svg;
}

/** @param {SiteWeeks} site */
function words(site) {
  const known = site.points.filter((point) => point.rate_per_hour !== null);
  const positive = known.filter((point) => point.state === "positive").length;
  if (site.median_per_hour === null) return say("weeks.chart.little", { name: site.name, n: site.points.length });
  return say("weeks.chart", { name: site.name, n: known.length, positive, median: site.median_per_hour.toFixed(1) });
}

/** @param {Point[]} points */
function top(points) {
  const ends = points.flatMap((point) => (point.high_per_hour === null ? [] : [point.high_per_hour])).sort((one, other) => one - other);
  const value = Math.max(1, ends.length ? ends[Math.floor(0.95 * (ends.length - 1))] : 1);
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 5, 10].map((step) => step * size).find((one) => value <= one * 1.000001) ?? value;
}

/** @param {SiteWeeks} site @param {Axis} axis @param {number} foot */
function unmeasured(site, axis, foot) {
  const there = new Set(site.points.map((point) => point.night));
  return axis.nights().filter((night) => !there.has(night)).map((night) => element("rect", { x: axis.edge(night), y: TOP, width: axis.step + 0.3, height: foot - TOP, class: "unmeasured" }));
}

/** @param {Point} point @param {Axis} axis @param {(rate: number) => number} y @param {number} foot @param {number} most */
function marks(point, axis, y, foot, most) {
  const x = axis.x(point.night);
  const title = element("title", {}, `${point.night}: ${point.said}`);
  const { rate_per_hour: rate, low_per_hour: low, high_per_hour: high } = point;
  if (rate === null || low === null || high === null) {
    const cross = element("path", { d: `M${x - 2.5} ${foot - 7} l5 5 m0 -5 l-5 5`, class: "too-little" });
    cross.append(title);
    return [cross];
  }
  const found = [];
  if (point.floor_per_hour < most) found.push(element("line", { x1: axis.edge(point.night), x2: axis.edge(point.night) + axis.step, y1: y(point.floor_per_hour), y2: y(point.floor_per_hour), class: "floor" }));
  const size = Math.min(3.2, Math.max(1.6, axis.step * 0.32));
  const above = `M${x - size} ${TOP + size} h${2 * size} l${-size} ${-2 * size} Z`; // beyond the scale
  const dot = rate > most ? element("path", { d: above, class: `dot ${point.state}` }) : element("circle", { cx: x, cy: y(rate), r: size, class: `dot ${point.state}` });
  dot.append(title);
  found.push(element("line", { x1: x, x2: x, y1: y(low), y2: y(high), class: `interval ${point.state}` }), dot);
  return found;
}

/** @param {Point[]} points @param {Axis} axis @param {(rate: number) => number} y */
function line(points, axis, y) {
  const path = points.flatMap((point) => (point.line_per_hour === null ? [] : [`${axis.x(point.night).toFixed(1)},${y(point.line_per_hour).toFixed(1)}`]));
  return path.length > 1 ? [element("polyline", { points: path.join(" "), class: "trend" })] : [];
}
