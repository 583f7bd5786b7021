import shutil
import subprocess
import sys

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from peripheral import Air

from repcount.cli import main
from repcount.edges.ble import UserMustActError, scan
from repcount.edges.ble.faults import (
    NO_ADAPTER,
    NO_LOW_ENERGY,
    NO_PERMISSION,
    NO_SERVICE,
    NO_SYSTEM_BUS,
    POWERED_OFF,
    RESTART,
    link_error,
)
from repcount.errors import LinkError

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is Bluetooth reached over D-Bus")
BUS = """<busconfig><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""


def unavailable(reason):
    return BleakBluetoothNotAvailableError("because", BleakBluetoothNotAvailableReason[reason])


def dbus(name, *details):
    return BleakDBusError(name, list(details))


@pytest.mark.parametrize(
    ("error", "text", "must_act"),
    [
        (unavailable("NO_BLUETOOTH"), NO_ADAPTER, True),
        (unavailable("NO_BLE_CENTRAL_ROLE"), NO_LOW_ENERGY, True),
        (unavailable("POWERED_OFF"), POWERED_OFF, False),
        (unavailable("DENIED_BY_USER"), NO_PERMISSION, True),
        (unavailable("DENIED_BY_SYSTEM"), NO_PERMISSION, True),
        (unavailable("DENIED_BY_UNKNOWN"), NO_PERMISSION, True),
        (unavailable("UNKNOWN"), "Bluetooth cannot be used: because", True),
        (FileNotFoundError(2, "No such file"), NO_SYSTEM_BUS, True),
        (ConnectionRefusedError(), NO_SYSTEM_BUS, True),
        (PermissionError(), NO_PERMISSION, True),
        (dbus("org.freedesktop.DBus.Error.ServiceUnknown"), NO_SERVICE, True),
        (dbus("org.freedesktop.DBus.Error.Spawn.ChildExited"), NO_SERVICE, True),
        (dbus("org.freedesktop.DBus.Error.AccessDenied"), NO_PERMISSION, True),
        (dbus("org.bluez.Error.NotReady", "Resource Not Ready"), POWERED_OFF, False),
        (TimeoutError(), f"Bluetooth does not answer. {RESTART}", False),
        (EOFError(), f"Bluetooth refused (EOFError). {RESTART}", False),
    ],
)
async def test_bluetooth_that_cannot_be_used_is_said_with_what_to_do(error, text, must_act):
    air = Air()
    air.fault = error
    with pytest.raises(LinkError) as raised:
        await scan([], 0.01, air.backend)
    assert str(raised.value) == text
    assert isinstance(raised.value, UserMustActError) == must_act


@pytest.mark.parametrize(
    ("error", "said", "must_act"),
    [
        (BleakCharacteristicNotFoundError("2a37"), "Bit lacks the characteristic 2a37", True),
        (BleakGATTProtocolError(5), "Bit wants to be paired first", True),
        (BleakGATTProtocolError(15), "Bit wants to be paired first", True),
        (dbus("org.bluez.Error.NotPermitted", "Not paired"), "Bit wants to be paired first", True),
        (BleakGATTProtocolError(14), "Bit refused .*Unlikely Error.*off and on may help", False),
        (BleakDeviceNotFoundError("C0"), "Bit does not answer. Is it switched on", False),
        (TimeoutError(), "Bit does not answer. Is it switched on", False),
        (BleakError("disconnected."), r"Bit refused \(disconnected\)\. Switching", False),
        (EOFError(), r"Bit refused \(EOFError\)", False),
    ],
)
def test_what_a_sensor_refuses_is_said_with_what_to_do(error, said, must_act):
    found = link_error(error, "Bit")
    with pytest.raises(LinkError, match=said):
        raise found
    assert isinstance(found, UserMustActError) == must_act


@LINUX
def test_a_computer_without_a_system_bus_is_said_by_the_verb(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    assert main(["scan", "--seconds", "0.01"]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == f"repcount: {NO_SYSTEM_BUS}"
    assert said.out == ""


@LINUX
@pytest.mark.system
async def test_a_system_bus_without_a_bluetooth_service_is_said(monkeypatch, private_bus):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", private_bus)
    with pytest.raises(LinkError) as raised:
        await scan([], 0.01)
    assert str(raised.value) == NO_SERVICE


async def test_this_very_computer_has_bluetooth_or_says_why_not():
    try:
        await scan([], 0.01)
    except LinkError as error:
        advice = {NO_ADAPTER, NO_LOW_ENERGY, NO_PERMISSION, NO_SERVICE, NO_SYSTEM_BUS, POWERED_OFF}
        assert str(error) in advice  # noqa: PT017 - with Bluetooth there is none


@pytest.fixture
def private_bus(tmp_path):
    """Address of a D-Bus daemon of our own, with nobody on it."""
    config = tmp_path / "bus.conf"
    config.write_text(BUS.format(socket=tmp_path / "bus"))
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed")
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        yield daemon.stdout.readline().strip()
        daemon.terminate()
