"""`repcount studio`: recordings on a page, to be looked at, labelled and counted otherwise."""

import asyncio
import webbrowser
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from repcount.app import bench
from repcount.app.output import can_show_a_page, say
from repcount.app.processes import Workers
from repcount.app.source import check_recording
from repcount.edges.recording import CAPTURE_NAME, META_NAME, read_meta
from repcount.edges.studio import Studio
from repcount.edges.studio.server import Data
from repcount.errors import InputError, Problem, did_you_mean

MOST_REPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioOptions:
    """A folder of recordings, or one recording; `salvage` leaves out what of them cannot be read.

    With `browser` the page is opened, where there is somebody to see it.
    """

    path: Path
    port: int = 8331
    browser: bool = True
    salvage: bool = False


async def studio(options: StudioOptions) -> int:
    """Serve the page until interrupted; InputError where there is nothing to show."""
    with Workers() as workers:
        table = Table(options.path, workers, salvage=options.salvage)
        page = Studio(table, port=options.port)
        await page.start()
        url = page.url + (f"#{quote(table.only)}" if table.only else "")
        say(f"studio     {url}")
        say("           Ctrl-C ends it")
        if options.browser and can_show_a_page():
            await asyncio.to_thread(webbrowser.open, url)
        try:
            await asyncio.Event().wait()
        finally:
            await page.stop()
    return 0


class Table:
    """The recordings of a folder, as the studio asks about them.

    Attributes
    ----------
    only
        Name of the one recording; None where it is a folder of them.
    """

    def __init__(self, path: Path, workers: Workers, *, salvage: bool) -> None:
        if not path.is_dir():
            what, mend = "is no folder", "Give a folder of recordings, or one of them"
            raise InputError([Problem(str(path), what if path.exists() else "is missing", mend)])
        is_recording = any((path / name).is_file() for name in (META_NAME, CAPTURE_NAME))
        self.only = path.resolve().name if is_recording else None
        self._folder = path.resolve().parent if is_recording else path.resolve()
        self._workers, self._salvage = workers, salvage
        if is_recording and not salvage:
            check_recording(path)
        if not is_recording and not self._paths():
            mend = f"A recording is a folder with {META_NAME}; `repcount record` makes one"
            raise InputError([Problem(str(path), "holds no recording", mend)])

    def _paths(self) -> dict[str, Path]:
        found = {
            file.parent.name: file.parent
            for name in (META_NAME, CAPTURE_NAME)
            for file in self._folder.glob(f"*/{name}")
        }
        return {name: path for name, path in sorted(found.items()) if self.only in {None, name}}

    def _path(self, name: str) -> Path:
        paths = self._paths()
        if name not in paths:
            raise InputError([Problem("recording", f"there is no {name!r}", did_you_mean(name, paths))])
        return paths[name]

    def listed(self) -> list[Data]:
        """Name, time, wearer and exercise of each, or what is wrong with it."""
        return [self._listed(name, path) for name, path in self._paths().items()]

    @staticmethod
    def _listed(name: str, path: Path) -> Data:
        try:
            meta = read_meta(path)
        except InputError as error:
            return {"name": name, "problems": [str(problem) for problem in error.problems]}
        return {
            "name": name,
            "when": meta.when.isoformat(),
            "wearer": meta.wearer,
            "exercise": meta.exercise,
            "placements": [one.placement for one in meta.sensors.values()],
        }

    async def verdict(self, name: str) -> Data:
        """What is counted in it; takes long the first time."""
        return await self._workers.call(
            partial(bench.verdict, self._path(name), salvage=self._salvage), quick=False
        )

    async def opened(self, name: str) -> Data:
        """Everything but the signal."""
        return await self._workers.call(partial(bench.opened, self._path(name), salvage=self._salvage))

    async def doubts(self, name: str) -> Data:
        """What was never taken for a set; takes long the first time."""
        return await self._workers.call(
            partial(bench.doubts, self._path(name), salvage=self._salvage), quick=False
        )

    async def signal(self, name: str, kind: str) -> bytes:
        """Axes or curve."""
        return await self._workers.call(partial(bench.signal, self._path(name), kind, salvage=self._salvage))

    async def rerun(self, name: str, asked: Data) -> Data:
        """Count with other parameters."""
        key, values = str(asked.get("key")), _numbers(asked.get("values"), "values")
        stretch = [_number(asked.get(key), key) for key in ("from_s", "to_s")]
        return await self._workers.call(
            partial(bench.rerun, self._path(name), key, values, *stretch, salvage=self._salvage)
        )

    async def save(self, name: str, asked: Data) -> Data:
        """Write the labels, if those on disk are still what the page has read."""
        work = partial(bench.save, self._path(name), asked, salvage=self._salvage)
        return await self._workers.call(work)

    async def unsave(self, name: str, asked: Data) -> Data:
        """Put back the labels that the last saving replaced."""
        return await self._workers.call(partial(bench.unsave, self._path(name), asked))

    async def correct(self, name: str, asked: Data) -> Data:
        """Keep a count and calibrate."""
        rep_count, which = asked.get("rep_count"), asked.get("set")
        if not (type(rep_count) is int and 0 <= rep_count <= MOST_REPS):
            raise InputError([Problem("rep_count", f"is no whole number from 0 to {MOST_REPS}")])
        if which is not None and type(which) is not int:
            raise InputError([Problem("set", "is no whole number")])
        work = partial(bench.correct, self._path(name), rep_count, which, salvage=self._salvage)
        return await self._workers.call(work, quick=False)

    async def uncorrect(self, name: str) -> Data:
        """Take the last count back."""
        return await self._workers.call(partial(bench.uncorrect, self._path(name)), quick=False)


def _numbers(data: Any, place: str) -> dict[str, float]:  # noqa: ANN401 - what a page sends
    if not isinstance(data, dict):
        raise InputError([Problem(place, "is no table of numbers")])
    return {str(key): _number(value, f"{place}.{key}") for key, value in data.items()}


def _number(value: Any, place: str) -> float:  # noqa: ANN401 - as above
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InputError([Problem(place, f"is {value!r}, not a number")])
    return float(value)
