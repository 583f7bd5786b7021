// What is listed, a line each: sets that are over, with sparklines of range and speed, and sensors.

import { id, isObject, number, text, time, whole } from "./payloads.js";
import { capital, exerciseName, loss, seconds, TEMPO, timeOfDay } from "./words.js";

const MOST_REPS = 60;
const SVG = "http://www.w3.org/2000/svg";

/** Sets of a payload that can be shown, the newest first, at most `most`. */
export function readSets(sets, most) {
  if (!Array.isArray(sets)) return [];
  return sets.filter((done) => isObject(done) && whole(done.rep_count) !== null).slice(-most).reverse();
}

/** A list item of spans with class names and texts. */
export function line(className, ...spans) {
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

export function setLine(done) {
  const [exercise, reps, started] = [id(done.exercise), whole(done.rep_count), time(done.start_at)];
  const item = line("done",
    ["reps", String(reps)],
    ["what", exercise ? exerciseName(exercise) : "Set"],
    ["when", started === null ? "" : timeOfDay(started)],
    ["details", details(done)]);
  const sparks = [
    spark("range", done.rom_deg, loss("range", number(done.rom_loss_ratio, -1, 1))),
    spark("speed", done.mean_concentric_velocity_m_s, loss("speed", number(done.velocity_loss_ratio, -1, 1))),
  ].filter(Boolean);
  if (sparks.length > 0) {
    const row = document.createElement("span");
    row.className = "sparks";
    row.append(...sparks);
    item.append(row);
  }
  return item;
}

function details(done) {
  const [controlled, tension, load] = [whole(done.controlled_reps), number(done.time_under_tension_s), number(done.load_kg)];
  const side = text(done.side, 10);
  const tempo = isObject(done.mean_tempo) ? TEMPO.map((phase) => seconds(number(done.mean_tempo[phase], 0, 999))).join("-") : null;
  return [
    load !== null && `${load} kg`,
    side,
    tempo,
    controlled !== null && `${controlled} controlled`,
    tension !== null && `${Math.round(tension)} s`,
  ].filter(Boolean).join(" · ");
}

/** A little curve of one number a rep, with what it says in words; null where fewer than two are known. */
function spark(name, values, words) {
  if (!Array.isArray(values)) return null;
  const known = values.slice(-MOST_REPS).map((value, rep) => [rep, number(value, 0, 1e4)]).filter(([, value]) => value !== null);
  if (known.length < 2) return null;
  const [width, height, pad] = [64, 18, 2];
  const most = Math.max(...known.map(([, value]) => value), 1e-9);
  const last = known.at(-1)[0];
  const points = known.map(([rep, value]) => `${pad + (rep / last) * (width - 2 * pad)},${height - pad - (value / most) * (height - 2 * pad)}`);
  const figure = document.createElement("span");
  figure.className = "spark";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-hidden", "true");
  const curve = document.createElementNS(SVG, "polyline");
  curve.setAttribute("points", points.join(" "));
  svg.append(curve);
  const label = document.createElement("span");
  label.textContent = words || name;
  figure.append(svg, label);
  return figure;
}

/** How the sensors of a station are, in a line each. */
export function sensorLine(key, sensor) {
  const connected = sensor.connected === true;
  const [battery, heart, late] = [
    number(sensor.battery_percent, 0, 100),
    number(sensor.heart_rate_bpm, 20, 260),
    number(sensor.latency_s, 0, 60),
  ];
  const details = [
    connected ? "connected" : text(sensor.why, 120) || "not connected",
    battery !== null && `battery ${Math.round(battery)} %`,
    heart !== null && `${Math.round(heart)} bpm`,
    late !== null && sensor.live_cues === false && `${late.toFixed(1)} s late: no live cues`,
  ].filter(Boolean);
  const item = line("sensor", ["place", capital(text(sensor.placement, 30) || text(key, 30) || "sensor")], ["details", details.join(" · ")]);
  item.dataset.connected = connected;
  return item;
}
