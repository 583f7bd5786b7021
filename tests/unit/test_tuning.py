"""What may be changed of an exercise, and that changing it changes that exercise alone."""

import math

import numpy as np
import pytest

from repcount.exercises import EXERCISES
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig, new_station
from repcount.reps.detector_params import DetectorParams
from repcount.reps.tuning import parameters, tuned_detector, tuned_model, value_problems
from repcount.simulate import Plan, SetOf, StandStill, simulate

ROW = EXERCISES["bent_over_row"]
CASES = [(model, placement) for model in EXERCISES.values() for placement in model.placements]


def samples(exercise="bent_over_row", reps=6):
    parts = (StandStill(duration_s=4.0), SetOf(exercise=exercise, reps=reps), StandStill(duration_s=20.0))
    return simulate(Plan(parts=parts), np.random.default_rng(1)).batch


def fed(params, batch):
    pipeline = Pipeline({"wrist": SensorConfig(None, "wrist")}, params)
    return pipeline.feed("wrist", batch) + pipeline.finish()


@pytest.mark.parametrize(("model", "placement"), CASES)
def test_each_parameter_says_what_it_means_and_may_keep_its_value(model, placement):
    found = parameters(model, placement)
    assert found
    for one in found.values():
        assert len(one.meaning) > 20, one.name
        assert one.within.low < one.within.high
        assert math.isfinite(one.value)
        low, high = one.within.around(one.value)
        assert low <= one.value <= high
        assert low < high
    assert value_problems(model, placement, {name: one.value for name, one in found.items()}, "here") == []


def test_a_changed_value_is_where_its_name_says_and_nowhere_else():
    values = {"movement.range_g.low": 0.3, "detector.ends.most_strange": 8.0, "detector.slow_ratio": 0.2}
    movement = tuned_model(ROW, "wrist", values).movements["wrist"]
    assert (movement.range_g.low, movement.range_g.high) == (0.3, ROW.movements["wrist"].range_g.high)
    params = tuned_detector(DetectorParams(), values)
    assert (params.ends.most_strange, params.slow_ratio, params.recurrence) == (
        8.0,
        0.2,
        DetectorParams().recurrence,
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"movement.least_log_ods": -9},
            "here: unknown parameter 'movement.least_log_ods'. Did you mean 'movement.least_log_odds'?",
        ),
        ({"detector.slow_ratio": 3}, "here: detector.slow_ratio is 3. Give 0.1 to 0.6"),
    ],
)
def test_what_is_wrong_with_values_is_said(values, said):
    assert [str(problem) for problem in value_problems(ROW, "wrist", values, "here")] == [said]


def test_changed_values_change_the_count_of_their_exercise_and_of_no_other():
    deaf = {"movement.arc_deg.low": 40, "movement.least_log_odds": -3, "movement.alone_log_odds": 3}
    row, fly = samples(), samples("reverse_fly")
    plain = PipelineParams(exercise="bent_over_row")
    assert fed(plain.tuned_as({"bent_over_row/wrist": deaf}), row) != fed(plain, row)
    fly_params = PipelineParams(exercise="reverse_fly")
    assert fed(fly_params.tuned_as({"bent_over_row/wrist": deaf}), fly) == fed(fly_params, fly)


@pytest.mark.parametrize("cutoff_hz", [0.8, 1.0])
def test_a_played_tape_says_what_the_pipeline_said_with_any_parameters_after_the_motion(cutoff_hz):
    batch = samples()
    tuned = {"bent_over_row/wrist": {"detector.slow_ratio": 0.5, "motion.cutoff_hz": cutoff_hz}}
    params = PipelineParams(exercise="bent_over_row").tuned_as(tuned)
    taping = Pipeline(
        {"wrist": SensorConfig(None, "wrist")}, PipelineParams(motion=params.motion, session=params.session)
    )
    tape = taping.taped()
    for first in range(0, len(batch), 7):
        taping.feed("wrist", batch[first : first + 7])
    taping.finish()
    for _ in range(2):
        assert tape.play(new_station(params, {"wrist": "wrist"})) == fed(params, batch)
