"""The names of the classes that an exporter wrote into its file, as Ultralytics does for YOLOv5 and YOLOv8.

Its entry `names` is a Python dictionary as text, `{0: 'person', 1: 'bicycle'}`.  It is read as a list of numbers and
quoted names; nothing in it is carried out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

LONGEST = 200_000
"""Letters of the text, at most: ten thousand names."""

_ENTRY = re.compile(r"(\d{1,6})\s*:\s*(?:'([^'\n]*)'|\"([^\"\n]*)\")")


def named_classes(entries: Iterable[Any]) -> tuple[str, ...]:
    """The names in the order of their numbers, from the file's entries (`key` and `value`); none where one is missing.

    >>> from types import SimpleNamespace as Entry
    >>> named_classes([Entry(key="names", value="{0: 'person', 1: \\"driver's seat\\"}")])
    ('person', "driver's seat")
    """
    text = next((str(entry.value) for entry in entries if entry.key == "names"), "")
    if len(text) > LONGEST:
        return ()
    found = {int(number): single or double for number, single, double in _ENTRY.findall(text)}
    whole = sorted(found) == list(range(len(found)))
    return tuple(found[number] for number in range(len(found))) if whole else ()
