"""A table of anybody's: columns named as people name them, units from the names or given.

Rules: a unit is never guessed: it is in the name of the column, as `ax_g` or `acc_x (m/s^2)`, or asked for.
"""

import re
from collections.abc import Sequence
from datetime import tzinfo

import numpy as np

from repcount.edges.formats.clocks import SECONDS, Clock, Times, read_times
from repcount.edges.formats.forms import ACC_UNITS, GYRO_UNITS
from repcount.edges.formats.series import Found, Series
from repcount.edges.formats.table import Table, read_table
from repcount.errors import InputError, Problem, did_you_mean
from repcount.samples import Array

_UNIT = r"(?:[ _]?[(\[]?(?P<unit>[a-z]+(?:/s(?:ec)?)?(?:\^?2)?|m_s2|deg_s|rad_s)[)\]]?)?"
_TIME = re.compile(r"(?:t|time|timestamp|seconds|elapsed|seconds_elapsed)" + _UNIT)
_ACC = r"(?:a|acc|accel|acceleration|accelerometer)[ _.]?{a}"
_GYRO = r"(?:g|gyr|gyro|gyroscope|w|omega|rot|rotationrate)[ _.]?{a}"
SPELT = {
    "dps": "deg/s",
    "deg_s": "deg/s",
    "deg/sec": "deg/s",
    "rad_s": "rad/s",
    "m/s^2": "m/s2",
    "m_s2": "m/s2",
    "mps2": "m/s2",
    "mdps": "mdeg/s",
    "sec": "s",
    "seconds": "s",
}


class Units:
    """Units as a person gave them, by name or None; InputError names each that is none."""

    def __init__(self, time: str | None = None, acc: str | None = None, gyro: str | None = None) -> None:
        given = (
            ("--time-unit", time, SECONDS),
            ("--acc-unit", acc, ACC_UNITS),
            ("--gyro-unit", gyro, GYRO_UNITS),
        )
        problems = [
            Problem(option, f"{unit!r} is no unit of it", did_you_mean(unit, known))
            for option, unit, known in given
            if unit is not None and SPELT.get(unit, unit) not in known
        ]
        if problems:
            raise InputError(problems)
        self.time, self.acc, self.gyro = (
            None if unit is None else SPELT.get(unit, unit) for _, unit, _ in given
        )


def read_plain(text: str, place: str, units: Units, zone: tzinfo) -> Found | None:
    """What a table holds; None where no column is named like an acceleration or a turning rate.

    Raises
    ------
    InputError
        With what is wrong with the file, and each unit that must be given.
    """
    table = read_table(text, place, _is_header)
    if table is None:
        return None
    problems: list[Problem] = []
    times = _times(table, units, zone, problems)
    acc = _axes(table, _ACC, "--acc-unit", units.acc, ACC_UNITS, times.t_s, problems)
    gyro = _axes(table, _GYRO, "--gyro-unit", units.gyro, GYRO_UNITS, times.t_s, problems)
    if problems:
        raise InputError(problems)
    return Found(acc, gyro, times.when, list(table.notes))


def _is_header(names: Sequence[str]) -> bool:
    return any(_matching(names, pattern) for pattern in (_ACC, _GYRO))


def _matching(names: Sequence[str], pattern: str) -> list[tuple[int, str | None]]:
    """Column and unit of each axis; empty unless all three are there."""
    found: list[tuple[int, str | None]] = []
    for axis in "xyz":
        wanted = re.compile(pattern.replace("{a}", axis) + _UNIT)
        matches = ((k, wanted.fullmatch(name)) for k, name in enumerate(names))
        first = next(((k, match["unit"]) for k, match in matches if match), None)
        if first is None:
            return []
        found.append(first)
    return found


def _axes(
    table: Table,
    pattern: str,
    option: str,
    given: str | None,
    known: dict[str, float],
    t_s: Array,
    problems: list[Problem],
) -> Series | None:
    found = _matching(table.columns, pattern)
    if not found:
        return None
    named = found[0][1]
    unit = given or (SPELT.get(named, named) if named else None)
    if unit not in known:
        name = table.columns[found[0][0]]
        problems.append(
            Problem(table.place, f"the unit of {name!r} is not said", f"Give {option}: {', '.join(known)}")
        )
        return None
    return Series(t_s, table.numbers([column for column, _ in found]) * known[unit])


def _times(table: Table, units: Units, zone: tzinfo, problems: list[Problem]) -> Times:
    matches = ((k, _TIME.fullmatch(name)) for k, name in enumerate(table.columns))
    column, named = next(((k, match["unit"]) for k, match in matches if match), (None, None))
    if column is None:
        problems.append(Problem(table.place, "has no column of times", "Name it t_s, or time (ms)"))
    elif table.rows and ":" in table.rows[0][column]:
        return read_times(table, column, Clock(pattern="", unit="date"), zone)
    elif (unit := units.time or SPELT.get(named or "", named)) in SECONDS:
        return read_times(table, column, Clock(pattern="", unit=str(unit)), zone)
    else:
        name = table.columns[column]
        problems.append(
            Problem(
                table.place, f"the unit of {name!r} is not said", f"Give --time-unit: {', '.join(SECONDS)}"
            )
        )
    return Times(np.zeros(len(table.rows)), None)
