"""XDF, the recordings of Lab Streaming Layer, read with pyxdf (the extra `formats`).

Which channel is what stands in the description of the stream: label, type and unit of each
(XDF wiki, meta data of accelerometers and motion capture).
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from repcount.edges.formats.forms import ACC_UNITS, GYRO_UNITS
from repcount.edges.formats.plain import SPELT, Units
from repcount.edges.formats.series import Found, Series
from repcount.edges.problems import read_bytes
from repcount.errors import InputError, Problem

_ACC = re.compile(r"(?:a|acc|accel|acceleration|accelerometer)[ _.]?([xyz])")
_GYRO = re.compile(r"(?:g|gyr|gyro|gyroscope|w|rot)[ _.]?([xyz])")

_MAGIC, _GZIP = b"XDF:", b"\x1f\x8b"


def read_xdf(path: Path, stream: str | None, units: Units) -> Found:
    """What the stream with an accelerometer holds, and the one with a gyroscope where that is another.

    Raises
    ------
    InputError
        With what is wrong with the file, or which streams there are to choose from.
    """
    found = Found()
    streams = _load(path)
    chosen = [one for one in streams if stream is None or stream.lower() in _name(one).lower()]
    for one in chosen:
        place = f"{path}: stream {_name(one)!r}"
        acc = _axes(one, _ACC, units.acc, "--acc-unit", ACC_UNITS, place)
        if acc is not None and found.acc is not None:
            names = ", ".join(_name(other) for other in streams)
            raise InputError(
                [Problem(str(path), "several streams hold accelerations", f"Give --stream: {names}")]
            )
        gyro = _axes(one, _GYRO, units.gyro, "--gyro-unit", GYRO_UNITS, place)
        found.take(Found(acc, gyro))
    if found.acc is None:
        names = ", ".join(_name(one) for one in streams) or "none"
        mend = f"Streams: {names}; channels must be labelled acc_x or alike"
        raise InputError([Problem(str(path), "no stream holds an acceleration", mend)])
    return found


def _load(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        import pyxdf
    except ImportError as error:
        raise InputError([Problem("--from xdf", "needs pyxdf", "pip install 'repcount[formats]'")]) from error
    if not read_bytes(path).startswith((_MAGIC, _GZIP)):
        raise InputError([Problem(str(path), "is no XDF file")])
    try:
        streams, _ = pyxdf.load_xdf(str(path))
    except Exception as error:  # pyxdf raises whatever its parser meets
        raise InputError([Problem(str(path), f"is no XDF file ({error})")]) from error
    return [one for one in streams if len(one["time_stamps"])]


def _name(stream: Mapping[str, Any]) -> str:
    return str(stream["info"]["name"][0])


def _axes(
    stream: Mapping[str, Any],
    pattern: re.Pattern[str],
    given: str | None,
    option: str,
    known: Mapping[str, float],
    place: str,
) -> Series | None:
    columns: dict[str, int] = {}
    unit: str | None = given
    for k, channel in enumerate(_channels(stream)):
        label = str((channel.get("label") or [""])[0]).strip().lower()
        if match := pattern.fullmatch(label):
            columns[match[1]] = k
            named = str((channel.get("unit") or [""])[0]).strip().lower()
            unit = unit or SPELT.get(named, named)
    if set(columns) != set("xyz"):
        return None
    if unit is None or unit not in known:
        shown = repr(unit) if unit else "not said"
        mend = f"Give {option}: {', '.join(known)}"
        raise InputError([Problem(place, f"the unit of its channels is {shown}", mend)])
    values = np.asarray(stream["time_series"], np.float64)[:, [columns[axis] for axis in "xyz"]]
    return Series(np.asarray(stream["time_stamps"], np.float64), values * known[unit])


def _channels(stream: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    try:
        return list(stream["info"]["desc"][0]["channels"][0]["channel"])
    except (KeyError, IndexError, TypeError):
        return []
