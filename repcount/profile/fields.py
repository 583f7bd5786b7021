"""The field table of a stream: which bytes of a packet are what."""

from dataclasses import dataclass

from repcount.profile.numbers import TYPES
from repcount.profile.reader import Table
from repcount.profile.stream import (
    ACC_UNITS,
    AXES,
    CALENDAR_MS,
    CHECKSUMS,
    GYRO_UNITS,
    SAMPLE_TYPES,
    ByValue,
    HeaderField,
    VectorField,
    number_bytes_of,
)

HEADER_NAMES = ("version", "count", "counter", "time", "period")
FIELD_NAMES = (*HEADER_NAMES, "acc", "gyro", "checksum")

_UNSIGNED = [kind for kind in TYPES if kind.startswith("u")]
_UNITS = {"acc": ACC_UNITS, "gyro": GYRO_UNITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The table, sorted by what its rows are for."""

    header: tuple[HeaderField, ...]
    acc: VectorField | None
    gyro: VectorField | None
    checksum: str | None


def parse_fields(stream: Table) -> Fields:
    """Read `fields` of a stream; every name at most once, `acc`, `gyro` or both always."""
    header: list[HeaderField] = []
    vectors: dict[str, VectorField] = {}
    checksum: str | None = None
    seen: set[str] = set()
    for table in stream.tables("fields", least=1):
        with table:
            name = table.kind("name", FIELD_NAMES)
            if name is None:
                continue
            if name in seen:
                table.note("name", f"{name!r} is there twice")
            seen.add(name)
            if name in _UNITS:
                vectors[name] = _vector_field(table, name)
            elif name == "checksum":
                checksum = table.choice("algorithm", CHECKSUMS)
            else:
                header.append(_header_field(table, name))
    if not seen & _UNITS.keys():
        stream.note("fields", "must hold 'acc' or 'gyro'")
    return Fields(
        header=tuple(sorted(header, key=lambda field: field.offset)),
        acc=vectors.get("acc"),
        gyro=vectors.get("gyro"),
        checksum=checksum,
    )


def number_or_value(
    table: Table, key: str, by_value: dict[str, ByValue], *, default: float | None = None
) -> float:
    """Read a number above 0, or which value decides it, which is noted in `by_value`."""
    if not table.holds_table(key):
        return table.number(key, default=default)
    with table.table(key) as source:
        by_value[key] = ByValue(
            name=source.identifier("value"), inverse=source.flag("inverse", default=False)
        )
    return 1.0


def _header_field(table: Table, name: str) -> HeaderField:
    return HeaderField(
        name=name,
        offset=table.whole("offset"),
        kind=table.choice("type", (*_UNSIGNED, CALENDAR_MS) if name == "time" else _UNSIGNED),
        equals=table.whole("equals") if name == "version" else None,
    )


def _vector_field(table: Table, name: str) -> VectorField:
    by_value: dict[str, ByValue] = {}
    kind = table.choice("type", SAMPLE_TYPES)
    limit = number_or_value(table, "limit", by_value)
    saturates_at = number_or_value(table, "saturates_at", by_value, default=limit)
    if "limit" in by_value and "saturates_at" not in table:
        by_value["saturates_at"] = by_value["limit"]
    return VectorField(
        offset=table.whole("offset"),
        kind=kind,
        stride=table.whole("stride", least=1, default=AXES * number_bytes_of(kind)),
        counts_per_unit=number_or_value(table, "counts_per_unit", by_value),
        unit=table.choice("unit", _UNITS[name]),
        limit=limit,
        saturates_at=saturates_at,
        by_value=by_value,
    )
