"""A first rep that was getting on is taken out while the set goes on, and does not come back."""

from types import SimpleNamespace

from repcount.exercises.pull_up import MODEL
from repcount.reps.getting_on import GettingOn
from repcount.reps.phases import Span
from repcount.reps.seen import SeenRep

UP = (1.0, 0.0, 0.0)
MOVEMENT = MODEL.movements["wrist"]


class Verdicts:
    """Says of the first rep what it was given, one verdict a time, and notes of how many reps."""

    def __init__(self, *foreign):
        self.left, self.asked = list(foreign), []

    def begins_foreign(self, _movement, _lead, reps, _surer):
        self.asked.append(len(reps))
        return self.left.pop(0)


def reps(n, first_tick=100):
    ticks = range(first_tick, first_tick + 100 * n, 100)
    spans = [(t, Span(t / 25 - 1, t / 25), Span(t / 25, t / 25 + 2)) for t in ticks]
    return [SeenRep(t, first, second, 20.0, 1.0, UP, UP) for t, first, second in spans]


def looked(getting_on, *counts, first_tick=100):
    for n in counts:
        getting_on.look(MOVEMENT, SimpleNamespace(reps=n), reps(n, first_tick))
    return len(getting_on.without(reps(counts[-1], first_tick)))


def test_what_was_found_foreign_stays_out_whatever_the_next_rep_tells():
    getting_on = GettingOn(Verdicts(False, True))
    assert looked(getting_on, 3) == 3
    assert looked(getting_on, 4) == 3
    assert looked(getting_on, 5, 6) == 5


def test_it_is_asked_once_a_rep():
    verdicts = Verdicts(False, False)
    looked(GettingOn(verdicts), 3, 3, 3, 4, 4)
    assert verdicts.asked == [3, 4]


def test_another_run_and_another_set_have_their_own_first_rep():
    getting_on = GettingOn(Verdicts(True))
    assert looked(getting_on, 4) == 3
    assert len(getting_on.without(reps(4, first_tick=900))) == 4
    getting_on.reset()
    assert len(getting_on.without(reps(4))) == 4


def test_it_goes_on_from_a_snapshot():
    getting_on, other = GettingOn(Verdicts(True)), GettingOn(Verdicts())
    looked(getting_on, 4)
    other.restore(getting_on.snapshot())
    assert len(other.without(reps(4))) == 3
