"""The same work on many inputs, on all cores, with the results in the order of the inputs."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol, Self, TypeVar

from repcount.app.processes import begin_worker
from repcount.errors import InputError, Problem

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""A worker fills its core by itself; threads that numpy's libraries start besides only get in the way."""

INPUTS_PER_TRIP = 4
"""Sent to a worker at a time: most inputs take little longer than the sending."""
_MOST_DEATHS = 3
"""Without a result in between: then the work kills them, most often for want of memory."""


class Workers(Protocol):
    """Whoever does the same work on many inputs; `far` where they may not see the files of this machine."""

    @property
    def far(self) -> bool:
        """Whether files are to be read here."""

    def map(
        self, function: Callable[[_In], _Out], inputs: Iterable[_In], at_a_time: int = INPUTS_PER_TRIP
    ) -> Generator[_Out, None, None]:
        """Results of `function`, which a fresh process must be able to import, in the order of `inputs`.

        `at_a_time` inputs may be sent together: 1 where each takes long.
        """


class Processes:
    """`jobs` processes on this machine, by default one a core; 1 works in this process.

    They are started for the first work and stay for the next. When this process is interrupted or an iterator
    is closed, they end at once. Work whose process died is done by another, and a result is taken once.
    """

    far = False

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(
        self, function: Callable[[_In], _Out], inputs: Iterable[_In], at_a_time: int = INPUTS_PER_TRIP
    ) -> Generator[_Out, None, None]:
        """Results of `function`, which a fresh process must be able to import, in the order of `inputs`.

        Raises
        ------
        InputError
            When processes die of the work.
        """
        inputs = list(inputs)
        if min(self.jobs, len(inputs)) <= 1:
            yield from map(function, inputs)
            return
        done = deaths = 0
        try:
            while done < len(inputs):
                try:
                    for result in self._sent(function, inputs[done:], at_a_time):
                        done, deaths = done + 1, 0
                        yield result
                except BrokenProcessPool:
                    self._pool, deaths = None, deaths + 1
                    if deaths == _MOST_DEATHS:
                        raise _they_die() from None
        except (KeyboardInterrupt, GeneratorExit):
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise

    def _sent(self, function: Callable[[_In], _Out], inputs: Sequence[_In], at_a_time: int) -> Iterator[_Out]:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=begin_worker)
        with _worker_environment():
            return self._pool.map(function, inputs, chunksize=at_a_time)


def _they_die() -> InputError:
    mend = "Give fewer --jobs; most often their memory is short"
    return InputError([Problem("", "the processes that count die of the work", mend)])


@contextmanager
def open_workers(jobs: int | None, scheduler: str | None) -> Iterator[Workers]:
    """Open the workers of a Dask cluster, or processes where no scheduler is named.

    Raises
    ------
    InputError
        When there is no such cluster, or what it takes is not installed.
    """
    if scheduler is None:
        with Processes(jobs) as processes:
            yield processes
        return
    from repcount.edges.cluster import Cluster  # noqa: PLC0415 - an extra, which says so where it is missing

    with Cluster(scheduler) as cluster:
        yield cluster


def map_in_order(
    function: Callable[[_In], _Out], inputs: Sequence[_In], jobs: int | None = None
) -> Generator[_Out, None, None]:
    """Results of `function` in the order of `inputs`, by `Processes` for this work alone."""
    with Processes(min(jobs or os.cpu_count() or 1, len(inputs))) as processes:
        yield from processes.map(function, inputs)


@contextmanager
def _worker_environment() -> Iterator[None]:
    """What processes started meanwhile inherit: one thread a library, and deafness to Ctrl-C.

    The terminal sends Ctrl-C to the workers too; stopping them is this process's business.
    """
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
