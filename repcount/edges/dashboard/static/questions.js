// What the page asks, of a station or of the service as a whole, and who is given which answer.

import { isObject, number, text } from "./payloads.js";
import { capital } from "./words.js";

const ANSWER_MS = 5000;
const SERVICE_MS = 15000; // stopping one sensor and starting another takes some seconds
const MOST_PROBLEMS = 20;

const NO_CONNECTION = "There is no connection to the service.";
const NO_ANSWER = "The service does not answer.";
const NOT_ALLOWED = "This page may not ask that: open the address that the service printed.";

export class Questions {
  #publish;
  #page = Math.random().toString(36).slice(2, 10); // no secret: it tells our answers from those to other pages
  #asked = new Map();
  #count = 0;

  /** `publish(topic, payload)` sends, or gives false while nothing can be sent. */
  constructor(publish) {
    this.#publish = publish;
  }

  /** Ask a station; resolves to its answer `{ok, result, error, problems}`. */
  ask(station, cmd, fields) {
    return this.#send(station, cmd, fields, ANSWER_MS);
  }

  /** Ask the service, with a ticket; `onPart(result)` is given what it says until it is done. */
  async askService(cmd, fields = {}, onPart = undefined) {
    try {
      const answer = await fetch("/ticket", { method: "POST" });
      if (!answer.ok) return failed(NOT_ALLOWED);
      const { ticket } = await answer.json();
      return await this.#send("service", cmd, { ...fields, ticket }, SERVICE_MS, onPart);
    } catch {
      return failed(NO_CONNECTION);
    }
  }

  /** An answer came: true when it is to a question of this page. */
  take(payload) {
    const asked = typeof payload.cmd_id === "string" ? this.#asked.get(payload.cmd_id) : undefined;
    asked?.(payload);
    return asked !== undefined;
  }

  #send(station, cmd, fields, limitMs, onPart) {
    this.#count += 1;
    const cmd_id = `${this.#page}-${this.#count}`;
    if (!this.#publish(`repcount/v1/${station}/cmd/${cmd}`, JSON.stringify({ ...fields, cmd_id }))) {
      return Promise.resolve(failed(NO_CONNECTION));
    }
    return new Promise((resolve) => {
      let timer = 0;
      const end = (answer) => {
        clearTimeout(timer);
        this.#asked.delete(cmd_id);
        resolve(answer);
      };
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => end(failed(NO_ANSWER)), limitMs);
      };
      wait();
      this.#asked.set(cmd_id, (payload) => {
        const answer = readAnswer(payload);
        if (payload.done !== false) return end(answer);
        wait();
        return onPart?.(answer.result);
      });
    });
  }
}

/** What was answered to a command; `error` is what people read where it was refused. */
export function readAnswer(payload) {
  const given = Array.isArray(payload.problems) ? payload.problems.filter(isObject).slice(0, MOST_PROBLEMS) : [];
  const problems = given.map((one) => ({
    place: (text(one.place, 80) ?? "").replace(/^cmd\/.*/, ""), // what was asked, everybody knows
    words: [text(one.message, 300), text(one.mend, 300)].filter(Boolean).join(". "),
  }));
  const words = problems.map(sentence).join("\n");
  return {
    ok: payload.ok === true,
    result: isObject(payload.result) ? payload.result : {},
    error: words || text(payload.error, 300) || "The service refused that.",
    problems,
  };
}

/** What is wrong, for people to read. */
export function sentence({ place, words }) {
  return place ? `${place}: ${words}` : capital(words);
}

function failed(error) {
  return { ok: false, result: {}, error, problems: [] };
}

/** Whole per cent of a share, for a progress bar. */
export function percent(part, whole) {
  const [a, b] = [number(part, 0, 3600), number(whole, 0.1, 3600)];
  return a === null || b === null ? 0 : Math.round(100 * Math.min(1, a / b));
}
