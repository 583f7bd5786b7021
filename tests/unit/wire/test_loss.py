"""How much of what a sensor measured is missing."""

import numpy as np
import pytest

from repcount.edges.profiles import load_profile
from repcount.samples import Notification, SampleBatch
from repcount.wire import Wire, encode

REFERENCE = load_profile("repcount_reference")
SECONDS = 60.0


def notifications(seconds=SECONDS):
    n = round(seconds * REFERENCE.stream.rate_hz)
    t_s = np.arange(n) / REFERENCE.stream.rate_hz
    still = SampleBatch(t_s, np.tile([0.0, 0.0, 9.8], (n, 1)), np.zeros((n, 3)))
    for one in encode(REFERENCE, still):
        yield Notification(REFERENCE.stream.characteristic, one.payload, one.last_s + 0.02)


def ratio_of(came):
    wire = Wire(REFERENCE)
    for one in came:
        wire.feed(one)
    return wire.lost_ratio


def test_nothing_is_known_before_anything_came():
    assert Wire(REFERENCE).lost_ratio is None


def test_of_a_good_link_nothing_is_missing():
    assert ratio_of(notifications()) == 0.0


@pytest.mark.parametrize("every", [3, 4, 10])
def test_what_the_radio_loses_is_missing(every):
    came = (one for k, one in enumerate(notifications()) if k % every)
    assert ratio_of(came) == pytest.approx(1 / every, abs=0.02)


def test_late_repeated_and_unusable_notifications_are_not_missing():
    came = [
        one
        for one in notifications()
        for one in (one, one, Notification(one.characteristic, b"?", one.arrival_s))
    ]
    assert ratio_of(came) == 0.0


def test_a_link_that_has_become_good_is_said_to_be_good():
    came = [one for one in notifications(240.0) if not 20.0 < one.arrival_s < 40.0]
    assert ratio_of([one for one in came if one.arrival_s < 41.0]) > 0.3
    assert ratio_of(came) < 0.01
