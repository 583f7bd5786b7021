"""A set done while the radio and the sensor misbehave, and what the service made of it.

Everything is as in `repcount live`, from the radio to the recording and the events; broker and page are left
out, since sockets have no part in virtual time.
"""

import asyncio
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from unittest.mock import patch

import numpy as np
from virtual_time import now_s

from repcount.app import feeds as feeds_module
from repcount.app import station
from repcount.app.feeds import LiveSensor, open_feeds
from repcount.app.runner import Runner
from repcount.edges.profiles import load_profile, profile_names
from repcount.events import Tempo
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, simulate
from repcount.simulate.plan import HIGHEST_RATE_HZ, LOWEST_RATE_HZ
from virtual_radio.air import Air
from virtual_radio.bleak_backend import backend_of
from virtual_radio.peripheral import Peripheral, Phone, central
from virtual_radio.table import name_of

EXERCISES = ("pull_up", "bent_over_row", "deadlift", "lat_pulldown", "inverted_row", "reverse_fly")
LIMIT_S = 600.0
"""Whatever takes longer never ends."""
REST_S = 6.0
"""After the set, so that its last rep is whole."""
_TEMPO = Tempo(eccentric_s=1.5, pause_lengthened_s=0.3, concentric_s=1.0, pause_shortened_s=0.3)


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` names a method of `_Trouble`; it begins `at_s` after the sensor and lasts `for_s`."""

    kind: str
    at_s: float
    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordeal:
    """All that is left to chance."""

    profile: str
    exercise: str
    reps: int
    interval_s: float
    supervision_s: float
    missed_ratio: float
    faults: tuple[Fault, ...]
    seed: int


known_profile = cache(load_profile)


def ordeal(seed):
    """Draw one."""
    luck = random.Random(seed)  # noqa: S311 - the same in every run
    reps = luck.randint(3, 5)
    spans_s = {
        "loses": (0.5, 8.0),
        "stalls": (0.1, 1.5),
        "talks_rubbish": (0.5, 8.0),
        "says_nothing": (0.5, 8.0),
        "repeats": (0.5, 8.0),
        "drops": (0.0, 0.0),
        "leaves": (0.3, 12.0),
        "restarts": (0.5, 3.0),
        "is_taken": (2.0, 6.0),
    }
    kinds = luck.choices(list(spans_s), k=luck.randint(1, 5))
    faults = [
        Fault(kind, luck.uniform(1.0, 4.0 + 3.2 * reps), luck.uniform(*spans_s[kind])) for kind in kinds
    ]
    return Ordeal(
        profile=_a_profile(luck),
        exercise=luck.choice(EXERCISES),
        reps=reps,
        interval_s=luck.choice((0.0, 0.0075, 0.03, 0.1)),
        supervision_s=luck.uniform(2.0, 6.0),
        missed_ratio=luck.uniform(0.0, 0.5),
        faults=tuple(sorted(faults, key=lambda fault: fault.at_s)),
        seed=seed,
    )


def _a_profile(luck):
    """Sensors that send often are drawn seldom: theirs take long."""
    names = profile_names()
    streams = [known_profile(name).stream for name in names]
    costs = [10.0 + stream.rate_hz / stream.samples_per_notification for stream in streams]
    return luck.choices(names, [1.0 / cost for cost in costs])[0]


@cache
def movement(exercise, reps, rate_hz):
    """What is done: stand, a set, rest."""
    a_set = SetOf(exercise=exercise, reps=reps, tempo=_TEMPO)
    parts = (StandStill(duration_s=4.0), a_set, StandStill(duration_s=REST_S))
    return simulate(Plan(parts=parts, rate_hz=rate_hz), np.random.default_rng(reps))


def movement_of(given):
    """What is done in an ordeal, at the rate of its sensor."""
    rate_hz = known_profile(given.profile).stream.rate_hz
    return movement(given.exercise, given.reps, min(max(rate_hz, LOWEST_RATE_HZ), HIGHEST_RATE_HZ))


@dataclass(slots=True)
class Outcome:
    """`came` is (characteristic, payload) of all that bleak handed on; `folder` the recording of it."""

    began_s: float = 0.0  # when the sensor began to measure
    came: list = field(default_factory=list)
    events: list = field(default_factory=list)
    runner: object = None
    dropped: int = 0
    folder: object = None


class _Heard:
    def __init__(self, events):
        self._events = events

    def events(self, events):
        self._events.extend(events)

    def status(self, _status):
        """Nobody looks."""


class _Nobody:
    def sensors(self, statuses):
        """Nobody looks."""


@asynccontextmanager
async def service(options, backend, outcome):
    """`repcount live`, from the radio to the events; `outcome` is told. Yields whether each is connected."""
    with (
        patch.object(station, "monotonic_s", now_s),
        patch.object(feeds_module, "load_profile", known_profile),
    ):
        served = station.LiveStation(options, backend)
        served.feeds = feeds = open_feeds(options.sensors, options.station, [], backend, now_s)
        sensors = {feed.key: SensorConfig(None, feed.key) for feed in feeds}
        params = PipelineParams(station=options.station, exercise=options.exercise)
        outcome.runner = runner = Runner(Pipeline(sensors, params), [_Heard(outcome.events)])
        served._links = station.Links(options, runner, _Nobody())
        running = asyncio.create_task(served._feed())
        try:
            yield [feed._link for feed in feeds]
        finally:
            n_came = len(outcome.came)
            running.cancel()
            await asyncio.wait([running])
            del outcome.came[n_came:]  # answers to being stopped
            if not running.cancelled():
                running.result()
            runner.finish()
            outcome.dropped = sum(feed._link.dropped for feed in feeds)
            (outcome.folder,) = options.record_to.iterdir()


async def live_through(given, parent):
    """Do it; record below `parent`."""
    async with asyncio.timeout(LIMIT_S):
        return await _live_through(given, parent)


async def _live_through(given, parent):
    air = Air(
        interval_s=given.interval_s,
        supervision_s=given.supervision_s,
        missed_ratio=given.missed_ratio,
        seed=given.seed,
    )
    outcome = Outcome()
    backend = backend_of(
        await central(air), came=lambda _who, uuid, payload: outcome.came.append((uuid, bytes(payload)))
    )
    options = station.StationOptions(
        sensors=(LiveSensor(None, "wrist"),), exercise=given.exercise, station="ordeal", record_to=parent
    )
    profile = known_profile(given.profile)
    peripheral = Peripheral(profile, air, name=name_of(profile))
    async with peripheral as sensor, service(options, backend, outcome) as (link,):
        while not link.state.connected:  # noqa: ASYNC110 - as everybody would have to wait
            await asyncio.sleep(0.01)
        trouble = _Trouble(sensor, air, movement_of(given).batch, given.seed)
        outcome.began_s = now_s()
        await trouble.befall(given.faults)
        await asyncio.sleep(1.0)
    return outcome


class _Trouble:
    """What may befall a sensor that measures `batch`."""

    def __init__(self, sensor, air, batch, seed):
        self._sensor, self._air, self._batch = sensor, air, batch
        self._luck = random.Random(seed)  # noqa: S311 - the same in every run
        self._began_s = now_s()
        self._playing = asyncio.create_task(sensor.play(batch))
        self._phone = Phone(air)

    async def befall(self, faults):
        async with asyncio.TaskGroup() as group:
            for fault in faults:
                group.create_task(self._befall(fault))
        await asyncio.sleep(self._began_s + float(self._batch.t_s[-1]) - now_s())
        await asyncio.wait([self._playing])

    async def _befall(self, fault):
        await asyncio.sleep(fault.at_s)
        await getattr(self, fault.kind)(fault.for_s)

    async def loses(self, for_s):
        ratio = self._luck.uniform(0.05, 0.5)
        await self._altered(for_s, lambda payload: [] if self._luck.random() < ratio else [payload])

    async def talks_rubbish(self, for_s):
        most = self._sensor.profile.stream.mtu_bytes - 3
        await self._altered(
            for_s, lambda payload: [payload, self._luck.randbytes(self._luck.randint(1, most))]
        )

    async def says_nothing(self, for_s):
        await self._altered(for_s, lambda payload: [payload, b""])

    async def repeats(self, for_s):
        await self._altered(for_s, lambda payload: [payload, payload])

    async def _altered(self, for_s, alter):
        self._sensor.alter = alter
        await asyncio.sleep(for_s)
        self._sensor.alter = lambda payload: [payload]

    async def stalls(self, for_s):
        self._air.hold(self._sensor.chip)
        await asyncio.sleep(for_s)
        self._air.hold(self._sensor.chip, held=False)

    async def leaves(self, for_s):
        self._sensor.leave()
        await asyncio.sleep(for_s)
        self._sensor.come_back()

    async def drops(self, _for_s):
        await self._sensor.drop()

    async def restarts(self, for_s):
        """Switched off and on again: its clock and its counter begin anew."""
        self._playing.cancel()
        await self._sensor.drop()
        self._sensor.leave()
        await asyncio.sleep(for_s)
        self._sensor.come_back()
        batch, since_s = self._batch, now_s() - self._began_s
        left = batch.t_s >= since_s
        gyro = None if batch.gyro_rad_s is None else batch.gyro_rad_s[left]
        rest = SampleBatch(batch.t_s[left] - since_s, batch.acc_m_s2[left], gyro)
        self._playing.cancel()  # somebody may have switched it on in the meantime
        self._playing = asyncio.create_task(self._sensor.play(rest))

    async def is_taken(self, for_s):
        """By a phone, which is quicker: it waits already when the link ends."""
        if self._phone.is_busy or self._sensor.connection is None or self._air.is_away(self._sensor.chip):
            return
        taking = asyncio.create_task(self._phone.take(self._sensor))
        await asyncio.sleep(0.1)
        await self._sensor.drop()
        try:
            await taking
        except TimeoutError:
            return
        await asyncio.sleep(for_s)
        await self._phone.let_go()
