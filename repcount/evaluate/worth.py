"""What a set of parameters is worth on recordings: one number to compare by, and what it is made of.

Rules: exact counts come first: no gain elsewhere outweighs one more set that is counted wrong. Then, in this
order of weight, by how many reps the others are off, how wrong the phases are, and how late the number is
said. More false reps an hour than the limit is worse than any count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean
from typing import NamedTuple

from repcount.evaluate.score import Score

WORDS = (
    "exact counts first (sets that are off), then the phase error, then the latency; "
    "more false reps an hour than the limit is worse than any of them"
)
"""What is searched for, in words."""


class Outcome(NamedTuple):
    """What matters of a score: counts, errors of phases or of held times, latencies, time without exercise.

    `true_reps` is None where nobody knows it.
    """

    true_reps: int | None
    counted: int
    idle_s: float
    errors_s: tuple[float, ...]
    latencies_s: tuple[float, ...]

    @property
    def off_reps(self) -> int:
        """How far the count is off; 0 where the truth is unknown."""
        return 0 if self.true_reps is None else abs(self.counted - self.true_reps)


def outcome(score: Score) -> Outcome:
    """Reduce a score."""
    errors = (*score.eccentric_errors_s, *score.concentric_errors_s, *score.hold_errors_s)
    return Outcome(
        true_reps=None if score.is_null else score.reps_true,
        counted=score.counted,
        idle_s=score.duration_s if score.is_null else 0.0,
        errors_s=tuple(float(error_s) for error_s in errors),
        latencies_s=() if score.is_null else tuple(float(late_s) for late_s in score.latencies_s),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Figures of some recordings; None where nothing is known.

    `off_sets` of `sets` are not exact, by `off_reps` together; `phase_error_s` is the mean size of the
    errors, `latency_s` the mean, s.
    """

    sets: int
    off_sets: int
    off_reps: int
    phase_error_s: float | None
    latency_s: float | None
    false_per_hour: float | None

    def cost(self, most_false_per_hour: float) -> float:
        """Return one number, smaller is better: its whole part is the sets that are off."""
        false = self.false_per_hour or 0.0
        broken = self.sets + 1 + _below_one(false) if false > most_false_per_hour + _SLACK else 0.0
        parts = (
            self.off_reps / _REPS,
            (self.phase_error_s or 0.0) / _PHASE_S,
            (self.latency_s or 0.0) / _LATE_S,
        )
        return broken + self.off_sets + sum(w * _below_one(x) for w, x in zip(_WEIGHTS, parts, strict=True))


def worth(outcomes: Iterable[Outcome]) -> Worth:
    """Put outcomes together."""
    outcomes = list(outcomes)
    hours = sum(one.idle_s for one in outcomes) / _S_PER_H
    false = sum(one.counted for one in outcomes if one.idle_s)
    return Worth(
        sets=sum(one.true_reps is not None for one in outcomes),
        off_sets=sum(one.off_reps > 0 for one in outcomes),
        off_reps=sum(one.off_reps for one in outcomes),
        phase_error_s=_mean([abs(e) for e in chain.from_iterable(one.errors_s for one in outcomes)]),
        latency_s=_mean(list(chain.from_iterable(one.latencies_s for one in outcomes))),
        false_per_hour=false / hours if hours else None,
    )


def least_cost(outcomes: Iterable[Outcome]) -> float:
    """What the cost will be at least, whatever comes of other recordings."""
    outcomes = list(outcomes)
    off_reps = sum(one.off_reps for one in outcomes)
    return sum(one.off_reps > 0 for one in outcomes) + _WEIGHTS[0] * _below_one(off_reps / _REPS)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _below_one(value: float) -> float:
    return value / (1 + value)


_WEIGHTS = (0.5, 0.4, 0.1)
_REPS, _PHASE_S, _LATE_S = 10.0, 0.3, 1.0
"""What counts half of its weight: reps off together, mean error of a phase, mean latency."""
_SLACK = 1e-9
_S_PER_H = 3600.0
