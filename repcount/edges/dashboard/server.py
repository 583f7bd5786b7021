"""The web server of the dashboard: one page, its files, the relay to the broker, and looks for monitors."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from repcount.edges.dashboard.looks import HEALTH, METRICS, Looks
from repcount.edges.dashboard.relay import Relay, Upstream
from repcount.edges.site import LOOPBACK, Site, page

STATIC = Path(__file__).parent / "static"
COOKIE = "repcount_token"


class Dashboard(Site):
    """Serves the page, as `Site` says, and relays `/mqtt` to the broker.

    Parameters
    ----------
    broker
        Where the broker is, and who the page is to it.
    give_ticket
        Makes a ticket for a page that asks for one; None gives none.
    looks
        What monitors are told.
    """

    def __init__(
        self,
        broker: Upstream,
        *,
        host: str = LOOPBACK,
        port: int = 8321,
        token: str | None = None,
        give_ticket: Callable[[], str] | None = None,
        names: Iterable[str] = (),
        looks: Looks | None = None,
    ) -> None:
        self._give_ticket = give_ticket
        self._looks = replace(looks or Looks(), token=token)
        self._relay = Relay(broker)
        super().__init__(self._made(), host=host, port=port, cookie=COOKIE, token=token, names=names)

    def _made(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", page(STATIC))
        app.router.add_get(HEALTH, self._looks.show_health)
        app.router.add_get(METRICS, self._looks.show_metrics)
        app.router.add_get("/mqtt", self._relay.handle)
        app.router.add_post("/ticket", self._ticket)
        app.router.add_static("/static/", STATIC)
        app.on_shutdown.append(self._close_relay)
        return app

    async def _close_relay(self, _app: web.Application) -> None:
        await self._relay.close()

    async def _ticket(self, _request: web.Request) -> web.Response:
        """Give a ticket to a page of our own: with it the page may change what the service serves."""
        if self._give_ticket is None:
            raise web.HTTPNotFound(text="This service gives no tickets.\n")
        return web.json_response({"ticket": self._give_ticket()})

    def _is_open(self, request: web.Request) -> bool:
        return self._looks.is_open(request)
