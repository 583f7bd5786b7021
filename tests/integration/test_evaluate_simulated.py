"""`evaluate --simulate`: a collection is written in the form of a real one, scored, and kept where asked."""

import json
import tempfile

import pytest

from repcount.cli import main
from repcount.edges.collection import read_index, read_truth
from repcount.edges.files import read_samples
from repcount.simulate import collection

COUNT, SEED = 14, 3


@pytest.fixture
def run(capsys):
    def runs(*words):
        code = main(["evaluate", *map(str, words)])
        out, err = capsys.readouterr()
        return code, out, err.splitlines()

    return runs


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A collection kept by the verb."""
    folder = tmp_path_factory.mktemp("kept") / "new"
    assert main(f"evaluate --simulate {COUNT} --seed {SEED} --jobs 1 --out {folder}".split()) == 0
    return folder


def test_the_index_says_what_was_simulated(written):
    planned = list(collection(COUNT, SEED, nulls=1))
    rows = read_index(written / "index.csv")
    assert [row.file for row in rows] == [f"{recording.name}.npz" for recording in planned]
    for row, recording in zip(rows, planned, strict=True):
        assert (row.exercise_ours, row.placement) == (recording.exercise, recording.placement)
        assert (row.subject, row.dataset) == (recording.subject, "simulated")
        assert (row.rate_hz, row.has_gyro) == (recording.plan.rate_hz, recording.plan.has_gyro)
    assert rows[-1].exercise_ours == "null"


def test_the_files_hold_the_samples_and_the_truth(written):
    index_path = written / "index.csv"
    rows = read_index(index_path)
    truth = read_truth(rows, index_path)
    for row, recording in zip(rows, collection(COUNT, SEED, nulls=1), strict=True):
        simulation = recording.simulate()
        samples = read_samples(written / row.file)
        assert samples.t_s.tobytes() == simulation.batch.t_s.tobytes()
        assert samples.acc_m_s2 == pytest.approx(simulation.batch.acc_m_s2)
        assert (samples.gyro_rad_s is not None) == row.has_gyro
        if row.has_gyro:
            assert samples.gyro_rad_s == pytest.approx(simulation.batch.gyro_rad_s)
        assert row.duration_s == pytest.approx(samples.t_s[-1], abs=0.001)
        labels = truth[row.file]
        assert row.n_reps_true == len(labels) == len(simulation.reps)
        if labels:
            assert labels[0].start_s == pytest.approx(row.active_start_s, abs=0.001)
            assert labels[-1].end_s == pytest.approx(row.active_end_s, abs=0.001)
            assert {label.kind for label in labels} == {
                "hold" if row.exercise_ours == "back_extension" else "rep"
            }


def test_the_same_seed_writes_the_same_bytes(written, run, tmp_path):
    folder = tmp_path / "again"
    assert run("--simulate", COUNT, "--seed", SEED, "--jobs", 1, "--out", folder)[0] == 0
    for path in written.iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes()


def test_a_kept_collection_is_scored_as_it_was_when_it_was_made(written, run):
    _, now, _ = run("--simulate", COUNT, "--seed", SEED, "--jobs", 1, "--json")
    code, later, _ = run(written / "index.csv", "--jobs", 1, "--json")
    assert code == 0
    assert now == later
    rows = [json.loads(line) for line in now.splitlines()]
    assert ("pull_up", "wrist", "simulated") in {
        (row["exercise"], row["placement"], row["dataset"]) for row in rows
    }


def test_where_the_recordings_are_is_said_and_nothing_stays(run, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code, _, lines = run("--simulate", 2, "--exercise", "bent_over_row", "--jobs", 1)
    assert code == 0
    assert lines[0].startswith(f"simulated recordings are in {tmp_path}")
    assert lines[0].endswith(", removed at the end")
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said_before_anything_is_written(run, tmp_path):
    (tmp_path / "mine.txt").write_text("")
    code, out, lines = run("--simulate", 0, "--seed", -1, "--out", tmp_path, "--jobs", 0)
    assert (code, out) == (2, "")
    assert lines == [
        "repcount: --simulate: is 0. Give a whole number from 1 up",
        "repcount: --seed: is -1. Give a whole number from 0 up",
        f"repcount: --out: {tmp_path} is not empty. Give a new folder",
        "repcount: --jobs: is 0. Give a whole number from 1 up",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ["repcount: evaluate: names no collection. Give INDEX.csv or --simulate N"]),
        (
            ["a.csv", "--simulate", "3"],
            ["repcount: evaluate: has both INDEX.csv and --simulate. Give one of them"],
        ),
        (
            ["a.csv", "--seed", "0", "--out", "b"],
            ["repcount: --seed: is for --simulate N alone", "repcount: --out: is for --simulate N alone"],
        ),
    ],
)
def test_there_is_one_collection(run, words, said):
    assert run(*words) == (2, "", said)


def test_a_folder_that_cannot_be_made_is_said(run, tmp_path):
    (tmp_path / "file").write_text("")
    for out, said in (("file", "is not a folder"), ("file/new", "cannot be made (Not a directory)")):
        code, _, lines = run("--simulate", 1, "--out", tmp_path / out)
        assert code == 2
        assert said in lines[-1]
