// Rows of reps below the curve: those that are looked at are painted, the labels are buttons on one strip.

import { seconds } from "./words.js";

const EDGES = ["start_s", "turn_s", "end_s"];
const WORDS = { start_s: "start", turn_s: "turn", end_s: "end" };
export const NUDGE_S = 0.02;
export const NUDGE_FAR_S = 0.2;
const MOST_LAID_OUT = 120; // of more labels only those near by are laid out
const [FAR_S, FAR_PX] = [3, 6]; // of a rep so small only its place is shown

class Row {
  constructor(parent, what, view, className) {
    this.view = view;
    this.element = document.createElement("div");
    this.element.className = `track ${className}`.trim();
    const name = document.createElement("p");
    name.className = "what";
    name.textContent = what;
    this.lane = document.createElement("div");
    this.lane.className = "lane";
    this.element.append(name, this.lane);
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", what);
    parent.append(this.element);
  }
}

/** Reps that are only looked at: hundreds of them are painted, not laid out. */
export class Track extends Row {
  #reps = [];
  #drawn = "";

  constructor(parent, what, view, { first_phase, chosen }) {
    super(parent, what, view, "");
    Object.assign(this, { what, first_phase, chosen });
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.lane.append(this.canvas);
    this.lane.addEventListener("click", (event) => this.#at(event, this.chosen));
    this.lane.addEventListener("pointermove", (event) => this.#at(event, (rep) => { this.lane.title = this.tell(rep); }, () => { this.lane.title = ""; }));
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.again = () => this.draw(true);
    this.scheme.addEventListener("change", this.again);
    this.resized = new ResizeObserver(this.again);
    this.resized.observe(this.lane);
    view.listen(() => this.draw());
  }

  close() {
    this.scheme.removeEventListener("change", this.again);
    this.resized.disconnect();
  }

  /** `reps` with `start_s`, `end_s`, a `number`, and perhaps phases; `tell(rep)` gives words for one. */
  show(reps, tell) {
    this.#reps = reps;
    this.tell = tell;
    this.element.dataset.count = reps.length;
    this.canvas.setAttribute("aria-label", `${this.what}: ${reps.length}`);
    this.draw(true);
  }

  draw(force = false) {
    const { from, to, span } = this.view;
    const [width, height, scale] = [this.lane.clientWidth, this.lane.clientHeight, devicePixelRatio];
    const key = `${from} ${to}`;
    if ((key === this.#drawn && !force) || width === 0) return;
    this.#drawn = key;
    if (this.canvas.width !== Math.round(width * scale)) this.canvas.width = Math.round(width * scale);
    if (this.canvas.height !== Math.round(height * scale)) this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const ink = getComputedStyle(this.lane);
    const colour = (name) => ink.getPropertyValue(name).trim();
    const x = (time) => ((time - from) / span) * width;
    for (const rep of this.#reps) {
      if (rep.end_s >= from && rep.start_s <= to) this.#paint(context, rep, x, height, colour);
    }
  }

  #paint(context, rep, x, height, colour) {
    const [left, wide, top, high] = [x(rep.start_s), Math.max(1, x(rep.end_s) - x(rep.start_s)), 4, height - 8];
    if (rep.refused) hatch(context, left, wide, top, high, colour("--bad"));
    else {
      context.fillStyle = colour(rep.turn_s === null ? "--concentric" : "--pause");
      context.fillRect(left, top, wide, high);
      for (const [name, start, end] of phases(rep, this.first_phase)) {
        context.fillStyle = colour(`--${name}`);
        context.fillRect(x(start), top, x(end) - x(start), high);
      }
    }
    const words = String(rep.number ?? "");
    if (wide < 9 * words.length + 4) return;
    context.fillStyle = colour(rep.refused ? "--ink" : "--on-fill");
    context.font = "700 13px system-ui";
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    context.fillText(words, left + wide / 2, height / 2);
  }

  #at(event, found, none = () => {}) {
    const time = this.view.from + (event.offsetX / this.lane.clientWidth) * this.view.span;
    const rep = this.#reps.find((one) => one.start_s <= time && time <= one.end_s);
    if (rep) found(rep);
    else none();
  }
}

function hatch(context, left, wide, top, high, colour) {
  context.save();
  context.beginPath();
  context.rect(left, top, wide, high);
  context.clip();
  [context.strokeStyle, context.lineWidth] = [colour, 2];
  context.strokeRect(left, top, wide, high);
  context.globalAlpha = 0.55;
  context.beginPath();
  for (let at = left - high; at < left + wide; at += 7) {
    context.moveTo(at, top + high);
    context.lineTo(at + high, top);
  }
  context.stroke();
  context.restore();
}

/** The labels: chosen, dragged, and moved by keys. */
export class LabelTrack extends Row {
  #chosen = -1;
  #edge = null;
  #band = [0, 0];

  constructor(parent, view, labels, { first_phase, choose }) {
    super(parent, "Labels", view, "labels");
    Object.assign(this, { labels, first_phase, told: choose });
    this.strip = document.createElement("div");
    this.strip.className = "strip";
    this.lane.append(this.strip);
    view.listen(() => this.place());
    this.redraw();
  }

  place() {
    const { from, to, span, duration_s } = this.view;
    this.strip.style.width = `${(100 * duration_s) / span}%`;
    this.strip.style.transform = `translateX(${(-100 * from) / duration_s}%)`;
    this.strip.toggleAttribute("data-far", (FAR_S * this.lane.clientWidth) / span < FAR_PX);
    if (from < this.#band[0] || to > this.#band[1]) this.redraw();
  }

  #box(label, index) {
    const box = document.createElement("button");
    box.className = `rep ${label.kind === "hold" ? "hold" : ""}`.trim();
    const long = Math.max(label.end_s - label.start_s, 0.01);
    box.style.left = `${(100 * label.start_s) / this.view.duration_s}%`;
    box.style.width = `${(100 * long) / this.view.duration_s}%`;
    for (const [name, from, to] of phases(label, this.first_phase)) {
      const part = document.createElement("i");
      part.className = name;
      part.style.left = `${(100 * (from - label.start_s)) / long}%`;
      part.style.width = `${(100 * (to - from)) / long}%`;
      box.append(part);
    }
    const number = document.createElement("span");
    number.className = "number";
    number.textContent = index + 1;
    box.append(number);
    return box;
  }

  get chosen() {
    return this.#chosen;
  }

  choose(index, edge = null, focus = false) {
    this.#chosen = index >= 0 && index < this.labels.list.length ? index : -1;
    this.#edge = edge;
    this.redraw(focus);
    this.told(this.#chosen);
  }

  redraw(focus = this.lane.contains(document.activeElement)) {
    if (this.#chosen >= this.labels.list.length) this.#chosen = -1;
    const { from, to, span } = this.view;
    this.#band = this.labels.list.length > MOST_LAID_OUT ? [from - span, to + span] : [-Infinity, Infinity];
    const near = (label) => label.end_s >= this.#band[0] && label.start_s <= this.#band[1];
    this.strip.replaceChildren(...this.labels.list.flatMap((label, index) => (near(label) ? this.#label(label, index) : [])));
    if (!focus || this.#chosen < 0) return;
    const wanted = this.#edge ? `.handle[data-edge="${this.#edge}"]` : `.rep[data-index="${this.#chosen}"]`;
    this.strip.querySelector(wanted)?.focus({ preventScroll: true });
  }

  #label(label, index) {
    const box = this.#box(label, index);
    box.type = "button";
    box.dataset.index = index;
    box.setAttribute("aria-pressed", index === this.#chosen);
    box.setAttribute("aria-label", `${label.kind} ${index + 1}, ${seconds(label.start_s)} to ${seconds(label.end_s)} s`);
    box.addEventListener("click", () => this.choose(index, null, true));
    return index === this.#chosen ? [box, ...EDGES.filter((edge) => label[edge] !== null).map((edge) => this.#handle(label, index, edge))] : [box];
  }

  #handle(label, index, edge) {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.dataset.edge = edge;
    handle.tabIndex = 0;
    handle.style.left = `${(100 * label[edge]) / this.view.duration_s}%`;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", `${WORDS[edge]} of ${label.kind} ${index + 1}`);
    handle.setAttribute("aria-valuemin", 0);
    handle.setAttribute("aria-valuemax", this.view.duration_s.toFixed(2));
    handle.setAttribute("aria-valuenow", label[edge].toFixed(2));
    handle.setAttribute("aria-valuetext", `${label[edge].toFixed(2)} s`);
    handle.addEventListener("focus", () => { this.#edge = edge; });
    handle.addEventListener("pointerdown", (event) => this.#drag(event, index, edge));
    handle.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      event.stopPropagation();
      this.#edge = edge;
      this.nudge((event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? NUDGE_FAR_S : NUDGE_S), edge);
    });
    return handle;
  }

  /** Move an edge of the chosen label, or where none is named all of it. */
  nudge(by_s, edge = this.#edge) {
    const label = this.labels.list[this.#chosen];
    if (!label) return;
    const edges = edge ? [edge] : by_s > 0 ? ["end_s", "turn_s", "start_s"] : ["start_s", "turn_s", "end_s"];
    const step = `${this.#chosen} ${edges} ${Math.floor(performance.now() / 1000)}`;
    for (const one of edges) if (label[one] !== null) this.labels.move(this.#chosen, one, label[one] + by_s, step);
  }

  // The handle is made anew at every move, so the page follows the pointer, not the handle.
  #drag(event, index, edge) {
    event.preventDefault();
    this.#edge = edge;
    const box = this.lane.getBoundingClientRect();
    const step = `drag ${event.timeStamp}`;
    const move = (to) => this.labels.move(index, edge, this.view.from + ((to.clientX - box.left) / box.width) * this.view.span, step);
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      this.redraw(true);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }
}

/** `[name, from, to]` of the two moving phases of a rep, as far as they are known. */
export function phases(rep, first_phase) {
  if (rep.turn_s === null || rep.turn_s === undefined) return [];
  const second = first_phase === "concentric" ? "eccentric" : "concentric";
  const found = [[first_phase, rep.start_s, rep.turn_s]];
  const long = rep[`${second}_s`];
  if (long) found.push([second, Math.max(rep.turn_s, rep.end_s - long), rep.end_s]);
  return found;
}
