// Cards: one band each: is it streaming, is it worn, how old is what it said last, will its battery last.

import { make } from "./frame.js";
import { clock, duration } from "./time.js";
import { say } from "./words.js";

/** @typedef {{device: string, site: string, site_words: string, state: string, reason: string, newest_sample_s: number | null, worn: string, n_samples: number, n_lost: number, battery_percent: number | null, battery_until_s: number | null, is_enough: boolean | null}} Band */
/** @typedef {{device: string, site: string, site_words: string, modality: string, n_twitches: number, analysable_s: number, measured_s: number, rate_per_hour: number | null}} SiteSoFar */

const STALE_S = 10; // from here on it is a fault of the machine, and shown as one
const FRESH_S = 3;

/** Tell whether samples come. @param {Band} band @param {number} nowS */
export function isStreaming(band, nowS) {
  return band.newest_sample_s !== null && nowS - band.newest_sample_s <= STALE_S;
}

/** Draw one band. @param {Band} band @param {SiteSoFar[]} sites those of this band @param {number} nowS @param {boolean} isFull */
export function drawCard(band, sites, nowS, isFull) {
  const kind = isStreaming(band, nowS) ? "streaming" : band.newest_sample_s === null ? "waiting" : "silent";
  const name = band.site_words[0].toUpperCase() + band.site_words.slice(1);
  return make(
    "li",
    { class: "card band", "data-device": band.device, "data-state": kind },
    make("h3", {}, name, make("span", { class: "soft device" }, band.device)),
    make("p", { class: "state" }, make("span", { class: "dot", "aria-hidden": "true" }), stateWords(band, kind)),
    ...(kind !== "streaming" && band.reason ? [make("p", { class: "soft" }, band.reason)] : []),
    facts(band, sites, nowS, kind),
    ...(isFull ? sites.map(counted) : []),
  );
}

/** @param {Band} band @param {string} kind */
function stateWords(band, kind) {
  if (kind === "silent") return say("band.since", { time: clock(band.newest_sample_s ?? 0, true) });
  return say(`band.state.${band.state}`);
}

/** @param {Band} band @param {SiteSoFar[]} sites @param {number} nowS @param {string} kind */
function facts(band, sites, nowS, kind) {
  const rows = [
    [say("band.newest"), kind === "waiting" ? say("band.none") : age(nowS - (band.newest_sample_s ?? 0))],
    [say("band.worn"), say(`band.worn.${band.worn}`)],
    [say("band.battery"), battery(band)],
    ...sites.map((site) => [`${say("band.analysable")}, ${say(`modality.${site.modality}`)}`, coverage(site)]),
  ];
  const list = make("dl", {});
  for (const [term, words] of rows) list.append(make("div", {}, make("dt", {}, term), make("dd", { class: "number" }, words)));
  return list;
}

/** @param {number} ageS */
function age(ageS) {
  return ageS < FRESH_S ? say("band.now") : say("band.ago", { duration: duration(ageS) });
}

/** @param {Band} band */
function battery(band) {
  if (band.battery_percent === null) return say("band.battery.unknown");
  const percent = Math.round(band.battery_percent);
  if (band.battery_until_s === null) return say("band.battery.plain", { percent });
  return say(band.is_enough ? "band.battery.until" : "band.battery.short", { percent, time: clock(band.battery_until_s) });
}

/** @param {SiteSoFar} site */
function coverage(site) {
  return say("band.of", { part: duration(site.analysable_s), whole: duration(site.measured_s) });
}

/** @param {SiteSoFar} site */
function counted(site) {
  if (site.modality === "ecg") return make("span", { hidden: "" });
  const words = site.modality === "accelerometer" ? "band.count.visible" : "band.count";
  const count = site.analysable_s ? say(words, { n: site.n_twitches }) : say("band.not_measured");
  const rate = site.rate_per_hour === null ? say("band.early") : say("band.rate", { rate: Math.round(site.rate_per_hour) });
  const given = { class: "count", "data-count": String(site.n_twitches), "data-modality": site.modality };
  return make("p", given, make("strong", { class: "number" }, count), make("span", { class: "soft number" }, rate));
}
