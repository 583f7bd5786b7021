"""Pictures of the report card: errors of the count, of the phases, and how late the number is said."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from statistics import fmean, stdev

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from repcount.edges.plots.style import BAD, CONCENTRIC, ECCENTRIC, FAINT, GOOD, INK, SERIES, new_figure, plain
from repcount.evaluate.score import Score

_LOA_SD = 1.96
_SMALL_GAP = 1.5
"""Between groups of bars, in bars."""

_FEWEST_BARS = 8

_GOALS_S = ((0.3, 0.6, "-"), (0.8, 1.2, ":"))
"""Half of the numbers within the first, 95 of 100 within the second: with a good sensor, and at least."""

_LATEST_S = 8.0


def draw_set_errors(scores: Iterable[Score]) -> Figure | None:
    """A bar for each set with a trusted count, counted less true, by exercise and placement; None if none."""
    groups = _groups(s for s in scores if not s.is_null and s.reps_true is not None)
    if not groups:
        return None
    least = max(_FEWEST_BARS, sum(map(len, groups.values())) // (3 * len(groups)))  # room for the name
    total = sum(max(least, len(group)) + _SMALL_GAP for group in groups.values())
    figure = new_figure(min(20.0, max(7.0, 0.14 * total)), 4.2)
    axes = figure.subplots()
    at, middles, names = 0.0, [], []
    for name, group in groups.items():
        errors = [s.counted - (s.reps_true or 0) for s in group]
        first = at + max(0.0, (least - len(errors)) / 2)
        _error_bars(axes, first, errors)
        exact = sum(error == 0 for error in errors)
        middles.append(first + (len(errors) - 1) / 2)
        names.append(f"{name.replace(', ', chr(10))}\n{exact} of {len(errors)} exact")
        at += max(least, len(errors)) + _SMALL_GAP
    axes.axhspan(-1, 1, color=FAINT, alpha=0.15, lw=0, zorder=0)
    axes.axhline(0, color=INK, lw=0.8)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -2.2), max(high, 2.2))
    axes.set_xlim(-_SMALL_GAP, at - _SMALL_GAP + 0.5)
    axes.set_xticks(middles, names, fontsize=9)
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("reps counted less true")
    axes.set_title("Each set: a dot is exact, a bar is off (grey: within one)", loc="left", fontsize=11)
    plain(axes)
    return figure


def _error_bars(axes: Axes, first: float, errors: Sequence[int]) -> None:
    x = first + np.arange(len(errors))
    height = np.array(errors)
    off = height != 0
    axes.bar(x[off], height[off], width=0.75, color=BAD, lw=0)
    axes.plot(x[~off], height[~off], "o", color=GOOD, ms=3.5)


def draw_phase_errors(scores: Iterable[Score]) -> Figure | None:
    """A dot for each rep, ours less the label's, with bias and limits of agreement; None without labels."""
    groups = _groups(s for s in scores if s.eccentric_errors_s or s.concentric_errors_s)
    if not groups:
        return None
    figure = new_figure(11.0, 1.5 + 0.75 * len(groups))
    left, right = figure.subplots(1, 2, sharey=True, sharex=True)
    _phase_panel(left, groups, "eccentric", ECCENTRIC, lambda s: s.eccentric_errors_s)
    _phase_panel(right, groups, "concentric", CONCENTRIC, lambda s: s.concentric_errors_s)
    left.set_yticks(range(len(groups)), list(groups))
    left.set_ylim(len(groups) - 0.5, -0.6)
    return figure


def _phase_panel(
    axes: Axes,
    groups: dict[str, list[Score]],
    phase: str,
    colour: str,
    errors_of: Callable[[Score], tuple[float, ...]],
) -> None:
    rng = np.random.default_rng(0)  # spreads the dots, the same way each time
    axes.axvline(0, color=INK, lw=0.8)
    for row, group in enumerate(groups.values()):
        errors_s = list(chain.from_iterable(errors_of(s) for s in group))
        if not errors_s:
            continue
        spread = row + rng.uniform(-0.24, 0.24, len(errors_s))
        axes.plot(errors_s, spread, "o", color=colour, ms=3.5, alpha=0.7, mew=0)
        bias_s = fmean(errors_s)
        loa_s = _LOA_SD * stdev(errors_s) if len(errors_s) > 1 else 0.0
        axes.errorbar(bias_s, row, xerr=loa_s, fmt="D", color=INK, ms=5, capsize=5, lw=1.6)
        said = f"{bias_s:+.2f} ± {loa_s:.2f} s, {len(errors_s)} reps"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        axes.text(bias_s, row - 0.36, said, ha="center", va="center", fontsize=8, color=INK, bbox=box)
    axes.set_title(f"Length of the {phase}: bias and limits of agreement", loc="left", fontsize=11)
    axes.set_xlabel("ours less the label's (s)")
    axes.grid(axis="x", color=FAINT, alpha=0.25)
    plain(axes)


def draw_latencies(scores: Iterable[Score]) -> Figure | None:
    """The share of numbers said within a time of the end of the concentric; None if none was said."""
    groups = _groups(s for s in scores if not s.is_null and s.latencies_s)
    if not groups:
        return None
    figure = new_figure(9.0, 4.4)
    axes = figure.subplots()
    latest_s = 0.0
    for k, (name, group) in enumerate(groups.items()):
        late_s = np.sort(list(chain.from_iterable(s.latencies_s for s in group)))
        colour, dash = SERIES[k % len(SERIES)], ("-", "--")[k // len(SERIES) % 2]
        label = f"{name}: {np.percentile(late_s, 50):.2f} / {np.percentile(late_s, 95):.2f} s"
        axes.ecdf(late_s, color=colour, ls=dash, lw=2, label=label)
        latest_s = max(latest_s, float(np.percentile(late_s, 98)))
    for half_s, most_s, dash in _GOALS_S:
        axes.vlines([half_s, most_s], 0, [0.5, 0.95], color=FAINT, ls=dash, lw=1.2)
        axes.plot([half_s, most_s], [0.5, 0.95], "k.", ms=5)
        for goal_s, share in ((half_s, 0.5), (most_s, 0.95)):
            axes.text(goal_s, share + 0.015, f"{goal_s:g}", fontsize=8, ha="center", color=INK)
    axes.axhline(0.5, color=FAINT, lw=0.6)
    axes.axhline(0.95, color=FAINT, lw=0.6)
    axes.set_xlim(0, min(_LATEST_S, max(1.6, math.ceil(latest_s * 2) / 2)))
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 0.95], ["0 %", "25 %", "50 %", "75 %", "95 %"])
    axes.set_xlabel("said after the end of the concentric (s)")
    axes.set_title(
        "How late the number is said (marks: half of them, and 95 %, by then)", loc="left", fontsize=11
    )
    axes.legend(title="median / 95 %", frameon=False, loc="lower right", fontsize=8, title_fontsize=8)
    plain(axes)
    return figure


def _groups(scores: Iterable[Score]) -> dict[str, list[Score]]:
    """Scores by exercise and placement, named for people, in the order of the card."""
    groups: defaultdict[tuple[str, str], list[Score]] = defaultdict(list)
    for one in scores:
        groups[one.exercise, one.placement].append(one)
    return {f"{e.replace('_', ' ')}, {p}": group for (e, p), group in sorted(groups.items())}
