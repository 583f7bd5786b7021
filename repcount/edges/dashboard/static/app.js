// The page: one MQTT connection over this server's own /mqtt, one card a station. All state comes over MQTT.

/* global mqtt */
import { Cues } from "./cues.js";
import { parse, parseStatus, parseTopic } from "./payloads.js";
import { Questions, readAnswer } from "./questions.js";
import { Setup } from "./setup.js";
import { Station } from "./station.js";

const SERVICE = "repcount/v1/service/status";
const TOPICS = ["state/#", "event/#", "status", "cmd-result", "signal"].map((rest) => `repcount/v1/+/${rest}`); // `+/status` holds SERVICE
const MOST_STATIONS = 32;
const MOST_IDS = 500;
const NOTE_MS = 5000;
const TICK_MS = 200;

const LINKS = {
  connecting: ["connecting", ""],
  online: ["live", ""],
  gone: ["offline", "No connection. Trying again …"],
  stopped: ["service offline", "The repcount service is offline"],
};

const $ = (id) => document.getElementById(id);
const stations = new Map();
const seenIds = new Set();
const cues = new Cues();
const questions = new Questions(publish);
let connected = false;
let tried = false;
let serviceOnline = true;
let noteTimer = 0;

const client = mqtt.connect(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/mqtt`, {
  protocolVersion: 4,
  timerVariant: "native",
  reconnectPeriod: 1000,
  connectTimeout: 5000,
  keepalive: 15,
  resubscribe: false,
  queueQoSZero: false,
});

client.on("connect", () => {
  connected = true;
  serviceOnline = true;
  client.subscribe(TOPICS, { qos: 1 });
  showLink();
});
client.on("close", () => {
  connected = false;
  tried = true;
  showLink();
});
client.on("error", () => {}); // what follows is always a close; without a listener it would be thrown
client.on("message", (topic, bytes, packet) => {
  if (topic === SERVICE) onService(bytes);
  else onMessage(topic, bytes, packet.retain);
});

function onService(bytes) {
  const status = parseStatus(bytes);
  if (status === null) return;
  serviceOnline = status === "online";
  showLink();
}

function onMessage(topic, bytes, retained) {
  const [name, kind, leaf] = parseTopic(topic) ?? [];
  if (!name || (name === "service" && kind !== "cmd-result")) return undefined;
  if (kind === "status") return onStatus(name, bytes);
  const payload = parse(bytes);
  if (payload === null) return undefined;
  if (kind === "state" && leaf === "sensors") setup.changed();
  if (kind === "state") return stationOf(name)?.state(leaf, payload, retained);
  if (retained || isRepeat(payload.id)) return undefined; // events and answers are never retained
  if (kind === "event" && leaf !== "ha") return stationOf(name)?.event(payload);
  if (kind === "cmd-result") return onAnswer(name, payload);
  if (kind === "signal") return stations.get(name)?.signal(payload);
  return undefined;
}

// A cleared status (empty) takes the station off the page.
function onStatus(name, bytes) {
  const status = parseStatus(bytes);
  if (status !== null) stationOf(name)?.status(status === "online");
  if (bytes.length > 0 || !stations.has(name)) return;
  stations.get(name).element.remove();
  stations.delete(name);
  showCount();
}

function stationOf(name) {
  if (!stations.has(name) && stations.size < MOST_STATIONS) {
    const station = new Station(name, { 
      ask: (cmd, payload) => ask(name, cmd, payload),
      say,
      note,
      cue: (kind, words) => cues.say(kind, words),
    });
    station.reachable = isLive();
    stations.set(name, station);
    const after = [...stations.keys()].sort().find((other) => other > name);
    $("stations").insertBefore(station.element, stations.get(after)?.element ?? null);
    showCount();
  }
  return stations.get(name);
}

/** Ask a station; what the answer holds, or null when it was refused, is late, or nobody can be asked. */
async function ask(name, cmd, payload) {
  const answer = await questions.ask(name, cmd, payload);
  if (!answer.ok) stations.get(name)?.refused(answer.error);
  return answer.ok ? answer.result : null;
}

function publish(topic, payload) {
  if (!isLive()) return false;
  client.publish(topic, payload, { qos: 1, retain: false });
  return true;
}

// Answers to other pages are none of ours; what a button elsewhere was refused may be of interest.
function onAnswer(name, payload) {
  if (questions.take(payload) || typeof payload.cmd_id === "string") return;
  if (payload.ok === false) stations.get(name)?.refused(readAnswer(payload).error);
}

function isLive() {
  return connected && serviceOnline;
}

/** QoS 1 may deliver twice. */
function isRepeat(id) {
  if (typeof id !== "string" || id.length > 80) return false;
  if (seenIds.has(id)) return true;
  seenIds.add(id);
  if (seenIds.size > MOST_IDS) seenIds.delete(seenIds.values().next().value);
  return false;
}

function showLink() {
  const link = connected ? (serviceOnline ? "online" : "stopped") : tried ? "gone" : "connecting";
  const [word, banner] = LINKS[link];
  document.body.dataset.link = link;
  $("link").textContent = word;
  $("banner").textContent = banner;
  for (const station of stations.values()) station.reachable = isLive();
}

function showCount() {
  $("empty").hidden = stations.size > 0;
  $("stations").dataset.stations = Math.min(stations.size, 4);
}

function say(words) {
  $("spoken").textContent = words;
}

function note(words) {
  $("note").textContent = words;
  clearTimeout(noteTimer);
  noteTimer = setTimeout(() => { $("note").textContent = ""; }, NOTE_MS);
}

const setup = new Setup($("setup"), (...question) => questions.askService(...question), note);
$("people").addEventListener("click", () => setup.show());
$("begin").addEventListener("click", () => setup.show());

// Sound and speech, wall and fullscreen: each needs a tap.

function showCues() {
  const form = $("cues");
  for (const box of form.querySelectorAll("[name=kind]")) box.checked = cues.chosen.size === 0 || cues.chosen.has(box.value);
  form.elements.voice.value = cues.voice;
  $("sound").setAttribute("aria-pressed", cues.on);
  $("sound").textContent = cues.on ? "Sound on" : "Sound";
}

$("sound").addEventListener("click", () => {
  showCues();
  $("cues-dialog").showModal();
});
$("cues").addEventListener("submit", () => {
  const form = $("cues");
  const kinds = [...form.querySelectorAll("[name=kind]:checked")].map((box) => box.value);
  cues.choose(kinds, form.elements.voice.value);
  cues.say(kinds[0] ?? "count", "Ready");
  showCues();
});

let wakeLock = null;

async function stayAwake(wanted) {
  try {
    if (wanted) wakeLock = await navigator.wakeLock?.request("screen");
    else await wakeLock?.release();
  } catch {
    // Battery saving, or plain HTTP: the screen goes dark as it always does.
  }
}

function showWall(wall) {
  document.body.toggleAttribute("data-wall", wall);
  $("wall").setAttribute("aria-pressed", wall);
  const url = new URL(location.href);
  if (wall) url.searchParams.set("wall", "");
  else url.searchParams.delete("wall");
  history.replaceState(null, "", url);
  void stayAwake(wall);
}

$("wall").addEventListener("click", () => {
  const wall = !document.body.hasAttribute("data-wall");
  showWall(wall);
  if (wall) document.documentElement.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) void document.exitFullscreen();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && document.body.hasAttribute("data-wall")) void stayAwake(true);
});
showCues();
showWall(new URLSearchParams(location.search).has("wall"));

setInterval(() => {
  for (const station of stations.values()) station.tick(performance.now());
}, TICK_MS);
