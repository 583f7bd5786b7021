"""The studio: a page to look at recordings, label them, and count them with other parameters."""

from repcount.edges.studio.server import Bench, Studio

__all__ = ["Bench", "Studio"]
