"""What every streaming stage promises, held against the wire stage."""

import json
import math
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from variants import VARIANTS

from repcount.samples import Notification, SampleBatch
from repcount.wire import Wire, WireParams, encode

QUICK = settings(derandomize=True, deadline=None, max_examples=40)
NAMES = list(VARIANTS)


def _rough_stream(profile, values):
    """A stream with everything: wraps, losses, repeats, late and broken ones, a restart, a silence."""
    rng = np.random.default_rng(3)
    n = 600
    t_s = 2**32 / 1e6 - 3.0 + np.arange(n) / 50.0
    batch = SampleBatch(t_s, rng.normal(0, 5, (n, 3)), rng.normal(0, 1, (n, 3)))
    sent = encode(profile, batch, counter_start=65530, values=values)
    came = [Notification(one.characteristic, one.payload, one.last_s + rng.exponential(0.02)) for one in sent]
    came = [came[k] for k in sorted(range(len(came)), key=lambda k: k + 3.0 * (rng.random() < 0.1))]
    came = [one for one in came if rng.random() > 0.1]
    came[5:5] = [came[4], Notification(came[4].characteristic, b"\x01", came[4].arrival_s)]
    later = SampleBatch(t_s - t_s[0], batch.acc_m_s2, batch.gyro_rad_s)
    again = encode(profile, later, values=values)
    after_s = came[-1].arrival_s + 3.0
    return [*came, *(Notification(one.characteristic, one.payload, one.last_s + after_s) for one in again)]


def _plain(items):
    """Items as values that compare exactly."""
    return [
        (
            item.t_s.tolist(),
            item.acc_m_s2.tolist(),
            None if item.gyro_rad_s is None else item.gyro_rad_s.tolist(),
        )
        if isinstance(item, SampleBatch)
        else item
        for item in items
    ]


def _run(wire, notifications):
    return _plain([item for one in notifications for item in wire.feed(one)])


def _wire(name):
    profile, values = VARIANTS[name]
    return Wire(profile, values=values)


@cache
def _stream(name):
    return _rough_stream(*VARIANTS[name])


@cache
def _whole(name):
    return _run(_wire(name), _stream(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_comes_out_after_a_reset(name):
    wire = _wire(name)
    _run(wire, _stream(name)[:50])
    wire.reset()
    assert _run(wire, _stream(name)) == _whole(name)


@QUICK
@given(st.sampled_from(NAMES), st.lists(st.floats(0.0, 1.0), max_size=4))
def test_the_same_comes_out_however_often_it_is_stopped_and_gone_on_with_elsewhere(name, places):
    stream, wire, items, done = _stream(name), _wire(name), [], 0
    for end in [*sorted(int(place * len(stream)) for place in places), len(stream)]:
        items += _run(wire, stream[done:end])
        state = json.loads(json.dumps(wire.snapshot(), allow_nan=False))
        wire, done = _wire(name), end
        wire.restore(state)
    assert items == _whole(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_state_does_not_grow(name):
    wire, sizes = _wire(name), []
    round_s = _stream(name)[-1].arrival_s + 60.0 - _stream(name)[0].arrival_s
    rounds = (replace(one, arrival_s=one.arrival_s + k * round_s) for k in range(4) for one in _stream(name))
    for k, one in enumerate(rounds):
        wire.feed(one)
        if k % 23 == 0:
            sizes.append(len(json.dumps(wire.snapshot())))
    quarter = len(sizes) // 4
    assert max(sizes[-quarter:]) < 1.5 * max(sizes[quarter : 2 * quarter]) + 40  # twice as much, if it did


def test_a_snapshot_says_its_schema_and_one_of_another_is_refused():
    wire = _wire(NAMES[0])
    state = wire.snapshot()
    assert state["schema"] == 2
    with pytest.raises(ValueError, match="schema 1"):
        wire.restore(state | {"schema": 1})


def test_every_parameter_is_documented_and_checked():
    for field in fields(WireParams):
        assert f"    {field.name}\n" in WireParams.__doc__
        for wrong in (0, -1, math.nan):
            with pytest.raises(ValueError, match=field.name):
                WireParams(**{field.name: wrong})
