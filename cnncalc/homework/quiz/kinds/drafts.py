"""What a kind of exercise draws: a task in words and its lines, before anybody has looked whether they fit together."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.homework.quiz.exercises import Line

FILTERS = (4, 6, 8, 10, 12, 16)

SHAPE, PARAMS, MACS, FIELD, PADDING, SIZE, VALUES = (
    ("shape",),
    ("params",),
    ("macs",),
    ("rf",),
    ("padding",),
    ("size",),
    ("values",),
)


class Draft(NamedTuple):
    """A task in words and its lines."""

    task: str
    lines: tuple[Line, ...]
