// Reading events: sets, reps, what was taken back; and the live ones beside the replayed ones.

import { eventWords } from "./words.js";

/** Reps of the sets that were said, numbered within their set, and holds. */
export function repsOf(said) {
  const reps = [];
  for (const event of said) {
    if (event.type === "set_ended") event.reps.forEach((rep, k) => reps.push({ ...rep, number: k + 1, set_index: event.set_index }));
    if (event.type === "hold_ended") reps.push({ ...event, turn_s: null, number: `${event.hold_s.toFixed(0)} s` });
  }
  return reps;
}

export function setsOf(said) {
  return said.filter((event) => event.type === "set_ended" && event.rep_count > 0);
}

/** What was said and taken back, and what recurred and was never taken for a set; each with `why`. */
export function refusedOf(said, doubts) {
  const counted = new Map(said.filter((one) => one.type === "rep_counted").map((one) => [`${one.set_index} ${one.rep_index}`, one]));
  const completed = new Map(said.filter((one) => one.type === "rep_completed").map((one) => [`${one.set_index} ${one.rep_index}`, one]));
  const taken = said.filter((one) => one.type === "rep_retracted").map((one) => {
    const key = `${one.set_index} ${one.rep_index}`;
    const rep = completed.get(key);
    const at = rep?.start_s ?? (counted.get(key)?.happened_s ?? one.happened_s) - 0.5;
    return { start_s: at, end_s: rep?.end_s ?? at + 1, turn_s: null, refused: true, number: "×", why: `rep ${one.rep_index} taken back: ${one.reason}` };
  });
  const never = doubts.map((one) => ({ ...one, turn_s: null, refused: true, number: one.reps, why: `${one.reps} alike and no set: ${one.why.join("; ")}` }));
  return [...taken, ...never];
}

/** Rows `{at, live, replayed, differs}`: the same fact once, in the order in which it was said. */
export function besides(live, replayed) {
  const rows = new Map();
  const take = (events, side) => {
    for (const event of events) {
      const words = eventWords(event);
      if (!words) continue;
      const key = [event.type, event.set_index, event.rep_index, event.sensor, event.type.startsWith("stream") ? event.happened_s.toFixed(1) : ""].join(" ");
      const row = rows.get(key) ?? { at: event.said_s, live: "", replayed: "" };
      row[side] = words;
      rows.set(key, row);
    }
  };
  if (live) take(live, "live");
  take(replayed, "replayed");
  return [...rows.values()].map((row) => ({ ...row, differs: live !== null && row.live !== row.replayed })).sort((a, b) => a.at - b.at);
}
