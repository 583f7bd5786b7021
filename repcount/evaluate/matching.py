"""Which counted rep, and which hold, is which labelled one.

Rules: one to one; a rep is found when its turn is near enough to the label's, a hold when the two overlap;
as many pairs as possible, and among those the ones nearest in time. The order of the inputs does not matter;
the results are in time order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from repcount.events import HoldEnded, Rep
from repcount.samples import Array
from repcount.truth import TrueRep

TOLERANCE_S = 0.5
"""A turn this near a labelled one is the same turn."""

TOLERANCE_RATIO = 0.25
"""Likewise, as a share of the labelled rep where that is longer."""

_APART = 1e9
"""Cost of a pair too far apart: more than any number of pairs within tolerance cost together."""


@dataclass(frozen=True, slots=True)
class Match:
    """Pairs of a rep and its label, labels without a rep, reps without a label; each in time order."""

    matched: tuple[tuple[Rep, TrueRep], ...]
    missed: tuple[TrueRep, ...]
    extra: tuple[Rep, ...]


@dataclass(frozen=True, slots=True)
class HoldMatch:
    """As `Match`, of holds."""

    matched: tuple[tuple[HoldEnded, TrueRep], ...]
    missed: tuple[TrueRep, ...]
    extra: tuple[HoldEnded, ...]


def tolerance_s(label: TrueRep) -> float:
    """How far from the labelled turn a rep's turn may lie, s."""
    return max(TOLERANCE_S, TOLERANCE_RATIO * (label.end_s - label.start_s))


def match(reps: Sequence[Rep], labels: Sequence[TrueRep]) -> Match:
    """Pair reps with labels; labels without a turn (holds) are left out."""
    reps = sorted(reps, key=lambda rep: rep.turn_s)
    turns = sorted(
        ((label.turn_s, label) for label in labels if label.turn_s is not None), key=lambda turn: turn[0]
    )
    rep_turn_s = np.array([rep.turn_s for rep in reps])
    label_turn_s = np.array([turn_s for turn_s, _ in turns])
    near_s = np.array([tolerance_s(label) for _, label in turns])

    distance_s = np.abs(rep_turn_s[:, np.newaxis] - label_turn_s)
    pairs = _pairs(distance_s, distance_s <= near_s)
    found = set(pairs.values())
    return Match(
        matched=tuple((reps[i], turns[j][1]) for i, j in sorted(pairs.items())),
        missed=tuple(label for j, (_, label) in enumerate(turns) if j not in found),
        extra=tuple(rep for i, rep in enumerate(reps) if i not in pairs),
    )


def match_holds(holds: Sequence[HoldEnded], labels: Sequence[TrueRep]) -> HoldMatch:
    """Pair holds with labels of holds; all other labels are left out."""
    holds = sorted(holds, key=lambda hold: hold.start_s)
    truths = sorted((label for label in labels if label.turn_s is None), key=lambda label: label.start_s)
    start_s, end_s = _ends_s(holds)
    true_start_s, true_end_s = _ends_s(truths)
    start_s, end_s = start_s[:, np.newaxis], end_s[:, np.newaxis]
    distance_s = np.hypot(start_s - true_start_s, end_s - true_end_s)
    pairs = _pairs(distance_s, (start_s < true_end_s) & (true_start_s < end_s))
    found = set(pairs.values())
    return HoldMatch(
        matched=tuple((holds[i], truths[j]) for i, j in sorted(pairs.items())),
        missed=tuple(label for j, label in enumerate(truths) if j not in found),
        extra=tuple(hold for i, hold in enumerate(holds) if i not in pairs),
    )


def _ends_s(spans: Sequence[HoldEnded] | Sequence[TrueRep]) -> tuple[Array, Array]:
    return np.array([span.start_s for span in spans]), np.array([span.end_s for span in spans])


def _pairs(distance_s: Array, allowed: NDArray[np.bool_]) -> dict[int, int]:
    """Row -> column of as many allowed pairs as there can be, the nearest ones."""
    # Squares, because among equal sums of distances they prefer the pairs that do not cross.
    chosen = linear_sum_assignment(np.where(allowed, distance_s**2, _APART))
    return {int(i): int(j) for i, j in zip(*chosen, strict=True) if allowed[i, j]}
