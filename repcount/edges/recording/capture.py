"""`capture.jsonl`: notifications and commands as they came, in the order in which they came.

The first line says what the file is. Every further line is a notification or a GATT read, `{"arrival_s",
"sensor", "characteristic", "hex"}`; a connection, before what came of it, `{"arrival_s", "sensor", "values":
{...}}`; or a command, `{"arrival_s", "command": {"cmd", ...}}`. Each line goes to the operating system as one
write at once, so a killed process loses none it has written; a last line that is cut in the middle is left
out, and that is said.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from repcount.commands import Command, command_from_dict, command_to_dict
from repcount.edges.recording.meta import RecordingMeta, SensorMeta, read_meta, write_meta
from repcount.edges.recording.text import (
    SALVAGE_ADVICE,
    SCHEMA,
    CutLineError,
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


@dataclass(frozen=True, slots=True)
class Connected:
    """A sensor was connected, and started with these values; an earlier link's clock and counter are void.

    `arrival_s` is when it was ready; what came while it was being started follows, and arrived earlier.
    """

    values: Mapping[str, float]
    arrival_s: float


CaptureItem = tuple[str, Notification | Connected] | Command
_CONNECTED_KEYS = ("arrival_s", "sensor", "values")
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
        if path.exists():
            problem = Problem(str(path), "is already there", "Give a folder that does not exist yet")
            raise InputError([problem])
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._meta = folder, meta
        write_meta(folder, meta)  # first: a capture without it cannot be read
        self._file = path.open("x", encoding="ascii", newline="\n", buffering=1)
        self._line({"schema": SCHEMA, "kind": "capture"})

    def add_sensor(self, sensor: str, worn: SensorMeta) -> None:
        """Name a further sensor in the meta data, before anything of it is written."""
        meta = self.meta
        self._write_meta(replace(meta, sensors={**meta.sensors, sensor: worn}))

    @property
    def meta(self) -> RecordingMeta:
        """The meta data; a person may have said meanwhile, elsewhere, how many reps there were."""
        try:
            return replace(self._meta, reps_true=read_meta(self.folder).reps_true)
        except (InputError, OSError):
            return self._meta

    def write_reps_true(self, reps_true: tuple[int | None, ...] | None) -> None:
        """Keep what a person says of the sets so far."""
        self._write_meta(replace(self._meta, reps_true=reps_true))

    def _write_meta(self, meta: RecordingMeta) -> None:
        self._meta = meta
        write_meta(self.folder, meta)

    def write_connected(self, sensor: str, connected: Connected) -> None:
        """Append that a sensor named in the meta data was connected."""
        self._check_named(sensor)
        arrival_s = to_microsecond(connected.arrival_s)
        self._line({"arrival_s": arrival_s, "sensor": sensor, "values": dict(connected.values)})

    def write(self, sensor: str, notification: Notification) -> None:
        """Append a notification of a sensor named in the meta data."""
        self._check_named(sensor)
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

    def end(self, host_s: float) -> None:
        """Note in the meta data that until then was listened, host's monotonic time in s."""
        self._write_meta(replace(self.meta, ended_s=to_microsecond(host_s)))

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_named(self, sensor: str) -> None:
        if sensor not in self._meta.sensors:
            raise ValueError(f"sensor {sensor!r} is not in the meta data")

    def _line(self, data: dict[str, object]) -> None:
        self._file.write(json.dumps(data) + "\n")


def to_microsecond(time_s: float) -> float:
    """A time as a capture holds it, s: whoever records and counts must count with this one."""
    return round(time_s, 6)


@dataclass(slots=True)
class CaptureReader:
    """Reads a capture line by line; memory does not grow with its length.

    With `salvage` unreadable lines are left out and listed in `left_out` (the first `MOST_PROBLEMS`); a last
    line that was cut, by a kill, always is.
    """

    path: Path
    sensors: Collection[str]
    salvage: bool = False
    left_out: list[Problem] = field(default_factory=list)

    def items(self) -> Iterator[CaptureItem]:
        """Notifications and connections with their sensor, and commands, in order.

        Raises
        ------
        InputError
            After the last whole item before the first bad line; with every problem of the rest of the file.
        """
        problems: list[Problem] = []
        last_s: dict[str, float] = {}
        cut: list[Problem] = []
        for number, line in numbered_lines(self.path):
            place = f"{self.path}:{number}"
            try:
                if number == 1:
                    _check_header(line, place)
                    continue
                arrival_s, item = _parse(line, place, self.sensors)
                _check_order(arrival_s, item, last_s, place)
            except CutLineError as error:
                cut += error.problems
                continue
            except InputError as error:
                problems += error.problems[: MOST_PROBLEMS + 1 - len(problems)]
                if len(problems) > MOST_PROBLEMS and not self.salvage:
                    break
                continue
            if self.salvage or not problems:
                yield item
        self._tell(problems, cut)

    def check_header(self) -> list[Problem]:
        """What is wrong with the file before its first item; an empty list is good."""
        if not self.path.is_file():
            return [Problem(str(self.path), "is missing")]
        number, line = next(numbered_lines(self.path), (1, b""))
        try:
            _check_header(line, f"{self.path}:{number}")
        except CutLineError:
            return []
        except InputError as error:
            return [] if self.salvage else list(error.problems)
        return []

    def _tell(self, problems: list[Problem], cut: list[Problem]) -> None:
        if len(problems) > MOST_PROBLEMS:
            more = Problem(str(self.path), f"more than {MOST_PROBLEMS} problems; the rest is not listed")
            problems = [*problems[:MOST_PROBLEMS], more]
        if problems and not self.salvage:
            raise InputError(problems)
        self.left_out[:] = [replace(one, mend="") for one in (*problems, *cut)]


def _check_header(line: bytes, place: str) -> None:
    header = json_object(line, place)
    problems = schema_problems(header, place)
    if header.get("kind") != "capture":
        problems.append(Problem(place, 'is not the header of a capture, {"schema": 1, "kind": "capture"}'))
    if problems:
        raise InputError(problems)


def _check_order(arrival_s: float, item: CaptureItem, last_s: dict[str, float], place: str) -> None:
    """What comes of one sensor does in order; two that were read after a stall may be out of order."""
    if isinstance(item, tuple) and isinstance(item[1], Connected):
        return
    who = item[0] if isinstance(item, tuple) else ""
    if arrival_s < last_s.get(who, arrival_s):
        message = f"time goes backwards: arrival_s {arrival_s} after {last_s[who]}"
        raise InputError([Problem(place, message, SALVAGE_ADVICE)])
    last_s[who] = arrival_s


def _parse(line: bytes, place: str, sensors: Collection[str]) -> tuple[float, CaptureItem]:
    data = json_object(line, place)
    connects = "values" in data and "command" not in data
    keys = _COMMAND_KEYS if "command" in data else _CONNECTED_KEYS if connects else _NOTIFICATION_KEYS
    problems = key_problems(data, keys, place)
    if "arrival_s" in data:
        problems += number_problems(data["arrival_s"], "arrival_s", place)
    arrival_s = finite_number(data.get("arrival_s"))
    if "command" in data:
        item: CaptureItem | None = _command(data["command"], place, problems)
    elif connects:
        item = _connected(data, arrival_s, place, sensors, problems)
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


def _connected(
    data: dict[str, object],
    arrival_s: float | None,
    place: str,
    sensors: Collection[str],
    problems: list[Problem],
) -> tuple[str, Connected] | None:
    sensor, values = data.get("sensor"), data["values"]
    problems += _sensor_problems(data, sensors, place)
    numbers: dict[str, float] = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        if (number := finite_number(value)) is not None:
            numbers[name] = number
    if not isinstance(values, dict) or len(numbers) < len(values):
        problems.append(Problem(place, "values is not a table of numbers"))
    if problems or arrival_s is None:
        return None
    return str(sensor), Connected(numbers, arrival_s)


def _sensor_problems(data: Mapping[str, object], sensors: Collection[str], place: str) -> list[Problem]:
    sensor = data.get("sensor")
    if "sensor" not in data or (isinstance(sensor, str) and sensor in sensors):
        return []
    return [Problem(place, f"unknown sensor {sensor!r}", did_you_mean(str(sensor), sensors))]


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
    problems += _sensor_problems(data, sensors, place)
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
