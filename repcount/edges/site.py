"""What every web page of ours has in common: where it listens, who may see it, what it may load."""

import errno
import hmac
import secrets
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from repcount.errors import InputError, LinkError, Problem

PORTS_TRIED = 20
SHUTDOWN_S = 0.2
TOKEN_BYTES = 12
COOKIE = "repcount_studio"
SAFE_METHODS = ("GET", "HEAD")
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_LOOPBACK = "127.0.0.1"
_FOREVER = "public, max-age=31536000, immutable"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def listen(
    runner: web.AppRunner, host: str, port: int, tried: int, problem: Callable[[int, str | None], Problem]
) -> None:
    """Listen on the port, or on the first free one of as many as are `tried`.

    Raises
    ------
    InputError
        With the `problem` of a port and the reason: `host` is no address of this machine, or not to be used.
    LinkError
        All of them are taken.
    """
    for candidate in range(port, min(port + tried, 65536)):
        try:
            await web.TCPSite(runner, host, candidate).start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise InputError([problem(candidate, error.strerror)]) from error
        else:
            return
    raise LinkError(f"No free port on {host} from {port} on; choose another one.")


class LoopbackSite:
    """Serves `app` to this machine alone, to browsers that were once opened with `url`, which holds a token.

    Whoever can listen on this machine is not therefore allowed to change files: every request needs the
    token, and one that changes anything must come from a page of our own.
    """

    def __init__(self, app: web.Application, port: int) -> None:
        self._port = port
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._app = app
        self._runner: web.AppRunner | None = None
        app.middlewares.append(self._guard)
        app.on_response_prepare.append(_add_headers)

    @property
    def url(self) -> str:
        """The address to open, the token in it; valid once started."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the page has not been started")
        return f"http://{_LOOPBACK}:{self._runner.addresses[0][1]}/?token={self._token}"

    async def start(self) -> None:
        """Listen on the port, or on the next free one; LinkError where all are taken."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        try:
            await listen(
                self._runner,
                _LOOPBACK,
                self._port,
                PORTS_TRIED,
                lambda port, why: Problem("--port", f"{port}: {why}"),
            )
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening. Harmless when not started."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Refuse foreign host names (DNS rebinding), whoever lacks the token, and pages of others."""
        if not _is_this_machine(request.host):
            raise web.HTTPForbidden(text=f"This page is not called {request.host!r}.\n")
        if request.path == "/" and self._is_token(request.query.get("token")):
            welcome = web.HTTPSeeOther("/")
            welcome.set_cookie(COOKIE, self._token, httponly=True, samesite="Strict")
            raise welcome
        if not self._is_token(request.cookies.get(COOKIE)):
            raise web.HTTPForbidden(text="Open the address with the token that the program printed.\n")
        if request.method not in SAFE_METHODS and not _is_own_page(request):
            raise web.HTTPForbidden(text="Only the page's own requests may change anything.\n")
        return await handler(request)

    def _is_token(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), self._token.encode())


def _is_own_page(request: web.Request) -> bool:
    """Whether it comes from a page that this server gave, and holds JSON, which no foreign form can send."""
    try:
        origin = urlsplit(request.headers.get("Origin", ""))
    except ValueError:
        return False
    return origin.netloc.lower() == request.host.lower() and request.content_type == "application/json"


def _is_this_machine(host: str) -> bool:
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    try:
        return name.lower() == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(POLICY)
    vendored = request.path.startswith("/static/vendor/") and response.status in {200, 304}
    response.headers["Cache-Control"] = _FOREVER if vendored else "no-store"
