"""`[[parameters]]`, `[[start]]` and `[[stop]]` of a profile."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypedDict

from repcount.errors import did_you_mean
from repcount.profile.numbers import BYTE_ORDERS, TYPES, fits, number_bytes
from repcount.profile.reader import Table
from repcount.profile.steps import (
    Answer,
    Capture,
    CodePart,
    NumberPart,
    Parameter,
    Part,
    Pause,
    Read,
    Status,
    Step,
    Subscribe,
    TextPart,
    Unsubscribe,
    Values,
    Wait,
    Write,
    captures,
)

_WHOLE = [kind for kind in TYPES if not kind.startswith("f")]


def parse_parameters(top: Table) -> tuple[Parameter, ...]:
    """Read what a person may choose; no name may be given twice, nor by two parameters."""
    parameters: list[Parameter] = []
    taken: set[str] = set()
    for table in top.tables("parameters"):
        with table:
            parameter = _parameter(table)
            for name in (parameter.name, *parameter.sets):
                if name in taken:
                    table.note("name", f"{name!r} is there twice")
                taken.add(name)
            parameters.append(parameter)
    return tuple(parameters)


def _parameter(table: Table) -> Parameter:
    name = table.identifier("name")
    allowed = table.numbers("allowed")
    default = table.finite("default")
    if allowed and default not in allowed:
        table.note("default", f"{default:g} is none of the allowed values")
    codes = table.hex_list("codes") if "codes" in table else ()
    if codes and len(codes) != len(allowed):
        table.note("codes", f"{len(codes)} codes for {len(allowed)} allowed values")
    sets: dict[str, tuple[float, ...]] = {}
    if "sets" in table:
        with table.table("sets") as columns:
            for key in columns.identifiers():
                sets[key] = columns.numbers(key)
                if len(sets[key]) != len(allowed):
                    columns.note(key, f"{len(sets[key])} values for {len(allowed)} allowed ones")
    return Parameter(name=name, default=default, allowed=allowed, codes=codes, sets=sets)


def value_names(parameters: Iterable[Parameter], steps: Iterable[Step]) -> frozenset[str]:
    """Names of all values there may be."""
    given = (name for parameter in parameters for name in (parameter.name, *parameter.sets))
    return frozenset(chain(given, (capture.name for capture in captures(steps))))


def parse_when(table: Table) -> dict[str, float]:
    """Read `when`, the values that must be so; `check_when` sees whether there are such."""
    return table.named_numbers("when") if "when" in table else {}


def check_when(top: Table, path: str, when: Values, known: frozenset[str]) -> None:
    """Note names in `when` of the table at `path` that nothing sets."""
    for name in when:
        if name not in known:
            mend = did_you_mean(name, known) if known else ""
            top.note(f"{path}.when.{name}", "is no value of this profile", mend)


def parse_steps(top: Table, key: str, parameters: Sequence[Parameter], *, least: int = 0) -> tuple[Step, ...]:
    """Read one list of steps."""
    chosen = {name: one for one in parameters for name in (one.name, *one.sets)}
    return tuple(_step(table, chosen) for table in top.tables(key, least=least))


def check_steps(
    top: Table, parameters: Sequence[Parameter], start: Sequence[Step], stop: Sequence[Step]
) -> None:
    """Note what steps ask for that is not there, and values that two things set."""
    known = value_names(parameters, start)
    for key, steps in (("start", start), ("stop", stop)):
        for place, step in enumerate(steps):
            check_when(top, f"{key}[{place}]", step.when, known)
    chosen = value_names(parameters, ())
    for place, step in enumerate(start):
        for capture in captures([step]):
            if capture.name in chosen:
                top.note(f"start[{place}].captures", f"{capture.name!r} is a parameter's already")
    for place, step in enumerate(stop):
        if any(captures([step])):
            top.note(f"stop[{place}].captures", "are of no use when the sensor is stopped")


def _step(table: Table, chosen: Mapping[str, Parameter]) -> Step:
    with table:
        do = table.kind("do", _STEPS)
        return Pause(seconds=0.0) if do is None else _STEPS[do](table, chosen)


class _Common(TypedDict):
    when: dict[str, float]
    may_fail: bool


def _common(table: Table) -> _Common:
    return {"when": parse_when(table), "may_fail": table.flag("may_fail", default=False)}


def _service(table: Table) -> str | None:
    return table.uuid("service") if "service" in table else None


def _subscribe(table: Table, _chosen: Mapping[str, Parameter]) -> Step:
    return Subscribe(characteristic=table.uuid("characteristic"), service=_service(table), **_common(table))


def _unsubscribe(table: Table, _chosen: Mapping[str, Parameter]) -> Step:
    return Unsubscribe(characteristic=table.uuid("characteristic"), service=_service(table), **_common(table))


def _pause(table: Table, _chosen: Mapping[str, Parameter]) -> Step:
    return Pause(seconds=table.number("seconds"), **_common(table))


def _read(table: Table, _chosen: Mapping[str, Parameter]) -> Step:
    return Read(
        characteristic=table.uuid("characteristic"),
        service=_service(table),
        answer=_answer(table),
        **_common(table),
    )


def _wait(table: Table, _chosen: Mapping[str, Parameter]) -> Step:
    return Wait(
        characteristic=table.uuid("characteristic"),
        starts_with=table.pattern("starts_with"),
        timeout_s=table.number("timeout_s"),
        answer=_answer(table),
        **_common(table),
    )


def _write(table: Table, chosen: Mapping[str, Parameter]) -> Step:
    """A write of plain bytes (`hex`), of one number with its type, or of parts in a row."""
    ways = [key for key in ("hex", "parts", "value") if key in table]
    if len(ways) > 1:
        table.note(ways[1], f"is there beside {ways[0]!r}", "Give one of them.")
    if "parts" in table:
        parts = tuple(_part(one, chosen) for one in table.parts("parts"))
    else:
        parts = (table.hex_bytes("hex") if "hex" in table else _number(table),)
    return Write(
        characteristic=table.uuid("characteristic"),
        parts=parts,
        with_response=table.flag("with_response", default=True),
        chunk_bytes=table.whole("chunk_bytes", least=1) if "chunk_bytes" in table else None,
        service=_service(table),
        **_common(table),
    )


def _number(table: Table) -> bytes:
    kind = table.choice("type", _WHOLE)
    order = BYTE_ORDERS[table.choice("byte_order", BYTE_ORDERS)]
    value = table.whole("value")
    if "allowed" in table and value not in table.numbers("allowed"):
        table.note("value", f"{value} is none of the allowed values")
    if not fits(value, kind):
        table.note("value", f"{value} does not fit into {kind}")
        return b""
    return number_bytes(value, kind, order)


def _part(given: bytes | Table, chosen: Mapping[str, Parameter]) -> Part:
    if isinstance(given, bytes):
        return given
    with given as table:
        if "text" in table:
            return table.text("text").encode()
        name = table.text("parameter")
        if name and name not in chosen and table.notes.clean("parameters"):
            mend = did_you_mean(name, chosen) if chosen else "Add it to [[parameters]]."
            table.note("parameter", f"there is no {name!r}", mend)
        kind = table.choice("type", (*TYPES, "text", "code"))
        return _parameter_part(table, chosen.get(name), name, kind, _order(table))


def _parameter_part(table: Table, parameter: Parameter | None, name: str, kind: str, order: str) -> Part:
    if parameter is None:
        return b""
    if kind == "text":
        return TextPart(name=name)
    if kind == "code":
        if (not parameter.codes or name != parameter.name) and table.notes.clean("parameters"):
            table.note("type", f"{name!r} has no codes")
        return CodePart(parameter=parameter)
    numbers = parameter.allowed if name == parameter.name else parameter.sets[name]
    for number in numbers:
        if not fits(number, kind):
            table.note("type", f"{number:g} does not fit into {kind}")
    return NumberPart(name=name, kind=kind, byte_order=order)


def _answer(table: Table) -> Answer:
    return Answer(
        status=_status(table) if "status" in table else None,
        captures=tuple(_capture(one) for one in table.tables("captures")),
    )


def _status(step: Table) -> Status:
    with step.table("status") as table:
        good = tuple(int(number) for number in table.numbers("good"))
        words: dict[int, str] = {}
        if "words" in table:
            with table.table("words") as by_number:
                words = {number: by_number.text(key) for key, number in by_number.whole_keys()}
        return Status(
            offset=table.whole("offset"),
            good=good,
            words=words,
            kind=table.choice("type", _WHOLE) if "type" in table else "u8",
            byte_order=_order(table),
        )


def _capture(table: Table) -> Capture:
    with table:
        return Capture(
            name=table.identifier("name"),
            offset=table.whole("offset"),
            kind=table.choice("type", TYPES),
            byte_order=_order(table),
            default=table.finite("default") if "default" in table else None,
        )


def _order(table: Table) -> str:
    return BYTE_ORDERS[table.choice("byte_order", BYTE_ORDERS)] if "byte_order" in table else "<"


_STEPS: dict[str, Callable[[Table, Mapping[str, Parameter]], Step]] = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "write": _write,
    "read": _read,
    "wait": _wait,
    "pause": _pause,
}
