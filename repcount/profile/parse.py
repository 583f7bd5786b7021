"""Parsed TOML -> `Profile`, or every problem of the file at once.

Rules: closed lists of words, no expressions, no code in a profile; unknown keys are problems.
"""

from collections.abc import Mapping

from repcount.events import FaultReason
from repcount.profile.consistency import check_must_stop, check_vector
from repcount.profile.model import SCHEMA, Axes, Profile, Vector
from repcount.profile.parse_identity import parse_identity
from repcount.profile.parse_steps import check_steps, parse_parameters, parse_steps
from repcount.profile.parse_streams import parse_streams
from repcount.profile.reader import Notes, Table
from repcount.profile.stream import AXES
from repcount.profile.stream_checks import check_streams

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
        start = parse_steps(top, "start", parameters, least=1)
        profile = Profile(
            name=top.text("name"),
            title=top.text("title"),
            identity=parse_identity(top),
            parameters=parameters,
            start=start,
            stop=parse_steps(top, "stop", parameters),
            streams=parse_streams(top, parameters, start),
            axes=_axes(top),
            provenance=top.texts("provenance"),
            vectors=tuple(_vector(table) for table in top.tables("vectors", least=1)),
            must_stop=top.flag("must_stop", default=False),
        )
        check_steps(top, parameters, profile.start, profile.stop)
    if notes.clean("parameters", "streams", "start", "stop", "vectors"):
        _check_together(profile, notes)
    notes.raise_if_any()
    return profile


def _check_schema(top: Table) -> None:
    if (schema := top.whole("schema", least=1)) != SCHEMA:
        top.note("schema", f"{schema} is newer than this program reads ({SCHEMA})", "Update repcount.")


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
        return Vector(
            place=table.path,
            meaning=table.text("meaning"),
            direction=direction,
            payload=table.hex_bytes("hex"),
            step=None if direction == "notify" else table.whole("step"),
            rejected=rejected,
            counter=table.whole("counter") if "counter" in table else None,
            t_s=table.numbers("t_s") if "t_s" in table else None,
            acc=table.rows("acc") if "acc" in table else None,
            gyro=table.rows("gyro") if "gyro" in table else None,
            characteristic=table.uuid("characteristic") if "characteristic" in table else None,
            then=table.hex_list("then") if "then" in table else (),
            values=table.named_numbers("values") if "values" in table else {},
            captured=table.named_numbers("captured") if "captured" in table else {},
            refused=table.text("refused") if "refused" in table else None,
        )


def _check_together(profile: Profile, notes: Notes) -> None:
    for message in check_must_stop(profile):
        notes.add("start", message)
    check_streams(profile, notes)
    if not notes.clean("streams"):
        return
    for vector in profile.vectors:
        for message in check_vector(vector, profile):
            notes.add(vector.place, message)
