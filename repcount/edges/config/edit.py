"""Changing one station of a configuration's text: what its owner wrote around it stays.

Rules: only what differs is written, so that comments and order survive; a value of None takes its key away.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, TypeVar

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

Data = Mapping[str, Any]
AnyTable = TypeVar("AnyTable", bound=Table | InlineTable)

STATIONS, SENSORS = "station", "sensor"


def put_station(document: tomlkit.TOMLDocument, station: Data) -> None:
    """Change the station of this `id`, or add it; its sensors are matched in order."""
    for entry in document.get(STATIONS, ()):
        if entry.get("id") == station["id"]:
            _update(entry, station)
            return
    _append(document, STATIONS, station)


def drop_station(document: tomlkit.TOMLDocument, station: str) -> None:
    """Take the station of this id away."""
    entries = document.get(STATIONS, ())
    for k, entry in enumerate(entries):
        if entry.get("id") == station:
            del entries[k]
            break
    if not entries:
        document.pop(STATIONS, None)


def _update(table: MutableMapping[str, Any], data: Data) -> None:
    for key, value in data.items():
        if value is None:
            table.pop(key, None)
        elif _plain(table.get(key)) == value:
            continue
        elif isinstance(value, Mapping) and isinstance(table.get(key), MutableMapping):
            _update_table(table[key], value)
        elif isinstance(value, list) and isinstance(table.get(key), Sequence):
            _update_list(table, key, value)
        elif isinstance(value, list):
            for one in value:
                _append(table, key, one)
        else:
            table[key] = _item(value, table)


def _update_table(table: MutableMapping[str, Any], data: Data) -> None:
    """Make a table say the same; what is not in `data` goes."""
    _update(table, dict.fromkeys(key for key in table if key not in data) | dict(data))


def _update_list(table: MutableMapping[str, Any], key: str, wanted: Sequence[Data]) -> None:
    entries = table[key]
    for entry, one in zip(entries, wanted, strict=False):
        _update_table(entry, one)
    while len(entries) > len(wanted):
        del entries[len(entries) - 1]
    for one in wanted[len(entries) :]:
        _append(table, key, one)


def _append(table: MutableMapping[str, Any], key: str, data: Data) -> None:
    """Add a table to a list of tables, in the form that list has."""
    if key not in table:
        table[key] = tomlkit.array() if isinstance(table, InlineTable) else tomlkit.aot()
    entries = table[key]
    entries.append(_filled(tomlkit.table() if isinstance(entries, AoT) else tomlkit.inline_table(), data))


def _filled(made: AnyTable, data: Data) -> AnyTable:
    """Put into a new table what there is of `data`; in TOML what follows a table is inside it."""
    there = [(key, value) for key, value in data.items() if value not in (None, [], {})]
    for key, value in sorted(there, key=lambda one: isinstance(one[1], Mapping | list)):
        if isinstance(value, list):
            for one in value:
                _append(made, key, one)
        else:
            made[key] = _item(value, made)
    return made


def _item(value: object, inside: object) -> object:
    """A value as it can be put `inside` a table: in one of a single line all are of a single line."""
    if not isinstance(value, Mapping):
        return value
    return _filled(tomlkit.inline_table() if isinstance(inside, InlineTable) else tomlkit.table(), value)


def _plain(value: object) -> object:
    return value.unwrap() if hasattr(value, "unwrap") else value
