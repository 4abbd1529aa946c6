"""Whose a file is and which attempt, by the names that learning platforms give to files and folders.

| platform | name |
|---|---|
| Moodle | `Ana Gomez_12345_assignsubmission_file_/hw.txt`, or the same in one name; `onlinetext` for `file` |
| Canvas | `gomezana_LATE_12345_678_hw.txt`, `gomezana_12345_text.html` |
| Blackboard | `HW1_ag123_attempt_2023-03-03-14-03-10_hw.txt`; the same with nothing behind the time is the receipt |
| Brightspace | `39786-640693 - Ana Gomez - Oct 10, 2025 1022 AM/hw.txt`, or the same in one name |
| Teams | `Submitted files/Ana Gomez/HW1/Version 2/hw.txt` |
| nbgrader | `submitted/ana/HW1/hw.ipynb` |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Owner(NamedTuple):
    """Who a platform says it is: `id` and `name` as far as known; later attempts have larger numbers.

    `serial` is the number that the platform gave to this one file, "" where it gives none; `late` that it came late.
    """

    id: str
    name: str = ""
    attempt: int = 0
    serial: str = ""
    late: bool = False


_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
_CANVAS = re.compile(
    r"(?P<name>[^\W_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?:(?P<serial>\d+)_.+|text(?:\.html?)?)", re.DOTALL
)
_UNNAMED = re.compile(r"(?P<name>anonymous|anon)_(?P<late>LATE_)?(?P<id>[A-Za-z0-9]{5})_(?P<serial>\d+)_.+", re.DOTALL)
_TIME = r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d"
_BLACKBOARD = re.compile(rf"(?:.*_)?(?P<id>[^_]+)_attempt_(?P<time>{_TIME})(?:[_.].*)?", re.DOTALL)
_RECEIPT = re.compile(rf".+_attempt_{_TIME}\.txt", re.DOTALL)
_BRIGHTSPACE = re.compile(
    r"(?P<id>\d+)-\d+ - (?P<name>\S.*?) - (?P<time>[^-]*\d{4}[^-]*?)(?: - (?P<file>.+))?", re.DOTALL
)
_DATE = re.compile(
    r"(?:(?P<month>[A-Za-z]{3})[a-z]* (?P<day>\d{1,2})|(?P<first>\d{1,2}) (?P<second>[A-Za-z]{3})[a-z]*),? "
    r"(?P<year>\d{4}) (?P<clock>\d{1,4})(?: ?(?P<half>[AP])M)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_VERSION = re.compile(r"version (\d{1,6})", re.IGNORECASE)

HANDED_IN = ("submitted", "submitted files")
"""Folders of nbgrader and Teams that hold what was handed in; what lies beside them was not."""


LONGEST_NAME = 255
"""Letters of a name that a system takes; a longer one is no platform's."""


def owner_of(parts: Sequence[str]) -> Owner | None:
    """Who a platform says it is; the outermost name that says so counts."""
    for n, part in enumerate(parts):
        for read in _READERS if len(part) <= LONGEST_NAME else ():
            found = read(part, last=n == len(parts) - 1, first=n == 0)
            if found is not None:
                return found
        if part.lower() in HANDED_IN and len(parts) > n + 3:
            return Owner(parts[n + 1], parts[n + 1] if " " in parts[n + 1] else "", version_folder(parts[n + 2 :]))
    return None


def assignment_of(parts: Sequence[str]) -> str:
    """The folder of one homework among others, where nbgrader and Teams keep what was handed in; "" elsewhere.

    >>> assignment_of(("submitted", "ana", "HW1", "hw.ipynb")), assignment_of(("class", "ana", "hw.ipynb"))
    ('HW1', '')
    """
    around = next((n for n, part in enumerate(parts) if part.lower() in HANDED_IN), len(parts))
    return parts[around + 2] if len(parts) > around + 3 else ""


def version_folder(parts: Sequence[str]) -> int:
    """The attempt by a folder that Teams calls `Version 2`; 0 where there is none.

    >>> version_folder(("Ana Gomez", "HW1", "Version 10", "hw.txt")), version_folder(("Version 2",))
    (10, 0)
    """
    return max((int(match[1]) for match in map(_VERSION.fullmatch, parts[:-1]) if match), default=0)


def is_receipt(name: str) -> bool:
    """Whether this is what Blackboard writes about an attempt, with the text that was typed in."""
    return _RECEIPT.fullmatch(name) is not None


# ---------------------------------------------------------------------- one name
def _moodle(part: str, *, last: bool, first: bool) -> Owner | None:
    del last, first
    match = _MOODLE.fullmatch(part) if "_assignsubmission_" in part else None
    return Owner(match["id"], match["name"]) if match else None


def _canvas(part: str, *, last: bool, first: bool) -> Owner | None:
    """Canvas packs all files side by side; what one student packed may be a folder of such a name."""
    del last
    match = (_CANVAS.fullmatch(part) or _UNNAMED.fullmatch(part)) if first else None
    if match is None:
        return None
    serial = match["serial"] or ""
    name = "" if match.re is _UNNAMED else match["name"]
    return Owner(match["id"], name, int(serial[:18] or 0), serial, match["late"] is not None)


def _blackboard(part: str, *, last: bool, first: bool) -> Owner | None:
    del last, first
    match = _BLACKBOARD.fullmatch(part) if "_attempt_" in part else None
    return Owner(match["id"], "", int(match["time"].replace("-", ""))) if match else None


def _brightspace(part: str, *, last: bool, first: bool) -> Owner | None:
    del first
    match = _BRIGHTSPACE.fullmatch(part)
    if match is None or (last and not match["file"]):
        return None
    return Owner(match["id"], match["name"], _moment(match["time"]))


_READERS: tuple[Callable[..., Owner | None], ...] = (_moodle, _canvas, _blackboard, _brightspace)


def _moment(words: str) -> int:
    """`Oct 10, 2025 1022 AM` as a number that grows with time; 0 in a language whose months are not known.

    >>> _moment("Oct 10, 2025 1022 AM"), _moment("10 October, 2025 102 PM")
    (202510101022, 202510101302)
    """
    match = _DATE.search(words)
    name = ((match["month"] or match["second"]) if match else "").lower()
    if match is None or name not in _MONTHS:
        return 0
    hour, minute = divmod(int(match["clock"]), 100)
    hour = hour % 12 + 12 * (match["half"] == "P") if match["half"] else hour
    day = int(match["day"] or match["first"])
    return (((int(match["year"]) * 100 + _MONTHS.index(name) + 1) * 100 + day) * 100 + hour) * 100 + minute
