// The raw signal while somebody looks: a ring of samples, drawn once a frame and only when something came.

/* global uPlot */
import { text } from "./payloads.js";

const SHOWN_S = 10;
const MOST_POINTS = 2000;
const MOST_IN_FRAME = 500;
const AGAIN_MS = 10_000;
const [STYLES, SCRIPT] = ["/static/vendor/uplot-1.6.32.min.css", "/static/vendor/uplot-1.6.32.min.js"];
const AXES = [["x", "--eccentric"], ["y", "--concentric"], ["z", "--bad"]];

export class SignalPlot {
  #t = [];
  #axes = [[], [], []];
  #plot = null;
  #dirty = false;
  #frame = 0;
  #timer = 0;
  #sensor = null;

  /** Draws into `element`; `watch()` asks the service for the signal, and is called until `close`. */
  constructor(element, watch) {
    this.element = element;
    this.watch = watch;
  }

  get open() {
    return this.#timer !== 0;
  }

  async show() {
    this.watch();
    this.#timer = setInterval(this.watch, AGAIN_MS);
    await loaded();
    if (!this.open) return;
    const ink = getComputedStyle(this.element);
    const colour = (name) => ink.getPropertyValue(name).trim();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line") }, ticks: { stroke: colour("--line") } };
    this.#plot = new uPlot({
      width: this.element.clientWidth,
      height: Math.max(140, Math.round(this.element.clientWidth * 0.4)),
      scales: { x: { time: false } },
      cursor: { show: false },
      legend: { live: false },
      axes: [{ ...axis, values: (_plot, ticks) => ticks.map((tick) => `${tick} s`) }, { ...axis, size: 44 }],
      series: [{}, ...AXES.map(([label, name]) => ({ label, stroke: colour(name), width: 1.5, points: { show: false } }))],
    }, [[], [], [], []], this.element);
    this.#draw();
  }

  /** Take a message of `signal`. */
  take(payload) {
    const sensor = text(payload.sensor, 30);
    const [t, acc] = [payload.t_s, payload.acc_g];
    if (!this.open || !Array.isArray(t) || !Array.isArray(acc) || acc.length !== 3) return;
    if (!acc.every((axis) => Array.isArray(axis) && axis.length === t.length) || t.length > MOST_IN_FRAME) return;
    this.#sensor ??= sensor; // of two sensors the first is drawn
    if (sensor !== this.#sensor) return;
    for (let k = 0; k < t.length; k += 1) {
      if (![t[k], acc[0][k], acc[1][k], acc[2][k]].every(Number.isFinite)) return;
      if (this.#t.length > 0 && t[k] <= this.#t.at(-1)) this.#clear(); // the stream began anew
      this.#t.push(t[k]);
      this.#axes.forEach((axis, index) => axis.push(acc[index][k]));
    }
    this.#trim();
    this.#dirty = true;
  }

  close() {
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#timer = 0;
    this.#plot?.destroy();
    this.#plot = null;
    this.#sensor = null;
    this.#clear();
  }

  #clear() {
    this.#t.length = 0;
    for (const axis of this.#axes) axis.length = 0;
  }

  #trim() {
    const from = this.#t.findIndex((t) => t >= this.#t.at(-1) - SHOWN_S);
    const cut = Math.max(from, this.#t.length - MOST_POINTS);
    if (cut <= 0) return;
    this.#t.splice(0, cut);
    for (const axis of this.#axes) axis.splice(0, cut);
  }

  #draw() {
    this.#frame = requestAnimationFrame(() => this.#draw());
    if (!this.#dirty || this.#plot === null) return;
    this.#dirty = false;
    this.#plot.setData([this.#t, ...this.#axes]);
  }
}

let loading = null;

/** The library comes when it is first needed. */
function loaded() {
  loading ??= new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLES });
    const script = Object.assign(document.createElement("script"), { src: SCRIPT, onload: resolve, onerror: reject });
    document.head.append(link, script);
  });
  return loading;
}
