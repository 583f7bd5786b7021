"""The raw signal is said while somebody watches, and costs nothing otherwise."""

import json

import numpy as np

from repcount.edges.mqtt.signal import MOST_HZ, WATCH_S, Signal
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch


class Clock:
    now_s = 100.0

    def __call__(self):
        return self.now_s


def batch(start_s, n, rate_hz=100.0):
    t_s = start_s + np.arange(n) / rate_hz
    return SampleBatch(t_s, np.tile([0.0, 0.5 * STANDARD_GRAVITY_M_S2, STANDARD_GRAVITY_M_S2], (n, 1)), None)


def a_signal():
    said, clock = [], Clock()
    return Signal("rack-1", said.extend, clock), said, clock


def test_nothing_is_said_until_somebody_watches_and_nothing_of_before():
    signal, said, _ = a_signal()
    signal.take("wrist", batch(0.0, 10))
    assert said == []

    signal.watch()
    signal.take("wrist", batch(1.0, 10))

    (message,) = said
    data = json.loads(message.payload)
    assert message.topic == "repcount/v1/rack-1/signal"
    assert (message.qos, message.retain) == (0, False)
    assert data["t_s"][0] == 1.0
    assert [axis[0] for axis in data["acc_g"]] == [0.0, 0.5, 1.0]


def test_single_samples_are_gathered_to_ten_messages_a_second():
    signal, said, _ = a_signal()
    signal.watch()
    for k in range(300):
        signal.take("wrist", batch(k / 100.0, 1))

    assert 25 <= len(said) <= 30
    times = [t for message in said for t in json.loads(message.payload)["t_s"]]
    assert times == sorted(times)
    assert len(times) == len(set(times)) >= 230


def test_short_notifications_are_gathered_too_and_long_ones_are_said_at_once():
    signal, said, _ = a_signal()
    signal.watch()
    for k in range(75):
        signal.take("wrist", batch(k * 0.04, 4))
    assert len(said) == 25
    signal.take("wrist", batch(4.0, 25))
    assert len(said) == 26


def test_a_page_that_says_no_more_is_forgotten():
    signal, said, clock = a_signal()
    signal.watch()
    clock.now_s += WATCH_S

    signal.take("wrist", batch(0.0, 10))

    assert said == []
    assert not signal.watched


def test_a_quick_sensor_is_thinned_to_what_a_screen_shows():
    signal, said, _ = a_signal()
    signal.watch()
    signal.take("wrist", batch(0.0, 1000, rate_hz=1000.0))

    assert len(json.loads(said[0].payload)["t_s"]) <= MOST_HZ + 1
