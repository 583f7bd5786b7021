// What is said aloud, where the person asked for it: browsers allow sound only after a tap.

const KEY = "repcount.cues";
const KINDS = ["count", "slow", "rest"];
const TONES = { count: [880, 0.07], slow: [330, 0.35], rest: [660, 0.5] };

export class Cues {
  #chosen = new Set();
  #voice = "speech";
  #audio = null;

  /** What was chosen on this device before is offered again, but is silent until `unlock`. */
  constructor(storage = globalThis.localStorage) {
    this.storage = storage;
    const kept = read(storage);
    this.#chosen = new Set((kept.kinds ?? []).filter((kind) => KINDS.includes(kind)));
    this.#voice = kept.voice === "tone" ? "tone" : "speech";
  }

  get chosen() {
    return this.#chosen;
  }

  get voice() {
    return this.#voice;
  }

  /** Whether anything is said aloud from now on. */
  get on() {
    return this.#audio !== null && this.#chosen.size > 0;
  }

  /** Choose kinds of `count`, `slow`, `rest`, and `speech` or `tone`. Call it from a tap. */
  choose(kinds, voice) {
    this.#chosen = new Set(kinds);
    this.#voice = voice;
    this.#audio ??= new AudioContext();
    void this.#audio.resume();
    try {
      this.storage?.setItem(KEY, JSON.stringify({ kinds: [...kinds], voice }));
    } catch {
      // A browser that keeps nothing still cues until it is closed.
    }
  }

  /** Say `words` aloud if that kind was chosen; what is still being said is cut short. */
  say(kind, words) {
    if (!this.on || !this.#chosen.has(kind)) return;
    if (this.#voice === "speech" && "speechSynthesis" in globalThis) {
      speechSynthesis.cancel();
      const spoken = new SpeechSynthesisUtterance(words);
      spoken.lang = "en";
      spoken.rate = 1.2;
      speechSynthesis.speak(spoken);
    } else {
      this.#beep(...TONES[kind]);
    }
  }

  #beep(frequency_hz, length_s) {
    const [tone, gain, now_s] = [this.#audio.createOscillator(), this.#audio.createGain(), this.#audio.currentTime];
    tone.frequency.value = frequency_hz;
    gain.gain.setValueAtTime(0.25, now_s);
    gain.gain.exponentialRampToValueAtTime(0.001, now_s + length_s);
    tone.connect(gain).connect(this.#audio.destination);
    tone.start(now_s);
    tone.stop(now_s + length_s);
  }
}

function read(storage) {
  try {
    return JSON.parse(storage?.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
