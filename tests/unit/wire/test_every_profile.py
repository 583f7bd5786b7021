"""What holds for every profile that comes with the program, however it is started."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from variants import VARIANTS

from repcount.events import FaultReason
from repcount.profile.stream import ByteStream, Capture2Go
from repcount.samples import Notification, SampleBatch
from repcount.wire import Gap, Rejected, Wire, encode

QUICK = settings(derandomize=True, deadline=None, max_examples=50)
NAMES = list(VARIANTS)
BASE_S = 100.0
DELAY_S = 0.01


def _moved(name, n=180, seed=1):
    """A sensor that is moved gently, at its own rate; no two of its samples are alike."""
    profile, values = VARIANTS[name]
    rng, rate_hz = np.random.default_rng(seed), profile.active_streams(values)[0].rate_hz
    t_s = BASE_S + np.arange(n) / rate_hz
    return SampleBatch(t_s, rng.uniform(-12, 12, (n, 3)), rng.uniform(-1.5, 1.5, (n, 3)))


@cache
def _sent(name):
    profile, values = VARIANTS[name]
    return [
        Notification(one.characteristic, one.payload, one.last_s + DELAY_S)
        for one in encode(profile, _moved(name), values=values)
    ]


def _fed(name, notifications):
    profile, values = VARIANTS[name]
    wire = Wire(profile, values=values)
    return [item for one in notifications for item in wire.feed(one)]


def _batches(items):
    return [item for item in items if isinstance(item, SampleBatch)]


def _rows(items):
    """The accelerations that came, as whole thousandths of m/s2, to find them among those sent."""
    return [tuple(row) for batch in _batches(items) for row in np.rint(batch.acc_m_s2 * 1e3).tolist()]


@cache
def _whole(name):
    return _rows(_fed(name, _sent(name)))


COUNT_M_S2 = 0.02
"""More than half of the coarsest count, of thousandths of g and 4.9 mm/s2."""


def _held_back(name):
    """How many samples may still wait: for the rest of a notification, or for their counterpart."""
    profile, values = VARIANTS[name]
    return sum(stream.samples_per_notification for stream in profile.active_streams(values))


def _first(name, items):
    """Which of the samples came first: the first turning rates may have come before any acceleration."""
    apart = np.linalg.norm(_moved(name).acc_m_s2 - items[0].acc_m_s2[0], axis=1)
    return int(np.argmin(apart))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_encoded_is_decoded(name):
    sent, items = _moved(name), _fed(name, _sent(name))
    assert [item for item in items if not isinstance(item, SampleBatch)] == []
    acc = np.concatenate([one.acc_m_s2 for one in items])
    assert len(sent) - _held_back(name) <= len(acc) <= len(sent)
    sent = sent[_first(name, items) :][: len(acc)]
    np.testing.assert_allclose(acc, sent.acc_m_s2, atol=COUNT_M_S2)
    if items[0].gyro_rad_s is not None:
        gyro = np.concatenate([one.gyro_rad_s for one in items])
        np.testing.assert_allclose(gyro, sent.gyro_rad_s, atol=0.002)


@pytest.mark.parametrize("name", NAMES)
def test_samples_keep_their_distances_in_time(name):
    items = _fed(name, _sent(name))
    t_s = np.concatenate([one.t_s for one in items])
    late_s = t_s - _moved(name).t_s[_first(name, items) :][: len(t_s)]
    assert np.abs(late_s - np.median(late_s)).max() < 0.03


@pytest.mark.parametrize("name", NAMES)
def test_a_notification_cut_short_gives_no_wrong_sample(name):
    profile, _ = VARIANTS[name]
    ours = [k for k, one in enumerate(_sent(name)) if one.characteristic == profile.stream.characteristic]
    at = ours[len(ours) // 2]
    first, end = max(at - 12, 0), at + 12
    whole = _rows(_fed(name, _sent(name)[first:end]))
    for length in range(0, len(_sent(name)[at].payload), 1 + len(_sent(name)[at].payload) // 40):
        short = Notification(
            _sent(name)[at].characteristic, _sent(name)[at].payload[:length], _sent(name)[at].arrival_s
        )
        rows = _rows(_fed(name, [*_sent(name)[first:at], short, *_sent(name)[at + 1 : end]]))
        assert set(rows) < set(whole)


@pytest.mark.parametrize("name", NAMES)
def test_a_notification_that_is_too_long_is_refused(name):
    profile, values = VARIANTS[name]
    framing = profile.active_streams(values)[0].framing
    one = _sent(name)[0]
    items = _fed(
        name, [Notification(one.characteristic, one.payload + b"\x00", one.arrival_s), *_sent(name)[1:]]
    )
    if isinstance(framing, Capture2Go):  # what follows is its send buffer's
        assert _rows(items) == _whole(name)
        return
    assert set(_rows(items)) <= set(_whole(name))
    reasons = {item.reason for item in items if isinstance(item, Rejected)}
    assert reasons == {FaultReason.HEADER if isinstance(framing, ByteStream) else FaultReason.LENGTH}


@st.composite
def _received(draw):
    """A variant, and notifications as they should not be: broken, cut, lengthened, out of order, random."""
    name = draw(st.sampled_from(NAMES))
    characteristics = sorted({one.characteristic for one in _sent(name)})
    came = []
    for _ in range(draw(st.integers(1, 12))):
        good = _sent(name)[draw(st.integers(0, len(_sent(name)) - 1))].payload
        payload = draw(
            st.just(good)
            | st.binary(max_size=300)
            | st.integers(0, len(good)).map(lambda n, good=good: good[:n])
            | st.binary(max_size=40).map(lambda more, good=good: good + more)
            | st.tuples(st.integers(0, 8 * len(good) - 1)).map(lambda bit, good=good: _flipped(good, bit[0]))
            | st.binary(max_size=300).map(lambda rest, good=good: good[:12] + rest)
        )
        came.append(
            Notification(draw(st.sampled_from(characteristics)), payload, draw(st.floats(0.0, 300.0)))
        )
    return name, came


def _flipped(payload, bit):
    changed = bytearray(payload)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@settings(QUICK, max_examples=400)
@given(_received())
def test_whatever_comes_every_item_is_valid(received):
    name, came = received
    profile, values = VARIANTS[name]
    most = {
        "acc": max(s.acc.limit * s.acc.si_per_unit for s in profile.active_streams(values) if s.acc),
        "gyro": max(
            [s.gyro.limit * s.gyro.si_per_unit for s in profile.active_streams(values) if s.gyro] or [0]
        ),
    }
    wire, last_s = Wire(profile, values=values), -np.inf
    for one in came:
        for item in wire.feed(one):
            match item:
                case Rejected():
                    assert item.reason in FaultReason
                    assert item.arrival_s == one.arrival_s
                case Gap():
                    assert last_s == item.start_s < item.end_s
                case SampleBatch():
                    assert item.t_s[0] > last_s
                    assert np.all(np.diff(item.t_s) > 0)
                    assert np.all(np.abs(item.acc_m_s2) <= most["acc"] * (1 + 1e-9))
                    assert (item.gyro_rad_s is None) == (most["gyro"] == 0)
                    if item.gyro_rad_s is not None:
                        assert np.all(np.abs(item.gyro_rad_s) <= most["gyro"] * (1 + 1e-9))
                    last_s = item.t_s[-1]


@QUICK
@given(st.sampled_from(NAMES), st.binary(min_size=1, max_size=300), st.integers(0, 180))
def test_random_bytes_among_good_ones_add_no_sample_that_nobody_measured(name, noise, place):
    profile, values = VARIANTS[name]
    at = min(place, len(_sent(name)) - 1)
    odd = Notification(_sent(name)[at].characteristic, noise, _sent(name)[at].arrival_s)
    items = _fed(name, [*_sent(name)[:at], odd, *_sent(name)[at:]])
    strangers = set(_rows(items)) - set(_whole(name))
    if strangers:  # random bytes of the right length are samples, where there is nothing to tell them by
        stream = profile.active_streams(values)[0]
        assert stream.starts_with is None
        assert stream.checksum is None


@QUICK
@given(st.sampled_from(NAMES), st.sets(st.integers(0, 179), max_size=12))
def test_lost_notifications_take_their_samples_with_them_and_no_other(name, lost):
    items = _fed(name, [one for k, one in enumerate(_sent(name)) if k not in lost])
    if "movesense" in name and "208" in name and _in_a_row(lost, 2):
        return  # parts carry no number: the ends of two packets can be lost so that the rest makes one
    assert set(_rows(items)) <= set(_whole(name))


def _in_a_row(numbers, n):
    return any(all(k + i in numbers for i in range(n)) for k in numbers)


STREAMS = [name for name in NAMES if isinstance(VARIANTS[name][0].stream.framing, ByteStream)]


@QUICK
@given(st.sampled_from(STREAMS), st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_however_a_byte_stream_is_cut_the_same_packets_are_in_it(name, sizes):
    data, came, at = b"".join(one.payload for one in _sent(name)), [], 0
    while at < len(data):
        size = sizes[len(came) % len(sizes)]
        came.append(Notification(_sent(name)[0].characteristic, data[at : at + size], BASE_S + at / 1000))
        at += size
    items, sync = _fed(name, came), data[:2]
    assert set(_rows(items)) <= set(_whole(name))
    begins = np.cumsum([0, *(len(one.payload) for one in _sent(name))])
    cuts = np.cumsum([0, *(len(one.payload) for one in came)])[:-1]
    by_chance = [cut for cut in cuts if cut not in begins and data[cut:].startswith(sync)]
    if not by_chance:
        assert len(_rows(items)) == len(_whole(name))
