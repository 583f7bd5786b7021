// One card: everything one station says. Text goes in by textContent only; ids come from fixed lists or patterns.

import { Corrections } from "./corrections.js";
import { readSets, sensorLine, setLine } from "./lines.js";
import { Panel } from "./panel.js";
import { id, isObject, number, text, whole } from "./payloads.js";
import { RestTimer } from "./rest.js";
import { clock, EXERCISES, exerciseName, measured, PHASES, plural, seconds, TEMPO, verdict } from "./words.js";

const CUE_MS = 2000;
const LATE_S = 3; // a cue for a rest that was over when the page opened is none
const MOST_COUNT = 1000;
const LEAST_SCALE_S = 2;
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
  #corrected = false;
  #answerTimer = 0;
  #setWords = "";
  #online = true;
  #worn = true;
  #armed = null;
  #restTarget_s = null;
  #restOver = true;
  #panel;
  #corrections;

  /**
   * `ask(cmd, payload)` sends a command and gives what it is answered, `say(text)` speaks to a screen reader,
   * `note(text)` shows a short message, `cue(kind, text)` says it aloud where that is wanted.
   */
  constructor(name, { ask, say, note, cue }) {
    this.name = name;
    this.ask = ask;
    this.say = say;
    this.note = note;
    this.cue = cue;
    this.element = document.getElementById("station").content.firstElementChild.cloneNode(true);
    for (const part of this.element.querySelectorAll("[class]")) this.#parts[part.classList[0]] ??= part;
    this.#parts.select = this.element.querySelector("select");
    this.#parts.sets = this.element.querySelector("ol");
    this.#show("name", name.replaceAll("-", " "));
    this.element.setAttribute("aria-label", name);
    this.#parts.select.addEventListener("change", () => {
      ask("exercise", { exercise: this.#parts.select.value });
      clearTimeout(this.#answerTimer);
      this.#answerTimer = setTimeout(() => this.#showExercise(), ANSWER_MS);
    });
    this.#parts.end.addEventListener("click", () => ask("end_set", {}));
    this.#parts.arm.addEventListener("click", () => ask("arm", { armed: this.#armed === false }));
    this.#parts.more.addEventListener("click", () => this.#panel.show());
    this.#panel = new Panel(this.#parts.panel, name, ask);
    this.#corrections = new Corrections(this.element.querySelector(".corrections"), ask, note);
    this.#correcting();
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
    if (payload.type === "count_corrected") this.#onCorrected();
  }

  /** Take a message of `signal`. */
  signal(payload) {
    this.#panel.signal(payload);
  }

  /** A command was refused. */
  refused(words) {
    this.note(text(words, 200) || "The service refused that.");
    this.#showExercise();
  }

  status(online) {
    this.#online = online;
    this.#showStale();
  }

  /** Whether commands can be sent now. */
  set reachable(yes) {
    for (const part of ["select", "end", "arm", "correct", "more"]) this.#parts[part].disabled = !yes;
  }

  /** Move what moves by itself; called a few times a second. */
  tick(ticksMs) {
    const rested_s = this.#rest.resting ? this.#rest.rested_s(ticksMs) : null;
    this.#show("timer", rested_s === null ? "" : clock(rested_s));
    const target_s = this.#restTarget_s;
    const over = rested_s !== null && target_s !== null && rested_s >= target_s;
    this.#parts.timer.dataset.over = over;
    if (over && !this.#restOver && rested_s < target_s + LATE_S) this.cue("rest", "Rest over");
    this.#restOver = over || rested_s === null;
    if (rested_s !== null && target_s) this.#parts.bar.style.transform = `scaleX(${Math.min(1, rested_s / target_s)})`;
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
    if (rep_count > before.rep_count || set_index !== before.set_index) this.cue("count", String(rep_count));
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
    this.#showBars(payload, target);
    const hold = number(payload.hold_s, 0, 3600);
    if (hold !== null) this.#show("verdict", `held ${seconds(hold)} of ${seconds(number(payload.hold_target_s, 0, 3600))} s`);
  }

  // Four bars on one scale; the mark on the lowering's is what was asked for.
  #showBars(payload, target_s) {
    const times = TEMPO.map((phase) => number(payload[phase], 0, 999));
    const scale_s = Math.max(LEAST_SCALE_S, target_s ?? 0, ...times.map((time_s) => time_s ?? 0));
    [...this.#parts.bars.children].forEach((column, k) => {
      column.firstElementChild.style.transform = `scaleY(${(times[k] ?? 0) / scale_s})`;
    });
    const mark = this.#parts.mark;
    mark.hidden = target_s === null;
    mark.style.bottom = `${(100 * (target_s ?? 0)) / scale_s}%`;
  }

  #onPhase(payload) {
    if (!Object.hasOwn(PHASES, payload.phase)) return;
    this.#phase = payload.phase;
    if (!this.#rest.resting) this.#parts.bar.style.transform = `scaleX(${number(payload.progress_ratio, 0, 1) ?? 0})`;
    this.#showPhase();
  }

  #onRest(payload, retained) {
    this.#restTarget_s = number(payload.target_s, 0, 3600) || null;
    this.#panel.tell({ target_s: this.#restTarget_s });
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
    this.#armed = armed;
    this.#show("armed", { true: "armed", false: "not armed", null: "" }[armed]);
    this.#parts.armed.dataset.armed = armed;
    this.#show("arm", armed === false ? "Arm" : "Disarm");
    this.#panel.tell({
      load_kg: number(payload.load_kg, 0, 3600),
      side: text(payload.side, 10),
      eccentric_target_s: number(payload.eccentric_target_s, 0, 60),
    });
    this.#panel.wear(text(payload.wear, 300) ?? "");
    this.#show("plan", planWords(payload.plan, whole(payload.plan_done)));
  }

  #onSensors(payload) {
    if (!isObject(payload.sensors)) return;
    this.#show("name", text(payload.name, 40) || this.name.replaceAll("-", " "));
    this.element.setAttribute("aria-label", this.#parts.name.textContent);
    const sensors = Object.entries(payload.sensors).filter(([, sensor]) => isObject(sensor)).slice(0, MOST_SENSORS);
    this.#parts.sensors.replaceChildren(...sensors.map(([key, sensor]) => sensorLine(key, sensor)));
    this.#worn = sensors.length === 0 || sensors.some(([, sensor]) => sensor.connected === true);
    this.#showStale();
  }

  #onToday(payload) {
    if (!Array.isArray(payload.sets)) return;
    const sets = readSets(payload.sets, MOST_SETS);
    this.#parts.sets.replaceChildren(...sets.map(setLine));
    this.#parts.none.hidden = sets.length > 0;
  }

  // A cue that waited in a queue is worth nothing: it belongs to a rep that is long over.
  #onCue(payload) {
    const [set_index, rep_index] = [whole(payload.set_index), whole(payload.rep_index)];
    if (set_index === null || rep_index === null) return;
    const now = this.#count;
    if (set_index < now.set_index || (set_index === now.set_index && rep_index < now.rep_count)) return;
    this.#show("cue", "Slow down");
    this.cue("slow", "Slow down");
    clearTimeout(this.#cueTimer);
    this.#cueTimer = setTimeout(() => this.#show("cue", ""), CUE_MS);
  }

  #onSetEnded(payload) {
    const reps = whole(payload.rep_count);
    if (reps !== null) this.say(`Set over, ${plural(reps, "rep")}`);
  }

  async #correct(rep_count) {
    this.#corrected = true;
    if ((await this.ask("correct_count", { rep_count })) === null) this.#corrected = false;
  }

  // The service calibrates from this event on: whoever asks sooner is told that nothing is under way.
  #onCorrected() {
    if (this.#corrected) void this.#corrections.follow();
    this.#corrected = false;
  }

  // "It was ...": a small form in place of the button that opens it.
  #correcting() {
    const { correct, was } = this.#parts;
    const input = was.querySelector("input");
    const close = () => {
      was.hidden = true;
      correct.hidden = false;
      correct.focus();
    };
    correct.addEventListener("click", () => {
      correct.hidden = true;
      was.hidden = false;
      input.value = this.#count.rep_count ?? 0;
      input.focus();
      input.select();
    });
    for (const step of was.querySelectorAll("[data-by]")) {
      step.addEventListener("click", () => {
        input.value = Math.max(0, Math.min(MOST_COUNT, (Number(input.value) || 0) + Number(step.dataset.by)));
      });
    }
    was.addEventListener("keydown", (event) => event.key === "Escape" && close());
    was.addEventListener("submit", (event) => {
      event.preventDefault();
      const rep_count = Number(input.value);
      if (Number.isInteger(rep_count) && rep_count >= 0 && rep_count <= MOST_COUNT) void this.#correct(rep_count);
      close();
    });
    was.querySelector(".leave").addEventListener("click", close);
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

/** What is due in a plan: `3 of 5 · Pull-up · 8 reps · 10 kg`; empty without one. */
function planWords(plan, done) {
  if (!Array.isArray(plan) || plan.length === 0 || done === null) return "";
  const due = plan[done];
  if (!isObject(due)) return done >= plan.length ? `Plan done · ${plural(plan.length, "set")}` : "";
  const [exercise, reps, load] = [id(due.exercise), whole(due.reps), number(due.load_kg, 0, 3600)];
  const wanted = [exercise && exerciseName(exercise), reps !== null && plural(reps, "rep"), load !== null && `${load} kg`];
  return [`Set ${done + 1} of ${plan.length}`, ...wanted].filter(Boolean).join(" · ");
}
