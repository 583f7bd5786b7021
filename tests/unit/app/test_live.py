"""Which sensors a live run reads, and what is said of those it cannot."""

from contextlib import closing
from datetime import UTC, datetime

import numpy as np
import pytest

from repcount.app.feeds import Feed, LiveSensor, live_sensors
from repcount.app.runner import Runner
from repcount.app.station import Links, StationOptions, _persist, station_problems
from repcount.edges.ble import LinkState
from repcount.edges.profiles import load_profile
from repcount.edges.recording import Connected, SensorMeta, read_recording
from repcount.errors import InputError, LinkError, Problem
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Notification, SampleBatch
from repcount.wire import encode
from repcount.wire.standard import HEART_RATE_MEASUREMENT


@pytest.mark.parametrize(
    ("words", "placement", "sensors"),
    [
        ([], "wrist", [(None, "wrist")]),
        (["Band 7"], "chest", [("Band 7", "chest")]),
        (["C0:FF:EE:00:11:22"], "wrist", [("C0:FF:EE:00:11:22", "wrist")]),
        (
            ["wrist=Band 7", "chest=C0:FF:EE:00:11:22"],
            "wrist",
            [("Band 7", "wrist"), ("C0:FF:EE:00:11:22", "chest")],
        ),
        (["upper_arm=virtual:a=b"], "wrist", [("virtual:a=b", "upper_arm")]),
        (["virtual:recordings/x=y"], "wrist", [("virtual:recordings/x=y", "wrist")]),
    ],
)
def test_a_sensor_is_named_alone_or_with_its_place(words, placement, sensors):
    assert live_sensors(words, placement) == tuple(LiveSensor(*one) for one in sensors)


def problems(exercise, *placements, force=False):
    sensors = tuple(LiveSensor(None, placement) for placement in placements)
    return [
        str(one) for one in station_problems(StationOptions(sensors=sensors, exercise=exercise, force=force))
    ]


def test_two_sensors_are_worn_at_two_places():
    assert problems("pull_up", "wrist", "chest") == []
    (said,) = problems("pull_up", "wrist", "wrist")
    assert "has two at the same place" in said
    assert "--sensor wrist=NAME --sensor chest=NAME" in said


def test_one_that_sees_the_exercise_is_enough():
    assert problems("bent_over_row", "wrist", "chest") == []
    (said,) = problems("bent_over_row", "chest")
    assert "cannot be counted at the chest" in said
    assert problems("bent_over_row", "chest", force=True) == []


def test_a_place_nobody_knows_is_said_of_either():
    assert any("'ankle'" in said for said in problems("pull_up", "wrist", "ankle"))


def test_settings_are_for_all_sensors_or_for_the_one_named():
    wrist, chest = live_sensors(
        ["wrist=A", "chest=B"], "wrist", ["rate_hz=100", "chest.range_g=8", "chest.rate_hz=12.5"]
    )
    assert wrist.chosen == {"rate_hz": 100.0}
    assert chest.chosen == {"rate_hz": 12.5, "range_g": 8.0}


def test_every_setting_that_is_none_is_said():
    words = ["rate", "rate_hz=quick", "=5", "ankle.rate_hz=5", "rate_hz=50"]
    with pytest.raises(InputError) as caught:
        live_sensors(["wrist=A"], "wrist", words)
    said = [str(problem) for problem in caught.value.problems]
    assert [word in one for word, one in zip(words, said, strict=False)] == [True] * 4
    assert "no sensor is worn at 'ankle'" in said[-1]


def test_nothing_can_be_chosen_of_a_recording():
    with pytest.raises(InputError, match="--set: a recording is as it was"):
        Feed(LiveSensor("virtual:somewhere", "wrist", {"rate_hz": 100.0}), "station-1")


class Publisher:
    """Keeps how the sensors are, as it was told."""

    def __init__(self):
        self.said = []

    def sensors(self, statuses):
        self.said.append(dict(statuses))


class Worn:
    """A sensor as `changed` is told of it."""

    key, profile = "chest", load_profile("polar_h10")
    values = profile.chosen_values({"rate_hz": 25.0}, "--set")
    worn = SensorMeta(profile="polar_h10", placement="chest", values=values)


def test_battery_rate_and_heart_rate_of_a_sensor_are_published_when_they_change(tmp_path):
    publisher = Publisher()
    runner = Runner(Pipeline({"chest": SensorConfig(None, "chest")}, PipelineParams(lost_s=1.0)))
    options = StationOptions(sensors=(LiveSensor(None, "chest"),), record_to=tmp_path)
    with closing(Links(options, runner, publisher)) as links:
        links.changed(Worn, LinkState(connected=True, battery_percent=80, session=1, since_s=7.0), anew=True)
        links.notification("chest", Notification(HEART_RATE_MEASUREMENT, b"\x00\x48", 8.0))
        for _ in range(2):
            links.show_readings(8.0)
        links.changed(Worn, LinkState(connected=True, battery_percent=79, session=1, since_s=7.0), anew=False)
        runner.pipeline.advance(20.0)
        links.show_readings(20.0)
    seen = [
        (one.battery_percent, one.rate_hz, one.heart_rate_bpm)
        for one in (said["chest"] for said in publisher.said)
    ]
    assert seen == [(80, 25.0, None), (80, 25.0, 72.0), (79, 25.0, 72.0), (79, 25.0, None)]
    (folder,) = tmp_path.iterdir()
    recording = read_recording(folder)
    assert list(recording.items()) == [
        ("chest", Connected(Worn.values, 7.0)),
        ("chest", Notification(HEART_RATE_MEASUREMENT, b"\x00\x48", 8.0)),
    ]
    assert recording.meta.sensors == {"chest": Worn.worn}


def test_how_much_is_lost_of_a_sensor_is_published_now_and_then():
    publisher, profile = Publisher(), load_profile("repcount_reference")
    still = SampleBatch(np.arange(500) / 50.0, np.tile([0.0, 0.0, 9.8], (500, 1)), np.zeros((500, 3)))
    runner = Runner(Pipeline({"chest": SensorConfig(profile, "chest")}, PipelineParams()))
    options = StationOptions(sensors=(LiveSensor(None, "chest"),), record=False)
    with closing(Links(options, runner, publisher)) as links:
        links.changed(Worn, LinkState(connected=True, session=1), anew=False)
        for k, one in enumerate(encode(profile, still)):
            if k % 4 != 3:
                sent = Notification(profile.stream.characteristic, one.payload, one.last_s)
                links.notification("chest", sent)
                links.show_readings(one.last_s)
    said = [one["chest"].lost_ratio for one in publisher.said]
    assert said[0] is None
    assert len(said) <= 4  # of the 10 s
    assert said[-1] == pytest.approx(0.25, abs=0.03)


def test_a_recording_that_cannot_be_begun_does_not_end_the_count(tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    runner = Runner(Pipeline({"chest": SensorConfig(None, "chest")}))
    options = StationOptions(sensors=(LiveSensor(None, "chest"),), record_to=tmp_path / "file")
    with closing(Links(options, runner, Publisher())) as links:
        links.changed(Worn, LinkState(connected=True, session=1), anew=True)
    assert "nothing is recorded" in caplog.text
    assert runner.recorder is None


def test_a_station_that_begins_twice_in_a_second_records_twice(tmp_path, monkeypatch):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    monkeypatch.setattr("repcount.app.station.utc_now", lambda: now)
    for _ in range(2):
        runner = Runner(Pipeline({"chest": SensorConfig(None, "chest")}))
        options = StationOptions(sensors=(LiveSensor(None, "chest"),), record_to=tmp_path)
        with closing(Links(options, runner, Publisher())) as links:
            links.changed(Worn, LinkState(connected=True, session=1), anew=True)
    assert [read_recording(folder).meta.station for folder in tmp_path.iterdir()] == ["station-1"] * 2


class Sensor:
    """A sensor that cannot be used, as many times as it has errors."""

    key = "wrist"

    def __init__(self, *errors):
        self._errors = list(errors)

    async def run(self, _listener):
        if self._errors:
            raise self._errors.pop(0)


async def test_what_a_person_must_mend_is_said_and_tried_again_while_all_else_goes_on(monkeypatch):
    monkeypatch.setattr("repcount.app.station.RETRY_S", 0)
    publisher = Publisher()
    runner = Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}))
    links = Links(StationOptions(), runner, publisher)

    await _persist(Sensor(LinkError("Bluetooth is off"), LinkError("No adapter")), links)

    assert [said["wrist"].why for said in publisher.said] == ["Bluetooth is off", "No adapter"]


async def test_what_is_configured_wrong_is_said_and_waits_for_a_change():
    publisher = Publisher()
    runner = Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}))
    links = Links(StationOptions(), runner, publisher)
    wrong = InputError([Problem("--set", "microbit_accelerometer has no 'rate'")])

    await _persist(Sensor(wrong, LinkError("never tried")), links)

    (said,) = publisher.said
    assert "has no 'rate'" in said["wrist"].why
