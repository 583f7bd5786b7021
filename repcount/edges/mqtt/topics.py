"""Where things are said: the MQTT topics, all below `repcount/v1`.

A topic is built only from a station's id, never from a name a person or a radio gave.
"""

import re
from enum import StrEnum

from repcount.errors import InputError, Problem
from repcount.events import (
    CountCorrected,
    Event,
    HoldEnded,
    HoldStarted,
    NotificationRejected,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
    StreamGap,
    StreamLost,
    StreamResumed,
    TempoCue,
)

ROOT = "repcount/v1"
SERVICE_STATUS = f"{ROOT}/service/status"
COMMANDS_OF_ALL = f"{ROOT}/+/cmd/+"
SERVICE = "service"
"""Taken in the place of a station's id by the service's own status."""

_STATION = re.compile(r"[a-z0-9-]{1,32}")
_COMMAND = re.compile(rf"{ROOT}/([a-z0-9-]{{1,32}})/cmd/([a-z0-9_]{{1,32}})")


class State(StrEnum):
    """What is true now, retained, below `state/`."""

    COUNT = "count"
    TEMPO = "tempo"
    PHASE = "phase"
    REST = "rest"
    EXERCISE = "exercise"
    SENSORS = "sensors"
    TODAY = "today"


def check_station(station: str, place: str = "station") -> str:
    """Return the id unchanged.

    Raises
    ------
    InputError
        When topics cannot be built from it.
    """
    if not _STATION.fullmatch(station):
        message = f"{station!r} cannot be part of a topic"
        raise InputError([Problem(place, message, "Use 1 to 32 of a-z, 0-9 and '-'.")])
    if station == SERVICE:
        raise InputError([Problem(place, f"{station!r} is the service's own name", "Use another.")])
    return station


def status_topic(station: str) -> str:
    """Where `online` or `offline` of a station is said."""
    return f"{ROOT}/{station}/status"


def state_topic(station: str, state: State) -> str:
    """Where one of the retained states is said."""
    return f"{ROOT}/{station}/state/{state}"


def command_topic(station: str, cmd: str) -> str:
    """Where a command is asked for."""
    return f"{ROOT}/{station}/cmd/{cmd}"


def signal_topic(station: str) -> str:
    """Where the raw signal is said while somebody watches."""
    return f"{ROOT}/{station}/signal"


def result_topic(station: str) -> str:
    """Where commands are answered."""
    return f"{ROOT}/{station}/cmd-result"


def event_topic(event: Event) -> str:
    """Where an event is said."""
    return f"{ROOT}/{event.station}/event/{_leaf(event)}"


def _leaf(event: Event) -> str:
    match event:
        case RepCounted() | RepCompleted() | RepRetracted():
            return "rep"
        case SetStarted() | SetEnded() | CountCorrected():
            return "set"
        case HoldStarted() | HoldEnded():
            return "hold"
        case TempoCue():
            return "cue"
        case StreamGap() | NotificationRejected() | StreamLost() | StreamResumed():
            return "link"


def split_command(topic: str) -> tuple[str, str] | None:
    """Station and name of a command's topic; None for anything else."""
    match = _COMMAND.fullmatch(topic)
    return (match[1], match[2]) if match else None
