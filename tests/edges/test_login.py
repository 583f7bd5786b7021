"""The relay logs a browser in: its CONNECT packet gets a name and a password, and nothing else changes."""

import pytest

from repcount.edges.dashboard.login import MOST_CONNECT_BYTES, Login
from repcount.errors import InputError

CONNECT = b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x0f\x00\x02ab"
LOGGED_IN = b"\x10\x17\x00\x04MQTT\x04\xc2\x00\x0f\x00\x02ab\x00\x03gym\x00\x02pw"


def test_a_connect_packet_gets_name_and_password():
    assert Login("gym", "pw").take(CONNECT) == LOGGED_IN


def test_a_name_goes_without_a_password():
    assert Login("gym", None).take(CONNECT) == b"\x10\x13\x00\x04MQTT\x04\x82\x00\x0f\x00\x02ab\x00\x03gym"


@pytest.mark.parametrize("cut", range(1, len(CONNECT)))
def test_a_packet_may_come_in_pieces(cut):
    login = Login("gym", "pw")

    assert login.take(CONNECT[:cut]) is None
    assert login.take(CONNECT[cut:] + b"\xc0\x00") == LOGGED_IN + b"\xc0\x00"


def test_a_long_packet_has_a_length_of_two_bytes():
    body = b"\x00\x04MQTT\x04\x02\x00\x0f\x00\x78" + b"x" * 120
    logged_in = Login("gym", "p" * 20).take(b"\x10\x84\x01" + body)

    assert logged_in[:3] == b"\x10\x9f\x01"
    assert len(logged_in) == 3 + 0x1F + 128


@pytest.mark.parametrize(
    "packet",
    [
        b"\x30\x02ab",  # a PUBLISH
        b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x0f\x00\x02ab",  # version 5
        b"\x10\x0e\x00\x04MQTT\x04\x82\x00\x0f\x00\x02ab",  # a name of its own
        b"\x10\x0e\x00\x04MQTT\x04\x06\x00\x0f\x00\x02ab",  # a will
        b"\x10\x04MQTT",
        b"\x10\xff\xff\xff\xff" + b"x" * MOST_CONNECT_BYTES,
    ],
)
def test_anything_else_is_refused(packet):
    with pytest.raises(InputError, match="no CONNECT packet"):
        Login("gym", "pw").take(packet)
