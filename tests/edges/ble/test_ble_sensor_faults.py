import asyncio

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)
from gym import DATA, NAME, PERIOD, REFERENCE, Gym, numbered
from virtual_time import in_virtual_time

from repcount.errors import LinkError
from repcount.wire.standard import BATTERY_LEVEL


def unavailable(reason):
    return BleakBluetoothNotAvailableError("because", BleakBluetoothNotAvailableReason[reason])


@in_virtual_time
async def test_a_sensor_that_does_not_answer_is_given_up_and_tried_again():
    gym = Gym()
    gym.microbit.hangs = {"write"}
    await gym.until(lambda: gym.states)
    assert gym.whys[-1].startswith(f"{NAME} does not answer. Is it switched on")
    assert gym.microbit.client is None
    assert gym.microbit.subscriptions == {}
    gym.microbit.hangs = set()
    await gym.connected()
    await gym.close()


@in_virtual_time
async def test_a_sensor_that_refuses_or_is_lost_while_being_started_is_tried_again():
    gym = Gym()
    gym.microbit.refusals = [
        BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]),
        BleakError("busy"),
    ]
    gym.microbit.faults["write"] = BleakError("Not connected")
    await gym.until(lambda: gym.microbit.done.count("connect") == 3)
    gym.microbit.faults.clear()
    await gym.connected()
    assert "le-connection-abort-by-local" in gym.whys[0]
    assert gym.whys[1] == f"{NAME} refused (busy). Switching it off and on may help."
    assert gym.microbit.done.count("disconnect") == 3
    await gym.close()


@in_virtual_time
async def test_a_sensor_that_ends_the_link_as_soon_as_it_is_started_is_tried_again():
    gym = Gym()
    gym.microbit.then["write"] = gym.microbit.drop
    await gym.until(lambda: gym.states)
    assert gym.whys == [f"{NAME} refused (it ended the link at once). Switching it off and on may help."]
    gym.microbit.then.clear()
    await gym.connected()
    await gym.close()


@in_virtual_time
async def test_bluetooth_that_is_switched_off_is_waited_for():
    gym = Gym()
    gym.air.fault = unavailable("POWERED_OFF")
    await asyncio.sleep(30.0)
    assert len(gym.states) == 1
    assert gym.whys[0].startswith("Bluetooth is switched off.")
    gym.air.fault = None
    await gym.connected()
    await gym.close()


@in_virtual_time
async def test_an_adapter_that_is_unplugged_for_a_while_ends_nothing():
    gym = Gym()
    await gym.connected()
    gym.air.fault = unavailable("NO_BLUETOOTH")
    gym.microbit.drop()
    await asyncio.sleep(30.0)
    assert gym.whys[-1].startswith("no Bluetooth adapter found.")
    gym.air.fault = None
    await gym.connected()
    await gym.close()


@in_virtual_time
async def test_a_sensor_without_the_characteristic_is_said_and_not_tried_again():
    gym = Gym(lacks=[PERIOD])
    with pytest.raises(LinkError, match=f"lacks the characteristic {PERIOD}"):
        await gym.read(1)
    assert gym.microbit.done == ["connect", "subscribe", "unsubscribe", "disconnect"]


@in_virtual_time
async def test_a_sensor_that_no_profile_fits_is_said_with_the_reason():
    gym = Gym(NAME, [REFERENCE])
    with pytest.raises(LinkError) as raised:
        await gym.read(1)
    assert str(raised.value) == (
        f"{NAME!r} is in reach, but no profile fits: no profile knows its name or services."
    )


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("BBC micro:bit [vatuk]", f"Did you mean {NAME!r}?"),
        (None, "'repcount scan' lists what is there."),
    ],
)
@in_virtual_time
async def test_a_sensor_that_is_not_there_is_said_with_what_may_be_meant(target, told):
    gym = Gym(target)
    gym.microbit.present = target is not None
    await gym.until(lambda: gym.states)
    assert gym.whys[0].endswith(told)
    assert "not connected to a phone?" in gym.whys[0]
    await gym.close()


@in_virtual_time
async def test_an_old_link_that_cannot_be_ended_and_goes_on_sending_doubles_nothing():
    gym = Gym()
    await gym.connected()
    gym.microbit.notify(bytes(6))
    await gym.read(1)
    gym.microbit.hangs = {"disconnect"}
    gym.microbit.drop()
    await gym.said(3)
    assert len(gym.microbit.subscriptions) == 2
    await gym.microbit.send(numbered(5))
    assert [one.payload for one in await gym.read(5)] == numbered(5)
    assert gym.sensor._inbox.empty()
    gym.microbit.hangs = set()
    await gym.close()


@in_virtual_time
async def test_a_sensor_whose_data_characteristic_does_not_notify_is_of_no_profile():
    gym = Gym()
    gym.microbit.properties[DATA] = ["read"]
    with pytest.raises(LinkError, match=f"its characteristic {DATA} does not notify"):
        await gym.read(1)
    assert gym.microbit.done == ["connect", "disconnect"]


@in_virtual_time
async def test_a_sensor_that_never_answers_a_read_is_used_all_the_same():
    gym = Gym()
    gym.microbit.has(BATTERY_LEVEL, "read")
    gym.microbit.hangs = {"read"}
    await gym.connected()
    assert gym.sensor.state.battery_percent is None
    await gym.close()
