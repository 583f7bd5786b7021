"""The field table of a profile: which bytes of a notification are what."""

from dataclasses import dataclass

from repcount.profile.model import ACC_UNITS, GYRO_UNITS, HeaderField, VectorField
from repcount.profile.numbers import TYPES
from repcount.profile.reader import Table

HEADER_NAMES = ("version", "count", "counter", "time", "period")
FIELD_NAMES = (*HEADER_NAMES, "acc", "gyro", "checksum")
CHECKSUMS = ("crc16_ccitt_false",)

_UNSIGNED = [kind for kind in TYPES if kind.startswith("u")]
_UNITS = {"acc": ACC_UNITS, "gyro": GYRO_UNITS}
_NO_VECTOR = VectorField(
    offset=0, kind="i16", stride=6, counts_per_unit=1.0, unit="m_s2", limit=1.0, saturates_at=1.0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The table, sorted by what its rows are for."""

    header: tuple[HeaderField, ...]
    acc: VectorField
    gyro: VectorField | None
    checksum: str | None


def parse_fields(stream: Table) -> Fields:
    """Read `fields` of the stream; every name at most once, `acc` always."""
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
    if "acc" not in seen:
        stream.note("fields", "must hold 'acc'")
    return Fields(
        header=tuple(sorted(header, key=lambda field: field.offset)),
        acc=vectors.get("acc", _NO_VECTOR),
        gyro=vectors.get("gyro"),
        checksum=checksum,
    )


def _header_field(table: Table, name: str) -> HeaderField:
    return HeaderField(
        name=name,
        offset=table.whole("offset"),
        kind=table.choice("type", _UNSIGNED),
        equals=table.whole("equals") if name == "version" else None,
    )


def _vector_field(table: Table, name: str) -> VectorField:
    limit = table.number("limit")
    return VectorField(
        offset=table.whole("offset"),
        kind=table.choice("type", TYPES),
        stride=table.whole("stride", least=1),
        counts_per_unit=table.number("counts_per_unit"),
        unit=table.choice("unit", _UNITS[name]),
        limit=limit,
        saturates_at=table.number("saturates_at", default=limit),
    )
