"""Sensor Logger (phones, Apple Watch, Wear OS): a CSV a sensor, with `seconds_elapsed` and `time` in ns.

The watch's `WristMotion.csv` and iPhones tell gravity and the rest of the acceleration apart; their sum is
what a sensor feels. As Apple has them, both are in g and point down at rest; "standardised" and on Android,
in m/s2 and up. What points down is turned here: a mirror image would count alike, but "up" should be up.
"""

from datetime import tzinfo

import numpy as np

from repcount.edges.formats.clocks import Clock
from repcount.edges.formats.forms import Axes, Form, read_form
from repcount.edges.formats.series import Found, Series
from repcount.errors import InputError, Problem
from repcount.samples import STANDARD_GRAVITY_M_S2

_CLOCKS = (Clock(pattern=r"time", unit="ns"), Clock(pattern=r"seconds_elapsed", unit="s"))
_RATE = Axes(pattern=r"rotationrate{a}", unit="rad/s")
_WATCH_GRAVITY = Form(clocks=_CLOCKS, acc=(Axes(pattern=r"gravity{a}", unit="m/s2"),), gyro=(_RATE,))
_WATCH_REST = Form(clocks=_CLOCKS, acc=(Axes(pattern=r"acceleration{a}", unit="m/s2"),))
_PLAIN_AXES = Form(clocks=_CLOCKS, acc=(Axes(pattern=r"{a}", unit="m/s2"),))
_IN_G_BELOW = 2.0
"""Size of gravity: in g it is 1, in m/s2 9.8."""


def read_sensor_logger(files: dict[str, str], zone: tzinfo) -> Found | None:
    """What the files of one recording hold, by name; None where none of them is known.

    Raises
    ------
    InputError
        With what is wrong with a file, or which one is missing.
    """
    by_stem = {name.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower(): name for name in files}
    if name := by_stem.get("wristmotion") or _only_with(files, "gravityx"):
        return _watch(files[name], name, zone)
    total = by_stem.get("totalacceleration")
    gravity, rest = by_stem.get("gravity"), by_stem.get("accelerometer")
    if total is None and rest is not None and gravity is None:
        mend = "Export TotalAcceleration, or Gravity with it, or the whole recording as a zip"
        raise InputError([Problem(rest, "is the acceleration without gravity", mend)])
    if total is not None:
        found = _upright(_part(files[total], total, zone), None, total)
    elif gravity is not None and rest is not None:
        found = _upright(_part(files[gravity], gravity, zone), _part(files[rest], rest, zone), gravity)
    else:
        return None
    if gyro := by_stem.get("gyroscope"):
        found.gyro = _part(files[gyro], gyro, zone).acc
    return found


def _only_with(files: dict[str, str], column: str) -> str | None:
    """The only file, if its first line names the column: it may have been given another name."""
    name, text = next(iter(files.items()))
    return name if len(files) == 1 and column in text[:1000].lower() else None


def _part(text: str, place: str, zone: tzinfo) -> Found:
    found = read_form(_PLAIN_AXES, text, place, zone)
    if found is None:
        raise InputError([Problem(place, "has no columns x, y and z")])
    return found


def _watch(text: str, place: str, zone: tzinfo) -> Found:
    gravity, rest = (read_form(form, text, place, zone) for form in (_WATCH_GRAVITY, _WATCH_REST))
    if gravity is None or rest is None or gravity.acc is None:
        raise InputError([Problem(place, "lacks gravityX to Z or accelerationX to Z")])
    upright = _upright(gravity, rest, place)
    return Found(upright.acc, gravity.gyro, gravity.when, upright.notes)


def _upright(gravity: Found, rest: Found | None, place: str) -> Found:
    """The force that the sensor feels, m/s2, from gravity (or all of it) and what is apart from it."""
    if gravity.acc is None or not len(gravity.acc) or (rest is not None and rest.acc is None):
        raise InputError([Problem(place, "holds no samples")])
    t_s, values = gravity.acc.t_s, gravity.acc.values
    if rest is not None and rest.acc is not None:
        other = rest.acc
        values = values + np.column_stack([np.interp(t_s, other.t_s, other.values[:, k]) for k in range(3)])
    size = float(np.median(np.linalg.norm(gravity.acc.values, axis=1)))
    notes = list(gravity.notes)
    if size < _IN_G_BELOW:
        values = values * -STANDARD_GRAVITY_M_S2
        notes.append("acceleration in g, pointing down, as Apple has it: turned")
    return Found(Series(t_s, values), gravity.gyro, gravity.when, notes)
