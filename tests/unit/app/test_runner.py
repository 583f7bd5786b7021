"""One station running: its clock, its listeners and its recorder, in time that passes only when told to."""

import logging

import numpy as np
import pytest

from repcount.app.runner import Runner
from repcount.commands import SelectExercise
from repcount.edges.profiles import load_profile
from repcount.errors import InputError
from repcount.events import LiveStatus, Phase, StreamLost
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Notification, SampleBatch
from repcount.wire import encode

PROFILE = load_profile("repcount_reference")
HOST_S = 5000.0
"""The host's clock when the sensor's is 0."""
STATUS = LiveStatus(
    now_s=0.0,
    exercise=None,
    armed=False,
    phase=Phase.REST,
    progress_ratio=0.0,
    set_index=0,
    rep_count=0,
    rest_since_s=None,
    eccentric_target_s=2.0,
    heart_rate_bpm=None,
)


class ClockOnly:
    """A pipeline that knows nothing but time: a notification's payload is the time of its sample, s."""

    doubt = None

    def __init__(self, lost_s=3.0):
        self.now_s = self.heard_s = 0.0
        self.lost_s = lost_s

    def feed(self, _sensor, notification):
        self.heard_s = max(self.heard_s, float(notification.payload))
        self.now_s = max(self.now_s, self.heard_s)
        return []

    def advance(self, now_s):
        self.now_s = max(self.now_s, now_s)
        if now_s - self.heard_s <= self.lost_s:
            return []
        return [StreamLost(station="rack-1", happened_s=self.heard_s, said_s=now_s, sensor="wrist")]

    def status(self):
        return STATUS


class Ear:
    """Keeps what it is told."""

    def __init__(self):
        self.said, self.statuses = [], 0

    def events(self, events):
        self.said += events

    def status(self, _status):
        self.statuses += 1


class Failing(Ear):
    def __init__(self, error):
        super().__init__()
        self._error = error

    def events(self, events):
        super().events(events)
        raise self._error


class Recorder:
    """Keeps what it is given, and how much the pipeline had heard by then."""

    def __init__(self, pipeline):
        self.pipeline, self.kept = pipeline, []

    def write(self, sensor, notification):
        self.kept.append((sensor, notification, self.pipeline.heard_s))

    def write_command(self, host_s, command):
        self.kept.append((host_s, command))


def sample(sensor_s, arrival_s):
    return Notification("c", repr(sensor_s).encode(), arrival_s)


def play(runner, times_s, *, ppm=0.0, jitter_s=0.0, seed=1):
    """Feed samples of a sensor whose clock is slow by `ppm`, with ticks between; yields host's times."""
    rng = np.random.default_rng(seed)
    arrival_s = 0.0
    for sensor_s in times_s:
        arrival_s = max(arrival_s, HOST_S + sensor_s / (1 - ppm * 1e-6) + 0.03 + rng.exponential(jitter_s))
        runner.notification("wrist", sample(float(sensor_s), arrival_s))
        yield arrival_s
        yield arrival_s + 0.05


def test_a_failing_listener_is_left_out_and_the_others_go_on(caplog):
    deaf, before, after = Failing(OSError("disk full")), Ear(), Ear()
    runner = Runner(ClockOnly(lost_s=1.0), [before, deaf, after])
    list(play(runner, [0.0, 0.2]))
    runner.tick(HOST_S + 10.0)
    runner.tick(HOST_S + 20.0)

    assert len(before.said) == len(after.said) == 2
    assert len(deaf.said) == 1
    assert runner.sinks == [before, after]
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "Failing failed and is left out from now on"
    ]


def test_a_reader_that_left_ends_the_program():
    runner = Runner(ClockOnly(lost_s=1.0), [Failing(BrokenPipeError())])
    list(play(runner, [0.0, 0.2]))
    with pytest.raises(BrokenPipeError):
        runner.tick(HOST_S + 10.0)


def test_listeners_are_told_what_is_true_now_also_when_nothing_happened():
    ear = Ear()
    runner = Runner(ClockOnly(), [ear])
    list(play(runner, [0.0, 0.2]))
    runner.tick(HOST_S + 1.0)
    assert (ear.said, ear.statuses) == ([], 3)


@pytest.mark.parametrize("ppm", [-200, 0, 200])
def test_stream_time_never_goes_back_and_follows_a_sensors_clock_for_hours(ppm):
    ear = Ear()
    runner = Runner(ClockOnly(), [ear])
    last_s = ahead_s = 0.0
    for host_s in play(runner, np.arange(0.5, 5 * 3600, 0.5), ppm=ppm, jitter_s=0.02):
        runner.tick(host_s)
        now_s = runner.stream_s(host_s)
        assert now_s >= last_s
        last_s, ahead_s = now_s, max(ahead_s, now_s - runner.pipeline.heard_s)
    assert ear.said == []
    assert ahead_s < 0.7


def test_stream_time_runs_on_while_nothing_comes():
    runner = Runner(ClockOnly())
    list(play(runner, [0.2, 0.4, 0.6]))
    assert runner.stream_s(HOST_S + 2.03) == pytest.approx(2.0)


def test_notifications_that_come_late_in_a_heap_do_not_turn_the_clock_back():
    runner = Runner(ClockOnly(lost_s=60.0))
    list(play(runner, np.arange(0.2, 10.2, 0.2)))
    for sensor_s in np.arange(10.2, 15.2, 0.2):
        runner.notification("wrist", sample(float(sensor_s), HOST_S + 15.2))
    assert runner.stream_s(HOST_S + 20.03) == pytest.approx(20.0, abs=0.05)


def test_a_program_that_lags_behind_its_sensor_does_not_take_it_for_lost():
    """Else it would say so at every notification, which costs more than counting, and lag for ever."""
    ear = Ear()
    runner = Runner(ClockOnly(lost_s=3.0), [ear])
    list(play(runner, np.arange(0.2, 10.2, 0.2)))
    for number, sensor_s in enumerate(np.arange(10.2, 40.2, 0.2)):
        host_s = HOST_S + sensor_s + 0.03 + min(8.0, number * 0.1)
        runner.notification("wrist", sample(float(sensor_s), host_s))
        runner.tick(host_s + 0.1)
    assert ear.said == []

    runner.tick(host_s + 4.0)
    assert [event.type for event in ear.said] == ["stream_lost"]


def test_before_the_first_sample_no_time_passes():
    runner = Runner(ClockOnly())
    assert runner.tick(HOST_S) == []
    assert runner.stream_s(HOST_S + 100.0) == 0.0


def test_where_the_stream_is_when_it_is_first_heard_is_told_once():
    told_s = []
    runner = Runner(ClockOnly())
    runner.on_first = told_s.append
    list(play(runner, [0.2, 0.4, 0.6]))
    assert told_s == pytest.approx([0.2])


def test_a_notification_is_recorded_before_it_is_decoded():
    pipeline = ClockOnly()
    runner = Runner(pipeline)
    runner.recorder = Recorder(pipeline)
    came = [sample(0.2, HOST_S), sample(0.4, HOST_S + 0.2)]
    for notification in came:
        runner.notification("wrist", notification)
    assert runner.recorder.kept == [("wrist", came[0], 0.0), ("wrist", came[1], 0.2)]


def test_a_notification_nobody_can_read_is_recorded_too():
    runner = Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}))
    runner.recorder = Recorder(runner.pipeline)
    runner.recorder.pipeline = ClockOnly()
    with pytest.raises(InputError, match="no profile"):
        runner.notification("wrist", sample(0.2, HOST_S))
    assert len(runner.recorder.kept) == 1


def test_a_command_is_recorded_once_it_is_known_to_be_good():
    runner = Runner(Pipeline({"wrist": SensorConfig(PROFILE, "wrist")}))
    runner.recorder = Recorder(runner.pipeline)
    good = SelectExercise(at_s=0.0, exercise="pull_up")
    runner.command(good, HOST_S)
    with pytest.raises(InputError):
        runner.command(SelectExercise(at_s=0.0, exercise="pulup"), HOST_S)
    runner.command(good)  # from a recording, not from a person
    assert runner.recorder.kept == [(HOST_S, good)]


def test_the_real_pipeline_does_not_report_a_sensor_with_a_slow_clock_lost():
    """0.1 s more than the time between notifications is all it waits here; 200 ppm use that up in 8 min."""
    rate_hz, seconds = PROFILE.stream.rate_hz, 900
    t_s = np.arange(seconds * rate_hz) / rate_hz
    acc = np.tile([0.0, 0.0, 9.80665], (len(t_s), 1))
    ear = Ear()
    sensors = {"wrist": SensorConfig(PROFILE, "wrist")}
    runner = Runner(Pipeline(sensors, PipelineParams(lost_s=0.3)), [ear])
    for sent in encode(PROFILE, SampleBatch(t_s, acc, np.zeros_like(acc))):
        arrival_s = HOST_S + sent.last_s * (1 + 200e-6)
        runner.tick(arrival_s - 0.01)
        runner.notification("wrist", Notification(PROFILE.stream.characteristic, sent.payload, arrival_s))
    assert ear.said == []
