"""From the radio to the recording and to the count: nothing lost, nothing doubled, replay equals live."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from peripheral import Air, Peripheral
from virtual_time import in_virtual_time, now_s

from repcount.app.feeds import Feed, LiveSensor
from repcount.app.playing import play
from repcount.app.record import RecordOptions, record
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.edges.clock import utc_now
from repcount.edges.profiles import load_profile
from repcount.edges.recording import Connected, RecordingMeta, RecordingWriter, read_recording
from repcount.errors import InputError
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Notification
from repcount.wire.standard import BATTERY_LEVEL, HEART_RATE_MEASUREMENT

PULL_UPS = Path(__file__).parents[3] / "recordings" / "wrist_pull_up_strict_01"
REFERENCE = load_profile("repcount_reference")
TEMPLATE = load_profile("firmware_profiles/_template.toml")
SERIAL = "00002a25-0000-1000-8000-00805f9b34fb"
ADDRESS = "C0:00:00:00:00:01"
STATION = "rack-1"


def a_strap(takes_s=0.0):
    strap = Peripheral(REFERENCE, name="Strap")
    strap.takes_s = takes_s
    strap.has(HEART_RATE_MEASUREMENT, "notify")
    strap.has(BATTERY_LEVEL, "read", payload=b"\x50")
    strap.has(SERIAL, "read", payload=b"0123")
    return strap


def notifications(folder=PULL_UPS):
    return [item[1] for item in read_recording(folder).items() if isinstance(item, tuple)]


async def play_on(peripheral, came, *, lost=()):
    """Send what came at the pace it came; at each time of `lost`, s, the link breaks for as long as said."""
    began_s, first_s = now_s(), came[0].arrival_s
    breaks = dict(lost)
    for one in came:
        due_s = one.arrival_s - first_s
        await asyncio.sleep(max(0.0, began_s + due_s - now_s()))
        for at_s in [at_s for at_s in breaks if at_s <= due_s]:
            peripheral.vanish()
            asyncio.get_running_loop().call_later(breaks.pop(at_s), peripheral.come_back)
        peripheral.notify(one.payload)


def options(folder, **more):
    return RecordOptions(folder=folder, sensors=(LiveSensor("Strap", "wrist"),), **more)


@in_virtual_time
async def test_record_keeps_every_byte_as_it_came_over_two_connections(tmp_path, capsys):
    strap = a_strap()
    recording = asyncio.create_task(
        record(options(tmp_path / "r", seconds=14.0), Air(strap).backend, clock=now_s)
    )
    sent = []
    for start in (0, 10):
        await asyncio.sleep(5.0)
        for k in range(start, start + 10):
            payload = bytes([k, k])
            sent.append((now_s(), payload))
            strap.notify(payload)
            strap.notify(b"\x00" + bytes([60 + k]), HEART_RATE_MEASUREMENT)
            await asyncio.sleep(0.1)
        strap.drop()
    assert await recording == 0

    read = read_recording(tmp_path / "r")
    items = [one for _, one in read.items()]
    assert sum(isinstance(one, Connected) for one in items) == 3  # the last brought nothing
    assert isinstance(items[0], Connected)
    data = [one for one in items if isinstance(one, Notification)]
    stream = [one for one in data if one.characteristic == REFERENCE.stream.characteristic]
    assert [one.payload for one in stream] == [payload for _, payload in sent]
    assert [one.arrival_s for one in stream] == pytest.approx([at_s for at_s, _ in sent])
    assert sum(one.characteristic == HEART_RATE_MEASUREMENT for one in data) == 20
    assert {one.payload for one in data if one.characteristic == BATTERY_LEVEL} == {b"\x50"}
    worn = read.meta.sensors["wrist"]
    assert (worn.profile, worn.placement, worn.device) == ("repcount_reference", "wrist", {"serial": "0123"})
    text = (tmp_path / "r" / "meta.toml").read_text() + (tmp_path / "r" / "capture.jsonl").read_text()
    assert ADDRESS.lower() not in text.lower()
    assert "battery 80 %" in capsys.readouterr().err


@in_virtual_time
async def test_what_each_connection_was_started_with_is_in_the_recording(tmp_path):
    control, data = TEMPLATE.start[3].characteristic, TEMPLATE.stream.characteristic
    sensor = Peripheral(TEMPLATE, name="Made-up 1")
    start = bytes.fromhex("01 02 00 14") + b"/acc/50\x00"
    feed = Feed(LiveSensor("Made-up 1", "wrist"), STATION, Air(sensor).backend, now_s)
    feed._link._profiles = [TEMPLATE]  # which is not among those that come with the program
    station = Station(tmp_path / "r", "pull_up")
    reading = asyncio.create_task(feed.run(station))
    for range_g in (8, 4):
        sensor.answers = {start: [(control, bytes([0xF0, 1, 0, 0, 0, range_g]))]}
        await asyncio.sleep(3.0)
        sensor.notify(bytes(29), data)
        await asyncio.sleep(0.1)
        sensor.drop()
    await asyncio.sleep(0.05)
    reading.cancel()
    await asyncio.wait([reading])
    station.close()
    ranges = [
        one.values["range_g"] for _, one in read_recording(tmp_path / "r").items() if hasattr(one, "values")
    ]
    assert ranges == [8.0, 4.0]
    assert read_recording(tmp_path / "r").meta.sensors["wrist"].values["range_g"] == 4.0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"seconds": 0.0}, "--seconds: is 0.0"),
        ({"station": "Rack 1"}, "--station"),
        ({"exercise": "pullup"}, "Did you mean 'pull_up'"),
    ],
)
@in_virtual_time
async def test_wrong_options_are_said_before_anything_is_done(tmp_path, more, says):
    air = Air(a_strap())
    with pytest.raises(InputError, match=says):
        await record(options(tmp_path / "r", **more), air.backend)
    assert not (tmp_path / "r").exists()


@in_virtual_time
async def test_a_recording_is_not_overwritten():
    with pytest.raises(InputError, match="holds a recording already"):
        await record(options(PULL_UPS), Air(a_strap()).backend)


class Station:
    """What `live` is without MQTT: a runner that records."""

    def __init__(self, folder, exercise):
        self.folder, self.exercise = folder, exercise
        sensors = {"wrist": SensorConfig(None, "wrist")}
        self.runner = Runner(Pipeline(sensors, PipelineParams(station=STATION, exercise=exercise)))
        self.events = []
        self._writer = None

    def notification(self, sensor, notification):
        self.events += self.runner.notification(sensor, notification)

    def changed(self, feed, state, *, anew):
        if not anew:
            return
        if self._writer is None:
            meta = RecordingMeta(
                sensors={feed.key: feed.worn},
                station=STATION,
                wearer="w",
                when=utc_now(),
                made_by="sensor",
                exercise=self.exercise,
            )
            self._writer = self.runner.recorder = RecordingWriter(self.folder, meta)
        connected = Connected(feed.values, state.since_s)
        self.events += self.runner.connected(feed.key, connected, feed.profile, feed.worn)

    async def tick(self):
        while True:
            self.events += self.runner.tick(now_s())
            await asyncio.sleep(0.25)

    def close(self):
        self.events += self.runner.listened_until(now_s())
        self.events += self.runner.finish()
        self._writer.close()


async def counted(folder, strap, came, lost):
    station = Station(folder, "pull_up")
    feed = Feed(LiveSensor("Strap", "wrist"), STATION, Air(strap).backend, now_s)
    tasks = [asyncio.create_task(feed.run(station)), asyncio.create_task(station.tick())]
    await asyncio.sleep(3.0)
    await play_on(strap, came, lost=lost)
    await asyncio.sleep(0.5)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    station.close()
    return station.events


def sets_of(events):
    return [(event.set_index, event.rep_count) for event in events if event.type == "set_ended"]


@pytest.mark.parametrize("lost", [[], [(14.0, 0.3)], [(12.5, 0.6), (17.0, 0.4), (22.2, 0.5)], [(20.0, 8.0)]])
@in_virtual_time
async def test_a_set_goes_on_when_the_sensor_is_back_no_rep_is_doubled_and_replay_equals_live(tmp_path, lost):
    events = await counted(tmp_path / "r", a_strap(), notifications(), lost)
    undisturbed = [event for event in read_recording(PULL_UPS).expected if event["type"] == "set_ended"]
    true = sum(len(event["reps"]) for event in undisturbed)
    total = sum(count for _, count in sets_of(events))
    assert total <= true
    if all(away_s < 1.0 for _, away_s in lost):
        assert total >= true - len(lost)
        assert len(sets_of(events)) == len(undisturbed)
    source = open_source(tmp_path / "r", None, None)
    replayed = play(source, Runner(source.pipeline(STATION)))
    assert replayed == events


@pytest.mark.parametrize(
    ("takes_s", "lost"),
    [(0.15, [(14.0, 0.3), (20.0, 2.0)]), (0.4, [(14.0, 0.3)]), (0.0, [(22.0, 1000.0)])],
    ids=["sends while it is started", "sends for long while it is started", "gone for good"],
)
@in_virtual_time
async def test_replay_equals_live_whatever_time_passed_without_data(tmp_path, takes_s, lost):
    events = await counted(tmp_path / "r", a_strap(takes_s), notifications(), lost)
    source = open_source(tmp_path / "r", None, None)
    assert play(source, Runner(source.pipeline(STATION))) == events


@pytest.mark.slow  # three whole programs
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process outright")
def test_a_killed_record_opens_and_lacks_at_most_the_last_second(tmp_path):
    """Killed at several moments; the virtual sensor sends every 0.2 s."""
    for k, lines in enumerate((1, 4, 9)):
        folder = tmp_path / str(k)
        command = [sys.executable, "-m", "repcount", "record", f"--sensor=virtual:{PULL_UPS}", str(folder)]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            capture = folder / "capture.jsonl"
            give_up_s = time.monotonic() + 60.0
            while not capture.exists() or capture.read_bytes().count(b"\n") < lines + 2:
                assert time.monotonic() < give_up_s, process.poll()
                time.sleep(0.003 * (k + 1))
            os.kill(process.pid, signal.SIGKILL)
            killed_s = time.monotonic()
        read = read_recording(folder)
        came = [one for _, one in read.items()]
        assert killed_s - came[-1].arrival_s < 1.0
        played = [one.payload for one in came if isinstance(one, Notification)]
        assert played == [one.payload for one in notifications()[: len(played)]]
        assert read.meta.sensors["wrist"].profile == "repcount_reference"
