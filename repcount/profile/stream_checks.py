"""What the parts of a stream, and the streams of a profile, must have to do with each other."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from repcount.profile.model import Profile
from repcount.profile.reader import Notes, Table
from repcount.profile.stream import CALENDAR_MS, ByteStream, Capture2Go, Continued, HeaderField, Stream

_CALENDAR_TICKS_PER_S = 1000.0


def check_stream(stream: Stream, table: Table) -> None:
    """Note what does not fit together."""
    for key, message in _stream_problems(stream):
        table.note(key, message)


def _stream_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    yield from _layout_problems(stream)
    yield from _time_problems(stream)
    yield from _packing_problems(stream)
    yield from _framing_problems(stream)
    if (stream.loss == "counter") != (stream.field("counter") is not None):
        yield "loss", "'counter' and a field 'counter' belong together"
    if stream.loss == "time_gap" and stream.clock is None:
        yield "loss", "'time_gap' needs the sensor's own time"


def _layout_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    first = stream.head_bytes
    if len({vector.stride for vector in stream.vectors}) > 1:
        yield "fields", "'acc' and 'gyro' must have the same stride"
    spans = [(field.offset, field.end, field.name) for field in stream.header]
    spans += [(v.offset, v.offset + v.record_bytes, "acc or gyro") for v in stream.vectors]
    for (_, end, name), (offset, _, other) in pairwise(sorted(spans)):
        if offset < end:
            yield "fields", f"{name!r} and {other!r} overlap"
    one_sample = stream.fixed_samples and stream.samples_per_notification == 1
    if not one_sample and any(field.offset >= first for field in stream.header):
        yield "fields", "the numbers that are there once must lie before the samples"
    if one_sample and any(field.end > first + stream.stride for field in stream.header):
        yield "fields", "a number lies beyond the stride of the sample"
    if any(v.offset + v.record_bytes > first + v.stride for v in stream.vectors):
        yield "fields", "a sample does not fit into its stride"
    if stream.starts_with is not None and len(stream.starts_with.first) > first:
        yield "starts_with", "reaches into the samples"


def _time_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    time = stream.field("time")
    if (stream.clock is None) != (time is None):
        yield "time", "source = 'device' and a field 'time' belong together"
    if stream.clock is None and stream.field("period") is not None:
        yield "time", "a field 'period' needs source = 'device'"
    if time is not None and stream.clock is not None and time.kind == CALENDAR_MS:  # noqa: SIM102
        if stream.clock.ticks_per_s != _CALENDAR_TICKS_PER_S:
            yield "time.ticks_per_s", f"of {CALENDAR_MS!r} are {_CALENDAR_TICKS_PER_S}"


def _packing_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    count = stream.field("count")
    if stream.counted_by_length and count is not None:
        yield "counted_by", "'length' is not needed beside a field 'count'"
    if stream.decoder is not None:
        if not stream.counted_by_length:
            yield "decoder", "needs counted_by = 'length'"
        if len(stream.vectors) > 1 or stream.planar:
            yield "decoder", "reads 'acc' or 'gyro' alone"
        if stream.checksum is not None:
            yield "decoder", "reads to the end of the packet, where a checksum would be"
    elif isinstance(stream.framing, ByteStream | Continued):
        return
    elif (needed := stream.payload_bytes(stream.samples_per_notification)) > stream.largest_payload_bytes:
        message = f"{stream.samples_per_notification} samples need {needed} bytes, the MTU leaves"
        yield "samples_per_notification", f"{message} {stream.largest_payload_bytes}"


def _framing_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    framing = stream.framing
    if isinstance(framing, Continued) and not stream.fixed_samples:
        yield "framing", "'continued' needs a fixed number of samples, to know where a packet ends"
    if isinstance(framing, ByteStream | Capture2Go) and stream.starts_with is None:
        yield "starts_with", "is missing: packets that are cut out are told by their first bytes"
    if isinstance(framing, ByteStream):
        sizes = {cut.packet_bytes for cut in framing.cuts}
        needed = stream.payload_bytes(stream.samples_per_notification)
        if stream.fixed_samples and needed > max(sizes):
            yield "framing.packet_bytes", f"a packet needs {needed} bytes"
        if any(len(cut.sync.first) >= cut.packet_bytes for cut in framing.cuts):
            yield "framing.sync", "must be shorter than its packet"


def check_streams(profile: Profile, notes: Notes) -> None:
    """Note what is wrong with the streams together, at the default values and at each choice."""
    for message in dict.fromkeys(_together(profile)):
        notes.add("streams", message)


def _together(profile: Profile) -> Iterator[str]:
    yield from _set_problems(profile.active_streams(), "")
    for parameter in profile.parameters:
        for value in parameter.allowed:
            values = profile.default_values() | parameter.values(value)
            yield from _set_problems(profile.active_streams(values), f" where {parameter.name} = {value:g}")


def _set_problems(streams: Sequence[Stream], where: str) -> Iterator[str]:
    masters = [stream for stream in streams if stream.acc is not None]
    others = [stream for stream in streams if stream.acc is None]
    if not masters:
        yield f"none holds 'acc'{where}"
    if len({stream.gyro is None for stream in masters} | ({False} if others and masters else set())) > 1:
        both = any(stream.gyro is not None for stream in masters)
        if both or not others:
            yield f"'gyro' must be in all streams that hold 'acc', or in streams of its own{where}"
    for group in (masters, others):
        if len({(s.clock, s.loss, _bits(s.field("time")), _bits(s.field("counter"))) for s in group}) > 1:
            yield f"those of the same samples must have the same time and loss{where}"
    for one, other in combinations(streams, 2):
        if one.characteristic == other.characteristic:
            if one.framing != other.framing:
                yield f"those of one characteristic must have the same framing{where}"
            if one.starts_with is None or one.starts_with == other.starts_with:
                yield f"those of one characteristic must be told apart by starts_with{where}"


def _bits(field: HeaderField | None) -> int:
    return field.bits if field else 0
