"""Questions whose answer takes a while: it comes in parts, each a message on `cmd-result`."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass

from repcount.edges.mqtt.payloads import MOST_ERROR, Message, refusal_message, result_message
from repcount.edges.mqtt.requests import Request
from repcount.errors import InputError, LinkError, Problem

MOST_AT_ONCE = 8
"""Questions under way: a handful of pages, each of which asks one thing at a time."""
FAILED = "the program failed at this; its log says why"

log = logging.getLogger(__name__)

Result = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of an answer; the last is `done`."""

    result: Result
    done: bool = False


Parts = AsyncGenerator[Part, None]


class Answers:
    """Publishes the parts of answers as they come, each question in a task of its own."""

    def __init__(self, say: Callable[[Iterable[Message]], None]) -> None:
        self._say = say
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, request: Request, parts: Parts) -> None:
        """Answer `request` with `parts`, or refuse it while too many others are under way."""
        if len(self._under_way) >= MOST_AT_ONCE:
            problem = Problem(f"cmd/{request.cmd}", "too much is asked at once", "Ask again in a moment.")
            self._say([refusal_message(request.station, request.cmd, request.cmd_id, InputError([problem]))])
            return
        task = asyncio.create_task(self._answer(request, parts))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Leave what is under way unanswered."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _answer(self, request: Request, parts: Parts) -> None:
        who = request.station, request.cmd, request.cmd_id
        try:
            async with aclosing(parts):
                async for part in parts:
                    self._say([result_message(*who, None, part.result, done=part.done)])
        except InputError as wrong:
            self._say([refusal_message(*who, wrong)])
        except LinkError as error:
            self._say([result_message(*who, str(error)[:MOST_ERROR])])
        except Exception:
            log.exception("cmd/%s failed", request.cmd)
            self._say([result_message(*who, FAILED)])
