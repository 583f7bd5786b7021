"""Fixtures of the real parts, each in its own file."""

from fixtures_chromium import chromium as chromium  # noqa: PLC0414 - the alias says: exported
