// One recording: curve, axes, tracks, time, and what can be done about them.

import { ask, askBytes, pathOf } from "./api.js";
import { Chart, LEFT_PX } from "./chart.js";
import { Counts } from "./counts.js";
import { Editor } from "./editor.js";
import { Parameters } from "./parameters.js";
import { Pyramid } from "./pyramid.js";
import { besides, refusedOf, repsOf, setsOf } from "./said.js";
import { phases, Track } from "./tracks.js";
import { View } from "./view.js";
import { clock, made, plural, seconds, spaced } from "./words.js";

const CURVE_PX = 150;
const AXES_PX = 170;
const MOST_ROWS = 400;
const AROUND_S = 3;
const MOST_AGAIN_S = 60;

export class Recording {
  #closed = false;
  #charts = [];
  #keys = (event) => this.#key(event);

  constructor(main, name, failed) {
    Object.assign(this, { main, name, failed });
    main.replaceChildren(made("p", "Reading and counting …", "empty"));
    this.ready = this.#open().catch((error) => {
      if (this.#closed) return;
      main.replaceChildren(made("p", "This recording cannot be shown.", "empty"), problemList(error.problems ?? [String(error)]));
    });
  }

  get dirty() {
    return this.editor?.labels.dirty ?? false;
  }

  close() {
    this.#closed = true;
    this.view?.close();
    for (const drawn of [...this.#charts, this.counted, this.live, this.refused]) drawn?.close();
    removeEventListener("keydown", this.#keys);
  }

  async #open() {
    const told = await ask(pathOf(this.name));
    const [curve, axes] = await Promise.all(["curve", told.sensor].map((kind) => askBytes(pathOf(this.name, `/signal/${encodeURIComponent(kind)}`))));
    if (this.#closed) return;
    this.told = told;
    this.main.replaceChildren(document.getElementById("recording").content.cloneNode(true));
    this.element = this.main.querySelector(".recording");
    this.view = new View(told.duration_s);
    this.#said = told.said;
    this.#about();
    this.#tracks();
    this.#draw(new Pyramid(curve), new Pyramid(axes));
    this.#time();
    this.counts = new Counts(this.#part(".sets"), told, { failed: this.failed });
    this.parameters = new Parameters(this.#part(".parameters"), told, {
      failed: this.failed,
      stretch: () => this.#stretch(),
      counted: (answer) => this.#counted(answer),
    });
    this.#showSaid();
    addEventListener("keydown", this.#keys);
    this.element.dataset.ready = "";
    await this.#readDoubts();
  }

  // Why there was no set takes another count: the page is there before it.
  async #readDoubts() {
    try {
      const { doubts } = await ask(pathOf(this.name, "/doubts"));
      if (this.#closed) return;
      this.told.doubts = doubts;
      if (this.#doubts.length > 0) return; // counted otherwise meanwhile
      this.#doubts = doubts;
      this.#showSaid();
    } catch (error) {
      this.failed(error);
    }
  }

  #said = [];
  #doubts = [];

  #part(selector) {
    return this.element.querySelector(selector);
  }

  #about() {
    const { meta, exercise, placement, duration_s, problems } = this.told;
    this.#part(".name").textContent = this.name;
    const when = new Date(meta.when).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    this.#part(".about").textContent = [spaced(exercise), placement, meta.wearer, when, `${duration_s.toFixed(0)} s`].join(" · ");
    if (problems.length === 0) return;
    const list = this.#part(".problems");
    list.hidden = false;
    list.append(...problems.map((problem) => made("li", `left out: ${problem}`)));
  }

  #tracks() {
    const { first_phase } = this.told;
    const rows = this.#part(".track-rows");
    this.editor = new Editor(this.element, rows, this.told, this.view, this.failed);
    const painted = { first_phase, chosen: (rep) => this.#chosen(rep) };
    this.counted = new Track(rows, "Counted", this.view, painted);
    this.live = this.told.expected ? new Track(rows, "Live", this.view, painted) : null;
    this.refused = new Track(rows, "No reps", this.view, painted);
    this.live?.show(repsOf(this.told.expected), tellRep);
    this.editor.adopted = () => repsOf(this.#said).filter((rep) => typeof rep.number === "number");
  }

  #draw(curve, axes) {
    const shade = (context, x, top, height, colour) => {
      context.globalAlpha = 0.16;
      for (const rep of this.shaded) {
        if (rep.end_s < this.view.from || rep.start_s > this.view.to) continue;
        for (const [name, from, to] of phases(rep, this.told.first_phase)) {
          context.fillStyle = colour(`--${name}`);
          context.fillRect(x(from), top, x(to) - x(from), height);
        }
      }
    };
    this.#part(".axes .title").textContent = `Axes of the ${this.told.sensor} sensor: x, y, z`;
    this.shaded = repsOf(this.#said);
    this.#charts = [
      new Chart(this.#part(".curve"), this.view, curve, { colours: ["--ink"], height: CURVE_PX, unit: "", times: false, shade }),
      new Chart(this.#part(".chart.axes"), this.view, axes, { colours: ["--eccentric", "--concentric", "--bad"], height: AXES_PX, unit: " g" }),
    ];
  }

  // Play, pause, seek, zoom.
  #time() {
    const { view } = this;
    const [play, seek, head, charts] = [".play", ".seek input", ".playhead", ".charts"].map((part) => this.#part(part));
    seek.max = view.duration_s;
    play.addEventListener("click", () => (view.playing ? view.pause() : view.play()));
    seek.addEventListener("input", () => view.seek(Number(seek.value)));
    this.#part(".speed select").addEventListener("change", (event) => { view.speed = Number(event.target.value); });
    this.#part(".in").addEventListener("click", () => view.zoom(0.5));
    this.#part(".out").addEventListener("click", () => view.zoom(2));
    this.#part(".fit").addEventListener("click", () => view.show(0, view.duration_s));
    this.#part(".to-set").addEventListener("click", () => this.#nextSet());
    view.listen(() => {
      play.textContent = view.playing ? "Pause" : "Play";
      this.#part(".clock").textContent = `${clock(view.at)} of ${clock(view.duration_s)}`;
      seek.value = view.at;
      seek.setAttribute("aria-valuetext", clock(view.at));
      const share = (view.at - view.from) / view.span;
      head.hidden = share < 0 || share > 1;
      head.style.transform = `translateX(${LEFT_PX + share * (charts.clientWidth - LEFT_PX)}px)`;
      this.#markNow();
    });
  }

  #nextSet() {
    const sets = setsOf(this.#said);
    const next = sets.find((set) => set.start_s > this.view.at + 0.1) ?? sets[0];
    if (!next) return;
    this.view.show(next.start_s - AROUND_S, next.end_s + AROUND_S);
    this.view.seek(next.start_s, false);
  }

  /** What is counted again of a long recording: the set at the line, or nearest to it; else what is looked at. */
  #stretch() {
    const { at, from, to } = this.view;
    const away = (set) => Math.max(set.start_s - at, at - set.end_s, 0);
    const [set] = setsOf(this.told.said).sort((a, b) => away(a) - away(b));
    return set ? { from_s: set.start_s, to_s: set.end_s } : { from_s: from, to_s: Math.min(to, from + MOST_AGAIN_S) };
  }

  #counted({ said, doubts, stretch: [from, to], whole }) {
    const outside = (event) => event.happened_s < from || event.happened_s > to;
    this.#said = whole ? said : [...this.told.said.filter(outside), ...said.filter((event) => !outside(event))].sort((a, b) => a.said_s - b.said_s);
    this.#doubts = whole ? doubts : [...(this.told.doubts ?? []).filter((one) => one.end_s < from || one.start_s > to), ...doubts];
    this.#showSaid();
    this.counts.show(this.#said);
  }

  #showSaid() {
    this.shaded = repsOf(this.#said);
    this.counted.show(this.shaded, tellRep);
    const refused = refusedOf(this.#said, this.#doubts);
    this.refused.show(refused, (rep) => rep.why);
    this.refused.element.hidden = refused.length === 0;
    for (const chart of this.#charts) chart.draw(true);
    this.#table();
  }

  #chosen(rep) {
    this.#part(".detail").textContent = rep.why ?? tellRep(rep);
    this.view.seek(rep.start_s);
  }

  #table() {
    const rows = besides(this.told.expected, this.#said);
    const differing = rows.filter((row) => row.differs).length;
    this.#part(".differs").textContent = this.told.expected === null ? "What was said live is not kept with this recording."
      : differing ? `${plural(differing, "line")} not as live.` : "As live, word for word.";
    this.rows = rows.slice(0, MOST_ROWS);
    this.#part(".events tbody").replaceChildren(...this.rows.map((row) => {
      const line = document.createElement("tr");
      line.toggleAttribute("data-differs", row.differs);
      line.append(made("td", row.at.toFixed(1)), made("td", row.live), made("td", row.replayed));
      line.addEventListener("click", () => this.view.seek(row.at));
      return line;
    }));
  }

  #markNow() {
    const lines = this.#part(".events tbody").children;
    const now = (this.rows ?? []).findLastIndex((row) => row.at <= this.view.at);
    if (now === this.now) return;
    lines[this.now]?.removeAttribute("data-now");
    lines[now]?.setAttribute("data-now", "");
    this.now = now;
  }

  #key(event) {
    if (event.target.closest?.("input, select, textarea, summary, dialog")) return;
    if (this.editor.key(event)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this;
    const does = {
      " ": () => (view.playing ? view.pause() : view.play()),
      "+": () => view.zoom(0.5),
      "=": () => view.zoom(0.5),
      "-": () => view.zoom(2),
      Home: () => view.seek(0),
      End: () => view.seek(view.duration_s),
      ArrowLeft: () => view.pan(-view.span / (event.shiftKey ? 2 : 10)),
      ArrowRight: () => view.pan(view.span / (event.shiftKey ? 2 : 10)),
    }[event.key];
    if (!does || (event.key === " " && event.target.closest?.("button, a"))) return;
    event.preventDefault();
    does();
  }
}

function tellRep(rep) {
  if (rep.turn_s === null) return `held from ${seconds(rep.start_s)} to ${seconds(rep.end_s)} s`;
  const rom = rep.rom_deg === null || rep.rom_deg === undefined ? "" : `, ${rep.rom_deg.toFixed(0)}°`;
  return `rep ${rep.number}: ${seconds(rep.start_s)} to ${seconds(rep.end_s)} s, turn ${seconds(rep.turn_s)} s, `
    + `eccentric ${seconds(rep.eccentric_s)} s, concentric ${seconds(rep.concentric_s)} s${rom}`;
}

export function problemList(problems) {
  const list = made("ul", "", "problems");
  list.append(...problems.map((problem) => made("li", problem)));
  return list;
}
