"""Of the runs that see a set alike the best are kept, and those that began lately."""

from repcount.reps.rivals import best_rivals
from repcount.reps.run import HalfRep, Run
from repcount.reps.zigzag import Extremum

SIZES = 5


def a_run(track, first_tick, likeness, reps=6):
    halves = [
        HalfRep(
            Extremum(first_tick + 50 * k, (0.0, 0.0, 1.0)),
            Extremum(first_tick + 50 * k + 20, (0.5, 0.0, 0.8)),
        )
        for k in range(reps)
    ]
    run = Run.begun(track, False, halves[0], 0.0)
    run.halves, run.ends, run.likeness = halves, [None] * reps, likeness
    return run


def by_track(*runs):
    return {(run.track, run.peak_first): [run] for run in runs}


def flat(runs):
    return [run for some in runs.values() for run in some]


def test_the_best_of_each_size_are_kept_whatever_there_is():
    runs = [a_run(track, 0, likeness=track / 100) for track in range(120)]
    kept = flat(best_rivals(by_track(*runs), runs[-1], SIZES))
    assert runs[-1] in kept
    assert {run.track % SIZES for run in kept} == set(range(SIZES))
    assert len(kept) < 60
    assert min(run.likeness for run in kept) > max(run.likeness for run in runs if run not in kept)


def test_the_lead_is_kept_though_others_are_better():
    lead, *others = (a_run(SIZES * k, 0, likeness=0.1 * k) for k in range(24))
    assert lead in flat(best_rivals(by_track(lead, *others), lead, SIZES))


def test_what_began_lately_is_kept_though_it_is_worth_nothing_yet():
    lead = a_run(0, 0, likeness=5.0)
    new = [a_run(SIZES * k, lead.last_turn_tick, likeness=0.0, reps=1) for k in range(1, 24)]
    assert len(flat(best_rivals(by_track(lead, *new), lead, SIZES))) == 24
