"""The one radio that all sensors of a program share."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bleak import BleakScanner
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from repcount.edges.ble.faults import RADIO_ERRORS, link_error
from repcount.errors import LinkError

START_S = 5.0
"""Bluetooth that works starts to listen in a tenth of a second; a system bus that hangs never says so."""

MAKE_WAY_S = 1.0
"""One who waits for a sensor that may be gone lets others have the radio within this; a sensor that is just
answering is connected in less."""

Heard = Callable[[BLEDevice, AdvertisementData], bool]


@dataclass(frozen=True, slots=True)
class Backend:
    """Who speaks to the radio in place of the platform's own, by bleak's `backend=` parameters.

    Without `adapter` nobody is asked which devices are connected already.
    """

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None
    adapter: type[BaseBleakAdapter] | None = None


@dataclass(eq=False)
class _Listener:
    heard: Heard
    done: asyncio.Future[None]


class Radio:
    """All who listen share one scanner, which is silent while somebody connects.

    BlueZ refuses the second of two scans or connects at once (`InProgress`); and a sensor that is looked for
    in vain for long must not keep another, that is back, from being heard.

    Attributes
    ----------
    connected
        Addresses that this program is connected to.
    """

    def __init__(self, backend: Backend | None) -> None:
        self.connected: set[str] = set()
        self._scanner = backend.scanner if backend else None
        self._turn = asyncio.Lock()
        self._listeners: list[_Listener] = []
        self._connecting = 0
        self._waiting: asyncio.Timeout | None = None
        self._hush = asyncio.Event()
        self._silent = asyncio.Event()
        self._failed: LinkError | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_free(self) -> bool:
        """Whether nobody listens or connects."""
        return not self._listeners and not self._connecting

    async def listen(self, heard: Heard, timeout_s: float) -> bool:
        """Call `heard` with each advertisement until it returns True, and then do; False when time is up.

        Raises
        ------
        LinkError
            When Bluetooth cannot be used, with what to do about it.
        """
        listener = _Listener(heard, asyncio.get_running_loop().create_future())
        self._listeners.append(listener)
        self._make_way()
        if self._task is None or self._task.done():
            self._silent.clear()
            self._failed = None
            self._task = asyncio.create_task(self._run())
        try:
            async with asyncio.timeout(timeout_s):
                await listener.done
        except TimeoutError:
            pass
        finally:
            self._listeners.remove(listener)
            if not self._listeners:
                self._hush.set()
                await self._silent.wait()
        if self._failed is not None:
            raise self._failed
        return not listener.done.cancelled()

    @asynccontextmanager
    async def connecting(
        self, address: str, limit_s: float, *, patient: bool = False
    ) -> AsyncGenerator[None, None]:
        """Hold this while connecting: nobody else does, and nobody listens. Then it is `connected`.

        It may take `limit_s`. Who is `patient` does not know whether the sensor is there, and gives up when
        somebody else wants the radio.
        """
        self._connecting += 1
        self._hush.set()
        self._make_way()
        try:
            async with self._turn, asyncio.timeout(limit_s) as limit:
                self._waiting = limit if patient else None
                self.connected.add(address)
                yield
        finally:
            self._waiting = None
            self._connecting -= 1

    def _make_way(self) -> None:
        """Let whoever waits for a sensor wait no longer."""
        if self._waiting is not None and not self._waiting.expired():
            by_s = asyncio.get_running_loop().time() + MAKE_WAY_S
            self._waiting.reschedule(min(by_s, self._waiting.when() or by_s))
            self._waiting = None

    async def _run(self) -> None:
        try:
            while self._listeners:
                async with self._turn:
                    if self._listeners and not self._connecting:
                        self._hush.clear()
                        await self._scan()
        except LinkError as error:
            self._failed = error
            for listener in self._listeners:
                if not listener.done.done():
                    listener.done.set_result(None)
        finally:
            self._silent.set()

    async def _scan(self) -> None:
        """Listen until told to be silent."""
        scanner = BleakScanner(self._heard, backend=self._scanner)
        try:
            async with asyncio.timeout(START_S):
                await scanner.start()
            try:
                await self._hush.wait()
            finally:
                await scanner.stop()
        except RADIO_ERRORS as error:
            raise link_error(error) from error

    def _heard(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        for listener in self._listeners:
            if not listener.done.done() and listener.heard(device, advertisement):
                listener.done.set_result(None)


_RADIOS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Backend | None, Radio]] = WeakKeyDictionary()


def radio(backend: Backend | None) -> Radio:
    """The radio of the running loop."""
    return _RADIOS.setdefault(asyncio.get_running_loop(), {}).setdefault(backend, Radio(backend))
