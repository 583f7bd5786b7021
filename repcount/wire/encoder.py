"""Samples -> notifications, as the sensor would send them: for virtual sensors and tests.

Rules: the same field table as the decoder; `decode(encode(x)) == x` for values on the sensor's own grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from repcount.profile.model import Profile, Stream
from repcount.samples import Array, SampleBatch
from repcount.wire.layout import Layout

_GAP_RATIO = 1.5
"""Samples further apart than this many usual intervals are not put into one notification."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The bytes of a notification, and the time in s of its last sample: it cannot be sent before."""

    payload: bytes
    last_s: float


def encode(
    profile: Profile,
    batch: SampleBatch,
    *,
    counter_start: int = 0,
    samples_per_notification: int | None = None,
) -> list[Encoded]:
    """Encode samples.

    Parameters
    ----------
    profile
        The sensor's.
    batch
        What it measures; sizes beyond its range are clipped as it would.
    counter_start
        Counter of the first notification.
    samples_per_notification
        At most; fewer before a gap and at the end. None takes the profile's.

    Raises
    ------
    ValueError
        When a notification cannot hold so many samples, or they lack the turning rate the sensor has.
    """
    layout = Layout(profile)
    fixed = profile.stream.field("count") is None
    n = (
        profile.stream.samples_per_notification
        if samples_per_notification is None
        else samples_per_notification
    )
    least = layout.most_samples if fixed else 1
    if not least <= n <= layout.most_samples:
        raise ValueError(f"{profile.name} sends {least} to {layout.most_samples} samples at once, not {n}")
    if layout.gyro is not None and batch.gyro_rad_s is None:
        raise ValueError(f"{profile.name} has a gyroscope, the samples have none")
    interval_s = float(np.median(np.diff(batch.t_s))) if len(batch) > 1 else 1.0 / profile.stream.rate_hz
    parts = _full(batch, n) if fixed else _between_gaps(batch, n, _GAP_RATIO * interval_s)
    return [
        Encoded(_payload(layout, part, counter, interval_s), float(part.t_s[-1]))
        for counter, part in enumerate(parts, counter_start)
    ]


def _full(batch: SampleBatch, n: int) -> Iterator[SampleBatch]:
    """Cut every `n` samples, leaving out the rest: the sensor would still be waiting."""
    return (batch[k : k + n] for k in range(0, len(batch) - n + 1, n))


def _between_gaps(batch: SampleBatch, n: int, gap_s: float) -> Iterator[SampleBatch]:
    """Cut every `n` samples and wherever they are further apart than `gap_s`."""
    cuts = np.flatnonzero(np.diff(batch.t_s) > gap_s) + 1
    for start, end in pairwise([0, *cuts.tolist(), len(batch)]):
        yield from (batch[k : min(k + n, end)] for k in range(start, end, n))


def _payload(layout: Layout, part: SampleBatch, counter: int, interval_s: float) -> bytes:
    head = np.zeros(1, layout.head)
    numbers = {"count": len(part), "counter": counter} | _times(layout.stream, part.t_s, interval_s)
    for field in layout.stream.header:
        value = numbers[field.name] if field.equals is None else field.equals
        head[field.name] = value % (1 << field.bits)
    samples = np.zeros(len(part), layout.sample)
    samples["acc"] = layout.acc.to_counts(part.acc_m_s2)
    if layout.gyro is not None and part.gyro_rad_s is not None:
        samples["gyro"] = layout.gyro.to_counts(part.gyro_rad_s)
    return layout.sealed(head.tobytes() + samples.tobytes())


def _times(stream: Stream, t_s: Array, interval_s: float) -> dict[str, int]:
    if stream.clock is None:
        return {}
    period_s = float(t_s[-1] - t_s[0]) / (len(t_s) - 1) if len(t_s) > 1 else interval_s
    stamp_s = float(t_s[0] if stream.clock.stamps == "first" else t_s[-1])
    per_s = stream.clock.ticks_per_s
    return {"time": round(stamp_s * per_s), "period": max(round(period_s * per_s), 1)}
