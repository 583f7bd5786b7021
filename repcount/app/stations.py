"""All stations of the service: started, changed while the others go on, and taken back."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence

from repcount.app.runner import Sink
from repcount.app.service import Service
from repcount.app.station import LiveStation, StationOptions
from repcount.edges.ble import Backend
from repcount.errors import InputError, Problem

log = logging.getLogger(__name__)


class Stations:
    """Serves stations, each in a task of its own.

    Parameters
    ----------
    service
        What they publish by.
    sinks
        Told of the events of all.
    backend
        In place of the platform's Bluetooth.
    """

    def __init__(self, service: Service, sinks: Sequence[Sink] = (), backend: Backend | None = None) -> None:
        self._service, self._sinks, self._backend = service, sinks, backend
        self._served: dict[str, LiveStation] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stirred = asyncio.Event()

    @property
    def served(self) -> Mapping[str, LiveStation]:
        """Those there are, by id."""
        return self._served

    def start(self, station: LiveStation) -> None:
        """Begin to serve a station; InputError when another process serves it."""
        name = station.options.station
        station.open(self._service, self._sinks)
        self._served[name] = station
        task = self._tasks[name] = asyncio.create_task(station.run())
        task.add_done_callback(lambda _task: self._stirred.set())

    async def wait(self, *, for_ever: bool = False) -> None:
        """Wait until all have ended, as virtual sensors do, or `for_ever`; what ended one is raised."""
        while for_ever or not all(task.done() for task in self._tasks.values()):
            self._stirred.clear()
            await self._stirred.wait()
            self._raise_what_failed()
        self._raise_what_failed()

    async def apply(self, wanted: Iterable[StationOptions]) -> None:
        """Serve these and no others: what did not change goes on, what is not wanted is taken back.

        Raises
        ------
        InputError
            With all that is wrong with them; nothing has changed then.
        """
        wanted = list(wanted)
        made = [LiveStation(options, self._backend) for options in wanted if self._must_start(options)]
        for gone in set(self._served) - {options.station for options in wanted}:
            await self._stop(gone)
            self._service.forget(gone)
            log.info("%s is served no more", gone)
        for options in wanted:
            if not self._must_start(options):
                self._adapt(options)
        for station in made:
            await self._stop(station.options.station)
            self.start(station)

    async def close(self) -> None:
        """Stop them all."""
        await asyncio.gather(*(self._stop(name) for name in list(self._served)))

    def _must_start(self, options: StationOptions) -> bool:
        served = self._served.get(options.station)
        return served is None or not served.options.differs_in_wishes_alone(options)

    def _adapt(self, options: StationOptions) -> None:
        served = self._served[options.station]
        if served.options != options:
            served.adapt(options)
            self._service.rename(options.station, options.name)

    async def _stop(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        self._served.pop(name, None)
        if task is None:
            return
        task.cancel()
        await asyncio.wait([task])
        self._service.leave(name)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("%s: %s", name, error)

    def _raise_what_failed(self) -> None:
        for task in self._tasks.values():
            if task.done():
                task.result()


def open_stations(wanted: Iterable[StationOptions], backend: Backend | None = None) -> list[LiveStation]:
    """Make stations; InputError with all that is wrong with all of them."""
    made: list[LiveStation] = []
    problems: list[Problem] = []
    for options in wanted:
        try:
            made.append(LiveStation(options, backend))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return made
