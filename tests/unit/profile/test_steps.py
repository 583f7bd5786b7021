"""What is written for given values, whether a step is done, and what an answer says."""

import struct

import pytest

from repcount.edges.profiles import load_profile
from repcount.errors import InputError
from repcount.profile import Answer, Capture, Pattern, Refusal, Status, Write, holds
from repcount.profile.numbers import parse_pattern
from repcount.profile.steps import CodePart, NumberPart, Parameter, TextPart

RATE = Parameter(
    name="rate_hz",
    default=50.0,
    allowed=(12.5, 50.0, 200.0),
    codes=(b"\x05", b"\x07", b"\x09\x01"),
    sets={"counts_per_g": (16384.0, 8192.0, 2048.0)},
)
TEMPLATE = load_profile("firmware_profiles/_template.toml")
FACTOR = Capture(name="factor", offset=4, kind="f32", byte_order="<", default=0.001)


def test_parts_are_written_one_after_the_other_with_the_values_as_they_are():
    write = Write(
        characteristic="c",
        parts=(
            b"\x01",
            NumberPart(name="counts_per_g", kind="u16", byte_order="<"),
            NumberPart(name="counts_per_g", kind="u16", byte_order=">"),
            NumberPart(name="rate_hz", kind="f32", byte_order="<"),
            TextPart(name="rate_hz"),
            CodePart(parameter=RATE),
        ),
    )
    slow, quick = RATE.values(12.5), RATE.values(200.0)
    assert write.payload(slow) == b"\x01\x00\x40\x40\x00" + struct.pack("<f", 12.5) + b"12.5\x05"
    assert write.payload(quick) == b"\x01\x00\x08\x08\x00" + struct.pack("<f", 200) + b"200\x09\x01"


@pytest.mark.parametrize(
    ("size", "chunks"),
    [(None, [b"abcdefg"]), (3, [b"abc", b"def", b"g"]), (7, [b"abcdefg"]), (20, [b"abcdefg"])],
)
def test_what_is_longer_than_a_chunk_is_cut(size, chunks):
    assert Write(characteristic="c", parts=(b"abcdefg",), chunk_bytes=size).chunks({}) == chunks


def test_nothing_is_still_written():
    assert Write(characteristic="c", parts=(b"",), chunk_bytes=20).chunks({}) == [b""]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, True),
        ({"chip": 1}, True),
        ({"chip": 4}, False),
        ({"chip": 1, "packed": 0}, False),
        ({"x": 0}, False),
    ],
)
def test_a_step_is_done_when_all_values_are_so(when, expected):
    assert holds(when, {"chip": 1.0, "packed": 1.0}) is expected


@pytest.mark.parametrize(
    ("pattern", "payload", "expected"),
    [
        ("f0 02 ??", b"\xf0\x02\x09\x01", True),
        ("f0 02 ??", b"\xf0\x02", False),
        ("f0 02", b"\xf0\x03", False),
        ("??f0", b"\x00\xf0", True),
    ],
)
def test_a_pattern_compares_the_first_bytes(pattern, payload, expected):
    assert parse_pattern(pattern).matches(payload) is expected


@pytest.mark.parametrize("text", ["", "f", "0?", "f0 zz", "?", "????0"])
def test_what_is_no_pattern_is_none(text):
    assert parse_pattern(text) is None


def test_a_pattern_is_shown_as_it_is_written():
    assert str(Pattern((0xF0, None, 2))) == "f0 ?? 02"


STATUS = Status(offset=3, good=(0, 6), words={8: "no such rate"})


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"\xf0\x02\x02\x00" + struct.pack("<f", 0.25), {"factor": 0.25}),
        (b"\xf0\x02\x02\x06", {"factor": 0.001}),
        (b"\xf0\x02\x02\x00\x01\x02\x03", {"factor": 0.001}),
        (b"\xf0\x02\x02\x00" + struct.pack("<f", float("nan")), {"factor": 0.001}),
        (b"\xf0\x02\x02\x08", Refusal("no such rate")),
        (b"\xf0\x02\x02\x63", Refusal("status 99")),
        (b"\xf0\x02", Refusal("its answer is too short: f0 02")),
        (b"", Refusal("its answer is too short: empty")),
    ],
)
def test_an_answer_gives_values_or_the_reason_why_not(payload, expected):
    assert Answer(status=STATUS, captures=(FACTOR,)).take(payload) == expected


def test_a_value_without_default_must_be_in_the_answer():
    chip = Capture(name="chip", offset=2, kind="u8", byte_order="<", default=None)
    assert Answer(captures=(chip,)).take(b"\x03\x80\x04") == {"chip": 4.0}
    assert Answer(captures=(chip,)).take(b"\x03\x80") == Refusal("its answer does not hold chip: 03 80")


@pytest.mark.parametrize("kind", ["u16", "f32"])
@pytest.mark.parametrize("length", range(8))
def test_no_answer_raises(kind, length):
    capture = Capture(name="x", offset=2, kind=kind, byte_order=">", default=None)
    taken = Answer(status=STATUS, captures=(capture,)).take(bytes([0xFF] * length))
    assert isinstance(taken, Refusal)


def test_what_is_chosen_brings_what_follows_from_it():
    assert TEMPLATE.chosen_values({"rate_hz": 100}, "--set") == {
        "rate_hz": 100.0,
        "period_ms": 10.0,
        "range_g": 16.0,
    }


def test_every_wrong_choice_is_said():
    with pytest.raises(InputError) as caught:
        TEMPLATE.chosen_values({"rate_hz": 99, "range_g": 8}, "--set")
    assert [str(problem) for problem in caught.value.problems] == [
        "--set: template cannot have rate_hz 99. Allowed: 25, 50, 100.",
        "--set: template has no 'range_g'. Did you mean 'rate_hz'?",
    ]
