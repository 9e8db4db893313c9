// Live: the connection to the server. It comes back by itself, and rests while nobody looks.

/** @typedef {{number: number, device: string, site: string, modality: string, unit: string, rate_hz: number, channels: string[]}} StreamTold */
/** @typedef {{device: string, site: string, modality: string, channel: string, onset_s: number, peak_s: number, duration_s: number, amplitude: number, unit: string, is_final: boolean}} TwitchSeen */
/** @typedef {{start_s: number, rate_hz: number, number: number, offsets: Float32Array, scales: Float32Array, samples: Int16Array}} Frame */

const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 5000;
const SILENT_MS = 8000; // the server says something every second

export class Live extends EventTarget {
  constructor() {
    super();
    this.isConnected = false;
    /** @type {string | null} */
    this.device = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.retryMs = FIRST_RETRY_MS;
    this.heardAtMs = performance.now();
    /** What the server's clock is ahead of ours, in ms; the least delayed word of late is the truest. */
    this.aheadMs = -Infinity;
    document.addEventListener("visibilitychange", () => this.tell({ kind: "look", is_hidden: document.hidden }));
    setInterval(() => this.lookForSilence(), 1000);
    this.connect();
  }

  /** Give the server's time in seconds. */
  now() {
    return (performance.now() + (this.aheadMs === -Infinity ? performance.timeOrigin : this.aheadMs)) / 1000;
  }

  /** Ask for the samples of a band, or of none. @param {string | null} device */
  watch(device) {
    this.device = device;
    this.tell({ kind: "watch", device });
  }

  /** @param {object} words */
  tell(words) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(words));
  }

  connect() {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.begin(socket));
    socket.addEventListener("message", (event) => this.hear(event.data));
    socket.addEventListener("close", () => this.lose(socket));
    this.socket = socket;
    this.heardAtMs = performance.now();
  }

  /** @param {WebSocket} socket */
  begin(socket) {
    this.retryMs = FIRST_RETRY_MS;
    this.aheadMs = -Infinity;
    this.isConnected = true;
    this.dispatchEvent(new Event("begin"));
    if (document.hidden) socket.send(JSON.stringify({ kind: "look", is_hidden: true }));
    if (this.device !== null) socket.send(JSON.stringify({ kind: "watch", device: this.device }));
  }

  /** @param {WebSocket} socket */
  lose(socket) {
    if (this.socket !== socket) return;
    this.socket = null;
    this.isConnected = false;
    this.dispatchEvent(new Event("end"));
    setTimeout(() => this.connect(), this.retryMs * (0.7 + 0.6 * Math.random()));
    this.retryMs = Math.min(2 * this.retryMs, LAST_RETRY_MS);
  }

  /** A connection may die without a word, as when a machine slept. */
  lookForSilence() {
    if (document.hidden) this.heardAtMs = performance.now();
    if (this.socket === null || performance.now() - this.heardAtMs < SILENT_MS) return;
    const silent = this.socket;
    silent.close();
    this.lose(silent);
  }

  /** @param {string | ArrayBuffer} data */
  hear(data) {
    this.heardAtMs = performance.now();
    if (data instanceof ArrayBuffer) {
      this.dispatchEvent(new CustomEvent("frame", { detail: readFrame(data) }));
      return;
    }
    const event = JSON.parse(data);
    if (event.kind === "tonight") this.aheadMs = Math.max(this.aheadMs, event.tonight.now_s * 1000 - performance.now());
    this.dispatchEvent(new CustomEvent(event.kind, { detail: event }));
  }
}

/** Lay typed arrays over a frame (dashboards/page/live/frame.py). @param {ArrayBuffer} data @returns {Frame} */
export function readFrame(data) {
  const view = new DataView(data);
  const nChannels = view.getUint16(14, true);
  const laid = new Float32Array(data, 16, 2 * nChannels);
  return {
    start_s: view.getFloat64(0, true),
    rate_hz: view.getFloat32(8, true),
    number: view.getUint16(12, true),
    offsets: laid.filter((_, place) => place % 2 === 0),
    scales: laid.filter((_, place) => place % 2 === 1),
    samples: new Int16Array(data, 16 + 8 * nChannels),
  };
}
