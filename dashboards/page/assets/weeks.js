// The weeks: what nights say together: where, since when, how it went on, and what goes with it.

import { drawBody } from "./body.js";
import { make, openPage } from "./frame.js";
import { byId, drawGroup, fillLegend, fillList, need, shadeKeys } from "./group.js";
import { drawRates } from "./rates.js";
import { drawSpread } from "./spread.js";
import { say } from "./words.js";

/** @typedef {{first: string, last: string, lead: string, sites: import("./rates.js").SiteWeeks[], steps: import("./spread.js").Step[], steps_lead: string, effects: string[], effects_lead: string}} Weeks */

const SPANS = [4, 12, 26, 52];

await openPage();
drawGroup();
const span = /** @type {HTMLSelectElement} */ (byId("span"));
span.append(...SPANS.map((n) => make("option", { value: String(n) }, say("weeks.n", { n }))));
span.value = localStorage.getItem("weeks.span") ?? "12";
/** @type {Weeks} */
let weeks = await need("/weeks", { weeks: span.value });
span.addEventListener("change", async () => {
  localStorage.setItem("weeks.span", span.value);
  weeks = await need("/weeks", { weeks: span.value });
  draw();
});
draw();
new ResizeObserver(() => drawCharts()).observe(byId("sites"));
new ResizeObserver(() => drawCharts()).observe(byId("spread"));

function draw() {
  byId("lead").textContent = weeks.lead;
  byId("steps-lead").textContent = weeks.steps_lead;
  fillList("steps", weeks.steps.map((step) => step.said));
  byId("effects-lead").textContent = weeks.effects_lead;
  fillList("effects", weeks.effects);
  fillLegend("shades", [...shadeKeys(), ["unmeasured", say("scale.unmeasured")]]);
  fillLegend("legend", ["positive", "below", "too-little", "unmeasured", "floor", "trend"].map((kind) => [`dot-${kind}`, say(`weeks.key.${kind}`)]));
  fillLegend("spread-legend", ["positive", "below", "too-little", "unmeasured", "since"].map((kind) => [`cell-${kind}`, say(`weeks.key.${kind}`)]));
  drawFigure();
  byId("sites").replaceChildren(...weeks.sites.map(drawSite));
  drawCharts();
  document.body.dataset.drawn = "true";
}

function drawFigure() {
  const places = speaking().map((site) => ({ site: site.site, shade: site.shade, label: site.name.replace(/ \(.*/, ""), sub: site.median_per_hour === null ? say("scale.too_little") : say("weeks.per_hour", { n: site.median_per_hour.toFixed(site.median_per_hour < 9.95 ? 1 : 0) }) }));
  const words = places.map((place) => `${place.label} ${place.sub}`).join("; ");
  byId("body").replaceChildren(drawBody(places, say("weeks.body", { places: words || say("scale.unmeasured") })));
}

/** Give one sensor a site: the one with more nights. */
function speaking() {
  /** @type {Map<string, import("./rates.js").SiteWeeks>} */
  const found = new Map();
  for (const site of weeks.sites) {
    const other = found.get(site.site);
    if (site.points.length && (!other || site.points.length > other.points.length)) found.set(site.site, site);
  }
  return [...found.values()];
}

/** @param {import("./rates.js").SiteWeeks} site */
function drawSite(site) {
  const [coverage, ...lines] = site.lines;
  return make(
    "article",
    { class: "card site-weeks", "data-site": site.site },
    make("h3", {}, site.name),
    make("p", {}, coverage),
    make("div", { class: "chart" }),
    make("ul", { class: "plain" }, ...lines.map((line) => make("li", {}, line))),
  );
}

function drawCharts() {
  [...byId("sites").children].forEach((card, at) => {
    const chart = /** @type {HTMLElement} */ (card.querySelector(".chart"));
    if (chart.clientWidth) chart.replaceChildren(drawRates(weeks.sites[at], weeks.first, weeks.last, chart.clientWidth));
  });
  const width = byId("spread").clientWidth;
  if (width) byId("spread").replaceChildren(...(weeks.sites.length ? [drawSpread(weeks.sites, weeks.steps, weeks.first, weeks.last, width)] : []));
}
