"""bleak as it is on Linux, its own backend over a real D-Bus daemon; a made-up BlueZ is at the other end."""

import asyncio
import shutil
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest
from bleak import BleakClient, BleakScanner
from fake_bluez import FakeBlueZ, FakeSensor, refused

from repcount.edges.ble import BleSensor, scan
from repcount.edges.ble import sensor as sensor_module
from repcount.edges.ble.faults import NO_ADAPTER, POWERED_OFF
from repcount.edges.clock import monotonic_s
from repcount.edges.profiles import load_profile, profile_names
from repcount.errors import LinkError

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is Bluetooth reached over D-Bus"),
    pytest.mark.skipif(
        shutil.which("dbus-daemon") is None,
        reason="dbus-daemon is not installed: bleak has no bus to speak on",
    ),
]

MICROBIT = load_profile("microbit_accelerometer")
REFERENCE = load_profile("repcount_reference")
DATA = MICROBIT.stream.characteristic
NAME = "BBC micro:bit [vatug]"
STARTED = [("subscribe", DATA), ("write", MICROBIT.start[1].characteristic, b"\x14\x00")]
BUS = """<busconfig><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy>
</busconfig>"""


@pytest.fixture
def bus(tmp_path, monkeypatch):
    """Address of a system bus of our own."""
    config = tmp_path / "bus.conf"
    config.write_text(BUS.format(socket=tmp_path / "bus"))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
    quiet = subprocess.DEVNULL  # it says that it may not raise a limit that it never comes near
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as daemon:
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address
        daemon.terminate()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    monkeypatch.setattr(sensor_module, "BACK_OFF_S", (0.0, 0.05))
    monkeypatch.setattr(sensor_module, "LEAST_PAUSE_S", 0.01)


def a_microbit(name=NAME, address="F0:00:00:00:00:01"):
    return FakeSensor(MICROBIT, name, address)


async def until(held, limit_s=20.0):
    async with asyncio.timeout(limit_s):
        while not held():  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.002)


class Reader:
    """The unchanged edge, reading a sensor."""

    def __init__(self, target):
        self.data, self.states = [], []
        profiles = [load_profile(one) for one in profile_names()]
        self.sensor = BleSensor(target, profiles, clock=monotonic_s, on_state=self.states.append)

    async def __aenter__(self):
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_error):
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _read(self):
        async for one in self.sensor:
            if one.characteristic == self.sensor.profile.stream.characteristic:
                self.data.append(one.payload)

    async def until(self, held, limit_s=20.0):
        async with asyncio.timeout(limit_s):
            while not held():
                if self._task.done():
                    await self._task
                await asyncio.sleep(0.002)

    async def connected(self):
        await self.until(lambda: self.sensor.state.connected)

    async def lost(self):
        await self.until(lambda: not self.sensor.state.connected)

    @property
    def whys(self):
        return [state.why for state in self.states if not state.connected]


@asynccontextmanager
async def gym(bus, *sensors):
    """Sensors in reach, and the edge reading the first."""
    async with FakeBlueZ(bus, sensors) as bluez, Reader(sensors[0].name) as reader:
        yield bluez, reader


def numbered(first, n):
    return [k.to_bytes(6, "big") for k in range(first, first + n)]


async def send(sensor, payloads):
    for payload in payloads:
        await sensor.notify(payload)


async def test_what_is_in_reach_is_told_by_profile(bus):
    sensors = [a_microbit(), FakeSensor(REFERENCE, "Strap", "F0:00:00:00:00:02")]
    async with FakeBlueZ(bus, sensors):
        found = await scan([MICROBIT, REFERENCE], 0.3)
    assert {(one.name, one.address, one.rssi_dbm, one.profile.name) for one in found} == {
        (NAME, "F0:00:00:00:00:01", -50, MICROBIT.name),
        ("Strap", "F0:00:00:00:00:02", -50, REFERENCE.name),
    }


async def test_a_sensor_is_started_as_its_profile_says_and_everything_comes_in_order(bus):
    sensor = a_microbit()
    async with gym(bus, sensor) as (_, reader):
        await reader.connected()
        assert [one for one in sensor.said if one in STARTED] == STARTED
        await reader.until(lambda: reader.sensor.state.battery_percent == 80)
        for first in range(0, 1000, 20):
            await send(sensor, numbered(first, 20))
            await reader.until(lambda n=first + 20: len(reader.data) >= n)
        assert reader.data == numbered(0, 1000)
    assert sensor.said[-1] == ("disconnect",)


@pytest.mark.parametrize("name", profile_names())
async def test_a_sensor_of_every_profile_is_started(bus, name):
    profile = load_profile(name)
    pattern = profile.identity.name_patterns[0] if profile.identity.name_patterns else "Sensor"
    sensor = FakeSensor(profile, pattern.replace("*", "7").replace("?", "7"), "F0:00:00:00:00:01")
    async with gym(bus, sensor) as (_, reader):
        await reader.connected()
        assert reader.sensor.profile.name == name
        await reader.until(lambda: sensor.script.measuring)


async def test_after_links_that_broke_nothing_comes_twice(bus):
    sensor = a_microbit()
    async with gym(bus, sensor) as (_, reader):
        for turn in range(4):
            await reader.connected()
            await send(sensor, numbered(20 * turn, 20))
            await reader.until(lambda n=20 * turn + 20: len(reader.data) >= n)
            sensor.drop()
            await reader.lost()
            assert "the link broke" in reader.whys[-1]
        await reader.connected()
        assert reader.data == numbered(0, 80)


async def test_a_program_that_does_not_let_go_of_a_broken_link_would_hear_everything_twice(bus):
    """What the test above is there for: the fake, as BlueZ, doubles for such a program."""
    sensor, came = a_microbit(), []
    sensor.script.measuring = True
    async with FakeBlueZ(bus, [sensor]):
        found = await BleakScanner.find_device_by_name(NAME, timeout=1.0)
        clients = [BleakClient(found), BleakClient(found)]
        for one in clients:
            await one.connect()
            await one.start_notify(DATA, lambda _, payload: came.append(bytes(payload)))
            if one is clients[0]:
                sensor.drop()
        await send(sensor, numbered(0, 1))
        await until(lambda: len(came) == 2)
        for one in clients:
            await one.disconnect()
    assert came == numbered(0, 1) * 2


async def test_a_connect_that_is_aborted_is_tried_again_and_said(bus):
    sensor = a_microbit()
    sensor.fails["connect"] = refused("Failed", "le-connection-abort-by-peer")
    async with gym(bus, sensor) as (_, reader):
        await reader.connected()
    assert "le-connection-abort-by-peer" in reader.whys[0]
    assert sensor.said.count(("connect",)) == 2


async def test_a_sensor_that_wants_to_be_paired_says_so(bus):
    sensor = a_microbit()
    sensor.fails["write"] = refused("NotPermitted", "Not paired")
    async with gym(bus, sensor) as (_, reader):
        with pytest.raises(LinkError, match="wants to be paired first"):
            await reader.connected()


async def test_two_sensors_at_once_never_ask_for_the_radio_together(bus):
    one, other = a_microbit(), a_microbit("BBC micro:bit [other]", "F0:00:00:00:00:02")
    async with gym(bus, one, other) as (_, reader), Reader(other.name) as at_other:
        await reader.connected()
        await at_other.connected()
        await asyncio.gather(send(one, numbered(0, 20)), send(other, numbered(1000, 20)))
        await reader.until(lambda: reader.data == numbered(0, 20))
        await at_other.until(lambda: at_other.data == numbered(1000, 20))
        assert reader.whys == at_other.whys == []


async def test_bluetooth_that_is_switched_off_is_said_and_waited_for(bus):
    sensor = a_microbit()
    async with gym(bus, sensor) as (bluez, reader):
        await reader.connected()
        bluez.power(False)
        await reader.until(lambda: reader.whys[-1:] == [POWERED_OFF])
        bluez.power(True)
        await reader.connected()
        await send(sensor, numbered(0, 20))
        await reader.until(lambda: reader.data == numbered(0, 20))


async def test_a_computer_without_an_adapter_is_told_to_get_one(bus):
    async with FakeBlueZ(bus, [], has_adapter=False):
        with pytest.raises(LinkError) as raised:
            await scan([], 0.1)
    assert str(raised.value) == NO_ADAPTER


async def test_a_bluetooth_service_that_dies_is_noticed_and_its_successor_used(bus, monkeypatch):
    monkeypatch.setattr(sensor_module, "SILENCE_S", 1.5)
    sensor = a_microbit()
    async with Reader(NAME) as reader:
        async with FakeBlueZ(bus, [sensor]):
            await reader.connected()
            await send(sensor, numbered(0, 20))
            await reader.until(lambda: reader.data == numbered(0, 20))
        await reader.lost()
        async with FakeBlueZ(bus, [sensor]):
            await reader.connected()
            await send(sensor, numbered(20, 20))
            await reader.until(lambda: reader.data == numbered(0, 40))
