"""Exercises with small matrices of small whole numbers, worked out by hand."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, Line
from cnncalc.homework.quiz.kinds.drafts import VALUES, Draft


class _Sum(NamedTuple):
    """One operation on a picture: the size of the picture and of the kernel (0: none), and the line."""

    side: int
    kernel: int
    line: str
    channels: int = 1


def matrix(draws: Draws, level: Difficulty, number: int) -> Draft:
    """A small matrix, worked out by hand."""
    operation = draws.one_of(_operations(level))
    data, kernel = f"x{number}", f"k{number}"
    lines = [Line(f"data {data} = {_literal(draws, operation.side, 0, 4, operation.channels)}")]
    if operation.kernel:
        lines.append(Line(f"filter {kernel} = {_literal(draws, operation.kernel, -1, 2, operation.channels)}"))
    lines += [Line(f"input from {data}"), Line(operation.line.replace("KERNEL", kernel), VALUES, (3,))]
    task = "By hand. Work out the matrix that comes out, row by row: [1 2; 3 4] has the rows 1 2 and 3 4."
    return Draft(task, tuple(lines))


def cell(draws: Draws, level: Difficulty, number: int) -> Draft:
    """One number of a larger result, worked out by hand."""
    side, kernel = {"easy": (5, 3), "medium": (6, 3), "hard": (7, 3)}[level]
    ending = {"easy": "", "medium": " padding=1", "hard": draws.one_of((" stride=2", " dilation=2", " flip"))}[level]
    most = 3 if ending in ("", " stride=2", " dilation=2") else 5
    row, column = draws.between(1, most), draws.between(1, most)
    data, weights = f"x{number}", f"k{number}"
    lines = (
        Line(f"data {data} = {_literal(draws, side, 0, 4, 1)}"),
        Line(f"filter {weights} = {_literal(draws, kernel, -1, 2, 1)}"),
        Line(f"input from {data}"),
        Line(f"conv filter={weights}{ending}", (f"values[{row},{column}]",), (2,)),
    )
    task = f"One number by hand. Which number is in row {row}, column {column} of the result, counted from 1?"
    return Draft(task, lines)


def _operations(level: Difficulty) -> tuple[_Sum, ...]:
    if level == "easy":
        return (
            _Sum(4, 2, "conv filter=KERNEL"),
            _Sum(4, 3, "conv filter=KERNEL"),
            _Sum(5, 3, "conv filter=KERNEL"),
            _Sum(4, 0, "maxpool 2x2"),
        )
    if level == "medium":
        return (
            _Sum(5, 3, "conv filter=KERNEL stride=2"),
            _Sum(3, 3, "conv filter=KERNEL padding=1"),
            _Sum(4, 2, "conv filter=KERNEL stride=2"),
            _Sum(4, 0, "avgpool 2x2"),
            _Sum(4, 0, "maxpool 2x2 stride=1"),
            _Sum(4, 2, "conv filter=KERNEL relu"),
        )
    return (
        _Sum(4, 2, "conv filter=KERNEL flip"),
        _Sum(5, 3, "conv filter=KERNEL flip"),
        _Sum(2, 2, "upconv filter=KERNEL stride=1"),
        _Sum(3, 2, "upconv filter=KERNEL stride=2"),
        _Sum(5, 2, "conv filter=KERNEL dilation=2"),
        _Sum(3, 2, "conv 1 2x2 weights=KERNEL bias=[1]", 2),
    )


def _literal(draws: Draws, side: int, smallest: int, largest: int, channels: int) -> str:
    """A square matrix, or two that are the channels of one."""
    planes = ([[draws.between(smallest, largest) for _ in range(side)] for _ in range(side)] for _ in range(channels))
    return " ".join(f"[{'; '.join(' '.join(map(str, row)) for row in plane)}]" for plane in planes)
