"""The report of `repcount tune`: a document and, beside it, a picture of what matters."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from repcount.edges.plots.style import save
from repcount.edges.plots.weights import draw_weights
from repcount.errors import InputError, Problem
from repcount.evaluate.tuning import Tuning, tuning_markdown


class TuningReport:
    """A document to be written to `path`; InputError at once where it cannot be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.parent.is_dir():
            raise InputError([Problem(str(path.parent), "is no folder", "Make it, or give another --out")])

    def write(
        self,
        tuning: Tuning,
        written: Path | None,
        tried: Mapping[str, Sequence[tuple[float, float]]],
        today: Mapping[str, float],
    ) -> None:
        """Draw and write."""
        found = {change.name: change.after for change in tuning.changes}
        figure = draw_weights(tuning.weights, tried, today, found)
        picture = self.path.with_suffix(".png")
        picture.unlink(missing_ok=True)
        if figure is not None:
            save(figure, picture)
        text = tuning_markdown(
            tuning, written.name if written else None, picture.name if figure is not None else None
        )
        try:
            self.path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError([Problem(str(self.path), f"cannot be written ({error.strerror})")]) from error
