// The form of one person: name, sensors and where they are worn, exercise, what to aim at.

import { isObject, number, text } from "./payloads.js";
import { capital } from "./words.js";

const MOST_SENSORS = 2;
const FIELDS = ["name", "exercise", "tempo", "rest_target_s", "wearer"];

export class Person {
  #form;
  #choices = { exercises: [], placements: ["wrist", "chest"] };
  #person = {};
  #find;

  /** `find(choose)` lets a sensor be chosen, and calls `choose(use, words)`. */
  constructor(form, find) {
    this.#form = form;
    this.#find = find;
    this.#field("exercise").addEventListener("change", () => this.#showExercise());
    this.#field("tempo").addEventListener("change", () => this.#keepTempo());
    this.#part("second").addEventListener("click", () => {
      this.#keepSensors();
      const worn = this.#person.sensor.map((sensor) => sensor.placement);
      this.#person.sensor.push({ name: null, placement: this.#choices.placements.find((one) => !worn.includes(one)) });
      this.#showSensors();
    });
  }

  /** What can be chosen, as the service tells it. */
  offer(exercises) {
    this.#choices.exercises = exercises;
    const placements = exercises.flatMap((one) => one.placements);
    if (placements.length > 0) this.#choices.placements = [...new Set(placements)].sort().reverse();
    const options = exercises.map((one) => new Option(one.title, one.id));
    this.#field("exercise").replaceChildren(new Option("chosen later", ""), ...options);
  }

  /** Fill the form with a station as the service tells it; null is somebody new. */
  show(station) {
    const given = station ?? {};
    this.#person = {
      id: given.id,
      tempo: { ...(isObject(given.tempo) ? given.tempo : {}) },
      sensor: (Array.isArray(given.sensor) ? given.sensor : []).filter(isObject).map((one) => ({ ...one })),
    };
    if (this.#person.sensor.length === 0) this.#person.sensor.push({ name: null, placement: "wrist" });
    this.#field("name").value = text(given.name, 40) || text(given.id, 32) || "";
    this.#field("exercise").value = given.exercise ?? "";
    this.#field("wearer").value = text(given.wearer, 32) ?? "";
    this.#field("rest_target_s").value = number(given.rest_target_s, 0, 3600) ?? "";
    this.wrong([]);
    this.#showSensors();
    this.#showExercise();
  }

  /** The station as the service is to keep it; null while something is missing, which is then shown. */
  read() {
    this.#keepSensors();
    this.#keepTempo();
    const { id, tempo, sensor } = this.#person;
    const missing = sensor.flatMap((one, k) => (one.name === null ? [{ place: `sensor[${k}].name`, words: "Choose a sensor." }] : []));
    const name = this.#field("name").value.trim();
    if (!name) missing.unshift({ place: "name", words: "Give a name." });
    this.wrong(missing);
    if (missing.length > 0) return null;
    const rest = this.#field("rest_target_s").value;
    return {
      ...(id && { id }),
      name,
      wearer: this.#field("wearer").value.trim() || null,
      exercise: this.#field("exercise").value || null,
      rest_target_s: rest === "" ? null : Number(rest),
      tempo: Object.keys(tempo).length > 0 ? tempo : null,
      sensor: sensor.map(({ name: use, placement, side, params }) => ({
        name: use,
        placement,
        side: side || null,
        params: isObject(params) && Object.keys(params).length > 0 ? params : null,
      })),
    };
  }

  /** Show what is wrong, each where it arises; what belongs to no field is given back. */
  wrong(problems) {
    for (const box of this.#form.querySelectorAll(".wrong")) box.textContent = "";
    for (const input of this.#form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    let first = null;
    const elsewhere = problems.filter(({ place, words }) => {
      const key = place.startsWith("tempo.") ? "tempo" : place;
      const input = this.#form.querySelector(`[data-place="${CSS.escape(key)}"]`);
      if (!input) return true;
      input.setAttribute("aria-invalid", "true");
      document.getElementById(input.getAttribute("aria-describedby")).textContent = capital(words);
      first ??= input;
      return false;
    });
    first?.focus();
    first?.scrollIntoView({ block: "center" });
    return elsewhere;
  }

  #part(name) {
    return this.#form.querySelector(`.${name}`);
  }

  #field(name) {
    return this.#form.elements[FIELDS.includes(name) ? `person-${name}` : name];
  }

  #showSensors() {
    const template = document.getElementById("worn");
    this.#part("sensors-worn").replaceChildren(...this.#person.sensor.map((sensor, k) => {
      const row = template.content.firstElementChild.cloneNode(true);
      row.querySelector("legend").textContent = this.#person.sensor.length > 1 ? `Sensor ${k + 1}` : "Sensor";
      for (const box of row.querySelectorAll("[data-of]")) {
        const wrong = row.querySelector(`[data-wrong="${box.dataset.of}"]`);
        wrong.id = `wrong-${k}-${box.dataset.of}`;
        box.dataset.place = `sensor[${k}].${box.dataset.of}`;
        box.setAttribute("aria-describedby", wrong.id);
      }
      row.querySelector(".which").textContent = text(sensor.name, 60) || "none chosen";
      const choose = row.querySelector(".choose");
      choose.setAttribute("aria-label", `Choose sensor ${k + 1}, now ${text(sensor.name, 60) || "none"}`);
      choose.addEventListener("click", () => {
        this.#keepSensors();
        this.#find((use) => {
          if (use !== null && use !== sensor.name) Object.assign(this.#person.sensor[k], { name: use, params: null });
          this.wrong([]);
          this.#showSensors();
          this.#part("sensors-worn").querySelectorAll(".choose")[k].focus();
        });
      });
      const place = row.querySelector(".place");
      place.replaceChildren(...this.#choices.placements.map((one) => new Option(capital(one.replaceAll("_", " ")), one)));
      place.value = sensor.placement;
      row.querySelector(".arm-side").value = sensor.side ?? "";
      for (const select of [place, row.querySelector(".arm-side")]) {
        select.addEventListener("change", () => this.#keepSensors());
      }
      const drop = row.querySelector(".drop");
      drop.hidden = this.#person.sensor.length < 2;
      drop.addEventListener("click", () => {
        this.#keepSensors();
        this.#person.sensor.splice(k, 1);
        this.#showSensors();
        this.#part("second").focus();
      });
      return row;
    }));
    this.#part("second").hidden = this.#person.sensor.length >= MOST_SENSORS;
    this.#draw();
  }

  #keepSensors() {
    [...this.#part("sensors-worn").children].forEach((row, k) => {
      Object.assign(this.#person.sensor[k], {
        placement: row.querySelector(".place").value,
        side: row.querySelector(".arm-side").value || null,
      });
    });
    this.#draw();
  }

  #draw() {
    const worn = this.#person.sensor.map(({ placement, side }) => (placement === "wrist" ? `wrist-${side ?? "either"}` : placement));
    this.#part("figure").dataset.worn = worn.join(" ");
  }

  // The tempo is an exercise's own.
  #showExercise() {
    const chosen = this.#choices.exercises.find((one) => one.id === this.#field("exercise").value);
    this.#part("wear-it").textContent = chosen?.wear ?? "On the wrist or the chest, strap snug, any way round.";
    this.#part("tempo-of").textContent = chosen ? `of ${chosen.title}` : "once an exercise is chosen";
    this.#field("tempo").disabled = !chosen;
    this.#field("tempo").value = (chosen && this.#person.tempo[chosen.id]) ?? "";
  }

  #keepTempo() {
    const exercise = this.#field("exercise").value;
    const words = this.#field("tempo").value.trim().replace(",", ".");
    if (!exercise) return;
    if (words === "") delete this.#person.tempo[exercise];
    else this.#person.tempo[exercise] = /^\d+(\.\d+)?$/.test(words) ? Number(words) : words;
  }
}
