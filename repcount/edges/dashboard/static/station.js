// One card: everything one station says. Text goes in by textContent only; ids come from fixed lists or patterns.

import { id, isObject, number, text, time, whole } from "./payloads.js";
import { RestTimer } from "./rest.js";
import { capital, clock, EXERCISES, exerciseName, measured, PHASES, plural, seconds, TEMPO, timeOfDay, verdict } from "./words.js";

const CUE_MS = 2000;
const ANSWER_MS = 3000;
const MOST_SETS = 60;
const MOST_SENSORS = 8;

export class Station {
  #parts = {};
  #rest = new RestTimer();
  #count = { set_index: null, rep_count: null };
  #exercise = null;
  #offered = "";
  #phase = null;
  #cueTimer = 0;
  #answerTimer = 0;
  #setWords = "";
  #online = true;
  #worn = true;

  /** `publish(cmd, payload)` sends a command, `say(text)` speaks to a screen reader, `note(text)` shows a short message. */
  constructor(name, { publish, say, note }) {
    this.name = name;
    this.say = say;
    this.note = note;
    this.element = document.getElementById("station").content.firstElementChild.cloneNode(true);
    for (const part of this.element.querySelectorAll("[class]")) this.#parts[part.classList[0]] ??= part;
    this.#parts.select = this.element.querySelector("select");
    this.#parts.sets = this.element.querySelector("ol");
    this.#show("name", name.replaceAll("-", " "));
    this.element.setAttribute("aria-label", name);
    this.#parts.select.addEventListener("change", () => {
      publish("exercise", this.#parts.select.value);
      clearTimeout(this.#answerTimer);
      this.#answerTimer = setTimeout(() => this.#showExercise(), ANSWER_MS);
    });
    this.#parts.end.addEventListener("click", () => publish("end_set", "PRESS"));
    this.#offer(EXERCISES);
    this.#showExercise();
    this.#showPhase();
  }

  /** Take a message of `state/<name>`. */
  state(name, payload, retained) {
    const handlers = {
      count: () => this.#onCount(payload),
      tempo: () => this.#onTempo(payload),
      phase: () => this.#onPhase(payload),
      rest: () => this.#onRest(payload, retained),
      exercise: () => this.#onExercise(payload),
      sensors: () => this.#onSensors(payload),
      today: () => this.#onToday(payload),
    };
    if (Object.hasOwn(handlers, name)) handlers[name]();
  }

  /** Take a message of `event/<name>`. */
  event(payload) {
    if (payload.type === "tempo_cue" && payload.cue === "slow_down") this.#onCue(payload);
    if (payload.type === "rep_retracted") this.note(`Rep ${whole(payload.rep_index) ?? ""} taken back`);
    if (payload.type === "hold_ended") this.note(`Held ${seconds(number(payload.hold_s))} s`);
    if (payload.type === "set_ended") this.#onSetEnded(payload);
  }

  /** Take an answer to a command; only refusals are shown. */
  answer(payload) {
    if (payload.ok !== false) return;
    this.note(text(payload.error, 200) || "The service refused that.");
    this.#showExercise();
  }

  status(online) {
    this.#online = online;
    this.#showStale();
  }

  /** Whether commands can be sent now. */
  set reachable(yes) {
    this.#parts.select.disabled = this.#parts.end.disabled = !yes;
  }

  /** Move what moves by itself; called a few times a second. */
  tick(ticksMs) {
    this.#show("timer", this.#rest.resting ? clock(this.#rest.rested_s(ticksMs)) : "");
  }

  #onCount(payload) {
    const [rep_count, set_index] = [whole(payload.rep_count), whole(payload.set_index)];
    if (rep_count === null) return;
    const before = this.#count;
    this.#count = { rep_count, set_index };
    this.#show("number", String(rep_count));
    this.#show("unit", rep_count === 1 ? "rep" : "reps");
    this.#parts.number.dataset.digits = String(rep_count).length;
    this.#setWords = set_index ? `Set ${set_index}${payload.set_open === false ? " · done" : ""}` : "";
    this.#showSet();
    if (before.rep_count === null || before.rep_count === rep_count || rep_count === 0) return;
    this.say(String(rep_count));
    this.#restart(this.#parts.number, "counted");
  }

  #onTempo(payload) {
    for (const phase of TEMPO) this.#show(phase, seconds(number(payload[phase], 0, 999)));
    const controlled = typeof payload.controlled === "boolean" ? payload.controlled : null;
    const [eccentric, target] = [number(payload.eccentric_s), number(payload.eccentric_target_s)];
    const [words, grade] = verdict(controlled, eccentric, target, payload.partial === true);
    const [depth, rom] = [number(payload.depth_deg, 0, 180), number(payload.rom_deg, 0, 180)];
    const [way, speed] = [number(payload.rom_m, 0, 2), number(payload.mean_concentric_velocity_m_s, 0, 5)];
    this.#show("verdict", words);
    this.#show("rom", measured(depth, rom, way, speed, payload.style === "kipping"));
    this.#parts.last.dataset.grade = grade;
  }

  #onPhase(payload) {
    if (!Object.hasOwn(PHASES, payload.phase)) return;
    this.#phase = payload.phase;
    this.#parts.bar.style.transform = `scaleX(${number(payload.progress_ratio, 0, 1) ?? 0})`;
    this.#showPhase();
  }

  #onRest(payload, retained) {
    this.#rest.update(payload, retained, performance.now(), Date.now());
    this.tick(performance.now());
    this.#showPhase();
  }

  #onExercise(payload) {
    this.#exercise = id(payload.exercise);
    const given = Array.isArray(payload.available) ? payload.available.map(id).filter(Boolean).slice(0, 40) : EXERCISES;
    this.#offer(given);
    this.#showExercise();
    const armed = typeof payload.armed === "boolean" ? payload.armed : null;
    this.#show("armed", { true: "armed", false: "not armed", null: "" }[armed]);
    this.#parts.armed.dataset.armed = armed;
  }

  #onSensors(payload) {
    if (!isObject(payload.sensors)) return;
    const sensors = Object.entries(payload.sensors).filter(([, sensor]) => isObject(sensor)).slice(0, MOST_SENSORS);
    this.#parts.sensors.replaceChildren(...sensors.map(([key, sensor]) => sensorLine(key, sensor)));
    this.#worn = sensors.length === 0 || sensors.some(([, sensor]) => sensor.connected === true);
    this.#showStale();
  }

  #onToday(payload) {
    if (!Array.isArray(payload.sets)) return;
    const sets = payload.sets.filter((done) => isObject(done) && whole(done.rep_count) !== null).slice(-MOST_SETS);
    this.#parts.sets.replaceChildren(...sets.reverse().map(setLine));
    this.#parts.none.hidden = sets.length > 0;
  }

  // A cue that waited in a queue is worth nothing: it belongs to a rep that is long over.
  #onCue(payload) {
    const [set_index, rep_index] = [whole(payload.set_index), whole(payload.rep_index)];
    if (set_index === null || rep_index === null) return;
    const now = this.#count;
    if (set_index < now.set_index || (set_index === now.set_index && rep_index < now.rep_count)) return;
    this.#show("cue", "Slow down");
    clearTimeout(this.#cueTimer);
    this.#cueTimer = setTimeout(() => this.#show("cue", ""), CUE_MS);
  }

  #onSetEnded(payload) {
    const reps = whole(payload.rep_count);
    if (reps !== null) this.say(`Set over, ${plural(reps, "rep")}`);
  }

  #offer(exercises) {
    const wanted = exercises.join(" ");
    if (wanted === this.#offered) return;
    this.#offered = wanted;
    this.#parts.select.replaceChildren(...exercises.map((exercise) => new Option(exerciseName(exercise), exercise)));
  }

  #showExercise() {
    const { select } = this.#parts;
    select.querySelector("[data-extra]")?.remove();
    const value = this.#exercise ?? "";
    if (![...select.options].some((option) => option.value === value)) {
      const extra = new Option(value ? exerciseName(value) : "Choose exercise", value);
      extra.dataset.extra = "";
      extra.disabled = true;
      select.prepend(extra);
    }
    select.value = value;
  }

  #showPhase() {
    const phase = this.#rest.resting ? "rest" : this.#phase;
    const [word, gloss] = phase ? PHASES[phase] : ["", ""];
    this.element.dataset.phase = phase ?? "none";
    this.#show("word", word);
    this.#show("gloss", gloss);
  }

  #showStale() {
    this.element.dataset.stale = !this.#online || !this.#worn;
    this.#showSet();
  }

  #showSet() {
    this.#show("set", this.#online ? this.#setWords : "station offline");
  }

  #restart(element, animation) {
    element.classList.remove(animation);
    void element.offsetWidth; // lets the animation begin again
    element.classList.add(animation);
  }

  #show(part, words) {
    const element = this.#parts[part];
    if (element.textContent !== words) element.textContent = words;
  }
}

function line(className, ...spans) {
  const item = document.createElement("li");
  item.className = className;
  for (const [name, words] of spans) {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = words;
    item.append(span);
  }
  return item;
}

function sensorLine(key, sensor) {
  const connected = sensor.connected === true;
  const [battery, heart] = [number(sensor.battery_percent, 0, 100), number(sensor.heart_rate_bpm, 20, 260)];
  const details = [
    connected ? "connected" : "not connected",
    battery !== null && `battery ${Math.round(battery)} %`,
    heart !== null && `${Math.round(heart)} bpm`,
  ].filter(Boolean);
  const item = line("sensor", ["place", capital(text(sensor.placement, 30) || text(key, 30) || "sensor")], ["details", details.join(" · ")]);
  item.dataset.connected = connected;
  return item;
}

function setLine(done) {
  const [exercise, reps, started] = [id(done.exercise), whole(done.rep_count), time(done.start_at)];
  const [controlled, tension] = [whole(done.controlled_reps), number(done.time_under_tension_s)];
  const tempo = isObject(done.mean_tempo) ? TEMPO.map((phase) => seconds(number(done.mean_tempo[phase], 0, 999))).join("-") : null;
  const details = [
    tempo,
    controlled !== null && `${controlled} controlled`,
    tension !== null && `${Math.round(tension)} s`,
  ].filter(Boolean);
  return line("done",
    ["reps", String(reps)],
    ["what", `${exercise ? exerciseName(exercise) : "Set"}`],
    ["when", started === null ? "" : timeOfDay(started)],
    ["details", details.join(" · ")]);
}
