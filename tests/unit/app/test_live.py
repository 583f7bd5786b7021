"""Which sensors a live run reads, and what is said of those it cannot."""

import pytest

from repcount.app.feeds import LiveSensor, live_sensors
from repcount.app.live import LiveOptions, _problems
from repcount.errors import InputError


@pytest.mark.parametrize(
    ("words", "placement", "sensors"),
    [
        ([], "wrist", [(None, "wrist")]),
        (["Band 7"], "chest", [("Band 7", "chest")]),
        (["C0:FF:EE:00:11:22"], "wrist", [("C0:FF:EE:00:11:22", "wrist")]),
        (
            ["wrist=Band 7", "chest=C0:FF:EE:00:11:22"],
            "wrist",
            [("Band 7", "wrist"), ("C0:FF:EE:00:11:22", "chest")],
        ),
        (["upper_arm=virtual:a=b"], "wrist", [("virtual:a=b", "upper_arm")]),
        (["virtual:recordings/x=y"], "wrist", [("virtual:recordings/x=y", "wrist")]),
    ],
)
def test_a_sensor_is_named_alone_or_with_its_place(words, placement, sensors):
    assert live_sensors(words, placement) == tuple(LiveSensor(*one) for one in sensors)


def problems(exercise, *placements, force=False):
    sensors = tuple(LiveSensor(None, placement) for placement in placements)
    return [str(one) for one in _problems(LiveOptions(sensors=sensors, exercise=exercise, force=force))]


def test_two_sensors_are_worn_at_two_places():
    assert problems("pull_up", "wrist", "chest") == []
    (said,) = problems("pull_up", "wrist", "wrist")
    assert "has two at the same place" in said
    assert "--sensor wrist=NAME --sensor chest=NAME" in said


def test_one_that_sees_the_exercise_is_enough():
    assert problems("bent_over_row", "wrist", "chest") == []
    (said,) = problems("bent_over_row", "chest")
    assert "cannot be counted at the chest" in said
    assert problems("bent_over_row", "chest", force=True) == []


def test_a_place_nobody_knows_is_said_of_either():
    assert any("'ankle'" in said for said in problems("pull_up", "wrist", "ankle"))


def test_settings_are_for_all_sensors_or_for_the_one_named():
    wrist, chest = live_sensors(
        ["wrist=A", "chest=B"], "wrist", ["rate_hz=100", "chest.range_g=8", "chest.rate_hz=12.5"]
    )
    assert wrist.chosen == {"rate_hz": 100.0}
    assert chest.chosen == {"rate_hz": 12.5, "range_g": 8.0}


def test_every_setting_that_is_none_is_said():
    words = ["rate", "rate_hz=quick", "=5", "ankle.rate_hz=5", "rate_hz=50"]
    with pytest.raises(InputError) as caught:
        live_sensors(["wrist=A"], "wrist", words)
    said = [str(problem) for problem in caught.value.problems]
    assert [word in one for word, one in zip(words, said, strict=False)] == [True] * 4
    assert "no sensor is worn at 'ankle'" in said[-1]
