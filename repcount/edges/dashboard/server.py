"""The web server of the dashboard: one page, its files, the relay to the broker, and looks for monitors."""

import hmac
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web

from repcount.edges.dashboard.looks import HEALTH, METRICS, Looks
from repcount.edges.dashboard.relay import Relay, Upstream, refuse_strangers
from repcount.edges.site import listen
from repcount.errors import Problem

STATIC = Path(__file__).parent / "static"
PORTS_TRIED = 20
SHUTDOWN_S = 0.2
"""After the WebSockets are closed only small files can be under way."""
COOKIE = "repcount_token"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FOREVER = "public, max-age=31536000, immutable"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Dashboard:
    """Serves the page on `host`:`port`, or on the next free port, and relays `/mqtt` to the broker.

    Parameters
    ----------
    broker
        Where the broker is, and who the page is to it.
    host
        Address to listen on. Anything but loopback shows the counts to the whole network: give a `token`.
    port
        First port to try; 0 lets the system choose.
    token
        When given, only browsers that were once opened with `url` (which then holds it) see anything.
    give_ticket
        Makes a ticket for a page that asks for one; None gives none.
    names
        Further host names the page is reached by, such as that of a reverse proxy.
    looks
        What monitors are told.
    """

    def __init__(
        self,
        broker: Upstream,
        *,
        host: str = "127.0.0.1",
        port: int = 8321,
        token: str | None = None,
        give_ticket: Callable[[], str] | None = None,
        names: Iterable[str] = (),
        looks: Looks | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._token = token
        self._give_ticket = give_ticket
        self._names = {"localhost", host, *names, *_own_names()}
        self._looks = replace(looks or Looks(), token=token)
        self._relay = Relay(broker)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address to open on this machine; valid once started."""
        return self.url_at({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host))

    @property
    def url_elsewhere(self) -> str | None:
        """The address to open on another machine, such as a phone; None where only this one is served."""
        if is_loopback(self._host):
            return None
        return self.url_at(_own_address() if self._host in {"0.0.0.0", "::"} else self._host)

    def url_at(self, host: str) -> str:
        """The page's address under one of this machine's, the token in it."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the dashboard has not been started")
        port = self._runner.addresses[0][1]
        query = f"?token={self._token}" if self._token else ""
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/{query}"

    async def start(self) -> None:
        """Listen.

        Raises
        ------
        InputError
            `host` is no address of this machine.
        LinkError
            `port` and the ports after it are all taken.
        """
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        try:
            await self._listen(self._runner)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening and close every connection, in less than 1 s. Harmless when not started."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _listen(self, runner: web.AppRunner) -> None:
        def problem(port: int, why: str | None) -> Problem:
            return Problem("listen", f"cannot listen on {self._host}:{port}: {why}")

        await listen(runner, self._host, self._port, PORTS_TRIED, problem)

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", _page)
        app.router.add_get(HEALTH, self._looks.show_health)
        app.router.add_get(METRICS, self._looks.show_metrics)
        app.router.add_get("/mqtt", self._relay.handle)
        app.router.add_post("/ticket", self._ticket)
        app.router.add_static("/static/", STATIC)
        app.on_response_prepare.append(_add_headers)
        app.on_shutdown.append(self._close_relay)
        return app

    async def _close_relay(self, _app: web.Application) -> None:
        await self._relay.close()

    async def _ticket(self, request: web.Request) -> web.Response:
        """Give a ticket to a page of our own: with it the page may change what the service serves."""
        refuse_strangers(request)
        if self._give_ticket is None:
            raise web.HTTPNotFound(text="This service gives no tickets.\n")
        return web.json_response({"ticket": self._give_ticket()})

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Refuse foreign host names (DNS rebinding) and, where there is a token, whoever lacks it."""
        name = _host_name(request.host)
        if name not in self._names and not _is_address(name):
            raise web.HTTPForbidden(text=f"This dashboard is not called {name!r}.\n")
        if self._token is None or self._looks.is_open(request):
            return await handler(request)
        if request.path == "/" and self._is_token(request.query.get("token")):
            welcome = web.HTTPSeeOther("/")
            welcome.set_cookie(COOKIE, self._token, httponly=True, samesite="Lax")
            raise welcome
        if not self._is_token(request.cookies.get(COOKIE)):
            raise web.HTTPForbidden(text="Open the address with the token that the service printed.\n")
        return await handler(request)

    def _is_token(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), (self._token or "").encode())


async def _page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
    vendored = request.path.startswith("/static/vendor/") and response.status in {200, 304}
    response.headers["Cache-Control"] = _FOREVER if vendored else "no-cache"


def _own_address() -> str:
    """The address of this machine in its network, or loopback where there is none; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of a network that is kept for documentation
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name}.local"}


def _host_name(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    name = host.rpartition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower().rstrip(".")


def _is_address(name: str) -> bool:
    """Whether this is an IP address: rebinding needs a name, so an address is always our own."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
