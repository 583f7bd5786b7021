import tomllib
from pathlib import Path

import pytest
from test_parse_profile import FOLDER, _changed, _problems
from variants import VARIANTS

from repcount.edges.profiles import load_profile
from repcount.profile import parse_profile
from repcount.profile.stream import DECODERS
from repcount.wire.codecs import CODECS

NAMES = ("adafruit_clue", "metamotion", "movesense_gsp", "polar_h10", "witmotion_wt901ble")
FILES = {name: tomllib.loads(Path(FOLDER, f"{name}.toml").read_text()) for name in NAMES}
CLUE, META, MOVESENSE, H10, WIT = (FILES[name] for name in NAMES)
SYNC = {"kind": "byte_stream", "sync": "55 61", "packet_bytes": 20}


@pytest.mark.parametrize(
    ("data", "path", "value", "expected"),
    [
        (H10, ("streams", 0, "starts_with"), "0g", "streams[0].starts_with: must be bytes"),
        (H10, ("streams", 0, "decoder"), "polar", "streams[0].decoder: unknown value 'polar'. Did you mean"),
        (H10, ("streams", 2, "counted_by"), None, "streams[2].decoder: needs counted_by = 'length'"),
        (H10, ("streams", 0, "ignored"), [1], "streams[0].ignored: must be a list of bytes"),
        (
            H10,
            ("streams", 0, "fields", 1, "limit"),
            {"value": "limit_gg"},
            "streams[0].fields.limit.value: there is no 'limit_gg'. Did you mean 'limit_g'?",
        ),
        (H10, ("streams", 1, "starts_with"), H10["streams"][0]["starts_with"], "streams: those of one char"),
        (H10, ("streams", 1, "time", "ticks_per_s"), 1e6, "streams: those of the same samples must have the"),
        (H10, ("streams", 0, "when"), {"rate": 1}, "streams[0].when.rate: is no value of this profile. Did"),
        (MOVESENSE, ("streams", 0, "framing"), "continued", "streams[0].framing: 'continued' needs more."),
        (MOVESENSE, ("streams", 0, "framing", "folowing"), "03", "streams[0].framing.folowing: unknown key."),
        (MOVESENSE, ("streams", 0, "counted_by"), "length", "streams[0].framing: 'continued' needs a fixed"),
        (
            WIT,
            ("streams", 0, "starts_with"),
            None,
            "streams[0].starts_with: is missing: packets that are cut",
        ),
        (
            WIT,
            ("streams", 0, "framing"),
            SYNC | {"packet_bytes": 19},
            "streams[0].framing.packet_bytes: a packet needs 20 bytes",
        ),
        (META, ("parameters", 4, "allowed"), [1, 2], "streams: none holds 'acc' where packed = 2"),
        (H10, ("parameters", 0), None, "streams[0].rate_hz: is missing. Give a number above 0, or"),
        (CLUE, ("streams", 0), None, "streams: none holds 'acc'"),
    ],
)
def test_a_problem_of_the_streams_is_said_with_its_path(data, path, value, expected):
    problems = _problems(_changed(data, path, value))
    assert any(problem.startswith(f"x.toml: {expected}") for problem in problems), problems


def test_a_choice_with_which_nothing_would_come_is_a_problem():
    streams = [one for one in META["streams"] if one["when"] != {"packed": 0}]
    problems = _problems(_changed(META, ("streams",), streams))
    assert "x.toml: streams: none holds 'acc' where packed = 0" in problems


def test_a_sensor_that_must_be_stopped_is_also_stopped_first():
    start = [step for step in H10["start"] if not step.get("may_fail")]
    (problem,) = _problems(_changed(_changed(H10, ("start",), start), ("vectors",), H10["vectors"][:1]))
    assert problem.startswith("x.toml: start: must_stop needs stop steps that write, and the same writes")


def test_the_rate_and_what_follows_from_it_are_those_chosen():
    profile = load_profile("movesense_gsp")
    (stream,) = profile.active_streams(profile.chosen_values({"rate_hz": 13}, ""))
    assert (stream.rate_hz, stream.samples_per_notification) == (13.0, 1)
    assert profile.stream.rate_hz == 52.0
    assert profile.latency_s == pytest.approx(4 / 52)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("inf")])
def test_nothing_is_sane_of_a_sensor_that_answers_a_scale_which_cannot_be(factor):
    profile = load_profile("polar_verity_sense")
    values = profile.default_values() | {"g_per_count": factor}
    counts = next(one for one in profile.active_streams(values) if str(one.starts_with).endswith("80"))
    assert counts.acc.limit < 0


def test_there_is_a_decoder_for_each_name_a_profile_may_give():
    assert set(DECODERS) == set(CODECS)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_shipped_profile_says_where_it_comes_from_and_how_late_it_is(name):
    profile, values = VARIANTS[name]
    assert profile.provenance
    assert profile.axes.confidence in ("unknown", "documented", "measured")
    for stream in profile.active_streams(values):
        assert 0.0 < stream.latency_s < 1.5
        for vector in stream.vectors:
            assert 0.0 < vector.saturates_at <= vector.limit


def test_sensors_that_must_be_stopped_are_marked():
    marked = {name for name in VARIANTS if VARIANTS[name][0].must_stop}
    assert {"polar_h10", "polar_verity_sense", "metamotion", "capture2go", "banglejs_nus"} <= marked
    assert parse_profile(H10, "x.toml").must_stop
