"""The unchanged service on a real Linux Bluetooth stack: kernel, bluetoothd, D-Bus, bleak."""

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from virtual_radio import Peripheral
from virtual_radio.table import Uses

from repcount.app.replay import play
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.edges.profiles import load_profile
from repcount.edges.recording import read_recording
from repcount.events import event_to_dict
from repcount.samples import Notification, SampleBatch
from repcount.wire import Wire
from repcount.wire.standard import BATTERY_LEVEL

pytestmark = pytest.mark.asyncio(loop_scope="module")

PULL_UPS = Path(__file__).parents[2] / "recordings" / "wrist_pull_up_strict_01"
REFERENCE = load_profile("repcount_reference")
MICROBIT = load_profile("microbit_accelerometer")
REPCOUNT = "python3 -m repcount"
TOOLS = "python3 /checkout/tests/bluez"
BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
START_S = 600.0
"""The first program of the machine reads all its modules; emulated, on a busy computer."""


def a_strap(air, name, address):
    strap = Peripheral(REFERENCE, air, name=name, address=address)
    strap.has(BATTERY_SERVICE, BATTERY_LEVEL, Uses.READ, b"\x50")
    return strap


def notifications(folder):
    return [
        one
        for _, one in read_recording(folder).items()
        if isinstance(one, Notification) and one.characteristic == REFERENCE.stream.characteristic
    ]


def samples(folder):
    """What was measured, to be sent ten at once, as the profile says."""
    wire = Wire(REFERENCE)
    items = [item for one in notifications(folder) for item in wire.feed(one)]
    batches = [item for item in items if isinstance(item, SampleBatch)]
    columns = [[one.t_s, one.acc_m_s2, one.gyro_rad_s] for one in batches]
    return SampleBatch(*map(np.concatenate, zip(*columns, strict=True)))


def rounded(told):
    """To a millionth: another processor calculates the last digits otherwise."""
    match told:
        case dict():
            return {key: rounded(value) for key, value in told.items()}
        case list() | tuple():
            return [rounded(one) for one in told]
        case float():
            return round(told, 6)
        case _:
            return told


def times_started(strap):
    return strap.said.count(("subscribe", REFERENCE.stream.characteristic))


def of_type(job, kind):
    return [event for event in job.said if event["type"] == kind]


async def test_scan_names_the_sensor_its_profile_and_its_address(machine):
    async with a_strap(machine.air, "Strap 1", "F0:00:00:00:00:11"):
        said = await machine.run(f"{REPCOUNT} scan --json --seconds 4", START_S)
    [found] = [one for one in map(json.loads, said.splitlines()) if one["name"] == "Strap 1"]
    assert (found["address"], found["profile"]) == ("F0:00:00:00:00:11", "repcount_reference")


async def test_a_set_in_which_the_link_breaks_is_counted_once_and_recorded_to_the_byte(machine):
    async with a_strap(machine.air, "Strap 2", "F0:00:00:00:00:12") as strap:
        job = machine.start(f"{TOOLS}/count_sensor.py 'Strap 2' pull_up /share/recording")
        await job.until(lambda: times_started(strap) == 1, START_S)
        playing = asyncio.create_task(strap.play(samples(PULL_UPS)))
        await job.until(lambda: len(of_type(job, "rep_counted")) >= 3)
        await strap.drop()
        await job.until(lambda: times_started(strap) == 2)
        await playing
        await job.until(lambda: of_type(job, "set_ended"))
        assert await job.stop() == 130

    folder = machine.share / "recording"
    came = [one.payload for one in notifications(folder)]
    assert len(set(came)) == len(came)
    assert came == [one for one in strap.sent if one in set(came)], "in order"
    assert max(map(len, came)) == 134, "no small MTU cut them"
    assert len(strap.sent) - len(came) <= 3, f"only what was on its way when the link broke is missing\n{job}"

    [ended] = of_type(job, "set_ended")
    assert {event["set_index"] for event in job.said if "set_index" in event} == {1}
    assert len(of_type(job, "rep_counted")) - len(of_type(job, "rep_retracted")) == ended["rep_count"]
    assert 6 <= ended["rep_count"] <= 8, "eight were done; the break hides two at most, and none is doubled"
    source = open_source(folder, None, None)
    replayed = play(source, Runner(source.pipeline("station-1")))
    assert [rounded(event_to_dict(event)) for event in replayed] == [rounded(event) for event in job.said]


async def test_the_whole_service_connects_counts_and_ends_on_it(machine):
    async with a_strap(machine.air, "Strap 3", "F0:00:00:00:00:13") as strap:
        job = machine.start(
            f"{REPCOUNT} live --json --sensor 'Strap 3' --exercise pull_up --record /share/recordings"
        )
        await job.until(lambda: times_started(strap) == 1, START_S)
        playing = asyncio.create_task(strap.play(samples(PULL_UPS)))
        await job.until(lambda: len(of_type(job, "rep_counted")) >= 2)
        playing.cancel()
        assert await job.stop() == 130


@asynccontextmanager
async def reading(machine, name, address, *, limit_s=START_S):
    """A micro:bit, and a program in the machine that reads it."""
    async with Peripheral(MICROBIT, machine.air, name=name, address=address) as sensor:
        job = machine.start(f"{TOOLS}/read_sensor.py '{name}'")
        await job.until(lambda: connected(job), limit_s)
        yield sensor, job
        if job.ended is None:
            await job.stop()


def states(job):
    return [one for one in job.said if "connected" in one]


def connected(job):
    return bool(states(job)) and states(job)[-1]["connected"]


def payloads(job):
    return [bytes.fromhex(one["payload"]) for one in job.said if "payload" in one]


def numbered(first, n):
    return [k.to_bytes(6, "big") for k in range(first, first + n)]


async def send(sensor, payloads):
    """One each 50 ms, for which an emulated processor has time; before it is started it would send none."""
    async with asyncio.timeout(START_S):
        while not sensor.script.measuring:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.01)
    for payload in payloads:
        await asyncio.sleep(0.05)
        await sensor.notify(payload)


async def test_at_20_a_second_all_come_in_order(machine):
    async with reading(machine, "BBC micro:bit [a]", "F0:00:00:00:00:21") as (sensor, job):
        await send(sensor, numbered(0, 500))
        await job.until(lambda: len(payloads(job)) >= 500)
        assert payloads(job) == numbered(0, 500)


async def test_after_links_that_broke_everything_comes_once(machine):
    async with reading(machine, "BBC micro:bit [b]", "F0:00:00:00:00:22") as (sensor, job):
        for turn in range(5):
            await job.until(lambda: connected(job))
            await send(sensor, numbered(100 * turn, 100))
            await job.until(lambda so_far=100 * turn + 100: len(payloads(job)) >= so_far)
            n_states = len(states(job))
            await sensor.drop()
            await job.until(lambda n_states=n_states: len(states(job)) > n_states)
            assert "the link broke" in states(job)[n_states]["why"]
        await job.until(lambda: connected(job))
        assert payloads(job) == numbered(0, 500)


async def test_out_of_range_and_back(machine):
    async with reading(machine, "BBC micro:bit [c]", "F0:00:00:00:00:23") as (sensor, job):
        await send(sensor, numbered(0, 50))
        await job.until(lambda: len(payloads(job)) == 50)
        sensor.leave()
        await job.until(lambda: not connected(job))
        await job.until(lambda: "is not in reach" in states(job)[-1]["why"])
        sensor.come_back()
        await job.until(lambda: connected(job))
        await send(sensor, numbered(50, 50))
        await job.until(lambda: len(payloads(job)) >= 100)
        assert payloads(job) == numbered(0, 100)


async def test_switched_off_bluetooth_is_said_and_waited_for(machine):
    async with reading(machine, "BBC micro:bit [d]", "F0:00:00:00:00:24") as (sensor, job):
        await machine.run("bluetoothctl power off")
        await job.until(lambda: "switched off" in states(job)[-1]["why"])
        await machine.run("bluetoothctl power on")
        await job.until(lambda: connected(job))
        await send(sensor, numbered(0, 50))
        await job.until(lambda: len(payloads(job)) >= 50)
        assert payloads(job) == numbered(0, 50)


async def test_a_program_that_was_killed_leaves_nothing_that_the_next_one_trips_over(machine):
    name, address = "BBC micro:bit [e]", "F0:00:00:00:00:25"
    async with reading(machine, name, address) as (sensor, job):
        await send(sensor, numbered(0, 50))
        await job.until(lambda: len(payloads(job)) == 50)
        await machine.run("pkill -KILL -f read_sensor.py")
        assert await job.end() == 137
        again = machine.start(f"{TOOLS}/read_sensor.py '{name}'")
        await again.until(lambda: connected(again))
        await send(sensor, numbered(50, 50))
        await again.until(lambda: len(payloads(again)) >= 50)
        assert payloads(again) == numbered(50, 50)
        await again.stop()


async def test_a_bluetooth_service_that_dies_is_noticed_and_a_new_one_is_used(machine):
    async with reading(machine, "BBC micro:bit [f]", "F0:00:00:00:00:26") as (sensor, job):
        await send(sensor, numbered(0, 50))
        await job.until(lambda: len(payloads(job)) == 50)
        await machine.run("pkill -KILL bluetoothd")
        await job.until(lambda: not connected(job))
        machine.start("/usr/libexec/bluetooth/bluetoothd -n")
        await job.until(lambda: connected(job))
        await send(sensor, numbered(50, 50))
        await job.until(lambda: len(payloads(job)) >= 100)
        assert payloads(job) == numbered(0, 100)
