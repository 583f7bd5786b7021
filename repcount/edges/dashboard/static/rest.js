// The rest timer. The service says when rest began; the page counts, never backwards, and does not trust the
// clock of the phone it runs on: where that clock cannot be right, it counts from what the message itself says.

import { time } from "./payloads.js";

const LONGEST_MS = 12 * 3600e3;
const SKEW_MS = 2000;

/** How long the rest had lasted when `state` (of state/rest) arrived, in ms. `retained`: it may be old. */
export function restedAtReceipt(state, retained, nowMs) {
  const since = time(state.since);
  if (since === null) return 0;
  const at = time(state.at);
  const said = at !== null && at >= since && at - since < LONGEST_MS ? at - since : null;
  if (said !== null && !retained) return said;
  const byOwnClock = nowMs - since;
  const plausible = byOwnClock >= (said ?? 0) - SKEW_MS && byOwnClock < LONGEST_MS;
  return Math.max(said ?? 0, plausible ? byOwnClock : 0);
}

export class RestTimer {
  #since = null;
  #startedMs = 0;

  /** Take a state/rest message. `ticksMs` is a monotone clock, `nowMs` the wall clock. */
  update(state, retained, ticksMs, nowMs) {
    if (state.resting !== true) {
      this.#since = null;
      return;
    }
    const since = typeof state.since === "string" ? state.since : "";
    const started = ticksMs - restedAtReceipt(state, retained, nowMs);
    this.#startedMs = since === this.#since ? Math.min(this.#startedMs, started) : started;
    this.#since = since;
  }

  get resting() {
    return this.#since !== null;
  }

  /** Rested so far, in s. */
  rested_s(ticksMs) {
    return Math.max(0, (ticksMs - this.#startedMs) / 1000);
  }
}
