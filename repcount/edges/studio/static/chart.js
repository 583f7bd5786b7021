// A signal over the time that is looked at: wheel and pinch zoom, dragging moves, a click sets the line.

/* global uPlot */

const STEP = 1.0015;
const CLICK_PX = 4;
export const LEFT_PX = 64;

export class Chart {
  #plot = null;
  #drawn = "";

  /** `colours` are names of CSS variables; `shade(context, x, top, height)` paints below the lines. */
  constructor(element, view, pyramid, { colours, height, unit, times = true, shade = () => {} }) {
    Object.assign(this, { element, view, pyramid, colours, height, unit, times, shade });
    this.#make();
    this.resized = new ResizeObserver(() => this.#resize());
    this.resized.observe(element);
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.remake = () => { this.#plot.destroy(); this.#make(); };
    this.scheme.addEventListener("change", this.remake);
    view.listen(() => this.draw());
  }

  close() {
    this.resized.disconnect();
    this.scheme.removeEventListener("change", this.remake);
    this.#plot.destroy();
  }

  draw(force = false) {
    const { from, to } = this.view;
    const key = `${from} ${to} ${this.#plot.width}`;
    if (key === this.#drawn && !force) return;
    this.#drawn = key;
    this.#plot.batch(() => {
      this.#plot.setData(this.pyramid.slice(from, to, this.#width()), false);
      this.#plot.setScale("x", { min: from, max: to });
    });
  }

  #width() {
    return Math.max(200, this.element.clientWidth);
  }

  #make() {
    const ink = getComputedStyle(this.element);
    const colour = (name) => ink.getPropertyValue(name).trim();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: "12px system-ui" };
    const [low, high] = this.pyramid.range;
    const room = 0.06 * (high - low);
    this.#drawn = "";
    this.#plot = new uPlot({
      width: this.#width(),
      height: this.height,
      padding: [8, 0, 0, 0],
      scales: { x: { time: false }, y: { range: () => [low - room, high + room] } },
      legend: { show: false },
      cursor: { show: false },
      axes: [
        { ...axis, show: this.times, size: 26, values: (_plot, ticks) => ticks.map((tick) => `${Math.round(1000 * tick) / 1000} s`) },
        { ...axis, size: LEFT_PX, values: (_plot, ticks) => ticks.map((tick) => `${tick}${this.unit}`) },
      ],
      series: [{}, ...this.colours.map((name) => ({ stroke: colour(name), width: 1, points: { show: false } }))],
      hooks: { drawClear: [(plot) => this.#shade(plot, colour)] },
    }, this.pyramid.slice(this.view.from, this.view.to, this.#width()), this.element);
    this.#listen(this.#plot.over);
    this.draw(true);
  }

  #shade(plot, colour) {
    const { left, top, width, height } = plot.bbox;
    plot.ctx.save();
    plot.ctx.beginPath();
    plot.ctx.rect(left, top, width, height);
    plot.ctx.clip();
    this.shade(plot.ctx, (time) => plot.valToPos(time, "x", true), top, height, colour);
    plot.ctx.restore();
  }

  #resize() {
    if (this.element.clientWidth === 0) return;
    this.#plot.setSize({ width: this.#width(), height: this.height });
    this.draw(true);
  }

  #listen(over) {
    const time = (event) => this.view.from + (event.offsetX / over.clientWidth) * this.view.span;
    let held = null;
    over.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        this.view.pan(((event.deltaX || event.deltaY) / over.clientWidth) * this.view.span);
      } else this.view.zoom(STEP ** event.deltaY, time(event));
    }, { passive: false });
    over.addEventListener("pointerdown", (event) => {
      held = { x: event.clientX, from: this.view.from, moved: false };
      over.setPointerCapture(event.pointerId);
    });
    over.addEventListener("pointermove", (event) => {
      if (held === null) return;
      const by = event.clientX - held.x;
      held.moved ||= Math.abs(by) > CLICK_PX;
      if (!held.moved) return;
      const from = held.from - (by / over.clientWidth) * this.view.span;
      this.view.show(from, from + this.view.span);
    });
    over.addEventListener("pointerup", (event) => {
      if (held && !held.moved) this.view.seek(time(event), false);
      held = null;
    });
    over.addEventListener("pointercancel", () => { held = null; });
  }
}
