"""Sets of holds from the samples to the events: any mounting, any rate, both placements."""

from dataclasses import replace

import pytest
from holds import Holds, perform
from simulated import a_pipeline, at_rest

from repcount.commands import Arm, CorrectCount, EndSet, Reset
from repcount.events import CountCorrected, HoldEnded, HoldStarted, Phase, SetEnded, SetStarted
from repcount.samples import SampleBatch

TWO = Holds(holds_s=(8.0, 11.0))


def play(plan, *commands, placement="chest", finish=True):
    batch = perform(plan).batch
    pipeline, events, done = a_pipeline("back_extension", placement=placement), [], 0
    for command in commands:
        until = int((batch.t_s <= command.at_s).sum())
        events += pipeline.feed("wrist", batch[done:until]) + pipeline.command(command)
        done = until
    events += pipeline.feed("wrist", batch[done:])
    return events + pipeline.finish() if finish else events


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def counts(plan, *commands, placement="chest"):
    return [ended.rep_count for ended in of(SetEnded, play(plan, *commands, placement=placement))]


@pytest.mark.parametrize("placement", ["chest", "wrist"])
@pytest.mark.parametrize("rate_hz", [12.5, 52.0, 200.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_holds_are_counted_and_timed_however_the_sensor_is_turned(placement, rate_hz, seed):
    plan = replace(TWO, rate_hz=rate_hz, seed=seed)
    events = play(plan, placement=placement)
    (ended,) = of(SetEnded, events)
    assert ended.rep_count == 2
    for hold, (start_s, end_s) in zip(of(HoldEnded, events), perform(plan).holds, strict=True):
        assert hold.start_s == pytest.approx(start_s, abs=0.5)
        assert hold.end_s == pytest.approx(end_s, abs=0.5)
        assert hold.hold_s == pytest.approx(end_s - start_s, abs=0.5)


@pytest.mark.parametrize(
    "changes",
    [
        {"lift_deg": 14.0},
        {"lift_deg": 30.0, "follow_ratio": 1.1},
        {"lift_s": 0.5, "lower_s": 0.5},
        {"lift_s": 4.0, "lower_s": 4.0},
        {"tremor_g": 0.07, "breath_deg": 1.3, "sway_deg": 0.9},
        {"roll_deg": 6.0},
        {"sag_deg": 6.0},
        {"rest_s": 2.5},
        {"walk_s": 0.1},
        {"holds_s": (45.0,)},
    ],
    ids=str,
)
def test_bodies_and_ways_differ(changes):
    plan = replace(TWO, **changes)
    assert counts(plan) == [len(plan.holds_s)]


@pytest.mark.parametrize("lie_s", [0.3, 1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("holds_s", [(12.0,), (10.0, 9.0, 10.0)])
def test_a_hold_right_after_lying_down_counts(lie_s, holds_s):
    plan = replace(TWO, lie_s=lie_s, holds_s=holds_s)
    events = play(plan)
    assert [ended.rep_count for ended in of(SetEnded, events)] == [len(holds_s)]
    for hold, (start_s, end_s) in zip(of(HoldEnded, events), perform(plan).holds, strict=True):
        assert hold.hold_s == pytest.approx(end_s - start_s, abs=0.6)


def test_what_is_said_of_a_set():
    events = play(TWO)
    started, (first, second), ended = (
        of(SetStarted, events)[0],
        of(HoldEnded, events),
        of(SetEnded, events)[0],
    )
    assert [event.type for event in events] == [
        "set_started", "hold_started", "hold_ended", "hold_started", "hold_ended", "set_ended",
    ]  # fmt: skip
    assert started.start_s == pytest.approx(first.start_s, abs=0.5)
    assert {event.set_index for event in events} == {1}
    assert (ended.reps, ended.mean_tempo, ended.exercise) == ((), None, "back_extension")
    assert ended.time_under_tension_s == pytest.approx(first.hold_s + second.hold_s)
    assert (ended.start_s, ended.end_s) == (first.start_s, second.end_s)
    assert first.target_s == 10
    for said in of(HoldStarted, events):
        assert 1.0 <= said.said_s - said.happened_s < 2.0


def test_sag_and_sway_are_seen():
    still, sagging = (
        {"sway_deg": 0.05, "breath_deg": 0.1, "tremor_g": 0.005, "sag_deg": s} for s in (0.0, 6.0)
    )
    of_still, of_sagging = (of(HoldEnded, play(replace(TWO, **changes)))[1] for changes in (still, sagging))
    assert of_still.sag_deg < 1.0
    assert of_sagging.sag_deg == pytest.approx(6.0, abs=1.5)
    swaying = of(HoldEnded, play(replace(TWO, sway_deg=1.0)))[1]
    assert 2 * of_still.sway_deg < swaying.sway_deg < 3.0


def test_a_set_ends_after_twenty_seconds_without_a_hold():
    plan = replace(TWO, after_s=25.0)
    events = play(plan)
    assert of(SetEnded, events)[0].said_s == pytest.approx(perform(plan).holds[-1][1] + 20.0, abs=0.5)
    assert counts(replace(TWO, rest_s=26.0)) == [1, 1]


def test_a_hold_too_short_does_not_count():
    assert sum(counts(replace(TWO, holds_s=(2.0,)))) == 0
    assert counts(replace(TWO, holds_s=(8.0, 2.5))) == [1]


def test_getting_up_from_the_hold_is_said_but_does_not_count():
    batch = perform(replace(TWO, holds_s=(8.0,))).batch
    up_s = perform(replace(TWO, holds_s=(8.0,))).holds[0][1] - 1.0
    standing = batch.acc_m_s2[batch.t_s > batch.t_s[-1] - 5.0]
    up = batch.t_s <= up_s
    acc = [*batch.acc_m_s2[up], *standing]
    cut = SampleBatch(batch.t_s[: len(acc)], batch.acc_m_s2[: len(acc)].copy(), None)
    cut.acc_m_s2[:] = acc
    pipeline = a_pipeline("back_extension", placement="chest")
    events = pipeline.feed("wrist", cut) + pipeline.finish()
    assert len(of(HoldStarted, events)) == len(of(HoldEnded, events)) == 1
    assert [ended.rep_count for ended in of(SetEnded, events)] == [0]
    assert of(SetEnded, events)[0].time_under_tension_s == 0


def test_a_person_ends_the_set_in_mid_hold_and_that_hold_counts():
    at_s = perform(TWO).holds[0][0] + 6.5
    first, *later = of(SetEnded, play(TWO, EndSet(at_s=at_s)))
    assert (first.rep_count, first.said_s) == (1, pytest.approx(at_s, abs=0.05))
    assert first.end_s == pytest.approx(at_s, abs=0.2)
    assert [ended.rep_count for ended in later] == [1]


def test_a_recording_that_breaks_off_in_the_first_hold_counts_none():
    pipeline, batch = a_pipeline("back_extension", placement="chest"), perform(TWO).batch
    until = int((batch.t_s <= perform(TWO).holds[0][0] + 6.5).sum())
    events = pipeline.feed("wrist", batch[:until]) + pipeline.finish()
    assert [ended.rep_count for ended in of(SetEnded, events)] == [0]


def test_commands_do_what_they_do_for_reps():
    during_s = perform(TWO).holds[1][0] + 3.0
    assert counts(TWO, Arm(at_s=0.5, armed=False)) == []
    ended, corrected = play(TWO, CorrectCount(at_s=during_s, rep_count=3))[-2:]
    assert isinstance(ended, SetEnded)
    assert isinstance(corrected, CountCorrected)
    assert (corrected.rep_count, corrected.was) == (3, ended.rep_count)
    assert {event.set_index for event in play(TWO, Reset(at_s=during_s))} == {1}


def test_the_status_says_when_to_hold():
    pipeline, batch = a_pipeline("back_extension", placement="chest"), perform(TWO).batch
    seen = []
    for k in range(0, len(batch), 10):
        pipeline.feed("wrist", batch[k : k + 10])
        status = pipeline.status()
        seen.append((status.phase, status.progress_ratio, status.rep_count, status.rest_since_s))
    assert {(phase, progress) for phase, progress, _, _ in seen} == {
        (Phase.REST, 0.0),
        (Phase.PAUSE_SHORTENED, 1.0),
        (Phase.PAUSE_LENGTHENED, 0.0),
    }
    assert [count for _, _, count, _ in seen] == sorted(count for _, _, count, _ in seen)
    assert seen[-1][2] == 2


def test_a_lost_sensor_ends_the_set_once_nothing_can_join_it():
    pipeline, batch = a_pipeline("back_extension", placement="chest"), perform(TWO).batch
    hold_end_s = perform(TWO).holds[0][1]
    until = int((batch.t_s <= hold_end_s + 4.0).sum())
    pipeline.feed("wrist", batch[:until])
    assert of(SetEnded, pipeline.advance(hold_end_s + 15.0)) == []
    (ended,) = of(SetEnded, pipeline.advance(hold_end_s + 60.0))
    assert ended.rep_count == 1
    assert ended.said_s == pytest.approx(hold_end_s + 20.0, abs=0.5)


def test_lying_still_and_walking_are_no_holds():
    pipeline = a_pipeline("back_extension", placement="chest")
    assert pipeline.feed("wrist", at_rest(60.0)) + pipeline.finish() == []
    walk = perform(replace(TWO, walk_s=60.0)).batch[:3000]
    pipeline.reset()
    assert pipeline.feed("wrist", walk) + pipeline.finish() == []
