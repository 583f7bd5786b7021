"""What a gap does to the set it falls into: it goes on, nothing is made up, nothing is said twice."""

from functools import cache

import pytest
from simulated import QUICK, a_pipeline, a_set, without

from repcount.events import RepCounted, RepRetracted, SetEnded, SetStarted, StreamGap

EXERCISE, REPS = "lat_pulldown", 8
BATCH = a_set(EXERCISE, reps=REPS, seed=2).batch
WHOLE = a_pipeline(EXERCISE).feed("wrist", BATCH)


def kinds(events, kind):
    return [event for event in events if isinstance(event, kind)]


def the_set(events):
    (ended,) = kinds(events, SetEnded)
    return ended


TRUE = the_set(WHOLE).reps
IN_THE_PULL = (TRUE[4].start_s + TRUE[4].turn_s) / 2


@cache
def until(start_s):
    """What is said before a gap, and where that leaves the pipeline."""
    pipeline = a_pipeline(EXERCISE)
    return pipeline.feed("wrist", BATCH[: (BATCH.t_s <= start_s).sum()]), pipeline.snapshot()


def with_gap(start_s, gap_s):
    events, state = until(start_s)
    pipeline = a_pipeline(EXERCISE)
    pipeline.restore(state)
    return events + pipeline.feed("wrist", BATCH[(BATCH.t_s < start_s + gap_s).sum() :])


def hidden_reps(start_s, gap_s):
    """Reps whose turn nobody saw."""
    return sum(start_s < rep.turn_s < start_s + gap_s for rep in TRUE)


def test_the_set_is_whole_without_a_gap():
    assert the_set(WHOLE).rep_count == REPS


@pytest.mark.parametrize("shift_s", [0.0, 0.7, 1.4, 2.1, 2.8])
@pytest.mark.parametrize("gap_s", [0.45, 1.0, 2.5, 4.0, 6.0])
def test_a_set_goes_on_over_a_gap_and_no_rep_is_made_up_or_said_twice(gap_s, shift_s):
    start_s = IN_THE_PULL + shift_s
    events = with_gap(start_s, gap_s)
    ended = the_set(events)
    assert len(kinds(events, SetStarted)) == 1
    # A rep shows by its start and its turn: those whose start or turn is hidden may be lost, no others.
    lost = hidden_reps(start_s, gap_s) + (gap_s > 1.0)
    assert REPS - lost <= ended.rep_count <= REPS
    counted, retracted = kinds(events, RepCounted), kinds(events, RepRetracted)
    assert len(counted) - len(retracted) == ended.rep_count
    assert [rep.start_s for rep in ended.reps] == sorted(rep.start_s for rep in ended.reps)
    assert len(kinds(events, StreamGap)) == (gap_s > 0.5)


def test_nothing_is_said_while_nobody_could_have_known_it():
    start_s = IN_THE_PULL
    events = with_gap(start_s, 2.5)
    assert [e for e in events if start_s < e.said_s < start_s + 2.4] == []


def test_what_a_gap_hides_of_a_rep_is_unknown_and_the_rest_is_as_it_was():
    lowered = TRUE[3]
    start_s = lowered.end_s - lowered.eccentric_s / 2
    reps = the_set(with_gap(start_s, 1.0)).reps
    cut = next(rep for rep in reps if abs(rep.turn_s - lowered.turn_s) < 0.2)
    assert (cut.eccentric_s, cut.controlled, cut.pause_lengthened_s) == (None, None, None)
    assert cut.concentric_s == pytest.approx(lowered.concentric_s, abs=0.1)
    others = [rep for rep in reps if rep is not cut and abs(rep.turn_s - TRUE[4].turn_s) > 1.0]
    assert len(others) >= REPS - 2
    for rep in others:
        true = min(TRUE, key=lambda one: abs(one.turn_s - rep.turn_s))
        assert rep.eccentric_s == pytest.approx(true.eccentric_s, abs=0.2)


def test_a_gap_in_the_middle_of_a_lowering_leaves_its_length_known():
    slow = a_set(EXERCISE, reps=5, seed=2, tempo=_slow()).batch
    whole = the_set(a_pipeline(EXERCISE).feed("wrist", slow)).reps
    middle_s = whole[2].end_s - whole[2].eccentric_s / 2
    cut = without(slow, (middle_s - 0.3, middle_s + 0.3))
    reps = the_set(a_pipeline(EXERCISE).feed("wrist", cut)).reps
    assert len(reps) == 5
    assert reps[2].eccentric_s == pytest.approx(whole[2].eccentric_s, abs=0.3)


def _slow():
    return type(QUICK)(eccentric_s=4.0, pause_lengthened_s=0.3, concentric_s=1.0, pause_shortened_s=0.2)


def test_a_gap_no_set_outlasts_ends_it():
    start_s = TRUE[4].end_s
    done = a_set(EXERCISE, reps=REPS, rest_s=40.0, seed=2).batch
    events = a_pipeline(EXERCISE).feed("wrist", without(done, (start_s, start_s + 15.0)))
    ended = the_set(events)
    assert ended.rep_count in {4, 5}
    assert ended.said_s == pytest.approx(start_s + 15.0, abs=0.05)


@pytest.mark.parametrize("every_s", [0.1, 1.0])
def test_a_lost_sensor_that_comes_back_in_time_goes_on_with_the_set(every_s):
    start_s, gap_s = TRUE[4].end_s, 6.0
    before, after = BATCH.t_s <= start_s, BATCH.t_s >= start_s + gap_s
    pipeline = a_pipeline(EXERCISE)
    events = pipeline.feed("wrist", BATCH[: before.sum()])
    for k in range(int(gap_s / every_s)):
        events += pipeline.advance(start_s + k * every_s)
    events += pipeline.feed("wrist", BATCH[len(BATCH) - after.sum() :])
    assert {"stream_lost", "stream_resumed", "stream_gap"} <= {event.type for event in events}
    ended = the_set(events)
    assert REPS - 1 - hidden_reps(start_s, gap_s) <= ended.rep_count <= REPS
