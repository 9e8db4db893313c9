// A trace: the last seconds of one stream, kept as numbers, given as what a screen can show.

/** @typedef {import("./live.js").Frame} Frame */
/** @typedef {{times: number[], values: (number | null)[][]}} Shown */

const KEPT_S = 13;

export class Trace {
  /** @param {number} rateHz @param {number} nChannels */
  constructor(rateHz, nChannels) {
    this.rateHz = rateHz;
    this.window = Math.ceil(KEPT_S * rateHz);
    this.times = new Float64Array(2 * this.window);
    this.channels = Array.from({ length: nChannels }, () => new Float32Array(2 * this.window));
    this.n = 0;
  }

  /** Give the time of the newest sample. */
  get newest() {
    return this.n ? this.times[this.n - 1] : -Infinity;
  }

  clear() {
    this.n = 0;
  }

  /** Add a frame; what is known already is passed over, and a gap stays one. @param {Frame} frame */
  add(frame) {
    const nChannels = this.channels.length;
    const step = 1 / frame.rate_hz;
    const count = frame.samples.length / nChannels;
    if (frame.start_s < this.newest - KEPT_S) this.clear(); // the clock was set back
    const skip = this.n ? Math.max(0, Math.ceil((this.newest + 0.5 * step - frame.start_s) / step)) : 0;
    if (skip >= count) return;
    this.makeRoom(count + 1);
    const start = frame.start_s + skip * step;
    if (this.n && start > this.newest + 1.5 * step + 0.02) this.put(this.newest + step, () => NaN);
    for (let sample = skip; sample < count; sample++) {
      const at = sample * nChannels;
      this.put(frame.start_s + sample * step, (channel) => frame.offsets[channel] + frame.scales[channel] * frame.samples[at + channel]);
    }
  }

  /** @param {number} time @param {(channel: number) => number} value */
  put(time, value) {
    this.times[this.n] = time;
    for (let channel = 0; channel < this.channels.length; channel++) this.channels[channel][this.n] = value(channel);
    this.n++;
  }

  /** @param {number} count */
  makeRoom(count) {
    if (this.n + count <= this.times.length) return;
    const from = Math.max(0, this.n - Math.max(0, this.window - count));
    this.times.copyWithin(0, from, this.n);
    for (const values of this.channels) values.copyWithin(0, from, this.n);
    this.n -= from;
  }

  /**
   * Give what a chart of so many columns can show of a stretch: every sample, or the least and the greatest of each
   * column. Columns lie on a grid of absolute time, so that nothing shimmers as it moves.
   * @param {number} from @param {number} to @param {number} nColumns @returns {Shown}
   */
  shown(from, to, nColumns) {
    const first = this.placeOf(from);
    const last = this.placeOf(to);
    const width = (to - from) / nColumns;
    return width * this.rateHz < 2 ? this.samples(Math.max(0, first - 1), Math.min(this.n, last + 1)) : this.columns(first, last, width);
  }

  /** @param {number} first @param {number} last @returns {Shown} */
  samples(first, last) {
    const times = Array.from(this.times.subarray(first, last));
    const values = this.channels.map((all) => Array.from(all.subarray(first, last), (value) => (Number.isNaN(value) ? null : value)));
    return { times, values };
  }

  /** @param {number} first @param {number} last @param {number} width @returns {Shown} */
  columns(first, last, width) {
    /** @type {number[]} */ const times = [];
    /** @type {(number | null)[][]} */ const values = this.channels.map(() => []);
    let place = first;
    while (place < last) {
      const column = Math.floor(this.times[place] / width);
      const start = place;
      while (place < last && Math.floor(this.times[place] / width) === column) place++;
      if (times.length && column * width - times[times.length - 1] > 2 * width) {
        times.push(times[times.length - 1] + width); // a gap
        for (const each of values) each.push(null);
      }
      times.push((column + 0.25) * width, (column + 0.75) * width);
      for (let channel = 0; channel < values.length; channel++) {
        const all = this.channels[channel];
        let low = Infinity;
        let high = -Infinity;
        for (let at = start; at < place; at++) {
          const value = all[at];
          if (value < low) low = value;
          if (value > high) high = value;
        }
        const isKnown = low <= high;
        values[channel].push(isKnown ? low : null, isKnown ? high : null);
      }
    }
    return { times, values };
  }

  /** Give the first place at or after a time. @param {number} time */
  placeOf(time) {
    let low = 0;
    let high = this.n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
