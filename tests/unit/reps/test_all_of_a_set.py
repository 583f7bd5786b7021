"""Neither the first rep nor the order of a set is lost, nor is one made of what was none: simulated sets."""

from simulated import counted

from repcount.events import SetEnded
from repcount.simulate.collection import collection


def test_looking_at_a_watch_and_then_taking_the_bar_are_no_two_good_mornings():
    simulation = next(one for one in collection(69, 31) if one.name == "wrist_good_morning_0068").simulate()
    sets = [e for e in counted(simulation.batch, "good_morning") if isinstance(e, SetEnded) and e.rep_count]
    assert [one.rep_count for one in sets] == [len(simulation.reps)]
