// The body: a figure from the front with the places a band can be worn; the left side is on the right.

/** @typedef {{site: string, shade: number | null, label?: string, sub?: string}} Place */

const NS = "http://www.w3.org/2000/svg";
const MIDDLE = 170;
export const SHADES_FROM = [0, 5, 20, 60, 150]; // twitches per analysable hour
/** @type {Record<string, {points: [number, number][], width: number}>} */
const LIMBS = {
  upper_arm: { points: [[36, 72], [45, 112]], width: 15 },
  forearm: { points: [[48, 122], [56, 158]], width: 13 },
  hand: { points: [[58.5, 168], [61, 180]], width: 12 },
  thigh: { points: [[15, 160], [19, 210]], width: 20 },
  calf: { points: [[20.5, 224], [22, 270]], width: 16 },
  foot: { points: [[23.5, 284], [31, 289]], width: 11 },
};
/** @type {Record<string, [number, number]>} */
const AXIAL = { face: [MIDDLE + 19, 28], neck: [MIDDLE + 8, 52], trunk: [MIDDLE + 28, 100] };
export const SITES = ["face", "neck", "trunk", ...["left", "right"].flatMap((side) => Object.keys(LIMBS).map((part) => `${side}_${part}`))];

/**
 * Give a shade for a rate; null where there is none.
 * @param {number | null} rate
 */
export function shadeOf(rate) {
  return rate === null ? null : SHADES_FROM.filter((least) => rate >= least).length - 1;
}

/**
 * Draw the figure. A place with a shade was measured; without one it is drawn as not measured.
 * @param {Place[]} places @param {string} words what it shows, for those who do not see it
 */
export function drawBody(places, words) {
  const known = new Map(places.map((place) => [place.site, place]));
  const svg = element("svg", { viewBox: "0 0 340 304", class: "body", role: "img", "aria-label": words });
  for (const site of SITES) svg.append(...part(site, known.get(site)));
  for (const isRight of [true, false]) svg.append(...labels(places.filter((place) => isOnRight(place.site) === isRight), isRight));
  return svg;
}

/** @param {string} site @param {Place | undefined} place */
function part(site, place) {
  const shade = place === undefined ? "none" : place.shade === null ? "measured" : String(place.shade);
  const given = { class: "site", "data-site": site, "data-shade": shade };
  if (site === "face") return [element("circle", { cx: MIDDLE, cy: 28, r: 19, ...given })];
  if (site === "neck") return [element("rect", { x: MIDDLE - 8, y: 48, width: 16, height: 11, rx: 3, ...given })];
  if (site === "trunk") return [element("rect", { x: MIDDLE - 28, y: 60, width: 56, height: 90, rx: 14, ...given })];
  const { points, width } = limb(site);
  const path = points.map(([x, y]) => `${x},${y}`).join(" ");
  return [
    element("polyline", { points: path, "stroke-width": width + 2, class: "limb-edge", "data-shade": shade }),
    element("polyline", { points: path, "stroke-width": width, class: "limb", "data-site": site, "data-shade": shade }),
  ];
}

/** @param {string} site */
function limb(site) {
  const [side] = site.split("_");
  const { points, width } = LIMBS[site.slice(side.length + 1)];
  return { points: points.map(([x, y]) => [MIDDLE + (side === "left" ? x : -x), y]), width };
}

/** @param {string} site */
function isOnRight(site) {
  return !site.startsWith("right_");
}

/** @param {string} site @returns {[number, number]} */
function middleOf(site) {
  if (site in AXIAL) return AXIAL[site];
  const { points } = limb(site);
  return [(points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2];
}

/** Write names beside the figure, none over another. @param {Place[]} places @param {boolean} isRight */
function labels(places, isRight) {
  const step = 30;
  let last = -step;
  const sorted = places.filter((place) => place.label).sort((one, other) => middleOf(one.site)[1] - middleOf(other.site)[1]);
  return sorted.flatMap((place) => {
    const [x, y] = middleOf(place.site);
    last = Math.max(y, last + step);
    const edge = isRight ? 338 : 2;
    const anchor = isRight ? "end" : "start";
    const to = isRight ? 248 : 92;
    return [
      element("line", { x1: x, y1: y, x2: to, y2: last - 5, class: "leader" }),
      element("text", { x: edge, y: last - 2, "text-anchor": anchor, class: "name" }, place.label ?? ""),
      element("text", { x: edge, y: last + 11, "text-anchor": anchor, class: "sub" }, place.sub ?? ""),
    ];
  });
}

/**
 * @param {string} tag @param {Record<string, string | number>} attributes @param {string} [text]
 * @returns {SVGElement}
 */
export function element(tag, attributes, text = "") {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text) made.textContent = text;
  return made;
}
