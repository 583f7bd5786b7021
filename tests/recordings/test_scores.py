"""It is right: what is said of a recording agrees with its labels."""

from statistics import median

import pytest
from recorded import FOLDERS, MISCOUNTED

from repcount.edges.recording import read_recording
from repcount.evaluate.matching import match
from repcount.events import (
    HoldEnded,
    RepCounted,
    RepRetracted,
    SetEnded,
    StreamGap,
    StreamLost,
    StreamResumed,
)

TURN_S = 0.5
PHASE_S = 0.7
"""Of 4 s where a lift is slow (`slow_01`): a slow begin is seen late."""
HOLD_S = 0.5

HOLDS = [folder for folder in FOLDERS if "back_extension" in folder.name]
of_reps, of_holds = (
    pytest.mark.parametrize("folder", some, ids=lambda folder: folder.name, indirect=True)
    for some in ([folder for folder in FOLDERS if folder not in HOLDS], HOLDS)
)


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


@of_reps
@pytest.mark.usefixtures("known_flaws")
def test_each_rep_turns_where_the_labels_say(recording, sets):
    found = match([rep for one in sets for rep in one.reps], recording.labels)
    assert (found.missed, found.extra) == ((), ())
    errors_s = [rep.turn_s - label.turn_s for rep, label in found.matched]
    assert max(map(abs, errors_s)) <= TURN_S


@of_reps
@pytest.mark.parametrize("phase", ["eccentric_s", "concentric_s"])
def test_a_phase_is_as_long_as_labelled_in_the_median(recording, sets, phase):
    found = match([rep for one in sets for rep in one.reps], recording.labels)
    pairs = [(getattr(rep, phase), getattr(label, phase)) for rep, label in found.matched]
    errors_s = [ours - true for ours, true in pairs if ours is not None and true is not None]
    assert len(errors_s) >= len(recording.labels) - len(sets)  # the last lowering of a set may be unseen
    assert abs(median(errors_s)) <= PHASE_S


@of_holds
def test_each_hold_is_as_long_as_labelled(events, recording):
    held = [event for event in events if isinstance(event, HoldEnded)]
    errors_s = [
        ours.hold_s - (label.end_s - label.start_s)
        for ours, label in zip(held, recording.labels, strict=True)
    ]
    assert max(map(abs, errors_s)) <= HOLD_S


@of_reps
def test_the_number_said_live_ends_at_the_number_of_the_set(events, sets):
    for done in sets:
        said = [event for event in events if getattr(event, "set_index", None) == done.set_index]
        counted = sum(isinstance(event, RepCounted) for event in said)
        assert counted - sum(isinstance(event, RepRetracted) for event in said) == done.rep_count


def of(name, events_of):
    [folder] = [folder for folder in FOLDERS if folder.name == name]
    return events_of(folder)


def test_gaps_that_no_turn_can_lie_in_are_bridged(events_of):
    gaps = [one for one in of("wrist_lat_pulldown_dropout_01", events_of) if isinstance(one, StreamGap)]
    assert len(gaps) == 3
    assert all(0.25 < gap.end_s - gap.start_s < 0.6 for gap in gaps)


def test_a_sensor_that_is_lost_and_back_is_said_and_its_next_set_counted(events_of):
    events = of("wrist_inverted_row_lost_and_back_01", events_of)
    lost = [one for one in events if isinstance(one, StreamLost | StreamResumed)]
    assert [one.type for one in lost] == ["stream_lost", "stream_resumed"]
    assert [one.rep_count for one in events if isinstance(one, SetEnded)] == [6, 5]
