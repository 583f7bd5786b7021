"""The pipeline's edges: what it refuses, and what it says of its sensors."""

import numpy as np
import pytest
from simulated import a_pipeline, a_set, at_rest, without

from repcount.commands import EndSet, SelectExercise, SelectPlacement, SetTarget
from repcount.edges.profiles import load_profile
from repcount.errors import InputError
from repcount.events import NotificationRejected, SetEnded, StreamGap, StreamLost, StreamResumed
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Notification, SampleBatch
from repcount.wire.standard import HEART_RATE_MEASUREMENT

REFERENCE = load_profile("repcount_reference")
BATCH = a_set(reps=4).batch


def later(batch, by_s):
    return SampleBatch(batch.t_s + by_s, batch.acc_m_s2, batch.gyro_rad_s)


def two_sensors(exercise="pull_up", **placements):
    worn = {"wrist": "wrist", "chest": "chest"} | placements
    sensors = {key: SensorConfig(None, placement) for key, placement in worn.items()}
    return Pipeline(sensors, PipelineParams(exercise=exercise))


def types(events):
    return [event.type for event in events]


@pytest.mark.parametrize(
    ("exercise", "placement", "says"),
    [
        ("pullup", "wrist", "Did you mean 'pull_up'"),
        ("pull_up", "wirst", "Did you mean 'wrist'"),
        ("reverse_fly", "chest", "cannot be counted at the chest: .* Wear it at: wrist"),
    ],
)
def test_an_exercise_that_cannot_be_counted_is_refused_with_advice(exercise, placement, says):
    with pytest.raises(InputError, match=says):
        a_pipeline(exercise, placement=placement)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (SelectExercise(at_s=0.0, exercise="deadlfit"), "Did you mean 'deadlift'"),
        (SelectPlacement(at_s=0.0, sensor="wirst", placement="wrist"), "Did you mean 'wrist'"),
        (SelectPlacement(at_s=0.0, sensor="wrist", placement="ankle"), "placement 'ankle'"),
    ],
)
def test_a_command_that_cannot_be_done_is_refused_and_leaves_no_trace(command, says):
    pipeline = a_pipeline()
    with pytest.raises(InputError, match=says):
        pipeline.command(command)
    assert pipeline.feed("wrist", BATCH) == a_pipeline().feed("wrist", BATCH)


def test_by_force_a_sensor_that_cannot_see_the_exercise_counts_and_says_why_it_should_not():
    pipeline = a_pipeline("bent_over_row", placement="chest", force=True)
    assert "unreliable: the trunk is kept still" in pipeline.doubt
    nodding = a_set("deadlift", reps=5, placement="chest").batch
    counts = [e.rep_count for e in pipeline.feed("wrist", nodding) if isinstance(e, SetEnded)]
    assert counts in ([5], [6])  # getting up from the bar may look like one more
    assert a_pipeline("pull_up", placement="chest", force=True).doubt is None


def test_a_command_may_use_force_until_the_next_exercise_is_chosen():
    pipeline = a_pipeline("pull_up", placement="chest")
    pipeline.command(SelectExercise(at_s=0.0, exercise="bent_over_row", force=True))
    assert pipeline.doubt is not None
    pipeline.command(SelectPlacement(at_s=0.0, sensor="wrist", placement="wrist"))
    assert pipeline.doubt is None
    pipeline.command(SelectPlacement(at_s=0.0, sensor="wrist", placement="chest"))
    assert pipeline.doubt is not None
    other = a_pipeline("pull_up", placement="chest")
    other.restore(pipeline.snapshot())
    assert other.doubt == pipeline.doubt
    with pytest.raises(InputError, match="or force it"):
        pipeline.command(SelectExercise(at_s=0.0, exercise="reverse_fly"))


def test_moving_a_sensor_by_force_where_it_cannot_see_the_exercise():
    pipeline = a_pipeline("bent_over_row")
    with pytest.raises(InputError, match="or force it"):
        pipeline.command(SelectPlacement(at_s=0.0, sensor="wrist", placement="chest"))
    pipeline.command(SelectPlacement(at_s=0.0, sensor="wrist", placement="chest", force=True))
    assert pipeline.doubt is not None


def test_data_of_an_unknown_sensor_and_bytes_without_a_profile_are_refused():
    with pytest.raises(InputError, match="Did you mean 'wrist'"):
        a_pipeline().feed("wirst", BATCH)
    with pytest.raises(InputError, match="no profile"):
        a_pipeline().feed("wrist", Notification("x", b"", 0.0))


def test_commands_in_the_future_wait_for_their_time():
    pipeline = a_pipeline()
    assert pipeline.command(EndSet(at_s=16.0)) == []
    events = pipeline.feed("wrist", BATCH)
    assert next(e for e in events if isinstance(e, SetEnded)).said_s == pytest.approx(16.0, abs=0.05)


def test_commands_that_wait_are_in_the_snapshot():
    stopped, on = a_pipeline(), a_pipeline()
    stopped.command(EndSet(at_s=16.0))
    on.restore(stopped.snapshot())
    assert on.feed("wrist", BATCH) == stopped.feed("wrist", BATCH)


def test_choices_that_meet_late_never_stop_the_stream():
    pipeline = a_pipeline(exercise=None)
    pipeline.command(SelectExercise(at_s=2.0, exercise="pull_up"))
    pipeline.command(SelectPlacement(at_s=3.0, sensor="wrist", placement="ankle"))
    assert pipeline.feed("wrist", BATCH) == []
    state, other = pipeline.snapshot(), a_pipeline(exercise=None)
    other.restore(state)
    assert other.snapshot() == state


def test_moving_the_sensor_that_does_not_count_is_fine():
    pipeline = two_sensors()
    pipeline.command(SelectPlacement(at_s=5.0, sensor="chest", placement="upper_arm"))
    ended = [e for e in pipeline.feed("wrist", BATCH) if isinstance(e, SetEnded)]
    assert [e.rep_count for e in ended] == [4]


def test_moving_it_in_the_middle_of_a_set_does_not_end_the_set_of_the_one_that_counts():
    pipeline, middle = two_sensors(), len(BATCH) // 2
    events = pipeline.feed("wrist", BATCH[:middle])
    assert "set_started" in types(events)
    assert pipeline.command(SelectPlacement(at_s=pipeline.now_s, sensor="chest", placement="upper_arm")) == []
    events += pipeline.feed("wrist", BATCH[middle:])
    assert [e.rep_count for e in events if isinstance(e, SetEnded)] == [4]


def test_moving_the_sensor_that_counts_ends_its_set():
    pipeline, middle = two_sensors(), len(BATCH) // 2
    pipeline.feed("wrist", BATCH[:middle])
    pipeline.command(SelectPlacement(at_s=pipeline.now_s, sensor="wrist", placement="upper_arm"))
    (ended,) = [e for e in pipeline.feed("wrist", BATCH[middle:]) if isinstance(e, SetEnded)]
    assert ended.said_s == pytest.approx(BATCH.t_s[middle], abs=0.1)


def test_the_sensor_worn_where_the_exercise_is_seen_counts():
    def turned_round():
        return two_sensors("lat_pulldown", wrist="chest", chest="wrist")

    batch = a_set("lat_pulldown", reps=4).batch
    assert turned_round().feed("wrist", batch) == []
    assert types(turned_round().feed("chest", batch))[-1] == "set_ended"


def test_without_an_exercise_nothing_is_counted_and_time_goes_on():
    pipeline = a_pipeline(exercise=None)
    assert pipeline.feed("wrist", BATCH) == []
    assert pipeline.now_s == BATCH.t_s[-1]
    assert pipeline.status().armed is False


def test_stream_time_begins_with_the_first_sample_whatever_the_sensor_says():
    events = a_pipeline().feed("wrist", BATCH)
    moved = a_pipeline().feed("wrist", later(BATCH, 4096.0))
    assert types(moved) == types(events)
    for event, other in zip(events, moved, strict=True):
        assert (other.happened_s, other.said_s) == pytest.approx((event.happened_s, event.said_s), abs=1e-6)


def test_a_gap_is_said_with_what_it_covers():
    gaps = [e for e in a_pipeline().feed("wrist", without(BATCH, (2.0, 3.0))) if isinstance(e, StreamGap)]
    assert [(g.start_s, g.end_s, g.said_s, g.lost_notifications) for g in gaps] == [
        (pytest.approx(2.0, abs=0.02), pytest.approx(3.0, abs=0.02), gaps[0].end_s, None)
    ]


def test_a_silent_sensor_is_lost_once_and_resumes_once():
    pipeline = a_pipeline()
    events = pipeline.feed("wrist", BATCH[:200])
    for now_s in np.arange(4.0, 9.0, 0.1):
        events += pipeline.advance(float(now_s))
    events += pipeline.feed("wrist", BATCH[450:])
    lost, resumed = ([e for e in events if isinstance(e, kind)] for kind in (StreamLost, StreamResumed))
    assert [(e.happened_s, e.said_s) for e in lost] == [(BATCH.t_s[199], BATCH.t_s[199] + 3.0)]
    assert [e.said_s for e in resumed] == [BATCH.t_s[450]]


def test_a_sensor_of_one_sample_can_be_lost_and_come_back():
    pipeline = a_pipeline()
    pipeline.feed("wrist", BATCH[:1])
    assert types(pipeline.advance(3.5)) == ["stream_lost"]
    assert types(pipeline.feed("wrist", BATCH[200:201])) == ["stream_resumed", "stream_gap"]


def test_a_sensor_that_never_came_is_not_lost():
    assert a_pipeline().advance(60.0) == []


@pytest.mark.parametrize("steps_s", [[100.0], [15.0, 19.5, 20.0, 40.0, 100.0], np.arange(14.5, 100.0, 0.5)])
def test_how_often_time_is_let_pass_changes_nothing(steps_s):
    def run(steps_s):
        pipeline = two_sensors()
        events = pipeline.feed("wrist", BATCH[:700]) + pipeline.feed("chest", at_rest(5.0))
        pipeline.command(SetTarget(at_s=30.0, eccentric_s=4.0))
        pipeline.command(EndSet(at_s=60.0))
        for now_s in steps_s:
            events += pipeline.advance(float(now_s))
        return sorted(events + pipeline.finish(), key=lambda e: (e.said_s, e.type))

    assert run(steps_s) == run(np.arange(14.1, 100.1, 0.1))


def test_a_set_ends_though_its_sensor_went_silent():
    pipeline = a_pipeline()
    events = pipeline.feed("wrist", BATCH[:800]) + pipeline.advance(60.0)
    assert types(events)[-2:] == ["stream_lost", "set_ended"]
    assert events[-1].said_s < 40.0


def test_what_is_refused_is_counted_by_its_reason():
    pipeline = a_pipeline(profile=REFERENCE)
    characteristic = REFERENCE.stream.characteristic
    events = []
    for k, payload in enumerate([b"", b"\x01\x02", bytes(26)]):
        events += pipeline.feed("wrist", Notification(characteristic, payload, k / 10))
    assert [(e.reason, e.rejected) for e in events] == [("length", 1), ("length", 2), ("header", 3)]
    assert all(isinstance(event, NotificationRejected) for event in events)


def test_the_curve_is_the_newest_stretch():
    pipeline = a_pipeline()
    pipeline.feed("wrist", BATCH[:600])
    view = pipeline.curve(5.0)
    assert view.pose_g.shape == (len(view.t_s), 3)
    assert view.t_s[-1] == pipeline.now_s
    assert view.t_s[-1] - view.t_s[0] == pytest.approx(5.0, abs=0.1)
    assert np.linalg.norm(view.pose_g[-1]) == pytest.approx(1.0, abs=0.1)


def beats(bpm, arrival_s=0.0):
    return Notification(HEART_RATE_MEASUREMENT, bytes([0, bpm]), arrival_s)


def test_a_strap_tells_the_heart_rate_until_it_stops_to():
    pipeline = Pipeline({key: SensorConfig(REFERENCE, key) for key in ("wrist", "chest")})
    assert pipeline.status().heart_rate_bpm is None
    assert pipeline.feed("chest", beats(72)) == []
    assert (pipeline.heart_rate_bpm("wrist"), pipeline.heart_rate_bpm("chest")) == (None, 72.0)
    resumed = Pipeline({key: SensorConfig(REFERENCE, key) for key in ("wrist", "chest")})
    resumed.restore(pipeline.snapshot())
    for one in (pipeline, resumed):
        one.advance(5.0)
        assert one.status().heart_rate_bpm == 72.0
        one.advance(5.1)
        assert one.status().heart_rate_bpm is None


def test_a_heart_that_is_not_felt_has_no_rate():
    pipeline = Pipeline({"chest": SensorConfig(REFERENCE, "chest")})
    pipeline.feed("chest", beats(72))
    pipeline.feed("chest", beats(0))
    assert pipeline.status().heart_rate_bpm is None


def test_a_heart_rate_that_cannot_be_read_is_counted():
    pipeline = Pipeline({"chest": SensorConfig(REFERENCE, "chest")})
    (said,) = pipeline.feed("chest", Notification(HEART_RATE_MEASUREMENT, b"\x01\x48", 0.0))
    assert (said.type, said.sensor, said.reason, said.rejected) == (
        "notification_rejected",
        "chest",
        "length",
        1,
    )


def test_a_sensor_without_a_profile_can_be_said_to_be_connected_and_nothing_comes_of_it():
    pipeline = a_pipeline()
    pipeline.connected("wrist", values={"factor": 2.0})
    assert pipeline.feed("wrist", BATCH) == a_pipeline().feed("wrist", BATCH)
