"""Which counted rep is which labelled one.

Rules: one to one; a rep is found when its turn is near enough to the label's; as many pairs as possible,
and among those the ones nearest in time. The order of the inputs does not matter; the results are in time
order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from repcount.events import Rep
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
    near = distance_s <= near_s
    # Squares, because among equal sums of distances they prefer the pairs that do not cross.
    chosen = linear_sum_assignment(np.where(near, distance_s**2, _APART))
    pairs = {int(i): int(j) for i, j in zip(*chosen, strict=True) if near[i, j]}
    found = set(pairs.values())
    return Match(
        matched=tuple((reps[i], turns[j][1]) for i, j in sorted(pairs.items())),
        missed=tuple(label for j, (_, label) in enumerate(turns) if j not in found),
        extra=tuple(rep for i, rep in enumerate(reps) if i not in pairs),
    )
