"""A peripheral made from a profile: what it advertises, its characteristics, and what it sends."""

import asyncio
from contextlib import suppress
from functools import partial

from bumble import att, core, hci
from bumble.data_types import (
    CompleteListOf128BitServiceUUIDs,
    CompleteLocalName,
    Flags,
    ManufacturerSpecificData,
)
from bumble.device import Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from virtual_time import now_s

from repcount.edges.virtual import VirtualSensor
from virtual_radio.air import Chip
from virtual_radio.script import Script
from virtual_radio.table import Uses, table_of, told_of

_FLAGS = core.AdvertisingData.Flags
DISCOVERABLE = _FLAGS.LE_GENERAL_DISCOVERABLE_MODE | _FLAGS.BR_EDR_NOT_SUPPORTED
REMOTE_ENDS_IT = hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR


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
    advertising_s
        From one advertisement to the next.
    chosen
        Parameters of the profile that it expects to be started with, where not the default.
    unpaired
        Characteristics it refuses to write until it is paired, which it never is.
    lacks
        Characteristics of the profile it does not have.

    Attributes
    ----------
    said
        What whoever is connected did, in order: ("subscribe" or "unsubscribe", characteristic), ("write",
        characteristic, payload), ("read", characteristic).
    sent
        Notifications that went out, to the one that has subscribed.
    alter
        Makes of each notification it should send those that it does.
    """

    def __init__(
        self,
        profile,
        air,
        *,
        name="Sensor",
        address="F0:00:00:00:00:01",
        mtu=247,
        advertising_s=0.1,
        chosen=None,
        unpaired=(),
        lacks=(),
    ):
        self.profile, self.name, self.address = profile, name, address
        self.said, self.sent = [], []
        self.alter = lambda payload: [payload]
        self.chip = Chip(name or address, link=air)
        self._air, self._unpaired, self._advertising_ms = air, unpaired, 1000.0 * advertising_s
        self.script = Script(profile, chosen or {})
        self._device = host_on(self.chip, self.chip, name or "", address)
        self._device.gatt_server.max_mtu = mtu
        self._device.on("connection", lambda _connection: self.script.linked())
        self._characteristics, self._services, self._answering = {}, {}, set()
        for (service, uuid), uses in table_of(profile).items():
            if uuid not in lacks:
                self.has(service, uuid, uses, self.script.reads.get(uuid, told_of(profile, uuid)))

    def has(self, service, uuid, uses, payload=b""):
        """Give it a characteristic with these properties; only before it is switched on."""
        made = Characteristic(
            uuid,
            uses,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(read=partial(self._read, uuid, payload), write=partial(self._written, uuid)),
        )
        made.on(made.EVENT_SUBSCRIPTION, partial(self._subscribed, uuid))
        self._characteristics[uuid] = made
        self._services.setdefault(service, []).append(made)

    def _read(self, uuid, payload, _connection):
        self.said.append(("read", uuid))
        return payload

    def _written(self, uuid, _connection, payload):
        if uuid in self._unpaired:
            raise att.ATT_Error(att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR)
        self.said.append(("write", uuid, bytes(payload)))
        self._answer(self.script.written(uuid, bytes(payload)))

    def _subscribed(self, uuid, _connection, notify, indicate):
        wanted = notify or indicate
        self.said.append(("subscribe" if wanted else "unsubscribe", uuid))
        if wanted:
            self._answer(self.script.subscribed(uuid))

    def _answer(self, answers):
        async def answer():
            for uuid, payload in answers:
                await self.send(payload, uuid)

        task = asyncio.create_task(answer())
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def __aenter__(self):
        self._device.add_services(Service(uuid, held) for uuid, held in self._services.items())
        await self._device.power_on()
        await self._device.start_advertising(
            auto_restart=True,
            advertising_data=bytes(core.AdvertisingData(list(self._advertised()))),
            advertising_interval_min=self._advertising_ms,
            advertising_interval_max=self._advertising_ms,
        )
        return self

    def _advertised(self):
        identity = self.profile.identity
        yield Flags(DISCOVERABLE)  # BlueZ takes no notice of what a sensor without it tells
        if self.name:
            yield CompleteLocalName(self.name)
        if identity.advertises:
            yield CompleteListOf128BitServiceUUIDs([core.UUID(identity.advertises)])
        if identity.manufacturer_id is not None:
            yield ManufacturerSpecificData(identity.manufacturer_id, b"")

    async def __aexit__(self, *_error):
        self.leave()
        await self._device.power_off()

    @property
    def connection(self):
        """The one it has, or None."""
        return next(iter(self._device.connections.values()), None)

    async def notify(self, payload, characteristic=None):
        """Send what was measured to whoever has started it and subscribed; to nobody, nothing is sent."""
        uuid = characteristic or self.profile.stream.characteristic
        if self.script.measuring:
            for one in self.alter(payload):
                await self.send(one, uuid)

    async def send(self, payload, characteristic):
        """Send these very bytes to whoever has subscribed."""
        found, server = self._characteristics[characteristic], self._device.gatt_server
        if any(cccds.get(found.handle, b"\0\0")[0] for cccds in server.subscribers.values()):
            self.sent.append(payload)
            if found.properties & Uses.NOTIFY:
                await server.notify_subscribers(found, payload)
            else:
                await server.indicate_subscribers(found, payload)

    async def play(self, source, **how):
        """Measure: samples or a capture, as `VirtualSensor` plays it, whether or not anybody listens."""
        values = self.script.values
        async for one in VirtualSensor(
            self.profile, source, values=values, now_s=now_s, sleep=asyncio.sleep, **how
        ):
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
        chip = Chip("phone", link=air)
        self._device = host_on(chip, chip, "phone", address)
        self._connection = None
        self.is_busy = False

    async def take(self, peripheral):
        """Connect, so that nobody else can; TimeoutError when somebody else has, or it is away."""
        if not self._device.powered_on:
            await self._device.power_on()
        self.is_busy = True
        try:
            self._connection = await self._device.connect_le(hci.Address(peripheral.address), timeout=5.0)
        except core.TimeoutError as error:
            raise TimeoutError from error
        finally:
            self.is_busy = False

    async def let_go(self):
        """Disconnect, if the link has not ended by itself."""
        with suppress(core.BaseBumbleError, hci.HCI_Error):
            await self._connection.disconnect()


async def central(air, address="F0:00:00:00:00:AA"):
    """Make the host that the service runs on."""
    chip = Chip("central", link=air)
    host = host_on(chip, chip, "central", address)
    await host.power_on()
    return host


def host_on(source, sink, name, address):
    """A host on a controller, which is source and sink of its packets."""
    config = DeviceConfiguration(name=name, address=hci.Address(address))
    return Device.from_config_with_hci(config, source, sink)
