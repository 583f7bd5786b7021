"""`repcount tune` from the command line, on short simulated sets."""

import json
import multiprocessing
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest

from repcount.app import trials as counting
from repcount.cli import main
from repcount.edges.files import write_samples
from repcount.edges.params_file import read_params
from repcount.evaluate.watched import Region
from repcount.evaluate.worth import Outcome
from repcount.simulate import Plan, SetOf, StandStill, simulate

INDEX = "file,dataset,subject,exercise_ours,placement,n_reps_true,duration_s"
PEOPLE = ("ann", "bob", "cid", "dee")
NAME = "detector.ends.most_strange"
"""The parameter that the stand-in of counting looks at."""


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """Two short sets each of four people, and two who stand still."""
    folder = tmp_path_factory.mktemp("collection")
    rows = [INDEX]
    for k in range(8):
        parts = (SetOf(exercise="bent_over_row", reps=4), StandStill(duration_s=6.0))
        batch = simulate(Plan(parts=parts, rate_hz=25.0), np.random.default_rng(k)).batch
        write_samples(folder / f"{k}.npz", batch)
        rows.append(f"{k}.npz,sim,{PEOPLE[k // 2]},bent_over_row,wrist,4,{batch.t_s[-1]:.3f}")
    for name in ("eve", "fay"):
        still = Plan(parts=(StandStill(duration_s=15.0),), rate_hz=25.0)
        write_samples(folder / f"{name}.npz", simulate(still, np.random.default_rng(9)).batch)
        rows.append(f"{name}.npz,life,{name},null,wrist,0,15")
    (folder / "index.csv").write_text("\n".join(rows) + "\n")
    return folder / "index.csv"


@pytest.fixture
def tuned(collection, tmp_path, capsys):
    def tunes(*how, name="row.toml"):
        words = ["tune", collection, "--exercise", "bent_over_row", "--json", "--out", tmp_path / name]
        code = main([str(word) for word in (*words, *how)])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return tunes


def stand_in(best, worse_of=()):
    """In place of counting: exact where the parameter is at least `best`; for some people never with it."""

    def counted(asked, values):
        row, value = asked.recorded.row, values[NAME]
        good = value >= best if row.subject not in worse_of else value < best
        region = Region({((name, 1.0),): (each, each) for name, each in values.items()})
        if row.exercise_ours == "null":
            return region, Outcome(None, 0, 15.0, (), ())
        return region, Outcome(4, 4 if good else 3, 0.0, (), (0.5,))

    return counted


def test_what_is_better_on_both_sides_is_written_with_its_report(tuned, tmp_path, monkeypatch):
    monkeypatch.setattr(counting, "_counted", stand_in(best=9.0))
    code, said, _ = tuned("--trials", 40, "--jobs", 1)
    assert code == 0
    assert list(said["values"]) == [NAME]  # what did not matter was taken back
    assert said["values"][NAME] >= 9.0
    assert said["searched"]["before"]["off_sets"] == said["searched"]["before"]["sets"]
    assert said["searched"]["after"]["off_sets"] == said["held_back"]["after"]["off_sets"] == 0
    assert said["written"] == str(tmp_path / "row.toml")
    found = read_params(tmp_path / "row.toml")
    assert (found.exercise, found.placement, found.values) == ("bent_over_row", "wrist", said["values"])
    assert found.provenance["trials"] == 40
    assert found.provenance["held_back"]["after"]["off_sets"] == 0
    report = (tmp_path / "row.md").read_text()
    assert "better on those held back" in report
    assert f"`{NAME}`" in report
    assert (tmp_path / "row.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_worse_on_those_held_back_is_never_written(tuned, tmp_path, monkeypatch):
    _, before, _ = tuned("--trials", 1, "--jobs", 1, name="first.toml")
    held = re.search(r"Held back: (.*?)\. ", (tmp_path / "first.md").read_text())[1]
    people = {name.partition("/")[2] for name in held.split(", ")}
    assert before["held_back"]["before"]["sets"] == 2 * len(people)
    monkeypatch.setattr(counting, "_counted", stand_in(best=9.0, worse_of=people))
    code, said, _ = tuned("--trials", 40, "--jobs", 1)
    assert (code, said["written"]) == (1, None)
    assert said["searched"]["after"]["off_sets"] < said["searched"]["before"]["off_sets"]
    assert said["held_back"]["after"]["off_sets"] > said["held_back"]["before"]["off_sets"]
    assert not (tmp_path / "row.toml").exists()
    assert "worse on the recordings held back, so it is not written" in (tmp_path / "row.md").read_text()


def test_where_nothing_is_better_nothing_is_written(tuned, tmp_path, monkeypatch):
    monkeypatch.setattr(counting, "_counted", stand_in(best=99.0))
    code, said, _ = tuned("--trials", 9, "--jobs", 1)
    assert (code, said["values"], said["written"]) == (1, {}, None)
    assert not (tmp_path / "row.toml").exists()


def test_the_search_is_the_same_whoever_counts(tuned):
    results = [tuned("--trials", 6, "--seed", 5, "--jobs", jobs, name="row.toml")[:2] for jobs in (1, 2)]
    assert results[0] == results[1]


def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    tuned, tmp_path, monkeypatch
):
    alone = tuned("--trials", 6, "--seed", 5, "--jobs", 1)[:2]
    remember, killed, at_the_time = counting.Memo.add, [], []

    def remember_and_kill(memo, region, result):
        at_the_time.append(len(killed))
        if len(at_the_time) in {3, 14}:
            worker = multiprocessing.active_children()[0]
            worker.kill()
            killed.append(worker)
        remember(memo, region, result)

    monkeypatch.setattr(counting.Memo, "add", remember_and_kill)
    study = tmp_path / "row.study"
    assert tuned("--trials", 6, "--seed", 5, "--jobs", 2, "--study", study)[:2] == alone
    assert [worker.exitcode for worker in killed] == [-signal.SIGKILL] * 2
    assert at_the_time[-1] == 2  # much was counted after both
    assert [number for number, _ in _kept(study)] == list(range(6))


def test_what_evaluate_counts_with_a_file_is_what_tune_counted(tuned, collection, capsys):
    _, said, _ = tuned("--trials", 1, "--jobs", 1)
    assert main(["evaluate", str(collection), "--exercise", "bent_over_row", "--jobs", "1", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (row,) = [row for row in rows if row["dataset"] == "sim"]
    sides = [said[side]["before"] for side in ("searched", "held_back")]
    assert sum(one["sets"] for one in sides) == row["sets"] == 8
    assert sum(one["off_sets"] for one in sides) == round((1 - row["exact_ratio"]) * 8)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_search_that_is_killed_goes_on_with_as_many_trials_as_were_asked_for(collection, tmp_path, jobs):
    study = tmp_path / "row.study"
    words = [sys.executable, "-m", "repcount", "tune", collection, "--exercise", "bent_over_row"]
    words += ["--trials", 12, "--jobs", jobs, "--study", study, "--out", tmp_path / "row.toml", "--json"]
    first = subprocess.Popen([*map(str, words)], stdout=subprocess.PIPE)
    while not _kept(study):
        with pytest.raises(subprocess.TimeoutExpired):
            first.wait(0.1)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)  # a worker that outlives it would hold the pipe open
    before = _kept(study)
    assert 0 < len(before) < 12
    again = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)
    assert again.returncode in {0, 1}, again.stderr
    assert "Traceback" not in again.stderr
    assert json.loads(again.stdout)["trials"] == 12
    after = _kept(study)
    assert after[: len(before)] == before
    assert [number for number, _ in after] == list(range(12))


def _kept(study):
    """Number and state of each trial that the file has."""
    try:
        with closing(sqlite3.connect(f"{study.as_uri()}?mode=ro", uri=True)) as file:
            return file.execute("select number, state from trials order by number").fetchall()
    except sqlite3.Error:
        return []


def test_all_that_is_wrong_is_said_at_once(collection, capsys):
    words = ["tune", collection, "--exercise", "bent_over_rwo", "--trials", 0, "--jobs", 0]
    words += ["--held-back", 2, "--by", "perosn", "--most-false", -1, "--placement", "writs"]
    assert main([*map(str, words)]) == 2
    said = capsys.readouterr().err
    for part in (
        "unknown exercise 'bent_over_rwo'. Did you mean 'bent_over_row'?",
        "unknown placement 'writs'. Did you mean 'wrist'?",
        "--by: is 'perosn'. Did you mean 'person'?",
        "--trials: is 0",
        "--jobs: is 0",
        "--held-back: is 2. Give a share between 0 and 1",
        "--most-false: is -1",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (("--exercise", "bent_over_rwo"), "unknown exercise 'bent_over_rwo'. Did you mean 'bent_over_row'?"),
        (("--exercise", "deadlift"), "has no set of deadlift at the wrist whose count is known"),
        (("--exercise", "bent_over_row", "--by", "day", "--held-back", "0.9"), None),
        (("--exercise", "bent_over_row", "--out", "no/such/row.toml"), "is no folder"),
    ],
)
def test_what_cannot_be_searched_is_said(collection, capsys, tmp_path, monkeypatch, how, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(counting, "_counted", stand_in(best=99.0))
    code = main(["tune", str(collection), "--trials", "1", "--jobs", "1", *how])
    if said is None:
        assert code == 1
    else:
        assert code == 2
        assert said in capsys.readouterr().err
