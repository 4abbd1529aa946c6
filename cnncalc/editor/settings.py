"""What a user may choose in the settings of an editor; a value that cannot be read is as if it were not there."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.editor.hints import EVERY, USUAL, Shown
from cnncalc.editor.problems import AnswersShown

_ANSWERS: tuple[AnswersShown, ...] = ("marks", "right", "off")


class EditorSettings(NamedTuple):
    """`hints` are what is shown at the ends of lines; `answers` how those that are not right are."""

    hints: tuple[Shown, ...] = USUAL
    answers: AnswersShown = "marks"


def editor_settings(given: Any) -> EditorSettings:
    """The settings of what an editor sends: `{"hints": ["shape", "macs"], "answers": "right"}`, itself or in `cnncalc`.

    >>> editor_settings({"cnncalc": {"hints": False}})
    EditorSettings(hints=(), answers='marks')
    """
    found = given.get("cnncalc", given) if isinstance(given, dict) else {}
    found = found if isinstance(found, dict) else {}
    hints, answers = found.get("hints"), found.get("answers")
    shown = USUAL
    if isinstance(hints, list):
        shown = tuple(one for one in EVERY if one in hints)
    elif hints is False:
        shown = ()
    return EditorSettings(shown, next((one for one in _ANSWERS if one == answers), "marks"))
