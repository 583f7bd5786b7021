"""The page people look at, and the way from it to the broker."""

from repcount.edges.dashboard.looks import Looks
from repcount.edges.dashboard.relay import Upstream
from repcount.edges.dashboard.server import Dashboard, is_loopback

__all__ = ["Dashboard", "Looks", "Upstream", "is_loopback"]
