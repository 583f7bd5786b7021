"""Ending a running service: Ctrl-C and a polite kill both let it put everything away."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

EXIT_INTERRUPTED = 130
_T = TypeVar("_T")


def run_until_interrupted(main: Coroutine[None, None, int]) -> int:
    """Run `main`; on Ctrl-C it is cancelled and 130 returned, on SIGTERM likewise and 0."""
    return run_watching_sockets(_run(main))


def run_watching_sockets(main: Coroutine[None, None, _T]) -> _T:
    """Run `main` in a loop that watches sockets, as MQTT needs it: the usual one of Windows does not."""
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(main)


async def _run(main: Coroutine[None, None, int]) -> int:
    task = asyncio.ensure_future(main)
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        task.cancel()

    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows: asyncio.run cancels on Ctrl-C by itself
        loop.add_signal_handler(signal.SIGINT, end, EXIT_INTERRUPTED)
        loop.add_signal_handler(signal.SIGTERM, end, 0)
    try:
        return await task
    except asyncio.CancelledError:
        return codes[0] if codes else EXIT_INTERRUPTED
