"""What others ask of us: command messages, which are anybody's text.

Whatever arrives becomes a `Request`, or is `Refused` with a reason that can be shown; nothing else is raised.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from repcount.commands import (
    Arm,
    Command,
    CorrectCount,
    EndSet,
    Reset,
    SelectExercise,
    SelectPlacement,
    SetLoad,
    SetPlan,
    SetRestTarget,
    SetTarget,
    command_from_dict,
)
from repcount.edges.mqtt.topics import SERVICE
from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import SCHEMA

MOST_BYTES = 16_384
"""A plan of a hundred sets."""
WATCH, HISTORY, RECORDINGS, DELETE_RECORDING = "watch", "history", "recordings", "delete_recording"
CALIBRATION, UNDO_CORRECTION = "calibration", "undo_correction"
"""Asked of the service, not of the count: they are no inputs of the pipeline, and not recorded."""
QUESTIONS = (WATCH, HISTORY, RECORDINGS, DELETE_RECORDING, CALIBRATION, UNDO_CORRECTION)
SCAN, STATIONS, SAVE_STATION, REMOVE_STATION, RELOAD = (
    "scan",
    "stations",
    "save_station",
    "remove_station",
    "reload",
)
SERVICE_QUESTIONS = (SCAN, STATIONS, SAVE_STATION, REMOVE_STATION, RELOAD)
"""Asked of the service as a whole, at `service/cmd/...`, with a ticket of the page."""
TICKET = "ticket"
_MOST_DIGITS = 15
_MOST_ID = 64
_PRESSES = {"", "PRESS"}
"""What a button sends: nothing, or Home Assistant's word for it."""
_SWITCH = {"": True, "PRESS": True, "on": True, "true": True, "off": False, "false": False}
_PHASES = ("eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s")

CommandId = str | int | None
"""Chosen by whoever asks, to know the answer by."""


class Refused(InputError):  # noqa: N818 - a refusal is an answer, not an error of ours
    """A command message is wrong; `cmd_id` as far as it could be read."""

    def __init__(self, problems: Iterable[Problem], cmd_id: CommandId = None) -> None:
        super().__init__(problems)
        self.cmd_id = cmd_id


@dataclass(frozen=True, slots=True)
class Request:
    """A command as asked for; `fields` are those of its record but for `at_s`, not yet checked."""

    station: str
    cmd: str
    cmd_id: CommandId = None
    fields: Mapping[str, object] = field(default_factory=dict)

    def command(self, at_s: float, sensor: str | None = None) -> Command:
        """Build the command's record.

        Parameters
        ----------
        at_s
            Stream time from which it holds, s.
        sensor
            The sensor a `placement` is for when it names none.

        Raises
        ------
        InputError
            Naming every field that is unknown, missing or wrong.
        """
        fields = dict(self.fields)
        if self.cmd == SelectPlacement.name and sensor is not None:
            fields.setdefault("sensor", sensor)
        return command_from_dict(fields | {"cmd": self.cmd, "at_s": at_s}, f"cmd/{self.cmd}")


def read_request(station: str, cmd: str, payload: bytes) -> Request:
    """Read the message of a command: a JSON object, or a bare value as buttons and selects send it.

    Raises
    ------
    Refused
        Saying why.
    """
    bare = _BARE_OF_SERVICE if station == SERVICE else _BARE
    if cmd not in bare:
        raise _refusal(cmd, "there is no such command", did_you_mean(cmd, bare))
    if len(payload) > MOST_BYTES:
        raise _refusal(cmd, f"{len(payload)} bytes are too many", f"At most {MOST_BYTES}.")
    try:
        text = payload.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise _refusal(cmd, "the payload is not UTF-8") from None
    value = _json(cmd, text) if text[:1] in {"{", "[", '"'} else text
    if isinstance(value, dict):
        return _from_object(station, cmd, value)
    if not isinstance(value, str):
        raise _refusal(cmd, "a list is no command", 'Write {"key": value}, or a bare value.')
    return Request(station, cmd, None, bare[cmd](cmd, value.strip()))


def _refusal(cmd: str, message: str, mend: str = "") -> Refused:
    return Refused([Problem(f"cmd/{cmd}", message, mend)])


def _json(cmd: str, text: str) -> object:
    try:
        value: object = json.loads(text, parse_constant=_no_number, parse_int=_short_int)
    except (ValueError, RecursionError):
        raise _refusal(cmd, "the payload is not JSON", 'Write {"key": value}, or a bare value.') from None
    return value


def _no_number(text: str) -> float:
    raise ValueError(text)


def _short_int(digits: str) -> int:
    """Numbers no float can hold would raise later, where they are compared with one."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(digits)
    return int(digits)


def _from_object(station: str, cmd: str, data: dict[str, object]) -> Request:
    cmd_id = data.pop("cmd_id", None)
    if not (cmd_id is None or type(cmd_id) is int or (isinstance(cmd_id, str) and len(cmd_id) <= _MOST_ID)):
        raise _refusal(cmd, f"cmd_id is neither a whole number nor text of up to {_MOST_ID} characters")
    wrong = []
    if data.pop("schema", SCHEMA) != SCHEMA:
        wrong.append(("unknown schema", f"This program speaks {SCHEMA}."))
    if data.pop("cmd", cmd) != cmd:
        wrong.append(("the payload names another command than the topic", ""))
    if "at_s" in data:
        wrong.append(("unknown key 'at_s'", "A command holds from when it arrives."))
    if wrong:
        raise Refused([Problem(f"cmd/{cmd}", message, mend) for message, mend in wrong], cmd_id)
    return Request(station, cmd, cmd_id, data)


def _word(key: str) -> Callable[[str, str], dict[str, object]]:
    return lambda _cmd, text: {key: text} if text else {}


def _press(cmd: str, text: str) -> dict[str, object]:
    if text not in _PRESSES:
        raise _refusal(cmd, "this is a button and takes no value", "Send an empty message.")
    return {}


def _switch(cmd: str, text: str) -> dict[str, object]:
    armed = _SWITCH.get(text, _SWITCH.get(text.lower()))
    if armed is None:
        raise _refusal(cmd, "neither on nor off", "Send ON or OFF.")
    return {"armed": armed}


def _count(cmd: str, text: str) -> dict[str, object]:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise _refusal(cmd, "the count is not a whole number", "Send one such as 8.")
    return {"rep_count": int(text)}


def _tempo(cmd: str, text: str) -> dict[str, object]:
    try:
        phases_s = [float(part) for part in text.split("-")]
    except ValueError:
        phases_s = []
    if len(phases_s) not in {1, len(_PHASES)}:
        raise _refusal(cmd, "the tempo cannot be read", "Send 2.5 (lowering in s) or 3-1-1-0.")
    return dict(zip(_PHASES, phases_s, strict=False))


def _amount(key: str) -> Callable[[str, str], dict[str, object]]:
    """A number; nothing, `none` or `None` (as Home Assistant writes it) take it back."""

    def read(cmd: str, text: str) -> dict[str, object]:
        if text.lower() in {"", "none"}:
            return {key: None}
        try:
            return {key: float(text)}
        except ValueError:
            raise _refusal(cmd, f"{text!r} is no number", "Send one such as 90.") from None

    return read


def _plan(cmd: str, text: str) -> dict[str, object]:
    if text:
        raise _refusal(cmd, "a plan is no word", 'Send {"sets": [{"exercise": "pull_up", "reps": 8}]}.')
    return {"sets": []}


def text_field(request: "Request", key: str) -> str | None:
    """Take a text out of a question; None where it is missing.

    Raises
    ------
    InputError
        When it is no text, or something else is asked for with it.
    """
    problems = [
        Problem(f"cmd/{request.cmd}", f"unknown key {name!r}", did_you_mean(name, [key]))
        for name in request.fields
        if name != key
    ]
    value = request.fields.get(key)
    if value is not None and not isinstance(value, str):
        problems.append(Problem(f"cmd/{request.cmd}", f"{key} = {value!r} is no text"))
    if problems:
        raise InputError(problems)
    return value if isinstance(value, str) else None


_BARE: dict[str, Callable[[str, str], dict[str, object]]] = {
    SelectExercise.name: _word("exercise"),
    SelectPlacement.name: _word("placement"),
    SetTarget.name: _tempo,
    Arm.name: _switch,
    EndSet.name: _press,
    CorrectCount.name: _count,
    Reset.name: _press,
    SetRestTarget.name: _amount("rest_target_s"),
    SetLoad.name: _amount("load_kg"),
    SetPlan.name: _plan,
    WATCH: _press,
    HISTORY: _word("day"),
    RECORDINGS: _press,
    CALIBRATION: _press,
    UNDO_CORRECTION: _press,
    DELETE_RECORDING: _word("name"),
}
_BARE_OF_SERVICE = dict.fromkeys(SERVICE_QUESTIONS, _press)
