"""Parsed TOML -> `Profile`, or every problem of the file at once.

Rules: closed lists of words, no expressions, no code in a profile; unknown keys are problems.
"""

from collections.abc import Mapping

from repcount.events import FaultReason
from repcount.profile.consistency import check_stream, check_vector
from repcount.profile.fields import parse_fields
from repcount.profile.model import AXES, SCHEMA, Axes, Clock, Profile, Stream, Vector
from repcount.profile.numbers import BYTE_ORDERS
from repcount.profile.parse_identity import parse_identity
from repcount.profile.parse_steps import check_steps, parse_parameters, parse_steps
from repcount.profile.reader import Notes, Table

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
        parameters = parse_parameters(top)
        profile = Profile(
            name=top.text("name"),
            title=top.text("title"),
            identity=parse_identity(top),
            parameters=parameters,
            start=parse_steps(top, "start", parameters, least=1),
            stop=parse_steps(top, "stop", parameters),
            stream=_stream(top),
            axes=_axes(top),
            provenance=top.texts("provenance"),
            vectors=tuple(_vector(table) for table in top.tables("vectors", least=1)),
        )
        check_steps(top, parameters, profile.start, profile.stop)
    if notes.clean("parameters", "stream", "start", "stop", "vectors"):
        _check_vectors(profile, notes)
    notes.raise_if_any()
    return profile


def _check_schema(top: Table) -> None:
    if (schema := top.whole("schema", least=1)) != SCHEMA:
        top.note("schema", f"{schema} is newer than this program reads ({SCHEMA})", "Update repcount.")


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
        direction = table.choice("direction", ("notify", "start", "stop", "answer"))
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
            values=table.named_numbers("values") if "values" in table else {},
            captured=table.named_numbers("captured") if "captured" in table else {},
            refused=table.text("refused") if "refused" in table else None,
        )


def _check_vectors(profile: Profile, notes: Notes) -> None:
    for vector in profile.vectors:
        for message in check_vector(vector, profile):
            notes.add(vector.place, message)
