"""What was recorded and counted goes out in forms that other code reads."""

import csv
import math
from datetime import timedelta
from pathlib import Path

import fitdecode
import numpy as np
import pytest
from fit_tool.profile import profile_type
from pyarrow import parquet
from simulated import simulated

from repcount.cli import main
from repcount.edges.files import read_samples, write_samples
from repcount.edges.formats.fit import write_fit
from repcount.edges.formats.fit_sets import Done
from repcount.edges.recording import read_expected, read_meta
from repcount.exercises import EXERCISES
from repcount.simulate import HoldsOf, StandStill

RECORDINGS = Path(__file__).parents[2] / "recordings"
DEMO = RECORDINGS / "wrist_demo_session_01"
BOTH = RECORDINGS / "wrist_and_chest_bent_over_row_01"


def export(tmp_path, path, target, *more, name="out"):
    file = tmp_path / f"{name}.{target}"
    assert main(["export", str(path), "--to", target, str(file), *more]) == 0
    return file


def counts(path, capsys, *args):
    assert main(["replay", str(path), *args]) == 0
    return [line for line in capsys.readouterr().out.splitlines() if "ended" in line]


def test_samples_as_csv_count_as_the_recording_did(tmp_path, capsys):
    pull_ups = RECORDINGS / "wrist_pull_up_strict_01"
    file = export(tmp_path, pull_ups, "csv")
    ours = counts(pull_ups, capsys)
    assert ours
    assert counts(file, capsys, "--exercise", "pull_up") == ours


def test_samples_go_out_and_come_back_as_a_recording(tmp_path):
    file = export(tmp_path, DEMO, "csv")
    assert main(["import", str(file), "--from", "csv", str(tmp_path / "back")]) == 0
    there, back = read_samples(file), read_samples(tmp_path / "back" / "samples.npz")
    np.testing.assert_allclose(back.t_s, there.t_s - there.t_s[0], atol=1e-6)
    np.testing.assert_allclose(back.acc_m_s2, there.acc_m_s2, atol=1e-5)
    np.testing.assert_allclose(back.gyro_rad_s, there.gyro_rad_s, atol=1e-5)


def test_parquet_holds_the_same_samples_and_says_whose(tmp_path):
    table = parquet.read_table(export(tmp_path, DEMO, "parquet"))
    samples = read_samples(export(tmp_path, DEMO, "csv"))
    np.testing.assert_allclose(table["t_s"].to_numpy(), samples.t_s, atol=1e-6)
    assert table.schema.metadata[b"repcount.placement"] == b"wrist"
    assert table.schema.metadata[b"repcount.when"] == read_meta(DEMO).when.isoformat().encode()


@pytest.mark.parametrize("target", ["csv", "parquet"])
def test_a_row_a_rep_has_all_that_the_set_says_of_it(target, tmp_path):
    file = export(tmp_path, DEMO, target, "--table", "reps")
    if target == "csv":
        with file.open(newline="") as opened:
            rows = list(csv.DictReader(opened))
    else:
        rows = parquet.read_table(file).to_pylist()
    ended = [event for event in read_expected(DEMO / "expected.jsonl") if event["type"] == "set_ended"]
    reps = [(one["exercise"], rep) for one in ended for rep in one["reps"]]
    assert [row["exercise"] for row in rows] == [exercise for exercise, _ in reps]
    for row, (_, rep) in zip(rows, reps, strict=True):
        assert float(row["eccentric_s"]) == pytest.approx(rep["eccentric_s"], abs=1e-5)
        assert bool(int(row["controlled"])) == rep["controlled"]
        assert row["depth_deg"] in {"", None}


def test_holds_are_rows_too(tmp_path):
    hold, worn = tmp_path / "hold.npz", ("--exercise", "back_extension", "--placement", "chest")
    write_samples(
        hold,
        simulated(
            HoldsOf(exercise="back_extension", holds_s=(12.0,)),
            StandStill(duration_s=20.0),
            placement="chest",
        ).batch,
    )
    with export(tmp_path, hold, "csv", "--table", "reps", *worn).open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert {row["kind"] for row in rows} == {"hold"}
    assert all(float(row["hold_s"]) > 0 and row["exercise"] == "back_extension" for row in rows)


def test_of_several_sensors_one_must_be_named(tmp_path, capsys):
    assert main(["export", str(BOTH), "--to", "csv", str(tmp_path / "a.csv")]) == 2
    assert "chest, wrist" in capsys.readouterr().err
    export(tmp_path, BOTH, "csv", "--sensor", "chest")
    assert main(["export", str(BOTH), "--to", "csv", str(tmp_path / "a.csv"), "--sensor", "chst"]) == 2
    assert "'chest'" in capsys.readouterr().err


def fit_messages(file, name):
    """Messages by a reader that did not write them, which checks the sums as well."""
    with fitdecode.FitReader(str(file), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        frames = [one for one in reader if one.frame_type == fitdecode.FIT_FRAME_DATA]
    return [
        {field.name: field.value for field in one.fields if field.value is not None}
        for one in frames
        if one.name == name
    ]


def test_another_reader_of_fit_finds_the_sets_the_rest_and_the_tempo(tmp_path):
    file = export(tmp_path, DEMO, "fit")
    ended = [event for event in read_expected(DEMO / "expected.jsonl") if event["type"] == "set_ended"]
    one, rest, two = fit_messages(file, "set")
    for message, event in ((one, ended[0]), (two, ended[1])):
        assert message["set_type"] == "active"
        assert message["repetitions"] == event["rep_count"]
        assert message["duration"] == pytest.approx(event["end_s"] - event["start_s"], abs=1e-3)
        assert message["mean_eccentric"] == pytest.approx(event["mean_tempo"]["eccentric_s"], abs=1e-3)
        assert message["rep_eccentric"] == pytest.approx(
            [rep["eccentric_s"] for rep in event["reps"]], abs=1e-3
        )
        assert message["controlled_reps"] == sum(rep["controlled"] for rep in event["reps"])
        began = read_meta(DEMO).when + timedelta(seconds=event["start_s"])
        assert abs(message["start_time"] - began) <= timedelta(seconds=1)
    assert (one["category"], two["category"]) == ("pull_up", "row")
    assert rest["set_type"] == "rest"
    assert rest["duration"] == pytest.approx(ended[1]["start_s"] - ended[0]["end_s"], abs=1e-3)
    assert fit_messages(file, "session")[0]["sub_sport"] == "strength_training"
    assert len(fit_messages(file, "activity")) == len(fit_messages(file, "lap")) == 1


def test_a_set_knows_its_load_and_an_unknown_lowering_is_no_number(tmp_path):
    done = Done(
        exercise="deadlift",
        start_s=1.0,
        end_s=9.0,
        reps=2,
        load_kg=82.5,
        tempo_s=(2.0, None, 1.0, 0.5),
        eccentrics_s=(2.0, None),
        controlled=1,
    )
    file = tmp_path / "a.fit"
    write_fit(file, [done], read_meta(DEMO).when, 20.0)
    (message,) = fit_messages(file, "set")
    assert message["weight"] == 82.5
    assert message["category_subtype"] is not None
    assert "mean_pause_lengthened" not in message
    assert message["rep_eccentric"][0] == 2.0
    assert message["rep_eccentric"][1] is None or math.isnan(message["rep_eccentric"][1])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_fit_profile_knows_every_exercise_by_the_name_its_model_gives(exercise):
    category, name = (word.upper() for word in EXERCISES[exercise].fit)
    assert category in profile_type.ExerciseCategory.__members__
    names = getattr(profile_type, f"{category.title().replace('_', '')}ExerciseName")
    assert name in names.__members__


def test_nothing_is_overwritten_and_everything_wrong_is_said(tmp_path, capsys):
    (tmp_path / "a.fit").write_text("mine")
    assert main(["export", str(DEMO), "--to", "fit", str(tmp_path / "a.fit"), "--table", "reps"]) == 2
    said = capsys.readouterr().err
    assert "is there already" in said
    assert "--table" in said
    assert (tmp_path / "a.fit").read_text() == "mine"
    assert main(["export", str(DEMO), "--to", "parket", str(tmp_path / "a.parquet")]) == 2
    assert "'parquet'" in capsys.readouterr().err
    assert main(["export", str(DEMO), "--to", "csv", str(tmp_path / "no" / "a.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
