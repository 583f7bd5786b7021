"""The second simulator is right by itself: what it writes is what a rigid sensor on such a body would say."""

from dataclasses import replace

import numpy as np
import pytest
from second_simulator.body import a_person, sensors
from second_simulator.performing import habits, perform
from second_simulator.script import LIFTS, Script, add_set, still_rows
from second_simulator.sensing import GRAVITY_M_S2, a_sensor, sense, true_motion
from second_simulator.tracking import RATE_HZ
from second_simulator.write import KINDS, recorded, write_collection

from repcount.edges.collection import read_index, read_truth


def performed(exercise, seed=3):
    rng = np.random.default_rng(seed)
    person = a_person(rng)
    lift = LIFTS[exercise](person, rng)
    how = replace(habits(rng, lift), reps=2)
    return person, perform(rng, lift, how, 1.0)


@pytest.mark.parametrize("exercise", LIFTS)
def test_a_still_body_feels_gravity_and_nothing_else(exercise):
    rng = np.random.default_rng(1)
    person = a_person(rng)
    rows = still_rows(LIFTS[exercise](person, rng), 100)
    for position, turn in sensors(person, rows).values():
        force, rate = true_motion(position, turn)
        assert np.linalg.norm(force, axis=1) == pytest.approx(GRAVITY_M_S2, abs=1e-6)
        assert np.abs(rate).max() < 1e-9


@pytest.mark.parametrize(("exercise", "placement"), KINDS)
def test_the_rates_add_up_to_the_tilt(exercise, placement):
    person, (rows, _, _) = performed(exercise)
    position, turn = sensors(person, rows)[placement]
    _, rate = true_motion(position, turn)
    up = turn[0, 2]
    for now in rate[:-1]:
        up = up - np.cross(now, up) / RATE_HZ
        up = up / np.linalg.norm(up)
    assert np.degrees(np.arccos(np.clip(up @ turn[-1, 2], -1, 1))) < 2.0


@pytest.mark.parametrize(("exercise", "placement"), KINDS)
def test_a_set_is_smooth_at_its_turns(exercise, placement):
    person, (rows, _, _) = performed(exercise)
    position, turn = sensors(person, rows)[placement]
    force, rate = true_motion(position, turn)
    assert np.abs(force).max() < 4 * GRAVITY_M_S2
    assert np.degrees(np.abs(rate)).max() < 500


@pytest.mark.parametrize("exercise", LIFTS)
def test_labels_are_in_order_and_lie_in_the_recording(exercise):
    (times, _, _), labels, _, _ = recorded(np.random.default_rng(2), exercise, "wrist")
    assert labels
    marks = [
        label[key] for label in labels for key in ("start_s", "turn_s", "end_s") if label[key] is not None
    ]
    assert marks == sorted(marks)
    assert times[0] <= marks[0]
    assert marks[-1] <= times[-1]


def test_phases_of_a_rep_fill_it():
    (_, _, _), labels, _, _ = recorded(np.random.default_rng(4), "good_morning", "chest")
    for label in labels:
        parts = label["eccentric_s"], label["pause_lengthened_s"], label["concentric_s"]
        assert sum(parts) == pytest.approx(label["end_s"] - label["start_s"])
        assert min(parts) >= 0


def test_the_seed_decides_everything():
    first, again, other = (recorded(np.random.default_rng(k), "deadlift", "wrist")[0][1] for k in (7, 7, 8))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.allclose(first, other)


def test_a_sensor_mounted_otherwise_feels_the_same_amount():
    person, (rows, _, _) = performed("bent_over_row")
    position, turn = sensors(person, rows)["wrist"]
    rng = np.random.default_rng(5)
    sizes = []
    for _ in range(2):
        _, acc, _ = sense(np.random.default_rng(6), a_sensor(rng), position, turn)
        sizes.append(np.median(np.linalg.norm(acc, axis=1)))
    assert sizes == pytest.approx([1.0, 1.0], abs=0.08)


def test_a_script_puts_the_set_where_its_labels_say():
    rng = np.random.default_rng(9)
    person = a_person(rng)
    lift = LIFTS["deadlift"](person, rng)
    script = Script(person, rng)
    labels = add_set(script, lift, habits(rng, lift))
    rows, _ = script.finish(tremor_m=0.0, sway_rad=0.0)
    turns = [int(label["turn_s"] * RATE_HZ) for label in labels]
    assert rows[turns, 15].min() > 0.7


def test_a_collection_reads_back(tmp_path):
    write_collection(tmp_path, 2, 1)
    rows = read_index(tmp_path / "index.csv")
    truth = read_truth(rows, tmp_path / "index.csv")
    assert [row.n_reps_true for row in rows] == [len(truth[row.file]) for row in rows]
