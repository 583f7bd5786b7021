from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from repcount.evaluate.matching import match, tolerance_s
from repcount.events import Rep
from repcount.truth import TrueRep


def rep(turn_s, index=1):
    return Rep(
        rep_index=index,
        start_s=turn_s - 1,
        turn_s=turn_s,
        end_s=turn_s + 1,
        eccentric_s=1.0,
        pause_lengthened_s=None,
        concentric_s=1.0,
        pause_shortened_s=0.0,
        controlled=None,
        partial=False,
        rom_deg=None,
        rom_m=None,
        mean_concentric_velocity_m_s=None,
        depth_deg=None,
        trunk_sway_deg=None,
    )


def label(turn_s, length_s=2.0, kind="rep"):
    return TrueRep(
        kind=kind,
        start_s=turn_s - length_s / 2,
        turn_s=None if kind == "hold" else turn_s,
        end_s=turn_s + length_s / 2,
        eccentric_s=None,
        pause_lengthened_s=None,
        concentric_s=None,
        pause_shortened_s=None,
    )


def turns(found):
    return [(r.turn_s, t.turn_s) for r, t in found.matched]


times_s = st.lists(st.integers(0, 60).map(lambda k: k / 4), max_size=7, unique=True)


@given(times_s, times_s, st.sampled_from([0.5, 2.0, 8.0]))
def test_matching_is_one_to_one_within_tolerance_and_loses_nothing(rep_turns, label_turns, length_s):
    reps, labels = [rep(t) for t in rep_turns], [label(t, length_s) for t in label_turns]
    found = match(reps, labels)
    assert sorted(r.turn_s for r in (*(r for r, _ in found.matched), *found.extra)) == sorted(rep_turns)
    assert sorted(t.turn_s for t in (*(t for _, t in found.matched), *found.missed)) == sorted(label_turns)
    assert all(abs(r.turn_s - t.turn_s) <= tolerance_s(t) for r, t in found.matched)


@given(times_s, times_s, st.sampled_from([0.5, 8.0]))
def test_labels_of_one_length_are_matched_in_the_order_of_time(rep_turns, label_turns, length_s):
    found = match([rep(t) for t in rep_turns], [label(t, length_s) for t in label_turns])
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(turns(found)))


@given(
    times_s.filter(lambda t: len(t) <= 5),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([1, 8, 16])), max_size=5),
)
def test_no_other_pairing_finds_more_reps(rep_turns, label_parts):
    labels = [label(turn / 4, length_s) for turn, length_s in label_parts]
    padded = [*rep_turns, *[None] * len(labels)]
    most = max(
        sum(
            t is not None and abs(t - one.turn_s) <= tolerance_s(one)
            for t, one in zip(order, labels, strict=False)
        )
        for order in permutations(padded, len(labels))
    )
    assert len(match([rep(t) for t in rep_turns], labels).matched) == most


@given(times_s, times_s, st.randoms(use_true_random=False))
def test_the_order_of_the_inputs_does_not_matter(rep_turns, label_turns, random):
    reps, labels = [rep(t) for t in rep_turns], [label(t) for t in label_turns]
    found = match(reps, labels)
    random.shuffle(reps)
    random.shuffle(labels)
    assert match(reps, labels) == found


@given(times_s, times_s)
def test_running_time_backwards_finds_as_many(rep_turns, label_turns):
    forward = match([rep(t) for t in rep_turns], [label(t) for t in label_turns])
    backward = match([rep(-t) for t in rep_turns], [label(-t) for t in label_turns])
    assert len(forward.matched) == len(backward.matched)


def test_a_rep_goes_to_the_nearer_label_and_the_other_is_missed():
    found = match([rep(10.1)], [label(9.7), label(10.2)])
    assert turns(found) == [(10.1, 10.2)]
    assert [one.turn_s for one in found.missed] == [9.7]


def test_finding_both_reps_beats_the_nearest_pair():
    found = match([rep(10.0), rep(10.45)], [label(9.6), label(10.1)])
    assert turns(found) == [(10.0, 9.6), (10.45, 10.1)]


def test_tolerance_is_half_a_second_or_a_quarter_of_a_long_rep():
    assert len(match([rep(10.5)], [label(10.0, 1.0)]).matched) == 1
    assert len(match([rep(10.51)], [label(10.0, 1.0)]).matched) == 0
    assert len(match([rep(12.0)], [label(10.0, 8.0)]).matched) == 1
    assert len(match([rep(12.01)], [label(10.0, 8.0)]).matched) == 0


def test_holds_are_neither_found_nor_missed():
    found = match([rep(10.0)], [label(10.0, kind="hold")])
    assert (found.matched, found.missed, len(found.extra)) == ((), (), 1)


def test_nothing_against_nothing():
    assert match([], []) == match([], [label(1.0, kind="hold")])
