"""The same work on many inputs, on all cores, with the results in the order of the inputs."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""A worker fills its core by itself; threads that numpy's libraries start besides only get in the way."""

_INPUTS_PER_TRIP = 4
"""Sent to a worker at a time: most inputs take little longer than the sending."""


def map_in_order(
    function: Callable[[_In], _Out], inputs: Sequence[_In], jobs: int | None = None
) -> Generator[_Out, None, None]:
    """Results of `function`, which a fresh process must be able to import, in the order of `inputs`.

    `jobs` are processes, by default one a core; 1 works in this process. When this process is interrupted or
    the iterator is closed, the workers end at once.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(inputs))
    if jobs <= 1:
        yield from map(function, inputs)
        return
    with ProcessPoolExecutor(
        jobs,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        try:
            with _worker_environment():
                results = pool.map(function, inputs, chunksize=_INPUTS_PER_TRIP)
            yield from results
        except (KeyboardInterrupt, GeneratorExit):
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


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
