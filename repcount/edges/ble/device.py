"""What a connected device says of itself: its characteristics, Device Information, and its battery."""

import asyncio
import logging

from bleak import BleakClient

from repcount.edges.ble.faults import RADIO_ERRORS
from repcount.events import FaultReason
from repcount.profile import REVISIONS
from repcount.wire.standard import BATTERY_LEVEL, battery_percent

log = logging.getLogger(__name__)

SERIAL_NUMBER = "00002a25-0000-1000-8000-00805f9b34fb"
SMALLEST_MTU_BYTES = 23
READ_S = 3.0
"""A system that asks a person whether to pair waits much longer."""
_WRITE_HEADER_BYTES = 3
"""Of the MTU, what a write without response takes for itself (Core specification, ATT)."""


def properties_of(client: BleakClient) -> dict[str, frozenset[str]]:
    """All characteristics with what they allow; of two of the same UUID what either does."""
    found: dict[str, frozenset[str]] = {}
    for one in client.services.characteristics.values():
        uuid = one.uuid.lower()
        found[uuid] = found.get(uuid, frozenset()) | frozenset(one.properties)
    return found


def told_mtu_bytes(client: BleakClient) -> int | None:
    """The MTU as far as the platform tells it; None where it tells only what every link has.

    BlueZ names the least for an MTU it does not know, so that the least means nothing.
    """
    sizes = [one.max_write_without_response_size for one in client.services.characteristics.values()]
    mtu_bytes = max(sizes, default=0) + _WRITE_HEADER_BYTES
    return mtu_bytes if mtu_bytes > SMALLEST_MTU_BYTES else None


async def read_device(client: BleakClient) -> dict[str, str]:
    """Read Device Information by `model`, `serial`, `firmware` and `software`, as much of it as there is."""
    told: dict[str, str] = {}
    for key, uuid in (REVISIONS | {"serial": SERIAL_NUMBER}).items():
        payload = await _read(client, uuid)
        if payload and (text := payload.decode(errors="replace").strip("\0 \r\n")):
            told[key] = text
    return told


async def read_battery(client: BleakClient) -> bytes | None:
    """Read the battery level; None where there is none."""
    return await _read(client, BATTERY_LEVEL)


def percent(payload: bytes) -> int | None:
    """Percent of the battery that a Battery Level says; None where it makes no sense."""
    read = battery_percent(payload)
    return None if isinstance(read, FaultReason) else read


async def _read(client: BleakClient, uuid: str) -> bytes | None:
    """Read what there may be, and may want pairing first: neither keeps the sensor from counting."""
    if "read" not in properties_of(client).get(uuid, ()):
        return None
    try:
        async with asyncio.timeout(READ_S):
            return bytes(await client.read_gatt_char(uuid))
    except RADIO_ERRORS as error:
        log.debug("%s could not be read: %r", uuid, error)
        return None
