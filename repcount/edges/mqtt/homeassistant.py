"""What Home Assistant is told: each station as one device, by MQTT discovery; nothing needs setting up there.

Rules: pure; every entity reads the topics that everybody reads, so nothing is published for it alone but
`event/ha`. A key of `components` and its `unique_id` are for ever: Home Assistant keeps what a user made of
an entity by them.

Sources: Home Assistant's documentation of MQTT discovery and of the platforms sensor, binary_sensor, select,
number, button, switch and event; its own checks in `homeassistant/components/mqtt`.
"""

from collections.abc import Mapping, Sequence

from repcount import __version__
from repcount.edges.mqtt.payloads import Message, to_json
from repcount.edges.mqtt.topics import ROOT, SERVICE_STATUS, State, command_topic, state_topic, status_topic
from repcount.events import (
    CountCorrected,
    Event,
    HoldEnded,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
    TempoCue,
)

BIRTH_TOPIC, BIRTH = "homeassistant/status", b"online"
"""Said by Home Assistant when it has started: whoever has something to announce does so then."""

_EVENTS: dict[type[Event], tuple[str, tuple[str, ...]]] = {
    RepCounted: ("rep", ("set_index", "rep_index", "rep_count")),
    RepCompleted: (
        "rep_completed",
        ("set_index", "rep_index", "eccentric_s", "concentric_s", "controlled", "partial"),
    ),
    RepRetracted: ("rep_retracted", ("set_index", "rep_index", "reason")),
    SetStarted: ("set_started", ("set_index", "exercise")),
    SetEnded: ("set_ended", ("set_index", "exercise", "rep_count", "time_under_tension_s")),
    CountCorrected: ("count_corrected", ("set_index", "rep_count", "was")),
    HoldEnded: ("hold_ended", ("set_index", "hold_s", "target_s")),
    TempoCue: ("slow_down", ("set_index", "rep_index")),
}
"""Kinds of event of the `event` entity, and what of each is told."""

_SECONDS = {"device_class": "duration", "unit_of_measurement": "s", "suggested_display_precision": 1}
_PHASES = ("eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s")
_ALL_SENSORS = "value_json.sensors.values()"

Component = dict[str, object]


def discovery_topic(station: str) -> str:
    """Where a station is announced; an empty message there takes it back."""
    return f"homeassistant/device/repcount_{station}/config"


def withdrawal(station: str) -> Message:
    """Take a station back: Home Assistant removes the device and its entities."""
    return Message(discovery_topic(station), b"", retain=True)


def discovery(station: str, exercises: Sequence[str], *, name: str | None = None) -> Message:
    """Announce a station.

    Parameters
    ----------
    station
        Its id.
    exercises
        Those that can be selected.
    name
        What people call it; the id where there is none.
    """
    device: Component = {
        "identifiers": [f"repcount_{station}"],
        "name": name or station,
        "manufacturer": "repcount",
        "model": "Repetition counter",
        "sw_version": __version__,
    }
    return Message(
        discovery_topic(station),
        to_json(
            {
                "device": device,
                "origin": {"name": "repcount", "sw_version": __version__},
                "availability": _availability(station),
                "availability_mode": "all",
                "qos": 1,
                "components": {
                    key: {"unique_id": f"repcount_{station}_{key}"} | component
                    for key, component in _components(station, exercises).items()
                },
            }
        ),
        retain=True,
    )


def ha_event(event: Event) -> Message | None:
    """Return an event as the `event` entity takes it: flat, live only; None for those it is not told of."""
    if type(event) not in _EVENTS:
        return None
    kind, keys = _EVENTS[type(event)]
    told = {"event_type": kind} | {key: getattr(event, key) for key in keys}
    return Message(f"{ROOT}/{event.station}/event/ha", to_json(told), qos=0)


def _components(station: str, exercises: Sequence[str]) -> Mapping[str, Component]:
    return _counts(station) | _tempos(station) | _sensors(station) | _controls(station, exercises)


def _counts(station: str) -> dict[str, Component]:
    count = state_topic(station, State.COUNT)
    return {
        "reps": _sensor(
            "Reps", count, "value_json.rep_count", unit_of_measurement="reps", icon="mdi:counter"
        ),
        "reps_total": _sensor(
            "Reps of the session",
            count,
            "value_json.reps_total",
            unit_of_measurement="reps",
            state_class="total_increasing",
            icon="mdi:sigma",
        ),
        "set": _sensor("Set", count, "value_json.set_index", icon="mdi:format-list-numbered"),
        "rest": _sensor(
            "Resting since", state_topic(station, State.REST), "value_json.since", device_class="timestamp"
        ),
        "phase": _sensor(
            "Phase",
            state_topic(station, State.PHASE),
            "value_json.phase",
            device_class="enum",
            options=["rest", *(phase.removesuffix("_s") for phase in _PHASES)],
        ),
        "events": {
            "platform": "event",
            "name": "Event",
            "state_topic": f"{ROOT}/{station}/event/ha",
            "event_types": [kind for kind, _ in _EVENTS.values()],
            "icon": "mdi:dumbbell",
        },
    }


def _tempos(station: str) -> dict[str, Component]:
    topic = state_topic(station, State.TEMPO)
    parts = "-".join(
        f"{{{{ value_json.{key} | round(1) if value_json.{key} is number else '·' }}}}" for key in _PHASES
    )
    names = ("Eccentric", "Pause lengthened", "Concentric", "Pause shortened")
    phases = {
        key.removesuffix("_s"): _sensor(
            name, topic, f"value_json.{key}", state_class="measurement", **_SECONDS
        )
        for key, name in zip(_PHASES, names, strict=True)
    }
    return phases | {
        "tempo": {
            "platform": "sensor",
            "name": "Tempo",
            "state_topic": topic,
            "value_template": parts,
            "icon": "mdi:metronome",
        },
        "controlled": {
            "platform": "binary_sensor",
            "name": "Controlled lowering",
            "state_topic": topic,
            "value_template": "{{ {true: 'ON', false: 'OFF'}.get(value_json.controlled) }}",
            "icon": "mdi:arrow-down-bold-circle-outline",
        },
        "hold": _sensor("Hold", topic, "value_json.hold_s", state_class="measurement", **_SECONDS),
    }


def _sensors(station: str) -> dict[str, Component]:
    topic = state_topic(station, State.SENSORS)
    diagnostic: Component = {"entity_category": "diagnostic", "availability": [{"topic": SERVICE_STATUS}]}
    return {
        "heart_rate": _sensor(
            "Heart rate",
            topic,
            _of_sensors("heart_rate_bpm", "first"),
            unit_of_measurement="bpm",
            state_class="measurement",
            icon="mdi:heart-pulse",
        ),
        "battery": _sensor(
            "Battery",
            topic,
            _of_sensors("battery_percent", "min"),
            device_class="battery",
            unit_of_measurement="%",
            state_class="measurement",
            **diagnostic,
        ),
        "rssi": _sensor(
            "Signal",
            topic,
            _of_sensors("rssi_dbm", "min"),
            device_class="signal_strength",
            unit_of_measurement="dBm",
            state_class="measurement",
            **diagnostic,
        ),
        "connected": {
            "platform": "binary_sensor",
            "name": "Sensor",
            "state_topic": topic,
            "value_template": f"{{{{ 'ON' if {_ALL_SENSORS} | selectattr('connected') | list else 'OFF' }}}}",
            "device_class": "connectivity",
        }
        | diagnostic,
    }


def _controls(station: str, exercises: Sequence[str]) -> dict[str, Component]:
    exercise = state_topic(station, State.EXERCISE)
    return {
        "exercise": _command(station, "exercise", "select", "Exercise")
        | {
            "state_topic": exercise,
            "value_template": "{{ value_json.exercise }}",
            "options": list(exercises),
            "icon": "mdi:weight-lifter",
        },
        "armed": _command(station, "arm", "switch", "Armed")
        | {"state_topic": exercise, "value_template": "{{ 'ON' if value_json.armed else 'OFF' }}"},
        "eccentric_target": _command(station, "target_tempo", "number", "Lowering asked for")
        | {
            "state_topic": exercise,
            "value_template": "{{ value_json.eccentric_target_s }}",
            "min": 0.5,
            "max": 10,
            "step": 0.5,
            "unit_of_measurement": "s",
            "device_class": "duration",
            "entity_category": "config",
        },
        "rest_target": _command(station, "rest_target_s", "number", "Rest asked for")
        | {
            "state_topic": state_topic(station, State.REST),
            "value_template": "{{ value_json.target_s }}",
            "min": 0,
            "max": 600,
            "step": 5,
            "unit_of_measurement": "s",
            "device_class": "duration",
            "entity_category": "config",
        },
        "end_set": _command(station, "end_set", "button", "End set") | {"icon": "mdi:stop"},
        "reset": _command(station, "reset", "button", "Reset") | {"icon": "mdi:restart"},
    }


def _sensor(name: str, topic: str, value: str, **facts: object) -> Component:
    return {
        "platform": "sensor",
        "name": name,
        "state_topic": topic,
        "value_template": f"{{{{ {value} }}}}",
    } | facts


def _command(station: str, cmd: str, platform: str, name: str) -> Component:
    return {
        "platform": platform,
        "name": name,
        "command_topic": command_topic(station, cmd),
        "qos": 1,
        "retain": False,
        "availability": [{"topic": SERVICE_STATUS}],
    }


def _availability(station: str) -> list[Component]:
    return [{"topic": SERVICE_STATUS}, {"topic": status_topic(station)}]


def _of_sensors(key: str, which: str) -> str:
    """One of the numbers that the sensors tell, `first` or `min`; none where none tells it."""
    return f"{_ALL_SENSORS} | map(attribute='{key}') | select('number') | {which} | default(none)"
