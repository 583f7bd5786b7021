// A signal at several widths, as the program packs it; which of its points to draw for a stretch of time.

const PER_PIXEL = 1.5;

export class Pyramid {
  #levels = [];

  constructor(buffer) {
    const head = new DataView(buffer);
    const [levels, channels] = [head.getUint32(0, true), head.getUint32(4, true)];
    let at = 4 * (2 + levels);
    for (let k = 0; k < levels; k += 1) {
      const points = head.getUint32(8 + 4 * k, true);
      const arrays = [];
      for (let channel = 0; channel <= channels; channel += 1) {
        arrays.push(new Float32Array(buffer, at, points));
        at += 4 * points;
      }
      this.#levels.push(arrays);
    }
    this.channels = channels;
  }

  /** Arrays `[t, channel, ...]` of the finest level that has few points enough between two times. */
  slice(from, to, pixels) {
    for (const level of this.#levels) {
      const [first, end] = [Math.max(0, search(level[0], from) - 2), Math.min(level[0].length, search(level[0], to) + 2)];
      if (end - first <= PER_PIXEL * pixels || level === this.#levels.at(-1)) return level.map((array) => array.subarray(first, end));
    }
    return [];
  }

  /** Least and largest value of all channels. */
  get range() {
    let [low, high] = [Infinity, -Infinity];
    for (const array of this.#levels.at(-1).slice(1)) {
      for (const value of array) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return low < high ? [low, high] : [low - 1, low + 1];
  }
}

/** Index of the first time that is at least `at`. */
export function search(times, at) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
