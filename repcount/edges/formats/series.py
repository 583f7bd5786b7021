"""What a file of another program holds, brought to one clock and one unit, and everything odd about it said.

Rules: nothing is guessed in silence: what had to be assumed, left out or moved is a sentence in `notes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from repcount.errors import InputError, Problem
from repcount.samples import STANDARD_GRAVITY_M_S2, Array, SampleBatch

GAP_S = 0.2
"""A longer step from one sample to the next is a gap."""
SLOWEST_HZ = 12.5
"""The models are made for this rate and more."""
_STILL_G = (0.5, 1.6)
"""Half of all samples of a worn sensor lie within, gravity being most of what it feels."""
_LEAST_OVERLAP_RATIO = 0.5
_LEAST_SAMPLES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Three axes over time: `t_s` (N,) s on the file's own clock, `values` (N, 3) m/s2 or rad/s."""

    t_s: Array
    values: Array

    def __len__(self) -> int:
        return len(self.t_s)


@dataclass(slots=True)
class Found:
    """What was read so far, from one file or several; `when` is the wall clock of the first sample."""

    acc: Series | None = None
    gyro: Series | None = None
    when: datetime | None = None
    notes: list[str] = field(default_factory=list)

    def take(self, other: "Found") -> None:
        """Add what another file of the same recording holds; what was found first stays."""
        self.acc, self.gyro = self.acc or other.acc, self.gyro or other.gyro
        self.when = self.when or other.when
        self.notes += other.notes


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A whole recording of another program: `when` None where it does not tell."""

    samples: SampleBatch
    when: datetime | None
    notes: Sequence[str]


def imported(found: Found, place: str) -> Imported:
    """Bring the axes to the clock of the accelerometer, from 0 s.

    Raises
    ------
    InputError
        Without an accelerometer, or with one that does not feel gravity.
    """
    if found.acc is None or len(found.acc) < _LEAST_SAMPLES:
        mend = "An accelerometer is needed; a gyroscope alone cannot tell which way is up"
        raise InputError([Problem(place, "holds no acceleration", mend)])
    notes = list(found.notes)
    acc = _in_order(found.acc, "acceleration", place, notes)
    _check_gravity(acc, place)
    gyro = _gyro_on(acc, found.gyro, place, notes)
    if gyro is not None:
        keep = np.isfinite(gyro).all(axis=1)
        acc, gyro = Series(acc.t_s[keep], acc.values[keep]), gyro[keep]
    notes += rate_notes(acc.t_s)
    return Imported(SampleBatch(acc.t_s - acc.t_s[0], acc.values, gyro), found.when, notes)


def _in_order(series: Series, what: str, place: str, notes: list[str]) -> Series:
    """Times that increase: of samples that came at once, spread over the time until the next ones."""
    steps_s = np.diff(series.t_s)
    if (back := np.flatnonzero(steps_s < 0)).size:
        k = int(back[0])
        message = f"time of {what} goes back, from {series.t_s[k]:.3f} to {series.t_s[k + 1]:.3f} s"
        raise InputError([Problem(place, message, "Are there two recordings in it? Cut it in two")])
    if (steps_s > 0).all():
        return series
    firsts = np.flatnonzero(np.concatenate([[True], steps_s > 0]))
    if len(firsts) < _LEAST_SAMPLES:
        raise InputError([Problem(place, f"all samples of {what} have the same time")])
    notes.append(
        f"{len(series) - len(firsts)} of {len(series)} times of {what} repeat the one before: spread evenly"
    )
    return Series(_spread(series.t_s, firsts), series.values)


def _spread(t_s: Array, firsts: NDArray[np.intp]) -> Array:
    """Times linear from the first sample of a block to the first of the next; the last block goes on so."""
    last_step_s = (t_s[firsts[-1]] - t_s[firsts[-2]]) / (firsts[-1] - firsts[-2])
    n = len(t_s)
    knots = np.append(firsts, n)
    knot_s = np.append(t_s[firsts], t_s[firsts[-1]] + last_step_s * (n - firsts[-1]))
    spread_s: Array = np.interp(np.arange(n), knots, knot_s)
    return spread_s


def _check_gravity(acc: Series, place: str) -> None:
    """A worn sensor feels about 1 g most of the time, whatever it does; other sizes are other units."""
    size_g = float(np.median(np.linalg.norm(acc.values, axis=1))) / STANDARD_GRAVITY_M_S2
    if _STILL_G[0] <= size_g <= _STILL_G[1]:
        return
    message = f"half of the time it feels less than {size_g:.3g} g, and a sensor on the body about 1 g"
    for unit, factor in (("m/s2", STANDARD_GRAVITY_M_S2), ("mg", 1000.0), ("g", 1 / STANDARD_GRAVITY_M_S2)):
        if _STILL_G[0] <= size_g / factor <= _STILL_G[1]:
            raise InputError([Problem(place, message, f"Is it in {unit}? Give --acc-unit {unit}")])
    mend = "Export the acceleration with gravity: without it nobody knows which way is up"
    raise InputError([Problem(place, message, mend)])


def _gyro_on(acc: Series, given: Series | None, place: str, notes: list[str]) -> Array | None:
    """(N, 3) rad/s at the times of the acceleration, NaN outside of what was measured; None: no gyroscope."""
    if given is None or len(given) < _LEAST_SAMPLES:
        notes.append("no gyroscope: the tempo will be a little less exact")
        return None
    gyro = _in_order(given, "turning rate", place, notes)
    if len(gyro) == len(acc) and np.array_equal(gyro.t_s, acc.t_s):
        return gyro.values
    inside = (acc.t_s >= gyro.t_s[0]) & (acc.t_s <= gyro.t_s[-1])
    if inside.mean() < _LEAST_OVERLAP_RATIO:
        message = f"acceleration and turning rate have only {inside.mean():.0%} of the time in common"
        raise InputError([Problem(place, message, "Are they of the same recording?")])
    rates_hz = [1 / float(np.median(np.diff(series.t_s))) for series in (acc, gyro)]
    notes.append(
        f"acceleration at {rates_hz[0]:.4g} Hz, turning rate at {rates_hz[1]:.4g} Hz and read between its "
        "samples"
    )
    if not inside.all():
        notes.append(f"{(~inside).sum()} samples without a turning rate, at the ends, are left out")
    on = np.column_stack([np.interp(acc.t_s, gyro.t_s, gyro.values[:, k]) for k in range(3)])
    on[~inside] = np.nan
    return on


def rate_notes(t_s: Array) -> list[str]:
    """What there is to say of the times (N,), s: the rate, gaps, and a rate too low to count with."""
    steps_s = np.diff(t_s)
    rate_hz = 1 / float(np.median(steps_s))
    gaps_s = steps_s[steps_s > max(GAP_S, 4 / rate_hz)]
    notes = [f"{len(t_s)} samples in {t_s[-1] - t_s[0]:.1f} s, {rate_hz:.4g} Hz"]
    if len(gaps_s):
        notes.append(f"{len(gaps_s)} gaps, {gaps_s.sum():.1f} s together, the longest {gaps_s.max():.1f} s")
    if rate_hz < SLOWEST_HZ * 0.9:
        notes.append(f"{SLOWEST_HZ} Hz and more are asked for: only slow movements will be counted")
    return notes
