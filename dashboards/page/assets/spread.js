// The order of sites: a strip a site, a cell a night, and a mark at the night since which it counts as twitching.

import { element } from "./body.js";
import { Axis } from "./rates.js";
import { say } from "./words.js";

/** @typedef {{site: string, modality: string, night: string, said: string, region_name: string}} Step */

const ROW = 36;
const CELL = 12;

/** @param {import("./rates.js").SiteWeeks[]} sites @param {Step[]} steps @param {string} first @param {string} last @param {number} width */
export function drawSpread(sites, steps, first, last, width) {
  const axis = new Axis(first, last, width, 6);
  const height = sites.length * ROW + 24;
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "spread", role: "img", "aria-label": words(sites, steps) });
  svg.append(...axis.labels(0, height - 22));
  sites.forEach((site, row) => svg.append(...strip(site, steps, axis, row * ROW)));
  return svg;
}

/** @param {import("./rates.js").SiteWeeks[]} sites @param {Step[]} steps */
function words(sites, steps) {
  const parts = sites.map((site) => `${site.name}: ${stepOf(site, steps)?.night ?? say("weeks.never")}`);
  return say("weeks.spread", { parts: parts.join("; ") });
}

/** @param {import("./rates.js").SiteWeeks} site @param {Step[]} steps @param {Axis} axis @param {number} top */
function strip(site, steps, axis, top) {
  const known = new Map(site.points.map((point) => [point.night, point.state]));
  const cells = axis.nights().map((night) => {
    const kind = { positive: "positive", below: "below", too_little: "too-little" }[known.get(night) ?? ""] ?? "unmeasured";
    return element("rect", { x: axis.edge(night), y: top + 15, width: Math.max(0.8, axis.step - (axis.step > 4 ? 1 : 0)), height: CELL, class: kind });
  });
  const step = stepOf(site, steps);
  const isShown = step !== undefined && Date.parse(step.night) >= axis.first;
  const x = isShown ? axis.x(step.night) : 0;
  const mark = isShown ? [element("path", { d: `M${x - 4.5} ${top + 35} h9 l-4.5 -6 Z`, class: "since" })] : [];
  return [element("text", { x: axis.left, y: top + 11, class: "name" }, `${site.name} · ${site.region_name}`), ...cells, ...mark];
}

/** @param {import("./rates.js").SiteWeeks} site @param {Step[]} steps */
function stepOf(site, steps) {
  return steps.find((one) => one.site === site.site && one.modality === site.modality);
}
