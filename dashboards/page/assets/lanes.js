// Lanes: channels under each other in one chart, each around its own middle, all at one gain.

/** @typedef {import("./trace.js").Shown} Shown */

const CLIP = 0.95; // of a lane: a great movement stays near its own lane
const CALM = 0.2; // of a lane: below it the gain goes up again
const FOLLOW = 0.15;
const THIN = 7; // every so many values are enough to find a gain

export class Lanes {
  /** @param {number} nChannels @param {number} least the smallest half lane, in the stream's unit */
  constructor(nChannels, least) {
    this.nChannels = nChannels;
    this.least = least;
    this.half = least;
    /** How much the viewer asked for beside that. */
    this.zoom = 1;
    /** @type {(number | null)[]} */
    this.middles = new Array(nChannels).fill(null);
  }

  /** Give half a lane in the stream's unit. */
  get shownHalf() {
    return this.half / this.zoom;
  }

  /** Give values in lanes: channel 0 is the uppermost, and a lane is one high. @param {Shown} shown */
  lay(shown) {
    const spread = this.follow(shown);
    if (spread > this.half || spread < CALM * this.half) this.half = Math.max(this.least, nice(spread * 1.25));
    const scale = 0.5 / this.shownHalf;
    return shown.values.map((values, channel) => {
      const middle = this.middles[channel] ?? 0;
      const lane = this.nChannels - channel - 0.5;
      return values.map((value) => (value === null ? null : lane + Math.max(-CLIP, Math.min(CLIP, (value - middle) * scale))));
    });
  }

  /** Let the middles follow, and give how far the channels reach from them: what all but a fiftieth stay within. @param {Shown} shown */
  follow(shown) {
    let spread = 0;
    shown.values.forEach((values, channel) => {
      const known = /** @type {number[]} */ (values.filter((value) => value !== null));
      if (!known.length) return;
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
      const before = this.middles[channel];
      this.middles[channel] = before === null ? mean : before + FOLLOW * (mean - before);
      const away = Float64Array.from(known.filter((_, place) => place % THIN === 0), (value) => Math.abs(value - mean)).sort();
      spread = Math.max(spread, away[Math.floor(0.98 * (away.length - 1))]);
    });
    return spread;
  }
}

/** Give the next number of 1, 2, 5 times a power of ten. @param {number} value */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999) ?? value;
}
