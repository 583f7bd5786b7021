"""A virtual peripheral that speaks a profile, behind bleak's own `backend=` parameters.

What it does as the real thing: while connected it does not advertise; notifications reach only who has
subscribed; a client that was dropped and never told to disconnect goes on getting them (as BlueZ does); and
two scans or connects at once are refused.
"""

import asyncio
from contextlib import contextmanager

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError

from repcount.edges.ble import Backend
from repcount.profile import Pause

ADVERTISING_S = 0.1


class Air:
    """What one radio hears; `scans_s` is when scans began, which `fault` and `hangs` keep from beginning."""

    def __init__(self, *peripherals):
        self.peripherals = list(peripherals)
        self.fault, self.hangs = None, False
        self.scans_s = []
        self._busy = False
        self.backend = Backend(
            scanner=type("Scanner", (_Scanner,), {"air": self}),
            client=type("Client", (_Client,), {"air": self}),
            adapter=type("Adapter", (_Adapter,), {"air": self}),
        )

    def take(self):
        if self._busy:
            raise BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"])
        self._busy = True

    def release(self):
        self._busy = False

    @contextmanager
    def taken(self):
        self.take()
        try:
            yield
        finally:
            self.release()


class Peripheral:
    """`said`: what clients did, in order. `refusals`: raised by the next connects. `hangs`: never answered.

    `faults`: raised instead of doing it. What is done: connect, disconnect, subscribe, unsubscribe, write,
    read.
    `then`: what happens right after it, by what was done. `answers`: what is notified, characteristic and
    bytes, after these bytes were written. `holds`: what is read, by characteristic. `properties`: of those
    characteristics that allow something else than all. `mtu_bytes`: as the platform tells it.
    `stutters`: a disconnection is reported inside each connect, which then succeeds (as BlueZ 5.82 does).
    """

    def __init__(self, profile, *, name="Sensor", address="C0:00:00:00:00:01", rssi_dbm=-50, lacks=()):
        self.profile, self.name, self.address, self.rssi_dbm = profile, name, address, rssi_dbm
        self.services = [profile.identity.advertises] if profile.identity.advertises else []
        company = profile.identity.manufacturer_id
        self.manufacturer_data = {} if company is None else {company: b""}
        talked_on = [step.characteristic for step in profile.start if not isinstance(step, Pause)]
        used = [profile.stream.characteristic, *talked_on]
        self.characteristics = [one for one in dict.fromkeys(used) if one not in lacks]
        self.properties, self.holds, self.answers = {}, {}, {}
        self.service_data = {}
        self.mtu_bytes = 23
        self.present = True
        self.said, self.refusals, self.hangs, self.faults, self.then = [], [], set(), {}, {}
        self.stutters = False
        self.takes_s = 0.0  # to do whatever it is asked
        self.left_connected = False  # by a program that was killed: it does not advertise
        self.client = None
        self.subscriptions = {}  # by client and characteristic

    @property
    def done(self):
        """The kinds of what was said."""
        return [what for what, *_ in self.said]

    async def meet(self, what, *details):
        self.said.append((what, *details))
        await asyncio.sleep(self.takes_s)
        if what in self.hangs:
            await asyncio.sleep(10_000)
        if what in self.faults:
            raise self.faults[what]
        if what in self.then:
            self.then[what]()

    def notify(self, payload, characteristic=None):
        wanted = characteristic or self.profile.stream.characteristic
        for (_, subscribed), callback in list(self.subscriptions.items()):
            if subscribed == wanted and self.client is not None:
                callback(bytearray(payload))

    def has(self, characteristic, *properties, payload=None):
        """One more characteristic."""
        self.characteristics.append(characteristic)
        self.properties[characteristic] = list(properties)
        if payload is not None:
            self.holds[characteristic] = payload

    def written(self, payload):
        """Answer what was written."""
        for characteristic, answer in self.answers.get(bytes(payload), ()):
            self.notify(answer, characteristic)

    async def send(self, payloads, every_s=0.1):
        for payload in payloads:
            await asyncio.sleep(every_s)
            self.notify(payload)

    def drop(self):
        """End the link, and advertise again."""
        client, self.client = self.client, None
        if client is not None:
            client.dropped()

    def vanish(self):
        self.present = False
        self.drop()

    def come_back(self):
        self.present = True


class _Scanner(BaseBleakScanner):
    air: Air

    def __init__(self, detection_callback, service_uuids, _scanning_mode, **_how):
        super().__init__(detection_callback, service_uuids)
        self._advertising = None

    async def start(self):
        if self.air.fault is not None:
            raise self.air.fault
        if self.air.hangs:
            await asyncio.sleep(10_000)
        self.air.take()
        self.air.scans_s.append(asyncio.get_running_loop().time())
        self._advertising = asyncio.create_task(self._hear())

    async def stop(self):
        self._advertising.cancel()
        self.air.release()

    async def _hear(self):
        while True:
            for one in self.air.peripherals:
                if one.present and one.client is None and not one.left_connected:
                    heard = AdvertisementData(
                        one.name,
                        one.manufacturer_data,
                        one.service_data,
                        one.services,
                        None,
                        one.rssi_dbm,
                        (),
                    )
                    device = self.create_or_update_device(one.address, one.address, one.name, None, heard)
                    self.call_detection_callbacks(device, heard)
            await asyncio.sleep(ADVERTISING_S)


class _Adapter(BaseBleakAdapter):
    air: Air

    @classmethod
    async def get(cls, **_how):
        return cls()

    async def get_connected_devices(self, _services):
        return [
            BLEDevice(one.address, one.name, None)
            for one in self.air.peripherals
            if one.left_connected or one.client is not None
        ]


class _Client(BaseBleakClient):
    air: Air

    def __init__(self, device, *, disconnected_callback, timeout, **_how):
        super().__init__(device, disconnected_callback=disconnected_callback, timeout=timeout)
        self._peripheral = next(one for one in self.air.peripherals if one.address == device.address)

    @property
    def name(self):
        return self._peripheral.name

    @property
    def mtu_size(self):
        return 23

    @property
    def is_connected(self):
        return self._peripheral.client is self

    async def connect(self, pair, **_how):  # noqa: ARG002 - as bleak calls it
        with self.air.taken():
            await self._peripheral.meet("connect")
            if self.air.fault is not None:
                raise self.air.fault
            if not self._peripheral.present:
                raise BleakDeviceNotFoundError(self.address)
            if self._peripheral.stutters:
                self._disconnected_callback()
            if self._peripheral.refusals:
                raise self._peripheral.refusals.pop(0)
        self._peripheral.client, self._peripheral.left_connected = self, False
        self.services = self._discovered()

    def _discovered(self):
        found = BleakGATTServiceCollection()
        service = BleakGATTService(None, 1, self._peripheral.profile.stream.service)
        found.add_service(service)
        for handle, uuid in enumerate(self._peripheral.characteristics, 2):
            uses = self._peripheral.properties.get(uuid, ["notify", "write", "read"])
            size = self._peripheral.mtu_bytes - 3
            made = BleakGATTCharacteristic(None, handle, uuid, uses, lambda size=size: size, service)
            found.add_characteristic(made)
        return found

    async def disconnect(self):
        await self._peripheral.meet("disconnect")
        mine = [key for key in self._peripheral.subscriptions if key[0] is self]
        for key in mine:
            del self._peripheral.subscriptions[key]
        if self.is_connected:
            self._peripheral.client = None
            self.dropped()

    def dropped(self):
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def start_notify(self, characteristic, callback, **_how):
        await self._do("subscribe", characteristic.uuid)
        self._peripheral.subscriptions[self, characteristic.uuid] = callback

    async def stop_notify(self, characteristic):
        await self._do("unsubscribe", characteristic.uuid)
        del self._peripheral.subscriptions[self, characteristic.uuid]

    async def write_gatt_char(self, characteristic, data, response):
        await self._do("write", characteristic.uuid, bytes(data), response)
        self._peripheral.written(data)

    async def read_gatt_char(self, characteristic, **_how):
        await self._do("read", characteristic.uuid)
        return bytearray(self._peripheral.holds.get(characteristic.uuid, b""))

    async def _do(self, what, *details):
        if not self.is_connected:
            raise BleakError("Not connected")
        await self._peripheral.meet(what, *details)

    async def pair(self, *_args, **_how):
        raise NotImplementedError

    unpair = read_gatt_descriptor = write_gatt_descriptor = pair
