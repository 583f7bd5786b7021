import copy
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repcount.errors import InputError
from repcount.profile import Identity, Subscribe, Unsubscribe, Write, parse_profile

FOLDER = Path(__file__).parents[3] / "firmware_profiles"
TEMPLATE = tomllib.loads((FOLDER / "_template.toml").read_text())
REFERENCE = tomllib.loads((FOLDER / "repcount_reference.toml").read_text())


def _problems(data):
    with pytest.raises(InputError) as caught:
        parse_profile(data, "x.toml")
    return [str(problem) for problem in caught.value.problems]


def _changed(data, path, value):
    """`data` with the value at a path of keys and indexes replaced, or removed where it is None."""
    data = copy.deepcopy(data)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return data


def test_the_template_becomes_a_profile():
    profile = parse_profile(TEMPLATE, "x.toml")
    assert [type(step) for step in profile.start] == [Subscribe, Write, Write]
    assert [type(step) for step in profile.stop] == [Unsubscribe]
    assert [step.payload for step in profile.start[1:]] == [b"\x00\x32", b"\x01\xff"]
    assert (profile.axes.order, profile.axes.signs) == ((1, 0, 2), (1.0, -1.0, 1.0))
    assert (profile.stream.clock.ticks_per_s, profile.stream.clock.stamps) == (1000.0, "last")
    assert profile.stream.latency_s == pytest.approx(0.04)


def test_all_problems_of_a_file_are_said_at_once_each_with_its_path():
    data = _changed(TEMPLATE, ("schema",), 2)
    data = _changed(data, ("provenence",), ["misspelt"])
    data = _changed(data, ("identity",), {})
    data = _changed(data, ("start", 0, "characteristic"), "2a37")
    data = _changed(data, ("stream", "fields", 2, "type"), "f23")
    data = _changed(data, ("stream", "rate_hz"), -1)
    data = _changed(data, ("axes", "body_xyz"), ["+x", "+x", "+z"])
    data = _changed(data, ("vectors", 0, "hex"), "0g")
    problems = _problems(data)
    for expected in (
        "x.toml: schema: 2 is newer than this program reads (1)",
        "x.toml: provenence: unknown key. Did you mean 'provenance'?",
        "x.toml: identity: needs name_pattern, advertises, or both",
        "x.toml: start[0].characteristic: must be a full 128-bit UUID",
        "x.toml: stream.fields[2].type: unknown value 'f23'. Did you mean 'f32'?",
        "x.toml: stream.rate_hz: must be a number above 0, not -1",
        "x.toml: axes.body_xyz: must name x, y and z once",
        "x.toml: vectors[0].hex: must be bytes",
    ):
        assert any(problem.startswith(expected) for problem in problems), (expected, problems)
    assert len(problems) == 8


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("stream",), None, "stream: is missing"),
        (("stream", "fields", 0, "name"), "countr", "stream.fields[0].name: unknown value 'countr'. Did you"),
        (("stream", "fields", 0, "name"), "time", "stream.fields[1].name: 'time' is there twice"),
        (("stream", "fields", 1, "offset"), 0, "stream.fields: 'counter' and 'time' overlap"),
        (("stream", "fields", 2, "stride"), 11, "stream.fields: a sample does not fit into its stride"),
        (
            ("stream", "fields", 2),
            {"name": "count", "offset": 9, "type": "u8"},
            "stream.fields: must hold 'acc'",
        ),
        (("stream", "mtu_bytes"), 31, "stream.samples_per_notification: 2 samples need 29 bytes"),
        (("stream", "loss"), "undetectable", "stream.loss: 'counter' and a field 'counter' belong together"),
        (("stream", "time"), {"source": "arrival"}, "stream.time: source = 'device' and a field 'time'"),
        (("stream", "time", "source"), "devise", "stream.time.source: unknown value 'devise'. Did you mean"),
        (("start", 0, "do"), "subscrib", "start[0].do: unknown value 'subscrib'. Did you mean 'subscribe'?"),
        (("start", 1, "value"), 51, "start[1].value: 51 is none of the allowed values"),
        (("start", 1, "type"), "floaty", "start[1].type: unknown value 'floaty'"),
        (("vectors", 0, "t_s"), [1.0], "vectors[0]: 1 times for 2 rows of acc"),
        (("vectors", 0, "t_s"), None, "vectors[0]: 't_s' must be there exactly when"),
        (("vectors", 0, "counter"), None, "vectors[0]: 'counter' must be there exactly when"),
        (("vectors", 0, "acc"), [[1.0, 2.0]], "vectors[0].acc: must be a list of [x, y, z]"),
        (("vectors", 2, "step"), 0, "vectors[2]: step 0 of 'start' is no write"),
        (("vectors",), [], "vectors: must be a list of at least 1 tables"),
    ],
)
def test_a_problem_is_said_once_with_its_path(path, value, expected):
    (problem,) = _problems(_changed(TEMPLATE, path, value))
    assert problem.startswith(f"x.toml: {expected}")


def test_a_number_too_large_for_its_type_is_a_problem():
    start = [{**TEMPLATE["start"][1], "type": "u8", "value": 300, "allowed": [300]}]
    assert any(
        "start[0].value: 300 does not fit into u8" in problem
        for problem in _problems(_changed(TEMPLATE, ("start",), start))
    )


def test_acceleration_and_turning_rate_must_take_turns_evenly():
    (problem,) = _problems(_changed(REFERENCE, ("stream", "fields", 6, "stride"), 14))
    assert "must have the same stride" in problem


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = (
    [(key,) for key in TEMPLATE]
    + [("stream", key) for key in TEMPLATE["stream"]]
    + [("stream", "fields", 2, key) for key in TEMPLATE["stream"]["fields"][2]]
)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(PATHS), ANY.filter(lambda value: value is not None))
def test_whatever_stands_there_is_a_problem_or_a_profile_and_nothing_else(path, value):
    with suppress(InputError):
        parse_profile(_changed(TEMPLATE, path, value), "x.toml")


@pytest.mark.parametrize(
    ("pattern", "service", "expected"),
    [("BBC micro:bit*", None, True), ("bbc*", None, False), (None, "s1", True), ("BBC*", "s2", False)],
)
def test_every_signal_of_an_identity_must_hold(pattern, service, expected):
    identity = Identity(name_pattern=pattern, advertises=service)
    assert identity.matches("BBC micro:bit [zotav]", frozenset({"s1"})) is expected
