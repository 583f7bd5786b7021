"""The steps of a profile spoken to a connected sensor."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakCharacteristicNotFoundError

from repcount.edges.ble.faults import RADIO_ERRORS
from repcount.profile import (
    Answer,
    Pause,
    Read,
    Refusal,
    Step,
    Subscribe,
    Unsubscribe,
    Wait,
    Write,
    holds,
)

log = logging.getLogger(__name__)

MOST_KEPT = 64
"""Notifications since the last write that may be answers; a sensor answers with fewer."""


class RefusedError(Exception):
    """The sensor's own word for why not, or that it said nothing."""


class StepError(Exception):
    """A step failed; `step` says which, `cause` how."""

    def __init__(self, step: str, cause: Exception) -> None:
        super().__init__(step)
        self.step, self.cause = step, cause


class Conversation:
    """Does steps in order, and keeps in `values` what they capture.

    `on_payload` gets everything that is notified or read, also what was waited for.
    """

    def __init__(
        self, client: BleakClient, values: dict[str, float], on_payload: Callable[[str, bytes], None]
    ) -> None:
        self.values = values
        self.subscribed: dict[str, str | BleakGATTCharacteristic] = {}
        self._client = client
        self._on_payload = on_payload
        self._kept: deque[tuple[str, bytes]] = deque(maxlen=MOST_KEPT)
        self._awaited: frozenset[str] = frozenset()
        self._came = asyncio.Event()

    async def speak(self, name: str, steps: Sequence[Step]) -> None:
        """Do all steps that are not left out; `name` is that of the list.

        Raises
        ------
        StepError
            For the first that fails and may not.
        """
        self._awaited = frozenset(step.characteristic for step in steps if isinstance(step, Wait))
        for place, step in enumerate(steps):
            if holds(step.when, self.values):
                await self._try(f"{name}[{place}]", step)
        self._awaited = frozenset()

    async def subscribe(self, characteristic: str, service: str | None = None) -> None:
        """Ask for notifications."""
        meant = self._meant(characteristic, service)
        await self._client.start_notify(meant, partial(self._arrived, characteristic))
        self.subscribed[characteristic] = meant

    async def unsubscribe(self, characteristic: str) -> None:
        """Ask for no more, if any were asked for."""
        if (meant := self.subscribed.pop(characteristic, None)) is not None:
            await self._client.stop_notify(meant)

    async def _try(self, name: str, step: Step) -> None:
        try:
            await self._do(step)
        except (*RADIO_ERRORS, RefusedError) as error:
            if not step.may_fail:
                raise StepError(f"{name} ({_described(step)})", error) from error
            log.debug("%s may fail, and did: %r", name, error)

    async def _do(self, step: Step) -> None:
        match step:
            case Subscribe():
                await self.subscribe(step.characteristic, step.service)
            case Unsubscribe():
                await self.unsubscribe(step.characteristic)
            case Write():
                self._kept.clear()
                meant = self._meant(step.characteristic, step.service)
                for chunk in step.chunks(self.values):
                    await self._client.write_gatt_char(meant, chunk, response=step.with_response)
            case Read():
                meant = self._meant(step.characteristic, step.service)
                payload = bytes(await self._client.read_gatt_char(meant))
                self._on_payload(step.characteristic, payload)
                self._take(step.answer, payload)
            case Wait():
                self._take(step.answer, await self._answer(step))
            case Pause():
                await asyncio.sleep(step.seconds)

    def _meant(self, characteristic: str, service: str | None) -> str | BleakGATTCharacteristic:
        """What bleak takes for it: the UUID, or the one of that UUID which is in the service."""
        if service is None:
            return characteristic
        found = self._client.services.get_service(service)
        meant = found.get_characteristic(characteristic) if found else None
        if meant is None:
            raise BleakCharacteristicNotFoundError(characteristic)
        return meant

    async def _answer(self, step: Wait) -> bytes:
        try:
            async with asyncio.timeout(step.timeout_s):
                while (payload := self._kept_answer(step)) is None:
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            raise RefusedError(f"it did not answer within {step.timeout_s:g} s") from None
        return payload

    def _kept_answer(self, step: Wait) -> bytes | None:
        """The first that fits; it is answered for, another wait takes the next."""
        for kept in self._kept:
            characteristic, payload = kept
            if characteristic == step.characteristic and step.starts_with.matches(payload):
                self._kept.remove(kept)
                return payload
        return None

    def _take(self, answer: Answer, payload: bytes) -> None:
        taken = answer.take(payload)
        if isinstance(taken, Refusal):
            raise RefusedError(taken.word)
        self.values.update(taken)

    def _arrived(self, characteristic: str, _sender: BleakGATTCharacteristic, payload: bytearray) -> None:
        if characteristic in self._awaited:
            self._kept.append((characteristic, bytes(payload)))
            self._came.set()
        self._on_payload(characteristic, bytes(payload))


def _described(step: Step) -> str:
    match step:
        case Pause():
            return "pause"
        case Wait():
            return f"wait for {step.starts_with} on {step.characteristic}"
        case _:
            return f"{type(step).__name__.lower()} {step.characteristic}"
