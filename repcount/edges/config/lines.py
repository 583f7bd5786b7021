"""Where in a TOML text a path such as `station[1].sensor[0].placement` is written."""

import re
from collections import Counter

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")
_QUOTES = ('"""', "'''")


def line_of(text: str, path: str) -> int | None:
    """Line of a path, from 1; of what it is in where it has none of its own, and None where nothing has."""
    lines = _lines(text)
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def _lines(text: str) -> dict[str, int]:
    """Lines of all headers and keys that begin one; inside a text of several lines nothing begins."""
    found: dict[str, int] = {}
    tables: Counter[str] = Counter()
    inside, ending = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if ending:
            ending = "" if ending in line else ending
        elif header := _HEADER.fullmatch(line):
            inside = _path_of(header[2], tables, is_list=header[1] == "[[")
            found.setdefault(inside, number)
        elif key := _KEY.match(line):
            name = _bare(key[1])
            found.setdefault(f"{inside}.{name}" if inside else name, number)
            ending = next((quotes for quotes in _QUOTES if line.count(quotes) == 1), "")
    return found


def _path_of(name: str, tables: Counter[str], *, is_list: bool) -> str:
    """Name of a header with its place in each list of tables it is in."""
    path = ""
    parts = _bare(name).split(".")
    for k, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if is_list and k == len(parts) - 1:
            tables[path] += 1
        if tables[path]:
            path = f"{path}[{tables[path] - 1}]"
    return path


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
