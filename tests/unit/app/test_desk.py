"""What is asked of a station beside its count: its days, its recordings, and to delete one."""

from datetime import UTC, datetime

import pytest

from repcount.app.desk import Desk
from repcount.app.runner import Runner
from repcount.edges.history import History
from repcount.edges.mqtt.requests import read_request
from repcount.edges.mqtt.signal import Signal
from repcount.edges.recording import RecordingMeta, RecordingWriter, SensorMeta
from repcount.errors import InputError
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig


@pytest.fixture
def desk(tmp_path):
    params = PipelineParams(station="rack-1", exercise="pull_up")
    runner = Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}, params))
    history = History(tmp_path / "history.jsonl", UTC)
    signal = Signal("rack-1", lambda _messages: None, lambda: 0.0)
    return Desk("rack-1", runner, signal, UTC, history, tmp_path / "captures")


def recorded(desk, name, station="rack-1"):
    meta = RecordingMeta(
        sensors={"wrist": SensorMeta(profile="repcount_reference", placement="wrist")},
        station=station,
        wearer=station,
        when=datetime(2026, 3, 1, tzinfo=UTC),
        made_by="sensor",
        exercise="pull_up",
    )
    return RecordingWriter(desk.recordings / name, meta)


def ask(desk, cmd, payload=b""):
    return desk.answer(read_request("rack-1", cmd, payload))


def test_a_command_reaches_the_count(desk):
    assert ask(desk, "exercise", b"deadlift") is None
    assert desk.runner.pipeline.status().exercise == "deadlift"


def test_the_signal_is_watched_when_somebody_asks(desk):
    ask(desk, "watch")
    assert desk.signal.watched


def test_the_history_of_a_day_comes_with_the_days_there_are(desk):
    desk.history.add({"end_at": "2026-03-01T10:00:00Z", "rep_count": 5}, "a")

    answer = ask(desk, "history", b"2026-03-01")

    assert [body["id"] for body in answer["sets"]] == ["a"]
    assert answer["days"] == {"2026-03-01": 1}
    assert ask(desk, "history")["sets"] == []  # today
    with pytest.raises(InputError, match="'soon' is no day"):
        ask(desk, "history", b'{"day": "soon"}')
    with pytest.raises(InputError, match="unknown key 'date'"):
        ask(desk, "history", b'{"date": "2026-03-01"}')


def test_recordings_of_this_station_are_listed_the_newest_first(desk):
    for name, station in (("20260301_a", "rack-1"), ("20260302_b", "rack-1"), ("20260303_c", "rack-2")):
        with recorded(desk, name, station):
            pass
    (desk.recordings / "strange").mkdir()
    (desk.recordings / "strange" / "meta.toml").write_text("no = 'recording'")

    told = ask(desk, "recordings")["recordings"]

    assert [one["name"] for one in told] == ["20260302_b", "20260301_a"]
    assert told[0]["exercise"] == "pull_up"
    assert told[0]["bytes"] > 0


def test_a_recording_is_deleted_by_its_name_and_nothing_else_is(desk, tmp_path):
    with recorded(desk, "20260301_a"), recorded(desk, "20260303_c", "rack-2"):
        pass
    (tmp_path / "precious").mkdir()

    for name in (b"20260303_c", b"../precious", b"/", b".", b"20260301", b""):
        with pytest.raises(InputError, match="no recording"):
            ask(desk, "delete_recording", name)
    ask(desk, "delete_recording", b"20260301_a")

    assert ask(desk, "recordings")["recordings"] == []
    assert (tmp_path / "precious").is_dir()
    assert (desk.recordings / "20260303_c").is_dir()


def test_what_is_still_recorded_cannot_be_deleted(desk):
    with recorded(desk, "20260301_a") as recorder:
        desk.runner.recorder = recorder

        assert ask(desk, "recordings")["recordings"][0]["open"] is True
        with pytest.raises(InputError, match="still being recorded"):
            ask(desk, "delete_recording", b"20260301_a")


def test_corrected_counts_are_kept_only_where_there_is_a_recording(desk):
    assert ask(desk, "calibration") == {"running": False, "undoable": 0}
    with pytest.raises(InputError, match="nothing is recorded"):
        ask(desk, "undo_correction")
