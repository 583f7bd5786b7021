"""The pipeline keeps the contract, at any rate, with bytes, commands, gaps and sensors that start again."""

from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest
from simulated import QUICK, a_pair, a_pipeline, simulated, without, worn_both
from stage_contract import StageContract

from repcount.commands import Arm, CorrectCount, EndSet, SelectExercise, SetTarget
from repcount.edges.profiles import load_profile
from repcount.errors import InputError
from repcount.motion.tracker import MotionParams
from repcount.pipeline import SNAPSHOT_SCHEMA, PipelineParams
from repcount.reps.hold_state import HoldParams
from repcount.samples import Notification, SampleBatch
from repcount.session.hold_set import HoldSetParams
from repcount.session.session import SessionParams
from repcount.simulate import SetOf, StandStill
from repcount.wire import encode

REFERENCE = load_profile("repcount_reference")
BRIDGED_S, HIDDEN_S, TOO_LONG_S = (10.0, 10.4), (17.0, 18.5), (43.0, 57.5)


@cache
def session(rate_hz):
    """A set with a dropout that is bridged and one that hides a rep, and a set that breaks off in one."""
    of_five, rest = SetOf(exercise="pull_up", reps=5, tempo=QUICK), StandStill(duration_s=4.0)
    done = simulated(rest, of_five, rest, of_five, rest, rest, rest, rest, rate_hz=rate_hz)
    return without(done.batch, BRIDGED_S, HIDDEN_S, TOO_LONG_S)


COMMANDS = {
    0.02: SetTarget(at_s=1.5, eccentric_s=3.0),
    0.3: EndSet(at_s=24.0),
    0.4: CorrectCount(at_s=29.0, rep_count=7),
    0.93: Arm(at_s=63.0, armed=False),
    0.96: SelectExercise(at_s=64.0, exercise="lat_pulldown"),
}
"""By the share of the stream after which they come."""


class PipelineContract(StageContract):
    """Events of one pipeline are one list, in one order."""

    params = PipelineParams
    wrong_params = (
        {"lost_s": 0},
        {"motion": MotionParams(thin=1)},
        {"motion": MotionParams(cutoff_hz=1.0)},
        {"session": SessionParams(holds=HoldSetParams(detector=HoldParams(tick_hz=50.0)))},
    )
    profile = None

    def new(self):
        return a_pipeline(profile=self.profile)

    def feed(self, stage, first, last):
        commands = {round(share * self.size): command for share, command in COMMANDS.items()}
        edges = [first, *(place for place in commands if first < place < last), last]
        for start, end in pairwise(edges):
            yield from (("event", event) for event in self.fed(stage, start, end))
            if end in commands and end > first:
                yield from (("event", event) for event in stage.command(commands[end]))

    def end(self, stage):
        return [("event", event) for event in stage.finish()]

    def test_the_stream_holds_what_can_happen(self):
        types = {event.type for event in self.whole["event"]}
        wanted = {"set_started", "rep_completed", "tempo_cue", "set_ended", "count_corrected", "stream_gap"}
        assert wanted <= types

    def test_what_is_said_is_said_in_order_and_never_before_it_happened(self):
        events = self.whole["event"]
        # What is refused holds no sample: it is said at the last one, though time may have passed since.
        said = [event.said_s for event in events if event.type != "notification_rejected"]
        assert said == sorted(said)
        assert [event for event in events if event.happened_s > event.said_s] == []


class TestPipeline(PipelineContract):
    batch = session(50.0)
    size = len(batch)

    def fed(self, stage, first, last):
        return stage.feed("wrist", self.batch[first:last])


class TestPipelineWithASlowSensor(TestPipeline):
    batch = session(12.5)
    size = len(batch)


class TestPipelineWithAQuickSensor(TestPipeline):
    batch = session(100.0)
    size = len(batch)


@cache
def notifications():
    """The session as bytes: some lost, one garbled, and after the long gap the sensor starts anew."""
    batch = session(50.0)
    first = batch.t_s <= TOO_LONG_S[0]
    came = []
    for part in (batch[: first.sum()], batch[first.sum() :]):
        own = SampleBatch(part.t_s - part.t_s[0], part.acc_m_s2, part.gyro_rad_s)
        came += [
            Notification(REFERENCE.stream.characteristic, one.payload, one.last_s + part.t_s[0] + 0.03)
            for one in encode(REFERENCE, own)
        ]
    garbled = Notification(came[40].characteristic, came[40].payload[:-1] + b"\xff", came[40].arrival_s)
    return [*came[:40], garbled, *came[41:120], *came[122:]]


class TestPipelineWithNotifications(PipelineContract):
    profile = REFERENCE
    size = len(notifications())

    def fed(self, stage, first, last):
        for one in notifications()[first:last]:
            yield from stage.feed("wrist", one)

    def test_what_was_lost_and_garbled_is_said(self):
        events = self.whole["event"]
        assert [e.rejected for e in events if e.type == "notification_rejected"] == [1, 2, 3]
        assert 2 in [e.lost_notifications for e in events if e.type == "stream_gap"]


class TestPipelineWhereTimePasses(TestPipelineWithNotifications):
    """As live: time passes on the clock between notifications, so the sensor is lost and comes back."""

    def fed(self, stage, first, last):
        for one in notifications()[first:last]:
            yield from stage.advance(one.arrival_s - notifications()[0].arrival_s)
            yield from stage.feed("wrist", one)

    def test_the_sensor_is_lost_and_comes_back(self):
        types = [event.type for event in self.whole["event"]]
        assert types.index("stream_lost") < types.index("stream_resumed")


@cache
def both_sensors():
    """A set of rows as two sensors send it: each with a clock of its own, the chest's lost for a while."""
    came = []
    for sensor, clock_s, delay_s in (("wrist", 0.0, 0.02), ("chest", 700.0, 0.05)):
        batch = worn_both("bent_over_row", reps=5, rate_hz=50.0)[sensor]
        batch = batch if sensor == "wrist" else without(batch, (20.0, 25.0))
        own = SampleBatch(batch.t_s + clock_s, batch.acc_m_s2, batch.gyro_rad_s)
        for k, one in enumerate(encode(REFERENCE, own)):
            arrival_s = one.last_s - clock_s + delay_s + 0.01 * (k % 3)
            came.append((sensor, Notification(REFERENCE.stream.characteristic, one.payload, arrival_s)))
    return sorted(came, key=lambda item: item[1].arrival_s)


class TestPipelineOfTwoSensors(StageContract):
    """As live: time passes on the clock too."""

    size = len(both_sensors())

    def new(self):
        return a_pair("bent_over_row", profile=REFERENCE)

    def feed(self, stage, first, last):
        first_s = both_sensors()[0][1].arrival_s
        for sensor, one in both_sensors()[first:last]:
            yield from (("event", event) for event in stage.advance(one.arrival_s - first_s))
            yield from (("event", event) for event in stage.feed(sensor, one))

    def end(self, stage):
        return [("event", event) for event in stage.finish()]

    def test_the_wrist_counts_on_while_the_chest_is_lost_and_back_again(self):
        events = self.whole["event"]
        assert [(e.type, e.sensor) for e in events if e.type in {"stream_lost", "stream_resumed"}] == [
            ("stream_lost", "chest"),
            ("stream_resumed", "chest"),
        ]
        (ended,) = [event for event in events if event.type == "set_ended"]
        assert ended.rep_count == 5
        swayed = [rep.trunk_sway_deg is not None for rep in ended.reps]
        assert any(swayed)
        assert not all(swayed)

    def test_everything_is_said_in_order(self):
        said = [event.said_s for event in self.whole["event"] if event.type != "stream_lost"]
        assert said == sorted(said)


def shape(data, path=""):
    """The keys of nested plain data, and what is in its lists."""
    if isinstance(data, dict):
        return {f"{path}.{key}" for key in data} | set().union(
            *(shape(value, f"{path}.{key}") for key, value in data.items())
        )
    if isinstance(data, list) and data and isinstance(data[0], dict | list):
        return set().union(*(shape(one, f"{path}[]") for one in data))
    return set()


def in_the_middle_of_a_set():
    pipeline = a_pair("bent_over_row", profile=REFERENCE)
    for sensor, one in both_sensors()[: int(0.55 * len(both_sensors()))]:
        pipeline.feed(sensor, one)
    pipeline.command(EndSet(at_s=1000.0))
    return pipeline.snapshot()


SHAPE = "38b9a0e3686c286a"
"""Of the snapshot of this schema: the keys in it, down to the filters'."""


def test_a_snapshot_of_other_content_has_another_schema():
    """If this fails, what is in a snapshot has changed: add 1 to `SNAPSHOT_SCHEMA`, and put its digest above.

    A snapshot of before would be taken for one of now, and be restored wrongly or raise halfway. The schema
    must also go up when a value changes its meaning under the same key, which no test sees.
    """
    state = in_the_middle_of_a_set()
    keys = sorted(shape(state))
    assert state["schema"] == SNAPSHOT_SCHEMA == 13
    assert sha256("\n".join(keys).encode()).hexdigest()[:16] == SHAPE, keys


@pytest.mark.parametrize("schema", [1, SNAPSHOT_SCHEMA + 1, None])
def test_a_snapshot_of_another_schema_is_refused(schema):
    state = a_pipeline().snapshot()
    with pytest.raises(InputError, match=f"schema {schema} is not {SNAPSHOT_SCHEMA}"):
        a_pipeline().restore(state | {"schema": schema})
