"""The receipt that Blackboard writes about an attempt: the student's name, and the text that was typed in.

Name: Ana Gomez (ag123)
Assignment: HW1
Date Submitted: Friday, March 3, 2023 2:03:10 PM CET

Submission Field:
<p>conv1 =&gt; 26x26x8</p>

Comments:
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from cnncalc.homework.reading.containers.bounds import Found, Unreadable

_NAME = re.compile(r"^\ufeff?Name: *(?P<name>[^\n]{1,300}?) *\([^()\n]+\) *$", re.MULTILINE)
_TYPED = re.compile(r"^Submission Field:[ \t]*\n(?P<text>.*?)(?=^Comments:|\Z)", re.MULTILINE | re.DOTALL)
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
    name, field = _NAME.search(text), _TYPED.search(text)
    typed = (field["text"] if field else text).strip()
    nothing = not typed or typed.startswith(_NOTHING)
    return Receipt(name["name"] if name else "", None if nothing else replace(found, read=typed.encode))
