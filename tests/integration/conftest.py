"""Fixtures of the real parts, each in its own file."""

from fixtures_chromium import chromium as chromium  # noqa: PLC0414 - the alias says: exported
from fixtures_mosquitto import mosquitto as mosquitto  # noqa: PLC0414 - as above
