from dataclasses import replace

import pytest
from peripheral import Air, Peripheral
from virtual_time import in_virtual_time, now_s

from repcount.edges.ble import scan
from repcount.edges.ble.radio import START_S
from repcount.edges.profiles import load_profile
from repcount.errors import LinkError

REFERENCE = load_profile("repcount_reference")
MICROBIT = load_profile("microbit_accelerometer")
TEMPLATE = load_profile("firmware_profiles/_template.toml")  # asks for a name and a service
ALL = [MICROBIT, REFERENCE, TEMPLATE]


def peripheral(*, name="Sensor", services=(), companies=(), rssi_dbm=-50, address="C0:00:00:00:00:01"):
    made = Peripheral(MICROBIT, name=name, rssi_dbm=rssi_dbm, address=address)
    made.services = list(services)
    made.manufacturer_data = dict.fromkeys(companies, b"")
    return made


async def scanned(*peripherals, profiles=ALL):
    air = Air(*peripherals)
    return await scan(profiles, 5.0, air.backend)


@in_virtual_time
async def test_the_strongest_comes_first_and_listening_takes_as_long_as_asked():
    found = await scanned(
        peripheral(rssi_dbm=-80, address="C0:00:00:00:00:08"),
        peripheral(rssi_dbm=-40, address="C0:00:00:00:00:04"),
        peripheral(rssi_dbm=-60, address="C0:00:00:00:00:06"),
    )
    assert [one.rssi_dbm for one in found] == [-40, -60, -80]
    assert [one.address[-1] for one in found] == ["4", "6", "8"]
    assert now_s() == pytest.approx(5.0)


@in_virtual_time
async def test_a_name_or_a_service_tells_the_profile():
    found = await scanned(
        peripheral(name="BBC micro:bit [vatug]", rssi_dbm=-40),
        peripheral(name=None, services=[REFERENCE.identity.advertises.upper()], address="C0:00:00:00:00:02"),
    )
    assert [one.profile for one in found] == [MICROBIT, REFERENCE]
    assert [one.why_not for one in found] == ["", ""]


@in_virtual_time
async def test_of_two_profiles_that_match_the_one_that_asks_for_more_is_taken():
    both = peripheral(name="Made-up 7", services=[TEMPLATE.identity.advertises], companies=[0xFFFF])
    by_service = replace(
        REFERENCE, identity=replace(TEMPLATE.identity, name_patterns=(), manufacturer_id=None)
    )
    for profiles in ([TEMPLATE, by_service], [by_service, TEMPLATE]):
        (found,) = await scanned(both, profiles=profiles)
        assert found.profile is TEMPLATE


@pytest.mark.parametrize(
    ("name", "services", "companies", "why"),
    [
        (None, [], [], "it tells neither a name nor a service"),
        ("Kettle", [], [], "no profile knows its name or services"),
        (
            "Made-up 7",
            [],
            [0xFFFF],
            f"nearly template, but it does not tell the service {TEMPLATE.identity.advertises}",
        ),
        (
            "Kettle",
            [TEMPLATE.identity.advertises],
            [],
            "nearly template, but it does not tell a name like 'Made-up *' and the manufacturer 0xffff",
        ),
    ],
)
@in_virtual_time
async def test_why_no_profile_matches_is_said(name, services, companies, why):
    (found,) = await scanned(peripheral(name=name, services=services, companies=companies))
    assert found.profile is None
    assert found.why_not == why


@in_virtual_time
async def test_who_is_connected_to_a_phone_is_not_seen():
    busy = peripheral()
    busy.client = object()
    assert await scanned(busy) == []


@in_virtual_time
async def test_a_bluetooth_that_hangs_is_given_up():
    air = Air()
    air.hangs = True
    with pytest.raises(LinkError, match=r"Bluetooth does not answer\. Restart it"):
        await scan(ALL, 5.0, air.backend)
    assert now_s() == pytest.approx(START_S)
