"""The command line: people read stderr, programs read stdout, and what is wrong is said whole."""

import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from recorded import MISCOUNTED

from repcount.cli import _VERBS, main
from repcount.edges.recording import read_recording
from repcount.exercises import EXERCISES

CHECKOUT = Path(__file__).parents[3]
RECORDINGS = sorted(path.parent for path in CHECKOUT.glob("recordings/*/meta.toml"))
PULL_UPS = CHECKOUT / "recordings" / "wrist_pull_up_strict_01"
HEADER = "t_s,ax_g,ay_g,az_g"
GOOD_ROWS = [f"{k / 50},0,0,1" for k in range(6)]


@pytest.fixture
def run(capsys):
    """Run a command line; gives exit code, stdout and the lines of stderr."""

    def runs(*words):
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err.splitlines()

    return runs


@pytest.fixture(autouse=True)
def _logging_as_it_was():
    """The program sets up logging for a whole process."""
    root, asyncio_log = logging.getLogger(), logging.getLogger("asyncio")
    handlers, levels = root.handlers[:], (root.level, asyncio_log.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    asyncio_log.setLevel(levels[1])


@pytest.fixture
def csv(tmp_path):
    def write(*lines, end="\n"):
        path = tmp_path / "some.csv"
        path.write_text("\n".join(lines) + end)
        return path

    return write


def test_an_unknown_verb_is_said_with_the_one_that_was_meant(run):
    assert run("repaly", PULL_UPS) == (2, "", ["repcount: there is no 'repaly'. Did you mean 'replay'?"])


def test_unknown_options_are_all_said_with_the_ones_that_were_meant(run):
    assert run("replay", PULL_UPS, "--exercize", "pull_up", "--sped=3") == (
        2,
        "",
        [
            "repcount: replay: unknown option '--exercize'. Did you mean '--exercise'?",
            "repcount: replay: unknown option '--sped=3'. Did you mean '--speed'?",
        ],
    )


def test_words_too_many_are_said(run):
    assert run("replay", "a", "b") == (
        2,
        "",
        ["repcount: replay: 'b' is one too many. See repcount replay --help."],
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "repcount: the following arguments are required: VERB"),
        (["replay"], "repcount: replay: the following arguments are required: path"),
        (["demo", "--seconds", "soon"], "repcount: demo: argument --seconds: invalid float value: 'soon'"),
        (["live", "--port", "65536"], "repcount: live: argument --port: 65536 is not from 0"),
        (["live", "--record", "x", "--no-record"], "repcount: live: argument --no-record: not allowed"),
        (["exercise", "lst"], "repcount: exercise: argument action: invalid choice: 'lst'"),
    ],
)
def test_a_command_line_that_is_none_is_said_in_a_line(run, words, said):
    code, out, (line,) = run(*words)
    assert (code, out) == (2, "")
    assert line.startswith(said)


def test_everything_wrong_with_a_replay_is_said_at_once(run, tmp_path):
    (tmp_path / "bench.csv").touch()
    words = ["--exercise", "pulup", "--placement", "wirst", "--broker", "mqt://x", "--speed", 0]
    assert run("replay", tmp_path / "banch.csv", *words, "--batch-ms", "nan") == (
        2,
        "",
        [
            "repcount: --speed: is 0.0. Give a number above 0.",
            "repcount: --batch-ms: is nan. Give a number above 0.",
            "repcount: --broker: 'mqt' is no way to reach a broker. Did you mean 'mqtt'?",
            f"repcount: {tmp_path / 'banch.csv'}: is missing. Did you mean 'bench.csv'?",
            "repcount: --exercise: unknown exercise 'pulup'. Did you mean 'pull_up'?",
            "repcount: --placement: nothing can be counted at placement 'wirst'. Did you mean 'wrist'?",
        ],
    )


def test_everything_wrong_with_a_service_is_said_at_once_and_nothing_started(run, tmp_path):
    words = ["--exercise", "dedlift", "--station", "Rack 1", "--broker", "mqtt://x:0"]
    code, out, lines = run("live", "--sensor", f"virtual:{tmp_path}", *words)
    assert (code, out) == (2, "")
    assert [line.partition(". ")[0] for line in lines] == [
        "repcount: --exercise: unknown exercise 'dedlift'",
        "repcount: --station: 'Rack 1' cannot be part of a topic",
        f"repcount: {tmp_path}: is no recording",
        "repcount: --broker: the port is not a number from 1 to 65535",
    ]


def test_numbers_no_demo_can_have_are_all_said(run):
    assert run("demo", "--headless", "--seconds", "nan", "--speed", "inf") == (
        2,
        "",
        [
            "repcount: --seconds: is nan. Give a number above 0.",
            "repcount: --speed: is inf. Give a number above 0.",
        ],
    )


def test_an_index_that_is_not_there_is_said(run, tmp_path):
    code, out, lines = run("evaluate", tmp_path / "index.csv")
    assert (code, out) == (2, "")
    assert lines == [f"repcount: {tmp_path / 'index.csv'}: is missing"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["t_s,ax_g,ay_g", "0,0,0"], [":1: column 'az_g' is missing"]),
        (
            ["t_s,ax,ay_g,azg", "0,0,0,1"],
            [
                ":1: column 'ax_g' is missing. Did you mean 'ax'?",
                ":1: column 'az_g' is missing. Did you mean 'azg'?",
            ],
        ),
        (
            [HEADER, "0,0,0,1", "0.02,0,zero,1", "0.04,,0,1", "0.06,0,0,inf"],
            [
                ":3: ay_g is 'zero', not a number",
                ":4: ax_g is empty, not a number",
                ":5: az_g is inf. Leave out samples that were not measured",
            ],
        ),
        (
            [HEADER, "0,0,0,1", "0.04,0,0,1", "0.02,0,0,1", "0.06,0,0,1", "0.06,0,0,1"],
            [":4: time 0.02 s goes back from 0.04 s", ":6: time 0.06 s repeats"],
        ),
        (
            [HEADER, *GOOD_ROWS, "0.12,0,0"],
            [":8: has 3 of 4 columns: the file is cut in mid line. Delete the line"],
        ),
        ([HEADER], [": holds no samples"]),
        ([""], [": is empty"]),
    ],
    ids=["column", "columns", "text", "time", "cut", "header", "empty"],
)
def test_what_is_wrong_with_a_csv_is_said_with_its_line_and_nothing_is_counted(run, csv, lines, said):
    path = csv(*lines, end="" if lines[-1].endswith("0.12,0,0") else "\n")
    for as_json in ((), ("--json",)):
        assert run("replay", path, "--exercise", "pull_up", *as_json) == (
            2,
            "",
            [f"repcount: {path}{one}" for one in said],
        )


def test_a_csv_needs_an_exercise(run, csv):
    path = csv(HEADER, *GOOD_ROWS)
    code, out, lines = run("replay", path)
    assert (code, out) == (2, "")
    known = ", ".join(EXERCISES)
    assert lines == [f"repcount: --exercise: the recording does not say what was done. Give one of: {known}."]


def test_a_recording_in_which_nothing_was_done_says_so(run, csv):
    assert run("replay", csv(HEADER, *GOOD_ROWS), "--exercise", "pull_up") == (
        0,
        "no set in 0.1 s: is it the right exercise?\n",
        [],
    )


def test_a_chest_that_cannot_see_the_exercise_is_refused_or_forced_with_a_warning_said_once(run, csv):
    words = ["replay", csv(HEADER, *GOOD_ROWS), "--exercise", "reverse_fly", "--placement", "chest"]
    code, out, (line,) = run(*words)
    assert (code, out) == (2, "")
    assert "cannot be counted at the chest: the trunk is kept still" in line
    assert line.endswith("Wear it at: wrist, or force it and do not rely on the count.")

    code, out, (line,) = run(*words, "--force")
    assert (code, out) == (0, "no set in 0.1 s: is it the right exercise?\n")
    assert "counts of reverse_fly at the chest are unreliable: the trunk is kept still" in line


def test_force_makes_no_place_known(run, csv):
    words = ["--exercise", "reverse_fly", "--placement", "wirst", "--force"]
    code, _, lines = run("replay", csv(HEADER, *GOOD_ROWS), *words)
    assert (code, lines) == (
        2,
        ["repcount: --placement: nothing can be counted at placement 'wirst'. Did you mean 'wrist'?"],
    )


def test_a_folder_that_is_no_recording_is_refused(run, tmp_path):
    assert run("replay", tmp_path) == (
        2,
        "",
        [f"repcount: {tmp_path}: is no recording. A recording is a folder with meta.toml"],
    )


def test_a_capture_with_bad_lines_is_refused_whole_and_salvaged_when_asked(run, tmp_path):
    folder = shutil.copytree(PULL_UPS, tmp_path / "damaged")
    capture = folder / "capture.jsonl"
    lines = capture.read_text().splitlines()
    lines[300] = "what is this"
    capture.write_text("\n".join(lines) + '\n{"arrival_s": 9')
    said = [f"{capture}:301: is not JSON", f"{capture}:{len(lines) + 1}: the last line is cut in the middle"]

    code, out, (error,) = run("replay", folder, "--json")
    assert (code, out) == (2, "")
    assert error.startswith(f"repcount: {said[0]}")

    code, out, errors = run("replay", folder, "--json", "--salvage")
    assert code == 0
    assert json.loads(out.splitlines()[-1])["rep_count"] == 8
    assert all(line.startswith(f"left out: {one}") for line, one in zip(errors[:2], said, strict=True))
    assert "sent nothing" in errors[2]


def _or_miscounted(folder):
    marks = (
        [pytest.mark.xfail(strict=True, reason=MISCOUNTED[folder.name])] if folder.name in MISCOUNTED else []
    )
    return pytest.param(folder, marks=marks, id=folder.name)


KINDS = {
    "chest_back_extension_01",
    "wrist_and_chest_bent_over_row_01",
    "wrist_demo_session_01",
    "wrist_inverted_row_lost_and_back_01",
    "wrist_pull_up_strict_01",
}
"""Holds, two sensors, several exercises, one that is lost; `tests/recordings` has the counts of all."""


@pytest.mark.parametrize("folder", [_or_miscounted(folder) for folder in RECORDINGS if folder.name in KINDS])
def test_replay_counts_the_labelled_reps_of_each_set_and_json_is_all_it_prints(run, folder):
    code, out, errors = run("replay", folder, "--json")
    events = [json.loads(line) for line in out.splitlines()]
    counts = tuple(event["rep_count"] for event in events if event["type"] == "set_ended")
    assert code == 0
    assert all("sent nothing" in line or "nothing comes" in line or "is back" in line for line in errors)
    assert counts == read_recording(folder).meta.reps_true
    assert all((event["schema"], event["station"]) == (1, "replay-file") for event in events)


def test_people_read_sentences(run):
    code, out, errors = run("replay", PULL_UPS)
    assert (code, errors) == (0, [])
    assert "set 1 ended: 8 reps of pull_up" in out.splitlines()[-1]


def test_python_runs_it_as_a_module_with_the_exit_code_of_the_command_line():
    done = [
        subprocess.run(
            [sys.executable, "-m", "repcount", *words],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        for words in (("exercise", "list", "--json"), ("replay", "nowhere"))
    ]
    assert [one.returncode for one in done] == [0, 2]
    assert {json.loads(line)["exercise"] for line in done[0].stdout.splitlines()} == set(EXERCISES)
    assert done[1].stderr.startswith("repcount: ")


def test_a_reader_that_has_enough_ends_it_silently():
    with subprocess.Popen(
        [sys.executable, "-m", "repcount", "replay", PULL_UPS, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert json.loads(process.stdout.readline())["type"] == "set_started"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_every_profile_of_the_project_holds(run):
    code, out, errors = run("profile", "check", *sorted((CHECKOUT / "firmware_profiles").glob("*.toml")))
    assert (code, errors) == (0, [])
    assert "_template.toml: notify: " in out


def test_a_profile_that_fails_its_vectors_is_told_from_one_that_is_none(run, tmp_path):
    good = (CHECKOUT / "firmware_profiles" / "microbit_accelerometer.toml").read_text()
    path = tmp_path / "microbit_accelerometer.toml"
    path.write_text(good.replace("counts_per_unit = 1000.0", "counts_per_unit = 1024.0"))
    code, _, errors = run("profile", "check", path)
    assert code == 1
    assert all(line.startswith(f"{path}: vectors[") for line in errors)

    path.write_text(good.replace("counts_per_unit", "count_per_unit"))
    code, out, errors = run("profile", "check", path)
    assert (code, out) == (2, "")
    assert any("Did you mean 'counts_per_unit'?" in line for line in errors)


def test_the_exercises_are_listed_for_people_and_for_programs(run):
    code, out, errors = run("exercise", "list", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, errors) == (0, [])
    assert [row["exercise"] for row in rows] == list(EXERCISES)
    assert all("wrist" in row["placements"] for row in rows)

    _, out, _ = run("exercise", "list")
    assert [line.split()[0] for line in out.splitlines()] == list(EXERCISES)


@pytest.mark.parametrize("verb", ["", *_VERBS])
def test_every_verb_says_how_it_is_used(capsys, verb):
    with pytest.raises(SystemExit) as ended:
        main([*([verb] if verb else []), "--help"])
    out, errors = capsys.readouterr()
    assert (ended.value.code, errors) == (0, "")
    assert out.startswith(f"usage: repcount {verb}".rstrip())
    assert "==" not in out  # nothing unfinished such as ==SUPPRESS==
