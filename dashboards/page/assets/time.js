// Times and lengths in the wearer's zone, in the browser's own way of writing hours.

import { say } from "./words.js";

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Write all times in this zone. @param {string} name */
export function useZone(name) {
  zone = name;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** Give the hours a person reads: as the browser has it, unless chosen otherwise. @returns {boolean | undefined} */
export function isTwelve() {
  const chosen = localStorage.getItem("hours");
  return chosen === null ? undefined : chosen === "12";
}

/** Give a time of day. @param {number} timeS @param {boolean} [hasSeconds] */
export function clock(timeS, hasSeconds = false) {
  const key = `${zone} ${hasSeconds} ${isTwelve()}`;
  let form = made.get(key);
  if (!form) {
    const seconds = hasSeconds ? /** @type {const} */ ({ second: "2-digit" }) : {};
    form = new Intl.DateTimeFormat(navigator.language, { hour: "2-digit", minute: "2-digit", ...seconds, timeZone: zone, hour12: isTwelve() });
    made.set(key, form);
  }
  return form.format(timeS * 1000);
}

/** Give the date of a night's evening. @param {string} night as YYYY-MM-DD */
export function date(night) {
  const form = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  return form.format(new Date(`${night}T12:00:00Z`));
}

/** Give a length of time. @param {number} lengthS */
export function duration(lengthS) {
  if (lengthS < 120) return say("time.seconds", { n: Math.round(lengthS) });
  const minutes = Math.round(lengthS / 60);
  if (minutes < 60) return say("time.minutes", { n: minutes });
  return say("time.hours", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}
