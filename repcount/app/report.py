"""`repcount evaluate --report`: the report card as a document with plots beside it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from repcount.edges.plots.card import draw_latencies, draw_phase_errors, draw_set_errors
from repcount.edges.plots.style import save
from repcount.errors import InputError, Problem
from repcount.evaluate.markdown import Picture, Section, markdown

_PLOTS = (
    ("Errors of each set", "sets", draw_set_errors),
    ("Errors of the phases", "phases", draw_phase_errors),
    ("Latency", "latency", draw_latencies),
)


class ReportFile:
    """A document to be written; its plots go to a folder of its name beside it.

    Raises
    ------
    InputError
        At once, when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.with_suffix("")
        try:
            if self.folder == path:
                raise InputError([Problem(str(path), "has no ending", "Call it something.md")])
            self.folder.mkdir(parents=True, exist_ok=True)
            if path.exists():
                path.open("a").close()
        except OSError as error:
            raise InputError([Problem(str(path), f"cannot be written ({error.strerror})")]) from error

    def write(self, sections: Sequence[Section]) -> None:
        """Draw the plots of each section and write the document."""
        drawn: list[Section] = []
        for k, section in enumerate(sections, 1):
            name = _slug(section.title)
            if name in {_slug(other.title) for other in sections if other is not section}:
                name = f"{name}-{k}"
            drawn.append(replace(section, pictures=tuple(self._draw(name, section))))
        self.path.write_text(markdown(drawn), encoding="utf-8")

    def _draw(self, name: str, section: Section) -> Iterator[Picture]:
        for title, what, draw in _PLOTS:
            path = self.folder / f"{name}-{what}.png"
            figure = draw(section.scores)
            if figure is None:
                path.unlink(missing_ok=True)  # of an earlier run
                continue
            save(figure, path)
            yield Picture(f"{title}: {section.title}", f"{self.folder.name}/{path.name}")


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "collection"
