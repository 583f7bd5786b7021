// What arrives over MQTT is anybody's text. These functions turn it into values that are safe to show, or null.

const LONGEST = 65536;

/** JSON object of schema 1, else null. */
export function parse(bytes) {
  if (bytes.length === 0 || bytes.length > LONGEST) return null;
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) && (value.schema ?? 1) === 1 ? value : null;
  } catch {
    return null;
  }
}

/** `online` or `offline`, else null. */
export function parseStatus(bytes) {
  const text = bytes.length < 16 ? new TextDecoder().decode(bytes) : "";
  return text === "online" || text === "offline" ? text : null;
}

/** `[station, kind, name]` of a station's topic, else null. */
export function parseTopic(topic) {
  const match = /^repcount\/v1\/([a-z0-9-]{1,32})\/(state|event|status|cmd-result|signal)(?:\/([a-z]{1,16}))?$/.exec(topic);
  return match && match.slice(1);
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A finite number from `least` to `most`, else null. */
export function number(value, least = 0, most = 1e6) {
  return typeof value === "number" && value >= least && value <= most ? value : null;
}

/** A whole number from 0 to `most`, else null. */
export function whole(value, most = 9999) {
  return Number.isInteger(value) ? number(value, 0, most) : null;
}

/** Text without control characters, at most `most` long, else null. */
export function text(value, most = 80) {
  return typeof value === "string" ? value.replace(/[\p{Cc}\p{Cf}]/gu, " ").trim().slice(0, most) : null;
}

/** An id such as `pull_up`, else null. */
export function id(value) {
  return typeof value === "string" && /^[a-z0-9_]{1,40}$/.test(value) ? value : null;
}

/** Milliseconds since 1970 of an ISO time, else null. */
export function time(value) {
  const ms = typeof value === "string" && value.length < 40 ? Date.parse(value) : NaN;
  return Number.isFinite(ms) ? ms : null;
}
