"""Bytes that others collected, from vendors' tests and documents and from real sensors, against our profiles.

What a profile reads or writes goes through the profile; what it has no use for (menus, an ECG, a magnetic
field) is read by the same tables and numbers, laid over it as its document says.
"""

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from repcount.edges.profiles import load_profile
from repcount.events import FaultReason
from repcount.profile import Refusal, Wait, Write
from repcount.profile.numbers import number_at
from repcount.samples import STANDARD_GRAVITY_M_S2, Notification, SampleBatch
from repcount.wire import Wire
from repcount.wire.codecs.polar import read_deltas
from repcount.wire.decoder import Decoder, decode
from repcount.wire.layout import Layout
from repcount.wire.standard import battery_percent, heart_rate

NOT_SHIPPED = Path(__file__).parent / "not_shipped"
FILES = [parent / "shared" / "vectors" / "sensor_vectors.json" for parent in Path(__file__).parents[3:5]]
FILE = next((path for path in FILES if path.is_file()), None)
VECTORS = {one["id"]: one for one in json.loads(FILE.read_text())} if FILE else {}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(FILE is None, reason="the collected sensor vectors are not in ../shared/vectors"),
]

NOT_OURS = {
    "v073": "a text line of another snippet: banglejs_nus uploads one that sends our own packet",
    "v089": "st_bluest: no profile, its firmwares differ in features and axes",
    "v090": "st_bluest: no profile, its firmwares differ in features and axes",
}
"""Vectors that no profile of ours has to do with, and why."""

DATA = {  # by vector: profile, values that are not the default, what the sensor had answered
    "v015": ("polar_h10", {}, {}),
    "v026": ("polar_verity_sense", {"rate_hz": 52}, {}),
    "v027": ("polar_verity_sense", {"gyro": 1}, {"deg_s_per_count": 1.0}),
    "v030": ("polar_verity_sense", {"rate_hz": 52}, {}),
    "v040": ("movesense_gsp", {"rate_hz": 52}, {}),
    "v046": ("metamotion", {"range_g": 4, "packed": 0}, {}),
    "v047": ("metamotion", {"range_g": 8}, {}),
    "v049": ("metamotion", {"range_deg_s": 500, "packed": 0}, {}),
    "v050": ("metamotion", {"range_deg_s": 1000}, {}),
    "v059": ("metamotion", {"range_g": 2, "packed": 0}, {}),
    "v061": ("witmotion_bt50", {}, {}),
    "v062": ("witmotion_bt50", {}, {}),
    "v063": ("witmotion_wt901ble", {}, {}),
    "v064": ("witmotion_wt901ble", {}, {}),
    "v070": ("witmotion_wt901ble", {}, {}),
    "v071": ("infinitime_motion", {}, {}),
    "v072": ("infinitime_motion", {}, {}),
    "v075": ("microbit_accelerometer", {}, {}),  # of another program, on the same service
    "v076": ("microbit_accelerometer", {}, {}),
    "v084": ("movella_dot", {}, {}),
    "v085": ("thingy52", {}, {}),
    "v091": ("adafruit_clue", {}, {}),
    "v093": ("capture2go", {}, {}),
}
WHOLE_BYTES = {"v063": 20, "v064": 20}
"""Of these only the beginning was printed; what follows are angles, which we do not read."""

WRITES = {  # by vector: profile, list of steps, values, what the sensor had answered
    "v004": ("polar_h10", "start", {"rate_hz": 200}, {}),
    "v005": ("polar_h10", "start", {"rate_hz": 25}, {}),
    "v007": ("polar_h10", "start", {"rate_hz": 100}, {}),
    "v010": ("polar_h10", "stop", {}, {}),
    "v018": ("polar_verity_sense", "start", {"rate_hz": 52}, {}),
    "v021": ("polar_verity_sense", "start", {}, {}),
    "v023": ("polar_verity_sense", "stop", {}, {}),
    "v044": ("movesense_gsp", "start", {"rate_hz": 52}, {}),
    "v052": ("metamotion", "start", {"rate_hz": 200, "range_g": 8}, {"chip": 1}),
    "v053": ("metamotion", "start", {"rate_hz": 200, "range_g": 8}, {"chip": 4}),
    "v055": ("metamotion", "start", {}, {}),
    "v056": ("metamotion", "stop", {}, {}),
    "v058": ("metamotion", "start", {}, {}),
    "v066": ("witmotion_wt901ble", "start", {"rate_hz": 100}, {}),
    "v067": ("witmotion_wt901ble", "start", {}, {}),
    "v077": ("microbit_accelerometer", "start", {"rate_hz": 50}, {}),
    "v083": ("movella_dot", "stop", {}, {}),
    "v086": ("thingy52", "start", {"rate_hz": 50}, {}),
    "v092": ("adafruit_clue", "start", {"rate_hz": 50}, {}),
    "v094": ("capture2go", "start", {}, {}),
}
BY_THEMSELVES = {
    *("v001", "v002", "v008", "v011", "v012", "v013", "v016", "v017", "v020", "v024", "v029", "v031"),
    *("v032", "v033", "v035", "v036", "v037", "v038", "v039", "v041", "v042", "v043", "v069", "v074"),
    *("v078", "v079", "v080", "v081", "v087", "v088", "v096"),
}
"""Vectors that have a test of their own below."""

HALF_A_DIGIT = 6e-4


def _payload(name):
    return bytes.fromhex(VECTORS[name]["hex"])


def _whole(name):
    """The notification the bytes would come in."""
    payload = _payload(name).ljust(WHOLE_BYTES.get(name, 0), b"\0")
    return b"\xfe" + payload if VECTORS[name]["direction"] == "package" else payload  # one real-time package


def _close(found, expected, abs_=HALF_A_DIGIT):
    expected = np.atleast_2d(expected)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, atol=abs_, rtol=1e-6)


def _matches(packet, told):
    """Whether a packet says what the vector tells of it, whatever the unit."""
    checked = 0
    for key, found in (("mg", packet.acc_m_s2), ("acc_g", packet.acc_m_s2), ("acc_m_s2", packet.acc_m_s2)):
        if key in told:
            per_si = {"mg": 1000 / STANDARD_GRAVITY_M_S2, "acc_g": 1 / STANDARD_GRAVITY_M_S2}.get(key, 1.0)
            _close(found * per_si, told[key])
            checked += 1
    for key in ("dps", "gyro_dps"):
        if key in told:
            _close(np.degrees(packet.gyro_rad_s), told[key])
            checked += 1
    for key in ("device_time_ns", "time_ms_first", "time_us", "time_ns"):
        if key in told:
            assert packet.time_ticks == told[key]
    if "clock" in told:
        assert datetime(2000, 1, 1) + timedelta(milliseconds=packet.time_ticks) == datetime.fromisoformat(  # noqa: DTZ001  the sensor's own
            told["clock"]
        )
    assert checked


def test_every_vector_is_accounted_for():
    assert set(VECTORS) == {*NOT_OURS, *DATA, *WRITES, *BY_THEMSELVES}


@pytest.mark.parametrize("name", DATA)
def test_data_means_what_others_say(name):
    profile_name, chosen, answered = DATA[name]
    profile, vector = load_profile(profile_name), VECTORS[name]
    values = profile.chosen_values(chosen, "") | answered
    streams = [
        one for one in profile.active_streams(values) if one.characteristic == vector["characteristic"]
    ]
    decoder = Decoder([Layout(stream, profile.axes) for stream in streams])
    ((_, packet),) = decoder.feed(_whole(name))
    _matches(packet, vector["decoded"])


@pytest.mark.parametrize("name", DATA)
def test_the_wire_takes_it_or_waits_for_its_counterpart(name):
    profile_name, chosen, answered = DATA[name]
    profile = load_profile(profile_name)
    values = profile.chosen_values(chosen, "") | answered
    apart = any(stream.acc is None for stream in profile.active_streams(values))
    items = Wire(profile, values=values).feed(
        Notification(VECTORS[name]["characteristic"], _whole(name), 1.0)
    )
    assert [type(item) for item in items] == ([] if apart else [SampleBatch])


@pytest.mark.parametrize("name", WRITES)
def test_commands_are_the_bytes_others_write(name):
    profile_name, which, chosen, answered = WRITES[name]
    profile = load_profile(profile_name)
    values = profile.chosen_values(chosen, "") | answered
    steps = profile.start if which == "start" else profile.stop
    written = [
        (step.characteristic, step.payload(values))
        for step in steps
        if isinstance(step, Write) and all(values.get(key) == value for key, value in step.when.items())
    ]
    assert (VECTORS[name]["characteristic"], _payload(name)) in written


# Polar: the control point, and what shares the characteristic of the data

H10, VERITY = "polar_h10", "polar_verity_sense"
SETTING_BYTES = {0: 2, 1: 2, 2: 2, 3: 4, 4: 1, 5: 4, 6: 16}
SETTING_NAMES = {0: "sample_rate_hz", 1: "resolution_bits", 2: "range", 4: "channels"}


def _settings(data):
    """Type, count, and so many values, as often as there are."""
    found, at = {}, 0
    while at < len(data):
        kind, count = data[at], data[at + 1]
        width = SETTING_BYTES[kind]
        values = [data[at + 2 + k * width : at + 2 + (k + 1) * width] for k in range(count)]
        found[SETTING_NAMES[kind]] = [int.from_bytes(value, "little") for value in values]
        at += 2 + count * width
    return found


def _waits(profile_name, starts_with):
    """The step that waits for an answer; the last, since the first ones only try."""
    steps = load_profile(profile_name).start
    return next(
        step for step in reversed(steps) if isinstance(step, Wait) and step.starts_with.matches(starts_with)
    )


def test_polar_start_and_the_same_settings_in_another_order_say_the_same():
    profile = load_profile(H10)
    start = next(step for step in profile.start if isinstance(step, Write) and not step.may_fail)
    ours = start.payload(profile.default_values())
    told = VECTORS["v008"]["decoded"]["settings"]
    assert _settings(_payload("v008")[2:]) == _settings(ours[2:]) == told


def test_polar_settings_menu():
    payload, told = _payload("v017"), VECTORS["v017"]["decoded"]
    assert payload[0] == 0xF0
    assert (payload[1], payload[2], payload[3], bool(payload[4])) == (
        *(told[key] for key in ("opcode", "measurement_type", "status")),
        told["more"],
    )
    assert _settings(payload[5:]) == told["settings"]
    # What we ask for is on it, at the rate it has without SDK mode.
    profile = load_profile(VERITY)
    asked = [step for step in profile.start if isinstance(step, Write) and not step.may_fail]
    ours = next(step for step in asked if step.payload({"rate_hz": 52})[:2] == b"\x02\x02")
    assert _settings(ours.payload({"rate_hz": 52})[2:]) == told["settings"]


def test_polar_asking_for_the_menu_is_a_command_and_a_type():
    told = VECTORS["v002"]["decoded"]
    assert _payload("v002") == bytes([told["opcode"], told["measurement_type"]])


def test_polar_features():
    payload, names = _payload("v001"), {0: "ECG", 1: "PPG", 2: "ACC", 3: "PPI", 5: "gyro", 9: "SDK mode"}
    assert payload[0] == 0x0F
    bits = int.from_bytes(payload[1:], "little")
    assert [name for bit, name in names.items() if bits >> bit & 1] == VECTORS["v001"]["decoded"]["features"]


@pytest.mark.parametrize(("name", "profile"), [("v011", H10), ("v020", VERITY)])
def test_polar_answers_that_are_good(name, profile):
    payload = _payload(name)
    taken = _waits(profile, payload).answer.take(payload)
    assert not isinstance(taken, Refusal)


def test_a_polar_refusal_of_something_else_is_no_answer_to_us_but_its_status_has_the_same_word():
    payload = _payload("v012")
    steps = [step for step in load_profile(H10).start if isinstance(step, Wait)]
    assert not any(step.starts_with.matches(payload) for step in steps)
    told = VECTORS["v012"]["decoded"]
    assert (payload[1], payload[2], payload[3]) == (told["opcode"], told["measurement_type"], told["status"])
    assert steps[-1].answer.take(payload) == Refusal("it has no such resolution")


def test_polar_saying_that_it_stopped_is_no_answer():
    payload = _payload("v013")
    waits = [step for name in (H10, VERITY) for step in load_profile(name).start if isinstance(step, Wait)]
    assert not any(step.starts_with.matches(payload) for step in waits)
    assert list(payload[1:]) == VECTORS["v013"]["decoded"]["types"]


def test_an_ecg_on_the_characteristic_of_the_data_is_none_of_our_business():
    payload, told = _payload("v016"), VECTORS["v016"]["decoded"]
    wire = Wire(load_profile(H10))
    assert wire.feed(Notification(VECTORS["v016"]["characteristic"], payload, 1.0)) == []
    microvolts = [
        int.from_bytes(payload[k : k + 3], "little", signed=True) for k in range(10, len(payload), 3)
    ]
    assert microvolts == told["uV"]
    assert number_at(payload, 1, "u64", "<") == pytest.approx(told["device_time_ns"], rel=1e-15)


def test_nine_delta_blocks_of_changing_width():
    told, counts = VECTORS["v029"]["decoded"], read_deltas(_payload("v029"), "i16")
    assert len(counts) == told["n_samples"]
    assert counts[:2].tolist() == told["first"]
    assert counts[-1].tolist() == told["last"]


@pytest.mark.parametrize(("name", "bits"), [("v024", 8), ("v031", 6)])
def test_a_captured_notification_cut_in_a_block_is_refused_and_its_whole_samples_make_sense(name, bits):
    payload, told = _payload(name), VECTORS[name]["decoded"]
    (item,) = Wire(load_profile(VERITY)).feed(Notification(VECTORS[name]["characteristic"], payload, 1.0))
    assert item.reason is FaultReason.LENGTH
    assert payload[16] == bits
    n = (len(payload) - 18) * 8 // (3 * bits)
    block = payload[18 : 18 + math.ceil(3 * n * bits / 8)]
    counts = read_deltas(payload[10:16] + bytes([bits, n]) + block, "i16")
    if "mg_first" in told:
        assert counts[:5].tolist() == told["mg_first"]
        sizes = np.linalg.norm(counts, axis=1)
        assert [round(sizes.min()), round(sizes.max())] == told["norm_mg_min_max"]
        assert len(counts) == told["n_samples_available"]
    else:
        assert counts[:3].tolist() == told["raw_first_samples"]
        factor = load_profile(VERITY).default_values()["g_per_count"]
        assert [int(count * factor * 1000) for count in counts[0]] == told["mg_first_sample"]


# The Bluetooth SIG's own


@pytest.mark.parametrize("name", ["v032", "v033", "v035", "v036"])
def test_heart_rate(name):
    told, found = VECTORS[name]["decoded"], heart_rate(_payload(name))
    assert (found.bpm, found.contact, found.energy_kj) == (
        told["bpm"],
        told["contact"],
        told.get("energy_kj"),
    )
    assert [rr * 1024 for rr in found.rr_s] == told["rr_1024"]


def test_battery():
    assert battery_percent(_payload("v096")) == VECTORS["v096"]["decoded"]["percent"]


# Other resources of sensors we know, by the same tables


def _as_table(profile_name, *, n=1, stride=12, **moved):
    """The first stream of a profile with its vectors elsewhere, n samples, whatever their unit."""
    profile = load_profile(profile_name)
    stream, big = profile.stream, 1e4
    vectors = dict.fromkeys(("acc", "gyro"))
    for key, offset in moved.items():
        vectors[key] = replace(getattr(stream, key), offset=offset, stride=stride, limit=big)
    return Layout(replace(stream, samples_per_notification=n, **vectors), profile.axes)


def test_movesense_acceleration_alone():
    _matches(decode(_as_table("movesense_gsp", n=4, acc=6), _payload("v037")), VECTORS["v037"]["decoded"])


def test_movesense_turning_rate_alone():
    _matches(decode(_as_table("movesense_gsp", n=4, gyro=6), _payload("v038")), VECTORS["v038"]["decoded"])


def test_movesense_magnetic_field():
    packet, told = decode(_as_table("movesense_gsp", acc=6), _payload("v039")), VECTORS["v039"]["decoded"]
    _close(packet.acc_m_s2, told["mag_uT"])
    assert packet.time_ticks == told["time_ms_first"]


def test_movesense_with_a_magnetic_field_beside():
    payload, told = _payload("v041"), VECTORS["v041"]["decoded"]
    _matches(decode(_as_table("movesense_gsp", n=4, stride=36, acc=6, gyro=18), payload), told)
    field = decode(_as_table("movesense_gsp", n=4, stride=36, acc=6, gyro=30), payload)
    _close(np.degrees(field.gyro_rad_s), told["mag_uT"])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("v042", {"kelvin": (2, "f32"), "time_ms": (6, "u32")}),
        ("v043", {"average_bpm": (2, "f32"), "rr_ms": (6, "u16")}),
    ],
)
def test_movesense_temperature_and_pulse(name, told):
    for key, (offset, kind) in told.items():
        expected = np.ravel(VECTORS[name]["decoded"][key])
        assert number_at(_payload(name), offset, kind, "<") == pytest.approx(expected[0], rel=1e-6)


@pytest.mark.parametrize("name", ["v037", "v038", "v039", "v041", "v042", "v043"])
def test_what_another_subscription_sends_is_never_read_as_ours(name):
    wire = Wire(load_profile("movesense_gsp"))
    came = [Notification(VECTORS[name]["characteristic"], _payload(name), t) for t in (1.0, 2.0)]
    assert {item.reason for one in came for item in wire.feed(one)} == {FaultReason.LENGTH}


@pytest.mark.parametrize("name", ["v080", "v081"])
def test_dot_free_acceleration(name):
    packet, told = (
        decode(_as_table("movella_dot", stride=16, acc=4), _payload(name)),
        VECTORS[name]["decoded"],
    )
    _close(packet.acc_m_s2, told["free_acc_m_s2"])
    assert packet.time_ticks == told["time_us"]


@pytest.mark.parametrize("name", ["v066", "v067", "v069"])
def test_witmotion_register_commands(name):
    told = VECTORS[name]["decoded"]
    assert _payload(name) == b"\xff\xaa" + bytes([told["register"]]) + told["value"].to_bytes(2, "little")


def test_puck_counts_have_the_scale_of_the_packet_we_upload():
    profile = load_profile("banglejs_nus")
    acc = profile.stream.acc
    found = np.frombuffer(_payload("v074"), "<i2") / acc.counts_per_unit
    _close(found[None], VECTORS["v074"]["decoded"]["acc_g"])


# Sensors without a profile, by one written for the test (how to add a sensor)


@pytest.mark.parametrize("name", ["v078", "v079"])
def test_a_sensor_on_the_uuids_of_the_nordic_uart(name):
    profile = load_profile(NOT_SHIPPED / "nrf51_tag.toml")
    (stream,) = (one for one in profile.streams if one.characteristic == VECTORS[name]["characteristic"])
    _matches(decode(Layout(stream, profile.axes), _payload(name)), VECTORS[name]["decoded"])


@pytest.mark.parametrize("name", ["v087", "v088"])
def test_a_sensor_tag(name):
    profile = load_profile(NOT_SHIPPED / "sensor_tag.toml")
    payload = _payload(name).ljust(18, b"\0")
    packet = decode(Layout(profile.stream, profile.axes), payload)
    _close(packet.acc_m_s2 / STANDARD_GRAVITY_M_S2, VECTORS[name]["decoded"]["acc_g"])
