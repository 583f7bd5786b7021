"""The page people look at, and the way from it to the broker."""

from repcount.edges.dashboard.server import Dashboard

__all__ = ["Dashboard"]
