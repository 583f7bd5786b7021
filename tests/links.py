"""Virtual links: what a sensor sends, when it arrives, and when its samples were really taken.

A link never lets a notification overtake another, as BLE does not: one that is late holds back all that come
after it, and what waits arrives in one connection event.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from repcount.edges.profiles import load_profile
from repcount.motion.track import SensorTrack
from repcount.motion.tracker import Motion
from repcount.samples import SampleBatch
from repcount.wire import Gap, Wire, WireParams
from repcount.wire.decoder import Decoded
from repcount.wire.timeline import timeline_of

NO_CLOCK, CLOCK = load_profile("microbit_accelerometer"), load_profile("repcount_reference")

SETTLED_S = 10.0
"""Errors count from this long after the first sample on."""


@dataclass(frozen=True)
class Field:
    """A number in the head of a notification."""

    bits: int


@dataclass(frozen=True)
class Clock:
    """A sensor's own clock."""

    ticks_per_s: float
    stamps: str


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """What a sensor sends; to a timeline it is the `Stream` of its profile.

    Its clock runs slow by `drift_ppm`, and it samples at `rate_ratio` times the rate that its profile says.
    """

    rate_hz: float = 50.0
    at_once: int = 1
    counter_bits: int | None = None
    time_bits: int | None = None
    ticks_per_s: float = 1e6
    stamps: str = "last"
    starts_s: float = 0.0
    drift_ppm: float = 200.0
    rate_ratio: float = 1.0

    @property
    def clock(self):
        return None if self.time_bits is None else Clock(self.ticks_per_s, self.stamps)

    def field(self, name):
        bits = {"counter": self.counter_bits, "time": self.time_bits}[name]
        return None if bits is None else Field(bits)


@dataclass(frozen=True, kw_only=True)
class Radio:
    """A link: when it listens, how many notifications are late and by how much, how many never come."""

    interval_s: float = 0.03
    late_ratio: float = 0.05
    late_s: float = 0.3
    lost_ratio: float = 0.0
    host_s: float = 0.002  # the host's own delay, at most


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A notification, and when its samples were taken: by the sensor's clock, and by the host's."""

    packet: Decoded
    arrival_s: float
    sensor_s: np.ndarray
    host_s: np.ndarray
    number: int


def arrivals(sensor, radio, seconds, seed=0):
    """What arrives of a sensor in so many seconds, in order."""
    rng = np.random.default_rng(seed)
    count, n = int(seconds * sensor.rate_hz * sensor.rate_ratio / sensor.at_once), sensor.at_once
    sensor_s = np.arange(1.0, count * n + 1.0).reshape(count, n) / (sensor.rate_hz * sensor.rate_ratio)
    host_s = sensor_s * (1.0 + sensor.drift_ppm * 1e-6) + rng.uniform(0.0, radio.interval_s)
    late_s = rng.uniform(0.0, radio.late_s, count) * (rng.random(count) < radio.late_ratio)
    ready_s = np.maximum.accumulate(host_s[:, -1] + late_s)
    if radio.interval_s:
        ready_s = np.ceil(ready_s / radio.interval_s) * radio.interval_s
    arrival_s = np.maximum.accumulate(ready_s + rng.uniform(0.0, radio.host_s, count))
    arrive = rng.random(count) >= radio.lost_ratio
    sensor_s = sensor_s + sensor.starts_s
    return [
        Arrival(
            packet=packet(sensor, sensor_s[k], k),
            arrival_s=float(arrival_s[k]),
            sensor_s=sensor_s[k],
            host_s=host_s[k],
            number=k,
        )
        for k in np.flatnonzero(arrive).tolist()
    ]


def packet(sensor, sensor_s, number):
    """What a notification says whose samples were taken at `sensor_s`."""
    time = None
    if sensor.time_bits is not None:
        stamp_s = sensor_s[0 if sensor.stamps == "first" else -1]
        time = int(stamp_s * sensor.ticks_per_s) % (1 << sensor.time_bits)
    return Decoded(
        acc_m_s2=np.zeros((len(sensor_s), 3)),
        gyro_rad_s=None,
        counter=None if sensor.counter_bits is None else number % (1 << sensor.counter_bits),
        time_ticks=time,
        period_ticks=None,
    )


@dataclass(frozen=True, kw_only=True)
class Timed:
    """Times that were given to samples (N,), their true ones, and the gaps: those said and those there were.

    The truth is the sensor's clock where it sends its time, which is what stream time is made of, and else
    the host's at the moment of sampling, so that drift counts.
    """

    t_s: np.ndarray
    true_s: np.ndarray
    gaps: list[Gap]
    lost: list[int]

    @property
    def error_s(self):
        """What is off after the start, apart from what is constant."""
        error_s = (self.t_s - self.true_s)[self.true_s > self.true_s[0] + SETTLED_S]
        return error_s - np.mean(error_s)

    @property
    def rms_s(self):
        return float(np.sqrt(np.mean(self.error_s**2)))


def timed(sensor, came, timeline=None):
    """Give times to what came of a sensor."""
    timeline = timeline or timeline_of(sensor, WireParams())
    placed = [(one, timeline.place(one.packet, one.arrival_s)) for one in came]
    assert all(hasattr(at, "t_s") for _, at in placed), "every notification is new and of a time that can be"
    numbers = [one.number for one in came]
    return Timed(
        t_s=np.concatenate([at.t_s for _, at in placed]),
        true_s=np.concatenate([one.host_s if sensor.clock is None else one.sensor_s for one in came]),
        gaps=[at.gap for _, at in placed if at.gap is not None],
        lost=[after - before - 1 for before, after in pairwise(numbers) if after > before + 1],
    )


def second_timed(first, second, radio, seconds, seed=0):
    """Give a second sensor's samples stream time, the first one's; the truth is the first's clock."""
    tracks = {
        sensor: SensorTrack(Wire(NO_CLOCK if sensor.clock is None else CLOCK), Motion())
        for sensor in (first, second)
    }
    timelines = {sensor: timeline_of(sensor, WireParams()) for sensor in tracks}
    came = [
        (sensor, one) for k, sensor in enumerate(tracks) for one in arrivals(sensor, radio, seconds, seed + k)
    ]
    t_s, true_s = [], []
    tracks[first].origin_s = 0.0
    for sensor, one in sorted(came, key=lambda item: item[1].arrival_s):
        own_s = timelines[sensor].place(one.packet, one.arrival_s).t_s
        track = tracks[sensor]
        track.arrived(float(own_s[-1]), one.arrival_s)
        if sensor is second:
            track.follow(tracks[first], own_s)
        if track.origin_s is None:
            continue
        batch = track.on_stream_time(SampleBatch(own_s, one.packet.acc_m_s2))
        track.begun, track.last_s = True, float(batch.t_s[-1])
        if sensor is second:
            t_s.append(batch.t_s)
            true_s.append(one.host_s / (1.0 + first.drift_ppm * 1e-6))
    return Timed(t_s=np.concatenate(t_s), true_s=np.concatenate(true_s), gaps=[], lost=[])
