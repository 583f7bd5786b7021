// The labels on the page: buttons, keys, saving, and what to do where somebody else saved meanwhile.

import { ask, pathOf } from "./api.js";
import { Labels } from "./labels.js";
import { LabelTrack, NUDGE_FAR_S, NUDGE_S } from "./tracks.js";
import { plural, seconds } from "./words.js";

const KEYS = ["kind", "start_s", "turn_s", "end_s", "eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s"];

export class Editor {
  constructor(element, rows, told, view, failed) {
    Object.assign(this, { element, told, view, failed });
    this.undoable = told.undoable;
    this.adopted = () => [];
    this.labels = new Labels(told.first_phase, told.duration_s, () => this.#show());
    this.labels.read(told.labels);
    this.track = new LabelTrack(rows, view, this.labels, { first_phase: told.first_phase, choose: () => this.#show() });
    const does = { add: () => this.add(), split: () => this.split(), delete: () => this.remove(), adopt: () => this.#adopt(), undo: () => this.undo(), redo: () => this.redo(), save: () => this.save() };
    for (const [name, verb] of Object.entries(does)) this.#part(name).addEventListener("click", verb);
    this.#show();
  }

  add() {
    const index = this.labels.add(this.view.at);
    if (index < 0) this.#say("There is no room for a rep here: move the line.");
    else this.track.choose(index, null, true);
  }

  split() {
    if (!this.labels.split(this.track.chosen, this.view.at)) this.#say("Choose a rep that is long enough to be two.");
  }

  remove() {
    const { chosen } = this.track;
    if (chosen < 0) return;
    this.labels.remove(chosen);
    this.track.choose(Math.min(chosen, this.labels.list.length - 1), null, true);
  }

  #adopt() {
    this.labels.adopt(this.adopted().map((rep) => Object.fromEntries(KEYS.map((key) => [key, key === "kind" ? "rep" : rep[key] ?? null]))));
  }

  /** Undo here, and when all of that is undone, the last saving. */
  async undo() {
    if (this.labels.undo() || this.undoable === 0) return;
    try {
      const answer = await ask(this.#path("/labels/undo"), { method: "POST", body: { revision: this.told.revision } });
      this.#take(answer);
      this.labels.read(answer.labels);
      this.#say("The last saving is undone, on disk too.");
    } catch (error) {
      this.failed(error);
    }
  }

  redo() {
    this.labels.redo();
  }

  async save() {
    if (!this.labels.dirty) return;
    const { list } = this.labels;
    this.#say("Saving …");
    try {
      this.#take(await ask(this.#path("/labels"), { method: "PUT", body: { labels: list, revision: this.told.revision } }));
      this.labels.markSaved();
      this.#say(`Saved: ${plural(list.length, "label")}.`);
    } catch (error) {
      this.#say(error.changed ? "Not saved: somebody else changed the labels on disk. Reload the page to see theirs." : "Not saved.");
      this.failed(error);
    }
  }

  /** Do what a key asks for; say whether it was one of ours. */
  key(event) {
    const held = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const does = held
      ? { z: () => (event.shiftKey ? this.redo() : this.undo()), y: () => this.redo(), s: () => this.save() }[key]
      : event.altKey ? null : this.#plain(event, key);
    if (!does) return false;
    does();
    return true;
  }

  #plain(event, key) {
    const chosen = this.track.chosen >= 0;
    const by = event.shiftKey ? NUDGE_FAR_S : NUDGE_S;
    return {
      n: () => this.add(),
      s: () => this.split(),
      u: () => this.undo(),
      r: () => this.redo(),
      "[": () => this.#step(-1),
      "]": () => this.#step(1),
      Delete: () => this.remove(),
      Backspace: () => this.remove(),
      Escape: chosen && (() => this.track.choose(-1)),
      ArrowLeft: chosen && (() => this.track.nudge(-by)),
      ArrowRight: chosen && (() => this.track.nudge(by)),
    }[key];
  }

  #step(by) {
    const { length } = this.labels.list;
    if (length === 0) return;
    const { chosen } = this.track;
    const index = chosen < 0 ? (by > 0 ? 0 : length - 1) : Math.min(Math.max(chosen + by, 0), length - 1);
    this.track.choose(index, null, true);
    this.view.seek(this.labels.list[index].start_s);
  }

  #take(answer) {
    this.told.revision = answer.revision;
    this.undoable = answer.undoable;
  }

  #path(rest) {
    return pathOf(this.told.name, rest);
  }

  #part(name) {
    return this.element.querySelector(`[aria-label="Labels"] .${name}, [aria-label="Labels"].${name}`);
  }

  #say(words) {
    this.#part("state").textContent = words;
  }

  #show() {
    if (!this.track) return;
    this.track.redraw();
    const { labels } = this;
    const chosen = labels.list[this.track.chosen];
    this.#part("delete").disabled = this.#part("split").disabled = !chosen;
    this.#part("undo").disabled = labels.undoable === 0 && this.undoable === 0;
    this.#part("redo").disabled = labels.redoable === 0;
    this.#part("save").disabled = !labels.dirty;
    this.#part("state").dataset.dirty = labels.dirty;
    this.#say(labels.dirty ? "Not saved yet." : labels.list.length ? plural(labels.list.length, "label") : "No labels yet: N makes one at the line.");
    if (chosen) {
      this.element.querySelector(".detail").textContent = `${chosen.kind} ${this.track.chosen + 1} of the labels: start ${seconds(chosen.start_s)} s, `
        + `${chosen.turn_s === null ? "" : `turn ${seconds(chosen.turn_s)} s, `}end ${seconds(chosen.end_s)} s`;
    }
  }
}
