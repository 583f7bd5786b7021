// Everything of a station that is not looked at during a set: load, targets, days gone by, recordings, the signal.

import { id, isObject, number, text, time, whole } from "./payloads.js";
import { SignalPlot } from "./plot.js";
import { line, readSets, setLine } from "./lines.js";
import { exerciseName, plural } from "./words.js";

const MOST_DAYS = 400;
const MOST_RECORDINGS = 100;
const MOST_SETS = 100;
const MEGABYTE = 1e6;

export class Panel {
  #dialog;
  #told = { load_kg: null, side: null, eccentric_target_s: null, target_s: null };
  #plot;

  /** `ask(cmd, payload)` gives the answer's `result`, or null when it was refused. */
  constructor(dialog, name, ask) {
    this.#dialog = dialog;
    this.ask = ask;
    this.#plot = new SignalPlot(this.#part("plot"), () => ask("watch", {}));
    dialog.setAttribute("aria-label", `Settings of ${name}`);
    this.#part("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.#stopPlot());
    this.#part("load").addEventListener("change", () => this.#sendLoad());
    this.#part("hand").addEventListener("change", () => this.#sendLoad());
    for (const step of dialog.querySelectorAll("[data-step]")) step.addEventListener("click", () => this.#step(step));
    this.#part("lowering").addEventListener("change", (event) => this.#sendNumber("target_tempo", "eccentric_s", event.target));
    this.#part("rest").addEventListener("change", (event) => this.#sendNumber("rest_target_s", "rest_target_s", event.target));
    this.#part("day").addEventListener("change", (event) => this.#showDay(event.target.value));
    this.#part("signal").addEventListener("click", () => this.#toggleSignal());
  }

  get open() {
    return this.#dialog.open;
  }

  show() {
    this.#fill();
    this.#dialog.showModal();
    this.#showDay("");
    this.#showRecordings();
  }

  /** What the service says of `load_kg`, `side`, `eccentric_target_s` and the rest's `target_s`, and how to wear it. */
  tell(told) {
    Object.assign(this.#told, told);
    const editing = this.#dialog.contains(document.activeElement) && document.activeElement.matches("input");
    if (this.open && !editing) this.#fill();
  }

  wear(words) {
    this.#part("wear").textContent = words;
  }

  signal(payload) {
    this.#plot.take(payload);
  }

  #part(name) {
    return this.#dialog.querySelector(`.${name}`);
  }

  #fill() {
    const { load_kg, side, eccentric_target_s, target_s } = this.#told;
    this.#part("load").value = load_kg ?? "";
    this.#part("hand").value = side ?? "";
    this.#part("lowering").value = eccentric_target_s ?? "";
    this.#part("rest").value = target_s ?? "";
  }

  #step(button) {
    const input = this.#part(button.dataset.step);
    const value = (number(Number(input.value), 0, 3600) ?? 0) + Number(button.dataset.by);
    input.value = Math.max(Number(input.min), Math.min(Number(input.max), value));
    input.dispatchEvent(new Event("change"));
  }

  #sendLoad() {
    const load_kg = this.#part("load").value === "" ? null : Number(this.#part("load").value);
    this.ask("load", { load_kg, side: this.#part("hand").value || null });
  }

  #sendNumber(cmd, key, input) {
    if (input.value === "" && cmd === "target_tempo") return;
    this.ask(cmd, { [key]: input.value === "" ? null : Number(input.value) });
  }

  async #showDay(day) {
    const answer = await this.ask("history", day ? { day } : {});
    if (answer === null) return;
    const days = isObject(answer.days) ? Object.entries(answer.days).slice(0, MOST_DAYS) : [];
    const shown = text(answer.day, 10) ?? "";
    const options = days.filter(([date, sets]) => /^\d{4}-\d\d-\d\d$/.test(date) && whole(sets) !== null);
    if (!options.some(([date]) => date === shown)) options.unshift([shown, 0]);
    this.#part("day").replaceChildren(...options.map(([date, sets]) => new Option(`${date} · ${plural(sets, "set")}`, date)));
    this.#part("day").value = shown;
    const sets = readSets(answer.sets, MOST_SETS);
    this.#part("gone").replaceChildren(...sets.map(setLine));
    this.#part("nothing").hidden = sets.length > 0;
  }

  async #showRecordings() {
    const answer = await this.ask("recordings", {});
    const list = Array.isArray(answer?.recordings) ? answer.recordings.filter(isObject).slice(0, MOST_RECORDINGS) : [];
    this.#part("recordings").replaceChildren(...list.map((one) => this.#recording(one)));
    this.#part("unrecorded").hidden = list.length > 0;
  }

  #recording(one) {
    const [name, when, exercise, size] = [text(one.name, 80) ?? "", time(one.when), id(one.exercise), number(one.bytes, 0, 1e15)];
    const date = when === null ? name : new Date(when).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    const item = line("recording",
      ["when", date],
      ["details", [exercise && exerciseName(exercise), size !== null && `${(size / MEGABYTE).toFixed(1)} MB`].filter(Boolean).join(" · ")]);
    const button = document.createElement("button");
    button.type = "button";
    button.disabled = one.open === true;
    button.textContent = one.open === true ? "Recording" : "Delete";
    button.setAttribute("aria-label", `${button.textContent} ${date}`);
    button.addEventListener("click", () => this.#delete(button, name, item));
    item.append(button);
    return item;
  }

  // Two taps: the first asks.
  async #delete(button, name, item) {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = "";
      button.textContent = "Delete for good?";
      return;
    }
    button.disabled = true;
    if ((await this.ask("delete_recording", { name })) !== null) item.remove();
    else button.disabled = false;
  }

  #toggleSignal() {
    const opens = !this.#plot.open;
    this.#part("signal").setAttribute("aria-expanded", opens);
    this.#part("signal").textContent = opens ? "Hide the signal" : "Show the signal";
    if (opens) void this.#plot.show();
    else this.#plot.close();
  }

  #stopPlot() {
    if (this.#plot.open) this.#toggleSignal();
  }
}
