"""The image filters that ship with cnncalc, as a list and one by one."""

from __future__ import annotations

from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.layers.filters import FILTERS, ImageFilter
from cnncalc.matrices import Matrix
from cnncalc.quantities import exact
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import foot_lines
from cnncalc.report.sheet import Fact


def filters_listed(canvas: Canvas) -> str:
    """Name, size, meaning and source of every built-in filter."""
    room = max(map(len, FILTERS))
    listed = tuple(Fact(f"{f.name.ljust(room)}  {_size(f)}", f"{f.meaning} ({f.source})") for f in FILTERS.values())
    return "".join(f"{line}\n" for line in foot_lines(listed, canvas)[1:])


def _size(found: ImageFilter) -> str:
    return f"{found.matrix.rows}x{found.matrix.columns}"


def filter_shown(name: str, canvas: Canvas) -> str:
    """One filter: its numbers in rows, what it does, and how it is written in a model."""
    found = FILTERS.get(name.lower())
    if found is None:
        raise input_error(
            "no-such-filter",
            f"there is no built-in filter `{name}`",
            help=did_you_mean(name, FILTERS, f"the filters are: {', '.join(FILTERS)}"),
        )
    total = f"The numbers sum to {exact(found.total)}: {_brightness(found)}."
    lines = [
        canvas.paint(found.name, "title"),
        "",
        *(line for row in _rows(found.matrix) for line in wrapped(row, canvas.width, 2)),
        "",
        *wrapped(f"{found.meaning[:1].upper()}{found.meaning[1:]}.  {total}", canvas.width),
        *wrapped(f"Source: {found.source}.", canvas.width),
        *wrapped(f"In a model: conv filter={found.name}", canvas.width),
        *wrapped(f"On a picture: cnncalc filter photo.jpg --filter {found.name} -o {found.name}.png", canvas.width),
    ]
    return "".join(f"{line}\n" for line in lines)


def _rows(matrix: Matrix) -> list[str]:
    """The numbers right-aligned in columns."""
    rows = [[exact(value) for value in row] for plane in matrix.planes for row in plane]
    room = max(len(number) for row in rows for number in row)
    return ["  " + "  ".join(number.rjust(room) for number in row) for row in rows]


def _brightness(found: ImageFilter) -> str:
    if found.total == 1:
        return "brightness is kept"
    return "flat areas become 0" if found.total == 0 else "brightness changes"
