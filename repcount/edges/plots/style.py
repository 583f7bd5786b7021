"""What all pictures share: size, colours, and how they become a PNG. No window is ever opened."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from repcount.errors import InputError, Problem

# Colours that people who confuse red and green tell apart (Okabe and Ito 2008).
CONCENTRIC = "#56B4E9"
ECCENTRIC = "#E69F00"
PAUSE = "#D9D9D9"
HOLD = "#009E73"
GOOD = "#009E73"
BAD = "#D55E00"
INK = "#333333"
FAINT = "#9A9A9A"
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5195", "#333333")

_DPI = 120


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty picture."""
    figure = Figure(figsize=(width_in, height_in), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def plain(axes: Axes) -> None:
    """Take away what is no data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK, labelsize=9)
    axes.set_axisbelow(True)


def save(figure: Figure, path: Path) -> None:
    """Write a PNG, the same bytes for the same picture; InputError where that cannot be."""
    try:
        figure.savefig(path, format="png", dpi=_DPI, metadata={"Software": None})
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be written ({error.strerror})")]) from error
