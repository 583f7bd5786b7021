import pytest

from repcount.profile import Advertised, Characteristic, Firmware, Identity

SEEN = Advertised(name="Band 7", services=frozenset({"s1"}), manufacturer_ids=frozenset({0x6B}))


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (Identity(name_patterns=("Band *",)), True),
        (Identity(name_patterns=("Strap *", "Band ?")), True),
        (Identity(name_patterns=("band *",)), False),
        (Identity(advertises="s1"), True),
        (Identity(manufacturer_id=0x6B), True),
        (Identity(manufacturer_id=0x6C, name_patterns=("Band *",)), False),
        (Identity(advertises="s2", name_patterns=("Band *",)), False),
    ],
)
def test_every_signal_of_an_advertisement_must_hold(identity, expected):
    assert identity.matches(SEEN) is expected


@pytest.mark.parametrize(
    ("bounds", "told", "expected"),
    [
        ({"least": "3.0.0"}, "3.0", True),
        ({"least": "3.0.1"}, "3.0", False),
        ({"least": "3.2"}, "3.10", True),
        ({"below": "6"}, "6.0.0", False),
        ({"below": "6.0"}, "v5.9.9-rc2", True),
        ({"least": "1.0", "below": "2"}, "2.1", False),
        ({"least": "1.0"}, None, True),
        ({"least": "1.0"}, "unknown", True),
        ({"patterns": ("6J",)}, "6J", True),
        ({"patterns": ("6J", "6K*")}, "6K2", True),
        ({"patterns": ("6J",)}, "6M", False),
        ({"patterns": ("6J",)}, None, True),
    ],
)
def test_a_version_is_compared_number_by_number_and_one_that_is_not_told_passes(bounds, told, expected):
    assert Firmware(revision="software", **bounds).holds(told) is expected


UART = Identity(
    name_patterns=("*",),
    characteristics=(Characteristic(uuid="rx", properties=frozenset({"write"})),),
    firmware=Firmware(revision="model", patterns=("Watch 2",)),
)


@pytest.mark.parametrize(
    ("has", "told", "missing"),
    [
        ({"rx": ["write", "read"]}, {"model": "Watch 2"}, []),
        ({"rx": ["write"]}, {}, []),
        ({"rx": ["notify"]}, {}, ["its characteristic rx lacks write"]),
        (
            {},
            {"model": "Watch 1"},
            ["has no characteristic rx", "says 'Watch 1' where model Watch 2 is wanted"],
        ),
    ],
)
def test_what_a_connected_device_lacks_is_said(has, told, missing):
    assert list(UART.missing(has, told)) == missing
