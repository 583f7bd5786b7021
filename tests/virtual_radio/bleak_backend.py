"""bleak's scanner and client over a Bumble host, in place of those of the platform."""

import asyncio
from contextlib import suppress

from bleak.backends.characteristic import BleakGATTCharacteristic, GattCharacteristicsFlags
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str
from bumble import att, core, hci
from bumble.core import AdvertisingData
from bumble.device import Peer

from repcount.edges.ble import Backend

LARGEST_MTU = 517
_SERVICE_LISTS = (
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


def backend_of(host, *, came=None):
    """Give the edge the radio of `host`, a powered `bumble.device.Device`.

    `came` is called with an address, a characteristic and the bytes of each notification that is handed on.
    """
    radio = _Radio(host, came or (lambda *_: None))
    return Backend(
        scanner=type("Scanner", (_Scanner,), {"radio": radio}),
        client=type("Client", (_Client,), {"radio": radio}),
    )


class _Radio:
    """One scan or connect at a time: a second is refused, as BlueZ does."""

    def __init__(self, host, came):
        self.host, self.came = host, came
        self._busy = False

    def take(self):
        if self._busy:
            raise BleakError("Operation already in progress")
        self._busy = True

    def release(self):
        self._busy = False


class _Scanner(BaseBleakScanner):
    radio: _Radio

    def __init__(self, detection_callback, service_uuids, _scanning_mode, **_how):
        super().__init__(detection_callback, service_uuids)

    async def start(self):
        self.radio.take()
        self.seen_devices = {}
        self.radio.host.on("advertisement", self._heard)
        await self.radio.host.start_scanning()

    async def stop(self):
        self.radio.host.remove_listener("advertisement", self._heard)
        await self.radio.host.stop_scanning()
        self.radio.release()

    def _heard(self, heard):
        data = heard.data
        name = data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        makers = data.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA)
        services = [uuid for kind in _SERVICE_LISTS for found in data.get_all(kind) for uuid in found]
        advertised = AdvertisementData(
            name, dict(makers), {}, [_uuid(one) for one in services], None, heard.rssi, ()
        )
        address = heard.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, name, heard.address, advertised)
        self.call_detection_callbacks(device, advertised)


class _Client(BaseBleakClient):
    radio: _Radio

    def __init__(self, device, *, disconnected_callback, timeout, **_how):
        super().__init__(device, disconnected_callback=disconnected_callback, timeout=timeout)
        self._peer_address, self._name = device.details, device.name
        self._connection = self._gone = None

    @property
    def name(self):
        return self._name

    @property
    def mtu_size(self):
        return self._connection.att_mtu if self.is_connected else att.ATT_DEFAULT_MTU

    @property
    def is_connected(self):
        return self._connection is not None and not self._gone.done()

    async def connect(self, pair, **_how):  # noqa: ARG002 - as bleak calls it
        self.radio.take()
        try:
            async with asyncio.timeout(self._timeout):
                self._connection = await self._connected()
                self._gone = asyncio.get_running_loop().create_future()
                self._connection.on("disconnection", self._ended)
                peer = Peer(self._connection)
                await self._ask(peer.request_mtu(LARGEST_MTU))
                await self._ask(peer.discover_all())
            self.services = self._discovered(peer)
        finally:
            self.radio.release()

    async def _connected(self):
        host = self.radio.host
        connecting = asyncio.ensure_future(host.connect_le(self._peer_address, timeout=None))
        try:
            return await asyncio.shield(connecting)
        except core.ConnectionError as error:
            raise BleakError(str(error)) from error
        except asyncio.CancelledError:
            await host.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
            with suppress(core.BaseBumbleError):
                # An advertisement may have been heard just before it was given up.
                await (await connecting).disconnect()
            raise

    def _discovered(self, peer):
        found = BleakGATTServiceCollection()
        for one in peer.services:
            service = BleakGATTService(one, one.handle, _uuid(one.uuid))
            found.add_service(service)
            for each in one.characteristics:
                flags = [flag for flag in GattCharacteristicsFlags if flag.value & each.properties]
                uses = [flag.name.replace("_", "-") for flag in flags]
                found.add_characteristic(
                    BleakGATTCharacteristic(
                        each, each.handle, _uuid(each.uuid), uses, lambda: self.mtu_size - 3, service
                    )
                )
        return found

    def _ended(self, _reason):
        self.services = None
        if not self._gone.done():
            self._gone.set_result(None)
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def disconnect(self):
        if self.is_connected:
            with suppress(core.BaseBumbleError):
                await self._connection.disconnect()

    async def start_notify(self, characteristic, callback, **_how):
        def arrived(payload):
            self.radio.came(self.address, characteristic.uuid, payload)
            callback(bytearray(payload))

        await self._ask(characteristic.obj.subscribe(arrived))

    async def stop_notify(self, characteristic):
        await self._ask(characteristic.obj.unsubscribe())

    async def write_gatt_char(self, characteristic, data, response):
        await self._ask(characteristic.obj.write_value(bytes(data), with_response=response))

    async def read_gatt_char(self, characteristic, **_how):
        return bytearray(await self._ask(characteristic.obj.read_value()))

    async def _ask(self, doing):
        """Bumble cancels what is asked when the link ends; bleak raises an error."""
        asked = asyncio.ensure_future(doing)
        try:
            await asyncio.wait({asked, self._gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = not asked.done() or asked.cancelled()
            asked.cancel()
        if ended:
            raise BleakError("disconnected")
        try:
            return asked.result()
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error)) from error

    async def pair(self, *_args, **_how):
        raise NotImplementedError

    unpair = read_gatt_descriptor = write_gatt_descriptor = pair


def _uuid(uuid):
    return normalize_uuid_str(uuid.to_hex_str("-"))
