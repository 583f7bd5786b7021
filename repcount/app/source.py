"""What a path on the command line holds: sensors, an exercise, and what came in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from repcount.app.run import pieces
from repcount.commands import Command
from repcount.edges.files import read_samples
from repcount.edges.profiles import load_profile
from repcount.edges.recording import read_recording
from repcount.errors import InputError, Problem
from repcount.exercises import EXERCISES, exercise_problems
from repcount.pipeline import SensorConfig
from repcount.samples import Notification, SampleBatch

Item = tuple[str, Notification | SampleBatch] | Command
SENSOR = "wrist"
"""Key of the sensor of a recording that names none."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something to play: `items` in the order they came; times are those of the recording."""

    sensors: Mapping[str, SensorConfig]
    exercise: str
    items: Iterator[Item]


def open_source(
    path: Path, exercise: str | None, placement: str | None, batch_ms: float = 40, *, salvage: bool = False
) -> Source:
    """Open a recording folder, a `.csv` or a `.npz`.

    What is given overrides what the recording says; `batch_ms` cuts ready samples as notifications would.

    Raises
    ------
    InputError
        With all that is wrong with the path and the arguments.
    """
    if path.is_dir():
        return _open_folder(path, exercise, placement, batch_ms, salvage=salvage)
    problems = _choice_problems(exercise, placement or "wrist")
    try:
        samples = read_samples(path)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from error
    if problems or exercise is None:
        raise InputError(problems)
    sensors = {SENSOR: SensorConfig(None, placement or "wrist")}
    return Source(sensors, exercise, ((SENSOR, piece) for piece in pieces(samples, batch_ms)))


def _open_folder(
    folder: Path, exercise: str | None, placement: str | None, batch_ms: float, *, salvage: bool
) -> Source:
    recording = read_recording(folder, salvage=salvage)
    worn = recording.meta.sensors
    exercise = exercise or recording.meta.exercise
    problems = _choice_problems(exercise, placement)
    if problems or exercise is None:
        raise InputError(problems)
    sensors = {
        key: SensorConfig(
            load_profile(sensor.profile) if sensor.profile else None, placement or sensor.placement
        )
        for key, sensor in worn.items()
    }
    return Source(sensors, exercise, _cut(recording.items(), batch_ms))


def _cut(items: Iterator[Item], batch_ms: float) -> Iterator[Item]:
    for item in items:
        match item:
            case (sensor, SampleBatch() as samples):
                yield from ((sensor, piece) for piece in pieces(samples, batch_ms))
            case _:
                yield item


def _choice_problems(exercise: str | None, placement: str | None) -> list[Problem]:
    if exercise is None:
        known = ", ".join(EXERCISES)
        return [Problem("--exercise", "the recording does not say what was done", f"Give one of: {known}.")]
    return exercise_problems(exercise, placement, "--exercise")
