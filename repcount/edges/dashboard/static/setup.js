// Sensors and people: who is there, somebody's form, and the sensors in reach, one view at a time in one dialog.

import { Person } from "./person.js";
import { id, isObject, text } from "./payloads.js";
import { sentence } from "./questions.js";
import { Scan } from "./scan.js";
import { capital, exerciseName } from "./words.js";

const MOST_PEOPLE = 64;
const MOST_EXERCISES = 40;
const VIEWS = ["people", "person", "scan"];
const TITLES = { people: "Sensors and people", scan: "Which sensor?" };

export class Setup {
  #dialog;
  #askService;
  #note;
  #person;
  #scan;
  #people = [];
  #editable = false;
  #whyNot = "";
  #asking = false;
  #stale = false;
  #leaveScan = () => {};

  /** `askService(cmd, fields, onPart)` as in `Questions`, `note(text)` shows a short message. */
  constructor(dialog, askService, note) {
    this.#dialog = dialog;
    this.#askService = askService;
    this.#note = note;
    this.#scan = new Scan(this.#view("scan"), askService, (id) => nameOf(this.#people.find((one) => one.id === id) ?? { id }));
    this.#person = new Person(this.#view("person"), (choose) => this.#find(choose));
    this.#on("close", () => dialog.close());
    this.#on("add", () => this.#edit(null));
    this.#on("back", () => this.#leaveScan());
    this.#on("cancel", () => this.#showPeople());
    this.#on("remove", (event) => this.#remove(event.currentTarget));
    this.#on("reload", () => this.#reload());
    this.#view("person").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    dialog.addEventListener("cancel", (event) => this.#escape(event));
  }

  async show() {
    this.#dialog.showModal();
    await this.#showPeople();
  }

  #on(button, act) {
    for (const one of this.#dialog.querySelectorAll(`button.${button}`)) one.addEventListener("click", act);
  }

  #part(name) {
    return this.#dialog.querySelector(`.${name}`);
  }

  #view(name) {
    return this.#dialog.querySelector(`[data-view="${name}"]`);
  }

  // Escape leads one view back, and only from the first one out.
  #escape(event) {
    const open = VIEWS.find((name) => !this.#view(name).hidden);
    if (open === "people") return;
    event.preventDefault();
    if (open === "scan") this.#leaveScan();
    else void this.#showPeople();
  }

  #open(name, title = TITLES[name]) {
    for (const view of VIEWS) this.#view(view).hidden = view !== name;
    this.#trouble("");
    const heading = this.#part("title");
    heading.textContent = title;
    this.#dialog.scrollTop = 0;
    heading.focus();
  }

  #trouble(words, { reload = false } = {}) {
    this.#part("trouble").textContent = words;
    this.#part("reload").hidden = !reload;
  }

  /** A sensor of somebody was connected, or is not: show it, where people are looked at. */
  changed() {
    this.#stale = this.#asking;
    if (this.#dialog.open && !this.#view("people").hidden && !this.#asking) void this.#fillPeople();
  }

  async #showPeople() {
    this.#open("people");
    await this.#fillPeople();
  }

  async #fillPeople() {
    this.#asking = true;
    const answer = await this.#askService("stations");
    this.#asking = false;
    if (this.#view("people").hidden) return;
    this.#tell(answer);
    if (this.#stale) this.changed();
  }

  #tell(answer) {
    if (!answer.ok) {
      this.#trouble(answer.error);
      this.#part("add").disabled = true;
      return;
    }
    const { result } = answer;
    this.#people = (Array.isArray(result.stations) ? result.stations : []).filter(isObject).slice(0, MOST_PEOPLE);
    this.#editable = result.editable === true;
    this.#whyNot = text(result.why_not, 300) ?? "";
    this.#person.offer(readExercises(result.exercises));
    const focused = document.activeElement?.dataset?.station;
    this.#part("list").replaceChildren(...this.#people.map((one) => this.#line(one)));
    if (focused) this.#part("list").querySelector(`[data-station="${CSS.escape(focused)}"]`)?.focus();
    this.#part("nobody").hidden = this.#people.length > 0;
    this.#part("add").disabled = !this.#editable;
    this.#part("why-not").textContent = this.#whyNot;
  }

  #line(station) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.disabled = !this.#editable;
    button.dataset.station = text(station.id, 32) ?? "";
    const name = nameOf(station);
    const sensors = (Array.isArray(station.sensor) ? station.sensor : []).filter(isObject);
    const worn = sensors.map((one) => [
      capital((text(one.placement, 30) ?? "").replaceAll("_", " ")),
      text(one.side, 10),
      text(one.name, 60) || "any sensor",
      one.connected === true ? "connected" : "not connected",
    ].filter(Boolean).join(" · "));
    const exercise = id(station.exercise);
    for (const [className, words] of [["who", name], ["details", [exercise && exerciseName(exercise), ...worn].filter(Boolean).join("\n")]]) {
      const span = document.createElement("span");
      span.className = className;
      span.textContent = words;
      button.append(span);
    }
    item.dataset.connected = sensors.some((one) => one.connected === true);
    button.addEventListener("click", () => this.#edit(station));
    item.append(button);
    return item;
  }

  #edit(station) {
    this.#open("person", station ? nameOf(station) : "Somebody new");
    this.#person.show(station);
    const remove = this.#part("remove");
    remove.hidden = station === null;
    remove.dataset.station = text(station?.id, 32) ?? "";
    this.#unsure();
    if (station === null) this.#view("person").elements["person-name"].focus();
  }

  #find(choose) {
    const title = this.#part("title").textContent;
    const leave = (use) => {
      this.#open("person", title);
      choose(use);
    };
    this.#leaveScan = () => leave(null);
    this.#open("scan");
    this.#scan.show(leave);
  }

  async #save() {
    const station = this.#person.read();
    this.#trouble("");
    if (station === null) return;
    const answer = await this.#busy("Saving …", () => this.#askService("save_station", { station }));
    if (answer.ok) {
      this.#note(`${station.name} is saved`);
      await this.#showPeople();
      return;
    }
    const elsewhere = this.#person.wrong(answer.problems);
    if (answer.problems.length === 0) this.#trouble(answer.error);
    else if (elsewhere.length > 0) this.#refused(elsewhere);
  }

  #refused(problems) {
    const words = problems.map(sentence).join("\n");
    this.#trouble(words, { reload: /changed on disk/.test(words) });
  }

  // Two taps: the first asks.
  async #remove(button) {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = "";
      button.textContent = "Remove for good?";
      this.#part("what-goes").hidden = false;
      return;
    }
    const answer = await this.#busy("Removing …", () => this.#askService("remove_station", { id: button.dataset.station }));
    if (answer.ok) await this.#showPeople();
    else if (answer.problems.length > 0) this.#refused(answer.problems);
    else this.#trouble(answer.error);
    this.#unsure();
  }

  #unsure() {
    const button = this.#part("remove");
    delete button.dataset.sure;
    button.textContent = "Remove";
    this.#part("what-goes").hidden = true;
  }

  async #reload() {
    const answer = await this.#busy("Reading …", () => this.#askService("reload"));
    if (answer.ok) this.#trouble("The file is read again. Save once more what you have changed.");
    else this.#refused(answer.problems.length > 0 ? answer.problems : [{ place: "", words: answer.error }]);
  }

  /** Let nothing be tapped twice while the service works. */
  async #busy(words, act) {
    const buttons = [...this.#dialog.querySelectorAll("button")].filter((button) => !button.disabled);
    for (const button of buttons) button.disabled = true;
    this.#part("doing").textContent = words;
    try {
      return await act();
    } finally {
      this.#part("doing").textContent = "";
      for (const button of buttons) button.disabled = false;
    }
  }
}

function nameOf(station) {
  return text(station.name, 40) || text(station.id, 32) || "";
}

function readExercises(exercises) {
  if (!Array.isArray(exercises)) return [];
  return exercises.filter((one) => isObject(one) && id(one.id)).slice(0, MOST_EXERCISES).map((one) => ({
    id: one.id,
    title: text(one.title, 60) || exerciseName(one.id),
    wear: text(one.wear, 300) ?? "",
    placements: Array.isArray(one.placements) ? one.placements.map(id).filter(Boolean) : [],
  }));
}
