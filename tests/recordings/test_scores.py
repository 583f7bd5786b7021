"""It is right: what is said of a recording agrees with its labels."""

from statistics import median

import pytest
from recorded import MISCOUNTED

from repcount.edges.recording import read_recording
from repcount.evaluate.matching import match
from repcount.events import RepCounted, RepRetracted, SetEnded

TURN_S = 0.5
PHASE_S = 0.7
"""Of 4 s where a lift is slow (`slow_01`): a slow begin is seen late."""


@pytest.fixture
def known_flaws(request, folder):
    """Marks the recordings that are known to be counted wrong."""
    if folder.name in MISCOUNTED:
        request.applymarker(pytest.mark.xfail(strict=True, reason=MISCOUNTED[folder.name]))


@pytest.fixture
def recording(folder):
    return read_recording(folder)


@pytest.fixture
def sets(events):
    return [event for event in events if isinstance(event, SetEnded)]


@pytest.mark.usefixtures("known_flaws")
def test_each_set_has_the_labelled_number_of_reps(recording, sets):
    assert tuple(one.rep_count for one in sets) == recording.meta.reps_true
    assert sum(recording.meta.reps_true) == len(recording.labels)


@pytest.mark.usefixtures("known_flaws")
def test_each_rep_turns_where_the_labels_say(recording, sets):
    found = match([rep for one in sets for rep in one.reps], recording.labels)
    assert (found.missed, found.extra) == ((), ())
    errors_s = [rep.turn_s - label.turn_s for rep, label in found.matched]
    assert max(map(abs, errors_s)) <= TURN_S


@pytest.mark.parametrize("phase", ["eccentric_s", "concentric_s"])
def test_a_phase_is_as_long_as_labelled_in_the_median(recording, sets, phase):
    found = match([rep for one in sets for rep in one.reps], recording.labels)
    pairs = [(getattr(rep, phase), getattr(label, phase)) for rep, label in found.matched]
    errors_s = [ours - true for ours, true in pairs if ours is not None and true is not None]
    assert len(errors_s) >= len(recording.labels) - len(sets)  # the last lowering of a set may be unseen
    assert abs(median(errors_s)) <= PHASE_S


def test_the_number_said_live_ends_at_the_number_of_the_set(events, sets):
    for done in sets:
        said = [event for event in events if getattr(event, "set_index", None) == done.set_index]
        counted = sum(isinstance(event, RepCounted) for event in said)
        assert counted - sum(isinstance(event, RepRetracted) for event in said) == done.rep_count
