"""Which sensors a live run reads, and what is said of those it cannot."""

import pytest

from repcount.app.live import LiveOptions, LiveSensor, _problems, live_sensors


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
