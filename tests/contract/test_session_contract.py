"""The session keeps the contract: the same events of the same ticks and commands."""

from simulated import a_set
from stage_contract import StageContract

from repcount.commands import Arm, CorrectCount, SetTarget
from repcount.exercises import EXERCISES
from repcount.motion.tracker import Motion
from repcount.reps.detector import Delays
from repcount.session.session import Session, SessionParams
from repcount.session.workout_set import SetParams

MODEL = EXERCISES["pull_up"]


class TestSession(StageContract):
    params = SessionParams
    wrong_params = ({"moving_ratio_s": 0},)

    def new(self):
        stage = Session("station-1", Delays(*Motion().delays_s))
        stage.choose(MODEL, "wrist")
        return stage

    def feed(self, stage, first, last):
        for item in ITEMS[first:last]:
            events = stage.feed(*item) if isinstance(item, tuple) else stage.command(item, item.at_s)
            yield from (("event", event) for event in events)
            yield "status", stage.status(stage.state.now_s, {"heart_rate_bpm": None})

    def test_the_stream_holds_two_sets_a_cue_and_a_correction(self):
        types = [event.type for event in self.whole["event"]]
        assert types.count("set_ended") == 2
        assert {"rep_completed", "tempo_cue", "count_corrected"} <= set(types)


class TestSetParams:
    wrong = ({"same_turn_ticks": -1}, {"partial_ratio": 0}, {"partial_ratio": 1}, {"cue_lead_ratio": -1})

    test_wrong_parameters_are_refused = StageContract.test_wrong_parameters_are_refused
    params, wrong_params = SetParams, wrong


def _items():
    items = [SetTarget(at_s=0.0, eccentric_s=4.0)]
    for session in (a_set(reps=3, rest_s=16.0), a_set(reps=2, rest_s=10.0, seed=2)):
        (piece,), _ = Motion().feed(session.batch)
        m = piece.motion
        after_s = items[-1][0] + 0.04 if len(items) > 1 else 0.0
        items += zip((m.t_s + after_s).tolist(), m.signals, strict=True)
    end_s = items[-1][0]
    return [*items, CorrectCount(at_s=end_s, rep_count=5), Arm(at_s=end_s, armed=False)]


ITEMS = _items()
TestSession.size = len(ITEMS)
