"""One connection to one sensor: started as its profile says, and ended properly whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from functools import partial

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from repcount.edges.ble.faults import RADIO_ERRORS
from repcount.edges.ble.radio import Backend
from repcount.profile import Profile, Step, Subscribe, Unsubscribe, Write

log = logging.getLogger(__name__)

CONNECT_S = 20.0
"""For connecting and the start steps: BlueZ itself gives up an attempt, and tries once more, within that."""
STOP_STEPS_S = 0.8
DISCONNECT_S = 1.2
"""Closing takes 2 s at most, as the whole service must; disconnecting has its share if the steps hang."""


class Link:
    """A connection; `on_payload` is called with a characteristic and its bytes, `on_lost` once when it ends.

    Neither is called with anything of another connection, nor `on_lost` after `close`.
    """

    def __init__(
        self,
        device: BLEDevice,
        profile: Profile,
        *,
        on_payload: Callable[[str, bytes], None],
        on_lost: Callable[[], None],
        backend: Backend | None,
    ) -> None:
        self._client = BleakClient(
            device, self._disconnected, timeout=CONNECT_S, backend=backend.client if backend else None
        )
        self._profile = profile
        self._values = profile.default_values()
        self._on_payload = on_payload
        self._on_lost = on_lost
        self._subscribed: set[str] = set()
        self._open = False

    async def open(self) -> None:
        """Connect and do the start steps; when that fails nothing is left open.

        Raises
        ------
        BleakError, OSError, EOFError
            `RADIO_ERRORS`, as bleak raises them.
        """
        async with AsyncExitStack() as undo:
            undo.push_async_callback(self.close)
            async with asyncio.timeout(CONNECT_S):
                await self._client.connect()
                for step in self._profile.start:
                    await self._do(step)
            if not self._client.is_connected:
                raise BleakError("it ended the link at once")
            self._open = True
            undo.pop_all()

    async def close(self) -> None:
        """Do the stop steps, unsubscribe, disconnect: all in 2 s, and whatever fails.

        Disconnecting is asked for even when the sensor is gone: without it BlueZ keeps the old subscription
        and sends everything twice after a reconnect (bleak issue 2002).
        """
        self._open = False
        if self._client.is_connected:
            await _within(STOP_STEPS_S, self._stop())
        await _within(DISCONNECT_S, self._client.disconnect())

    async def _stop(self) -> None:
        left = [Unsubscribe(characteristic=characteristic) for characteristic in sorted(self._subscribed)]
        for step in (*self._profile.stop, *left):
            with suppress(BleakError):
                await self._do(step)

    async def _do(self, step: Step) -> None:
        match step:
            case Subscribe(characteristic=characteristic):
                await self._client.start_notify(characteristic, partial(self._arrived, characteristic))
                self._subscribed.add(characteristic)
            case Write(characteristic=characteristic, with_response=with_response):
                for chunk in step.chunks(self._values):
                    await self._client.write_gatt_char(characteristic, chunk, response=with_response)
            case Unsubscribe(characteristic=characteristic) if characteristic in self._subscribed:
                self._subscribed.remove(characteristic)
                await self._client.stop_notify(characteristic)

    def _arrived(self, characteristic: str, _sender: BleakGATTCharacteristic, payload: bytearray) -> None:
        self._on_payload(characteristic, bytes(payload))

    def _disconnected(self, _client: BleakClient) -> None:
        # BlueZ may report a disconnection inside a connect() that then succeeds; and our own is no loss.
        if self._open:
            self._open = False
            self._on_lost()


async def _within(limit_s: float, doing: Awaitable[None]) -> None:
    try:
        async with asyncio.timeout(limit_s):
            await doing
    except RADIO_ERRORS as error:
        log.debug("while closing: %r", error)
