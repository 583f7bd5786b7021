"""The virtual radio does what a radio does, also where Bumble's own does not."""

import asyncio

import pytest
from bleak.backends.device import BLEDevice
from bumble import hci
from virtual_radio import Air, Peripheral, Phone, Reader, backend_of, central, name_of
from virtual_time import in_virtual_time

from repcount.edges.profiles import load_profile

MICROBIT = load_profile("microbit_accelerometer")
SUPERVISION_S = 2.0


@in_virtual_time
async def test_a_phone_lets_go_of_a_sensor_that_ended_the_link_itself():
    air = Air()
    phone = Phone(air)
    async with Peripheral(MICROBIT, air) as sensor:
        await phone.take(sensor)
        await sensor.drop()
        async with asyncio.timeout(1.0):
            await phone.let_go()


@pytest.mark.parametrize("drops", [False, True])
@in_virtual_time
async def test_both_ends_of_a_link_find_out_that_the_other_is_out_of_range(drops):
    air = Air(interval_s=0.03, supervision_s=SUPERVISION_S)
    host = await central(air)
    async with Peripheral(MICROBIT, air) as sensor:
        link = await host.connect_le(hci.Address(sensor.address))
        gone = asyncio.Event()
        link.on("disconnection", lambda _reason: gone.set())
        await asyncio.sleep(0.1)
        sensor.leave()
        if drops:
            await sensor.drop()
        async with asyncio.timeout(SUPERVISION_S + 0.1):
            await gone.wait()
        await asyncio.sleep(0.1)
        assert sensor.connection is None


@in_virtual_time
async def test_a_connect_that_is_given_up_as_the_sensor_is_heard_leaves_no_link():
    air = Air()
    backend = backend_of(await central(air))
    async with Peripheral(MICROBIT, air, advertising_s=1.0) as sensor:
        heard = asyncio.Event()
        air.on_advertisement = heard.set
        device = BLEDevice(sensor.address, "", hci.Address(sensor.address))
        client = backend.client(device, disconnected_callback=None, timeout=5.0)
        connecting = asyncio.create_task(client.connect(pair=False))
        await heard.wait()
        connecting.cancel()
        await asyncio.wait([connecting])
        await asyncio.sleep(0.1)
        assert connecting.cancelled()
        assert sensor.connection is None
        await client.connect(pair=False)
        assert sensor.connection is not None


@in_virtual_time
async def test_a_phone_that_waits_for_a_sensor_takes_it_when_its_link_ends():
    air = Air(interval_s=0.03)
    backend, phone = backend_of(await central(air)), Phone(air)
    named = Peripheral(MICROBIT, air, name=name_of(MICROBIT))
    async with named as sensor, Reader(named.name, [MICROBIT], backend) as reader:
        await reader.connected()
        taking = asyncio.create_task(phone.take(sensor))
        await asyncio.sleep(0.1)
        await sensor.drop()
        await taking
        await asyncio.sleep(3.0)
        assert not reader.sensor.state.connected
        await phone.let_go()
        await reader.connected()
