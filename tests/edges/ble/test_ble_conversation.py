"""The steps of a profile spoken to a sensor that answers, in whatever way."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode
from peripheral import Air, Peripheral
from virtual_time import in_virtual_time, now_s

from repcount.edges.ble import BleSensor
from repcount.edges.profiles import load_profile
from repcount.errors import InputError, LinkError
from repcount.profile import Characteristic, Firmware, Wait
from repcount.wire.standard import BATTERY_LEVEL, HEART_RATE_MEASUREMENT

TEMPLATE = load_profile("firmware_profiles/_template.toml")
DATA = TEMPLATE.stream.characteristic
CONTROL = TEMPLATE.start[3].characteristic
START = bytes.fromhex("01 02 00 14") + b"/acc/50\x00"
QUICK = bytes.fromhex("01 03 00 0a") + b"/acc/100\x00"
GOOD = bytes.fromhex("f0 01 00 00 00 08")
MODEL, FIRMWARE, SERIAL = (f"00002a{n}-0000-1000-8000-00805f9b34fb" for n in ("24", "26", "25"))
WAIT = next(k for k, step in enumerate(TEMPLATE.start) if isinstance(step, Wait))


def made_up(answer=GOOD, *, to=START):
    """A sensor that answers its start with these bytes, or with nothing."""
    made = Peripheral(TEMPLATE, name="Made-up 1")
    if answer is not None:
        made.answers = {to: [(CONTROL, answer)]}
    return made


class Worn:
    """A sensor being read, what it sent, and what it said of its link."""

    def __init__(self, peripheral, profiles, target, chosen):
        self.states, self.came, self.error = [], [], None
        air = Air(peripheral)
        self.sensor = BleSensor(
            target, profiles, clock=now_s, chosen=chosen, backend=air.backend, on_state=self.states.append
        )

    async def read(self):
        try:
            async for one in self.sensor:
                self.came.append(one)
        except (LinkError, InputError) as error:
            self.error = error

    async def until(self, held):
        for _ in range(10_000):
            if held():
                return
            await asyncio.sleep(0.01)
        pytest.fail(f"it did not come to that: {self.states}")

    async def connected(self):
        await self.until(lambda: self.sensor.state.connected)

    @property
    def why(self):
        return self.states[-1].why


@asynccontextmanager
async def worn(peripheral, profiles=(TEMPLATE,), target="Made-up 1", chosen=None):
    one = Worn(peripheral, list(profiles), target, chosen)
    reading = asyncio.create_task(one.read())
    try:
        yield one
    finally:
        reading.cancel()
        await asyncio.wait([reading])


def writes(peripheral):
    return [said[2] for said in peripheral.said if said[0] == "write"]


@in_virtual_time
async def test_steps_are_done_in_order_and_what_the_sensor_answers_is_kept():
    sensor = made_up()
    async with worn(sensor) as one:
        await one.connected()
        assert one.sensor.values == {"rate_hz": 50.0, "period_ms": 20.0, "range_g": 8.0}
        # Of two steps the one that is for 16 g is left out, since the sensor said 8.
        assert writes(sensor) == [b"\x02\x00", START, b"\x00\x32"]
        await asyncio.sleep(0.1)
        assert [(got.characteristic, got.payload) for got in one.came] == [(CONTROL, GOOD)]
    assert writes(sensor)[3:] == [b"\x02\x00"]


@in_virtual_time
async def test_an_answer_that_ends_early_leaves_the_default_and_the_step_for_it_is_done():
    sensor = made_up(GOOD[:4])
    async with worn(sensor) as one:
        await one.connected()
        assert one.sensor.values["range_g"] == 16.0
        assert writes(sensor)[-1] == b"\x01\xff"


@in_virtual_time
async def test_what_is_chosen_is_written():
    sensor = made_up(to=QUICK)
    async with worn(sensor, chosen={"rate_hz": 100.0}) as one:
        await one.connected()
        assert QUICK in writes(sensor)
        assert one.sensor.values["period_ms"] == 10.0


@in_virtual_time
async def test_a_choice_the_profile_does_not_have_is_wrong_input():
    sensor = made_up()
    async with worn(sensor, chosen={"rate_hz": 99.0}) as one:
        await one.until(lambda: one.error)
    assert str(one.error) == "--set: template cannot have rate_hz 99. Allowed: 25, 50, 100."
    assert isinstance(one.error, InputError)
    assert sensor.client is None


@in_virtual_time
async def test_a_refusal_is_said_in_the_sensors_words_with_the_step_and_tried_again():
    sensor = made_up(bytes.fromhex("f0 01 00 0d"))
    async with worn(sensor) as one:
        await one.until(lambda: one.states)
        assert one.why.startswith(
            "Made-up 1 was not started: it is in the charger (start[4] (wait for f0 01 ??"
        )
        sensor.answers = {START: [(CONTROL, GOOD)]}
        await one.connected()


@in_virtual_time
async def test_a_sensor_that_answers_nothing_is_said_with_the_step():
    async with worn(made_up(None)) as one:
        await one.until(lambda: one.states)
        assert "it did not answer within 2 s (start[4] (wait for f0 01 ??" in one.why


@in_virtual_time
async def test_an_answer_is_found_among_whatever_else_comes_before_and_after():
    sensor = made_up()
    other = bytes.fromhex("f0 02 00 0d")
    sensor.answers = {
        START: [(CONTROL, other), (DATA, bytes(5)), (CONTROL, b""), (CONTROL, GOOD), (CONTROL, other)]
    }
    async with worn(sensor) as one:
        await one.connected()
        await asyncio.sleep(0.1)
        assert one.sensor.values["range_g"] == 8.0
        assert [got.payload for got in one.came] == [other, bytes(5), b"", GOOD, other]


@in_virtual_time
async def test_what_came_before_the_last_write_is_no_answer_to_it():
    sensor = made_up(None)
    sensor.answers = {b"\x02\x00": [(CONTROL, GOOD)]}  # what an earlier start left, says stop
    start = (TEMPLATE.start[2], *TEMPLATE.start[:2], *TEMPLATE.start[3:])
    async with worn(sensor, [replace(TEMPLATE, start=start)]) as one:
        await one.until(lambda: one.states)
        assert "did not answer" in one.why


@in_virtual_time
async def test_a_step_that_may_fail_and_does_keeps_nothing_else_from_being_done():
    sensor = made_up()
    sensor.failing = b"\x02\x00"
    written = sensor.written

    def refuse(payload):
        if bytes(payload) == sensor.failing and len(writes(sensor)) == 1:
            raise BleakError("was not started")
        written(payload)

    sensor.written = refuse
    async with worn(sensor) as one:
        await one.connected()


@in_virtual_time
async def test_a_write_that_fails_is_said_with_its_step():
    sensor = made_up()
    code = BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION
    sensor.faults["write"] = BleakGATTProtocolError(code)
    async with worn(sensor) as one:
        await one.until(lambda: one.error)
    assert "Made-up 1 wants to be paired first" in str(one.error)
    sensor = made_up()
    sensor.faults["write"] = BleakError("busy")
    async with worn(sensor) as one:
        await one.until(lambda: one.states)
        assert one.why.startswith(f"Made-up 1 refused at start[3] (write {CONTROL}) (busy).")


@in_virtual_time
async def test_long_writes_go_in_pieces():
    sensor = made_up(None)
    start = (*TEMPLATE.start[:3], replace(TEMPLATE.start[3], chunk_bytes=5))
    async with worn(sensor, [replace(TEMPLATE, start=start)]) as one:
        await one.connected()
        assert writes(sensor)[1:] == [START[:5], START[5:10], START[10:]]


@in_virtual_time
async def test_the_profile_is_the_first_whose_characteristics_and_revisions_are_the_sensors():
    sensor = made_up()
    sensor.has(MODEL, "read", payload=b"Made-up 2\0")
    sensor.has(FIRMWARE, "read", payload=b"2.5.1")
    sensor.has(SERIAL, "read", payload=b"0123")
    missing = Characteristic(uuid=HEART_RATE_MEASUREMENT, properties=frozenset({"notify"}))
    strap = replace(TEMPLATE, name="strap", identity=replace(TEMPLATE.identity, characteristics=(missing,)))
    newer = Firmware(revision="firmware", least="3.0")
    newer = replace(TEMPLATE, name="newer", identity=replace(TEMPLATE.identity, firmware=newer))
    async with worn(sensor, [strap, newer, TEMPLATE]) as one:
        await one.connected()
        assert one.sensor.profile is TEMPLATE
        assert one.sensor.device == {"model": "Made-up 2", "firmware": "2.5.1", "serial": "0123"}
    async with worn(sensor, [strap, newer]) as one:
        await one.until(lambda: one.error)
    assert str(one.error).startswith(
        f"Made-up 1 is of no known profile (no strap: has no characteristic {HEART_RATE_MEASUREMENT}; "
        "no newer: says '2.5.1' where firmware from 3.0 is wanted). Is its firmware another"
    )


@in_virtual_time
async def test_a_sensor_that_does_not_let_its_information_be_read_is_used_all_the_same():
    sensor = made_up()
    sensor.has(MODEL, "read")
    sensor.faults["read"] = BleakGATTProtocolError(BleakGATTProtocolErrorCode.READ_NOT_PERMITTED)
    async with worn(sensor) as one:
        await one.connected()
        assert one.sensor.device == {}


@in_virtual_time
async def test_a_strap_tells_heart_rate_and_battery_beside_its_samples():
    sensor = made_up()
    sensor.has(HEART_RATE_MEASUREMENT, "notify")
    sensor.has(BATTERY_LEVEL, "read", "notify", payload=b"\x50")
    async with worn(sensor) as one:
        await one.connected()
        assert one.states[-1].battery_percent == 80
        sensor.notify(b"\x00\x48", HEART_RATE_MEASUREMENT)
        sensor.notify(b"\x4f", BATTERY_LEVEL)
        await asyncio.sleep(0.1)
        assert one.states[-1].battery_percent == 79
        assert {state.session for state in one.states} == {1}
        assert [(got.characteristic, got.payload) for got in one.came[1:]] == [
            (BATTERY_LEVEL, b"\x50"),
            (HEART_RATE_MEASUREMENT, b"\x00\x48"),
            (BATTERY_LEVEL, b"\x4f"),
        ]
    assert sensor.done[-6:] == ["write", *["unsubscribe"] * 4, "disconnect"]


@in_virtual_time
async def test_a_battery_that_does_not_tell_by_itself_is_asked_every_few_minutes():
    sensor = made_up()
    sensor.has(BATTERY_LEVEL, "read", payload=b"\x50")
    async with worn(sensor) as one:
        await one.connected()
        for percent in (79, 78):
            sensor.holds[BATTERY_LEVEL] = bytes([percent])
            for _ in range(320):
                await asyncio.sleep(1.0)
                sensor.notify(bytes(5))
        assert one.states[-1].battery_percent == 78
        assert sensor.done.count("read") == 3


@in_virtual_time
async def test_heart_rate_alone_does_not_keep_a_link_that_brings_no_samples():
    sensor = made_up()
    sensor.has(HEART_RATE_MEASUREMENT, "notify")
    async with worn(sensor) as one:
        await one.connected()
        began_s = now_s()
        while one.sensor.state.connected:
            await asyncio.sleep(1.0)
            sensor.notify(b"\x00\x48", HEART_RATE_MEASUREMENT)
        assert now_s() - began_s == pytest.approx(10.0, abs=1.5)


@in_virtual_time
async def test_an_mtu_that_the_platform_tells_and_is_too_small_is_said():
    sensor = made_up()
    sensor.mtu_bytes = 40
    async with worn(sensor) as one:
        await one.until(lambda: one.states)
        assert one.why.startswith(
            "the link to Made-up 1 is too narrow: its MTU is 40, notifications need 48."
        )
        sensor.mtu_bytes = 48
        await one.connected()


@in_virtual_time
async def test_an_mtu_that_shows_only_by_notifications_cut_to_the_least_is_said():
    sensor = made_up()
    async with worn(sensor) as one:
        await one.connected()
        for _ in range(2):
            sensor.notify(bytes(20))
        sensor.notify(bytes(29))
        for _ in range(2):
            sensor.notify(bytes(20))
        await asyncio.sleep(0.1)
        assert one.sensor.state.connected
        sensor.notify(bytes(20))
        await one.until(lambda: not one.sensor.state.connected)
        assert one.why.startswith(
            "the link to Made-up 1 is too narrow: its MTU is 23, notifications need 48."
        )


@pytest.mark.parametrize("target", ["Made-up 1", None])
@in_virtual_time
async def test_a_sensor_that_a_killed_program_left_connected_is_taken_over_and_stopped_first(target):
    sensor = made_up()
    sensor.left_connected = True
    async with worn(sensor, target=target) as one:
        await one.connected()
        assert writes(sensor)[:2] == [b"\x02\x00", START]


@in_virtual_time
async def test_what_this_program_is_connected_to_is_not_taken_for_left():
    sensor = made_up()
    async with worn(sensor) as one:
        await one.connected()
        states = []
        second = BleSensor(None, [TEMPLATE], clock=now_s, backend=one.sensor._backend, on_state=states.append)
        first = asyncio.ensure_future(anext(aiter(second)))
        await asyncio.sleep(9.0)  # longer than it looks for one, shorter than it waits for data
        assert sensor.done.count("connect") == 1
        assert states[0].why.startswith("no sensor in reach")
        first.cancel()
        await asyncio.wait([first])
