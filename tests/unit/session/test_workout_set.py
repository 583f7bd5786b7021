"""An open set says what is seen, takes back what is not, and lists its reps without overlap."""

import pytest

from repcount.events import Phase
from repcount.reps.phases import Span
from repcount.reps.seen import SeenRep
from repcount.session.workout_set import OpenSet, SetParams, WorkoutSet

UP_AT_START, UP_AT_TURN = (1.0, 0.0, 0.0), (0.9, 0.44, 0.0)


def a_workout_set(first_phase=Phase.CONCENTRIC):
    return WorkoutSet("station-1", OpenSet(1, "pull_up", first_phase, 2.0, 10.0), SetParams())


def seen(start_s, turn_s, back_s=None, end_s=None):
    second = None if end_s is None else Span(back_s, end_s)
    return SeenRep(round(turn_s * 25), Span(start_s, turn_s), second, 26.0, 1.0, UP_AT_START, UP_AT_TURN)


def types(events):
    return [event.type for event in events]


def test_each_rep_is_counted_once_and_completed_once():
    workout = a_workout_set()
    assert types(workout.follow([seen(10, 11)], 11.5)) == ["rep_counted"]
    assert types(workout.follow([seen(10, 11)], 12.0)) == []
    assert types(workout.follow([seen(10, 11, 11.5, 13)], 13.5)) == ["rep_completed"]
    assert types(workout.follow([seen(10, 11, 11.5, 13)], 14.0)) == []


def test_what_is_seen_no_longer_is_taken_back_and_its_number_is_not_given_again():
    workout = a_workout_set()
    workout.follow([seen(10, 11), seen(13, 14), seen(16, 17)], 17.5)
    events = workout.follow([seen(10, 11), seen(16, 17), seen(22, 23)], 23.5)
    assert [(e.type, e.rep_index) for e in events] == [("rep_retracted", 2), ("rep_counted", 4)]
    assert workout.rep_count == 3


def test_a_turn_seen_a_little_elsewhere_is_the_same_rep():
    workout = a_workout_set()
    workout.follow([seen(10, 11), seen(13, 14)], 14.5)
    assert workout.follow([seen(10.2, 11.4), seen(13.1, 13.8)], 15.0) == []


def test_a_rep_that_rested_at_its_turn_is_the_same_whichever_end_of_the_rest_it_is_seen_to_turn_at():
    workout = a_workout_set()
    workout.follow([seen(10, 13.2, 13.3, 15)], 15.5)
    assert workout.follow([seen(10, 11.2, 13.3, 15.1)], 16.0) == []
    assert types(workout.follow([seen(10, 11.2, 13.3, 15.1), seen(15.2, 16, 16.1, 17)], 17.5)) == [
        "rep_counted",
        "rep_completed",
    ]


def test_where_reps_touch_the_later_start_holds():
    workout = a_workout_set()
    workout.follow([seen(10, 11, 11.2, 13.4), seen(13.0, 14, 14.2, 16)], 17.0)
    first, second = workout.ended(20.0).reps
    assert (first.end_s, second.start_s) == (13.0, 13.0)
    assert (first.eccentric_s, first.pause_lengthened_s) == (pytest.approx(1.8), 0.0)


@pytest.mark.parametrize("first_phase", [Phase.CONCENTRIC, Phase.ECCENTRIC])
def test_the_phases_are_named_by_what_comes_first(first_phase):
    workout = a_workout_set(first_phase)
    workout.follow([seen(0.0, 1.0, 1.5, 3.5), seen(4.0, 5.0, 5.5, 7.5)], 8.0)
    rep, last = workout.ended(9.0).reps
    moving = {Phase.CONCENTRIC: (2.0, 0.5, 1.0, 0.5), Phase.ECCENTRIC: (1.0, 0.5, 2.0, 0.5)}[first_phase]
    assert (rep.eccentric_s, rep.pause_lengthened_s, rep.concentric_s, rep.pause_shortened_s) == moving
    assert (rep.start_s, rep.turn_s, rep.end_s) == (0.0, 1.0, 3.5)
    after_last = {Phase.CONCENTRIC: last.pause_lengthened_s, Phase.ECCENTRIC: last.pause_shortened_s}
    assert after_last[first_phase] is None


def test_a_set_whose_reps_were_all_taken_back_ends_with_none():
    workout = a_workout_set()
    workout.follow([seen(10, 11)], 11.5)
    workout.follow([], 12.0)
    ended = workout.ended(13.0)
    assert (ended.rep_count, ended.reps, ended.mean_tempo, ended.best_rep_index) == (0, (), None, None)
    assert ended.start_s <= ended.end_s <= ended.said_s


def test_the_summary_is_of_the_reps_listed():
    workout = a_workout_set()
    workout.follow([seen(0.0, 1.0, 1.5, 3.5), seen(4.0, 5.0, 5.5, 7.5)], 8.0)
    ended = workout.ended(9.0)
    assert ended.time_under_tension_s == 7.5
    assert (ended.mean_tempo.eccentric_s, ended.mean_tempo.concentric_s) == (2.0, 1.0)
    assert (ended.start_s, ended.end_s, ended.happened_s, ended.said_s) == (0.0, 7.5, 7.5, 9.0)
    assert (ended.best_rep_index, ended.rom_loss_ratio) == (1, 0.0)


def test_nothing_happens_after_it_was_said():
    workout = a_workout_set()
    counted, completed = workout.follow([seen(10, 11.2, 11.5, 13.5)], 11.0)
    assert counted.happened_s == completed.happened_s == 11.0
