// The labels of a recording while they are edited: one change is one step of undo. Knows no page.

export const LEAST_S = 0.1;
const PHASES = {
  concentric: ["concentric_s", "pause_shortened_s", "eccentric_s", "pause_lengthened_s"],
  eccentric: ["eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s"],
};
const MOST_STEPS = 500;

export class Labels {
  #list = [];
  #past = [];
  #future = [];
  #saved = "";
  #step = null;

  /** `first_phase` is what a rep begins with, `end_s` where the recording ends, `changed()` is told. */
  constructor(first_phase, end_s, changed = () => {}) {
    this.keys = PHASES[first_phase];
    this.end_s = end_s;
    this.changed = changed;
  }

  /** Begin with what is on disk; nothing can be undone. */
  read(list) {
    this.#list = freeze(list ?? []);
    [this.#past, this.#future, this.#step] = [[], [], null];
    this.markSaved();
  }

  get list() {
    return this.#list;
  }

  get dirty() {
    return JSON.stringify(this.#list) !== this.#saved;
  }

  get undoable() {
    return this.#past.length;
  }

  get redoable() {
    return this.#future.length;
  }

  markSaved() {
    this.#saved = JSON.stringify(this.#list);
    this.changed();
  }

  /** Set an edge (`start_s`, `turn_s`, `end_s`) as far as its neighbours let it; `step` puts moves in one. */
  move(index, edge, to, step = null) {
    const label = this.#list[index];
    if (!label || label[edge] === null) return;
    const [low, high] = this.#room(index, edge);
    const at = Math.min(Math.max(to, low), high);
    if (high < low || at === label[edge]) return;
    this.#do(this.#list.map((one, k) => (k === index ? { ...one, [edge]: at } : one)), [index - 1, index], step);
  }

  /** A rep around `at`, as long as the others are; its index, or -1 where there is no room. */
  add(at) {
    const after = this.#list.findIndex((one) => one.end_s > at);
    const index = after < 0 ? this.#list.length : after;
    const low = this.#list[index - 1]?.end_s ?? 0;
    const high = this.#list[index]?.start_s ?? this.end_s;
    const usual = this.#usual();
    const start_s = Math.max(low, Math.min(at, high - usual.long));
    const end_s = Math.min(high, start_s + usual.long);
    if (end_s - start_s < 2 * LEAST_S) return -1;
    const turn_s = start_s + usual.share * (end_s - start_s);
    const label = { kind: "rep", start_s, turn_s, end_s, ...Object.fromEntries(this.keys.map((key) => [key, 0])) };
    this.#do([...this.#list.slice(0, index), label, ...this.#list.slice(index)], [index - 1, index]);
    return index;
  }

  remove(index) {
    if (!this.#list[index]) return;
    this.#do(this.#list.filter((_, k) => k !== index), [index - 1]);
  }

  /** Make two of one, at `at`, or in the middle where that is outside; whether there was room. */
  split(index, at) {
    const label = this.#list[index];
    if (!label || label.kind !== "rep" || label.end_s - label.start_s < 4 * LEAST_S) return false;
    const inside = at > label.start_s + 2 * LEAST_S && at < label.end_s - 2 * LEAST_S;
    const middle = inside ? at : (label.start_s + label.end_s) / 2;
    const share = (label.turn_s - label.start_s) / (label.end_s - label.start_s);
    const part = (start_s, end_s) => ({ ...label, start_s, turn_s: start_s + share * (end_s - start_s), end_s, [this.keys[1]]: 0 });
    const two = [part(label.start_s, middle), part(middle, label.end_s)];
    this.#do([...this.#list.slice(0, index), ...two, ...this.#list.slice(index + 1)], [index - 1, index, index + 1]);
    return true;
  }

  /** Take these in place of all. */
  adopt(list) {
    this.#do(list, []);
  }

  undo() {
    if (this.#past.length === 0) return false;
    this.#future.push(this.#list);
    this.#list = this.#past.pop();
    this.#step = null;
    this.changed();
    return true;
  }

  redo() {
    if (this.#future.length === 0) return false;
    this.#past.push(this.#list);
    this.#list = this.#future.pop();
    this.#step = null;
    this.changed();
    return true;
  }

  #do(list, touched, step = null) {
    if (step === null || step !== this.#step) this.#past.push(this.#list);
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#step = step;
    this.#future = [];
    this.#list = freeze(this.#settled(list, touched));
    this.changed();
  }

  /** Durations follow the edges of what was touched; one that did not happen stays so. */
  #settled(list, touched) {
    const [first, inside, second, after] = this.keys;
    return list.map((one, k) => {
      if (!touched.includes(k) || one.kind !== "rep") return one;
      const pause = Math.min(one[inside] ?? 0, Math.max(0, one.end_s - one.turn_s - LEAST_S / 2));
      const next = list[k + 1];
      return {
        ...one,
        [first]: one[first] === null ? null : one.turn_s - one.start_s,
        [inside]: one[inside] === null ? null : pause,
        [second]: one[second] === null ? null : Math.max(0, one.end_s - one.turn_s - pause),
        [after]: next && next.start_s - one.end_s < MOST_PAUSE_S ? next.start_s - one.end_s : null,
      };
    });
  }

  #room(index, edge) {
    const label = this.#list[index];
    const [before, after] = [this.#list[index - 1]?.end_s ?? 0, this.#list[index + 1]?.start_s ?? this.end_s];
    const turn = label.turn_s;
    if (edge === "start_s") return [before, (turn ?? label.end_s) - LEAST_S];
    if (edge === "turn_s") return [label.start_s + LEAST_S, label.end_s];
    return [turn === null ? label.start_s + LEAST_S : turn, after];
  }

  #usual() {
    const reps = this.#list.filter((one) => one.kind === "rep");
    if (reps.length === 0) return { long: 3, share: 0.4 };
    const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    return {
      long: middle(reps.map((one) => one.end_s - one.start_s)),
      share: middle(reps.map((one) => (one.turn_s - one.start_s) / (one.end_s - one.start_s))),
    };
  }
}

const MOST_PAUSE_S = 20; // a longer one is a rest between sets

function freeze(list) {
  const rounded = (value) => (typeof value === "number" ? Math.round(1e6 * value) / 1e6 : value);
  return Object.freeze(list.map((one) => Object.freeze(Object.fromEntries(Object.entries(one).map(([key, value]) => [key, rounded(value)])))));
}
