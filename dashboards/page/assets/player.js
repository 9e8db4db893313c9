// The player: the waves of the band that is chosen, how long a stretch, how large, moving or held.

import { make } from "./frame.js";
import { Wave } from "./wave.js";
import { say } from "./words.js";

/** @typedef {import("./live.js").Live} Live */
/** @typedef {import("./live.js").StreamTold} StreamTold */
/** @typedef {import("./live.js").TwitchSeen} TwitchSeen */
/** @typedef {import("./cards.js").Band} Band */

const LENGTHS_S = [10, 5, 2];
const FRAME_MS = 50;
const CALM_FRAME_MS = 1000; // for who asked for less motion
const GAIN = 1.5;

export class Player {
  /** @param {Live} live */
  constructor(live) {
    this.live = live;
    this.isOn = false;
    this.lengthS = LENGTHS_S[0];
    this.zoom = 1;
    /** @type {[number, number] | null} */
    this.held = null;
    this.drawnAtMs = 0;
    this.drawMs = 0;
    this.openedAtMs = performance.now();
    /** @type {StreamTold[]} */
    this.streams = [];
    /** @type {Map<number, Wave>} */
    this.waves = new Map();
    /** @type {TwitchSeen[]} */
    this.twitches = [];
    this.place = /** @type {HTMLElement} */ (document.getElementById("charts"));
    this.choice = /** @type {HTMLElement} */ (document.getElementById("choice"));
    this.pauseButton = /** @type {HTMLElement} */ (document.getElementById("pause"));
    this.listen();
    this.drawTools();
    requestAnimationFrame(() => this.step());
  }

  listen() {
    const on = (/** @type {string} */ kind, /** @type {(detail: any) => void} */ act) =>
      this.live.addEventListener(kind, (event) => act(/** @type {CustomEvent} */ (event).detail));
    on("streams", (event) => this.learn(event.streams));
    on("frame", (frame) => this.add(frame));
    on("twitch", (twitch) => this.mark(twitch));
    on("begin", () => this.forget());
    this.place.addEventListener("stretch", (event) => {
      const { from, to } = /** @type {CustomEvent} */ (event).detail;
      this.hold([from, to]);
    });
  }

  drawTools() {
    const stretch = /** @type {HTMLElement} */ (document.getElementById("stretch"));
    const buttons = LENGTHS_S.map((length) => make("button", { type: "button", "aria-pressed": String(length === this.lengthS) }, say("tonight.seconds", { n: length })));
    buttons.forEach((button, place) =>
      button.addEventListener("click", () => {
        this.lengthS = LENGTHS_S[place];
        if (this.held) this.hold([this.held[1] - this.lengthS, this.held[1]]);
        for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      }),
    );
    stretch.append(...buttons);
    document.getElementById("larger")?.addEventListener("click", () => this.enlarge(GAIN));
    document.getElementById("smaller")?.addEventListener("click", () => this.enlarge(1 / GAIN));
    this.pauseButton.addEventListener("click", () => this.hold(this.held ? null : [this.live.now() - this.lengthS, this.live.now()]));
  }

  /** @param {number} factor */
  enlarge(factor) {
    this.zoom *= factor;
    for (const wave of this.waves.values()) wave.lanes.zoom = this.zoom;
    if (this.held) this.draw(...this.held);
  }

  /** Hold a stretch, or let it go on. @param {[number, number] | null} held */
  hold(held) {
    this.held = held;
    this.pauseButton.setAttribute("aria-pressed", String(held !== null));
    this.pauseButton.textContent = say(held ? "tonight.go_on" : "tonight.pause");
    if (held) this.draw(...held);
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.isOn = isOn;
    this.openedAtMs = performance.now();
    this.choose(isOn ? this.device : null);
  }

  /** Give the band that was chosen last, on this device. */
  get device() {
    return localStorage.getItem("tonight.band");
  }

  /** Offer a choice of bands. @param {Band[]} bands */
  offer(bands) {
    const key = bands.map((band) => band.device).join(" ");
    if (this.choice.dataset.key === key) return;
    this.choice.dataset.key = key;
    const buttons = bands.map((band) => make("button", { type: "button", "data-band": band.device }, band.site_words));
    buttons.forEach((button) => button.addEventListener("click", () => this.choose(button.dataset.band ?? null)));
    this.choice.replaceChildren(...buttons);
    const isKnown = bands.some((band) => band.device === this.device);
    if (this.isOn && bands.length) this.choose(isKnown ? this.device : bands[0].device);
  }

  /** @param {string | null} device */
  choose(device) {
    if (device !== null) localStorage.setItem("tonight.band", device);
    const shown = device ?? this.device;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.choice.querySelectorAll("button")))
      button.setAttribute("aria-pressed", String(button.dataset.band === shown));
    this.forget();
    this.held = null;
    this.hold(null);
    this.live.watch(this.isOn ? device : null);
  }

  forget() {
    this.waves.clear();
    this.place.replaceChildren();
    delete this.place.dataset.firstMs;
  }

  /** @param {StreamTold[]} streams */
  learn(streams) {
    this.streams = streams;
  }

  /** @param {import("./live.js").Frame} frame */
  add(frame) {
    const stream = this.streams[frame.number];
    if (!this.isOn || !stream || stream.device !== this.live.device) return;
    this.waveOf(stream).add(frame);
    this.place.dataset.nFrames = String(Number(this.place.dataset.nFrames ?? 0) + 1);
    this.place.dataset.firstMs ??= String(Math.round(performance.now() - this.openedAtMs));
  }

  /** @param {StreamTold} stream */
  waveOf(stream) {
    let wave = this.waves.get(stream.number);
    if (!wave) {
      wave = new Wave(this.place, stream);
      wave.lanes.zoom = this.zoom;
      this.waves.set(stream.number, wave);
      for (const twitch of this.twitches) this.markOn(wave, twitch);
    }
    return wave;
  }

  /** @param {TwitchSeen} twitch */
  mark(twitch) {
    this.twitches = [...this.twitches.filter((one) => one.onset_s > this.live.now() - 15), twitch];
    for (const wave of this.waves.values()) this.markOn(wave, twitch);
  }

  /** @param {Wave} wave @param {TwitchSeen} twitch */
  markOn(wave, twitch) {
    if (wave.stream.device === twitch.device && wave.stream.modality === twitch.modality) wave.mark(twitch, this.live.now());
  }

  step() {
    requestAnimationFrame(() => this.step());
    const every = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM_FRAME_MS : FRAME_MS;
    if (!this.isOn || this.held || performance.now() - this.drawnAtMs < every - 4) return;
    this.drawnAtMs = performance.now();
    const nowS = this.live.now();
    this.draw(nowS - this.lengthS, nowS);
  }

  /** @param {number} from @param {number} to */
  async draw(from, to) {
    const took = await Promise.all([...this.waves.values()].map((wave) => wave.show(from, to, this.live.now())));
    const sum = took.reduce((all, one) => all + one, 0);
    this.drawMs = this.drawMs ? this.drawMs + 0.05 * (sum - this.drawMs) : sum;
    this.place.dataset.nDrawn = String(Number(this.place.dataset.nDrawn ?? 0) + 1);
    this.place.dataset.drawMs = this.drawMs.toFixed(2);
    this.place.dataset.shownS = `${from} ${to}`;
  }
}
