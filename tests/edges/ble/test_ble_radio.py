"""The BLE edge over a virtual radio: what may happen to a sensor at the gym, and what comes through."""

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest
from virtual_radio import Air, Peripheral, Phone, Reader, backend_of, central, name_of
from virtual_time import in_virtual_time, now_s

from repcount.edges.ble import scan
from repcount.edges.profiles import load_profile, profile_names
from repcount.errors import LinkError
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch
from repcount.wire import Rejected, Wire

REFERENCE = load_profile("repcount_reference")
MICROBIT = load_profile("microbit_accelerometer")
ALL = [MICROBIT, REFERENCE]
DATA = MICROBIT.stream.characteristic
PERIOD = MICROBIT.start[1].characteristic
NAME = "BBC micro:bit [vatug]"
STARTED = [("subscribe", DATA), ("write", PERIOD, b"\x14\x00")]
CONNECTION_EVENT_S = 0.03


@asynccontextmanager
async def gym(target=NAME, profile=MICROBIT, *, name=NAME, **how):
    """A sensor that is on, and a reader that looks for it."""
    air = Air(interval_s=CONNECTION_EVENT_S)
    backend = backend_of(await central(air))
    async with Peripheral(profile, air, name=name, **how) as sensor, Reader(target, ALL, backend) as reader:
        yield air, sensor, reader


def numbered(n, first=0):
    return [k.to_bytes(6, "big") for k in range(first, first + n)]


async def send(sensor, payloads, every_s=0.01):
    for payload in payloads:
        await asyncio.sleep(every_s)
        await sensor.notify(payload)


async def arrived(reader, payloads):
    """Wait for as many; they are those."""
    await reader.until(lambda: len(reader.came) >= len(payloads), 5.0)
    assert reader.payloads == payloads


@in_virtual_time
async def test_a_peripheral_is_found_by_what_its_profile_advertises():
    air = Air()
    backend = backend_of(await central(air))
    async with (
        Peripheral(MICROBIT, air, name=NAME),
        Peripheral(REFERENCE, air, name=None, address="F0:00:00:00:00:02"),
    ):
        found = await scan(ALL, 1.0, backend)
    assert {one.address: (one.name, one.profile) for one in found} == {
        "F0:00:00:00:00:01": (NAME, MICROBIT),
        "F0:00:00:00:00:02": (None, REFERENCE),
    }


@in_virtual_time
async def test_it_is_started_as_its_profile_says_and_everything_comes_in_order():
    async with gym() as (_, sensor, reader):
        await reader.connected()
        assert sensor.said == STARTED
        await send(sensor, numbered(500))
        await arrived(reader, numbered(500))
    assert sensor.said == [*STARTED, ("unsubscribe", DATA)]
    assert sensor.connection is None


@pytest.mark.parametrize("name", [*profile_names(), "firmware_profiles/_template.toml"])
@in_virtual_time
async def test_a_sensor_of_every_profile_is_started_and_its_samples_come_out_as_they_went_in(name):
    profile = load_profile(name)
    t_s = np.arange(200) / profile.stream.rate_hz
    acc_m_s2 = np.tile(STANDARD_GRAVITY_M_S2 * np.array([0.5, -0.25, 0.75]), (200, 1))
    batch = SampleBatch(t_s, acc_m_s2, np.tile([0.5, 0.25, -1.0], (200, 1)))
    air = Air(interval_s=CONNECTION_EVENT_S)
    backend = backend_of(await central(air))
    async with (
        Peripheral(profile, air, name=name_of(profile)) as sensor,
        Reader(sensor.name or sensor.address, [profile], backend) as reader,
    ):
        await reader.connected()
        assert reader.sensor.profile is profile
        await reader.until(lambda: sensor.script.measuring)  # a write that nobody confirms
        await sensor.play(batch)
        await asyncio.sleep(1.0)
        assert reader.payloads[-len(sensor.sent) :] == sensor.sent
        values = reader.sensor.values
    wire = Wire(profile, values=values)
    items = [item for one in reader.came for item in wire.feed(one)]
    batches = [item for item in items if isinstance(item, SampleBatch)]
    assert not [item for item in items if isinstance(item, Rejected)]
    found_m_s2 = np.concatenate([item.acc_m_s2 for item in batches])
    assert len(found_m_s2) >= 150
    np.testing.assert_allclose(found_m_s2, acc_m_s2[: len(found_m_s2)], atol=0.2)


@in_virtual_time
async def test_what_the_sensor_does_not_send_is_all_that_is_missing():
    async with gym() as (_, sensor, reader):
        await reader.connected()
        sensor.alter = lambda payload: [] if payload[-1] % 7 == 0 else [payload]
        await send(sensor, numbered(100))
        await arrived(reader, [one for one in numbered(100) if one[-1] % 7])


@in_virtual_time
async def test_what_was_held_up_comes_in_a_burst_and_in_order():
    async with gym() as (air, sensor, reader):
        await reader.connected()
        air.hold(sensor.chip)
        await send(sensor, numbered(150))
        assert reader.came == []
        air.hold(sensor.chip, held=False)
        await arrived(reader, numbered(150))
        assert reader.came[-1].arrival_s - reader.came[0].arrival_s < CONNECTION_EVENT_S
        assert len(reader.states) == 1


@in_virtual_time
async def test_garbage_and_empty_packets_are_handed_on_as_they_are_and_refused_by_the_wire():
    rubbish = np.random.default_rng(1)
    payloads = [b"", *(rubbish.bytes(n) for n in rubbish.integers(1, 244, 50))]
    async with gym(None, REFERENCE, name=None) as (_, sensor, reader):
        await reader.connected()
        await send(sensor, payloads)
        await arrived(reader, payloads)
    wire = Wire(REFERENCE)
    assert [type(item) for one in reader.came for item in wire.feed(one)] == [Rejected] * 51


@in_virtual_time
async def test_a_notification_that_a_small_mtu_cuts_off_is_refused_by_its_length():
    batch = SampleBatch(np.arange(10) / 50.0, np.zeros((10, 3)), np.zeros((10, 3)))
    async with gym(None, REFERENCE, name=None, mtu=23) as (_, sensor, reader):
        await reader.connected()
        await sensor.play(batch)
        await reader.until(lambda: reader.came)
    assert [len(payload) for payload in reader.payloads] == [20]
    (item,) = Wire(REFERENCE).feed(reader.came[0])
    assert item.reason == "length"


@in_virtual_time
async def test_a_sensor_that_ends_the_link_in_mid_set_is_started_again_and_nothing_comes_twice():
    async with gym() as (_, sensor, reader):
        for first in (0, 100, 200):
            await reader.connected()
            await send(sensor, numbered(100, first))
            await arrived(reader, numbered(first + 100))
            dropped_s = now_s()
            await sensor.drop()
            await reader.until(lambda: not reader.sensor.state.connected)
        await reader.connected()
        assert now_s() - dropped_s < 3.0
        assert sensor.said == STARTED * 4
        assert "the link broke" in reader.whys[0]


@in_virtual_time
async def test_a_sensor_out_of_range_is_said_to_be_gone_and_read_again_when_it_is_back():
    async with gym() as (_, sensor, reader):
        await reader.connected()
        await send(sensor, numbered(100))
        await arrived(reader, numbered(100))
        sensor.leave()
        await reader.until(lambda: not reader.sensor.state.connected, 2.5)
        await asyncio.sleep(25.0)
        assert reader.whys[-1].startswith(f"{NAME!r} is not in reach.")
        sensor.come_back()
        await reader.connected()
        await send(sensor, numbered(100, 100))
        await arrived(reader, numbered(200))


@in_virtual_time
async def test_out_of_range_for_less_than_the_supervision_time_ends_nothing():
    async with gym() as (_, sensor, reader):
        await reader.connected()
        sensor.leave()
        await send(sensor, numbered(100))
        sensor.come_back()
        await arrived(reader, numbered(100))
        await asyncio.sleep(5.0)
        assert len(reader.states) == 1


@in_virtual_time
async def test_a_sensor_that_vanishes_while_it_is_started_is_started_when_it_is_back():
    async with gym() as (_, sensor, reader):
        await reader.until(lambda: sensor.connection is not None)
        sensor.leave()
        await reader.until(lambda: reader.states)
        assert f"{NAME} refused (disconnected)." in reader.whys[0]
        sensor.come_back()
        await reader.connected()
        await send(sensor, numbered(3))
        await arrived(reader, numbered(3))


@in_virtual_time
async def test_a_sensor_that_wants_to_be_paired_says_so():
    async with gym(unpaired=[PERIOD]) as (_, sensor, reader):
        with pytest.raises(LinkError, match=f"^{NAME.replace('[', '.')[:-1]}. wants to be paired first"):
            await reader.connected()
        assert sensor.connection is None


@in_virtual_time
async def test_a_sensor_that_a_phone_holds_is_read_when_the_phone_lets_go():
    air = Air(interval_s=CONNECTION_EVENT_S)
    backend = backend_of(await central(air))
    async with Peripheral(MICROBIT, air, name=NAME) as sensor:
        phone = Phone(air)
        await phone.take(sensor)
        async with Reader(NAME, ALL, backend) as reader:
            await reader.until(lambda: reader.states)
            assert "not connected to a phone?" in reader.whys[0]
            await phone.let_go()
            await reader.connected()


@pytest.mark.parametrize("seed", range(8))
@in_virtual_time
async def test_a_sensor_that_seldom_advertises_is_read_again_as_soon_as_one_advertisement_is_heard(seed):
    air = Air(interval_s=CONNECTION_EVENT_S, missed_ratio=0.3, seed=seed)
    backend = backend_of(await central(air))
    async with (
        Peripheral(MICROBIT, air, name=NAME, advertising_s=1.0) as sensor,
        Reader(NAME, ALL, backend) as reader,
    ):
        await reader.connected()
        await send(sensor, numbered(1))
        await arrived(reader, numbered(1))
        await sensor.drop()
        await reader.until(lambda: not reader.sensor.state.connected)
        await asyncio.sleep(0.1)  # it advertises as the link ends, when nobody can listen yet
        heard = []
        air.on_advertisement = lambda: heard.append(now_s())
        await reader.connected()
        assert now_s() - heard[0] < 0.5


@in_virtual_time
async def test_who_waits_for_a_lost_sensor_lets_another_one_be_found():
    air = Air(interval_s=CONNECTION_EVENT_S)
    backend = backend_of(await central(air))
    late = Peripheral(MICROBIT, air, name="BBC micro:bit [other]", address="F0:00:00:00:00:02")
    async with Peripheral(MICROBIT, air, name=NAME) as sensor, Reader(NAME, ALL, backend) as reader:
        await reader.connected()
        await send(sensor, numbered(1))
        sensor.leave()
        await reader.until(lambda: not reader.sensor.state.connected)
        async with late as other, Reader(other.name, ALL, backend) as at_other:
            since_s = now_s()
            await at_other.connected()
            assert now_s() - since_s < 2.0
            sensor.come_back()
            await reader.connected()


@in_virtual_time
async def test_two_at_once_share_the_radio():
    air = Air(interval_s=CONNECTION_EVENT_S)
    backend = backend_of(await central(air))
    second = Peripheral(MICROBIT, air, name="BBC micro:bit [other]", address="F0:00:00:00:00:02")
    async with (
        Peripheral(MICROBIT, air, name=NAME) as one,
        second as other,
        Reader(NAME, ALL, backend) as at_one,
        Reader(other.name, ALL, backend) as at_other,
    ):
        await at_one.connected()
        await at_other.connected()
        await asyncio.gather(send(one, numbered(200)), send(other, numbered(200, 1000)))
        await arrived(at_one, numbered(200))
        await arrived(at_other, numbered(200, 1000))
