// A wave: one stream's chart, moving, with the twitches marked on the channel they were found on.

import { make } from "./frame.js";
import { Lanes } from "./lanes.js";
import { Trace } from "./trace.js";
import { clock } from "./time.js";
import { say } from "./words.js";

/** @typedef {import("./live.js").StreamTold} StreamTold */
/** @typedef {import("./live.js").Frame} Frame */
/** @typedef {import("./live.js").TwitchSeen} TwitchSeen */

const LEAST = /** @type {Record<string, number>} */ ({ uV: 10, count: 4, g: 0.01 });
const LANE_PX = 46;
const AXIS_PX = 34;
const LEAST_MARK_PX = 3;
const UNJUDGED_S = 6; // what will be counted is judged within two seconds or so

export class Wave {
  /** @param {HTMLElement} place @param {StreamTold} stream */
  constructor(place, stream) {
    this.stream = stream;
    this.trace = new Trace(stream.rate_hz, stream.channels.length);
    this.lanes = new Lanes(stream.channels.length, LEAST[stream.unit] ?? 1);
    /** @type {TwitchSeen[]} */
    this.marks = [];
    /** @type {[number, number]} */
    this.range = [0, 1];
    this.scale = make("span", { class: "soft number" });
    const words = { site: stream.site.replace("_", " "), what: say(`modality.${stream.modality}`), n: stream.channels.length };
    this.box = make("div", { class: "wave-box", role: "img", "aria-label": say("tonight.wave", words) });
    const head = make("div", { class: "wave-head" }, make("h3", {}, say(`modality.${stream.modality}`)), this.scale);
    this.element = make("figure", { class: "wave", "data-wave": stream.modality, "data-n-marks": "0" }, head, this.box);
    place.append(this.element);
    this.nowS = 0;
    this.plot = this.draw();
    addEventListener("light", () => this.redraw());
    new ResizeObserver(() => this.plot.setSize(this.size())).observe(this.box);
  }

  size() {
    const lane = Math.max(18, Math.min(LANE_PX, 380 / this.stream.channels.length));
    return { width: Math.max(200, this.box.clientWidth), height: Math.round(this.stream.channels.length * lane) + AXIS_PX };
  }

  /** Draw anew in the colours of the day or the night. */
  redraw() {
    this.plot.destroy();
    this.plot = this.draw();
  }

  draw() {
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const names = this.stream.channels;
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    return new uPlot(
      {
        ...this.size(),
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: { x: { time: false, range: () => this.range }, y: { range: () => /** @type {[number, number]} */ ([0, names.length]) } },
        axes: [
          { ...axis, size: AXIS_PX, space: 90, values: (_, splits) => splits.map((split) => clock(split, true)) },
          { ...axis, size: 64, splits: () => names.map((_, channel) => channel + 0.5), values: () => [...names].reverse(), grid: { show: false } },
        ],
        series: [{}, ...names.map(() => ({ stroke: colour("--wave"), width: 1, points: { show: false }, spanGaps: false }))],
        hooks: {
          drawAxes: [(plot) => this.drawMarks(plot, colour("--mark"))],
          setSelect: [(plot) => this.select(plot)],
        },
      },
      [[], ...names.map(() => [])],
      this.box,
    );
  }

  /** @param {Frame} frame */
  add(frame) {
    this.trace.add(frame);
    this.element.dataset.newestS = String(this.trace.newest);
  }

  /** Mark a twitch; a final one takes the place of what was told of it before. @param {TwitchSeen} twitch @param {number} nowS */
  mark(twitch, nowS) {
    const within = 0.25;
    const isSame = (/** @type {TwitchSeen} */ other) => Math.abs(other.onset_s - twitch.onset_s) < within;
    if (!twitch.is_final && this.marks.some(isSame)) return;
    this.marks = this.marks.filter((other) => other.onset_s > nowS - 30 && !(isSame(other) && !other.is_final));
    this.marks.push(twitch);
    this.element.dataset.nMarks = String(Number(this.element.dataset.nMarks) + 1);
    this.element.dataset.markedS = String(twitch.peak_s);
    this.element.dataset.isFinal = String(twitch.is_final);
  }

  /**
   * Show a stretch of time; give what it took, in ms.
   * @param {number} from @param {number} to @param {number} nowS @returns {Promise<number>}
   */
  async show(from, to, nowS) {
    const began = performance.now();
    this.nowS = nowS;
    this.range = [from, to];
    const shown = this.trace.shown(from, to, Math.max(200, Math.round(this.plot.bbox.width)));
    this.plot.setData([shown.times, ...this.lanes.lay(shown)], true);
    const half = this.lanes.shownHalf;
    this.scale.textContent = say("tonight.scale", { half: half >= 1 ? half.toFixed(0) : half.toPrecision(1), unit: say(`unit.${this.stream.unit}`) });
    await Promise.resolve(); // uPlot draws in a microtask
    return performance.now() - began;
  }

  /** @param {uPlot} plot @param {string} colour */
  drawMarks(plot, colour) {
    const { ctx } = plot;
    const [from, to] = this.range;
    const pixel = devicePixelRatio;
    ctx.save();
    ctx.fillStyle = colour;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.5 * pixel;
    for (const twitch of this.marks) {
      if (!twitch.is_final && this.nowS - twitch.onset_s > UNJUDGED_S) continue; // a gate set it aside
      if (twitch.onset_s + twitch.duration_s < from || twitch.onset_s > to) continue;
      const lane = this.stream.channels.length - Math.max(0, this.stream.channels.indexOf(twitch.channel));
      const left = plot.valToPos(Math.max(from, twitch.onset_s), "x", true);
      const right = plot.valToPos(Math.min(to, twitch.onset_s + twitch.duration_s), "x", true);
      const top = plot.valToPos(lane, "y", true);
      const bottom = plot.valToPos(lane - 1, "y", true);
      const width = Math.max(LEAST_MARK_PX * pixel, right - left);
      ctx.globalAlpha = 0.22;
      ctx.fillRect(left, top, width, bottom - top);
      ctx.globalAlpha = 1;
      drawFlag(ctx, left + width / 2, top + pixel, 5 * pixel, twitch.is_final);
    }
    ctx.restore();
  }

  /** @param {uPlot} plot */
  select(plot) {
    if (plot.select.width < 8) return;
    const from = plot.posToVal(plot.select.left, "x");
    const to = plot.posToVal(plot.select.left + plot.select.width, "x");
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.element.dispatchEvent(new CustomEvent("stretch", { bubbles: true, detail: { from, to } }));
  }
}

/**
 * Draw a small triangle: filled for what is counted, hollow for what is not judged yet.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} size @param {boolean} isFilled
 */
function drawFlag(ctx, x, y, size, isFilled) {
  ctx.beginPath();
  ctx.moveTo(x - size, y);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + 1.5 * size);
  ctx.closePath();
  if (isFilled) ctx.fill();
  else ctx.stroke();
}
