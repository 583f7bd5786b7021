"""A scored recording, for tests of what is made of scores."""

from repcount.evaluate.score import Score


def scored(**changes):
    """Ten pull-ups, all counted; nothing else is known unless `changes` say so."""
    known = {
        "file": "a.npz",
        "exercise": "pull_up",
        "placement": "wrist",
        "dataset": "gym",
        "subject": "a",
        "duration_s": 60.0,
        "is_null": False,
        "reps_true": 10,
        "counted": 10,
        "said_and_retracted": 0,
        "latencies_s": (),
        "found": None,
        "eccentric_errors_s": (),
        "concentric_errors_s": (),
        "found_holds": None,
        "hold_errors_s": (),
    }
    return Score(**known | changes)
