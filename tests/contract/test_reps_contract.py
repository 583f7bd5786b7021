"""The stages that find reps keep the contract; they take motion tick by tick."""

import json
from functools import cache

import pytest
from simulated import a_set
from stage_contract import StageContract

from repcount.exercises import EXERCISES
from repcount.motion.tracker import Motion
from repcount.reps.detector import Delays, Detector, DetectorParams, seen_to_data
from repcount.reps.ends import EndParams
from repcount.reps.history import MotionHistory
from repcount.reps.phases import PhaseParams
from repcount.reps.recurrence import Recurrence
from repcount.reps.recurrence_params import RecurrenceParams
from repcount.reps.run_params import RunParams
from repcount.reps.zigzag import ZigzagBank, ZigzagParams
from repcount.samples import POSE

MOVEMENT = EXERCISES["pull_up"].movements["wrist"]


@cache
def ticks():
    """A set, tick by tick: number and signals."""
    (piece,), _ = Motion().feed(a_set(reps=4, rest_s=8.0).batch)
    return list(enumerate(piece.motion.signals))


class TickByTick(StageContract):
    size = len(ticks())

    def feed(self, stage, first, last):
        for tick, signals in ticks()[first:last]:
            yield "tick", self.take(stage, tick, signals)


class TestZigzagBank(TickByTick):
    params = ZigzagParams
    wrong_params = ({"directions": 0}, {"thresholds_g": ()}, {"thresholds_g": (0.1, 0.0)})

    def new(self):
        return ZigzagBank()

    def take(self, stage, tick, signals):
        return stage.feed(tick, signals[POSE])


class TestMotionHistory(TickByTick):
    def new(self):
        return MotionHistory(100)

    def take(self, stage, tick, signals):
        stage.add(tick, signals)
        return (
            stage.poses(tick - 200, tick)[::20].tolist(),
            stage.seldom_poses(tick - 400, tick).tolist(),
            stage.quick(tick - 3, tick + 3).tolist(),
            stage.up(tick - 3, tick + 3).tolist(),
            stage.activity_rms_g(tick - 40, tick),
        )


class TestRecurrence(TickByTick):
    params = RecurrenceParams
    wrong_params = (
        {"tick_hz": 0},
        {"cutoff_hz": 0},
        {"idle_s": 0},
        {"idle_s": 20.0},
        {"idle_paces": 0},
        {"takeover_ratio": 0.9},
        {"history_s": 0},
        {"still_ratio": 1},
        {"far_ratio": 0},
        {"doubtful_ratio": 0},
    )

    def new(self):
        stage = Recurrence()
        stage.arm(MOVEMENT, 0)
        return stage

    def take(self, stage, tick, signals):
        changed = stage.feed(tick, signals)
        return changed, stage.lead and stage.lead.to_data()


class TestDetector(TickByTick):
    params = DetectorParams
    wrong_params = (
        {"back_ratio": 0},
        {"back_ratio": 1},
        {"settled_s": 0},
        {"margin_s": -0.1},
        {"foretold_ratio": 0.1},
        {"slow_ratio": 1},
        {"least_arc_deg": 0},
        {"unconfirmed_s": 0},
    )

    def new(self):
        stage = Detector(Delays(0.28, 0.075))
        stage.arm(MOVEMENT, 0)
        return stage

    def take(self, stage, tick, signals):
        changed = stage.feed(tick, signals)
        return changed, stage.progress_ratio, stage.convincing, [seen_to_data(rep) for rep in stage.seen]

    def test_it_goes_on_from_a_snapshot_taken_while_a_rep_is_foretold(self):
        foretold = [
            at for at, said in enumerate(self.whole["tick"]) if any(rep["foretold"] for rep in said[-1])
        ]
        assert foretold
        stage = self.new()
        self.run_until(stage, foretold[0] + 1)
        other = self.new()
        other.restore(json.loads(json.dumps(stage.snapshot(), allow_nan=False)))
        rest = [value for _, value in self.feed(other, foretold[0] + 1, self.size)]
        assert rest == self.whole["tick"][foretold[0] + 1 :]

    def run_until(self, stage, last):
        for _ in self.feed(stage, 0, last):
            pass

    def test_it_saw_the_set(self):
        assert len(self.whole["tick"][-1][-1]) == 4


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        (RunParams, {"pose_tolerance_ratio": 0}),
        (RunParams, {"range_factor": 1}),
        (RunParams, {"pace_factor": 1}),
        (RunParams, {"learning_rate": 0}),
        (RunParams, {"learning_rate": 1.1}),
        (RunParams, {"skip_penalty": -0.1}),
        (RunParams, {"settle_s": -1}),
        (EndParams, {"least_reps": 2}),
        (EndParams, {"off_ratio": 0}),
        (EndParams, {"apart_ratio": 0}),
        (EndParams, {"most_strange": 0}),
        (PhaseParams, {"low_ratio": 0}),
        (PhaseParams, {"low_ratio": 0.9}),
        (PhaseParams, {"high_ratio": 1}),
        (PhaseParams, {"middle_ratio": 0.1}),
        (PhaseParams, {"near_ratio": 0.5}),
        (PhaseParams, {"smooth_ratio": -0.1}),
        (PhaseParams, {"still_ratio": 0}),
        (PhaseParams, {"still_share": -0.1}),
    ],
)
def test_wrong_parameters_of_the_parts_inside_are_refused(params, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        params(**wrong)


def test_a_history_holds_at_least_one_tick():
    with pytest.raises(ValueError, match="at least 1"):
        MotionHistory(0)
