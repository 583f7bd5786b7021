"""The report card: one row per exercise, placement and dataset, then rows that put datasets together.

Rules: a figure nothing is known of is None, never 0. Only trusted counts enter the ratios; only recordings
without exercise enter the figures an hour; limits of agreement are 1.96 standard deviations about the bias
(Bland and Altman 1986).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean, stdev
from typing import TypedDict

import numpy as np

from repcount.evaluate.score import Score

ALL = "all"
"""In place of the name of a dataset or an exercise: the row is over all of them."""

_LOA_SD = 1.96
_S_PER_H = 3600.0
_NEAR_HOLD_S = 0.5
_SLACK_S = 1e-9
"""0.5 s is within 0.5 s, whatever a subtraction of floats says."""

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How right and how late times are, of sensors of one kind: `numbers` said in `recordings`, s."""

    recordings: int
    numbers: int
    eccentric_bias_s: float | None
    eccentric_loa_s: float | None
    concentric_bias_s: float | None
    concentric_loa_s: float | None
    latency_p50_s: float | None
    latency_p95_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """The figures of one exercise, placement and dataset.

    `sets` and `reps` are those with a trusted count, `people` who performed them (or, where there are none,
    who wore the sensor without exercise). `hours` are the hours without exercise, counted once for each
    exercise armed. Ratios 0..1, biases and limits of agreement in s, ours less the label's.
    `recordings` are all with this exercise, whether their count is trusted or not; `found_ratio` is the share
    of `labelled_reps` found one to one, `extra_reps` those counted without a label in recordings that have
    labels. `hold_within_half_s_ratio` is the share of `labelled_holds` found with a length right to 0.5 s: a
    hold not found is not right. `with_gyroscope` and `without_gyroscope` are the same times of one kind of
    sensor, None where no recording is known to be of that kind.
    """

    exercise: str
    placement: str
    dataset: str
    people: int
    sets: int
    reps: int
    exact_ratio: float | None
    within_one_ratio: float | None
    mae_reps: float | None
    hours: float
    false_reps_per_hour: float | None
    said_and_retracted_per_hour: float | None
    eccentric_bias_s: float | None
    eccentric_loa_s: float | None
    concentric_bias_s: float | None
    concentric_loa_s: float | None
    latency_p50_s: float | None
    latency_p95_s: float | None
    recordings: int
    labelled_reps: int
    found_ratio: float | None
    extra_reps: int | None
    labelled_holds: int
    hold_bias_s: float | None
    hold_loa_s: float | None
    hold_within_half_s_ratio: float | None
    with_gyroscope: Times | None
    without_gyroscope: Times | None


def report(scores: Sequence[Score]) -> list[ReportRow]:
    """Rows by dataset; then by exercise over all datasets; then by placement over all exercises.

    Placements are never put together: a sensor on a bar is not one on a wrist.
    """
    return [
        *_rows(scores, lambda s: (s.exercise, s.placement, s.dataset)),
        *_rows(scores, lambda s: (s.exercise, s.placement, ALL)),
        *_rows(scores, lambda s: (ALL, s.placement, ALL)),
    ]


def _rows(scores: Iterable[Score], key: Callable[[Score], Key]) -> list[ReportRow]:
    groups: defaultdict[Key, list[Score]] = defaultdict(list)
    for one in scores:
        groups[key(one)].append(one)
    return [_row(*names, group) for names, group in sorted(groups.items())]


def _row(exercise: str, placement: str, dataset: str, scores: list[Score]) -> ReportRow:
    null = [s for s in scores if s.is_null]
    active = [s for s in scores if not s.is_null]
    trusted = [(s, s.reps_true) for s in active if s.reps_true is not None]
    misses = [abs(s.counted - true) for s, true in trusted]
    hours = sum(s.duration_s for s in null) / _S_PER_H
    times = _times(active)
    return ReportRow(
        exercise=exercise,
        placement=placement,
        dataset=dataset,
        people=len({(s.dataset, s.subject) for s in [s for s, _ in trusted] or null}),
        sets=len(trusted),
        reps=sum(true for _, true in trusted),
        exact_ratio=_mean(float(miss == 0) for miss in misses),
        within_one_ratio=_mean(float(miss <= 1) for miss in misses),
        mae_reps=_mean(misses),
        hours=hours,
        false_reps_per_hour=_per_hour(sum(s.counted for s in null), hours),
        said_and_retracted_per_hour=_per_hour(sum(s.said_and_retracted for s in null), hours),
        eccentric_bias_s=times.eccentric_bias_s,
        eccentric_loa_s=times.eccentric_loa_s,
        concentric_bias_s=times.concentric_bias_s,
        concentric_loa_s=times.concentric_loa_s,
        latency_p50_s=times.latency_p50_s,
        latency_p95_s=times.latency_p95_s,
        recordings=len(active),
        **_against_labels(active),
        with_gyroscope=_times_of_kind(active, has_gyro=True),
        without_gyroscope=_times_of_kind(active, has_gyro=False),
    )


def _times_of_kind(scores: Iterable[Score], *, has_gyro: bool) -> Times | None:
    of_kind = [s for s in scores if s.has_gyro is has_gyro]
    return _times(of_kind) if of_kind else None


def _times(scores: Sequence[Score]) -> Times:
    eccentric_bias_s, eccentric_loa_s = _agreement([s.eccentric_errors_s for s in scores])
    concentric_bias_s, concentric_loa_s = _agreement([s.concentric_errors_s for s in scores])
    latencies_s = list(chain.from_iterable(s.latencies_s for s in scores))
    return Times(
        recordings=len(scores),
        numbers=len(latencies_s),
        eccentric_bias_s=eccentric_bias_s,
        eccentric_loa_s=eccentric_loa_s,
        concentric_bias_s=concentric_bias_s,
        concentric_loa_s=concentric_loa_s,
        latency_p50_s=_percentile(latencies_s, 50),
        latency_p95_s=_percentile(latencies_s, 95),
    )


class _AgainstLabels(TypedDict):
    labelled_reps: int
    found_ratio: float | None
    extra_reps: int | None
    labelled_holds: int
    hold_bias_s: float | None
    hold_loa_s: float | None
    hold_within_half_s_ratio: float | None


def _against_labels(scores: Iterable[Score]) -> _AgainstLabels:
    scores = list(scores)
    found = [s.found for s in scores if s.found is not None]
    holds = [s.found_holds for s in scores if s.found_holds is not None]
    found_reps = sum(len(one.matched) for one in found)
    labelled_reps = found_reps + sum(len(one.missed) for one in found)
    labelled_holds = sum(len(one.matched) + len(one.missed) for one in holds)
    hold_bias_s, hold_loa_s = _agreement([s.hold_errors_s for s in scores])
    near = sum(abs(error_s) <= _NEAR_HOLD_S + _SLACK_S for s in scores for error_s in s.hold_errors_s)
    return _AgainstLabels(
        labelled_reps=labelled_reps,
        found_ratio=found_reps / labelled_reps if labelled_reps else None,
        extra_reps=sum(len(one.extra) for one in found) if found else None,
        labelled_holds=labelled_holds,
        hold_bias_s=hold_bias_s,
        hold_loa_s=hold_loa_s,
        hold_within_half_s_ratio=near / labelled_holds if labelled_holds else None,
    )


def _mean(values: Iterable[float]) -> float | None:
    values = list(values)
    return fmean(values) if values else None


def _per_hour(count: int, hours: float) -> float | None:
    return count / hours if hours > 0 else None


def _percentile(values: list[float], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values else None


def _agreement(errors_s: Iterable[tuple[float, ...]]) -> tuple[float | None, float | None]:
    """Bias and half-width of the limits of agreement, s; the latter needs two reps."""
    together = list(chain.from_iterable(errors_s))
    return _mean(together), _LOA_SD * stdev(together) if len(together) > 1 else None
