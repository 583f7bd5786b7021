"""The page people look at, and the way from it to the broker."""

from repcount.edges.dashboard.relay import Upstream
from repcount.edges.dashboard.server import Dashboard, is_loopback

__all__ = ["Dashboard", "Upstream", "is_loopback"]
