"""An event loop whose time passes only while everybody waits: minutes of radio in milliseconds."""

import asyncio
import selectors
from functools import wraps


class _Leap(selectors.DefaultSelector):
    def __init__(self):
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        ready = super().select(0)
        if not ready:
            self.now_s += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self):
        return self._leap.now_s


def in_virtual_time(test):
    """Run an async test in a loop of its own."""

    @wraps(test)
    def run(*args, **kwargs):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def now_s():
    """Virtual time."""
    return asyncio.get_running_loop().time()
