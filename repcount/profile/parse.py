"""Parsed TOML -> `Profile`, or every problem of the file at once.

Rules: closed lists of words, no expressions, no code in a profile; unknown keys are problems.
"""

from collections.abc import Mapping

from repcount.events import FaultReason
from repcount.profile.consistency import check_stream, check_vector
from repcount.profile.fields import parse_fields
from repcount.profile.model import (
    AXES,
    SCHEMA,
    TYPES,
    Axes,
    Clock,
    Identity,
    Profile,
    Step,
    Stream,
    Subscribe,
    Unsubscribe,
    Vector,
    Write,
)
from repcount.profile.reader import Notes, Table

BYTE_ORDERS = {"little": "<", "big": ">"}
LOSS_RULES = ("counter", "time_gap", "undetectable")
SMALLEST_MTU_BYTES = 23
"""What every Bluetooth LE link has without asking (Core specification, ATT)."""

_AXES = {sign + "xyz"[axis]: (axis, size) for sign, size in (("+", 1.0), ("-", -1.0)) for axis in range(AXES)}


def parse_profile(data: Mapping[str, object], place: str) -> Profile:
    """Build a profile from parsed TOML; `place` names the file in messages.

    Raises
    ------
    InputError
        With every problem of the file, each with its path inside it.
    """
    notes = Notes(place)
    with Table(data, "", notes) as top:
        _check_schema(top)
        profile = Profile(
            name=top.text("name"),
            title=top.text("title"),
            identity=_identity(top),
            start=_steps(top, "start", least=1),
            stop=_steps(top, "stop"),
            stream=_stream(top),
            axes=_axes(top),
            provenance=top.texts("provenance"),
            vectors=tuple(_vector(table) for table in top.tables("vectors", least=1)),
        )
    if notes.clean("stream", "start", "stop", "vectors"):
        _check_vectors(profile, notes)
    notes.raise_if_any()
    return profile


def _check_schema(top: Table) -> None:
    if (schema := top.whole("schema", least=1)) != SCHEMA:
        top.note("schema", f"{schema} is newer than this program reads ({SCHEMA})", "Update repcount.")


def _identity(top: Table) -> Identity:
    with top.table("identity") as table:
        name_pattern = table.text("name_pattern") if "name_pattern" in table else None
        advertises = table.uuid("advertises") if "advertises" in table else None
        if name_pattern is None and advertises is None:
            table.notes.add(table.path, "needs name_pattern, advertises, or both")
    return Identity(name_pattern=name_pattern, advertises=advertises)


def _steps(top: Table, key: str, *, least: int = 0) -> tuple[Step, ...]:
    return tuple(_step(table) for table in top.tables(key, least=least))


def _step(table: Table) -> Step:
    with table:
        do = table.kind("do", ("subscribe", "unsubscribe", "write"))
        characteristic = table.uuid("characteristic")
        if do == "write":
            return _write(table, characteristic)
    kind = Unsubscribe if do == "unsubscribe" else Subscribe
    return kind(characteristic=characteristic)


def _write(table: Table, characteristic: str) -> Write:
    """A write of plain bytes (`hex`), or of one number with its type and the values it may have."""
    with_response = table.flag("with_response", default=True)
    payload = table.hex_bytes("hex") if "hex" in table else _number_bytes(table)
    return Write(characteristic=characteristic, payload=payload, with_response=with_response)


def _number_bytes(table: Table) -> bytes:
    kind = table.choice("type", [kind for kind in TYPES if not kind.startswith("f")])
    order = table.choice("byte_order", BYTE_ORDERS)
    value = table.whole("value")
    if "allowed" in table and value not in table.numbers("allowed"):
        table.note("value", f"{value} is none of the allowed values")
    n_bytes, signed = int(TYPES[kind][1:]), kind.startswith("i")
    if value >= 1 << (8 * n_bytes - signed):
        table.note("value", f"{value} does not fit into {kind}")
        return b""
    return value.to_bytes(n_bytes, "big" if order == "big" else "little", signed=signed)


def _stream(top: Table) -> Stream:
    with top.table("stream") as table:
        table.choice("framing", ("packet",))
        fields = parse_fields(table)
        stream = Stream(
            service=table.uuid("service"),
            characteristic=table.uuid("characteristic"),
            byte_order=BYTE_ORDERS[table.choice("byte_order", BYTE_ORDERS)],
            rate_hz=table.number("rate_hz"),
            samples_per_notification=table.whole("samples_per_notification", least=1),
            mtu_bytes=table.whole("mtu_bytes", least=SMALLEST_MTU_BYTES, default=SMALLEST_MTU_BYTES),
            loss=table.choice("loss", LOSS_RULES),
            header=fields.header,
            acc=fields.acc,
            gyro=fields.gyro,
            checksum=fields.checksum,
            clock=_clock(table),
        )
    if top.notes.clean("stream"):
        check_stream(stream, table)
    return stream


def _clock(stream: Table) -> Clock | None:
    with stream.table("time") as table:
        if table.kind("source", ("device", "arrival")) != "device":
            return None
        stamps = table.choice("stamps", ("first", "last"))
        return Clock(ticks_per_s=table.number("ticks_per_s"), stamps=stamps)


def _axes(top: Table) -> Axes:
    with top.table("axes") as table:
        words = table.texts("body_xyz")
        confidence = table.choice("confidence", ("unknown", "documented", "measured"))
        found = [_AXES[word] for word in words if word in _AXES]
        if sorted(axis for axis, _ in found) != [0, 1, 2] or len(words) != AXES:
            table.note(
                "body_xyz", "must name x, y and z once, each with its sign", 'Such as ["+x", "+y", "+z"].'
            )
            found = [(axis, 1.0) for axis in range(AXES)]
    (x, y, z), (sign_x, sign_y, sign_z) = zip(*found, strict=True)
    return Axes(order=(x, y, z), signs=(sign_x, sign_y, sign_z), confidence=confidence)


def _vector(table: Table) -> Vector:
    with table:
        direction = table.choice("direction", ("notify", "start", "stop"))
        rejected = FaultReason(table.choice("rejected", list(FaultReason))) if "rejected" in table else None
        has_values = direction == "notify" and rejected is None
        return Vector(
            place=table.path,
            meaning=table.text("meaning"),
            direction=direction,
            payload=table.hex_bytes("hex"),
            step=None if direction == "notify" else table.whole("step"),
            rejected=rejected,
            counter=table.whole("counter") if "counter" in table else None,
            t_s=table.numbers("t_s") if "t_s" in table else None,
            acc=table.rows("acc") if has_values else (),
            gyro=table.rows("gyro") if "gyro" in table else None,
        )


def _check_vectors(profile: Profile, notes: Notes) -> None:
    for vector in profile.vectors:
        for message in check_vector(vector, profile):
            notes.add(vector.place, message)
