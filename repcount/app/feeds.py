"""Sensors named on the command line, each a stream of notifications, and the recording of them."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from repcount.app.demo import load_show
from repcount.app.output import say
from repcount.app.source import choice_problems
from repcount.edges.ble import STOPPED, Backend, BleSensor, LinkState
from repcount.edges.clock import monotonic_s
from repcount.edges.profiles import load_profile, profile_names
from repcount.edges.recording import SensorMeta
from repcount.edges.virtual import VIRTUAL, VirtualSensor
from repcount.errors import InputError, Problem
from repcount.profile import Profile
from repcount.samples import Notification

log = logging.getLogger(__name__)

MOST_SENSORS = 2
_SETTING = re.compile(r"(?:([a-z_]+)\.)?([a-z][a-z0-9_]*)=(\S+)")


@dataclass(frozen=True, slots=True)
class LiveSensor:
    """A sensor to read and where it is worn; `name` None is the first in reach that a profile knows.

    `chosen` are the parameters of its profile that are not to have their default; `side` is the arm or leg.
    """

    name: str | None
    placement: str
    chosen: Mapping[str, float] = field(default_factory=dict)
    side: str | None = None


def live_sensors(
    words: Sequence[str], placement: str, settings: Sequence[str] = ()
) -> tuple[LiveSensor, ...]:
    """Read `NAME`, worn at `placement`, or `PLACEMENT=NAME`, each a sensor; none is the first in reach.

    `settings` are parameters of the sensors' profiles: `rate_hz=100`, or `chest.rate_hz=100` for one alone.

    Raises
    ------
    InputError
        With every setting that is none.
    """
    sensors = tuple(_live_sensor(word, placement) for word in words) or (LiveSensor(None, placement),)
    return with_settings(sensors, settings)


def with_settings(sensors: tuple[LiveSensor, ...], settings: Sequence[str]) -> tuple[LiveSensor, ...]:
    """Choose parameters of the sensors' profiles, as `live_sensors` has them; InputError likewise."""
    problems: list[Problem] = []
    for word in settings:
        try:
            sensors = _with_setting(sensors, word)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return sensors


def _live_sensor(word: str, placement: str) -> LiveSensor:
    before, equals, after = word.partition("=")
    named = equals and before.replace("_", "").isalpha()
    return LiveSensor(after, before) if named else LiveSensor(word, placement)


def _with_setting(sensors: tuple[LiveSensor, ...], word: str) -> tuple[LiveSensor, ...]:
    found = _SETTING.fullmatch(word)
    try:
        value = float(found[3]) if found else None
    except ValueError:
        value = None
    if found is None or value is None:
        mend = "Write rate_hz=100, or chest.rate_hz=100 for one of two."
        raise InputError([Problem("--set", f"{word!r} is no setting", mend)])
    placement, name = found[1], found[2]
    if placement is not None and placement not in {sensor.placement for sensor in sensors}:
        raise InputError([Problem("--set", f"{word!r}: no sensor is worn at {placement!r}")])
    return tuple(
        replace(sensor, chosen={**sensor.chosen, name: value})
        if placement in {None, sensor.placement}
        else sensor
        for sensor in sensors
    )


def sensor_problems(sensors: Sequence[LiveSensor]) -> list[Problem]:
    """What is wrong with where sensors are worn."""
    worn = [sensor.placement for sensor in sensors]
    problems = [problem for placement in worn for problem in choice_problems(None, placement)]
    if len(set(worn)) < len(worn) or len(worn) > MOST_SENSORS:
        mend = "Say where each is worn: --sensor wrist=NAME --sensor chest=NAME."
        problems.append(Problem("--sensor", "has two at the same place, or more than two", mend))
    return problems


class Listener(Protocol):
    """Is told what comes of a sensor, by where it is worn."""

    def notification(self, sensor: str, notification: Notification) -> object:
        """A notification came."""

    def changed(self, feed: "Feed", state: LinkState, *, anew: bool) -> None:
        """It was connected, `anew` before anything of it is told; or it is not; or its battery changed."""


class Feed:
    """One sensor and its link, as it is now; its key is where it is worn.

    Raises
    ------
    InputError
        When it is the recording of one, and that cannot be read.
    """

    def __init__(
        self,
        sensor: LiveSensor,
        station: str,
        backend: Backend | None = None,
        clock: Callable[[], float] = monotonic_s,
    ) -> None:
        self.key = sensor.placement
        self._name = sensor.name
        self.link = LinkState(connected=False)
        self._side = sensor.side
        self._station = station
        self._listener: Listener | None = None
        self._session = 0
        self._virtual: VirtualSensor | None = None
        self._values: Mapping[str, float] = {}
        if sensor.name is not None and sensor.name.startswith(VIRTUAL):
            if sensor.chosen:
                raise InputError([Problem("--set", "a recording is as it was", "Leave it out.")])
            show = load_show(Path(sensor.name.removeprefix(VIRTUAL)), sensor.placement)
            self._virtual, self._values = VirtualSensor(show.profile, show.notifications), show.values
            return
        profiles = [load_profile(name) for name in profile_names()]
        self._link = BleSensor(
            sensor.name,
            profiles,
            clock=clock,
            chosen=sensor.chosen,
            on_state=self._link_changed,
            backend=backend,
        )

    @property
    def profile(self) -> Profile | None:
        """The sensor's, once it is known."""
        return self._virtual.profile if self._virtual else self._link.profile

    @property
    def values(self) -> Mapping[str, float]:
        """Those it was last started with."""
        return self._values if self._virtual else self._link.values

    @property
    def worn(self) -> SensorMeta:
        """What a recording says of it."""
        device = {} if self._virtual else self._link.device or {}
        name = self.profile.name if self.profile else None
        return SensorMeta(
            profile=name, placement=self.key, side=self._side, values=self.values, device=device
        )

    async def run(self, listener: Listener) -> None:
        """Tell the listener all that comes until cancelled; a virtual sensor ends by itself.

        Raises
        ------
        LinkError, InputError
            As `BleSensor` does.
        """
        self._listener = listener
        if self._virtual is not None:
            self._link_changed(LinkState(connected=True, name="virtual", session=1, since_s=monotonic_s()))
        else:
            say(f"{self.key:10} looking for {self._name or 'the first sensor that a profile knows'} ...")
        source = self._virtual or self._link
        async with aclosing(aiter(source)) as notifications:
            async for notification in notifications:
                listener.notification(self.key, notification)

    def _link_changed(self, state: LinkState) -> None:
        self.link = state
        anew = state.connected and state.session != self._session
        if anew:
            self._session = state.session
            log.info("%s: connected to %s at the %s", self._station, state.name or state.address, self.key)
        elif state.why == STOPPED:
            log.info("%s: the sensor at the %s is stopped", self._station, self.key)
        elif not state.connected:
            log.warning("%s: no sensor at the %s: %s", self._station, self.key, state.why)
        if self._listener is not None:
            self._listener.changed(self, state, anew=anew)


def open_feeds(
    sensors: Sequence[LiveSensor],
    station: str,
    problems: list[Problem],
    backend: Backend | None = None,
    clock: Callable[[], float] = monotonic_s,
) -> list[Feed]:
    """Open sensors; what is wrong with them is added to `problems`, those of the rest of the command.

    Raises
    ------
    InputError
        With all problems, if there are any.
    """
    feeds: list[Feed] = []
    for sensor in sensors:
        try:
            feeds.append(Feed(sensor, station, backend, clock))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return feeds
