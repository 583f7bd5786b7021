"""The page people look at, and the way from it to the broker."""

from repcount.edges.dashboard.looks import Looks
from repcount.edges.dashboard.relay import Upstream
from repcount.edges.dashboard.server import Dashboard
from repcount.edges.dashboard.tickets import Tickets

__all__ = ["Dashboard", "Looks", "Tickets", "Upstream"]
