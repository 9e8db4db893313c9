// Tonight: how the bands do, where it is measured, and, for who wants to see it, what is measured now.

import { get } from "./api.js";
import { SHADES_FROM, drawBody, shadeOf } from "./body.js";
import { drawCard, isStreaming } from "./cards.js";
import { make, openPage } from "./frame.js";
import { Live } from "./live.js";
import { Player } from "./player.js";
import { clock, date, duration, useZone } from "./time.js";
import { drawTimeline } from "./timeline.js";
import { say } from "./words.js";

/** @typedef {{night: string, now_s: number, bands: import("./cards.js").Band[], sites: import("./cards.js").SiteSoFar[], faults: string[]}} Tonight */

const TIMELINE_EVERY_MS = 30_000;
const PATIENCE_MS = 3000; // a server that was started again is there sooner

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

await openPage();
useZone((await get("/about")).zone);
/** @type {Tonight} */
let tonight = await get("/tonight");
/** @type {import("./timeline.js").Line[]} */
let lines = [];
let isFull = localStorage.getItem("tonight.view") === "full";
let goneSince = 0;

const live = new Live();
const player = new Player(live);

live.addEventListener("tonight", (event) => {
  tonight = /** @type {CustomEvent<{tonight: Tonight}>} */ (event).detail.tonight;
  show();
});
live.addEventListener("twitch", (event) => {
  const twitch = /** @type {CustomEvent<import("./live.js").TwitchSeen>} */ (event).detail;
  const line = lines.find((one) => one.device === twitch.device && one.modality === twitch.modality);
  if (line && twitch.is_final) line.twitches_s.push(twitch.peak_s);
});
live.addEventListener("lost", () => void readTimeline());
live.addEventListener("begin", () => void readTimeline());
byId("view").addEventListener("click", () => {
  isFull = !isFull;
  localStorage.setItem("tonight.view", isFull ? "full" : "calm");
  changeView();
});
new ResizeObserver(() => showTimeline()).observe(byId("timeline"));
setInterval(() => void readTimeline(), TIMELINE_EVERY_MS);
setInterval(() => show(), 1000);
changeView();
drawShades();

async function readTimeline() {
  if (document.hidden || !isFull || !live.isConnected) return;
  try {
    lines = (await get("/tonight/timeline")).lines;
  } catch {
    return; // the server is going; the connection says so
  }
  showTimeline();
}

function changeView() {
  main.dataset.view = isFull ? "full" : "calm";
  const button = byId("view");
  button.textContent = say(isFull ? "tonight.view.full" : "tonight.view.calm");
  button.setAttribute("aria-pressed", String(isFull));
  player.turn(isFull);
  show();
  void readTimeline();
}

function show() {
  const nowS = live.now();
  byId("night").textContent = `${say("tonight.night", { date: date(tonight.night) })} · ${clock(nowS)}`;
  showFaults();
  showLead(nowS);
  showBody();
  const cards = tonight.bands.map((band) =>
    drawCard(band, tonight.sites.filter((site) => site.device === band.device), nowS, isFull),
  );
  byId("bands").replaceChildren(...cards);
  player.offer(tonight.bands);
}

/** @param {number} nowS */
function showLead(nowS) {
  const all = tonight.bands.length;
  const n = tonight.bands.filter((band) => isStreaming(band, nowS)).length;
  const analysableS = tonight.sites.reduce((sum, site) => sum + site.analysable_s, 0);
  const state = !all ? say("tonight.lead.none") : n === all ? say("tonight.lead.all", { n }) : say("tonight.lead.some", { n, all });
  setText(byId("lead"), state);
  byId("lead").dataset.analysableS = String(Math.round(analysableS));
}

function showFaults() {
  goneSince = live.isConnected ? 0 : goneSince || performance.now();
  const isGone = goneSince > 0 && performance.now() - goneSince > PATIENCE_MS;
  document.body.dataset.connected = String(live.isConnected);
  const said = isGone ? [say("tonight.gone")] : tonight.faults;
  const place = byId("faults");
  const shown = [...place.children].map((child) => child.textContent);
  if (shown.join("\n") !== said.join("\n")) place.replaceChildren(...said.map((words) => make("p", { class: "card fault" }, words)));
}

function showBody() {
  /** @type {Map<string, import("./body.js").Place>} */
  const places = new Map();
  for (const site of tonight.sites) {
    if (!site.analysable_s || site.modality === "ecg") continue;
    const shade = isFull ? shadeOf(site.rate_per_hour) : null;
    const before = places.get(site.site);
    const sub = duration(site.analysable_s);
    if (!before || site.modality === "emg") places.set(site.site, { site: site.site, shade, label: site.site_words, sub });
  }
  const found = [...places.values()];
  const words = found.length ? say("tonight.body", { sites: found.map((place) => place.label).join(", ") }) : say("tonight.body.none");
  const key = JSON.stringify(found);
  const place = byId("body");
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(drawBody(found, words));
}

function drawShades() {
  const title = make("li", { class: "soft" }, say("tonight.per_hour"));
  const shades = SHADES_FROM.map((least, shade) => make("li", {}, make("span", { class: "key", "data-shade": String(shade) }), `${least}+`));
  byId("shades").replaceChildren(title, ...shades);
}

function showTimeline() {
  const place = byId("timeline");
  if (!isFull) return;
  place.replaceChildren(lines.length ? drawTimeline(lines, live.now(), place.clientWidth) : make("p", { class: "soft" }, say("tonight.timeline.none")));
  place.dataset.nTwitches = String(lines.reduce((sum, line) => sum + line.twitches_s.length, 0));
}

/** Change a text only where it changes, so that a screen reader says it once. @param {HTMLElement} place @param {string} words */
function setText(place, words) {
  if (place.textContent !== words) place.textContent = words;
}
