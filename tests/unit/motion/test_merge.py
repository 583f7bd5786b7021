"""What two sensors sent comes out in the order of time, whoever sent first."""

import json

import numpy as np

from repcount.events import FaultReason, NotificationRejected, StreamGap
from repcount.motion.merge import Merge, Restart, Tick

ROW = np.arange(10.0)


def gap(sensor, start_s, end_s):
    return StreamGap(
        station="s",
        happened_s=start_s,
        said_s=end_s,
        sensor=sensor,
        start_s=start_s,
        end_s=end_s,
        lost_notifications=None,
    )


def rejected(said_s):
    return NotificationRejected(
        station="s", happened_s=said_s, said_s=said_s, sensor="a", reason=FaultReason.LENGTH, rejected=1
    )


def known(merge, until_s):
    return [(sensor, getattr(thing, "t_s", None)) for sensor, thing in merge.until(until_s)]


def test_the_earlier_comes_first_and_of_two_at_once_that_of_the_sensor_named_first():
    merge = Merge(["a", "b"])
    merge.add("b", [Tick(0.0, ROW), Tick(0.2, ROW), Tick(0.4, ROW)])
    merge.add("a", [Tick(0.1, ROW), Tick(0.2, ROW), Tick(0.3, ROW)])
    assert known(merge, 0.2) == [("b", 0.0), ("a", 0.1), ("a", 0.2), ("b", 0.2)]
    assert known(merge, 1.0) == [("a", 0.3), ("b", 0.4)]


def test_what_lay_in_a_gap_is_known_when_the_gap_ended():
    merge = Merge(["a", "b"])
    merge.add("a", [Tick(0.1, ROW, hidden_until_s=0.9), Tick(0.9, ROW)])
    merge.add("b", [Tick(0.5, ROW)])
    assert known(merge, 0.8) == [("b", 0.5)]
    assert known(merge, 0.9) == [("a", 0.1), ("a", 0.9)]


def test_within_a_sensor_nothing_overtakes():
    merge = Merge(["a"])
    merge.add("a", [gap("a", 0.0, 3.0), Tick(2.0, ROW)])
    assert known(merge, 2.5) == []
    assert len(known(merge, 3.0)) == 2


def test_what_waits_is_in_the_snapshot():
    merge, other = Merge(["a", "b"]), Merge(["a", "b"])
    things = [rejected(0.1), gap("a", 0.1, 0.9), Restart(0.9), Tick(1.0, ROW, hidden_until_s=1.2)]
    merge.add("a", things)
    other.restore(json.loads(json.dumps(merge.snapshot())))
    *links, tick = [thing for _, thing in other.until(2.0)]
    assert links == things[:3]
    assert (tick.t_s, tick.hidden_until_s, tick.signals.tolist()) == (1.0, 1.2, ROW.tolist())
