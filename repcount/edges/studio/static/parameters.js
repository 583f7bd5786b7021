// Sliders for what may be changed of the exercise; the newest wish is counted, those it overtook are not.

import { ask, pathOf } from "./api.js";
import { made, spaced } from "./words.js";

export class Parameters {
  #busy = false;
  #again = false;
  #values = new Map();

  /** `counted(answer)` gets what comes of it, `stretch()` says which time is looked at. */
  constructor(section, recording, { counted, stretch, failed }) {
    Object.assign(this, { section, recording, counted, stretch, failed });
    this.status = section.querySelector(".counted-again");
    this.reset = section.querySelector(".as-before");
    this.reset.addEventListener("click", () => this.#takeBack());
    const whose = section.querySelector("select");
    whose.append(...recording.tunings.map(({ key }, k) => new Option(spaced(key.replace("/", ", ")), k)));
    whose.addEventListener("change", () => this.#choose(recording.tunings[whose.value]));
    section.querySelector(".whose").hidden = recording.tunings.length < 2;
    this.#choose(recording.tunings[0]);
  }

  get values() {
    const given = Object.fromEntries(this.parameters.filter((one) => one.now !== one.value).map((one) => [one.name, one.now]));
    return { ...given, ...Object.fromEntries(this.#values) };
  }

  #choose({ key, parameters }) {
    const changed = this.#values.size > 0;
    Object.assign(this, { key, parameters });
    this.#values.clear();
    this.section.querySelector(".sliders").replaceChildren(...parameters.map((one) => this.#slider(one)));
    this.status.textContent = "";
    if (changed) this.#run(); // what was tried of the other exercise is over
  }

  #slider(one) {
    const row = made("div", "", "slider");
    const id = `p-${one.name.replaceAll(".", "-")}`;
    const label = made("label", one.name.replace(/^(movement|detector)\./, "").replaceAll("_", " ").replaceAll(".", " "));
    label.htmlFor = id;
    const output = made("output", String(one.now));
    const input = document.createElement("input");
    const meaning = made("p", one.meaning.replaceAll("`", ""));
    meaning.id = `${id}-meaning`;
    Object.assign(input, { id, type: "range", min: Math.min(one.low, one.now), max: Math.max(one.high, one.now), step: "any", value: one.now });
    input.dataset.name = one.name;
    input.setAttribute("aria-describedby", meaning.id);
    input.addEventListener("input", () => {
      const value = this.#rounded(one, Number(input.value));
      output.textContent = String(value);
      row.toggleAttribute("data-changed", value !== one.now);
      if (value === one.now) this.#values.delete(one.name);
      else this.#values.set(one.name, value);
      this.#run();
    });
    input.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      input.value = Math.min(one.high, Math.max(one.low, Number(output.textContent) + by * one.step));
      input.dispatchEvent(new Event("input"));
    });
    row.append(label, output, input, meaning);
    return row;
  }

  // Steps go out from what it is, which may lie between those from the least.
  #rounded(one, value) {
    const stepped = one.now + Math.round((value - one.now) / one.step) * one.step;
    return Number(Math.min(one.high, Math.max(one.low, stepped)).toFixed(6));
  }

  #takeBack() {
    this.#values.clear();
    this.section.querySelectorAll(".slider").forEach((row, k) => {
      const one = this.parameters[k];
      row.querySelector("input").value = one.now;
      row.querySelector("output").textContent = String(one.now);
      row.removeAttribute("data-changed");
    });
    this.#run();
  }

  async #run() {
    this.reset.disabled = this.#values.size === 0;
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#again) {
      this.#again = false;
      const began = performance.now();
      if (this.#values.size === 0) {
        this.counted({ said: this.recording.said, doubts: this.recording.doubts ?? [], whole: true, stretch: [0, 0] });
        this.status.textContent = "As they were.";
        continue;
      }
      try {
        const answer = await ask(pathOf(this.recording.name, "/rerun"), { method: "POST", body: { key: this.key, values: this.values, ...this.stretch() } });
        this.counted(answer);
        const what = answer.whole ? "" : ` from ${answer.stretch[0].toFixed(0)} to ${answer.stretch[1].toFixed(0)} s`;
        this.status.textContent = `Counted again${what} in ${Math.round(performance.now() - began)} ms.`;
        this.status.dataset.ms = Math.round(performance.now() - began);
      } catch (error) {
        this.failed(error);
      }
    }
    this.#busy = false;
  }
}
