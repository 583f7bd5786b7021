"""Durations of a set, each defined once.

Rules: a tempo is four durations, eccentric first, whatever the rep begins with; unknown is None, never 0.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean

from repcount.events import Rep, Tempo


def time_under_tension_s(reps: Iterable[Rep]) -> float:
    """Sum of all known phases of all reps, pauses included, s.

    The muscle holds the load through the pauses too; so time under tension is the length of the reps, not of
    their moving parts (the definition used by Wilk, Zajac and Tufano, Sports Medicine 51, 2021).
    """
    return sum(
        phase_s
        for rep in reps
        for phase_s in (rep.eccentric_s, rep.pause_lengthened_s, rep.concentric_s, rep.pause_shortened_s)
        if phase_s is not None
    )


def mean_tempo(reps: Sequence[Rep]) -> Tempo | None:
    """Mean of each phase over the reps that know it; None for a set without reps."""
    if not reps:
        return None
    return Tempo(
        eccentric_s=_mean(rep.eccentric_s for rep in reps),
        pause_lengthened_s=_mean(rep.pause_lengthened_s for rep in reps),
        concentric_s=_mean(rep.concentric_s for rep in reps),
        pause_shortened_s=_mean(rep.pause_shortened_s for rep in reps),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
