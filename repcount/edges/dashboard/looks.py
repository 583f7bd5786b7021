"""`/healthz` and `/metrics`: what a monitor is told, and who may look."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from repcount.edges.health import OK, Health
from repcount.edges.site import is_loopback

HEALTH, METRICS = "/healthz", "/metrics"
_BEARER = "Bearer "
_FORWARDED = ("Forwarded", "X-Forwarded-For", "Via")
"""Who has come through a proxy is not who is at the other end of the socket."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Answers monitors.

    `health` and `metrics` are None where there is nothing to tell; `metrics` takes what is accepted and gives
    the text and its kind. With `public` whoever reaches the page's address may read the metrics.
    """

    health: Callable[[], Health] | None = None
    metrics: Callable[[str], tuple[bytes, str]] | None = None
    public: bool = False
    token: str | None = field(default=None, repr=False)

    def is_open(self, request: web.Request) -> bool:
        """Whether these need no cookie of the page: they decide by themselves."""
        return request.path in {HEALTH, METRICS}

    async def show_health(self, request: web.Request) -> web.Response:
        """200 when all is well, 503 else; to strangers no more than that."""
        health = self.health() if self.health is not None else None
        if health is None:
            return web.json_response({"status": OK})
        status = 503 if health.problems else 200
        data = health.to_data() if self._may_look(request) else {"status": health.status}
        return web.json_response(data, status=status)

    async def show_metrics(self, request: web.Request) -> web.Response:
        """The counters; 404 where there are none, 403 to strangers."""
        if self.metrics is None:
            raise web.HTTPNotFound
        if not (self.public or self._may_look(request)):
            raise web.HTTPForbidden(
                text="Ask from this machine, send 'Authorization: Bearer TOKEN' with the page's token, or "
                "start the service with --public-metrics.\n"
            )
        text, kind = self.metrics(request.headers.get("Accept", ""))
        return web.Response(body=text, headers={"Content-Type": kind})

    def _may_look(self, request: web.Request) -> bool:
        """Programs of this machine, and whoever has the page's token; all where the page asks for none."""
        if self.token is None:
            return True
        given = request.query.get("token") or request.headers.get("Authorization", "").removeprefix(_BEARER)
        return _is_local(request) or hmac.compare_digest(given.encode(), self.token.encode())


def _is_local(request: web.Request) -> bool:
    return not any(name in request.headers for name in _FORWARDED) and is_loopback(request.remote or "")
