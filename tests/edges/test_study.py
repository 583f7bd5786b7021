"""A search goes on where it was, to the same end, and never in a file that is not its own."""

import shutil
import sqlite3
import sys

import pytest

from repcount.cli import main
from repcount.edges.study import Study, Told
from repcount.errors import InputError
from repcount.evaluate.worth import Worth
from repcount.tunable import Range, Tunable

SPACE = {
    name: Tunable(name, value, Range(0, 10, step=0.5), "what it means")
    for name, value in (("a.x", 5.0), ("a.y", 2.0), ("b.z", 8.5))
}
TODAY = {name: one.value for name, one in SPACE.items()}
IDENTITY = {"exercise": "pull_up", "code": "1"}
NOTHING = Worth(sets=1, off_sets=0, off_reps=0, phase_error_s=None, latency_s=None, false_per_hour=None)


def cost(values):
    return (values["a.x"] - 1) ** 2 + abs(values["a.y"] - 2)


def searched(study, trials):
    while study.trials < trials:
        best = (study.best() or (TODAY, 0))[0]
        for number, values in study.ask(min(4, trials - study.trials), best):
            found = cost(values)
            told = Told(first=found, cost=found, worth=NOTHING) if found < 20 else Told(first=found)
            study.tell(number, told)
    return study


def tried(study):
    return study.tried()


@pytest.fixture(scope="module")
def whole():
    return searched(Study(None, IDENTITY, SPACE, 3), 40)


def test_the_first_trial_is_today_and_something_better_is_found(whole):
    assert [values[0][0] for values in tried(whole).values()] == [5.0, 2.0, 8.5]
    values, best = whole.best()
    assert best == cost(values) < cost({"a.x": 5.0, "a.y": 2.0})
    assert all(value % 0.5 == 0 for value in values.values())
    weights = whole.weights()
    assert list(weights)[-1] == "b.z"  # which does not matter
    assert sum(weights.values()) == pytest.approx(1)


def test_a_search_cut_off_anywhere_goes_on_to_the_same_end(whole, tmp_path):
    path = tmp_path / "s.study"
    searched(Study(path, IDENTITY, SPACE, 3), 12)
    begun = Study(path, IDENTITY, SPACE, 3)
    (number, values), *_ = begun.ask(4, TODAY)
    begun.tell(number, Told(first=cost(values), cost=cost(values), worth=NOTHING))
    # as after a kill: one of four is there, three were under way
    assert Study(path, IDENTITY, SPACE, 3).trials == 13
    again = searched(Study(path, IDENTITY, SPACE, 3), 40)
    assert again.trials == 40
    assert again.best()[1] <= cost({"a.x": 5.0, "a.y": 2.0})
    path = tmp_path / "t.study"
    searched(Study(path, IDENTITY, SPACE, 3), 20)
    assert tried(searched(Study(path, IDENTITY, SPACE, 3), 40)) == tried(whole)


def test_another_seed_searches_otherwise(whole):
    assert tried(searched(Study(None, IDENTITY, SPACE, 4), 40)) != tried(whole)


def problem_of(path, identity=IDENTITY):
    before = path.read_bytes()
    with pytest.raises(InputError) as error:
        Study(path, identity, SPACE, 3)
    assert path.read_bytes() == before
    (problem,) = error.value.problems
    return str(problem)


def test_the_study_of_another_search_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "s.study"
    searched(Study(path, IDENTITY, SPACE, 3), 4)
    assert problem_of(path, {"exercise": "deadlift", "code": "2"}) == (
        f"{path}: is the study of another search: exercise is pull_up, here deadlift; code is 1, here 2. "
        "Give another name; it is left as it is"
    )
    assert Study(path, IDENTITY, SPACE, 3).trials == 4


def test_a_file_that_is_no_study_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    assert problem_of(path) == f"{path}: is no study of a search. Give another name"
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("create table version_info (version_info_id int, schema_version int)")
        other.execute("insert into version_info values (1, 99)")
    other.close()
    assert problem_of(path) == f"{path}: is no study of a search. Give another name"


def test_a_damaged_study_is_said(tmp_path):
    path = tmp_path / "s.study"
    searched(Study(path, IDENTITY, SPACE, 3), 4)
    damaged = tmp_path / "d.study"
    shutil.copy(path, damaged)
    with damaged.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 8000)
    assert "is no study of a search" in problem_of(damaged)


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(InputError, match=r"cannot be made: .* is no folder"):
        Study(tmp_path / "no" / "s.study", IDENTITY, SPACE, 3)


@pytest.mark.parametrize(
    ("missing", "words", "said"),
    [
        (
            "optuna",
            ["tune", "index.csv", "--exercise", "pull_up"],
            "tune: needs Optuna. Install repcount with its extra 'tune', or run: python -m pip install",
        ),
        (
            "distributed",
            ["evaluate", "INDEX", "--scheduler", "tcp://127.0.0.1:1"],
            "--scheduler: needs Dask's distributed. Install repcount with its extra 'cluster', or run: ",
        ),
    ],
)
def test_what_is_not_installed_is_said_with_the_mend(monkeypatch, capsys, tmp_path, missing, words, said):
    index = tmp_path / "index.csv"
    index.write_text("file,dataset,subject,exercise_ours,placement,n_reps_true\na.npz,d,s,pull_up,wrist,3\n")
    (tmp_path / "a.npz").write_text("")
    monkeypatch.setitem(sys.modules, missing, None)
    for name in ("repcount.edges.study", "repcount.app.tune", "repcount.edges.cluster"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert main([str(index) if word == "INDEX" else word for word in words]) == 2
    assert said in capsys.readouterr().err
