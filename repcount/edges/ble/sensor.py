"""A sensor as a stream of notifications that goes on whenever the sensor is there.

Retrying is our own, not bleak-retry-connector's: that tries a device it was given up to four times, each for
20 s, without listening again, without disconnecting in between, and hands on texts in place of errors that
say what is wrong. Here a sensor that was lost is waited for by connecting to it, which takes one of its
advertisements where listening first takes two; then it is listened for (BlueZ forgets devices after half a
minute). A broken link is always disconnected (else BlueZ sends everything twice), the radio is free between
attempts, and who is connected already, which it asks of BlueZ alone, bleak itself tells on every platform.
"""

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bleak.backends.device import BLEDevice
from bleak.exc import BleakDBusError

from repcount.edges.ble.conversation import RefusedError, StepError
from repcount.edges.ble.device import percent
from repcount.edges.ble.faults import (
    IN_REACH,
    RADIO_ERRORS,
    UserMustActError,
    link_error,
    refused_error,
    small_mtu_error,
)
from repcount.edges.ble.link import Link
from repcount.edges.ble.needs import data_characteristics, mtu_bytes
from repcount.edges.ble.radio import Backend, radio
from repcount.edges.ble.scan import Found, find, find_connected
from repcount.errors import LinkError
from repcount.profile import Profile
from repcount.profile.stream import ATT_HEADER_BYTES
from repcount.samples import Notification
from repcount.wire.standard import BATTERY_LEVEL

log = logging.getLogger(__name__)

FIND_S = 8.0
"""Sensors advertise every 0.1 to 2 s, and a scan misses some."""
FIND_AGAIN_S = 3.0
"""After waiting for it in vain: so long as to be found anew by a system that forgot it."""
SILENCE_S = 10.0
"""Without data a link counts as lost: when the system's Bluetooth service dies, bleak says nothing. Several
times the longest pause between notifications of any sensor we know (1.44 s)."""
CLOCK_TICK_S = 1e-3
"""Less than this is no time to wait: a rounding error would be waited for again and again."""
MOST_WAITING = 1024
"""Notifications kept for a reader that stalls: 10 s at 100 a second, the most that a link carries well."""
STOPPED = "stopped"
"""Why there is no link any more when whoever reads has had enough."""
LEAST_PAYLOAD_BYTES = 20
"""What a link of the smallest MTU, less the header, lets through of a notification."""
MOST_CUT = 3
"""Notifications in a row of just that length, of a sensor that needs a larger MTU: they are cut."""
BACK_OFF_S = (
    0.0,  # a sensor that sent data and was lost may be back at once: a set is under way
    1.0,  # then give the system's Bluetooth a moment to see that the old link is down
    *[2.0] * 8,  # out of reach for a minute or so: whoever comes back is counted again within 3 s
    20.0,  # a sensor that stays away is switched off, and listening costs power and the others' air
    25.0,  # whoever comes back with it waits no longer than this
)
"""From the beginning of each attempt that brought no data to that of the next; the last for ever."""
LEAST_PAUSE_S = 1.0
"""Between them, for the others, and for a system that has just ended a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """Whether the sensor is connected, and if not, why; `rssi_dbm` is as it was found.

    `session` counts connections, from 1; `since_s` is the host's time when this one was ready, of which some
    may have come already.
    """

    connected: bool
    why: str = ""
    name: str | None = None
    address: str | None = None
    rssi_dbm: int | None = None
    battery_percent: int | None = None
    session: int = 0
    since_s: float = 0.0


class BleSensor:
    """Yield the notifications of a sensor; reconnect for ever when it is lost.

    Iterating finds, connects and starts the sensor. Closing the iterator, or cancelling the task, stops it
    properly within 2 s; use `contextlib.aclosing(aiter(sensor))` where the loop may be left otherwise.

    Parameters
    ----------
    target
        Name or address; None for the first that a profile matches, and from then on only that one.
    profiles
        Those it may be of.
    chosen
        Parameters of the profile that are not to have their default, by name.
    clock
        Host's monotonic time, s; read as each notification arrives.
    backend
        In place of the platform's own.
    on_state
        Called when the state changes; `profile` is set before it first says connected.

    Attributes
    ----------
    profile
        The sensor's; None until it was first connected.
    values
        Of the profile, as chosen, and as the sensor answered when it was last connected.
    device
        What the sensor says of itself, by `model`, `serial`, `firmware` and `software`.
    dropped
        Notifications thrown away, oldest first, because nobody read them.
    """

    def __init__(
        self,
        target: str | None,
        profiles: Sequence[Profile],
        *,
        clock: Callable[[], float],
        chosen: Mapping[str, float] | None = None,
        backend: Backend | None = None,
        on_state: Callable[[LinkState], object] = lambda _state: None,
    ) -> None:
        self.profile: Profile | None = None
        self.values: Mapping[str, float] = {}
        self.device: Mapping[str, str] | None = None
        self.dropped = 0
        self.state = LinkState(connected=False, why="not started")
        self._target = target
        self._profiles = profiles
        self._chosen = chosen or {}
        self._clock = clock
        self._backend = backend
        self._on_state = on_state
        self._inbox: asyncio.Queue[Notification | str] = asyncio.Queue(MOST_WAITING)
        self._data: frozenset[str] = frozenset()
        self._needed_mtu_bytes = 0
        self._heard_s = 0.0  # when data last came, by the loop's clock
        self._fruitless = 0  # attempts since data came
        self._tried_s = -math.inf  # when the last began, by the loop's clock
        self._known: tuple[BLEDevice, Found] | None = None  # as it was last connected
        self._session = 0
        self._battery_percent: int | None = None

    async def __aiter__(self) -> AsyncGenerator[Notification, None]:
        """Start the sensor.

        Raises
        ------
        LinkError
            Before the first connection, when waiting does not mend it: no adapter, no permission, the wrong
            profile. Later, and for a sensor that is merely not there, `on_state` tells, and it tries again.
        InputError
            When its profile has no such parameters as were chosen.
        """
        self._fruitless = 0
        while True:
            link = await self._reach()
            why = STOPPED
            try:
                n_cut = 0
                while isinstance(came := await self._next(), Notification):
                    n_cut = self._count_cut(came, n_cut)
                    yield came
                    if n_cut >= MOST_CUT:
                        came = self._cut()
                        break
                why = came
            finally:
                self._say(LinkState(connected=False, why=why))
                await link.close()

    async def _reach(self) -> Link:
        loop = asyncio.get_running_loop()
        while True:
            back_off_s = BACK_OFF_S[min(self._fruitless, len(BACK_OFF_S) - 1)]
            if self._fruitless:
                await asyncio.sleep(max(self._tried_s + back_off_s - loop.time(), LEAST_PAUSE_S))
            self._tried_s = loop.time()
            self._fruitless += 1
            try:
                return await self._connect()
            except UserMustActError as error:
                if self.profile is None:
                    raise
                self._say(LinkState(connected=False, why=str(error)))
            except LinkError as error:
                self._say(LinkState(connected=False, why=str(error)))

    async def _connect(self) -> Link:
        """Connect to the sensor as it is known, else find it first."""
        if self._known is None or not radio(self._backend).is_free:
            return await self._open(*await self._find(FIND_S))
        try:
            return await self._open(*self._known, patient=True)
        except RADIO_ERRORS as error:
            log.debug("not there, or forgotten by the system: %r", error)
        waited_s = asyncio.get_running_loop().time() - self._tried_s
        return await self._open(*await self._find(max(FIND_S - waited_s, FIND_AGAIN_S)))

    async def _open(self, device: BLEDevice, found: Found, *, patient: bool = False) -> Link:
        self._inbox = asyncio.Queue(MOST_WAITING)
        who = found.name or found.address
        link = Link(
            device,
            found.candidates,
            who=who,
            chosen=self._chosen,
            device=self.device,
            on_payload=self._arrived,
            on_lost=self._lost,
            backend=self._backend,
            patient=patient,
        )
        try:
            profile = await link.open()
        except StepError as error:
            if isinstance(error.cause, RefusedError):
                raise refused_error(str(error.cause), who, error.step) from error
            if isinstance(error.cause, BleakDBusError):
                # A Bluetooth service that was started anew knows it no more, while bleak takes it for
                # connected until it shows itself again.
                self._known = None
            raise link_error(error.cause, who, error.step) from error
        except RADIO_ERRORS as error:
            if patient:
                raise
            raise link_error(error, who) from error
        self._known = device, found
        self._connected(link, found, profile)
        return link

    async def _find(self, timeout_s: float) -> tuple[BLEDevice, Found]:
        """Listen; before the first connection also see whom a killed program left connected."""
        looks = self._target, self._profiles
        left = None
        if self._target is not None and self.profile is None:
            left = await find_connected(*looks, self._backend)
        if left is not None:
            return left
        try:
            return await find(*looks, timeout_s, self._backend)
        except LinkError:
            if self._target is not None:
                raise
            if (left := await find_connected(*looks, self._backend)) is None:
                raise
            return left

    def _connected(self, link: Link, found: Found, profile: Profile) -> None:
        self.profile, self._profiles = profile, [profile]
        self.values, self.device = link.values, link.device
        self._data = data_characteristics(profile, link.values)
        self._needed_mtu_bytes = mtu_bytes(profile, link.values)
        self._heard_s = asyncio.get_running_loop().time()
        self._target = self._target or found.address
        self._session += 1
        self._say(
            LinkState(
                connected=True,
                name=found.name,
                address=found.address,
                rssi_dbm=found.rssi_dbm,
                battery_percent=self._battery_percent,
                session=self._session,
                since_s=self._clock(),
            )
        )

    async def _next(self) -> Notification | str:
        """Return what came, or why nothing more will."""
        while self._inbox.empty():
            left_s = self._heard_s + SILENCE_S - asyncio.get_running_loop().time()
            if left_s < CLOCK_TICK_S:
                return f"connected, but nothing came for {SILENCE_S:.0f} s"
            try:
                async with asyncio.timeout(left_s):
                    return await self._inbox.get()
            except TimeoutError:
                pass  # heart rate or battery may have come meanwhile, and data too
        return self._inbox.get_nowait()

    def _count_cut(self, came: Notification, n_cut: int) -> int:
        """How many notifications in a row look cut, with this one."""
        if came.characteristic not in self._data:
            return n_cut
        if len(came.payload) == LEAST_PAYLOAD_BYTES < self._needed_mtu_bytes - ATT_HEADER_BYTES:
            return n_cut + 1
        self._fruitless = 0
        return 0

    def _cut(self) -> str:
        who = self.state.name or self.state.address or "the sensor"
        return str(small_mtu_error(who, LEAST_PAYLOAD_BYTES + ATT_HEADER_BYTES, self._needed_mtu_bytes))

    def _arrived(self, characteristic: str, payload: bytes) -> None:
        if characteristic in self._data:
            self._heard_s = asyncio.get_running_loop().time()
        if characteristic == BATTERY_LEVEL and (told := percent(payload)) is not None:
            self._battery_percent = told
            if self.state.connected:
                self._say(replace(self.state, battery_percent=told))
        self._put(Notification(characteristic, payload, self._clock()))

    def _lost(self) -> None:
        self._put(f"the link broke. {IN_REACH}")

    def _put(self, item: Notification | str) -> None:
        if self._inbox.full():
            self._inbox.get_nowait()
            self.dropped += 1
            if self.dropped & (self.dropped - 1) == 0:  # at 1, 2, 4, 8, ...: said, not shouted
                log.warning("%d notifications thrown away so far: nobody reads them", self.dropped)
        self._inbox.put_nowait(item)

    def _say(self, state: LinkState) -> None:
        if state != self.state:
            self.state = state
            self._on_state(state)
