"""A peripheral made from a profile: what it advertises, its characteristics, and what it sends."""

import asyncio
from contextlib import suppress

from bumble import att, core, hci
from bumble.data_types import CompleteListOf128BitServiceUUIDs, CompleteLocalName
from bumble.device import Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from virtual_time import now_s

from repcount.edges.virtual import VirtualSensor
from repcount.profile import Subscribe, Write
from virtual_radio.air import Chip

REMOTE_ENDS_IT = hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR
ADVERTISING_MS = 100.0

_Uses = Characteristic.Properties


class Peripheral:
    """Speaks a profile; an async context manager that switches it on and off.

    Parameters
    ----------
    profile
        Of the sensor it is.
    air
        Where it is heard.
    name, address
        As it advertises them; without a name it tells only its services.
    mtu
        The largest it agrees to.
    unpaired
        Characteristics it refuses to write until it is paired, which it never is.
    lacks
        Characteristics of the profile it does not have.

    Attributes
    ----------
    said
        What whoever is connected did, in order: ("subscribe" or "unsubscribe", characteristic), ("write",
        characteristic, payload).
    sent
        Notifications that went out, to the one that has subscribed.
    alter
        Makes of each notification it should send those that it does.
    """

    def __init__(
        self, profile, air, *, name="Sensor", address="F0:00:00:00:00:01", mtu=247, unpaired=(), lacks=()
    ):
        self.profile, self.name, self.address = profile, name, address
        self.said, self.sent = [], []
        self.alter = lambda payload: [payload]
        self.chip = Chip(name or address, link=air)
        self._air, self._unpaired = air, unpaired
        self._device = _host(self.chip, name or "", address)
        self._device.gatt_server.max_mtu = mtu
        uses = {uuid: use for uuid, use in _uses(profile).items() if uuid not in lacks}
        self._characteristics = {uuid: self._characteristic(uuid, use) for uuid, use in uses.items()}
        self._device.add_service(Service(profile.stream.service, list(self._characteristics.values())))

    def _characteristic(self, uuid, uses):
        def written(_connection, payload):
            if uuid in self._unpaired:
                raise att.ATT_Error(att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR)
            self.said.append(("write", uuid, bytes(payload)))

        def subscribed(_connection, notify, indicate):
            self.said.append(("subscribe" if notify or indicate else "unsubscribe", uuid))

        made = Characteristic(uuid, uses, Characteristic.WRITEABLE, CharacteristicValue(write=written))
        made.on(made.EVENT_SUBSCRIPTION, subscribed)
        return made

    async def __aenter__(self):
        await self._device.power_on()
        advertised = [CompleteLocalName(self.name)] if self.name else []
        if self.profile.identity.advertises:
            advertised.append(CompleteListOf128BitServiceUUIDs([core.UUID(self.profile.identity.advertises)]))
        await self._device.start_advertising(
            auto_restart=True,
            advertising_data=bytes(core.AdvertisingData(advertised)),
            advertising_interval_min=ADVERTISING_MS,
            advertising_interval_max=ADVERTISING_MS,
        )
        return self

    async def __aexit__(self, *_error):
        self.leave()
        await self._device.power_off()

    @property
    def connection(self):
        """The one it has, or None."""
        return next(iter(self._device.connections.values()), None)

    async def notify(self, payload, characteristic=None):
        """Send to whoever has subscribed; to nobody, nothing is sent."""
        uuid = characteristic or self.profile.stream.characteristic
        for one in self.alter(payload):
            await self.send(one, uuid)

    async def send(self, payload, characteristic=None):
        """Send these very bytes."""
        uuid = characteristic or self.profile.stream.characteristic
        found, server = self._characteristics[uuid], self._device.gatt_server
        if any(cccds.get(found.handle, b"\0\0")[0] for cccds in server.subscribers.values()):
            self.sent.append(payload)
            await server.notify_subscribers(found, payload)

    async def play(self, source, **how):
        """Measure: samples or a capture, as `VirtualSensor` plays it, whether or not anybody listens."""
        async for one in VirtualSensor(self.profile, source, now_s=now_s, sleep=asyncio.sleep, **how):
            await self.notify(one.payload, one.characteristic)

    async def drop(self):
        """End the link, and advertise again."""
        if self.connection is not None:
            with suppress(core.BaseBumbleError):
                await self.connection.disconnect(REMOTE_ENDS_IT)

    def leave(self):
        """Go out of range; the link ends when the supervision time is over."""
        self._air.lose(self.chip)

    def come_back(self):
        self._air.find(self.chip)


class Phone:
    """Another central."""

    def __init__(self, air, address="F0:00:00:00:00:99"):
        self._device = _host(Chip("phone", link=air), "phone", address)
        self._connection = None

    async def take(self, peripheral):
        """Connect, so that nobody else can."""
        if not self._device.powered_on:
            await self._device.power_on()
        self._connection = await self._device.connect_le(hci.Address(peripheral.address), timeout=5.0)

    async def let_go(self):
        await self._connection.disconnect()


async def central(air, address="F0:00:00:00:00:AA"):
    """Make the host that the service runs on."""
    host = _host(Chip("central", link=air), "central", address)
    await host.power_on()
    return host


def _host(chip, name, address):
    config = DeviceConfiguration(name=name, address=hci.Address(address))
    return Device.from_config_with_hci(config, chip, chip)


def _uses(profile):
    """What each characteristic of a profile is used for."""
    uses = {profile.stream.characteristic: _Uses.NOTIFY}
    for step in (*profile.start, *profile.stop):
        match step:
            case Subscribe():
                use = _Uses.NOTIFY
            case Write(with_response=True):
                use = _Uses.WRITE
            case Write():
                use = _Uses.WRITE_WITHOUT_RESPONSE
            case _:
                continue
        uses[step.characteristic] = uses.get(step.characteristic, _Uses(0)) | use
    return uses
