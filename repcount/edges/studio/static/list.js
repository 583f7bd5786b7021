// All recordings, with what is counted in each: asked for one after the other, the list is there at once.

import { ask, pathOf } from "./api.js";
import { made, plural, spaced } from "./words.js";

export class List {
  #rows = new Map();
  #closed = false;

  constructor(main, failed) {
    this.failed = failed;
    main.replaceChildren(document.getElementById("list").content.cloneNode(true));
    this.element = main.querySelector(".list");
    for (const box of this.element.querySelectorAll("[name=filter]")) box.addEventListener("change", () => this.#filter());
    this.ready = this.#read();
  }

  close() {
    this.#closed = true;
  }

  async #read() {
    try {
      const { recordings } = await ask("/api/recordings");
      for (const one of recordings) this.#rows.set(one.name, this.#row(one));
      this.element.querySelector(".rows").replaceChildren(...this.#rows.values());
      this.#filter();
      await this.#judge(recordings);
    } catch (error) {
      this.failed(error);
    }
  }

  #row(one) {
    const row = made("li", "", "row");
    const link = made("a", one.name);
    link.href = `#${encodeURIComponent(one.name)}`;
    row.append(link, made("p", one.problems ? "" : details(one), "details"), made("p", one.problems ? "cannot be read" : "…", "verdict"));
    if (one.problems) broken(row, one.problems);
    return row;
  }

  async #judge(recordings) {
    const progress = this.element.querySelector(".progress");
    const wanted = recordings.filter((one) => !one.problems);
    for (const [k, one] of wanted.entries()) {
      if (this.#closed) return;
      progress.textContent = `Counting ${k + 1} of ${wanted.length} …`;
      const row = this.#rows.get(one.name);
      try {
        const told = await ask(pathOf(one.name, "/verdict"));
        row.dataset.right = told.right;
        row.querySelector(".verdict").textContent = verdict(told);
        row.querySelector(".details").textContent = details({ ...one, ...told });
      } catch (error) {
        broken(row, error.problems ?? [String(error)]);
      }
      this.#filter();
    }
    const wrong = [...this.#rows.values()].filter((row) => row.dataset.right === "false").length;
    progress.textContent = `${plural(this.#rows.size, "recording")}, ${wrong} counted wrong`;
  }

  #filter() {
    const wanted = this.element.querySelector("[name=filter]:checked").value;
    let shown = 0;
    for (const row of this.#rows.values()) {
      const right = row.dataset.right;
      row.hidden = (wanted === "wrong" && right !== "false" && right !== "broken") || (wanted === "unlabelled" && right !== "null");
      shown += !row.hidden;
    }
    const empty = this.element.querySelector(".empty");
    empty.hidden = shown > 0;
    empty.textContent = this.#rows.size === 0 ? "There is no recording here yet." : wanted === "wrong" ? "None that is known to be wrong." : "Every recording has a label.";
  }
}

function broken(row, problems) {
  row.dataset.right = "broken";
  row.querySelector(".verdict").textContent = "cannot be read";
  row.querySelector(".details").textContent = problems.join(" ");
}

function details(one) {
  const long = one.duration_s === undefined ? "" : `${one.duration_s.toFixed(0)} s`;
  const when = new Date(one.when).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return [spaced(one.exercise), one.placement ?? one.placements?.join(" and "), one.wearer, long, when].filter(Boolean).join(" · ");
}

function verdict(told) {
  const counted = `counted ${told.counts.join(" + ") || 0}`;
  if (told.truth) return `${counted}, it was ${told.truth.map((reps) => reps ?? "?").join(" + ")}`;
  return told.labelled === null ? `${counted}, no label` : `${counted}, labelled ${told.labelled}`;
}
