"""What `summary --json` prints, as a table of text: the layers' names, shapes and counts, and the total."""

from __future__ import annotations

import json
from typing import Any

from cnncalc.asked import NAMES
from cnncalc.homework.reading.containers.container_limits import Unreadable
from cnncalc.homework.reading.piped_text import piped

_KEYS = {"output": "shape", "activation_size": "size", "receptive_field": "rf"}
"""A key of the object -> the heading of its column, where they differ."""

MOST_LAYERS = 5_000


def is_summary_object(text: str) -> bool:
    """Whether a text is JSON of ours, as `summary` writes it."""
    return text.lstrip()[:40].replace(" ", "").replace("\n", "").startswith('{"cnncalc":')


def summary_text(text: str) -> str:
    """Its layers as a table; raises `Unreadable` for what is no such object."""
    try:
        found = json.loads(text)
        layers = [*found["layers"][:MOST_LAYERS], {**found["totals"], "name": "total", "output": None}]
        keys = [key for key in ("output", *layers[0]) if _KEYS.get(key, key) in NAMES]
        keys = list(dict.fromkeys(key for key in (*keys, *_KEYS) if key in layers[0]))
        rows = [[_name(layer), *(_cell(layer.get(key)) for key in keys)] for layer in layers]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise Unreadable("is JSON of cnncalc that is damaged, or not that of `summary --json`") from None
    return piped([["name", *(_KEYS.get(key, key) for key in keys)], *rows])


def _name(layer: dict[str, Any]) -> str:
    return str(layer.get("label") or layer["name"])


def _cell(value: Any) -> str:
    """A count, the sizes of a shape with x between them, or those of a receptive field."""
    if isinstance(value, dict):
        value = value.get("size")
    if isinstance(value, list):
        return "x".join(str(size) for size in value[:4])
    return "" if value is None else str(value)
