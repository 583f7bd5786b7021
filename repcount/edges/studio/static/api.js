// What the page asks the program, and what is wrong with what it asked.

/** `problems` are words, `changed` says that the file on disk is another by now. */
export class Refused extends Error {
  constructor(problems, changed) {
    super(problems.join(" "));
    this.problems = problems;
    this.changed = changed;
  }
}

const CHANGED = 409;

export async function ask(path, { method = "GET", body } = {}) {
  const answer = await fetched(path, method, body);
  return answer.json();
}

export async function askBytes(path) {
  const answer = await fetched(path, "GET");
  return answer.arrayBuffer();
}

export function pathOf(name, rest = "") {
  return `/api/recordings/${encodeURIComponent(name)}${rest}`;
}

async function fetched(path, method, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: method === "GET" ? {} : { "Content-Type": "application/json" },
      body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
    });
  } catch {
    throw new Refused(["The studio does not answer: is the program still running?"], false);
  }
  if (answer.ok) return answer;
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : { problems: [] };
  const problems = told.problems.map((one) => [`${one.place ? `${one.place}: ` : ""}${one.message}.`, one.mend].filter(Boolean).join(" "));
  throw new Refused(problems.length ? problems : [`The studio answered ${answer.status}.`], answer.status === CHANGED);
}
