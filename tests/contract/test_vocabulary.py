"""Every number says its unit, every parameter is explained, every event keeps its keys."""

import importlib
import inspect
import json
import math
import pkgutil
import re
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

import pytest

import repcount
from repcount import events, samples
from repcount.events import Event, event_to_dict
from repcount.exercises.model import Bounds, ExerciseModel, Hold, Measured, Movement

CORE = ("pipeline", "evaluate", "simulate", "session", "reps", "exercises", "motion", "wire", "profile")
UNITS = re.compile(
    r"_(s|ms|hz|m|m_s|m_s2|g|rad|deg|rad_s|deg_s|samples|dbm|ratio|ratio_s|index|count|percent|bpm|kg|ticks?)$"
)

NO_UNIT = {
    "thin": "every how manieth tick",
    "directions": "how many",
    "least_reps": "how many",
    "proven_reps": "how many",
    "late_notifications": "how many",
    "lost_notifications": "how many",
    "restart_after": "how many notifications",
    "rejected": "how many",
    "plan_done": "how many sets of the plan",
    "was": "how many reps; the contract's name",
    "idle_paces": "in paces of the run",
    "range_factor": "times",
    "pace_factor": "times",
    "far_factor": "times",
    "learning_rate": "weight of a new value in a mean",
    "still_share": "of a movement's time",
    "skip_penalty": "of the score",
    "least_score": "of the score",
    "least_log_odds": "log odds",
    "alone_log_odds": "log odds",
    "two_log_odds": "log odds",
    "said_log_odds": "log odds",
    "getting_on_odds": "log odds",
    "doubt_log_odds": "log odds",
    "most_strange": "log odds",
    "reverse_doubt": "log odds",
    "said_reverse_doubt": "log odds",
    "getting_off_odds": "log odds",
    "signals": "columns with a unit each, named by the batch's properties",
    "partial_cosine": "of an angle",
    "partial_likeness": "of the likeness of a whole rep",
    "least_likeness": "of the likeness of a run, about one a rep",
}
"""Numbers without a unit, and what they are."""


def _modules():
    for package in CORE:
        module = importlib.import_module(f"repcount.{package}")
        yield module
        for found in pkgutil.iter_modules(getattr(module, "__path__", []), f"{module.__name__}."):
            yield importlib.import_module(found.name)


def _classes():
    for module in [*_modules(), events, samples]:
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ == module.__name__ and is_dataclass(cls):
                yield cls


CLASSES = list(_classes())
PARAMS = [cls for cls in CLASSES if cls.__name__.endswith("Params")]
EVENTS = get_args(Event)
MODELS = [Measured, Movement, Hold, ExerciseModel]
SPOKEN = [*PARAMS, *EVENTS, events.Rep, events.Tempo, events.LiveStatus, *MODELS]
BATCHES = [samples.SampleBatch, samples.MotionBatch, samples.Notification]

KEYS = {
    "set_started": "set_index exercise start_s",
    "rep_counted": "set_index rep_index rep_count",
    "rep_completed": (
        "set_index rep_index start_s turn_s end_s eccentric_s concentric_s pause_lengthened_s"
        " pause_shortened_s controlled partial rom_deg rom_m mean_concentric_velocity_m_s depth_deg"
        " trunk_sway_deg style"
    ),
    "rep_retracted": "set_index rep_index reason",
    "tempo_cue": "cue set_index rep_index",
    "hold_started": "start_s target_s",
    "hold_ended": "start_s end_s hold_s target_s sag_deg sway_deg",
    "set_ended": (
        "set_index exercise rep_count start_s end_s reps time_under_tension_s mean_tempo best_rep_index"
        " rom_loss_ratio velocity_loss_ratio style load_kg side"
    ),
    "count_corrected": "set_index rep_count was",
    "stream_gap": "sensor start_s end_s",
    "notification_rejected": "sensor reason",
    "stream_lost": "sensor",
    "stream_resumed": "sensor",
}
"""The contract's table of events. Keys may be added, never renamed."""

VALUES = {int: 3, float: 1.5, str: "word", bool: True, type(None): None, events.Tempo: None}


def _numbers(cls):
    """Names of the fields that hold a number or several."""
    for name, hint in get_type_hints(cls).items():
        kinds = set(get_args(hint) or [hint]) - {NoneType, Ellipsis}
        if name in {f.name for f in fields(cls)} and (
            kinds <= {int, float} or hint in {samples.Array, Bounds}
        ):
            yield name


@pytest.mark.parametrize("cls", [*SPOKEN, *BATCHES], ids=lambda cls: cls.__name__)
def test_every_number_says_its_unit(cls):
    unnamed = [name for name in _numbers(cls) if not UNITS.search(name)]
    assert [name for name in unnamed if name not in NO_UNIT] == []


def _documented(cls):
    section = re.search(r"Parameters\n    -+\n(.*)", inspect.getdoc(cls).replace("\n", "\n    "), re.DOTALL)
    names = re.findall(r"^    (\w[\w, ]*)$", section[1], re.MULTILINE) if section else []
    return [name for line in names for name in line.split(", ")]


@pytest.mark.parametrize("cls", [*PARAMS, *MODELS], ids=lambda cls: cls.__name__)
def test_every_parameter_is_explained_and_nothing_else(cls):
    assert _documented(cls) == [field.name for field in fields(cls)]


@pytest.mark.parametrize("cls", PARAMS, ids=lambda cls: cls.__name__)
def test_parameters_are_frozen_values_by_name_with_defaults(cls):
    assert cls.__dataclass_params__.frozen
    assert "__slots__" in vars(cls)
    assert all(field.kw_only for field in fields(cls))
    if cls.__name__ != "LowPassParams":  # a part of the motion stage, which has the defaults
        assert cls() == cls()


@pytest.mark.parametrize("cls", PARAMS, ids=lambda cls: cls.__name__)
def test_what_is_no_number_is_refused_by_name(cls):
    needed = {"cutoff_hz": 1.0, "rate_hz": 50.0} if cls.__name__ == "LowPassParams" else {}
    for name in [name for name, hint in get_type_hints(cls).items() if hint is float]:
        with pytest.raises(ValueError, match=name):
            cls(**(needed | {name: math.nan}))


def test_parameters_of_all_stages_were_found():
    names = {cls.__name__ for cls in PARAMS}
    assert names >= {
        "GridParams",
        "MotionParams",
        "RunParams",
        "DetectorParams",
        "HoldParams",
        "SessionParams",
        "WireParams",
    }


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_an_event_is_frozen_slotted_and_built_by_name(cls):
    assert cls.__dataclass_params__.frozen
    assert "__slots__" in vars(cls)
    assert all(field.kw_only for field in fields(cls))
    assert {"station", "happened_s", "said_s"} <= {field.name for field in fields(cls)}


def test_every_event_class_is_in_the_union():
    said = [cls for cls in vars(events).values() if inspect.isclass(cls) and issubclass(cls, events._Said)]
    assert set(said) - {events._Said} == set(EVENTS)


def test_the_types_are_those_of_the_contract():
    assert sorted(cls.type for cls in EVENTS) == sorted(KEYS)


def _value(hint):
    kind = get_args(hint)[0] if isinstance(hint, UnionType) else hint
    if kind is events.FaultReason:
        return events.FaultReason.LENGTH
    return VALUES.get(kind, ())


def _filled(cls) -> Any:
    hints = get_type_hints(cls)
    return cls(**{field.name: _value(hints[field.name]) for field in fields(cls)})


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_the_json_of_an_event_has_the_keys_of_the_contract(cls):
    data = json.loads(json.dumps(event_to_dict(_filled(cls)), allow_nan=False))
    assert data["type"] == cls.type
    assert data["schema"] == 1
    common = {"schema", "type", "station", "happened_s", "said_s"}
    assert set(data) >= common | set(KEYS[cls.type].split())
    assert list(data)[:2] == ["schema", "type"]


def test_a_rep_of_an_ended_set_has_all_four_phases_and_the_keys_of_a_completed_one():
    rep_keys = {field.name for field in fields(events.Rep)}
    completed = {field.name for field in fields(events.RepCompleted)}
    assert completed - rep_keys == {"station", "happened_s", "said_s", "set_index"}
    assert rep_keys - completed == set()


def test_the_version_is_stated():
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", repcount.__version__)
