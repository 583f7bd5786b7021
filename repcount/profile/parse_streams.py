"""`[[streams]]` of a profile."""

from collections.abc import Sequence

from repcount.errors import did_you_mean
from repcount.profile.fields import number_or_value, parse_fields
from repcount.profile.numbers import BYTE_ORDERS
from repcount.profile.parse_steps import check_when, parse_when, value_names
from repcount.profile.reader import Table
from repcount.profile.steps import Parameter, Step
from repcount.profile.stream import (
    DECODERS,
    ByteStream,
    ByValue,
    Capture2Go,
    Clock,
    Continued,
    Cut,
    Framing,
    Stream,
    Whole,
)
from repcount.profile.stream_checks import check_stream

LOSS_RULES = ("counter", "time_gap", "undetectable")
SMALLEST_MTU_BYTES = 23
"""What every Bluetooth LE link has without asking (Core specification, ATT)."""
SAMPLE_ORDERS = ("interleaved", "planar")
RATE = "rate_hz"
"""The value that is the rate of streams which give none."""

_SHORT_FRAMINGS = ("packet", "capture2go")
_FRAMINGS = ("byte_stream", "continued")


def parse_streams(top: Table, parameters: Sequence[Parameter], start: Sequence[Step]) -> tuple[Stream, ...]:
    """Read what the sensor sends; `parameters` and `start` say which values there are."""
    known = value_names(parameters, start)
    streams = []
    for table in top.tables("streams", least=1):
        with table:
            stream = _stream(table)
        for key, by in _by_value(stream):
            if by.name not in known and key == RATE and RATE not in table:
                table.note(key, "is missing", "Give a number above 0, or have a parameter of that name.")
            elif by.name not in known:
                table.note(f"{key}.value", f"there is no {by.name!r}", did_you_mean(by.name, known))
        check_when(top, table.path, stream.when, known)
        if top.notes.clean(table.path):
            check_stream(stream, table)
        streams.append(stream)
    return tuple(streams)


def _by_value(stream: Stream) -> list[tuple[str, ByValue]]:
    return [
        *stream.by_value.items(),
        *(("fields." + key, by) for vector in stream.vectors for key, by in vector.by_value.items()),
    ]


def _stream(table: Table) -> Stream:
    by_value: dict[str, ByValue] = {}
    fields = parse_fields(table)
    return Stream(
        service=table.uuid("service"),
        characteristic=table.uuid("characteristic"),
        when=parse_when(table),
        framing=_framing(table),
        starts_with=table.pattern("starts_with") if "starts_with" in table else None,
        ignored=table.patterns("ignored") if "ignored" in table else (),
        byte_order=BYTE_ORDERS[table.choice("byte_order", BYTE_ORDERS)],
        rate_hz=_rate_hz(table, by_value),
        samples_per_notification=_samples(table, by_value),
        mtu_bytes=table.whole("mtu_bytes", least=SMALLEST_MTU_BYTES, default=SMALLEST_MTU_BYTES),
        loss=table.choice("loss", LOSS_RULES),
        header=fields.header,
        acc=fields.acc,
        gyro=fields.gyro,
        planar="samples" in table and table.choice("samples", SAMPLE_ORDERS) == "planar",
        counted_by_length="counted_by" in table and table.choice("counted_by", ("length",)) == "length",
        decoder=table.choice("decoder", DECODERS) if "decoder" in table else None,
        checksum=fields.checksum,
        clock=_clock(table),
        by_value=by_value,
    )


def _rate_hz(table: Table, by_value: dict[str, ByValue]) -> float:
    if RATE in table:
        return number_or_value(table, RATE, by_value)
    by_value[RATE] = ByValue(name=RATE)
    return 1.0


def _samples(table: Table, by_value: dict[str, ByValue]) -> int:
    key = "samples_per_notification"
    if table.holds_table(key):
        return round(number_or_value(table, key, by_value))
    return table.whole(key, least=1)


def _framing(stream: Table) -> Framing:
    if not stream.holds_table("framing"):
        word = stream.choice("framing", (*_SHORT_FRAMINGS, *_FRAMINGS))
        if word in _FRAMINGS:
            stream.note("framing", f"{word!r} needs more", f'Write {{ kind = "{word}", ... }}.')
        return Capture2Go() if word == "capture2go" else Whole()
    with stream.table("framing") as table:
        kind = table.kind("kind", _FRAMINGS)
        if kind == "continued":
            return Continued(first=table.pattern("first"), following=table.pattern("following"))
        if kind == "byte_stream":
            return ByteStream(cuts=(_cut(table), *_other_cuts(table)))
    return Whole()


def _other_cuts(framing: Table) -> tuple[Cut, ...]:
    cuts = []
    for table in framing.tables("others"):
        with table:
            cuts.append(_cut(table))
    return tuple(cuts)


def _cut(table: Table) -> Cut:
    return Cut(sync=table.pattern("sync"), packet_bytes=table.whole("packet_bytes", least=1))


def _clock(stream: Table) -> Clock | None:
    with stream.table("time") as table:
        if table.kind("source", ("device", "arrival")) != "device":
            return None
        stamps = table.choice("stamps", ("first", "last"))
        return Clock(ticks_per_s=table.number("ticks_per_s"), stamps=stamps)
