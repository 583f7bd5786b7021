"""A recording comes back as it went in, survives a kill, and says everything that is wrong with it."""

import json
import os
import signal
import subprocess
import sys
import tracemalloc
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from repcount.commands import Arm, SelectExercise
from repcount.edges.recording import (
    CAPTURE_NAME,
    EXPECTED_NAME,
    LABELS_NAME,
    META_NAME,
    SAMPLES_NAME,
    Connected,
    RecordingMeta,
    RecordingWriter,
    SensorMeta,
    read_labels,
    read_meta,
    read_recording,
    write_expected,
    write_labels,
    write_meta,
)
from repcount.errors import InputError
from repcount.samples import STANDARD_GRAVITY_M_S2, Notification
from repcount.truth import TrueRep

META = RecordingMeta(
    sensors={
        "wrist": SensorMeta(profile="witmotion_bt50", placement="wrist", side="left"),
        "chest": SensorMeta(
            profile="polar_h10",
            placement="chest",
            values={"factor": 0.000244, "rate_hz": 200.0},
            device={"model": "H10", "serial": "0123", "firmware": "5.0.0"},
        ),
    },
    station="rack-1",
    wearer="robin",
    when=datetime(2026, 11, 24, 18, 30, tzinfo=UTC),
    made_by="sensor",
    exercise="pull_up",
    reps_true=(5, 8),
)
FIRST = ("wrist", Notification("ffe4", b"\x55\x61\x00", 10.0))
SECOND = ("chest", Notification("fb005c82", b"\xff", 10.000001))
COMMAND = SelectExercise(at_s=0.5, exercise="bent_over_row")
REP = TrueRep(
    kind="rep",
    start_s=1.0,
    turn_s=2.0,
    end_s=4.5,
    eccentric_s=2.0,
    pause_lengthened_s=None,
    concentric_s=1.0,
    pause_shortened_s=0.5,
)
HOLD = TrueRep(
    kind="hold",
    start_s=5.0,
    turn_s=None,
    end_s=25.0,
    eccentric_s=None,
    pause_lengthened_s=None,
    concentric_s=None,
    pause_shortened_s=None,
)


@pytest.fixture
def folder(tmp_path):
    """Make a whole recording: header, two notifications, a command, a notification."""
    folder = tmp_path / "rec"
    with RecordingWriter(folder, META) as writer:
        writer.write(*FIRST)
        writer.write(*SECOND)
        writer.write_command(10.5, COMMAND)
        writer.write("wrist", Notification("ffe4", b"", 11.0))
    return folder


def capture_lines(folder):
    return (folder / CAPTURE_NAME).read_text().splitlines()


def replace_line(folder, number, line):
    lines = capture_lines(folder)
    lines[number - 1] = line if isinstance(line, str) else json.dumps(line)
    (folder / CAPTURE_NAME).write_text("\n".join(lines) + "\n")


def problems_of(call):
    with pytest.raises(InputError) as raised:
        call()
    return [str(problem) for problem in raised.value.problems]


def read_all(folder, **options):
    return list(read_recording(folder, **options).items())


def test_what_was_written_comes_back_in_order(folder):
    recording = read_recording(folder)
    assert list(recording.items()) == [FIRST, SECOND, COMMAND, ("wrist", Notification("ffe4", b"", 11.0))]
    assert recording.meta == META
    assert (recording.labels, recording.expected) == (None, None)


def test_until_when_was_listened_is_known_where_nobody_was_killed(folder, tmp_path):
    with RecordingWriter(tmp_path / "ended", META) as writer:
        writer.write(*FIRST)
        writer.end(12.3456789)
    assert read_recording(tmp_path / "ended").meta.ended_s == 12.345679
    assert read_recording(folder).meta.ended_s is None


def test_items_can_be_read_again(folder):
    recording = read_recording(folder)
    assert list(recording.items()) == list(recording.items())


def test_optional_meta_data_may_be_left_out(tmp_path):
    meta = RecordingMeta(
        sensors={"wrist": SensorMeta(profile=None, placement="wrist")},
        station="a",
        wearer="b",
        when=META.when,
        made_by="simulated",
    )
    RecordingWriter(tmp_path, meta).close()
    assert read_recording(tmp_path).meta == meta


def test_the_files_are_plain_text_anyone_can_read(folder):
    assert capture_lines(folder) == [
        '{"schema": 1, "kind": "capture"}',
        '{"arrival_s": 10.0, "sensor": "wrist", "characteristic": "ffe4", "hex": "556100"}',
        '{"arrival_s": 10.000001, "sensor": "chest", "characteristic": "fb005c82", "hex": "ff"}',
        '{"arrival_s": 10.5, "command": {"cmd": "exercise", "at_s": 0.5, "exercise": "bent_over_row"}}',
        '{"arrival_s": 11.0, "sensor": "wrist", "characteristic": "ffe4", "hex": ""}',
    ]
    assert (folder / META_NAME).read_text().startswith('schema = 1\nmade_by = "sensor"\n')


def test_every_line_is_on_disk_as_soon_as_it_was_written(tmp_path):
    with RecordingWriter(tmp_path, META) as writer:
        for count in range(1, 4):
            writer.write(*FIRST)
            assert len(read_all(tmp_path)) == count


def test_a_second_writer_does_not_overwrite_a_capture(folder):
    before = capture_lines(folder)
    assert "is already there" in problems_of(lambda: RecordingWriter(folder, META))[0]
    assert capture_lines(folder) == before


def test_a_sensor_without_meta_data_is_not_recorded(tmp_path):
    with RecordingWriter(tmp_path, META) as writer, pytest.raises(ValueError, match="ankle"):
        writer.write("ankle", FIRST[1])


def test_meta_data_can_be_renewed_after_the_capture(folder):
    write_meta(
        folder, RecordingMeta(**{name: getattr(META, name) for name in META.__slots__} | {"reps_true": (7,)})
    )
    assert read_recording(folder).meta.reps_true == (7,)
    assert sorted(path.name for path in folder.iterdir()) == [CAPTURE_NAME, META_NAME]


_WRITE_FOR_EVER = """
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from repcount.edges.recording import RecordingMeta, RecordingWriter, SensorMeta
from repcount.samples import Notification
meta = RecordingMeta(sensors={"wrist": SensorMeta(profile="x", placement="wrist")}, station="a", wearer="b",
                     when=datetime(2026, 1, 1, tzinfo=UTC), made_by="sensor")
writer = RecordingWriter(Path(sys.argv[1]), meta)
for number in count():
    writer.write("wrist", Notification("ffe4", number.to_bytes(4, "little") * 40, number / 50))
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process outright")
def test_a_killed_writer_leaves_all_it_wrote(tmp_path):
    command = [sys.executable, "-c", _WRITE_FOR_EVER, str(tmp_path / "rec")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        said = [next(process.stdout) for _ in range(300)]
        os.kill(process.pid, signal.SIGKILL)
    items = read_all(tmp_path / "rec")
    assert len(items) >= len(said)
    for number, (_, notification) in enumerate(items):
        assert notification.payload[:4] == number.to_bytes(4, "little")


@pytest.mark.parametrize("kept_bytes", [1, 20, 60])
def test_a_last_line_cut_in_the_middle_is_left_out_and_that_is_said(folder, kept_bytes):
    path = folder / CAPTURE_NAME
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    path.write_bytes(whole[: last + kept_bytes])
    recording = read_recording(folder)
    for _ in range(2):
        assert list(recording.items()) == [FIRST, SECOND, COMMAND]
        assert [str(p) for p in recording.left_out] == [f"{path}:5: the last line is cut in the middle"]


@pytest.mark.parametrize("line", ['{"arrival_s": 1', "x", '{"arrival_s": 10.6, "sensor": "wirst"}'])
def test_a_line_that_is_not_the_last_or_is_whole_is_not_taken_for_cut(folder, line):
    path = folder / CAPTURE_NAME
    end = "" if line.endswith("}") else "\n"
    path.write_text("\n".join([*capture_lines(folder), line]) + end)
    assert f"{path}:6" in problems_of(lambda: read_all(folder))[0]


def test_a_connection_and_its_values_come_back_in_their_place(tmp_path):
    connected = ("chest", Connected({"factor": 0.000244, "rate_hz": 200.0}, 9.5))
    with RecordingWriter(tmp_path, META) as writer:
        writer.write_connected(*connected)
        writer.write(*FIRST)
        writer.write_connected("wrist", Connected({}, 12.0))
    assert read_all(tmp_path) == [connected, FIRST, ("wrist", Connected({}, 12.0))]
    assert capture_lines(tmp_path)[1] == (
        '{"arrival_s": 9.5, "sensor": "chest", "values": {"factor": 0.000244, "rate_hz": 200.0}}'
    )


def test_two_sensors_read_after_a_stall_may_be_out_of_order_with_each_other(tmp_path):
    late = ("chest", Notification("fb005c82", b"\xff", 9.0))
    with RecordingWriter(tmp_path, META) as writer:
        writer.write(*FIRST)
        writer.write(*late)
    assert read_all(tmp_path) == [FIRST, late]


def test_a_last_line_that_only_lacks_its_end_is_whole(folder):
    path = folder / CAPTURE_NAME
    path.write_bytes(path.read_bytes()[:-1])
    assert len(read_all(folder)) == 4


@pytest.mark.parametrize("kept", [b"", b'{"schema', b'{"schema": 1, "kind": "captur'])
def test_a_capture_killed_before_its_first_line_was_whole_is_an_empty_one(folder, kept):
    (folder / CAPTURE_NAME).write_bytes(kept)
    assert read_all(folder) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "is not JSON"),
        ("[1, 2]", "is [1, 2], not a JSON object"),
        ('{"arrival_s": ' + "[" * 100_000, "is not JSON"),
        (
            {"arrival_s": "soon", "sensor": "wrist", "characteristic": "c", "hex": "00"},
            "'soon', not a number",
        ),
        ({"arrival_s": True, "sensor": "wrist", "characteristic": "c", "hex": "00"}, "True, not a number"),
        ('{"arrival_s": NaN, "sensor": "wrist", "characteristic": "c", "hex": ""}', "nan, not a number"),
        ({"arrival_s": 10.1, "sensor": "wrist", "characteristic": "c", "hex": "0g"}, "hexadecimal"),
        ({"arrival_s": 10.1, "sensor": "wrist", "characteristic": "c", "hex": "000"}, "hexadecimal"),
        ({"arrival_s": 10.1, "sensor": "wrist", "characteristic": "c", "hex": "0 00"}, "hexadecimal"),
        ({"arrival_s": 10.1, "sensor": "wrist", "characteristic": "c", "hex": 12}, "hexadecimal"),
        (
            {"arrival_s": 10.1, "sensor": "wrist", "characteristic": 3, "hex": "00"},
            "characteristic is 3, not text",
        ),
        ({"arrival_s": 10.1, "sensor": "wirst", "characteristic": "c", "hex": ""}, "Did you mean 'wrist'?"),
        ({"arrival_s": 10.1, "sensor": ["wrist"], "characteristic": "c", "hex": ""}, "unknown sensor"),
        ({"arrival_s": 10.1, "sensor": "wrist", "characteristic": "c"}, "'hex' is missing"),
        ({"arrival_s": 10.1, "sensor": "wrist", "characteristic": "c", "hexx": ""}, "Did you mean 'hex'?"),
        ({"arrival_s": 9.9, "sensor": "wrist", "characteristic": "c", "hex": ""}, "time goes backwards"),
        ({"arrival_s": 10.1, "sensor": "wrist", "values": 3}, "values is not a table of numbers"),
        ({"arrival_s": 10.1, "sensor": "wrist", "values": {"a": "b"}}, "values is not a table of numbers"),
        ({"arrival_s": 10.1, "sensor": "wirst", "values": {}}, "Did you mean 'wrist'?"),
        ({"sensor": "wrist", "values": {}}, "'arrival_s' is missing"),
        ({"arrival_s": 10.1, "command": {"cmd": "exercize"}}, "Did you mean 'exercise'?"),
        ({"arrival_s": 10.1, "command": "arm"}, "command is not a JSON object"),
        ({"command": {"cmd": "arm", "at_s": 1.0}}, "'arrival_s' is missing"),
    ],
)
def test_a_bad_line_is_named_and_salvage_reads_on(folder, line, message):
    replace_line(folder, 3, line)
    problems = problems_of(lambda: read_all(folder))
    assert all(problem.startswith(f"{folder / CAPTURE_NAME}:3: ") for problem in problems)
    assert message in "\n".join(problems)
    assert read_all(folder, salvage=True) == [FIRST, COMMAND, ("wrist", Notification("ffe4", b"", 11.0))]


def test_all_bad_lines_are_named_at_once_after_what_could_be_read(folder):
    replace_line(folder, 3, "x")
    replace_line(folder, 5, {"arrival_s": 1.0, "sensor": "knee", "characteristic": "c", "hex": "0"})
    problems = problems_of(lambda: read_all(folder))
    assert [problem.split(": ")[0].rsplit(":", 1)[1] for problem in problems] == ["3", "5", "5"]


def test_items_come_before_a_later_bad_line_is_met(folder):
    replace_line(folder, 5, "x")
    items = read_recording(folder).items()
    assert [next(items) for _ in range(3)] == [FIRST, SECOND, COMMAND]


def test_a_file_that_is_no_capture_is_not_listed_line_by_line(folder):
    path = folder / CAPTURE_NAME
    path.write_text(capture_lines(folder)[0] + "\n" + "x\n" * 10_000)
    problems = problems_of(lambda: read_all(folder))
    assert len(problems) == 51
    assert "more than 50 problems" in problems[-1]
    recording = read_recording(folder, salvage=True)
    assert list(recording.items()) == []
    assert len(recording.left_out) == 51


def test_memory_does_not_grow_with_the_capture(tmp_path):
    peaks = []
    for count in (200, 4000):
        folder = tmp_path / str(count)
        with RecordingWriter(folder, META) as writer:
            for number in range(count):
                writer.write("wrist", Notification("ffe4", bytes(100), number / 50))
        recording = read_recording(folder)
        tracemalloc.start()
        deque(recording.items(), maxlen=0)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 20_000


def test_a_file_without_line_ends_is_refused_without_reading_it_whole(folder):
    path = folder / CAPTURE_NAME
    path.write_bytes(path.read_bytes() + b"0" * 8_000_000)
    recording = read_recording(folder)
    tracemalloc.start()
    problems = problems_of(lambda: list(recording.items()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "longer than" in problems[0]
    assert peak < 4_000_000


def test_a_folder_that_is_no_recording_is_refused(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere"):
        assert problems_of(lambda place=place: read_recording(place)) == [
            f"{place}: is no recording. A recording is a folder with meta.toml"
        ]


def test_missing_meta_data_is_named(folder):
    (folder / META_NAME).unlink()
    assert problems_of(lambda: read_recording(folder)) == [
        f"{folder / META_NAME}: is missing. Every recording has one"
    ]


def test_a_folder_without_data_is_named(folder):
    (folder / CAPTURE_NAME).unlink()
    assert "holds neither capture.jsonl nor samples.npz" in problems_of(lambda: read_recording(folder))[0]


def test_problems_of_all_files_come_at_once(folder):
    (folder / META_NAME).write_text(
        'schema = 2\nmade_by = "simulatet"\nwhen = 2026-11-24T18:30:00\nstation = "Rack 1"\nwho = "x"\n'
        'reps_true = ["five"]\n[sensors.wrist]\nprofil = "p"\nplacement = 3\nside = "lef"\n'
        "values = {a = []}\ndevice = {model = 7}\n"
    )
    replace_line(folder, 1, {"schema": 9, "kind": "capture"})
    (folder / LABELS_NAME).write_text("kind,start_s\n")
    (folder / EXPECTED_NAME).write_text('{"schema": 1}\nx\n')
    text = "\n".join(problems_of(lambda: read_recording(folder)))
    for wanted in (
        f"{folder / META_NAME}: schema is 2; this program reads schema 1. A newer repcount may read it",
        "unknown made_by 'simulatet'. Did you mean 'simulated'?",
        "when is not a time with a zone",
        "station 'Rack 1' is not",
        "unknown key 'who'",
        "wearer is missing, not text",
        "reps_true is not a list of whole numbers",
        "sensors.wrist: unknown key 'profil'. Did you mean 'profile'?",
        "sensors.wrist: placement is 3, not text",
        "sensors.wrist: unknown side 'lef'. Did you mean 'left'?",
        "sensors.wrist: values is not a table of numbers",
        "sensors.wrist: device is not a table of texts",
        f"{folder / CAPTURE_NAME}:1: schema is 9",
        f"{folder / LABELS_NAME}:1: column 'turn_s' is missing",
        f"{folder / EXPECTED_NAME}:1: type is missing, not text",
        f"{folder / EXPECTED_NAME}:2: is not JSON",
    ):
        assert wanted in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("schema = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        ("schema = 1\n", "no sensor"),
        ("schema = 1\n[sensors]\nwrist = 3\n", "sensors.wrist: is not a table"),
    ],
)
def test_meta_data_that_cannot_be_read_is_refused(folder, content, message):
    (folder / META_NAME).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert message in "\n".join(problems_of(lambda: read_recording(folder)))


def test_another_kind_of_file_is_not_taken_for_a_capture(folder):
    replace_line(folder, 1, {"schema": 1, "kind": "events"})
    assert "is not the header of a capture" in problems_of(lambda: read_recording(folder))[0]


def test_labels_come_back(folder):
    write_labels(folder / LABELS_NAME, [REP, HOLD])
    assert read_recording(folder).labels == (REP, HOLD)
    assert (folder / LABELS_NAME).read_text() == (
        "kind,start_s,turn_s,end_s,eccentric_s,pause_lengthened_s,concentric_s,pause_shortened_s\n"
        "rep,1.0,2.0,4.5,2.0,,1.0,0.5\n"
        "hold,5.0,,25.0,,,,\n"
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("repp,1,2,3,,,,", "Did you mean 'rep'?"),
        ("rep,one,2,3,,,,", "start_s is 'one', not a number"),
        ("rep,1,2,inf,,,,", "end_s is 'inf', not a number"),
        ("rep,1,2,,,,,", "end_s is empty"),
        ("rep,3,2,1,,,,", "end_s is not after start_s"),
        ("rep,1,5,3,,,,", "turn_s is not between"),
        ("rep,1,,3,,,,", "a rep has a turn_s"),
        ("hold,1,2,3,,,,", "a hold has none"),
        ("rep,1,2,3,-1,,,", "below 0"),
        ("rep,0.2,0.4,3,,,,", "before the one above it ends"),
        ("rep,1,2", "a row has 8 cells"),
        ("rep,1,2,3,,,,,7", "a row has 8 cells"),
    ],
)
def test_a_bad_label_is_named_with_its_line(tmp_path, row, message):
    path = tmp_path / LABELS_NAME
    good = "rep,0,0.2,0.5,,,,"
    header = "kind,start_s,turn_s,end_s,eccentric_s,pause_lengthened_s,concentric_s,pause_shortened_s"
    path.write_text(f"{header}\n{good}\n{row}\nrep,10,11,12,,,,\nother,20,21,22,,,,\n")
    problems = problems_of(lambda: read_labels(path))
    assert problems[0].startswith(f"{path}:3: ")
    assert message in "\n".join(problems)
    assert problems[-1].startswith(f"{path}:5: ")


def test_golden_events_come_back(folder):
    events = [
        {"schema": 1, "type": "rep_counted", "rep_count": 1},
        {"schema": 1, "type": "set_ended", "reps": []},
    ]
    write_expected(folder / EXPECTED_NAME, events)
    assert read_recording(folder).expected == tuple(events)


def test_ready_samples_are_read_into_si_units(folder):
    (folder / CAPTURE_NAME).unlink()
    one = RecordingMeta(
        **{name: getattr(META, name) for name in META.__slots__}
        | {"sensors": {"wrist": META.sensors["wrist"]}}
    )
    write_meta(folder, one)
    t_s = np.arange(4) / 50
    np.savez(
        folder / SAMPLES_NAME, t=t_s, acc=np.ones((4, 3)), gyro=np.full((4, 3), 180.0), label=np.zeros(4)
    )
    [(sensor, batch)] = read_all(folder)
    assert sensor == "wrist"
    assert batch.t_s.tolist() == t_s.tolist()
    assert batch.acc_m_s2 == pytest.approx(STANDARD_GRAVITY_M_S2)
    assert batch.gyro_rad_s == pytest.approx(np.pi)
    (folder / SAMPLES_NAME).write_bytes(b"no zip")
    assert SAMPLES_NAME in problems_of(lambda: read_all(folder))[0]


def test_ready_samples_are_of_one_sensor(folder):
    (folder / CAPTURE_NAME).rename(folder / SAMPLES_NAME)
    assert "is of one sensor, not of 2" in problems_of(lambda: read_recording(folder))[0]


def test_a_command_without_fields_beyond_its_time_comes_back(tmp_path):
    with RecordingWriter(tmp_path, META) as writer:
        writer.write_command(1.0, Arm(at_s=0.25, armed=False))
    assert read_all(tmp_path) == [Arm(at_s=0.25, armed=False)]


def test_a_count_that_is_said_elsewhere_while_it_is_recorded_stays(tmp_path):
    with RecordingWriter(tmp_path / "now", replace(META, reps_true=None)) as writer:
        write_meta(tmp_path / "now", replace(read_meta(tmp_path / "now"), reps_true=(None, 8)))
        writer.end(12.0)
    meta = read_meta(tmp_path / "now")
    assert (meta.reps_true, meta.ended_s) == ((None, 8), 12.0)
