"""Which sensors are in reach, and which profile each is of."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from repcount.edges.ble.faults import IN_REACH, RADIO_ERRORS, UserMustActError, link_error
from repcount.edges.ble.radio import Backend, radio_turn
from repcount.errors import LinkError, did_you_mean
from repcount.profile import Advertised, Profile

START_S = 5.0
"""Bluetooth that works starts to listen in a tenth of a second; a system bus that hangs never says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A device that advertises; `why_not` says why no profile matches, empty when one does.

    `address` is a UUID that only this computer knows on macOS.
    """

    name: str | None
    address: str
    rssi_dbm: int
    profile: Profile | None
    why_not: str


async def scan(
    profiles: Sequence[Profile], timeout_s: float = 5.0, backend: Backend | None = None
) -> list[Found]:
    """Listen for `timeout_s`; the strongest signal first.

    Raises
    ------
    LinkError
        When Bluetooth cannot be used, with what to do about it.
    """
    async with radio_turn(), _listening(backend) as scanner:
        await asyncio.sleep(timeout_s)
    seen = scanner.discovered_devices_and_advertisement_data.values()
    found = [_identify(device, advertisement, profiles) for device, advertisement in seen]
    return sorted(found, key=lambda one: -one.rssi_dbm)


async def find(
    target: str | None, profiles: Sequence[Profile], timeout_s: float, backend: Backend | None
) -> tuple[BLEDevice, Found, Profile]:
    """Listen until the sensor of that name or address, or with None any that a profile matches, shows itself.

    Raises
    ------
    LinkError
        When it does not within `timeout_s`, or Bluetooth cannot be used.
    """
    heard: dict[str, Found] = {}
    async with _listening(backend) as scanner:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                async for device, advertisement in scanner.advertisement_data():
                    # Name and services may come in two advertisements: an unknown one is looked at again.
                    found = heard[device.address] = _identify(device, advertisement, profiles)
                    if _is_wanted(found, target) and found.profile is not None:
                        return device, found, found.profile
    raise _not_found(target, heard.values())


@asynccontextmanager
async def _listening(backend: Backend | None) -> AsyncGenerator[BleakScanner, None]:
    scanner = BleakScanner(backend=backend.scanner if backend else None)
    try:
        async with asyncio.timeout(START_S):
            await scanner.start()
        try:
            yield scanner
        finally:
            await scanner.stop()
    except RADIO_ERRORS as error:
        raise link_error(error) from error


def _is_wanted(found: Found, target: str | None) -> bool:
    return target is None or target.lower() in {(found.name or "").lower(), found.address.lower()}


def _not_found(target: str | None, heard: Collection[Found]) -> LinkError:
    if target is None:
        advice = "'repcount scan' lists what is there."
        return LinkError(f"no sensor in reach that a profile knows. {IN_REACH} {advice}")
    for found in heard:
        if _is_wanted(found, target):
            return UserMustActError(f"{target!r} is in reach, but no profile fits: {found.why_not}.")
    known = [found.name or found.address for found in heard if found.profile]
    advice = f" {did_you_mean(target, known)}" if known else ""
    return LinkError(f"{target!r} is not in reach. {IN_REACH}{advice}")


def _identify(device: BLEDevice, advertisement: AdvertisementData, profiles: Sequence[Profile]) -> Found:
    advertised = Advertised(
        name=advertisement.local_name or device.name,
        services=frozenset(uuid.lower() for uuid in advertisement.service_uuids),
        manufacturer_ids=frozenset(advertisement.manufacturer_data),
    )
    matching = [profile for profile in profiles if profile.identity.matches(advertised)]
    # Of two profiles that match, the one that asks for more knows the sensor better.
    profile = max(matching, key=lambda one: len(one.identity.signals(advertised)), default=None)
    return Found(
        name=advertised.name,
        address=device.address,
        rssi_dbm=advertisement.rssi,
        profile=profile,
        why_not="" if profile else _why_none(advertised, profiles),
    )


def _why_none(advertised: Advertised, profiles: Sequence[Profile]) -> str:
    nearly = [why for profile in profiles for why in _half_matches(profile, advertised)]
    if nearly:
        return "; ".join(nearly)
    if advertised == Advertised():
        return "it tells neither a name nor a service"
    return "no profile knows its name or services"


def _half_matches(profile: Profile, advertised: Advertised) -> Iterator[str]:
    """Say what is missing of an identity of several signals, some of which hold."""
    signals = profile.identity.signals(advertised)
    missing = [signal for signal, holds in signals.items() if not holds]
    if len(missing) < len(signals):
        yield f"nearly {profile.name}, but it does not tell {' and '.join(missing)}"
