"""Picture of a search: which parameters matter, and what trying their values gave."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from repcount.edges.plots.style import FAINT, GOOD, INK, SERIES, new_figure, plain

_MOST = 6


def draw_weights(
    weights: Mapping[str, float],
    tried: Mapping[str, Sequence[tuple[float, float]]],
    today: Mapping[str, float],
    found: Mapping[str, float],
) -> Figure | None:
    """A bar for each of the weightiest parameters, and beside it every value tried with its cost.

    `tried` is value and cost by parameter; `today` and `found` are marked. None where nothing is known.
    """
    names = list(weights)[:_MOST]
    if not names:
        return None
    figure = new_figure(10.0, 0.6 + 1.05 * len(names))
    grid = figure.subplots(len(names), 2, width_ratios=[1, 2.4], squeeze=False)
    widest = max(weights[name] for name in names)
    for (bar, dots), name in zip(grid, names, strict=True):
        bar.barh([0], [weights[name]], color=SERIES[0], height=0.5)
        bar.set_xlim(0, widest * 1.25)
        bar.set_yticks([])
        bar.set_xticks([])
        bar.set_title(name, loc="left", fontsize=9, color=INK)
        bar.text(weights[name], 0, f" {weights[name]:.0%}", va="center", fontsize=9, color=INK)
        values, costs = zip(*tried[name], strict=True)
        dots.plot(values, costs, "o", color=FAINT, ms=3, alpha=0.6, mew=0)
        dots.axvline(today[name], color=INK, lw=1, ls=":")
        if name in found:
            dots.axvline(found[name], color=GOOD, lw=1.6)
        plain(bar)
        plain(dots)
        dots.tick_params(labelsize=8)
    grid[0][0].set_title(f"Weight\n{names[0]}", loc="left", fontsize=9, color=INK)
    grid[0][1].set_title(
        "Each trial: sets off by the value (dotted: today, green: found)", loc="left", fontsize=9
    )
    return figure
