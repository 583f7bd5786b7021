"""Whether a limb that comes back from the turn is lowering, or going somewhere else."""

import numpy as np
import pytest

from repcount.reps.arc import Arc
from repcount.reps.detector_params import DetectorParams
from repcount.reps.follower import Follower
from repcount.reps.timing import Delays, Timing

TICK_S = 0.04
ARC_RAD = 0.5


def up(progress, beside=0.0):
    """Up where the limb is so far along the arc, and so far beside it, in units of the arc."""
    along, off = progress * ARC_RAD, beside * ARC_RAD
    return np.array([np.sin(along) * np.cos(off), np.sin(off), np.cos(along) * np.cos(off)])


def follow(way, *, foretold=False):
    """What is known of the lowering after each direction of the way, which begins at the turn."""
    follower = Follower(Timing(TICK_S, Delays(0.4, 0.1)), DetectorParams())
    follower.arc = Arc.between(up(0.0), up(1.0))
    follower.state.foretold_tick = 1 if foretold else None
    known = []
    for tick, direction in enumerate([up(1.0), *way], start=1):
        follower.feed(tick, direction, [])
        known.append(follower.lowering(tick))
    return known[1:]


LOWERED = np.linspace(0.9, 0.4, 6)


def test_a_lowering_is_known_by_its_share_and_its_time():
    known = follow([up(progress) for progress in LOWERED])
    assert [share for share, _ in known] == pytest.approx(1 - LOWERED)
    assert [lowered_s for _, lowered_s in known] == pytest.approx(TICK_S * np.arange(1, 7))


def test_of_a_rep_that_is_only_foretold_it_is_known_a_little_later():
    known = follow([up(progress) for progress in LOWERED], foretold=True)
    assert [one is None for one in known] == [True, True, False, False, False, False]


@pytest.mark.parametrize(("beside", "is_lowering"), [(0.6, False), (0.3, True)])
def test_who_goes_beside_the_arc_is_not_lowering_and_it_stays_so(beside, is_lowering):
    way = [up(0.9), up(0.7, beside), up(0.5), up(0.4)]
    assert (follow(way)[-1] is not None) is is_lowering


def test_a_foretold_rep_must_keep_closer_to_the_arc():
    way = [up(0.9), up(0.8), up(0.6, 0.3), up(0.5)]
    assert follow(way)[-1] is not None
    assert follow(way, foretold=True)[-1] is None


def test_who_goes_beyond_the_start_or_over_the_turn_is_not_lowering():
    assert follow([up(-0.2)])[-1] is None
    assert follow([up(1.0 + np.pi / ARC_RAD)])[-1] is None
