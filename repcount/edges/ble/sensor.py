"""A sensor as a stream of notifications that goes on whenever the sensor is there."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from repcount.edges.ble.faults import IN_REACH, RADIO_ERRORS, UserMustActError, link_error
from repcount.edges.ble.link import Link
from repcount.edges.ble.radio import Backend, radio_turn
from repcount.edges.ble.scan import Found, find
from repcount.errors import LinkError
from repcount.profile import Profile
from repcount.samples import Notification

log = logging.getLogger(__name__)

FIND_S = 8.0
"""Sensors advertise every 0.1 to 2 s, and a scan misses some."""
SILENCE_S = 10.0
"""Without data a link counts as lost: when the system's Bluetooth service dies, bleak says nothing. Several
times the longest pause between notifications of any sensor we know (1.44 s)."""
MOST_WAITING = 1024
"""Notifications kept for a reader that stalls: 10 s at 100 a second, the most that a link carries well."""
BACK_OFF_S = (
    0.0,  # a sensor that sent data and was lost may be back at once: a set is under way
    1.0,  # then give the system's Bluetooth a moment to see that the old link is down
    2.0,
    4.0,
    8.0,  # a sensor that stays away is switched off, and the radio has others to serve
    15.0,  # whoever comes back with it waits no longer than this
)
"""Before the first attempt, and after each that brought no data; the last for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """Whether the sensor is connected, and if not, why; `rssi_dbm` is as it was found."""

    connected: bool
    why: str = ""
    name: str | None = None
    address: str | None = None
    rssi_dbm: int | None = None


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
    dropped
        Notifications thrown away, oldest first, because nobody read them.
    """

    def __init__(
        self,
        target: str | None,
        profiles: Sequence[Profile],
        *,
        clock: Callable[[], float],
        backend: Backend | None = None,
        on_state: Callable[[LinkState], object] = lambda _state: None,
    ) -> None:
        self.profile: Profile | None = None
        self.dropped = 0
        self.state = LinkState(connected=False, why="not started")
        self._target = target
        self._profiles = profiles
        self._clock = clock
        self._backend = backend
        self._on_state = on_state
        self._inbox: asyncio.Queue[Notification | str] = asyncio.Queue(MOST_WAITING)
        self._fruitless = 0  # attempts since data came

    async def __aiter__(self) -> AsyncGenerator[Notification, None]:
        """Start the sensor.

        Raises
        ------
        LinkError
            Before the first connection, when waiting does not mend it: no adapter, no permission, the wrong
            profile. Later, and for a sensor that is merely not there, `on_state` tells, and it tries again.
        """
        self._fruitless = 0
        while True:
            link = await self._reach()
            why = "stopped"
            try:
                while isinstance(came := await self._next(), Notification):
                    self._fruitless = 0
                    yield came
                why = came
            finally:
                self._say(LinkState(connected=False, why=why))
                await link.close()

    async def _reach(self) -> Link:
        while True:
            await asyncio.sleep(BACK_OFF_S[min(self._fruitless, len(BACK_OFF_S) - 1)])
            self._fruitless += 1
            try:
                async with radio_turn():
                    return await self._connect()
            except UserMustActError as error:
                if self.profile is None:
                    raise
                self._say(LinkState(connected=False, why=str(error)))
            except LinkError as error:
                self._say(LinkState(connected=False, why=str(error)))

    async def _connect(self) -> Link:
        device, found, profile = await find(self._target, self._profiles, FIND_S, self._backend)
        self._inbox = asyncio.Queue(MOST_WAITING)
        link = Link(device, profile, on_payload=self._arrived, on_lost=self._lost, backend=self._backend)
        try:
            await link.open()
        except RADIO_ERRORS as error:
            raise link_error(error, found.name or found.address) from error
        self._connected(found, profile)
        return link

    def _connected(self, found: Found, profile: Profile) -> None:
        self.profile, self._profiles = profile, [profile]
        self._target = self._target or found.address
        self._say(LinkState(connected=True, name=found.name, address=found.address, rssi_dbm=found.rssi_dbm))

    async def _next(self) -> Notification | str:
        """Return what came, or why nothing more will."""
        try:
            async with asyncio.timeout(SILENCE_S):
                return await self._inbox.get()
        except TimeoutError:
            return f"connected, but nothing came for {SILENCE_S:.0f} s"

    def _arrived(self, characteristic: str, payload: bytes) -> None:
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
