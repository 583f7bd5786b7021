"""Which sensors are in reach, and which profiles each may be of."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bleak import BleakAdapter
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from repcount.edges.ble.device import percent
from repcount.edges.ble.faults import IN_REACH, RADIO_ERRORS, UserMustActError
from repcount.edges.ble.radio import START_S, Backend, radio
from repcount.errors import LinkError, did_you_mean
from repcount.profile import Advertised, Profile

log = logging.getLogger(__name__)

_GENERIC_SERVICES = ("1800", "1801")
"""Every device has them, but not every system shows both."""
BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A device that advertises; `why_not` says why no profile matches, empty when one does.

    `profile` is the one that knows it best, the first of `candidates`; which it is shows when it is
    connected. `rssi_dbm` and `battery_percent` are None where it does not tell. `address` is a UUID that only
    this computer knows on macOS.
    """

    name: str | None
    address: str
    rssi_dbm: int | None
    candidates: tuple[Profile, ...]
    why: str
    why_not: str
    battery_percent: int | None = None

    @property
    def profile(self) -> Profile | None:
        """The likeliest."""
        return next(iter(self.candidates), None)


async def scan(
    profiles: Sequence[Profile], timeout_s: float = 5.0, backend: Backend | None = None
) -> list[Found]:
    """Listen for `timeout_s`; the strongest signal first.

    Raises
    ------
    LinkError
        When Bluetooth cannot be used, with what to do about it.
    """
    heard = Scan(profiles)
    await heard.listen(timeout_s, backend)
    return heard.found


class Scan:
    """What is heard while somebody listens, to be looked at meanwhile."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self._profiles = profiles
        self._heard: dict[str, tuple[BLEDevice, AdvertisementData]] = {}

    @property
    def found(self) -> list[Found]:
        """What was heard so far; the strongest signal first."""
        found = [_identify(*heard, self._profiles) for heard in self._heard.values()]
        return sorted(found, key=lambda one: -(one.rssi_dbm or 0))

    async def listen(self, timeout_s: float, backend: Backend | None) -> None:
        """Listen; LinkError when Bluetooth cannot be used."""
        await radio(backend).listen(self._take, timeout_s)

    def _take(self, device: BLEDevice, advertisement: AdvertisementData) -> bool:
        self._heard[device.address] = device, advertisement
        return False


async def find(
    target: str | None, profiles: Sequence[Profile], timeout_s: float, backend: Backend | None
) -> tuple[BLEDevice, Found]:
    """Listen until the sensor of that name or address, or with None any that a profile matches, shows itself.

    Raises
    ------
    LinkError
        When it does not within `timeout_s`, or Bluetooth cannot be used.
    """
    known: dict[str, Found] = {}
    wanted: list[tuple[BLEDevice, Found]] = []

    def heard(device: BLEDevice, advertisement: AdvertisementData) -> bool:
        # Name and services may come in two advertisements: an unknown one is looked at again.
        found = known[device.address] = _identify(device, advertisement, profiles)
        if _is_wanted(found, target) and found.candidates:
            wanted.append((device, found))
        return bool(wanted)

    if await radio(backend).listen(heard, timeout_s):
        return wanted[0]
    raise _not_found(target, known.values())


async def find_connected(
    target: str | None, profiles: Sequence[Profile], backend: Backend | None
) -> tuple[BLEDevice, Found] | None:
    """A sensor as `find` has it, if this computer is connected to it, but not this program.

    A program that was killed may leave BlueZ connected: the sensor does not advertise then, and listening
    would never find it.
    """
    for device in await _connected_devices(profiles, backend):
        found = _left_connected(device, profiles, by_name_alone=target is None)
        if _is_wanted(found, target) and found.candidates:
            return device, found
    return None


def _left_connected(device: BLEDevice, profiles: Sequence[Profile], *, by_name_alone: bool) -> Found:
    """Only its name is known; what else a profile asks for shows when it is connected to."""
    advertised = Advertised(name=device.name or None)
    named = (
        one
        for one in profiles
        if one.identity.names(advertised) or not (by_name_alone or one.identity.name_patterns)
    )
    return Found(
        name=advertised.name,
        address=device.address,
        rssi_dbm=None,
        candidates=_by_signals(named, advertised),
        why="it is connected to this computer",
        why_not="no profile knows its name",
    )


async def _connected_devices(profiles: Sequence[Profile], backend: Backend | None) -> list[BLEDevice]:
    if backend is not None and backend.adapter is None:
        return []
    services = {stream.service for profile in profiles for stream in profile.streams}
    try:
        async with asyncio.timeout(START_S):
            adapter = await BleakAdapter.get(backend=backend.adapter if backend else None)
            devices = await adapter.get_connected_devices([*_GENERIC_SERVICES, *sorted(services)])
    except (*RADIO_ERRORS, NotImplementedError) as error:
        log.debug("who is connected cannot be asked: %r", error)  # listening says what is wrong
        return []
    return [device for device in devices if device.address not in radio(backend).connected]


def _is_wanted(found: Found, target: str | None) -> bool:
    return target is None or target.lower() in {(found.name or "").lower(), found.address.lower()}


def _not_found(target: str | None, heard: Collection[Found]) -> LinkError:
    if target is None:
        advice = "'repcount scan' lists what is there."
        return LinkError(f"no sensor in reach that a profile knows. {IN_REACH} {advice}")
    for found in heard:
        if _is_wanted(found, target):
            return UserMustActError(f"{target!r} is in reach, but no profile fits: {found.why_not}.")
    known = [found.name or found.address for found in heard if found.candidates]
    advice = f" {did_you_mean(target, known)}" if known else ""
    return LinkError(f"{target!r} is not in reach. {IN_REACH}{advice}")


def _identify(device: BLEDevice, advertisement: AdvertisementData, profiles: Sequence[Profile]) -> Found:
    advertised = Advertised(
        name=advertisement.local_name or device.name,
        services=frozenset(uuid.lower() for uuid in advertisement.service_uuids),
        manufacturer_ids=frozenset(advertisement.manufacturer_data),
    )
    candidates = _by_signals((one for one in profiles if one.identity.matches(advertised)), advertised)
    battery = advertisement.service_data.get(BATTERY_SERVICE)
    return Found(
        name=advertised.name,
        address=device.address,
        rssi_dbm=advertisement.rssi,
        candidates=candidates,
        why=f"it has {' and '.join(candidates[0].identity.signals(advertised))}" if candidates else "",
        why_not="" if candidates else _why_none(advertised, profiles),
        battery_percent=None if battery is None else percent(battery),
    )


def _by_signals(profiles: Iterable[Profile], advertised: Advertised) -> tuple[Profile, ...]:
    """Those that ask for more know the sensor better, and come first."""
    return tuple(sorted(profiles, key=lambda one: -len(one.identity.signals(advertised))))


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
