"""Samples -> notifications, as the sensor would send them: for virtual sensors and tests.

Rules: the same layouts as the decoder; `decode(encode(x)) == x` for values on the sensor's own grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from repcount.profile.model import Profile
from repcount.profile.steps import Values
from repcount.profile.stream import Stream
from repcount.samples import Array, SampleBatch
from repcount.wire.framing import framer_of
from repcount.wire.layout import Layout

_GAP_RATIO = 1.5
"""Samples further apart than this many usual intervals are not put into one notification."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A notification, not sent before the time in s of its last sample, and its characteristic."""

    payload: bytes
    last_s: float
    characteristic: str


def encode(
    profile: Profile,
    batch: SampleBatch,
    *,
    counter_start: int = 0,
    samples_per_notification: int | None = None,
    values: Values | None = None,
) -> list[Encoded]:
    """Encode samples, in the order in which a sensor would send them.

    Of several kinds of packets for the same samples, those of the first in the profile are made.

    Parameters
    ----------
    profile
        The sensor's.
    batch
        What it measures; sizes beyond its range are clipped as it would.
    counter_start
        Counter of the first notification.
    samples_per_notification
        At most; fewer before a gap, at the end, and where they do not fit. None takes the profile's.
    values
        With which it was started; None for the profile's defaults.

    Raises
    ------
    ValueError
        When a notification cannot hold so many samples, or they lack the turning rate the sensor has.
    """
    streams = profile.active_streams(values)
    master = next(stream for stream in streams if stream.acc is not None)
    turning = next((stream for stream in streams if stream.acc is None), None)
    if batch.gyro_rad_s is None and (master.gyro is not None or turning is not None):
        raise ValueError(f"{profile.name} has a gyroscope, the samples have none")
    sent = _encoded(profile, master, batch, counter_start, samples_per_notification)
    if turning is not None:
        sent += _encoded(profile, turning, batch, counter_start, samples_per_notification)
    return sorted(sent, key=lambda one: one.last_s)


def _encoded(
    profile: Profile, stream: Stream, batch: SampleBatch, counter_start: int, n: int | None
) -> list[Encoded]:
    layout = Layout(stream, profile.axes)
    n = stream.samples_per_notification if n is None else n
    least, most = samples_at_once(layout)
    if not least <= n <= most:
        raise ValueError(f"{profile.name} sends {least} to {most} samples at once, not {n}")
    interval_s = float(np.median(np.diff(batch.t_s))) if len(batch) > 1 else 1.0 / stream.rate_hz
    parts = _full(batch, n) if stream.fixed_samples else _between_gaps(batch, n, _GAP_RATIO * interval_s)
    framer, most_bytes = framer_of([stream]), stream.largest_payload_bytes
    sent: list[Encoded] = []
    counter = counter_start
    for part in parts:
        for fitting, packet in _packets(layout, part, counter, interval_s):
            counter += 1
            last_s, payloads = float(fitting.t_s[-1]), framer.notifications(packet, most_bytes)
            sent += [Encoded(payload, last_s, stream.characteristic) for payload in payloads]
    return sent


def samples_at_once(layout: Layout) -> tuple[int, int]:
    """The least and the most samples that a packet may be asked to hold."""
    stream = layout.stream
    if stream.fixed_samples:
        return stream.samples_per_notification, stream.samples_per_notification
    # A decoder packs as many as it can: that is seen from the bytes.
    return 1, max(layout.most_samples, stream.samples_per_notification)


def _full(batch: SampleBatch, n: int) -> Iterator[SampleBatch]:
    """Cut every `n` samples, leaving out the rest: the sensor would still be waiting."""
    return (batch[k : k + n] for k in range(0, len(batch) - n + 1, n))


def _between_gaps(batch: SampleBatch, n: int, gap_s: float) -> Iterator[SampleBatch]:
    """Cut every `n` samples and wherever they are further apart than `gap_s`."""
    cuts = np.flatnonzero(np.diff(batch.t_s) > gap_s) + 1
    for start, end in pairwise([0, *cuts.tolist(), len(batch)]):
        yield from (batch[k : min(k + n, end)] for k in range(start, end, n))


def _packets(
    layout: Layout, part: SampleBatch, counter: int, interval_s: float
) -> Iterator[tuple[SampleBatch, bytes]]:
    """A packet of the samples, or several where they do not fit into one."""
    packet = write_packet(layout, part, counter, interval_s)
    too_long = len(packet) > layout.stream.largest_payload_bytes
    if layout.stream.decoder is None or not too_long or len(part) == 1:
        yield part, packet
        return
    half = len(part) // 2
    for k, piece in enumerate((part[:half], part[half:])):
        yield from _packets(layout, piece, counter + k, interval_s)


def write_packet(layout: Layout, part: SampleBatch, counter: int, interval_s: float) -> bytes:
    """Write one packet of a stream; `interval_s` between samples where there is only one."""
    counts: dict[str, Array] = {}
    if layout.acc is not None:
        counts["acc"] = layout.acc.to_counts(part.acc_m_s2)
    if layout.gyro is not None and part.gyro_rad_s is not None:
        counts["gyro"] = layout.gyro.to_counts(part.gyro_rad_s)
    head = {"count": len(part), "counter": counter} | _times(layout.stream, part.t_s, interval_s)
    return layout.write(head, counts)


def _times(stream: Stream, t_s: Array, interval_s: float) -> dict[str, int]:
    if stream.clock is None:
        return {}
    period_s = float(t_s[-1] - t_s[0]) / (len(t_s) - 1) if len(t_s) > 1 else interval_s
    stamp_s = float(t_s[0] if stream.clock.stamps == "first" else t_s[-1])
    per_s = stream.clock.ticks_per_s
    return {"time": round(stamp_s * per_s), "period": max(round(period_s * per_s), 1)}
