import copy
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repcount.errors import InputError
from repcount.profile import Pause, Subscribe, Unsubscribe, Wait, Write, parse_profile

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
    kinds = [Write, Subscribe, Subscribe, Write, Wait, Write, Write, Pause]
    assert [type(step) for step in profile.start] == kinds
    assert [type(step) for step in profile.stop] == [Write, Unsubscribe]
    assert profile.default_values() == {"rate_hz": 50.0, "period_ms": 20.0, "range_g": 16.0}
    assert profile.start[5].payload({}) == b"\x00\x32"
    assert (profile.start[6].when, profile.start[6].with_response) == ({"range_g": 16.0}, False)
    assert (profile.start[0].may_fail, profile.start[1].may_fail) == (True, False)
    assert (profile.axes.order, profile.axes.signs) == ((1, 0, 2), (1.0, -1.0, 1.0))
    assert (profile.stream.clock.ticks_per_s, profile.stream.clock.stamps) == (1000.0, "last")
    assert profile.stream.latency_s == pytest.approx(0.04)


def test_all_problems_of_a_file_are_said_at_once_each_with_its_path():
    data = _changed(TEMPLATE, ("schema",), 2)
    data = _changed(data, ("provenence",), ["misspelt"])
    data = _changed(data, ("identity",), {})
    data = _changed(data, ("start", 0, "characteristic"), "2a37")
    data = _changed(data, ("streams", 0, "fields", 2, "type"), "f23")
    data = _changed(data, ("streams", 0, "rate_hz"), -1)
    data = _changed(data, ("axes", "body_xyz"), ["+x", "+x", "+z"])
    data = _changed(data, ("vectors", 0, "hex"), "0g")
    problems = _problems(data)
    for expected in (
        "x.toml: schema: 2 is newer than this program reads (1)",
        "x.toml: provenence: unknown key. Did you mean 'provenance'?",
        "x.toml: identity: needs name_patterns, manufacturer_id or advertises, one at least",
        "x.toml: start[0].characteristic: must be a full 128-bit UUID",
        "x.toml: streams[0].fields[2].type: unknown value 'f23'. Did you mean 'f32'?",
        "x.toml: streams[0].rate_hz: must be a number above 0, not -1",
        "x.toml: axes.body_xyz: must name x, y and z once",
        "x.toml: vectors[0].hex: must be bytes",
    ):
        assert any(problem.startswith(expected) for problem in problems), (expected, problems)
    assert len(problems) == 8


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("streams",), None, "streams: is missing"),
        (
            ("streams", 0, "fields", 0, "name"),
            "countr",
            "streams[0].fields[0].name: unknown value 'countr'. Did you",
        ),
        (("streams", 0, "fields", 0, "name"), "time", "streams[0].fields[1].name: 'time' is there twice"),
        (("streams", 0, "fields", 1, "offset"), 0, "streams[0].fields: 'counter' and 'time' overlap"),
        (
            ("streams", 0, "fields", 2, "stride"),
            11,
            "streams[0].fields: a sample does not fit into its stride",
        ),
        (
            ("streams", 0, "fields", 2),
            {"name": "count", "offset": 9, "type": "u8"},
            "streams[0].fields: must hold 'acc'",
        ),
        (("streams", 0, "mtu_bytes"), 31, "streams[0].samples_per_notification: 2 samples need 29 bytes"),
        (
            ("streams", 0, "loss"),
            "undetectable",
            "streams[0].loss: 'counter' and a field 'counter' belong together",
        ),
        (
            ("streams", 0, "time"),
            {"source": "arrival"},
            "streams[0].time: source = 'device' and a field 'time'",
        ),
        (
            ("streams", 0, "time", "source"),
            "devise",
            "streams[0].time.source: unknown value 'devise'. Did you mean",
        ),
        (("start", 0, "do"), "subscrib", "start[0].do: unknown value 'subscrib'. Did you mean 'subscribe'?"),
        (("start", 5, "value"), 51, "start[5].value: 51 is none of the allowed values"),
        (("start", 5, "type"), "floaty", "start[5].type: unknown value 'floaty'"),
        (("vectors", 0, "t_s"), [1.0], "vectors[0]: 2 rows of acc and 1 rows of t_s are not the same"),
        (("vectors", 0, "t_s"), None, "vectors[0]: 't_s' must be there exactly when"),
        (("vectors", 0, "counter"), None, "vectors[0]: 'counter' must be there exactly when"),
        (("vectors", 0, "acc"), [[1.0, 2.0]], "vectors[0].acc: must be a list of [x, y, z]"),
        (("vectors", 2, "step"), 1, "vectors[2]: step 1 of 'start' is no write"),
        (("vectors", 3, "step"), 3, "vectors[3]: step 3 of 'start' reads nothing and waits for nothing"),
        (("vectors", 3, "captured"), {"range": 8}, "vectors[3]: step 4 of 'start' does not capture range"),
        (("vectors", 2, "values"), {"rate": 50}, "vectors[2]: values: template has no 'rate'. Did you mean"),
        (
            ("vectors", 2, "values"),
            {"rate_hz": 51},
            "vectors[2]: values: template cannot have rate_hz 51.",
        ),
        (("parameters", 0, "default"), 75, "parameters[0].default: 75 is none of the allowed values"),
        (
            ("parameters", 0, "sets"),
            {"Period": [1, 2, 3]},
            "parameters[0].sets.Period: is no name of a-z, 0-9",
        ),
        (("parameters", 0, "codes"), ["01"], "parameters[0].codes: 1 codes for 3 allowed values"),
        (("parameters", 0, "codes"), ["01", "x", "03"], "parameters[0].codes: must be a list of bytes"),
        (("parameters", 0, "sets", "period_ms"), [40], "parameters[0].sets.period_ms: 1 values for 3 all"),
        (("parameters", 0, "sets", "period_ms", 0), 70_000, "start[3].parts[2].type: 70000 does not fit"),
        (("parameters", 0, "sets"), {"period_ms": [40, 20, 10], "rate_hz": [1, 2, 3]}, "parameters[0].name"),
        (("start", 3, "parts", 1, "parameter"), "rate", "start[3].parts[1].parameter: there is no 'rate'"),
        (("start", 3, "parts", 2, "type"), "code", "start[3].parts[2].type: 'period_ms' has no codes"),
        (
            ("start", 3, "parts", 2, "type"),
            "cod",
            "start[3].parts[2].type: unknown value 'cod'. Did you",
        ),
        (("start", 3, "parts", 0), 1, "start[3].parts: must be a list of bytes as hexadecimal digits, and"),
        (("start", 3, "chunk_bytes"), 0, "start[3].chunk_bytes: must be a whole number from 1 on, not 0"),
        (("start", 3, "hex"), "00", "start[3].parts: is there beside 'hex'"),
        (("start", 4, "starts_with"), "f0 0?", "start[4].starts_with: must be bytes as pairs"),
        (("start", 4, "timeout_s"), None, "start[4].timeout_s: is missing"),
        (("start", 4, "status", "words"), {"ok": "fine"}, "start[4].status.words.ok: is no whole number"),
        (("start", 4, "status", "good"), None, "start[4].status.good: is missing"),
        (("start", 4, "captures", 0, "typ"), "u8", "start[4].captures[0].typ: unknown key. Did you mean"),
        (
            ("start", 4, "captures"),
            [TEMPLATE["start"][4]["captures"][0], {"name": "rate_hz", "offset": 4, "type": "u8"}],
            "start[4].captures: 'rate_hz' is a parameter's already",
        ),
        (
            ("start", 6, "when"),
            {"rang_g": 1},
            "start[6].when.rang_g: is no value of this profile. Did",
        ),
        (("start", 1, "service"), "180f", "start[1].service: must be a full 128-bit UUID"),
        (("start", 7, "seconds"), "1", "start[7].seconds: must be a number above 0, not '1'"),
        (("start", 7, "characteristic"), "x", "start[7].characteristic: unknown key"),
        (("identity", "name_pattern"), "Made*", "identity.name_pattern: is there beside name_patterns"),
        (("identity", "manufacturer_id"), 1 << 16, "identity.manufacturer_id: 0x10000 has more than 16 bits"),
        (
            ("identity", "characteristics", 0, "properties"),
            ["notfy"],
            "identity.characteristics[0].properties",
        ),
        (
            ("identity", "firmware"),
            {"revision": "model"},
            "identity.firmware: needs 'least' or 'below', or el",
        ),
        (("identity", "firmware", "least"), "new", "identity.firmware.least: 'new' is no dotted number"),
        (("identity", "firmware", "revision"), "sofware", "identity.firmware.revision: unknown value"),
        (("vectors",), [], "vectors: must be a list of at least 1 tables"),
    ],
)
def test_a_problem_is_said_once_with_its_path(path, value, expected):
    (problem,) = _problems(_changed(TEMPLATE, path, value))
    assert problem.startswith(f"x.toml: {expected}")


def test_a_number_too_large_for_its_type_is_a_problem():
    start = [{**TEMPLATE["start"][5], "type": "u8", "value": 300, "allowed": [300]}]
    assert any(
        "start[0].value: 300 does not fit into u8" in problem
        for problem in _problems(_changed(TEMPLATE, ("start",), start))
    )


def test_acceleration_and_turning_rate_must_take_turns_evenly():
    (problem,) = _problems(_changed(REFERENCE, ("streams", 0, "fields", 6, "stride"), 14))
    assert "must have the same stride" in problem


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = (
    [(key,) for key in TEMPLATE]
    + [("streams", 0, key) for key in TEMPLATE["streams"][0]]
    + [("streams", 0, "fields", 2, key) for key in TEMPLATE["streams"][0]["fields"][2]]
)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(PATHS), ANY.filter(lambda value: value is not None))
def test_whatever_stands_there_is_a_problem_or_a_profile_and_nothing_else(path, value):
    with suppress(InputError):
        parse_profile(_changed(TEMPLATE, path, value), "x.toml")
