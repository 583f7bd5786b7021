"""Movesense: what its apps log as JSON, notifications as the sensor sends them, and as CSV.

A notification holds `Timestamp`, ms of the sensor's clock at its first sample, and `ArrayAcc` (m/s2) or
`ArrayGyro` (deg/s), in `IMU6` and `IMU9` both (Movesense device library, API of /Meas/Acc, /Meas/Gyro,
/Meas/IMU6); how the apps wrap that differs, so it is looked for at any depth.
"""

import json
from collections.abc import Iterator
from datetime import tzinfo

import numpy as np

from repcount.edges.formats.clocks import Clock
from repcount.edges.formats.forms import ACC_UNITS, GYRO_UNITS, Axes, Form, read_form
from repcount.edges.formats.series import Found, Series
from repcount.errors import InputError, Problem
from repcount.samples import Array

CSV = Form(
    clocks=(Clock(pattern=r"timestamp( ?\(ms\))?", unit="ms"), Clock(pattern=r"time( ?\(s\))?", unit="s")),
    acc=(
        Axes(pattern=r"(acc|accelerometer|arrayacc)[ _.]?{a}( ?\(m/s\^?2\))?", unit="m/s2"),
        Axes(pattern=r"{a}( ?\(m/s\^?2\))?", unit="m/s2"),
    ),
    gyro=(Axes(pattern=r"(gyro|gyroscope|arraygyro)[ _.]?{a}( ?\((deg/s|dps)\))?", unit="deg/s"),),
)
_BLOCK = tuple[float, Array]


def read_movesense(text: str, place: str, zone: tzinfo) -> Found | None:
    """What a log holds; None if it is neither form.

    Raises
    ------
    InputError
        With what is wrong with the file.
    """
    if text.lstrip()[:1] not in {"{", "["}:
        return read_form(CSV, text, place, zone)
    blocks = list(_objects(_parsed(text, place)))
    acc, gyro = _blocks(blocks, "ArrayAcc", place), _blocks(blocks, "ArrayGyro", place)
    if not acc and not gyro:
        return None
    return Found(_series(acc, ACC_UNITS["m/s2"], place), _series(gyro, GYRO_UNITS["deg/s"], place))


def _parsed(text: str, place: str) -> object:
    """One JSON value, or one a line."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InputError([Problem(place, "is nested too deep to be a log")]) from error
    except ValueError:
        pass
    values = []
    lines = text.splitlines()
    for n, line in enumerate(lines, 1):
        try:
            values += [json.loads(line)] if line.strip() else []
        except (ValueError, RecursionError) as error:
            if n < len(lines):
                raise InputError([Problem(f"{place}:{n}", f"is not JSON ({error})")]) from error
    return values


def _objects(value: object) -> Iterator[dict[str, object]]:
    """Every object within, outer before inner, in order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting += reversed(list(inner))


def _blocks(objects: list[dict[str, object]], key: str, place: str) -> list[_BLOCK]:
    found = []
    for one in objects:
        if key not in one:
            continue
        try:
            axes = [[float(sample[axis]) for axis in "xyz"] for sample in one[key]]  # type: ignore[attr-defined]
            found.append((float(one["Timestamp"]) / 1000.0, np.array(axes)))  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError) as error:
            mend = "Each needs a Timestamp and samples of x, y and z"
            raise InputError([Problem(place, f"{key} number {len(found) + 1} is not whole", mend)]) from error
    return [(start_s, axes) for start_s, axes in found if axes.size]


def _series(blocks: list[_BLOCK], unit: float, place: str) -> Series | None:
    """Samples spread evenly from the time of each notification to that of the next."""
    if not blocks:
        return None
    starts_s = np.array([start_s for start_s, _ in blocks])
    sizes = np.array([len(axes) for _, axes in blocks])
    if len(blocks) < 2 or (np.diff(starts_s) <= 0).any():  # noqa: PLR2004
        raise InputError([Problem(place, "the times of its notifications do not increase")])
    step_s = float(np.median(np.diff(starts_s) / sizes[:-1]))
    t_s = np.concatenate(
        [start_s + step_s * np.arange(n) for start_s, n in zip(starts_s, sizes, strict=True)]
    )
    return Series(np.maximum.accumulate(t_s), np.concatenate([axes for _, axes in blocks]) * unit)
