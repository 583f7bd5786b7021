"""Work off the event loop: processes of our own, so that what takes long delays no count."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Self, TypeVar

from repcount.errors import InputError, Problem

_Out = TypeVar("_Out")


class Workers:
    """Two processes: one answers at once, the other does what takes long, so neither waits for the other.

    A context manager; what is under way when it ends is left.
    """

    def __init__(self) -> None:
        self._pools: dict[bool, ProcessPoolExecutor] = {}

    def _pool(self, *, quick: bool) -> ProcessPoolExecutor:
        """Made when it is first wanted: most services are never told that a count was wrong."""
        if quick not in self._pools:
            self._pools[quick] = ProcessPoolExecutor(
                1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=begin_worker,
                initargs=(0 if quick else _NICE,),
            )
        return self._pools[quick]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End both, whatever they are at."""
        for pool in self._pools.values():
            for worker in list((pool._processes or {}).values()):  # noqa: SLF001 - nothing else ends a call
                worker.terminate()
            pool.shutdown(wait=True, cancel_futures=True)

    async def call(self, work: Callable[[], _Out], *, quick: bool = True) -> _Out:
        """Do it in a process of ours; `work` is a `partial` of a function that a fresh process can import."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool(quick=quick), work)
        except BrokenProcessPool:
            self._pools.pop(quick, None)
            mend = "Try again; there may be too little memory for a recording this long"
            raise InputError([Problem("", "the process that counts was ended", mend)]) from None


def begin_worker(nice: int = 0) -> None:
    """Be a worker: deaf to Ctrl-C, which is the parent's business, and gone when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):  # not on Windows
        os.nice(nice)
    threading.Thread(target=_die_with_the_parent, daemon=True).start()


def _die_with_the_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)  # nobody is left to take a result


_NICE = 10
"""What takes long must not delay a count."""
