"""How the tables of each program look: which columns hold what, in which unit.

Rules: a form is data; a name is matched whole and in lower case, `{a}` stands for the axis. Sources are
named beside each; header variants met in the wild are in the pattern.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from repcount.edges.formats.clocks import Clock, read_times
from repcount.edges.formats.series import Found, Series
from repcount.edges.formats.table import Table, read_table
from repcount.errors import InputError, Problem
from repcount.samples import STANDARD_GRAVITY_M_S2, Array

ACC_UNITS = {"g": STANDARD_GRAVITY_M_S2, "mg": STANDARD_GRAVITY_M_S2 / 1000.0, "m/s2": 1.0}
GYRO_UNITS = {"deg/s": math.pi / 180.0, "mdeg/s": math.pi / 180e3, "rad/s": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Three columns and their unit, of `ACC_UNITS` or `GYRO_UNITS`."""

    pattern: str
    unit: str

    def columns(self, table: Table) -> list[int] | None:
        """Which they are; None unless all three are there."""
        found = [table.find(self.pattern.replace("{a}", axis)) for axis in "xyz"]
        known = [column for column in found if column is not None]
        return known if len(known) == len("xyz") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The table of one program; the first clock, and the first axes of a kind, that are there are read.

    `refused` pairs a column that tells what is wrong with the reason, where no acceleration is found.
    `stream` is the column that tells sensors apart where one file may hold several.
    """

    clocks: Sequence[Clock]
    acc: Sequence[Axes]
    gyro: Sequence[Axes] = ()
    refused: Sequence[tuple[str, str]] = ()
    stream: str | None = None


METABASE = Form(
    # MbientLab's app writes a file a sensor: "epoc (ms),timestamp (-0400),elapsed (s),x-axis (g),...", later
    # "epoch (ms),time (-04:00),...". The epoch comes first since it also tells the date.
    clocks=(Clock(pattern=r"epoch? \(ms\)", unit="ms"), Clock(pattern=r"elapsed \(s\)", unit="s")),
    acc=(Axes(pattern=r"{a}-axis \(g\)", unit="g"),),
    gyro=(Axes(pattern=r"{a}-axis \(deg/s\)", unit="deg/s"),),
)
POLAR = Form(
    # Polar Sensor Logger: "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]", a file a sensor; the
    # gyroscope of the Verity Sense in "[dps]". The sensor's own clock counts from 2000, often never set.
    clocks=(
        Clock(pattern=r"sensor timestamp \[ns\]", unit="ns"),
        Clock(pattern=r"(timestamp|time since start) \[ms\]", unit="ms"),
        Clock(pattern=r"phone timestamp", unit="date"),
    ),
    acc=(Axes(pattern=r"{a} \[mg\]", unit="mg"),),
    gyro=(Axes(pattern=r"{a} \[dps\]|{a} \[deg/s(ec)?\]", unit="deg/s"),),
)
PHYPHOX = Form(
    # phyphox names the columns by the experiment, in the separator and decimal mark that the user chose.
    clocks=(Clock(pattern=r"time \(s\)", unit="s"),),
    acc=(Axes(pattern=r"(acceleration|acc) {a} \(m/s\^?2\)", unit="m/s2"),),
    gyro=(Axes(pattern=r"(gyroscope|gyr) {a} \(rad/s\)", unit="rad/s"),),
    refused=(
        (
            r"linear acceleration x .*",
            "it is the experiment without g: record 'Acceleration (with g)'",
        ),
    ),
)
WITMOTION = Form(
    # The app's CSV and the PC program's TXT; a file may hold several sensors. ChipTime is the sensor's.
    clocks=(
        Clock(pattern=r"chiptime(\(\))?", unit="date"),
        Clock(pattern=r"time( ?\(s\))?|date ?time", unit="date"),
        Clock(pattern=r"time( ?\(s\))?", unit="s"),
    ),
    acc=(Axes(pattern=r"acc{a} ?\(g\)|a{a} ?\(g\)", unit="g"),),
    gyro=(Axes(pattern=r"as{a} ?\(deg/s\)|w{a} ?\(deg/s\)|gyro{a} ?\(deg/s\)", unit="deg/s"),),
    stream=r"device ?name|address",
)
DOT = Form(
    # Movella (Xsens) DOT app: lines that name the sensor, then "PacketCounter,SampleTimeFine,...". The time
    # is microseconds in 32 bits. Acceleration with gravity in m/s2, rate in deg/s.
    clocks=(Clock(pattern=r"sampletimefine", unit="us", wraps_bits=32),),
    acc=(Axes(pattern=r"acc_{a}", unit="m/s2"),),
    gyro=(Axes(pattern=r"gyr_{a}", unit="deg/s"),),
    refused=(
        (
            r"freeacc_x",
            "its acceleration is without gravity: log 'Acc' and 'Gyr' (a custom or an inertial mode)",
        ),
        (r"d[vq].*", "it holds increments: log 'Acc' and 'Gyr' (a custom or an inertial mode)"),
    ),
)


def read_form(form: Form, text: str, place: str, zone: tzinfo, stream: str | None = None) -> Found | None:
    """What a file in this form holds; None where it is in another.

    Parameters
    ----------
    zone
        Of clock readings that name none.
    stream
        Which sensor, of a file that holds several.

    Raises
    ------
    InputError
        With what is wrong with the file.
    """

    def is_header(names: Sequence[str]) -> bool:
        header = Table(place, tuple(names), (), (), (), decimal_comma=False)
        axes = any(one.columns(header) for one in (*form.acc, *form.gyro))
        return axes or any(header.find(pattern) is not None for pattern, _ in form.refused)

    table = read_table(text, place, is_header)
    if table is None:
        return None
    table = _one_stream(form, table, stream)
    acc = next((one for one in form.acc if one.columns(table)), None)
    gyro = next((one for one in form.gyro if one.columns(table)), None)
    if acc is None:
        for pattern, why in form.refused:
            if table.find(pattern) is not None:
                raise InputError([Problem(place, why)])
    columns = [*(acc.columns(table) or () if acc else ()), *(gyro.columns(table) or () if gyro else ())]
    table = table.without(lambda row: not any(row[k] for k in columns), "nothing was measured in them")
    return _found(form, table, acc, gyro, zone)


def _found(form: Form, table: Table, acc: Axes | None, gyro: Axes | None, zone: tzinfo) -> Found:
    times = None
    for clock in form.clocks:
        column = table.find(clock.pattern)
        if column is None or not _is_of(clock, table.texts(column)):
            continue
        read = read_times(table, column, clock, zone)
        times = times or read
        if read.when is not None:
            times = type(times)(times.t_s, times.when or read.when)
    if times is None:
        raise InputError([Problem(table.place, "has no column of times that can be read")])
    return Found(
        _series(table, acc, times.t_s, ACC_UNITS),
        _series(table, gyro, times.t_s, GYRO_UNITS),
        times.when,
        list(table.notes),
    )


def _series(table: Table, axes: Axes | None, t_s: Array, units: dict[str, float]) -> Series | None:
    columns = axes.columns(table) if axes else None
    if axes is None or columns is None:
        return None
    return Series(t_s, table.numbers(columns) * units[axes.unit])


def _is_of(clock: Clock, cells: Sequence[str]) -> bool:
    """Whether the cells look as this clock writes them: some programs leave a column empty, or say null."""
    return bool(cells) and all(cells[:2]) and ((":" in cells[0]) == (clock.unit == "date"))


def _one_stream(form: Form, table: Table, wanted: str | None) -> Table:
    column = table.find(form.stream) if form.stream else None
    if column is None:
        return table
    names = sorted(set(table.texts(column)))
    if wanted is None and len(names) == 1:
        return table
    matching = [name for name in names if wanted is not None and wanted.lower() in name.lower()]
    if len(matching) != 1:
        mend = f"Give --stream with one of: {', '.join(names)}"
        raise InputError([Problem(table.place, f"holds {len(names)} sensors", mend)])
    return table.without(lambda row: row[column] != matching[0], f"of other sensors than {matching[0]}")
