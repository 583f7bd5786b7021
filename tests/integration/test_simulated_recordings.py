"""The project's simulated recordings: the same bytes each time, and in them what was simulated."""

import subprocess
import sys

import numpy as np
import pytest

from repcount.app.simulate import RECORDINGS, rebuild, write_recording
from repcount.commands import SelectExercise
from repcount.edges.profiles import load_profile
from repcount.edges.recording import EXPECTED_NAME, read_recording
from repcount.errors import InputError
from repcount.simulate import Plan, SetOf, Walk
from repcount.wire import Wire

REFERENCE = load_profile("repcount_reference")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    rebuild(folder)
    return folder


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def notifications(recording, sensor="wrist"):
    return [item[1] for item in recording.items() if isinstance(item, tuple) and item[0] == sensor]


def test_one_command_makes_them_all_again_byte_for_byte(folder, tmp_path):
    subprocess.run([sys.executable, "-m", "repcount.app.simulate", tmp_path], check=True)
    assert contents(tmp_path) == contents(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(spec.name for spec in RECORDINGS)


def test_making_them_again_in_place_changes_nothing_and_keeps_golden_events(folder, tmp_path):
    rebuild(tmp_path)
    golden = tmp_path / RECORDINGS[0].name / EXPECTED_NAME
    golden.write_text("")
    rebuild(tmp_path)
    assert golden.exists()
    golden.unlink()
    assert contents(tmp_path) == contents(folder)


@pytest.mark.parametrize("name", [spec.name for spec in RECORDINGS])
def test_each_opens_and_its_labels_agree_with_its_count(folder, name):
    recording = read_recording(folder / name)
    assert recording.meta.made_by == "simulated"
    assert len(recording.labels) == sum(recording.meta.reps_true)
    assert recording.meta.exercise in name or "demo" in name


def test_arrivals_are_those_of_a_radio_link(folder):
    whole = [spec for spec in RECORDINGS if not spec.lost and not spec.gone]
    worn = [(spec, sensor) for spec in whole for sensor in (spec.plan.placement, *spec.beside)]
    for spec, sensor in worn:
        came = notifications(read_recording(folder / spec.name), sensor)
        steps_s = np.diff([one.arrival_s for one in came])
        assert steps_s.min() >= 0.0
        stream = load_profile(spec.profile).stream
        samples = spec.samples_per_notification or stream.samples_per_notification
        assert steps_s.mean() == pytest.approx(samples / stream.rate_hz, rel=0.02)
        assert 0.005 < steps_s.std() < 0.05


def test_the_bytes_decode_to_what_was_simulated(tmp_path):
    plan = Plan(parts=(SetOf(exercise="deadlift", reps=2), Walk(duration_s=2.0)))
    simulation = write_recording(tmp_path, plan, REFERENCE, 7)
    wire = Wire(REFERENCE)
    batches = [item for n in notifications(read_recording(tmp_path)) for item in wire.feed(n)]
    acc_m_s2 = np.concatenate([batch.acc_m_s2 for batch in batches])
    gyro_rad_s = np.concatenate([batch.gyro_rad_s for batch in batches])
    assert acc_m_s2 == pytest.approx(simulation.batch.acc_m_s2, abs=0.0013)
    assert gyro_rad_s == pytest.approx(simulation.batch.gyro_rad_s, abs=0.0006)
    starts_s = [rep.start_s for rep in read_recording(tmp_path).labels]
    assert starts_s == pytest.approx([rep.start_s for rep in simulation.reps], abs=1e-6)


def test_the_demo_session_moves_at_once_and_changes_the_exercise_in_the_rest(folder):
    recording = read_recording(folder / "wrist_demo_session_01")
    labels = recording.labels
    arrivals_s = [n.arrival_s for n in notifications(recording)]
    assert labels[0].start_s < 6.0
    assert 60.0 < arrivals_s[-1] - arrivals_s[0] < 80.0
    assert sum(rep.eccentric_s < 1.0 for rep in labels) == 1
    [command] = [item for item in recording.items() if isinstance(item, SelectExercise)]
    assert command.exercise == "bent_over_row"
    assert labels[4].end_s < command.at_s < labels[5].start_s


def test_a_capture_is_not_overwritten_by_another_plan(folder):
    with pytest.raises(InputError, match="already there"):
        write_recording(folder / RECORDINGS[0].name, RECORDINGS[1].plan, REFERENCE, 1)
