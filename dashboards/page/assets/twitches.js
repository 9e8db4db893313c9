// The twitches of a stream: a list, a page at a time; the chosen one with its waveform and what the wearer says of it.

import { get, post } from "./api.js";
import { make } from "./frame.js";
import { byId, openForms, saying } from "./group.js";
import { drawMoment } from "./moment.js";
import { clock } from "./time.js";
import { say } from "./words.js";

/** @typedef {{verb: string, words: string}} Mark */
/** @typedef {{key: string, onset_s: number, said: string, mark: Mark | null}} Row */
/** @typedef {{n_all: number, rows: Row[], next_s: number | null}} Page */
/** @typedef {{twitch: Row, moment: import("./moment.js").Moment | null, said: string}} Waveform */

const AT_ONCE = 25;

export class Twitches {
  /** @type {Row[]} */
  #rows = [];
  /** @type {number | null} */
  #nextS = null;
  /** @type {Waveform | null} */
  #shown = null;
  #of = { device: "", modality: "" };
  #name = "";

  /** @param {string} night @param {() => Promise<void>} changed is told of every mark */
  constructor(night, changed) {
    this.night = night;
    this.changed = changed;
    byId("more").addEventListener("click", () => void this.#more());
    byId("wave-before").addEventListener("click", () => void this.#go(-1));
    byId("wave-after").addEventListener("click", () => void this.#go(1));
    byId("mark-false").addEventListener("click", () => void this.#mark("false", ""));
    byId("mark-back").addEventListener("click", () => void this.#mark("acknowledge", ""));
    byId("mark").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#mark("known_cause", /** @type {HTMLInputElement} */ (byId("cause")).value);
    });
    openForms("mark");
    new ResizeObserver(() => this.#drawWave()).observe(byId("wave-chart"));
  }

  /** Show a stream's twitches from a moment on. @param {string} device @param {string} modality @param {string} name @param {number} fromS */
  async show(device, modality, name, fromS) {
    this.#of = { device, modality };
    this.#name = name;
    await this.from(fromS);
  }

  /** Show the twitches from a moment on. @param {number} fromS */
  async from(fromS) {
    this.#rows = [];
    byId("twitches").replaceChildren();
    await this.#read(fromS);
  }

  /** @param {number} fromS */
  async #read(fromS) {
    /** @type {Page} */
    const page = await get(`/nights/${this.night}/twitches`, { ...this.#of, since_s: fromS, limit: AT_ONCE });
    const before = this.#rows.length;
    this.#rows.push(...page.rows);
    this.#nextS = page.next_s;
    byId("n-twitches").textContent = say("night.n_twitches", { n: before + page.n_all, shown: this.#rows.length });
    byId("twitches").append(...page.rows.map((row) => this.#item(row)));
    byId("twitches").hidden = !this.#rows.length;
    byId("more").hidden = page.next_s === null;
  }

  async #more() {
    if (this.#nextS === null) return;
    const first = this.#rows.length;
    await this.#read(this.#nextS);
    /** @type {HTMLElement | null} */ (byId("twitches").children[first]?.querySelector("button"))?.focus();
  }

  /** @param {Row} row */
  #item(row) {
    const button = make("button", { type: "button", class: "twitch", "data-key": row.key }, make("span", { class: "number when" }, clock(row.onset_s, true)), make("span", { class: "soft" }, row.said));
    if (row.mark) button.append(make("span", { class: "badge" }, wordsOf(row.mark)));
    button.setAttribute("aria-pressed", String(this.#shown?.twitch.key === row.key));
    button.addEventListener("click", () => void this.#open(row.key, true));
    return make("li", {}, button);
  }

  /** @param {string} key @param {boolean} isSeen whether the waveform is brought into view */
  async #open(key, isSeen) {
    await saying("wave-status", async () => {
      this.#shown = /** @type {Waveform} */ (await get(`/nights/${this.night}/wave`, { key }));
      return "";
    });
    this.#drawWave();
    this.#drawMark();
    for (const button of byId("twitches").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.key === key));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isSeen) byId("wave").scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }

  /** Go to the twitch before or after. @param {number} by */
  async #go(by) {
    const at = this.#rows.findIndex((row) => row.key === this.#shown?.twitch.key) + by;
    if (at === this.#rows.length && this.#nextS !== null) await this.#read(this.#nextS);
    const row = this.#rows[at];
    if (row) await this.#open(row.key, false);
  }

  #drawWave() {
    if (!this.#shown) return;
    const { twitch, moment, said } = this.#shown;
    const at = clock(twitch.onset_s, true);
    byId("wave-head").textContent = say("night.wave.at", { name: this.#name, time: at });
    byId("wave-said").textContent = moment ? twitch.said : said;
    const width = byId("wave").clientWidth - 36;
    const chart = moment && width > 0 ? [drawMoment(moment, width, say("night.wave.words", { time: at, said: twitch.said, channel: moment.channel }))] : [];
    byId("wave-chart").replaceChildren(...chart);
    byId("wave").dataset.key = twitch.key;
  }

  #drawMark() {
    if (!this.#shown) return;
    const { mark, key } = this.#shown.twitch;
    byId("wave-actions").hidden = false;
    byId("mark-false").setAttribute("aria-pressed", String(mark?.verb === "false"));
    byId("mark-back").hidden = mark === null;
    /** @type {HTMLInputElement} */ (byId("cause")).value = mark?.words ?? "";
    const at = this.#rows.findIndex((row) => row.key === key);
    /** @type {HTMLButtonElement} */ (byId("wave-before")).disabled = at <= 0;
    /** @type {HTMLButtonElement} */ (byId("wave-after")).disabled = at < 0 || (at === this.#rows.length - 1 && this.#nextS === null);
  }

  /** @param {string} verb @param {string} words */
  async #mark(verb, words) {
    const shown = this.#shown;
    if (!shown) return;
    const isKept = await saying("wave-status", async () => {
      const answer = await post(`/nights/${this.night}/marks`, { key: shown.twitch.key, verb, words });
      shown.twitch = answer.twitch;
      return answer.said;
    });
    if (!isKept) return;
    const at = this.#rows.findIndex((row) => row.key === shown.twitch.key);
    if (at >= 0) {
      this.#rows[at] = shown.twitch;
      byId("twitches").children[at].replaceWith(this.#item(shown.twitch));
    }
    this.#drawMark();
    await this.changed();
  }
}

/** @param {Mark} mark */
function wordsOf(mark) {
  return mark.verb === "false" ? say("night.mark.is_false") : say(mark.words ? "night.mark.is_known" : "night.mark.is_known_bare", { words: mark.words });
}
