"""The web server of the studio: the page, and what it asks of recordings, which `Bench` answers."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from repcount.edges.dashboard.server import STATIC as DASHBOARD_STATIC
from repcount.edges.recording.label_history import ChangedError
from repcount.edges.site import TOKEN_BYTES, Site, page
from repcount.errors import InputError

STATIC = Path(__file__).parent / "static"
MOST_BYTES = 4 << 20
"""Labels of an hour are a tenth of it."""
CHANGED = 409
COOKIE = "repcount_studio"
Data = Mapping[str, Any]


class Bench(Protocol):
    """Whoever knows the recordings; every verb but `listed` may take long, and raises InputError."""

    def listed(self) -> list[Data]:
        """What is known of every recording without counting it."""

    async def verdict(self, name: str) -> Data:
        """What is counted in it."""

    async def opened(self, name: str) -> Data:
        """Everything but the signal."""

    async def doubts(self, name: str) -> Data:
        """What recurs in it and was never taken for a set, with why."""

    async def signal(self, name: str, kind: str) -> bytes:
        """The axes of a sensor, or the `curve`, as `pyramid.pack` has it."""

    async def rerun(self, name: str, asked: Data) -> Data:
        """Count a stretch with other parameters."""

    async def save(self, name: str, asked: Data) -> Data:
        """Write the labels."""

    async def unsave(self, name: str, asked: Data) -> Data:
        """Write the labels that the last saving replaced."""

    async def correct(self, name: str, asked: Data) -> Data:
        """Keep a count and calibrate."""

    async def uncorrect(self, name: str) -> Data:
        """Take the last count back."""


class Studio(Site):
    """Serves the studio on loopback from `port` on.

    Whoever can reach that on this machine is not therefore allowed to change files: there is a token.
    """

    def __init__(self, bench: Bench, *, port: int = 8331) -> None:
        app = web.Application(client_max_size=MOST_BYTES)
        self._bench = bench
        one = "/api/recordings/{name}"
        app.router.add_get("/", page(STATIC))
        app.router.add_get("/api/recordings", self._list)
        app.router.add_get(one, self._ask(lambda name, _: bench.opened(name)))
        app.router.add_get(one + "/verdict", self._ask(lambda name, _: bench.verdict(name)))
        app.router.add_get(one + "/doubts", self._ask(lambda name, _: bench.doubts(name)))
        app.router.add_get(one + "/signal/{kind}", self._signal)
        app.router.add_post(one + "/rerun", self._ask(bench.rerun))
        app.router.add_put(one + "/labels", self._ask(bench.save))
        app.router.add_post(one + "/labels/undo", self._ask(bench.unsave))
        app.router.add_post(one + "/count", self._ask(bench.correct))
        app.router.add_post(one + "/count/undo", self._ask(lambda name, _: bench.uncorrect(name)))
        for shared in ("base", "vendor"):
            app.router.add_static(f"/static/{shared}/", DASHBOARD_STATIC / shared)
        app.router.add_static("/static/", STATIC)
        super().__init__(app, port=port, cookie=COOKIE, token=secrets.token_urlsafe(TOKEN_BYTES))

    async def _list(self, _request: web.Request) -> web.Response:
        return web.json_response({"recordings": self._bench.listed()})

    async def _signal(self, request: web.Request) -> web.Response:
        found = await _answered(self._bench.signal(request.match_info["name"], request.match_info["kind"]))
        if isinstance(found, web.Response):
            return found
        response = web.Response(body=found, content_type="application/octet-stream")
        response.enable_compression()
        return response

    @staticmethod
    def _ask(
        verb: Callable[[str, Data], Awaitable[Data]],
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            asked = await _asked(request)
            found = await _answered(verb(request.match_info["name"], asked))
            return found if isinstance(found, web.Response) else web.json_response(found)

        return answer


async def _asked(request: web.Request) -> Data:
    """The JSON object of a request; nothing where it has no body."""
    if not request.can_read_body:
        return {}
    try:
        data = await request.json()
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise web.HTTPBadRequest(text="This is no JSON object.\n")
    return data


async def _answered(asked: Awaitable[Any]) -> Any:  # noqa: ANN401 - what is asked says what comes
    """What comes of it, or an answer that says what is wrong."""
    try:
        return await asked
    except InputError as error:
        problems = [{"place": one.place, "message": one.message, "mend": one.mend} for one in error.problems]
        status = CHANGED if isinstance(error, ChangedError) else 422
        return web.json_response({"problems": problems}, status=status)
