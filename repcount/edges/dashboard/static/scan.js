// Which sensors are in reach: heard while the list grows, each to be chosen by a tap.

import { isObject, number, text } from "./payloads.js";
import { percent } from "./questions.js";
import { plural } from "./words.js";

const MOST_FOUND = 60;
const STRONG_DBM = -60;
const WEAK_DBM = -80;

export class Scan {
  #view;
  #askService;
  #nameOf;
  #choose = () => {};
  #items = new Map();
  #listening = false;

  /** `askService(cmd, fields, onPart)` as in `Questions`; `nameOf(id)` is what people call a station. */
  constructor(view, askService, nameOf) {
    this.#view = view;
    this.#nameOf = nameOf;
    this.#askService = askService;
    this.#part("again").addEventListener("click", () => this.#listen());
  }

  /** Listen, and call `choose(use, words)` with what is tapped: the name or address, and how to call it. */
  show(choose) {
    this.#choose = choose;
    this.#items.clear();
    this.#part("known").replaceChildren();
    this.#part("unknown").replaceChildren();
    void this.#listen();
  }

  #part(name) {
    return this.#view.querySelector(`.${name}`);
  }

  async #listen() {
    if (this.#listening) return;
    this.#listening = true;
    this.#part("again").disabled = true;
    this.#part("heard").value = 0;
    this.#part("trouble").textContent = "";
    this.#say("Listening …");
    const answer = await this.#askService("scan", {}, (part) => this.#found(part));
    this.#listening = false;
    this.#part("again").disabled = false;
    this.#part("heard").value = 100;
    if (answer.ok) this.#found(answer.result);
    else this.#part("trouble").textContent = answer.error;
    this.#say(answer.ok ? this.#summary() : "");
  }

  #found(result) {
    this.#part("heard").value = percent(result.heard_s, result.of_s);
    const found = Array.isArray(result.found) ? result.found.filter(isObject).slice(0, MOST_FOUND) : [];
    for (const one of found) this.#take(one);
    const unknown = this.#part("unknown").childElementCount + (number(result.others, 0, 9999) ?? 0);
    this.#part("useless").hidden = unknown === 0;
    this.#part("useless").querySelector("summary").textContent = `${plural(unknown, "device")} that cannot be used`;
  }

  // What was there stays where it is: a list that moves is missed by a thumb.
  #take(one) {
    const [address, use] = [text(one.address, 80), text(one.use, 250)];
    if (!address || !use) return;
    const known = typeof one.profile === "string";
    if (!this.#items.has(address)) {
      const item = document.createElement("li");
      item.append(document.createElement(known ? "button" : "p"));
      this.#items.set(address, item);
      this.#part(known ? "known" : "unknown").append(item);
    }
    const box = this.#items.get(address).firstElementChild;
    const name = text(one.name, 60) || address;
    box.replaceChildren(span("who", name), span("details", known ? details(one, this.#nameOf) : text(one.why_not, 200) ?? ""));
    if (!known) return;
    box.type = "button";
    box.onclick = () => this.#choose(use, name);
  }

  #summary() {
    const known = this.#part("known").childElementCount;
    return known > 0
      ? `${plural(known, "sensor")} found`
      : "No sensor found. Switch it on, bring it near, and disconnect it from any phone: a sensor that is connected does not show itself.";
  }

  #say(words) {
    this.#part("summary").textContent = words;
  }
}

function span(className, words) {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = words;
  return made;
}

function details(one, nameOf) {
  const [battery, rssi] = [number(one.battery_percent, 0, 100), number(one.rssi_dbm, -200, 20)];
  const late = number(one.latency_s, 0, 60);
  const cues = one.live_cues === true ? "quick enough for live cues" : `too late for live cues${late === null ? "" : ` (${late.toFixed(1)} s)`}`;
  return [
    text(one.title, 80),
    rssi !== null && `signal ${strength(rssi)} (${rssi} dBm)`,
    battery !== null && `battery ${Math.round(battery)} %`,
    cues,
    one.connected === true && "connected",
    text(one.worn_by, 32) && `worn by ${nameOf(text(one.worn_by, 32))}`,
  ].filter(Boolean).join(" · ");
}

function strength(rssi_dbm) {
  if (rssi_dbm >= STRONG_DBM) return "strong";
  return rssi_dbm >= WEAK_DBM ? "good" : "weak";
}
