"""The cue to slow down is said only with a sensor that tells of a movement in time."""

from pathlib import Path

import pytest

from repcount.app.replay import play
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.events import TempoCue

DEMO = Path(__file__).parents[3] / "recordings" / "wrist_demo_session_01"


@pytest.mark.parametrize(("limit_s", "cues"), [(0.2, True), (0.19, False)])
def test_no_cue_is_said_with_a_sensor_that_tells_too_late_and_all_else_stays(monkeypatch, limit_s, cues):
    whole = counted()
    monkeypatch.setattr("repcount.profile.model.CUE_LATENCY_S", limit_s)
    said = counted()
    assert any(isinstance(event, TempoCue) for event in said) is cues
    assert facts(said) == facts(whole)


def counted():
    """Everything said of a session one of whose reps is lowered too fast; its sensor is 0.2 s late."""
    source = open_source(DEMO, None, None)
    return play(source, Runner(source.pipeline("rack-1")))


def facts(events):
    return [event for event in events if not isinstance(event, TempoCue)]
