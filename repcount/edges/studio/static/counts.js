// "It was N": a count for a set, what that changes in all stored sets, and the way back.

import { ask, pathOf } from "./api.js";
import { setsOf } from "./said.js";
import { clock, made, plural, spaced } from "./words.js";

const MOST_REPS = 1000;

export class Counts {
  constructor(section, recording, { failed }) {
    Object.assign(this, { section, recording, failed });
    this.truth = recording.meta.reps_true;
    this.correctable = recording.correctable;
    this.outcome = section.querySelector(".outcome");
    this.back = section.querySelector(".undo-count");
    this.back.addEventListener("click", () => this.#undo());
    this.show(recording.said);
  }

  show(said) {
    this.sets = setsOf(said);
    const known = this.truth?.length ?? 0;
    const rows = Array.from({ length: Math.max(this.sets.length, known) }, (_, k) => this.#row(k));
    this.section.querySelector(".set-rows").replaceChildren(...rows);
    this.section.querySelector(".none").hidden = rows.length > 0;
    if (rows.length === 0) this.section.querySelector(".set-rows").append(this.#row(0));
    this.back.hidden = this.correctable === 0;
  }

  #row(k) {
    const [set, truth] = [this.sets[k], this.truth?.[k] ?? null];
    const row = made("li", "", "set-row");
    const counted = set?.rep_count ?? 0;
    row.dataset.right = truth === null ? "" : truth === counted;
    row.append(made("p", set ? `Set ${k + 1}: ${plural(counted, "rep")} of ${spaced(set.exercise)} at ${clock(set.start_s)}` : `Set ${k + 1}: not counted`));
    row.append(made("p", truth === null ? "nobody said how many it was" : `it was ${truth}`, "said"));
    row.append(this.#form(k, truth ?? counted));
    return row;
  }

  #form(k, value) {
    const form = document.createElement("form");
    const label = made("label", "It was ");
    const input = document.createElement("input");
    Object.assign(input, { type: "number", min: 0, max: MOST_REPS, step: 1, required: true, value });
    label.append(input);
    const button = made("button", "Correct");
    button.type = "submit";
    button.setAttribute("aria-label", `Correct the count of set ${k + 1}`);
    form.append(label, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#correct(k + 1, Number(input.value));
    });
    return form;
  }

  async #correct(set, rep_count) {
    this.#busy(true);
    try {
      const answer = await ask(pathOf(this.recording.name, "/count"), { method: "POST", body: { rep_count, set } });
      this.truth = answer.reps_true;
      this.correctable += 1;
      this.show(this.recording.said);
      this.outcome.replaceChildren(made("p", answer.words), ...(answer.rows.length ? [table(answer.rows)] : []));
    } catch (error) {
      this.failed(error);
    }
    this.#busy(false);
  }

  async #undo() {
    this.#busy(true);
    try {
      const answer = await ask(pathOf(this.recording.name, "/count/undo"), { method: "POST" });
      this.truth = answer.reps_true;
      this.correctable = answer.correctable;
      this.show(this.recording.said);
      this.outcome.replaceChildren(made("p", "Taken back: the count, and what it had changed."));
    } catch (error) {
      this.failed(error);
    }
    this.#busy(false);
  }

  #busy(yes) {
    if (yes) this.outcome.replaceChildren();
    this.outcome.setAttribute("aria-busy", yes);
    for (const button of this.section.querySelectorAll("button")) button.disabled = yes;
  }
}

function table(rows) {
  const element = document.createElement("table");
  const head = document.createElement("tr");
  for (const name of ["recording", "it was", "before", "after", ""]) {
    const cell = made("th", name);
    cell.scope = "col";
    head.append(cell);
  }
  element.append(head, ...rows.map((row) => {
    const line = document.createElement("tr");
    line.append(...row.map((text, k) => made("td", text, k === row.length - 1 ? text : "")));
    return line;
  }));
  return element;
}
