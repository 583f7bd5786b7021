// The page: one MQTT connection over this server's own /mqtt, one card a station. All state comes over MQTT.

/* global mqtt */
import { parse, parseStatus, parseTopic } from "./payloads.js";
import { Station } from "./station.js";

const SERVICE = "repcount/v1/service/status";
const TOPICS = ["state/#", "event/#", "status", "cmd-result"].map((rest) => `repcount/v1/+/${rest}`); // `+/status` holds SERVICE
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
  if (!name || name === "service") return;
  if (kind === "status") return onStatus(name, bytes);
  const payload = parse(bytes);
  if (payload === null) return undefined;
  if (kind === "state") return stationOf(name)?.state(leaf, payload, retained);
  if (retained || isRepeat(payload.id)) return undefined; // events and answers are never retained
  if (kind === "event" && leaf !== "ha") return stationOf(name)?.event(payload);
  if (kind === "cmd-result") return stations.get(name)?.answer(payload);
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
    const station = new Station(name, { publish: (cmd, payload) => publish(name, cmd, payload), say, note });
    station.reachable = isLive();
    stations.set(name, station);
    const after = [...stations.keys()].sort().find((other) => other > name);
    $("stations").insertBefore(station.element, stations.get(after)?.element ?? null);
    showCount();
  }
  return stations.get(name);
}

function publish(name, cmd, payload) {
  if (isLive()) client.publish(`repcount/v1/${name}/cmd/${cmd}`, payload, { qos: 1, retain: false });
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

setInterval(() => {
  for (const station of stations.values()) station.tick(performance.now());
}, TICK_MS);
