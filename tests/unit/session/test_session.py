"""What the wearer asks for, and sets as they open and end."""

from dataclasses import replace

import pytest
from simulated import QUICK, a_pipeline, a_set

from repcount.commands import Arm, CorrectCount, EndSet, Reset, SelectExercise, SetTarget
from repcount.events import (
    CountCorrected,
    Phase,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
    TempoCue,
)

SIMULATED = a_set(reps=5)
BATCH = SIMULATED.batch
OPEN_S = 17.0
"""The set is open and three or four of its reps are counted."""


def play(*commands, batch=BATCH, pipeline=None):
    """All events of a session with commands that come when they say."""
    pipeline, events, done = pipeline or a_pipeline(), [], 0
    for command in commands:
        until = int((batch.t_s <= command.at_s).sum())
        events += pipeline.feed("wrist", batch[done:until]) + pipeline.command(command)
        done = until
    return events + pipeline.feed("wrist", batch[done:]) + pipeline.finish()


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def test_a_set_starts_with_its_first_reps_and_ends_by_itself():
    events = play()
    assert isinstance(events[0], SetStarted)
    assert isinstance(events[-1], SetEnded)
    assert events[-1].rep_count == 5
    assert events[-1].said_s < BATCH.t_s[-1] - 1.0


@pytest.mark.parametrize("exercise", ["pull_up", "lat_pulldown"])
def test_the_number_on_the_wall_goes_up_one_by_one_and_what_was_foretold_in_vain_is_taken_back(exercise):
    events = play(batch=a_set(exercise, reps=5).batch, pipeline=a_pipeline(exercise))
    counted = of(RepCounted, events)
    assert [event.rep_count for event in counted] == list(range(1, len(counted) + 1))
    assert len(counted) - len(of(RepRetracted, events)) == of(SetEnded, events)[0].rep_count == 5


def test_the_first_numbers_are_said_before_the_second_rep_is_over_and_each_later_one_at_its_turn():
    reps, counted = SIMULATED.reps, of(RepCounted, play())
    assert reps[1].turn_s < counted[1].said_s < reps[1].end_s
    for rep, event in zip(reps[2:], counted[2:], strict=False):
        assert abs(event.said_s - rep.turn_s) < 0.5
        assert abs(event.happened_s - rep.turn_s) < 0.35


def test_a_foretold_rep_is_taken_back_when_the_wearer_lets_go_and_nothing_is_said_of_its_times():
    """Who lets go of a pulldown's bar lowers the hand past the usual turn: for a moment it is one more."""
    events = play(batch=a_set("lat_pulldown", reps=5).batch, pipeline=a_pipeline("lat_pulldown"))
    taken_back = {event.rep_index for event in of(RepRetracted, events)}
    completed = {event.rep_index for event in of(RepCompleted, events)}
    assert taken_back == {6}
    assert completed == {1, 2, 3, 4, 5}
    assert {rep.rep_index for rep in of(SetEnded, events)[0].reps} == completed


def test_who_lets_go_of_the_bar_away_from_the_usual_turn_has_nothing_taken_back():
    assert of(RepRetracted, play()) == []


def test_a_movement_that_looked_like_a_set_ends_with_none():
    """Armed within a set, two reps are left, which are too few to be sure of."""
    ended = of(SetEnded, play(Arm(at_s=0.5, armed=False), Arm(at_s=18.0)))
    assert [one.rep_count for one in ended] in ([], [0])


def test_ending_the_set_ends_it_at_once_and_only_once():
    events = play(EndSet(at_s=OPEN_S), EndSet(at_s=OPEN_S + 0.5))
    first, *others = of(SetEnded, events)
    assert first.said_s == pytest.approx(OPEN_S, abs=0.05)
    assert 3 <= first.rep_count <= 4
    assert sum(ended.rep_count for ended in others) <= 5 - first.rep_count


def test_ending_a_set_when_none_is_open_says_nothing():
    assert play(EndSet(at_s=1.0)) == play()


def test_another_exercise_ends_the_set_and_the_same_one_does_not():
    other = of(SetEnded, play(SelectExercise(at_s=OPEN_S, exercise="deadlift")))
    assert other[0].said_s == pytest.approx(OPEN_S, abs=0.05)
    assert other[0].exercise == "pull_up"
    assert play(SelectExercise(at_s=OPEN_S, exercise="pull_up")) == play()


def test_disarmed_nothing_is_counted_and_armed_again_it_is():
    assert play(Arm(at_s=0.5, armed=False)) == []
    again = of(SetEnded, play(Arm(at_s=0.5, armed=False), Arm(at_s=5.0)))
    assert [ended.rep_count for ended in again] == [5]


def test_armed_in_the_middle_of_a_set_only_what_comes_then_is_counted():
    batch = a_set(reps=9).batch
    ended = of(SetEnded, play(Arm(at_s=0.5, armed=False), Arm(at_s=15.0), batch=batch))
    assert [one.rep_count for one in ended] in ([6], [7])
    assert ended[0].start_s > 14.0


def test_disarming_ends_the_set_and_arming_what_is_armed_does_not():
    assert of(SetEnded, play(Arm(at_s=OPEN_S, armed=False)))[0].said_s == pytest.approx(OPEN_S, abs=0.05)
    assert play(Arm(at_s=OPEN_S)) == play()


def test_correcting_an_open_set_ends_it():
    events = play(CorrectCount(at_s=OPEN_S, rep_count=9))
    ended, corrected = of(SetEnded, events)[0], of(CountCorrected, events)[0]
    assert events.index(corrected) == events.index(ended) + 1
    assert (corrected.set_index, corrected.rep_count, corrected.was) == (1, 9, ended.rep_count)


def test_an_ended_set_can_be_corrected_again_and_again():
    late_s = float(BATCH.t_s[-1]) - 0.5
    commands = [CorrectCount(at_s=late_s, rep_count=6), CorrectCount(at_s=late_s + 0.1, rep_count=7)]
    corrected = of(CountCorrected, play(*commands))
    assert [(c.was, c.rep_count) for c in corrected] == [(5, 6), (6, 7)]


def test_before_any_set_there_is_nothing_to_correct():
    assert play(CorrectCount(at_s=1.0, rep_count=3)) == play()


def test_a_reset_forgets_sets_and_counts():
    pipeline, late_s = a_pipeline(), float(BATCH.t_s[-1]) - 0.5
    events = play(Reset(at_s=late_s), CorrectCount(at_s=late_s + 0.1, rep_count=3), pipeline=pipeline)
    assert of(CountCorrected, events) == []
    status = pipeline.status()
    assert (status.set_index, status.rep_count, status.rest_since_s) == (0, 0, None)


def test_a_reset_within_a_set_ends_it_and_sets_begin_at_one_again():
    ended = of(SetEnded, play(Reset(at_s=OPEN_S)))
    assert ended[0].said_s == pytest.approx(OPEN_S, abs=0.05)
    assert {one.set_index for one in ended} == {1}


def test_the_cue_comes_during_the_lowering_and_once_a_rep():
    cues = of(TempoCue, play(SetTarget(at_s=0.5, eccentric_s=5.0)))
    assert len(cues) >= 3
    assert len({cue.rep_index for cue in cues}) == len(cues)
    completed = {rep.rep_index: rep for rep in of(RepCompleted, play())}
    taken_back = {event.rep_index for event in of(RepRetracted, play())}
    assert {cue.rep_index for cue in cues} <= set(completed) | taken_back
    for rep, cue in ((completed[cue.rep_index], cue) for cue in cues if cue.rep_index in completed):
        assert rep.turn_s < cue.happened_s < rep.end_s


def test_no_cue_is_said_when_the_lowering_is_slow_enough():
    slow = replace(QUICK, eccentric_s=3.0)
    events = play(SetTarget(at_s=0.5, eccentric_s=1.5), batch=a_set(tempo=slow).batch)
    done = {rep.rep_index for rep in of(RepCompleted, events)}
    assert len(done) == 4
    assert [cue for cue in of(TempoCue, events) if cue.rep_index in done] == []


def test_controlled_compares_the_lowering_with_the_target():
    for target_s, controlled in ((0.5, True), (5.0, False)):
        reps = of(SetEnded, play(SetTarget(at_s=0.5, eccentric_s=target_s)))[0].reps
        assert {rep.controlled for rep in reps} == {controlled}


def test_a_target_asked_for_within_a_set_holds_from_the_next_rep():
    events = play(SetTarget(at_s=0.5, eccentric_s=0.5), SetTarget(at_s=OPEN_S, eccentric_s=5.0))
    said = [rep.controlled for rep in of(RepCompleted, events)]
    assert said == sorted(said, reverse=True)
    assert set(said) == {True, False}
    assert [rep.controlled for rep in of(SetEnded, events)[0].reps] == said


def test_the_target_asked_for_holds_until_another_exercise():
    pipeline = a_pipeline()
    pipeline.command(SetTarget(at_s=0.0, eccentric_s=5.0))
    assert pipeline.status().eccentric_target_s == 5.0
    pipeline.command(SelectExercise(at_s=0.0, exercise="deadlift"))
    assert pipeline.status().eccentric_target_s == 2.0


def test_the_status_follows_the_session():
    pipeline = a_pipeline()
    before = pipeline.status()
    assert (before.phase, before.rep_count, before.rest_since_s, before.armed) == (Phase.REST, 0, None, True)
    phases, progress = set(), []
    for k in range(0, len(BATCH), 5):
        pipeline.feed("wrist", BATCH[k : k + 5])
        status = pipeline.status()
        phases.add(status.phase)
        progress.append(status.progress_ratio)
    assert phases >= {Phase.REST, Phase.CONCENTRIC, Phase.ECCENTRIC}
    assert min(progress) == 0.0
    assert 0.8 < max(progress) <= 1.0
    assert (status.set_index, status.rep_count, status.phase) == (1, 5, Phase.REST)
    assert status.rest_since_s == of(SetEnded, play())[0].end_s


def test_a_dropped_last_rep_counts_and_has_no_lowering():
    dropped = a_set("deadlift", reps=5, habits_of_set={"drop_last": True}).batch
    ended = of(SetEnded, play(batch=dropped, pipeline=a_pipeline("deadlift")))[-1]
    if ended.reps[-1].eccentric_s is None:
        assert ended.reps[-1].controlled is False
    assert ended.rep_count in {4, 5, 6}
