"""`submission_metadata.yml` of Gradescope's export: whose each folder or file of it is.

Of YAML only what Ruby writes there is read: names without indentation, below them `:submitters:` with a list of
`:name:`, `:sid:` and `:email:`.  Everything else is passed over, and nothing is ever built or run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from cnncalc.homework.reading.containers.platforms import Owner

METADATA = "submission_metadata.yml"
LARGEST_METADATA = 16_000_000

MOST_TOGETHER = 50
"""Students who hand in one submission."""

_FIELD = re.compile(r"(?P<dash>- +)?:?(?P<name>[\w ]+): *(?P<value>.*)")


def owners(text: str) -> dict[str, tuple[Owner, ...]]:
    """The submitters by the name of their folder or file; several hand in together."""
    found: dict[str, tuple[Owner, ...]] = {}
    for name, lines in _blocks(text):
        submitters = [
            Owner(one.get("sid") or one.get("email") or one.get("name", ""), one.get("name", ""))
            for one in _submitters(lines)[:MOST_TOGETHER]
        ]
        known = tuple(dict.fromkeys(one for one in submitters if one.id))
        if known:
            found[name] = known
    return found


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Every name without indentation, with the lines that belong to it."""
    name, lines = "", []
    for line in text.splitlines():
        if line[:1] in ("", " ", "-", "#", "."):
            lines.append(line)
            continue
        if name:
            yield name, lines
        name, lines = _scalar(line.rpartition(":")[0]), []
    if name:
        yield name, lines


def _submitters(lines: list[str]) -> list[dict[str, str]]:
    """The fields of each submitter: the first list below `:submitters:`, at its own indentation."""
    start = next((n for n, line in enumerate(lines) if line.strip() in (":submitters:", "submitters:")), None)
    if start is None:
        return []
    deep = _indentation(lines[start])
    submitters: list[dict[str, str]] = []
    for line in lines[start + 1 :]:
        match = _FIELD.fullmatch(line.strip())
        if match is None or _indentation(line) < deep or (_indentation(line) == deep and not match["dash"]):
            break
        if match["dash"]:
            submitters.append({})
        if submitters:
            submitters[-1].setdefault(match["name"], _scalar(match["value"]))
    return submitters


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _scalar(written: str) -> str:
    """A value on one line, with or without quotation marks.

    >>> _scalar("'O''Neil'"), _scalar('"Jos\\\\u00e9"'), _scalar(" Ana Gomez "), _scalar("~")
    ("O'Neil", 'José', 'Ana Gomez', '')
    """
    text = written.strip()
    if text[:1] == "'" and text[-1:] == "'" and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text[:1] == '"' and text[-1:] == '"' and len(text) > 1:
        try:
            value = json.loads(re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text))
        except ValueError:
            return text[1:-1]
        return value if isinstance(value, str) else text[1:-1]
    return "" if text in ("~", "null") else text
