"""What each model says of the other exercises: a golden table, `recordings/cross-talk.csv`.

A row is a recording, a column the exercise that is armed; a cell is how many reps, or holds, are kept. The
sensor may be worn any way round, so what looks alike from the limb is told apart by the wearer alone, who
chooses: the table need not be all zeros, but must not change unseen. `--update-golden` writes it anew.
"""

import csv
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from recorded import FOLDERS

from repcount.app.replay import play
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.events import SetEnded
from repcount.exercises import EXERCISES

TABLE = Path(__file__).parents[2] / "recordings" / "cross-talk.csv"


def one_each():
    """A recording of every exercise at each placement."""
    chosen = {}
    for folder in FOLDERS:
        placement, _, rest = folder.name.partition("_")
        exercise = next((name for name in EXERCISES if rest.startswith(name)), None)
        if exercise is not None:  # one sensor, one exercise
            chosen.setdefault((placement, exercise), folder)
    return [chosen[key] for key in sorted(chosen)]


def kept(job):
    folder, armed = job
    source = open_source(folder, armed, None)
    events = play(source, Runner(source.pipeline("cross-talk")))
    return sum(event.rep_count for event in events if isinstance(event, SetEnded))


def table():
    folders = one_each()
    jobs = [
        (folder, armed)
        for folder in folders
        for armed, model in EXERCISES.items()
        if folder.name.partition("_")[0] in model.placements
    ]
    with ProcessPoolExecutor() as workers:
        counts = dict(zip(jobs, workers.map(kept, jobs), strict=True))
    rows = [["recording", *EXERCISES]]
    rows += [
        [folder.name, *(str(counts.get((folder, armed), "")) for armed in EXERCISES)] for folder in folders
    ]
    return rows


@pytest.fixture(scope="module")
def now():
    return table()


def test_what_models_say_of_other_exercises_is_what_it_was(now, pytestconfig):
    if pytestconfig.getoption("--update-golden"):
        with TABLE.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(now)
    with TABLE.open(newline="") as file:
        assert now == list(csv.reader(file))


def test_every_exercise_is_there_at_each_placement_it_is_counted_at(now):
    wanted = {(place, name) for name, model in EXERCISES.items() for place in model.placements}
    found = {
        (row[0].partition("_")[0], name) for row in now[1:] for name in EXERCISES if f"_{name}" in row[0]
    }
    assert found == wanted


def test_a_hold_is_no_rep_and_no_rep_a_hold(now):
    columns = now[0]
    for row in now[1:]:
        if "back_extension" in row[0]:
            said = dict(zip(columns, row, strict=True))
            assert {said[name] for name in EXERCISES if name != "back_extension"} <= {"", "0"}
