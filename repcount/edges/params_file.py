"""Parameter files: what a search found for one exercise at one placement, as TOML a person can read."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from repcount.edges.problems import read_bytes
from repcount.edges.recording.text import SCHEMA, finite_number, schema_problems
from repcount.errors import InputError, Problem, did_you_mean
from repcount.exercises import EXERCISES, exercise_problems
from repcount.reps.tuning import Tuned, Values, parameters, tuning_key, value_problems

_KEYS = ("schema", "exercise", "placement", "values", "provenance")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamsFile:
    """Changed values of one exercise at one placement, and where they come from."""

    exercise: str
    placement: str
    values: Values
    provenance: Mapping[str, object] = field(default_factory=dict)


def write_params(path: Path, params: ParamsFile) -> None:
    """Write the file whole, each value with what it was and means; InputError where that cannot be."""
    known = parameters(EXERCISES[params.exercise], params.placement)
    head = {"schema": SCHEMA, "exercise": params.exercise, "placement": params.placement}
    lines = [tomli_w.dumps(head), "[values]"]
    for name, value in sorted(params.values.items()):
        lines.append(f"# {known[name].value:g} without this file. {known[name].meaning}")
        lines.append(f"{name} = {float(value)!r}")
    lines += ["", tomli_w.dumps({"provenance": dict(params.provenance)})]
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_text("\n".join(lines), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be written ({error.strerror})")]) from error


def read_params(path: Path) -> ParamsFile:
    """Read a parameter file.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    place = str(path)
    try:
        data = tomllib.loads(read_bytes(path).decode())
    except ValueError as error:  # also text that is no UTF-8
        raise InputError([Problem(place, f"is not TOML ({error})")]) from error
    problems = schema_problems(data, place) + [
        Problem(place, f"unknown key {key!r}", did_you_mean(key, _KEYS)) for key in data if key not in _KEYS
    ]
    exercise, placement, values = data.get("exercise"), data.get("placement"), data.get("values")
    if not isinstance(exercise, str) or not isinstance(placement, str):
        problems.append(Problem(place, "exercise and placement are not two texts", "Say what it is for"))
    elif wrong := exercise_problems(exercise, placement, place):
        problems += wrong
    elif not isinstance(values, dict) or not values:
        problems.append(Problem(place, "changes nothing", "Add a table [values]"))
    else:
        flat = dict(_flat(values, ""))
        problems += _number_problems(flat, place) or value_problems(
            EXERCISES[exercise], placement, flat, place
        )
    if problems:
        raise InputError(problems)
    return ParamsFile(
        exercise=str(exercise),
        placement=str(placement),
        values={name: float(value) for name, value in _flat(data["values"], "")},
        provenance=data.get("provenance", {}),
    )


def read_tuned(paths: Iterable[Path]) -> Tuned:
    """Read parameter files, each for another exercise or placement.

    Raises
    ------
    InputError
        With every problem of every file, and those that are for the same.
    """
    tuned: dict[str, Values] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            one = read_params(path)
        except InputError as error:
            problems += error.problems
            continue
        key = tuning_key(one.exercise, one.placement)
        if key in tuned:
            what = f"is a second file for {one.exercise} at the {one.placement}"
            problems.append(Problem(str(path), what, "Give one of them"))
        tuned[key] = one.values
    if problems:
        raise InputError(problems)
    return tuned


def _flat(table: Mapping[str, Any], before: str) -> Iterable[tuple[str, Any]]:
    """Values by their whole name, whichever way the tables are written."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _number_problems(values: Mapping[str, object], place: str) -> list[Problem]:
    wrong = {name: value for name, value in values.items() if finite_number(value) is None}
    return [Problem(place, f"{name} is {value!r}, not a number") for name, value in wrong.items()]
