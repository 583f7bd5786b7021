"""org.bluez on a bus of our own: as much of it as bleak asks for, with sensors made of profiles.

It knows only those quirks of BlueZ that were put in. What it takes from the real one (`test_real_bluez`):
notifications are signals that every program on the bus hears, one for each program that has subscribed, and a
subscription outlives the link until its program unsubscribes or leaves the bus; of two scans or connects at
once the second is refused.
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field

from bumble.gatt import Characteristic
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from virtual_radio.script import Script
from virtual_radio.table import Uses, table_of, told_of

from repcount.wire.standard import BATTERY_LEVEL

ADAPTER = "/org/bluez/hci0"
UNKNOWN_OBJECT = "org.freedesktop.DBus.Error.UnknownObject"
PROPERTIES, OBJECTS = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager"
ADAPTER_1, DEVICE_1 = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE_1, CHARACTERISTIC_1 = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
ADVERTISING_S = 0.03
BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"


class RefusedError(Exception):
    """Answered as a D-Bus error: its name, and its text."""


def refused(word, text=""):
    return RefusedError(f"org.bluez.Error.{word}", text)


@dataclass(eq=False)
class FakeSensor:
    """A sensor in reach that speaks a profile.

    Attributes
    ----------
    said
        What was done to it, in order: ("connect",), ("disconnect",), ("subscribe", characteristic),
        ("unsubscribe", characteristic), ("write", characteristic, payload), ("read", characteristic).
    fails
        Errors of `refused`, by what is asked; each is raised once.
    """

    profile: object
    name: str
    address: str
    said: list = field(default_factory=list)
    fails: dict = field(default_factory=dict)
    bluez: "FakeBlueZ | None" = None

    def __post_init__(self):
        self.script = Script(self.profile, {})
        self.reads = {BATTERY_LEVEL: b"\x50", **self.script.reads}
        self.subscribers = {}
        self.path = f"{ADAPTER}/dev_{self.address.replace(':', '_')}"
        table = table_of(self.profile) | {(BATTERY_SERVICE, BATTERY_LEVEL): Uses.READ}
        self.services = {service: f"{self.path}/service{k:04x}" for k, (service, _) in enumerate(table)}
        self.characteristics = {
            f"{self.services[service]}/char{k:04x}": (service, uuid, uses)
            for k, ((service, uuid), uses) in enumerate(table.items())
        }

    @property
    def is_connected(self):
        return self.bluez is not None and self.bluez.get(self.path, DEVICE_1, "Connected")

    def advertised(self):
        identity = self.profile.identity
        maker = {} if identity.manufacturer_id is None else {identity.manufacturer_id: Variant("ay", b"")}
        return {
            "Address": Variant("s", self.address),
            "Name": Variant("s", self.name),
            "Alias": Variant("s", self.name),
            "Adapter": Variant("o", ADAPTER),
            "RSSI": Variant("n", -50),
            "UUIDs": Variant("as", [identity.advertises] if identity.advertises else []),
            "ManufacturerData": Variant("a{qv}", maker),
            "Connected": Variant("b", False),
            "ServicesResolved": Variant("b", False),
            "Paired": Variant("b", False),
        }

    def gatt(self):
        """Its services and characteristics as BlueZ shows them once it is connected."""
        shown = {
            path: {
                SERVICE_1: {
                    "UUID": Variant("s", uuid),
                    "Primary": Variant("b", True),
                    "Device": Variant("o", self.path),
                }
            }
            for uuid, path in self.services.items()
        }
        for path, (service, uuid, uses) in self.characteristics.items():
            flags = [flag.name.lower().replace("_", "-") for flag in Characteristic.Properties if flag & uses]
            shown[path] = {
                CHARACTERISTIC_1: {
                    "UUID": Variant("s", uuid),
                    "Service": Variant("o", self.services[service]),
                    "Flags": Variant("as", flags),
                    "MTU": Variant("q", 247),
                }
            }
        return shown

    def uuid_of(self, path):
        return self.characteristics[path][1]

    def fail(self, asked):
        if asked in self.fails:
            raise self.fails.pop(asked)

    async def notify(self, payload, characteristic=None):
        """Send what was measured: one signal for each program that has subscribed."""
        uuid = characteristic or self.profile.stream.characteristic
        path = next(path for path, (_, one, _) in self.characteristics.items() if one == uuid)
        if self.is_connected and (self.script.measuring or characteristic):
            for _ in self.subscribers.get(uuid, ()):
                self.bluez.change(path, CHARACTERISTIC_1, Value=Variant("ay", payload))
        await asyncio.sleep(0)

    def drop(self):
        """The link ends; subscriptions stay with the programs that made them."""
        self.bluez.change(
            self.path, DEVICE_1, Connected=Variant("b", False), ServicesResolved=Variant("b", False)
        )
        for path in self.gatt():
            self.bluez.hide(path)

    def told(self, uuid):
        return self.reads.get(uuid) or told_of(self.profile, uuid)


class FakeBlueZ:
    """The service, an async context manager: on entering it is on the bus, on leaving it is gone."""

    def __init__(self, address, sensors, *, has_adapter=True):
        self._address, self.sensors = address, sensors
        adapter = {
            "Address": Variant("s", "00:00:00:00:00:01"),
            "Powered": Variant("b", True),
            "Discovering": Variant("b", False),
            "Roles": Variant("as", ["central"]),
        }
        self.objects = {ADAPTER: {ADAPTER_1: adapter}} if has_adapter else {}
        self._busy, self._tasks = False, set()

    async def __aenter__(self):
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.add_message_handler(self._heard)
        await self._bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',member='NameOwnerChanged'"],
            )
        )
        for one in self.sensors:
            one.bluez, one.subscribers = self, {}
        await self._bus.request_name("org.bluez")
        for path, interfaces in self.objects.items():
            self.show(path, interfaces)
        return self

    async def __aexit__(self, *_error):
        for task in self._tasks:
            task.cancel()
        self._bus.disconnect()
        with suppress(Exception):
            await self._bus.wait_for_disconnect()

    # ---- what is to be seen ----

    def get(self, path, interface, name):
        return self.objects.get(path, {}).get(interface, {}).get(name, Variant("b", False)).value

    def show(self, path, interfaces):
        self.objects[path] = interfaces
        self._signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", path, interfaces)

    def hide(self, path):
        if (interfaces := self.objects.pop(path, None)) is not None:
            self._signal("/", OBJECTS, "InterfacesRemoved", "oas", path, list(interfaces))

    def change(self, path, interface, **properties):
        if path in self.objects:
            self.objects[path][interface] |= properties
            self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", interface, properties, [])

    def power(self, on):
        """Switch the adapter on or off."""
        for one in self.sensors:
            if not on and one.is_connected:
                one.drop()
        self.change(ADAPTER, ADAPTER_1, Powered=Variant("b", on), Discovering=Variant("b", False))

    def _signal(self, path, interface, member, signature, *body):
        self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))

    # ---- what is asked ----

    def _heard(self, message):
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _before, after = message.body
            if not after:
                self._left(name)
        if message.message_type is not MessageType.METHOD_CALL or message.interface == PROPERTIES:
            return None
        does = getattr(self, "_" + re.sub("(?<!^)(?=[A-Z])", "_", message.member).lower(), None)
        if does is None:
            return None
        self._in_background(self._answer(message, does))
        return True

    def _in_background(self, doing):
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, message, does):
        try:
            self._must_be_there(message.path)
            signature, body = await does(message) or ("", [])
            self._bus.send(Message.new_method_return(message, signature, body))
        except RefusedError as error:
            self._bus.send(Message.new_error(message, *error.args))

    def _left(self, program):
        for one in self.sensors:
            for programs in one.subscribers.values():
                programs.discard(program)

    def _sensor(self, message):
        return next(one for one in self.sensors if message.path.startswith(one.path))

    async def _get_managed_objects(self, _message):
        return "a{oa{sa{sv}}}", [self.objects]

    async def _set_discovery_filter(self, _message):
        self._must_be_on()

    async def _start_discovery(self, _message):
        self._must_be_on()
        self._take()
        self.change(ADAPTER, ADAPTER_1, Discovering=Variant("b", True))
        self._in_background(self._advertise())

    async def _advertise(self):
        while self.get(ADAPTER, ADAPTER_1, "Discovering"):
            for one in self.sensors:
                if one.path in self.objects:
                    self.change(one.path, DEVICE_1, RSSI=Variant("n", -50))
                else:
                    self.show(one.path, {DEVICE_1: one.advertised()})
            await asyncio.sleep(ADVERTISING_S)

    async def _stop_discovery(self, _message):
        self._busy = False
        self.change(ADAPTER, ADAPTER_1, Discovering=Variant("b", False))

    async def _connect(self, message):
        self._must_be_on()
        sensor = self._sensor(message)
        sensor.said.append(("connect",))
        self._take()
        try:
            await asyncio.sleep(0.01)
            sensor.fail("connect")
        finally:
            self._busy = False
        sensor.script.linked()
        self.change(sensor.path, DEVICE_1, Connected=Variant("b", True))
        for path, interfaces in sensor.gatt().items():
            self.show(path, interfaces)
        self.change(sensor.path, DEVICE_1, ServicesResolved=Variant("b", True))

    async def _disconnect(self, message):
        sensor = self._sensor(message)
        sensor.said.append(("disconnect",))
        sensor.drop()

    async def _start_notify(self, message):
        sensor = self._sensor(message)
        uuid = sensor.uuid_of(message.path)
        sensor.said.append(("subscribe", uuid))
        sensor.subscribers.setdefault(uuid, set()).add(message.sender)
        self._say(sensor, sensor.script.subscribed(uuid))

    async def _stop_notify(self, message):
        sensor = self._sensor(message)
        uuid = sensor.uuid_of(message.path)
        sensor.said.append(("unsubscribe", uuid))
        sensor.subscribers.get(uuid, set()).discard(message.sender)

    async def _read_value(self, message):
        sensor = self._sensor(message)
        uuid = sensor.uuid_of(message.path)
        sensor.said.append(("read", uuid))
        sensor.fail("read")
        return "ay", [sensor.told(uuid)]

    async def _write_value(self, message):
        sensor = self._sensor(message)
        uuid, payload = sensor.uuid_of(message.path), bytes(message.body[0])
        sensor.fail("write")
        sensor.said.append(("write", uuid, payload))
        self._say(sensor, sensor.script.written(uuid, payload))

    def _say(self, sensor, answers):
        async def say():
            for uuid, payload in answers:
                await sensor.notify(payload, uuid)

        self._in_background(say())

    def _must_be_there(self, path):
        if path not in {"/", *self.objects}:
            raise RefusedError(UNKNOWN_OBJECT, f"{path} does not exist")

    def _take(self):
        if self._busy:
            raise refused("InProgress", "Operation already in progress")
        self._busy = True

    def _must_be_on(self):
        if not self.get(ADAPTER, ADAPTER_1, "Powered"):
            raise refused("NotReady", "Resource Not Ready")
