import json
import re

import numpy as np
import pytest

from repcount.app import evaluate as app
from repcount.app.evaluate import evaluate
from repcount.app.run import Run, pieces, run_recording, run_samples
from repcount.cli import main
from repcount.edges.files import read_samples
from repcount.edges.recording.labels import write_labels
from repcount.errors import InputError
from repcount.events import event_to_dict
from repcount.exercises import EXERCISES
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, simulate

INDEX = "file,dataset,subject,exercise_ours,placement,n_reps_true,labels"
REPS = 6


def save(path, batch):
    deg_s = np.rad2deg(batch.gyro_rad_s)
    np.savez(path, t=batch.t_s, acc=batch.acc_m_s2 / STANDARD_GRAVITY_M_S2, gyro=deg_s)


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """Two simulated sets with labels, one on a bar, and a sensor on a table."""
    folder = tmp_path_factory.mktemp("collection")
    rows = [INDEX]
    for k, (exercise, placement) in enumerate([("pull_up", "wrist"), ("deadlift", "barbell clip")]):
        done = simulate(Plan(parts=(SetOf(exercise=exercise, reps=REPS),)), np.random.default_rng(k))
        save(folder / f"{exercise}.npz", done.batch)
        write_labels(folder / f"{exercise}.csv", done.reps)
        rows.append(f"{exercise}.npz,sim,s{k},{exercise},{placement},{REPS},{exercise}.csv")
    still = simulate(Plan(parts=(StandStill(duration_s=30.0),)), np.random.default_rng(9))
    save(folder / "still.npz", still.batch)
    rows += ["still.npz,life,s9,null,left wrist,0,", "squat.npz,sim,s1,other,wrist,5,"]
    (folder / "index.csv").write_text("\n".join(rows) + "\n")
    return folder / "index.csv"


def card(capsys):
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {(row["exercise"], row["placement"], row["dataset"]): row for row in rows}


def test_the_card_has_a_row_for_each_exercise_placement_and_dataset(collection, capsys):
    assert evaluate(collection, jobs=1, as_json=True) == 0
    rows = card(capsys)
    wrist = {e for e, model in EXERCISES.items() if "wrist" in model.placements}
    assert {key for key in rows if key[2] == "sim"} == {
        ("pull_up", "wrist", "sim"),
        ("deadlift", "barbell", "sim"),
    }
    assert {key[0] for key in rows if key[2] == "life"} == wrist
    pull_up = rows["pull_up", "wrist", "sim"]
    assert (pull_up["people"], pull_up["sets"], pull_up["reps"]) == (1, 1, REPS)
    assert pull_up["exact_ratio"] == 1.0
    assert abs(pull_up["eccentric_bias_s"]) < 0.5
    assert pull_up["latency_p50_s"] >= 0
    assert rows["pull_up", "wrist", "all"]["false_reps_per_hour"] == 0.0


def test_any_number_of_jobs_gives_the_same_card_and_predictions(collection, capsys, tmp_path):
    said = []
    for jobs in (1, 2):
        path = tmp_path / f"{jobs}.jsonl"
        assert evaluate(collection, jobs=jobs, predictions=path, as_json=True) == 0
        said.append((capsys.readouterr().out, path.read_text()))
    assert said[0] == said[1]


def test_predictions_are_a_line_for_each_recording_and_exercise_armed(collection, tmp_path, capsys):
    path = tmp_path / "out.jsonl"
    evaluate(collection, jobs=1, predictions=path, exercise="pull_up")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(one["file"], one["exercise"], one["placement"]) for one in lines] == [
        ("pull_up.npz", "pull_up", "wrist"),
        ("still.npz", "pull_up", "wrist"),
    ]
    run = run_recording(collection.parent / "pull_up.npz", "pull_up", "wrist", 40)
    assert lines[0]["events"] == json.loads(json.dumps([event_to_dict(event) for event in run.events]))
    assert lines[1]["duration_s"] == pytest.approx(30.0, abs=0.1)
    assert "pull_up" in capsys.readouterr().out


def test_the_size_of_the_batches_does_not_change_what_is_said(collection):
    samples = read_samples(collection.parent / "pull_up.npz")
    small, large = (run_samples(samples, "pull_up", "wrist", batch_ms) for batch_ms in (40, 1e6))
    assert small == large


def test_people_get_a_table_and_hear_what_was_left_out(collection, capsys):
    assert evaluate(collection, jobs=1) == 0
    out, errors = capsys.readouterr()
    head, *lines = out.splitlines()
    assert head.split()[:3] == ["exercise", "placement", "dataset"]
    assert "left out, another exercise, not scored: 1" in lines
    assert errors == ""


def test_programs_get_json_alone_and_people_the_rest(collection, capsys):
    evaluate(collection, jobs=1, as_json=True)
    out, errors = capsys.readouterr()
    assert all(json.loads(line)["schema"] == 1 for line in out.splitlines())
    assert errors == "left out, another exercise, not scored: 1\n"


def test_by_force_a_chest_runs_what_it_cannot_see_and_each_is_said_once(collection, tmp_path, capsys):
    index, still = tmp_path / "index.csv", "still"
    (tmp_path / f"{still}.npz").write_bytes((collection.parent / f"{still}.npz").read_bytes())
    index.write_text(f"{INDEX}\n{still}.npz,d,s,null,chest,,\n{still}2.npz,d,s,bent_over_row,chest,3,\n")
    (tmp_path / f"{still}2.npz").write_bytes((collection.parent / f"{still}.npz").read_bytes())
    evaluate(index, exercise="bent_over_row", jobs=1, as_json=True, force=True)
    out, errors = capsys.readouterr()
    assert [line.partition(":")[0] for line in errors.splitlines()] == [
        "counts of bent_over_row at the chest are unreliable"
    ]
    rows = [json.loads(line) for line in out.splitlines()]
    assert ("bent_over_row", "chest", 1) in [(row["exercise"], row["placement"], row["sets"]) for row in rows]
    with pytest.raises(InputError, match="bent_over_row is not counted at the chest: 2"):
        evaluate(index, exercise="bent_over_row", jobs=1, as_json=True)


def problems_of(*args, **kwargs):
    with pytest.raises(InputError) as caught:
        evaluate(*args, **kwargs)
    return [str(problem) for problem in caught.value.problems]


def test_every_wrong_argument_is_said_at_once(collection):
    assert problems_of(collection, exercise="pulup", placement="wirst", batch_ms=0, jobs=0) == [
        "--exercise: unknown exercise 'pulup'. Did you mean 'pull_up'?",
        "--placement: unknown placement 'wirst'. Did you mean 'wrist'?",
        "--batch-ms: is 0. Give a number above 0",
        "--jobs: is 0. Give a whole number from 1 up",
    ]


def test_files_that_are_missing_are_all_said_before_anything_is_run(collection, tmp_path, monkeypatch):
    index = tmp_path / "index.csv"
    index.write_text(collection.read_text())
    monkeypatch.setattr(app, "run_samples", lambda *_, **__: pytest.fail("a recording was run"))
    found = problems_of(index, jobs=1)
    assert [text.partition(" is missing")[0] for text in found] == [
        f"{index}:2: pull_up.npz",
        f"{index}:2: pull_up.csv",
        f"{index}:3: deadlift.npz",
        f"{index}:3: deadlift.csv",
        f"{index}:4: still.npz",
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_recordings_that_are_wrong_are_all_said_once(tmp_path, jobs):
    index = tmp_path / "index.csv"
    index.write_text(f"{INDEX}\na.csv,d,s,null,wrist,,\nb.csv,d,s,pull_up,wrist,3,\n")
    (tmp_path / "a.csv").write_text("t_s,ax_g,ay_g,az_g\n0,0,0,x\n")
    (tmp_path / "b.csv").write_text("t_s,ax_g,ay_g\n0,0,0\n")
    assert problems_of(index, jobs=jobs) == [
        f"{tmp_path / 'a.csv'}:2: az_g is 'x', not a number",
        f"{tmp_path / 'b.csv'}:1: column 'az_g' is missing",
    ]


def test_a_collection_with_nothing_to_score_is_refused(tmp_path):
    index = tmp_path / "index.csv"
    index.write_text(f"{INDEX}\na.csv,d,s,other,wrist,3,\n")
    (found,) = problems_of(index)
    assert "has no recording to score. left out, another exercise" in found


def test_predictions_that_cannot_be_written_are_said_before_anything_is_run(
    collection, tmp_path, monkeypatch
):
    monkeypatch.setattr(app, "run_samples", lambda *_, **__: pytest.fail("a recording was run"))
    path = tmp_path / "no" / "out.jsonl"
    assert problems_of(collection, jobs=1, predictions=path) == [
        f"{path}: cannot be written (No such file or directory)"
    ]


def test_pieces_are_cut_by_time_and_lose_nothing():
    t_s = np.array([5.0, 5.01, 5.039, 5.04, 5.3, 5.31])
    batch = SampleBatch(t_s, np.zeros((6, 3)))
    assert [len(piece) for piece in pieces(batch, 40)] == [3, 1, 2]
    assert list(pieces(batch[:0], 40)) == []


def test_an_interrupt_ends_with_130(collection, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "run_samples", interrupted)
    assert evaluate(collection, jobs=1) == 130
    assert capsys.readouterr().out == ""


def test_false_reps_of_a_recording_without_exercise_are_counted_an_hour(collection, monkeypatch, capsys):
    counted = run_recording(collection.parent / "pull_up.npz", "pull_up", "wrist", 40)
    monkeypatch.setattr(app, "run_samples", lambda *_, **__: Run(counted.events, 1800.0))
    evaluate(collection, exercise="pull_up", jobs=1, as_json=True)
    row = card(capsys)["pull_up", "wrist", "life"]
    assert (row["hours"], row["false_reps_per_hour"], row["sets"]) == (0.5, 2.0 * REPS, 0)


def test_collections_go_into_one_report_with_their_plots(collection, tmp_path, capsys):
    other = tmp_path / "other" / "index.csv"
    other.parent.mkdir()
    lines = [INDEX, f"{collection.parent}/pull_up.npz,sim,s0,pull_up,wrist,{REPS + 1},"]
    other.write_text("\n".join(lines) + "\n")
    report = tmp_path / "docs" / "card.md"
    words = [
        "evaluate",
        collection,
        other,
        "--jobs",
        "1",
        "--exercise",
        "pull_up",
        "--report",
        report,
        "--json",
    ]
    assert main([str(word) for word in words]) == 0
    assert card(capsys)["pull_up", "wrist", "sim"]["sets"] == 2
    text = report.read_text()
    assert f"repcount evaluate {collection} --exercise pull_up\n" in text
    row = f"| `{collection.parent}/pull_up.npz` | pull up | wrist | {REPS + 1} | {REPS} | "
    assert re.search(re.escape(row) + r"\d+ \|", text)
    names = [line.rpartition("(")[2].rstrip(")") for line in text.splitlines() if line.startswith("![")]
    assert [name.rpartition("-")[2] for name in names] == [
        *("sets.png", "phases.png", "latency.png"),
        *("sets.png", "latency.png"),  # the second has no labels
    ]
    assert all((report.parent / name).is_file() for name in names)


def test_what_is_wrong_with_several_collections_is_said_at_once(tmp_path):
    found = problems_of(tmp_path / "a.csv", tmp_path / "b.csv")
    assert [text.split(":")[0] for text in found] == [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]


def test_a_report_that_cannot_be_written_is_said_before_anything_is_run(
    collection, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(app, "run_samples", lambda *_, **__: pytest.fail("a recording was run"))
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file" / "card.md", tmp_path / "card"):
        assert main(["evaluate", str(collection), "--report", str(out)]) == 2
    assert "cannot be written" in (err := capsys.readouterr().err)
    assert "has no ending. Call it something.md" in err


def test_a_simulated_section_says_how_it_was_made_and_points_to_no_file(collection, capsys):
    sections = []
    evaluate(collection, exercise="pull_up", jobs=1, write_report=sections.extend, simulated="--simulate 2")
    (one,) = sections
    assert (one.title, one.command) == ("Simulated", "repcount evaluate --simulate 2 --exercise pull_up")
    assert one.plot is None
    assert capsys.readouterr().out
