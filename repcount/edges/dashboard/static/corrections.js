// What a corrected count came to: asked for until it is known, shown before and after, taken back.

import { isObject, text, whole } from "./payloads.js";
import { line } from "./lines.js";

const AGAIN_MS = 1000;
const MOST_ASKED = 900;
const MOST_ROWS = 60;
const WORDS = ["better", "worse"];

export class Corrections {
  #following = false;

  /** `section` shows it, `ask(cmd, payload)` asks the service, `note(text)` says it shortly. */
  constructor(section, ask, note) {
    Object.assign(this, { section, ask, note });
    this.words = section.querySelector(".came");
    this.rows = section.querySelector(".rows");
    this.back = section.querySelector(".take-back");
    this.back.addEventListener("click", () => this.#takeBack());
  }

  /** A count was corrected: ask until it is known what that changed. */
  async follow() {
    if (this.#following) return;
    this.#following = true;
    for (let asked = 0; asked < MOST_ASKED; asked += 1) {
      const told = await this.ask("calibration", {});
      if (told === null) break;
      this.#show(told);
      if (told.running !== true) {
        const words = text(told.words, 400);
        if (words) this.note(words);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    this.#following = false;
  }

  #show(told) {
    const running = told.running === true;
    const undoable = whole(told.undoable) ?? 0;
    this.section.hidden = !running && undoable === 0;
    this.words.textContent = running ? "Counting all stored sets again …" : text(told.words, 400) ?? "";
    const rows = Array.isArray(told.rows) && !running ? told.rows.filter(Array.isArray).slice(0, MOST_ROWS) : [];
    this.rows.replaceChildren(...rows.map((row) => {
      const [name, said, before, after, word] = row.map((cell) => text(cell, 60) ?? "");
      const came = [`it was ${said}`, `before ${before}`, `after ${after}`, WORDS.includes(word) ? word : ""];
      return line("corrected", ["what", name], ["details", came.filter(Boolean).join(" · ")]);
    }));
    this.back.disabled = running;
  }

  async #takeBack() {
    const told = await this.ask("undo_correction", {});
    if (!isObject(told)) return;
    this.note("Taken back: the count, and what it had changed.");
    this.section.hidden = !(whole(told.undoable) > 0);
    this.words.textContent = "";
    this.rows.replaceChildren();
  }
}
