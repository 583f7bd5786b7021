"""One connection to one sensor: started as its profile says, and ended properly whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, suppress

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from repcount.edges.ble.conversation import Conversation, StepError
from repcount.edges.ble.device import properties_of, read_battery, read_device, told_mtu_bytes
from repcount.edges.ble.faults import RADIO_ERRORS, small_mtu_error, wrong_profile_error
from repcount.edges.ble.needs import data_characteristics, lacking, mtu_bytes
from repcount.edges.ble.radio import Backend, radio
from repcount.profile import Profile
from repcount.wire.standard import BATTERY_LEVEL, HEART_RATE_MEASUREMENT

log = logging.getLogger(__name__)

CONNECT_S = 20.0
"""BlueZ itself gives up an attempt, and tries once more, within that."""
START_STEPS_S = 20.0
"""A program of some kilobytes is uploaded in half of it; whoever takes longer hangs."""
EXTRAS_S = 3.0
"""For each thing that a sensor counts without."""
BATTERY_EVERY_S = 300.0
"""Where the sensor does not tell by itself; it lasts for days."""
STOP_STEPS_S = 0.8
DISCONNECT_S = 1.2
"""Closing takes 2 s at most, as the whole service must; disconnecting has its share if the steps hang."""


class Link:
    """A connection; `on_payload` is called with a characteristic and its bytes, `on_lost` once when it ends.

    Neither is called with anything of another connection, nor after `close`. One that is `patient` waits to
    be connected for a sensor that was not heard, as long as nobody else wants the radio.

    Attributes
    ----------
    profile
        That of `candidates` which is the sensor's; known when open.
    values
        What was chosen, what follows from it and what the sensor answered.
    device
        What the sensor says of itself, as `read_device` has it; as given, where it is known already.
    """

    def __init__(
        self,
        found: BLEDevice,
        candidates: Sequence[Profile],
        *,
        who: str,
        chosen: Mapping[str, float],
        device: Mapping[str, str] | None,
        on_payload: Callable[[str, bytes], None],
        on_lost: Callable[[], None],
        backend: Backend | None,
        patient: bool = False,
    ) -> None:
        self.profile: Profile | None = None
        self.values: dict[str, float] = {}
        self.device = device
        self._client = BleakClient(
            found, self._disconnected, timeout=CONNECT_S, backend=backend.client if backend else None
        )
        self._conversation = Conversation(self._client, self.values, self._arrived)
        self._radio = radio(backend)
        self._candidates, self._who, self._chosen = candidates, who, chosen
        self._on_payload = on_payload
        self._on_lost = on_lost
        self._patient = patient
        self._open = False
        self._closed = False
        self._extras: asyncio.Task[None] | None = None

    async def open(self) -> Profile:
        """Connect, find out the profile and do its start steps; when that fails nothing is left open.

        Raises
        ------
        BleakError, OSError, EOFError
            `RADIO_ERRORS`, as bleak raises them.
        StepError
            When a step of the profile fails.
        LinkError
            When no profile is the sensor's, or the link is too narrow for it.
        InputError
            When the profile has no such parameters as were chosen.
        """
        async with AsyncExitStack() as undo:
            undo.push_async_callback(self.close)
            async with self._radio.connecting(self._client.address, CONNECT_S, patient=self._patient):
                await self._client.connect()
            async with asyncio.timeout(START_STEPS_S):
                profile = await self._start()
            if not self._client.is_connected:
                raise BleakError("it ended the link at once")
            # Samples come from now on, and must not wait for what they do not need.
            self._extras = asyncio.create_task(self._add_extras(profile, properties_of(self._client)))
            self._open = True
            undo.pop_all()
        return profile

    async def close(self) -> None:
        """Do the stop steps, unsubscribe, disconnect: all in 2 s, and whatever fails.

        Disconnecting is asked for even when the sensor is gone: without it BlueZ keeps the old subscription
        and sends everything twice after a reconnect (bleak issue 2002).
        """
        self._open, self._closed = False, True
        if self._extras is not None:
            self._extras.cancel()
        if self._client.is_connected:
            await _within(STOP_STEPS_S, self._stop())
        await _within(DISCONNECT_S, self._client.disconnect())
        self._radio.connected.discard(self._client.address)

    async def _start(self) -> Profile:
        device = self.device = self.device or await read_device(self._client)
        profile = self.profile = self._choose(device)
        self.values.update(profile.chosen_values(self._chosen, "--set"))
        told, needed = told_mtu_bytes(self._client), mtu_bytes(profile, self.values)
        if told is not None and told < needed:
            raise small_mtu_error(self._who, told, needed)
        await self._conversation.speak("start", profile.start)
        return profile

    def _choose(self, device: Mapping[str, str]) -> Profile:
        """The first candidate that this is; they come in the order of how well they know it."""
        has, why_not = properties_of(self._client), []
        for profile in self._candidates:
            missing = [*profile.identity.missing(has, device), *lacking(profile, has)]
            if not missing:
                return profile
            why_not.append(f"no {profile.name}: {'; '.join(missing)}")
        raise wrong_profile_error(self._who, why_not)

    async def _add_extras(self, profile: Profile, has: Mapping[str, Collection[str]]) -> None:
        """Heart rate and battery, where the sensor has them and its profile does not ask for them itself."""
        told = (HEART_RATE_MEASUREMENT, BATTERY_LEVEL)
        tells = [uuid for uuid in told if "notify" in has.get(uuid, ())]
        for uuid in tells:
            if uuid not in data_characteristics(profile, self.values) | self._conversation.subscribed.keys():
                await _within(EXTRAS_S, self._conversation.subscribe(uuid))
        await _within(EXTRAS_S, self._tell_battery())
        while "read" in has.get(BATTERY_LEVEL, ()) and BATTERY_LEVEL not in tells:
            await asyncio.sleep(BATTERY_EVERY_S)
            await _within(EXTRAS_S, self._tell_battery())

    async def _tell_battery(self) -> None:
        if payload := await read_battery(self._client):
            self._arrived(BATTERY_LEVEL, payload)

    async def _stop(self) -> None:
        for step in self.profile.stop if self.profile else ():
            with suppress(StepError):
                await self._conversation.speak("stop", [step])
        for characteristic in sorted(self._conversation.subscribed):
            with suppress(BleakError):
                await self._conversation.unsubscribe(characteristic)

    def _arrived(self, characteristic: str, payload: bytes) -> None:
        if not self._closed:
            self._on_payload(characteristic, payload)

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
        log.debug("done without: %r", error)
