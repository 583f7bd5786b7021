// How values are said to people. Always text, never markup.

export const EXERCISES = [
  "inverted_row", "pull_up", "bent_over_row", "reverse_fly", "deadlift", "good_morning", "lat_pulldown", "back_extension",
];

const NAMES = { pull_up: "Pull-up", bent_over_row: "Bent-over row" };

export const PHASES = {
  eccentric: ["Lower", "eccentric"],
  pause_lengthened: ["Pause", "lengthened"],
  concentric: ["Lift", "concentric"],
  pause_shortened: ["Pause", "shortened"],
  rest: ["Rest", ""],
};

export const TEMPO = ["eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s"];

/** `pull_up` -> `Pull-up`. */
export function exerciseName(id) {
  return Object.hasOwn(NAMES, id) ? NAMES[id] : capital(id.replaceAll("_", " "));
}

export function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Seconds with one decimal, or a dot where unknown. */
export function seconds(value) {
  return value === null ? "·" : value.toFixed(1);
}

/** `1:23`, or `1:02:03` from an hour on. */
export function clock(s) {
  const whole = Math.floor(s);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return (hours ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(whole % 60)}`;
}

export function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Hour and minute of the day where the reader is. */
export function timeOfDay(ms) {
  return new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** The judgement of a rep's lowering against its target: `[text, good | bad | plain]`. */
export function verdict(controlled, eccentric_s, target_s, partial) {
  const rest = partial ? " · partial rep" : "";
  if (eccentric_s === null) return [`${controlled === false ? "no lowering seen" : "not measured"}${rest}`, "plain"];
  const against = target_s === null ? `${seconds(eccentric_s)} s` : `${seconds(eccentric_s)} of ${seconds(target_s)} s`;
  if (controlled === null) return [`eccentric ${against}${rest}`, "plain"];
  return controlled ? [`controlled · ${against}${rest}`, "good"] : [`too fast · ${against}${rest}`, "bad"];
}

/** What was measured of a rep: depth or range, way and mean speed of the concentric, where they are known. */
export function measured(depth_deg, rom_deg, rom_m, speed_m_s, kipping) {
  const parts = [];
  if (depth_deg !== null) parts.push(`depth ${Math.round(depth_deg)}°`);
  else if (rom_deg !== null) parts.push(`range ${Math.round(rom_deg)}°`);
  if (rom_m !== null) parts.push(`${rom_m.toFixed(2)} m`);
  if (speed_m_s !== null) parts.push(`${speed_m_s.toFixed(2)} m/s`);
  if (kipping) parts.push("kipping");
  return parts.join(" · ");
}

/** How much of a measure was lost over a set, in words; empty where it is not known. */
export function loss(name, ratio) {
  if (ratio === null) return "";
  const percent = Math.round(100 * ratio);
  return percent > 0 ? `${name} −${percent} %` : `${name} kept`;
}
