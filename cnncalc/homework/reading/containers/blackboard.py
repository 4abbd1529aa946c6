"""The receipt that Blackboard writes about an attempt: the student's name, and the text that was typed in.

Name: Ana Gomez (ag123)
Assignment: HW1
Date Submitted: Friday, March 3, 2023 2:03:10 PM CET

Submission Field:
<p>conv1 =&gt; 26x26x8</p>

Comments:
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cnncalc.homework.reading.containers.container_limits import Found, Unreadable

_FIELD, _END = "Submission Field:", "Comments:"
_NOTHING = "There is no student submission text data"


class Receipt(NamedTuple):
    """The student's name ("": not found), and what was typed in as a file of its own (None: nothing)."""

    name: str
    typed: Found | None


def receipt(found: Found) -> Receipt:
    """What a receipt says."""
    try:
        text = found.read().decode("utf-8", "replace").replace("\r\n", "\n")
    except Unreadable:
        return Receipt("", None)
    lines = text.removeprefix("\ufeff").split("\n")
    starts = [n for n, line in enumerate(lines) if line.rstrip() == _FIELD]
    rest = lines[starts[0] + 1 :] if starts else lines
    ends = [n for n, line in enumerate(rest) if line.rstrip() == _END] if starts else []
    typed = "\n".join(rest[: ends[0]] if ends else rest).strip()
    name = lines[0].removeprefix("Name:").rpartition("(")[0] if lines[0].startswith("Name:") else ""
    nothing = not typed or typed.startswith(_NOTHING)
    return Receipt(name.strip(), None if nothing else replace(found, read=typed.encode))
