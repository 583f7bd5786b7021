"""JSON Schemas of everything said on MQTT: of events from their classes, of the rest from its tables here.

Rules: pure; a schema allows further keys, because keys may be added; what can be leaned on is `required`.
"""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from repcount.commands import PlannedSet
from repcount.edges.mqtt.payloads import Source
from repcount.edges.mqtt.state import SensorStatus
from repcount.edges.mqtt.topics import State
from repcount.events import SCHEMA, Event, Phase, Tempo

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, object]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_WHOLE: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


_OPTIONAL_NUMBER = _or_null(_NUMBER)
_PHASE_TIMES: dict[str, Schema] = {f.name: _OPTIONAL_NUMBER for f in fields(Tempo)}
_SCHEMA: Schema = {"const": SCHEMA}
_SESSION: dict[str, Schema] = {
    "at": _MOMENT,
    "session": _TEXT,
    "source": {"enum": [source.value for source in Source]},
}


def event_schemas() -> dict[str, Schema]:
    """Schemas of `event/...` by the event's type."""
    classes: Sequence[Any] = get_args(Event)
    envelope: dict[str, Schema] = {"id": _TEXT, "seq": _WHOLE, **_SESSION}
    return {
        cls.type: _object(
            cls.type,
            {"schema": _SCHEMA, "type": {"const": cls.type}} | _fields(cls) | envelope,
            (cls.__doc__ or "").partition("\n")[0],
        )
        for cls in classes
    }


def state_schemas() -> dict[str, Schema]:
    """Schemas of `state/...` by its name."""
    head: dict[str, Schema] = {"schema": _SCHEMA, **_SESSION}
    return {
        state.value: _object(f"state/{state}", head | properties, about)
        for state, (properties, about) in _states().items()
    }


def other_schemas() -> dict[str, Schema]:
    """Schemas of the answer to a command, of `event/ha` and of `signal`."""
    return {
        "cmd-result": _object(
            "cmd-result",
            {
                "schema": _SCHEMA,
                "cmd_id": {"anyOf": [_TEXT, _WHOLE, {"type": "null"}]},
                "cmd": _TEXT,
                "ok": _FLAG,
                "error": _or_null(_TEXT),
            },
            "The answer to a command; with `result` where something was asked for, `problems` where it was "
            "refused, and `done` as false while more answers to the same question follow.",
        ),
        "ha": _object(
            "event/ha", {"event_type": _TEXT}, "An event, flat, for Home Assistant's event entity."
        ),
        "signal": _object(
            "signal",
            {"schema": _SCHEMA, "sensor": _TEXT, "t_s": _list(_NUMBER), "acc_g": _list(_list(_NUMBER))},
            "Raw acceleration: times, and x, y and z at each; said while somebody watches.",
        ),
    }


def _states() -> dict[State, tuple[dict[str, Schema], str]]:
    done: dict[str, Schema] = {
        "id": _TEXT,
        "set_index": _WHOLE,
        "exercise": _TEXT,
        "rep_count": _WHOLE,
        "start_at": _MOMENT,
        "end_at": _MOMENT,
        "mean_tempo": _or_null(_object(None, _PHASE_TIMES)),
        "controlled_reps": _WHOLE,
        "time_under_tension_s": _NUMBER,
        "load_kg": _OPTIONAL_NUMBER,
        "side": _or_null(_TEXT),
        "rom_deg": _list(_OPTIONAL_NUMBER),
        "eccentric_s": _list(_OPTIONAL_NUMBER),
        "mean_concentric_velocity_m_s": _list(_OPTIONAL_NUMBER),
        "rom_loss_ratio": _OPTIONAL_NUMBER,
        "velocity_loss_ratio": _OPTIONAL_NUMBER,
    }
    return {
        State.COUNT: (
            {
                "set_index": _WHOLE,
                "rep_count": _WHOLE,
                "exercise": _or_null(_TEXT),
                "set_open": _FLAG,
                "reps_total": _WHOLE,
            },
            "The number on the wall.",
        ),
        State.TEMPO: (
            _PHASE_TIMES
            | {
                "set_index": _or_null(_WHOLE),
                "rep_index": _or_null(_WHOLE),
                "controlled": _or_null(_FLAG),
                "partial": _or_null(_FLAG),
                "rom_deg": _OPTIONAL_NUMBER,
                "rom_m": _OPTIONAL_NUMBER,
                "mean_concentric_velocity_m_s": _OPTIONAL_NUMBER,
                "depth_deg": _OPTIONAL_NUMBER,
                "trunk_sway_deg": _OPTIONAL_NUMBER,
                "style": _or_null(_TEXT),
                "hold_s": _OPTIONAL_NUMBER,
                "hold_target_s": _OPTIONAL_NUMBER,
                "eccentric_target_s": _OPTIONAL_NUMBER,
            },
            "The last rep, or the last hold.",
        ),
        State.PHASE: (
            {"phase": {"enum": [phase.value for phase in Phase]}, "progress_ratio": _NUMBER},
            "Where in the movement; at most ten a second.",
        ),
        State.REST: (
            {"resting": _FLAG, "since": _or_null(_MOMENT), "target_s": _OPTIONAL_NUMBER},
            "Since when the wearer rests, and how long it was wanted.",
        ),
        State.EXERCISE: (
            {
                "exercise": _or_null(_TEXT),
                "armed": _FLAG,
                "wear": _or_null(_TEXT),
                "available": _list(_TEXT),
                "eccentric_target_s": _NUMBER,
                "load_kg": _OPTIONAL_NUMBER,
                "side": _or_null(_TEXT),
                "plan": _list(_object(None, _fields(PlannedSet))),
                "plan_done": _WHOLE,
            },
            "What is counted, and what the wearer told of it.",
        ),
        State.SENSORS: (
            {
                "name": _or_null(_TEXT),
                "sensors": {"type": "object", "additionalProperties": _object(None, _fields(SensorStatus))},
            },
            "What people call the station, and each sensor by where it is worn.",
        ),
        State.TODAY: ({"sets": _list(_object(None, done))}, "The sets of this day, in order."),
    }


def _object(title: str | None, properties: dict[str, Schema], about: str = "") -> Schema:
    head: Schema = {} if title is None else {"$schema": DIALECT, "title": title, "description": about}
    return head | {"type": "object", "properties": properties, "required": list(properties)}


def _fields(cls: Any) -> dict[str, Schema]:  # noqa: ANN401 - any dataclass
    hints = get_type_hints(cls)
    return {f.name: _of(hints[f.name]) for f in fields(cls)}


def _of(hint: Any) -> Schema:  # noqa: ANN401 - any type hint of a field
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return {"anyOf": [_of(one) for one in inner]}
    if origin is tuple:
        return _list(_of(inner[0]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if is_dataclass(hint):
        return _object(None, _fields(hint))
    raise TypeError(f"no schema of {hint!r}")


_PLAIN: dict[Any, Schema] = {
    str: _TEXT,
    bool: _FLAG,
    int: _WHOLE,
    float: _NUMBER,
    NoneType: {"type": "null"},
}
