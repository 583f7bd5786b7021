// What people read.

export function seconds(value, digits = 2) {
  return value === null || value === undefined ? "–" : value.toFixed(digits);
}

export function clock(value) {
  const minutes = Math.floor(value / 60);
  return `${minutes}:${(value - 60 * minutes).toFixed(2).padStart(5, "0")}`;
}

export function plural(count, one) {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

export function spaced(id) {
  return (id ?? "").replaceAll("_", " ");
}

/** One event as a short line; empty for those that nobody misses here. */
export function eventWords(event) {
  switch (event.type) {
    case "set_started": return `set ${event.set_index}: ${spaced(event.exercise)}`;
    case "rep_counted": return `${event.rep_count} (rep ${event.rep_index})`;
    case "rep_completed": return `rep ${event.rep_index}: ecc ${seconds(event.eccentric_s, 1)}, con ${seconds(event.concentric_s, 1)}`;
    case "rep_retracted": return `rep ${event.rep_index} taken back: ${event.reason}`;
    case "tempo_cue": return "slow down";
    case "set_ended": return `set ${event.set_index} ended: ${plural(event.rep_count, "rep")}`;
    case "hold_started": return "hold";
    case "hold_ended": return `held ${seconds(event.hold_s, 1)} s`;
    case "count_corrected": return `corrected: ${event.rep_count}, not ${event.was}`;
    case "stream_gap": return `${event.sensor} silent for ${seconds(event.end_s - event.start_s, 1)} s`;
    case "stream_lost": return `nothing from ${event.sensor}`;
    case "stream_resumed": return `${event.sensor} is back`;
    default: return "";
  }
}

/** Make a table cell, a list entry, or the like. */
export function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}
