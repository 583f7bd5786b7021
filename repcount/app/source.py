"""What a path on the command line holds: sensors, an exercise, and what came in order."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from repcount.app.output import say
from repcount.app.run import pieces
from repcount.commands import Command, SelectExercise
from repcount.edges.files import read_samples
from repcount.edges.profiles import load_profile
from repcount.edges.recording import META_NAME, Connected, RecordingMeta, read_recording
from repcount.errors import InputError, Problem, did_you_mean
from repcount.exercises import EXERCISES, exercise_problems, placement_problems
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.reps.remembered import Remembered, remembered_from_data
from repcount.reps.tuning import Tuned, tuning_key, value_problems
from repcount.samples import Notification, SampleBatch

Item = tuple[str, Notification | SampleBatch | Connected] | Command
SENSOR = "wrist"
"""Key of the sensor of a recording that names none."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something to play: `items` in the order they came; times are those of the recording.

    `exercise` is what is done first; None where a command among the items says it. `force`: also with a
    sensor that cannot see it. `remembered`: how the wearer's reps went before. `ended_s`: until when was
    listened, None where nobody knows. `tuned`: what was changed of how they are counted.
    """

    sensors: Mapping[str, SensorConfig]
    exercise: str | None
    items: Iterable[Item]
    force: bool = False
    remembered: Mapping[str, Remembered] = field(default_factory=dict)
    ended_s: float | None = None
    tuned: Tuned = field(default_factory=dict)

    def pipeline(self, station: str) -> Pipeline:
        """Make a pipeline that takes the items."""
        return Pipeline(self.sensors, self.params(station))

    def params(self, station: str) -> PipelineParams:
        """Return the parameters of such a pipeline."""
        params = PipelineParams(
            station=station, exercise=self.exercise, force=self.force, remembered=self.remembered
        )
        return params.tuned_as(self.tuned)


def open_source(
    path: Path,
    exercise: str | None,
    placement: str | None,
    batch_ms: float = 40,
    *,
    salvage: bool = False,
    force: bool = False,
    tuned: Tuned | None = None,
) -> Source:
    """Open a recording folder, a `.csv` or a `.npz`, and read it to its end.

    What is given overrides what the recording says; of several sensors `placement` keeps those worn there.
    `batch_ms` cuts ready samples as notifications would. With `force` an exercise is
    counted also where the sensor cannot see it. `tuned` is in place of what the recording says was changed.

    Raises
    ------
    InputError
        With all that is wrong with the path and the arguments.
    """
    problems = choice_problems(exercise, placement, force=force)
    try:
        source = open_path(path, salvage=salvage)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from error
    exercise = exercise or source.exercise
    if exercise is None and not any(isinstance(item, SelectExercise) for item in source.items):
        known = f"Give one of: {', '.join(EXERCISES)}." + (
            f' Or write exercise = "..." into its {META_NAME}.' if path.is_dir() else ""
        )
        problems.append(Problem("--exercise", "the recording does not say what was done", known))
    sensors = _worn(source.sensors, placement)
    if not sensors:
        worn_at = ", ".join(worn.placement for worn in source.sensors.values())
        problems.append(
            Problem("--placement", f"no sensor is worn at {placement!r}", f"There are: {worn_at}.")
        )
    if problems:
        raise InputError(problems)
    items = (item for item in source.items if not isinstance(item, tuple) or item[0] in sensors)
    return replace(
        source,
        sensors=sensors,
        exercise=exercise,
        items=_cut(items, batch_ms),
        force=force or source.force,
        tuned=tuned or source.tuned,
    )


def open_path(path: Path, *, salvage: bool = False) -> Source:
    """Open what lies there, whatever was done in it; InputError with all that is wrong with it."""
    return _open_folder(path, salvage=salvage) if path.is_dir() else _open_file(path)


def _worn(sensors: Mapping[str, SensorConfig], placement: str | None) -> dict[str, SensorConfig]:
    """The one sensor, worn at `placement` if that is given; of several those worn there."""
    if placement is None or len(sensors) > 1:
        return {key: worn for key, worn in sensors.items() if placement in {None, worn.placement}}
    return {key: replace(worn, placement=placement) for key, worn in sensors.items()}


def _open_file(path: Path) -> Source:
    return Source({SENSOR: SensorConfig(None, "wrist")}, None, [(SENSOR, read_samples(path))])


def _open_folder(folder: Path, *, salvage: bool) -> Source:
    recording = read_recording(folder, salvage=salvage)
    meta, place = recording.meta, str(folder / META_NAME)
    sensors, gone = _read_sensors(meta, place)
    if gone and not (salvage and sensors):
        raise InputError(gone)
    items = [
        item for item in recording.items() if not isinstance(item, tuple) or item[0] in sensors or not gone
    ]
    for problem in [*gone, *recording.beside, *recording.left_out]:
        say(f"left out: {problem}")
    remembered = remembered_from_data(meta.remembered, place)
    problems = tuned_problems(meta.tuned, f"{place}: tuned")
    if problems:
        raise InputError(problems)
    return Source(sensors, meta.exercise, items, meta.force, remembered, meta.ended_s, meta.tuned)


def check_recording(folder: Path) -> None:
    """Make sure that a recording can be read, without counting it; InputError with all that is wrong."""
    recording = read_recording(folder)
    _, gone = _read_sensors(recording.meta, str(folder / META_NAME))
    if gone:
        raise InputError(gone)
    deque(recording.items(), maxlen=0)


def _read_sensors(meta: RecordingMeta, place: str) -> tuple[dict[str, SensorConfig], list[Problem]]:
    """The sensors whose profile can be read, and what is wrong with the others'."""
    sensors: dict[str, SensorConfig] = {}
    problems: list[Problem] = []
    for key, worn in meta.sensors.items():
        try:
            profile = load_profile(worn.profile) if worn.profile else None
        except InputError as error:
            here = f"{place}: sensors.{key}"
            problems += [one if one.place else Problem(here, one.message, one.mend) for one in error.problems]
        else:
            sensors[key] = SensorConfig(profile, worn.placement, worn.values)
    return sensors, problems


def _cut(items: Iterable[Item], batch_ms: float) -> Iterator[Item]:
    for item in items:
        match item:
            case (sensor, SampleBatch() as samples):
                yield from ((sensor, piece) for piece in pieces(samples, batch_ms))
            case _:
                yield item


def tuned_problems(tuned: Tuned, place: str) -> list[Problem]:
    """Everything wrong with changed values: of an exercise or placement there is not, or wrong themselves."""
    worn = {tuning_key(model.id, at): (model, at) for model in EXERCISES.values() for at in model.placements}
    problems = [
        Problem(place, f"unknown {key!r}", did_you_mean(key, worn)) for key in tuned if key not in worn
    ]
    for key in tuned.keys() & worn.keys():
        problems += value_problems(*worn[key], tuned[key], place)
    return problems


def choice_problems(exercise: str | None, placement: str | None, *, force: bool = False) -> list[Problem]:
    """Everything wrong with what was asked to be counted, and where; None is not asked."""
    problems = [] if exercise is None else exercise_problems(exercise, None, "--exercise")
    if placement is not None:
        problems += placement_problems(exercise, placement, "--placement", force=force)
    return problems
