"""The models: found by their files, complete, and bounded as bodies are."""

import importlib
from pathlib import Path

import pytest

import repcount.exercises
from repcount.errors import InputError
from repcount.events import Phase
from repcount.exercises import (
    EXERCISE_IDS,
    EXERCISES,
    counting_sensor,
    doubt,
    exercise_problems,
    find_exercise,
    forced,
)
from repcount.exercises.model import Bounds, TurnLoad, Worn

MODELS = sorted(EXERCISES.values(), key=lambda model: model.id)
MOVEMENTS = [(model.id, placement, m) for model in MODELS for placement, m in model.movements.items()]
HOLDS = [(model.id, placement, h) for model in MODELS for placement, h in model.holds.items()]
PLACEMENTS = {"wrist", "chest", "upper_arm"}


def test_every_file_with_a_model_is_found_under_its_own_name():
    folder = Path(repcount.exercises.__file__).parent
    stems = {p.stem for p in folder.glob("*.py") if p.stem[0] != "_" and p.stem != "model"}
    assert set(EXERCISES) == stems
    for stem in stems:
        assert importlib.import_module(f"repcount.exercises.{stem}").MODEL.id == stem


def test_the_models_are_of_the_exercises_this_project_is_for():
    assert set(EXERCISES) == set(EXERCISE_IDS)
    assert len(set(EXERCISE_IDS)) == len(EXERCISE_IDS) == 8


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_model_says_everything_a_person_needs(model):
    assert model.first_phase in {Phase.CONCENTRIC, Phase.ECCENTRIC}
    assert model.title[0].isupper()
    assert model.wear.endswith(".")
    assert model.good.endswith(".")
    assert 0.5 <= model.eccentric_target_s <= 10
    assert bool(model.movements) != bool(model.holds)
    assert set(model.placements) <= PLACEMENTS


@pytest.mark.parametrize(("exercise", "placement", "m"), MOVEMENTS)
def test_bounds_are_those_of_a_body(exercise, placement, m):
    del exercise
    assert m.worn is (Worn.TRUNK if placement == "chest" else Worn.LIMB)
    for bounds in (m.range_g, m.tilt_deg, m.first_phase_s, m.rep_s, m.pose_norm_g):
        assert 0 <= bounds.low < bounds.high
    assert m.range_g.low >= 0.08
    assert m.tilt_deg.high <= 180
    assert 1.0 in m.pose_norm_g
    assert 0 <= m.arc_deg.low < m.arc_deg.high <= 120
    assert -20 < m.least_log_odds < 0
    assert m.usual_arc_deg in m.arc_deg
    assert 0.1 < m.most_rough_g < 0.5
    assert 1.0 < m.longest_first_s < m.longest_pace_s < m.rep_s.high
    assert 0 < m.longest_rest_s < m.longest_pace_s
    assert m.first_phase_s.low < m.rep_s.low
    assert m.first_phase_s.high <= m.rep_s.high
    assert 3.0 in m.rep_s
    assert 0 <= m.least_path_m < 1
    assert 0 <= m.measured.longest_lift_s <= 3
    assert m.least_path_m <= m.measured.longest_lift_m <= 1
    assert m.measured.kip_swing_deg is None or 20 <= m.measured.kip_swing_deg <= 60
    assert m.measured.kip_turn_deg is None or 3 <= m.measured.kip_turn_deg <= 20
    assert m.least_path_m == 0 or m.turn_load is not TurnLoad.NEITHER
    assert TurnLoad.NEITHER in {m.turn_load, m.turn_leans}


@pytest.mark.parametrize(("exercise", "placement", "h"), HOLDS)
def test_bounds_of_a_hold_are_those_of_a_body(exercise, placement, h):
    del exercise, placement
    for bounds in (h.lift_deg, h.lift_s, h.hold_s):
        assert 0 < bounds.low < bounds.high
    assert 8 <= h.lift_deg.low < h.lift_deg.high < 90
    assert h.target_s in h.hold_s


@pytest.mark.parametrize(("exercise", "placement", "m"), MOVEMENTS)
def test_a_movement_begins_as_its_exercise_does(exercise, placement, m):
    del placement
    assert m.first_phase is EXERCISES[exercise].first_phase


def test_bounds_hold_their_ends():
    assert 1.0 in Bounds(low=1.0, high=2.0)
    assert 2.0 in Bounds(low=1.0, high=2.0)
    assert 2.1 not in Bounds(low=1.0, high=2.0)


def test_an_exercise_is_found_or_refused_with_advice():
    assert find_exercise("pull_up", "wrist") is EXERCISES["pull_up"]
    assert find_exercise("back_extension", "chest") is EXERCISES["back_extension"]
    assert exercise_problems("pull_up", None, "here") == []
    with pytest.raises(InputError, match="Did you mean 'deadlift'"):
        find_exercise("dedlift")
    with pytest.raises(InputError, match="placement 'wirst'"):
        find_exercise("deadlift", "wirst")


def test_a_sensor_that_cannot_see_an_exercise_counts_it_only_by_force_and_with_the_reason():
    row = EXERCISES["bent_over_row"]
    assert exercise_problems("bent_over_row", "chest", "here")[0].mend.startswith(
        "Wear it at: wrist, or force"
    )
    assert exercise_problems("bent_over_row", "chest", "here", force=True) == []
    assert doubt(row, "chest") == (
        "counts of bent_over_row at the chest are unreliable: "
        "the trunk is kept still, so a sensor there feels only cheating"
    )
    assert set(forced(row, "chest").movements) == {"wrist", "chest"}


def test_force_changes_nothing_where_the_exercise_is_seen_nor_where_nobody_knows_the_place():
    row = EXERCISES["bent_over_row"]
    assert (doubt(row, "wrist"), forced(row, "wrist")) == (None, row)
    assert (doubt(row, "ankle"), forced(row, "ankle")) == (None, row)
    assert exercise_problems("bent_over_row", "ankle", "here", force=True) != []


@pytest.mark.parametrize("model", [m for m in MODELS if m.unseen], ids=lambda model: model.id)
def test_what_is_looked_for_by_force_is_wider_than_what_any_chest_looks_for(model):
    effort = forced(model, "chest").movements["chest"]
    assert effort.first_phase is model.first_phase
    for _, _, seen in [one for one in MOVEMENTS if one[1] == "chest"]:
        for name in ("range_g", "tilt_deg", "first_phase_s", "rep_s", "arc_deg"):
            narrow, wide = getattr(seen, name), getattr(effort, name)
            assert wide.low <= narrow.low, name
            assert narrow.high <= wide.high, name
        assert effort.least_log_odds <= seen.least_log_odds


def test_the_sensor_that_counts_is_the_one_the_model_prefers_and_by_force_one_that_cannot_see():
    pull_up, row = EXERCISES["pull_up"], EXERCISES["bent_over_row"]
    assert counting_sensor(pull_up, {"a": "chest", "b": "wrist", "c": "wrist"}) == "b"
    assert counting_sensor(EXERCISES["back_extension"], {"a": "wrist", "b": "chest"}) == "b"
    assert counting_sensor(row, {"a": "chest"}) is None
    assert counting_sensor(row, {"a": "chest"}, force=True) == "a"
    assert counting_sensor(row, {"a": "chest", "b": "wrist"}, force=True) == "b"
    assert counting_sensor(row, {}) is None
