"""`capture.jsonl`: notifications and commands as they came, in the order in which they came.

The first line says what the file is. Every further line is a notification or a GATT read, `{"arrival_s",
"sensor", "characteristic", "hex"}`, or a command, `{"arrival_s", "command": {"cmd", ...}}`. Each line goes to
the operating system as one write at once, so a killed process loses none it has written.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from repcount.commands import Command, command_from_dict, command_to_dict
from repcount.edges.recording.meta import RecordingMeta, SensorMeta, write_meta
from repcount.edges.recording.text import (
    SALVAGE_ADVICE,
    SCHEMA,
    finite_number,
    json_object,
    key_problems,
    number_problems,
    numbered_lines,
    schema_problems,
    text_problems,
)
from repcount.errors import InputError, Problem, did_you_mean
from repcount.samples import Notification

CAPTURE_NAME = "capture.jsonl"
MOST_PROBLEMS = 50
"""More than this many bad lines are not listed: the file is something else."""

CaptureItem = tuple[str, Notification] | Command
_NOTIFICATION_KEYS = ("arrival_s", "sensor", "characteristic", "hex")
_COMMAND_KEYS = ("arrival_s", "command")


class RecordingWriter:
    """Writes a new recording folder: `meta.toml` at once, then a line for each thing that comes.

    Raises
    ------
    InputError
        When the folder already holds a capture.
    OSError
        When the disk is full or the folder cannot be written.
    """

    def __init__(self, folder: Path, meta: RecordingMeta) -> None:
        path = folder / CAPTURE_NAME
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._file = path.open("x", encoding="ascii", newline="\n", buffering=1)
        except FileExistsError as error:
            problem = Problem(str(path), "is already there", "Give a folder that does not exist yet")
            raise InputError([problem]) from error
        self.folder, self._meta = folder, meta
        write_meta(folder, meta)
        self._line({"schema": SCHEMA, "kind": "capture"})

    def add_sensor(self, sensor: str, worn: SensorMeta) -> None:
        """Name a further sensor in the meta data, before anything of it is written."""
        self._meta = replace(self._meta, sensors={**self._meta.sensors, sensor: worn})
        write_meta(self.folder, self._meta)

    def write(self, sensor: str, notification: Notification) -> None:
        """Append a notification of a sensor named in the meta data."""
        if sensor not in self._meta.sensors:
            raise ValueError(f"sensor {sensor!r} is not in the meta data")
        self._line(
            {
                "arrival_s": to_microsecond(notification.arrival_s),
                "sensor": sensor,
                "characteristic": notification.characteristic,
                "hex": notification.payload.hex(),
            }
        )

    def write_command(self, arrival_s: float, command: Command) -> None:
        """Append a command that came at `arrival_s`, host's monotonic time in s."""
        self._line({"arrival_s": to_microsecond(arrival_s), "command": command_to_dict(command)})

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _line(self, data: dict[str, object]) -> None:
        self._file.write(json.dumps(data) + "\n")


def to_microsecond(time_s: float) -> float:
    """A time as a capture holds it, s: whoever records and counts must count with this one."""
    return round(time_s, 6)


@dataclass(slots=True)
class CaptureReader:
    """Reads a capture line by line; memory does not grow with its length.

    With `salvage` unreadable lines are left out and listed in `left_out` (the first `MOST_PROBLEMS`).
    """

    path: Path
    sensors: Collection[str]
    salvage: bool = False
    left_out: list[Problem] = field(default_factory=list)

    def items(self) -> Iterator[CaptureItem]:
        """Notifications with their sensor, and commands, in order.

        Raises
        ------
        InputError
            After the last whole item before the first bad line; with every problem of the rest of the file.
        """
        problems: list[Problem] = []
        last_s: float | None = None
        for number, line in numbered_lines(self.path):
            place = f"{self.path}:{number}"
            try:
                if number == 1:
                    _check_header(line, place)
                    continue
                arrival_s, item = _parse(line, place, self.sensors)
                _check_order(arrival_s, last_s, place)
            except InputError as error:
                problems += error.problems[: MOST_PROBLEMS + 1 - len(problems)]
                if len(problems) > MOST_PROBLEMS and not self.salvage:
                    break
                continue
            last_s = arrival_s
            if self.salvage or not problems:
                yield item
        self._tell(problems)

    def check_header(self) -> list[Problem]:
        """What is wrong with the file before its first item; an empty list is good."""
        if not self.path.is_file():
            return [Problem(str(self.path), "is missing")]
        number, line = next(numbered_lines(self.path), (1, b""))
        try:
            _check_header(line, f"{self.path}:{number}")
        except InputError as error:
            return [] if self.salvage else list(error.problems)
        return []

    def _tell(self, problems: list[Problem]) -> None:
        if len(problems) > MOST_PROBLEMS:
            more = Problem(str(self.path), f"more than {MOST_PROBLEMS} problems; the rest is not listed")
            problems = [*problems[:MOST_PROBLEMS], more]
        if problems and not self.salvage:
            raise InputError(problems)
        self.left_out[:] = problems


def _check_header(line: bytes, place: str) -> None:
    if not line:
        raise InputError([Problem(place, "the file is empty", SALVAGE_ADVICE)])
    header = json_object(line, place)
    problems = schema_problems(header, place)
    if header.get("kind") != "capture":
        problems.append(Problem(place, 'is not the header of a capture, {"schema": 1, "kind": "capture"}'))
    if problems:
        raise InputError(problems)


def _check_order(arrival_s: float, last_s: float | None, place: str) -> None:
    if last_s is not None and arrival_s < last_s:
        message = f"time goes backwards: arrival_s {arrival_s} after {last_s}"
        raise InputError([Problem(place, message, SALVAGE_ADVICE)])


def _parse(line: bytes, place: str, sensors: Collection[str]) -> tuple[float, CaptureItem]:
    data = json_object(line, place)
    keys = _COMMAND_KEYS if "command" in data else _NOTIFICATION_KEYS
    problems = key_problems(data, keys, place)
    if "arrival_s" in data:
        problems += number_problems(data["arrival_s"], "arrival_s", place)
    arrival_s = finite_number(data.get("arrival_s"))
    if "command" in data:
        item: CaptureItem | None = _command(data["command"], place, problems)
    else:
        item = _notification(data, arrival_s, place, sensors, problems)
    if problems or item is None or arrival_s is None:
        raise InputError(problems)
    return arrival_s, item


def _command(given: object, place: str, problems: list[Problem]) -> Command | None:
    if not isinstance(given, dict):
        problems.append(Problem(place, "command is not a JSON object"))
        return None
    try:
        return command_from_dict(given, place)
    except InputError as error:
        problems += error.problems
        return None


def _notification(
    data: dict[str, object],
    arrival_s: float | None,
    place: str,
    sensors: Collection[str],
    problems: list[Problem],
) -> tuple[str, Notification] | None:
    sensor, characteristic, payload = (
        data.get("sensor"),
        data.get("characteristic"),
        _payload(data.get("hex")),
    )
    if "sensor" in data and not (isinstance(sensor, str) and sensor in sensors):
        problems.append(Problem(place, f"unknown sensor {sensor!r}", did_you_mean(str(sensor), sensors)))
    if "characteristic" in data:
        problems += text_problems(characteristic, "characteristic", place)
    if "hex" in data and payload is None:
        problems.append(Problem(place, "hex is not pairs of hexadecimal digits"))
    if problems or payload is None or arrival_s is None:
        return None
    return str(sensor), Notification(str(characteristic), payload, arrival_s)


def _payload(digits: object) -> bytes | None:
    if not isinstance(digits, str) or any(c.isspace() for c in digits):
        return None
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return None
