"""What every web page of ours has in common: where it listens, who may see it, what it may load."""

import errno
import hmac
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from repcount.errors import InputError, LinkError, Problem

LOOPBACK = "127.0.0.1"
PORTS_TRIED = 20
SHUTDOWN_S = 0.2
"""After the WebSockets are closed only small files can be under way."""
TOKEN_BYTES = 12
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FOREVER = "public, max-age=31536000, immutable"
_KEPT_FOREVER = "/static/vendor/"
_SAFE_METHODS = ("GET", "HEAD")
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Serves `app` on `host`:`port`, or on the next port that is free.

    Parameters
    ----------
    host
        Address to listen on. Anything but loopback shows the page to the whole network: give a `token`.
    port
        First port to try; 0 lets the system choose.
    cookie
        What the token is called in browsers, where pages on all ports of a machine share what they keep.
    token
        When given, only browsers that were once opened with `url` (which then holds it) see anything.
    names
        Further host names the page is reached by, such as that of a reverse proxy.
    """

    def __init__(
        self,
        app: web.Application,
        *,
        host: str = LOOPBACK,
        port: int,
        cookie: str,
        token: str | None,
        names: Iterable[str] = (),
    ) -> None:
        self._app, self._host, self._port = app, host, port
        self._cookie, self._token = cookie, token
        self._names = {"localhost", host, *names, *_own_names()}
        self._runner: web.AppRunner | None = None
        app.middlewares.append(self._guard)
        app.on_response_prepare.append(_add_headers)

    @property
    def url(self) -> str:
        """The address to open on this machine; valid once started."""
        return self.url_at({"0.0.0.0": LOOPBACK, "::": "::1"}.get(self._host, self._host))

    @property
    def url_elsewhere(self) -> str | None:
        """The address to open on another machine, such as a phone; None where only this one is served."""
        if is_loopback(self._host):
            return None
        return self.url_at(_own_address() if self._host in {"0.0.0.0", "::"} else self._host)

    def url_at(self, host: str) -> str:
        """The page's address under one of this machine's, the token in it."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the page has not been started")
        port = self._runner.addresses[0][1]
        query = f"?token={self._token}" if self._token else ""
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/{query}"

    async def start(self) -> None:
        """Listen.

        Raises
        ------
        InputError
            `host` is no address of this machine, or the port not to be used.
        LinkError
            `port` and the ports after it are all taken.
        """
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=SHUTDOWN_S)
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
        for port in range(self._port, min(self._port + PORTS_TRIED, 65536)):
            try:
                await web.TCPSite(runner, self._host, port).start()
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    what = f"cannot listen on {self._host}:{port}: {error.strerror}"
                    raise InputError([Problem("listen", what)]) from error
            else:
                return
        raise LinkError(f"No free port on {self._host} from {self._port} on; choose another one.")

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Refuse foreign host names (DNS rebinding), changes by others, and whoever lacks the token."""
        name = _host_name(request.host)
        if name not in self._names and not _is_address(name):
            raise web.HTTPForbidden(text=f"This page is not called {name!r}.\n")
        if request.method not in _SAFE_METHODS:
            refuse_strangers(request)
        if self._token is None or self._is_open(request):
            return await handler(request)
        if request.path == "/" and self._is_token(request.query.get("token")):
            welcome = web.HTTPSeeOther("/")
            welcome.set_cookie(self._cookie, self._token, httponly=True, samesite="Lax")
            raise welcome
        if not self._is_token(request.cookies.get(self._cookie)):
            raise web.HTTPForbidden(text="Open the address with the token that the program printed.\n")
        return await handler(request)

    def _is_open(self, _request: web.Request) -> bool:
        """Whether this may be asked for without the token."""
        return False

    def _is_token(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), (self._token or "").encode())


def page(folder: Path) -> _Handler:
    """What answers with the page of a folder."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(folder / "index.html")

    return answer


def refuse_strangers(request: web.Request) -> None:
    """Let in pages of this very address, and programs (which send no Origin) of this machine."""
    origin = request.headers.get("Origin")
    own = is_loopback(request.remote or "") if origin is None else _is_same(origin, request.host)
    if not own:
        raise web.HTTPForbidden(text="Only the page that was opened here may do this.\n")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
    for_ever = request.path.startswith(_KEPT_FOREVER) and response.status in {200, 304}
    response.headers["Cache-Control"] = _FOREVER if for_ever else "no-cache"


def _is_same(origin: str, host: str) -> bool:
    """Whether a page of `origin` was served from `host` (a Host header)."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


def _own_address() -> str:
    """The address of this machine in its network, or loopback where there is none; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of a network that is kept for documentation
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])


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
