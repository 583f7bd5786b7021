// Which stretch of time is looked at, and where the line is; whoever draws is told once a frame.

const LEAST_S = 1;

export class View {
  #listeners = [];
  #frame = 0;
  #playing = 0;

  constructor(duration_s) {
    this.duration_s = Math.max(duration_s, LEAST_S);
    [this.from, this.to, this.at] = [0, this.duration_s, 0];
    this.speed = 1;
  }

  listen(listener) {
    this.#listeners.push(listener);
    listener();
  }

  get span() {
    return this.to - this.from;
  }

  get playing() {
    return this.#playing !== 0;
  }

  show(from, to) {
    const span = Math.min(Math.max(to - from, LEAST_S), this.duration_s);
    this.from = Math.min(Math.max(from, 0), this.duration_s - span);
    this.to = this.from + span;
    this.#changed();
  }

  /** Larger than 1 shows more; `at` stays where it is on the screen. */
  zoom(factor, at = this.at >= this.from && this.at <= this.to ? this.at : (this.from + this.to) / 2) {
    const span = Math.min(Math.max(this.span * factor, LEAST_S), this.duration_s);
    const share = (at - this.from) / this.span;
    this.show(at - share * span, at + (1 - share) * span);
  }

  pan(by_s) {
    this.show(this.from + by_s, this.to + by_s);
  }

  seek(at, follow = true) {
    this.at = Math.min(Math.max(at, 0), this.duration_s);
    if (follow && (this.at < this.from || this.at > this.to)) {
      const span = this.span;
      this.show(this.at - span / 10, this.at + 0.9 * span);
    }
    this.#changed();
  }

  play() {
    if (this.at >= this.duration_s) this.at = 0;
    let before = performance.now();
    const step = (now) => {
      this.seek(this.at + ((now - before) / 1000) * this.speed);
      before = now;
      if (this.at >= this.duration_s) this.pause();
      else this.#playing = requestAnimationFrame(step);
    };
    this.#playing = requestAnimationFrame(step);
    this.#changed();
  }

  pause() {
    cancelAnimationFrame(this.#playing);
    this.#playing = 0;
    this.#changed();
  }

  close() {
    this.pause();
    this.#listeners.length = 0;
  }

  #changed() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      for (const listener of this.#listeners) listener();
    });
  }
}
