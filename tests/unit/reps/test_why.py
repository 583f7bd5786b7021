"""Why reps are no set is told in the words and numbers of the parameters that a person may change."""

from pathlib import Path

from repcount.app.bench import doubts, rerun

RECORDING = Path(__file__).parents[3] / "recordings" / "wrist_pull_up_strict_01"
STRICT = {"movement.least_log_odds": -3.0, "movement.arc_deg.low": 42.0}


def test_what_was_a_set_has_no_doubts_and_what_was_not_names_the_bound():
    assert doubts(RECORDING, salvage=False) == {"doubts": []}
    told = rerun(RECORDING, "pull_up/wrist", STRICT, 0, 60, salvage=False)
    assert [event for event in told["said"] if event["type"] == "set_ended" and event["rep_count"]] == []
    (doubt,) = told["doubts"]
    assert doubt["reps"] == 8
    assert "asked for are 42 to 45°" in doubt["why"][0]
