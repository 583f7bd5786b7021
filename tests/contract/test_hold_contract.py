"""The stage that finds holds keeps the contract, and so does the whole pipeline that counts them."""

from dataclasses import asdict, replace
from functools import cache
from itertools import pairwise

import pytest
from holds import Holds, perform
from simulated import a_pipeline, without
from stage_contract import StageContract

from repcount.commands import EndSet
from repcount.exercises import EXERCISES
from repcount.motion.tracker import Motion
from repcount.reps.detector import Delays
from repcount.reps.hold import HoldDetector
from repcount.reps.hold_state import HoldParams
from repcount.reps.hold_traits import HoldJudgeParams
from repcount.session.hold_set import HoldSetParams

SHORT = Holds(holds_s=(6.0, 7.0), walk_s=2.0, lie_s=3.5, rest_s=3.0)


@cache
def ticks():
    """Two holds, tick by tick: number and signals."""
    (piece,), _ = Motion().feed(perform(SHORT).batch)
    return list(enumerate(piece.motion.signals))


class TestHoldDetector(StageContract):
    params = HoldParams
    wrong_params = ({"tick_hz": 0}, {"back_ratio": 1.0}, {"sure_s": 2.5}, {"move_s": 12.0}, {"rest_g": -1})
    size = len(ticks())

    def new(self):
        stage = HoldDetector(Delays(*Motion().delays_s))
        stage.arm(EXERCISES["back_extension"].holds["chest"])
        return stage

    def feed(self, stage, first, last):
        for item in ticks()[first:last]:
            yield from (("fact", (type(fact).__name__, asdict(fact))) for fact in stage.feed(*item))
            yield "mode", stage.state.mode

    def test_it_saw_both_holds(self):
        assert [name for name, _ in self.whole["fact"]] == ["HoldBegan", "HoldOver", "HoldJudged"] * 2


class TestPipelineOfHolds(StageContract):
    """Two sets: the second breaks off in a gap too long for it, after the first was ended by hand."""

    batch = without(perform(replace(SHORT, holds_s=(6.0, 6.0, 14.0))).batch, (32.5, 37.5))
    size = len(batch)
    command_at = int((batch.t_s < 25.0).sum())

    def new(self):
        return a_pipeline("back_extension", placement="chest")

    def feed(self, stage, first, last):
        edges = [first, self.command_at, last] if first < self.command_at <= last else [first, last]
        for start, end in pairwise(edges):
            yield from (("event", event) for event in stage.feed("wrist", self.batch[start:end]))
            if end == self.command_at and end > first:
                yield from (("event", event) for event in stage.command(EndSet(at_s=25.0)))

    def end(self, stage):
        return [("event", event) for event in stage.finish()]

    def test_it_says_holds_and_sets_in_order(self):
        events = self.whole["event"]
        assert {"set_started", "hold_started", "hold_ended", "set_ended"} <= {event.type for event in events}
        said = [event.said_s for event in events]
        assert said == sorted(said)
        assert [event for event in events if event.happened_s > event.said_s] == []


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        (HoldJudgeParams, {"return_deg": 0}),
        (HoldJudgeParams, {"lower_ratio": -1}),
        (HoldSetParams, {"idle_s": 5.0}),
    ],
)
def test_wrong_parameters_of_the_parts_around_are_refused(params, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        params(**wrong)
