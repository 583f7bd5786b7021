"""Which of the many runs that see the same set are kept while it goes on, and which of two tells more of it.

Rules: many directions see a set alike, and their runs hold as many reps as it has; of each size of turn and
each order the best few are as good as all. Those that began lately are kept, whatever they are worth yet.
"""

from repcount.reps.run import Run, RunParams, distance

Runs = dict[tuple[int, bool], list[Run]]


def best_rivals(runs: Runs, lead: Run, sizes: int) -> Runs:
    """Return `lead` and what may still take over from it; `sizes`: thresholds a direction has."""
    since_tick = lead.halves[-2:][0].turn.tick
    ranked = sorted((run for some in runs.values() for run in some), key=lambda run: -run.score)
    kept: Runs = {}
    count: dict[tuple[int, bool], int] = {}
    for run in ranked:
        kind = run.track % sizes, run.peak_first
        if run.first_tick < since_tick and run is not lead:
            count[kind] = count.get(kind, 0) + 1
            if count[kind] > _BEST_OF_A_KIND:
                continue
        kept.setdefault((run.track, run.peak_first), []).append(run)
    return kept


def tells_more(run: Run, other: Run, params: RunParams) -> bool:
    """Whether `run` has every rep of the other, and others before them.

    The first rep of a set leaves from rest, so it is less alike than those after it: a run that has not seen
    it looks better, but tells less. It turns where the others do; who gets on hardly ever does.
    """
    more = run.reps - other.reps
    if more <= 0 or run.first_tick >= other.first_tick or not run.goes_like(other, params):
        return False
    near_g = _AS_FAR * other.range_g
    if any(distance(half.turn.pose, other.turn) > near_g for half in run.halves[:more]):
        return False
    near_ticks = _NEAR * (run.last_turn_tick - run.halves[0].turn.tick) / (run.reps - 1)
    pairs = zip(run.halves[more:], other.halves, strict=True)
    return all(abs(its.turn.tick - others.turn.tick) < near_ticks for its, others in pairs)


_NEAR, _AS_FAR = 0.25, 0.2
"""Two runs turn at the same rep where they do so within this share of their pace; first reps of 300 sets (of
both simulators) turn within this share of their range of where the others do, getting on does not."""
_BEST_OF_A_KIND = 8
"""Larger: more memory while a set goes on, and a few more mistakes are mended."""
