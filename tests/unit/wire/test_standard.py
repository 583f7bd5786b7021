from hypothesis import given
from hypothesis import strategies as st

from repcount.events import FaultReason
from repcount.wire.standard import HeartRate, battery_percent, heart_rate


def _beats(hex_bytes):
    return heart_rate(bytes.fromhex(hex_bytes))


def test_a_rate_of_one_byte_and_of_two():
    assert _beats("00 48").bpm == 72
    assert _beats("01 2c 01").bpm == 300


def test_contact_is_unknown_unless_the_sensor_says_that_it_can_tell():
    assert [_beats(f"0{flags} 48").contact for flags in (0, 2, 4, 6)] == [None, None, False, True]


def test_energy_comes_before_the_times_between_beats():
    assert _beats("18 48 e8 03 00 04 00 02") == HeartRate(
        bpm=72, contact=None, energy_kj=1000, rr_s=(1.0, 0.5)
    )


def test_what_the_flags_announce_must_be_there_and_no_more():
    for wrong in ("", "00", "01 48", "08 48 e8", "10 48 00", "00 48 00", "00 48 00 04"):
        assert _beats(wrong) is FaultReason.LENGTH


def test_a_battery_has_one_byte_up_to_a_hundred():
    assert battery_percent(b"\x64") == 100
    assert battery_percent(b"\x65") is FaultReason.SANITY
    assert battery_percent(b"") is battery_percent(b"\x64\x64") is FaultReason.LENGTH


@given(st.binary(max_size=24))
def test_whatever_comes_is_read_or_refused(payload):
    assert isinstance(heart_rate(payload), HeartRate | FaultReason)
    assert isinstance(battery_percent(payload), int | FaultReason)
