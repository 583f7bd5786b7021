"""What counts as one more rep of the same run."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunParams:
    """What counts as one more of the same.

    Parameters
    ----------
    pose_tolerance_ratio
        A rep's start and turn may lie this far from the run's, in units of its range. Larger: sloppier reps
        join, and movements that are none. 0.4 separates the two humps of an assisted pull-up (0.55 lets
        them through, 0.3 breaks real reps; measured on `kaggle_gym`).
    range_factor
        A rep's range may differ from the run's by this factor.
    pace_factor
        The time between two turns may differ from the run's by this factor.
    partial_ratio, partial_cosine, partial_likeness
        In a run of two reps or more, a movement from the same start in the same direction (cosine) going
        at least this share of the way is a partial rep; it adds this likeness and teaches nothing.
    partial_back_ratio
        Where nothing is thrown it is none unless it comes back to within this of the start, in units of the
        range: the smaller of the two humps in which a hand on a bar moves does not.
    most_reps_count
        A run holds no more: whoever goes on is walking. Keeps memory constant.
    learning_rate
        Weight of a new rep in the run's means. Larger: follows fatigue faster, forgets faster.
    skip_penalty
        Taken off the score where a movement that did not fit was passed over.
    settle_s
        How long before the first rep the pose must already have been near its start, s.
    """

    pose_tolerance_ratio: float = 0.4
    range_factor: float = 1.8
    pace_factor: float = math.e
    partial_ratio: float = 0.35
    partial_cosine: float = 0.9
    partial_likeness: float = 0.3
    partial_back_ratio: float = 0.3
    most_reps_count: int = 200
    learning_rate: float = 0.25
    skip_penalty: float = 0.5
    settle_s: float = 1.0

    def __post_init__(self) -> None:
        if not (self.range_factor > 1 and self.pace_factor > 1 and 0 < self.learning_rate <= 1):
            raise ValueError(f"factors must exceed 1 and the learning rate lie in (0, 1], got {self}")
        if not (self.pose_tolerance_ratio > 0 and self.partial_back_ratio > 0):
            raise ValueError(f"need tolerances above 0, got {self}")
        if not (self.skip_penalty >= 0 and self.settle_s >= 0):
            raise ValueError(f"need skip_penalty >= 0 and settle_s >= 0, got {self}")
        if not (0 < self.partial_ratio < 1 and 0 < self.partial_cosine <= 1 and self.partial_likeness >= 0):
            raise ValueError(f"need partial_ratio and _cosine in (0, 1), partial_likeness >= 0, got {self}")
