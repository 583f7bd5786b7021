"""Which of the many runs that see the same set are kept while it goes on.

Rules: many directions see a set alike, and their runs hold as many reps as it has; of each size of turn and
each order the best few are as good as all. Those that began lately are kept, whatever they are worth yet.
"""

from repcount.reps.run import Run

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


_BEST_OF_A_KIND = 8
"""Larger: more memory while a set goes on, and a few more mistakes are mended."""
