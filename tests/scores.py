"""Rows of an index, and scores, for tests of what is made of them."""

from repcount.evaluate.collection import IndexRow
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


def indexed(**changes):
    """Pull-ups with labels nowhere; no more is known than an index must say, unless `changes` say so."""
    known = {
        "line": 2,
        "file": "a.npz",
        "dataset": "gym",
        "subject": "a",
        "exercise": "Pull Up",
        "exercise_ours": "pull_up",
        "placement": "wrist",
        "rate_hz": None,
        "has_gyro": None,
        "duration_s": None,
        "n_reps_true": None,
        "n_reps_visual": None,
        "active_start_s": None,
        "active_end_s": None,
        "labels": "",
        "notes": "",
    }
    return IndexRow(**known | changes)
