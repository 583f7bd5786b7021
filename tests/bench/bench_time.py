"""How well samples are timed: `make bench`. Prints, never asserts; seeds are given.

Root mean square error of the sample times in ms after the first 10 s, over links whose sensor's clock runs
200 ppm apart from the host's, and which hold back one notification in twenty, and all behind it, by up to
0.3 s. The truth is the sensor's own clock where it sends its time, the first sensor's for a second one, and
else the host's clock at the moment of sampling; what is constant is left out.

A link whose connection interval fits into a notification a whole number of times (marked *) is in step with
the sensor: it hides where in the interval samples were taken until the clocks have slipped by one. All that
time each notification arrives just as far after the one before as the host's clock says: nothing tells how
long each waited, and the error goes evenly through the interval. Its root mean square is the interval by
the square root of 12: 14.4 ms of 50 ms. Clocks 200 ppm apart slip by 50 ms in 250 s, and only after two
slips, longer than a set and its rest, could the rate and with it the wait be known.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from links import Radio, Sensor, arrivals, second_timed, timed

SECONDS = 300.0
SEEDS = (1,)
INTERVALS_S = (0.0075, 0.03, 0.04875, 0.05)
SHAPES = ((12.5, 1), (50.0, 1), (50.0, 10), (100.0, 36), (200.0, 1), (52.0, 70), (52.0, 140))
SAYS = {
    "time, u64 ns, last": ({"time_bits": 64, "ticks_per_s": 1e9, "starts_s": 6e8}, 0.02),
    "time, u32 us, first": ({"time_bits": 32, "stamps": "first", "starts_s": 4200.0}, 0.02),
    "time, u32 ms, first": ({"time_bits": 32, "ticks_per_s": 1e3, "stamps": "first"}, 0.02),
    "counter": ({"counter_bits": 16}, 0.02),
    "counter, 3 % slow": ({"counter_bits": 16, "rate_ratio": 0.97}, 0.02),
    "neither": ({}, 0.0),
    "neither, 3 % slow": ({"rate_ratio": 0.97}, 0.0),
    "neither, 0.2 % lost": ({}, 0.002),
}


def table() -> Iterator[str]:
    """One sensor: what it says by how it sends."""
    yield f"{'':22}{'interval':>9}" + "".join(f"{rate:>7g}x{n:<4}" for rate, n in SHAPES) + "  gaps said/true"
    for name, (says, lost_ratio) in SAYS.items():
        for interval_s in INTERVALS_S:
            radio = Radio(interval_s=interval_s, lost_ratio=lost_ratio)
            sensors = [Sensor(rate_hz=rate, at_once=n, **says) for rate, n in SHAPES]
            results = [[timed(one, arrivals(one, radio, SECONDS, seed)) for seed in SEEDS] for one in sensors]
            said = sum(len(result.gaps) for row in results for result in row)
            true = sum(len(result.lost) for row in results for result in row)
            cells = [
                f"{max(result.rms_s for result in row) * 1e3:10.1f}{'*' if in_step(one, interval_s) else ' '}"
                for one, row in zip(sensors, results, strict=True)
            ]
            yield f"{name:22}{interval_s * 1e3:6.2f} ms" + " ".join(cells) + f"{said:8}/{true}"


def in_step(sensor: Sensor, interval_s: float) -> bool:
    """Whether a notification takes a whole number of intervals."""
    times = sensor.at_once / (sensor.rate_hz * sensor.rate_ratio * interval_s)
    return times > 0.5 and abs(times - round(times)) < 0.01


def second() -> Iterator[str]:
    """Show two sensors whose clocks run 400 ppm apart."""
    first = Sensor(rate_hz=50.0, at_once=5, time_bits=32)
    others = {
        "time, 100 Hz x 36": Sensor(rate_hz=100.0, at_once=36, time_bits=64, ticks_per_s=1e9, starts_s=6e8),
        "time, 50 Hz x 1": Sensor(time_bits=32, starts_s=3.0),
        "neither, 50 Hz x 1": Sensor(),
    }
    for name, other in others.items():
        for interval_s in INTERVALS_S:
            radio, slow = Radio(interval_s=interval_s), replace(other, drift_ppm=-200.0)
            rms_s = max(second_timed(first, slow, radio, SECONDS, seed).rms_s for seed in SEEDS)
            mark = "*" if in_step(first, interval_s) or in_step(slow, interval_s) else ""
            yield f"second: {name:20} {interval_s * 1e3:6.2f} ms {rms_s * 1e3:8.1f}{mark}"


def real(folder: Path) -> Iterator[str]:
    """Show real arrivals, without a truth: how even the quickest of every 2 s are, and what bends."""
    sensor, n_bend = Sensor(), 25
    if not folder.is_dir():
        yield "real arrivals are in ../shared/data, which is not there"
    for file in sorted(folder.glob("*.npz")):
        arrival_s = np.load(file)["t"]
        one = arrivals(sensor, Radio(), 1.0)[0]
        result = timed(sensor, [replace(one, arrival_s=float(t_s)) for t_s in arrival_s])
        late_s = (arrival_s - result.t_s)[arrival_s > 10.0]
        stretch = (arrival_s[arrival_s > 10.0] // 2.0).astype(int)
        quickest_s = [late_s[stretch == k].min() for k in np.unique(stretch)]
        half_s = np.diff(result.t_s[arrival_s > 10.0][::n_bend])
        bent = np.abs(half_s / np.median(half_s) - 1.0)
        yield (
            f"{file.stem[:24]:26}{len(result.gaps):4} gaps, quickest arrivals "
            f"{np.std(quickest_s) * 1e3:5.0f} ms rms, half a second bent by {bent.max():.0%} at most"
        )


def main() -> None:
    """Measure and print."""
    for line in (*table(), *second(), *real(Path(__file__).parents[3] / "shared/data/reptracker")):
        print(line, flush=True)  # noqa: T201 - it is what this is for


if __name__ == "__main__":
    main()
