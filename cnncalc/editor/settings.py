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


_USUAL = EditorSettings()


def editor_settings(given: Any, before: EditorSettings = _USUAL) -> EditorSettings:
    """The settings of what an editor sends: `{"hints": ["shape", "macs"], "answers": "right"}`, itself or in `cnncalc`.

    What it says nothing of stays as it was `before`: some editors send an empty section right after the start.

    >>> editor_settings({"cnncalc": {"hints": False}})
    EditorSettings(hints=(), answers='marks')
    """
    found = given.get("cnncalc", given) if isinstance(given, dict) else {}
    found = found if isinstance(found, dict) else {}
    hints, answers = found.get("hints"), found.get("answers")
    shown = before.hints
    if isinstance(hints, list):
        shown = tuple(one for one in EVERY if one in hints)
    elif isinstance(hints, bool):
        shown = USUAL if hints else ()
    return EditorSettings(shown, next((one for one in _ANSWERS if one == answers), before.answers))
