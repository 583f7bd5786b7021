// Rows of reps below the curve. All of a row lies on one strip, which is moved and stretched as a whole.

import { seconds } from "./words.js";

const EDGES = ["start_s", "turn_s", "end_s"];
const WORDS = { start_s: "start", turn_s: "turn", end_s: "end" };
export const NUDGE_S = 0.02;
export const NUDGE_FAR_S = 0.2;

export class Track {
  constructor(parent, what, view, { first_phase, className = "" }) {
    this.view = view;
    this.first_phase = first_phase;
    this.element = document.createElement("div");
    this.element.className = `track ${className}`;
    const name = document.createElement("p");
    name.className = "what";
    name.textContent = what;
    this.lane = document.createElement("div");
    this.lane.className = "lane";
    this.strip = document.createElement("div");
    this.strip.className = "strip";
    this.lane.append(this.strip);
    this.element.append(name, this.lane);
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", what);
    parent.append(this.element);
    view.listen(() => this.place());
  }

  place() {
    const { from, span, duration_s } = this.view;
    this.strip.style.width = `${(100 * duration_s) / span}%`;
    this.strip.style.transform = `translateX(${(-100 * from) / duration_s}%)`;
  }

  /** `reps` with `start_s`, `end_s`, a `number`, and perhaps phases; `tell(rep)` gives words for one. */
  show(reps, tell, chosen = () => {}) {
    this.strip.replaceChildren(...reps.map((rep) => {
      const box = this.box("div", rep, rep.refused ? "refused" : rep.turn_s === null ? "hold" : "");
      box.title = tell(rep);
      box.addEventListener("click", () => chosen(rep));
      return box;
    }));
  }

  box(tag, rep, className) {
    const box = document.createElement(tag);
    box.className = `rep ${className}`.trim();
    const long = Math.max(rep.end_s - rep.start_s, 0.01);
    box.style.left = `${(100 * rep.start_s) / this.view.duration_s}%`;
    box.style.width = `${(100 * long) / this.view.duration_s}%`;
    for (const [name, from, to] of phases(rep, this.first_phase)) {
      const part = document.createElement("i");
      part.className = name;
      part.style.left = `${(100 * (from - rep.start_s)) / long}%`;
      part.style.width = `${(100 * (to - from)) / long}%`;
      box.append(part);
    }
    const number = document.createElement("span");
    number.className = "number";
    number.textContent = rep.number ?? "";
    box.append(number);
    return box;
  }
}

/** The labels: chosen, dragged, and moved by keys. */
export class LabelTrack extends Track {
  #chosen = -1;
  #edge = null;

  constructor(parent, view, labels, { first_phase, choose }) {
    super(parent, "Labels", view, { first_phase, className: "labels" });
    this.labels = labels;
    this.told = choose;
    this.redraw();
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
    this.strip.replaceChildren(...this.labels.list.flatMap((label, index) => this.#label(label, index)));
    if (!focus || this.#chosen < 0) return;
    const wanted = this.#edge ? `.handle[data-edge="${this.#edge}"]` : `.rep[data-index="${this.#chosen}"]`;
    this.strip.querySelector(wanted)?.focus({ preventScroll: true });
  }

  #label(label, index) {
    const box = this.box("button", { ...label, number: index + 1 }, label.kind === "hold" ? "hold" : "");
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
