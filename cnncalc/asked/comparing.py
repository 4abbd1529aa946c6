"""One claim against the truth: shapes size by size, numbers exactly or roughly, matrices cell by cell.

A verdict says right or wrong, what deserves a remark about a right answer, and which parts of a wrong one are wrong.
It never says the right value: that is for whoever shows verdicts to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.geometry import AXIS_NAMES, Order, Shape, shape_of
from cnncalc.matrices import Cell, Matrix, Number, Volume
from cnncalc.quantities import decimal_places

OTHER_ORDER: dict[Order, Order] = {"channels_last": "channels_first", "channels_first": "channels_last"}

APPROXIMATE = Fraction(1, 100)
"""`~138M` may be this far off, relative to the right value."""

_LOCAL = "the field of the local paths; over a global layer every value sees the whole picture"
_WHOLE = "the whole picture, over a global layer; papers print the field of the local paths alone"
_PADDED = "the whole picture; with its pads the field is larger"

NUMBER_OF_SIZES = "number of sizes"
NUMBER_OF_SIDES = "number of sides"
NUMBER_OF_AXES = "number of axes"
NUMBER_OF_ROWS = "number of rows, columns or channels"
OTHER_FORM = frozenset((NUMBER_OF_SIZES, NUMBER_OF_SIDES, NUMBER_OF_AXES, NUMBER_OF_ROWS))
"""What is wrong with an answer that has not as many parts as the right one: nothing of it can be compared."""

_SIZE_MEANT = "this is the number of values, which `size` asks for; a shape has one number for each axis"

ONCE_ROUNDED = "right once rounded; this homework wants the exact number"

SIDES = ("front", "back", "top", "bottom", "left", "right")


def sides_of(count: int) -> tuple[str, ...]:
    """The names of the sides, where so many are told apart."""
    return SIDES[-count:]


class Verdict(NamedTuple):
    """`ok` is None when it cannot be judged; `remark` then says why.  `wrong` names the parts that are wrong.

    `is_rounded`: only wrong because the exact number is wanted.
    """

    ok: bool | None
    remark: str = ""
    wrong: tuple[str, ...] = ()
    is_rounded: bool = False


def compared_shape(given: tuple[int, ...], right: Shape, order: Order, batch_dropped: bool) -> Verdict:
    """A shape is right in either channel order, and 1x1xC is as good as C; the remark says so."""
    other = OTHER_ORDER[order]
    if _has_batch_of_one(given, right):
        given, batch_dropped = given[1:], True
    if given == right.sizes(order):
        remark = ""
    elif given == right.sizes(other):
        remark = f"{other.replace('_', ' ')}; this file writes {order.replace('_', ' ')}"
    elif right.channels == 1 and given == right.spatial:
        remark = "without its one channel"
    elif set(right.spatial) <= {1} and _without_ones(given) == _without_ones((right.channels,)):
        remark = "still with its axes of size 1" if right.rank else "a flat vector, without axes of size 1"
    else:
        pointer = _SIZE_MEANT if given == (right.elements,) else ""
        return Verdict(False, pointer, _wrong_sizes(given, right, order))
    batch = "the batch is not part of the shape" if batch_dropped else ""
    return Verdict(True, "; ".join(filter(None, (remark, batch))))


def _has_batch_of_one(given: tuple[int, ...], right: Shape) -> bool:
    """Whether a batch of one image stands in front of the sizes: (1, 28, 28, 8)."""
    return right.rank > 0 and len(given) == right.rank + 2 and given[0] == 1


def _without_ones(sizes: tuple[int, ...]) -> list[int]:
    return [size for size in sizes if size != 1]


def _wrong_sizes(given: tuple[int, ...], right: Shape, order: Order) -> tuple[str, ...]:
    """The names of the sizes that are wrong, in the order that fits better."""
    if right.rank and given == right.spatial:
        return ("channels",)
    if len(given) != right.rank + 1:
        return (NUMBER_OF_SIZES,)
    if right.rank == 0:
        return ("length",)
    names = AXIS_NAMES[right.rank]
    candidates = {
        order: ("channels", *names) if order == "channels_first" else (*names, "channels") for order in OTHER_ORDER
    }
    wrong = [
        tuple(name for name, a, b in zip(candidates[tried], given, right.sizes(tried), strict=True) if a != b)
        for tried in (order, OTHER_ORDER[order])
    ]
    return min(wrong, key=len)


def oriented(given: tuple[int, ...], right: Shape, order: Order) -> Shape | None:
    """The claimed shape, read in the channel order in which more of it is right; None when it has other axes.

    Sizes without the channels are read with the right number of channels.
    """
    if _has_batch_of_one(given, right):
        given = given[1:]
    if right.rank and len(given) == right.rank:
        return Shape(right.channels, given)
    if len(given) != right.rank + 1:
        return None
    read = [shape_of(given, tried) for tried in (order, OTHER_ORDER[order])]
    return max(read, key=lambda shape: _agreeing(shape, right))


def _agreeing(one: Shape, other: Shape) -> int:
    return sum(a == b for a, b in zip(one.sizes(), other.sizes(), strict=True))


def compared_number(
    given: Fraction, right: int | Fraction, approximate: bool, tolerance: Fraction | None = None
) -> Verdict:
    """A number is right when it is exact, within 1 % where the answer says `~`, or within the reader's tolerance."""
    allowed = max(APPROXIMATE if approximate else Fraction(0), tolerance or Fraction(0))
    off = abs(given - right)
    ok = off <= allowed * abs(Fraction(right))
    return Verdict(ok, "within the tolerance" if ok and off and not approximate else "")


def compared_field(
    given: Fraction | tuple[int, ...],
    right: tuple[int, ...],
    whole: tuple[int, ...] | None,
    approximate: bool,
    *,
    local: bool = True,
) -> Verdict:
    """A receptive field by axis; a square one may be answered by its side.

    `whole` is the picture's size where every value sees all of it: that answer is right too.  `local`: the right field
    is then that of the local paths alone, otherwise the whole field with its pads.
    """
    for field, remark in ((right, _LOCAL if whole and local else ""), (whole or right, _WHOLE if local else _PADDED)):
        asked = _by_axis(given, len(field))
        if len(asked) == len(field) and all(
            compared_number(a, b, approximate).ok for a, b in zip(asked, field, strict=True)
        ):
            return Verdict(True, remark)
    asked = _by_axis(given, len(right))
    if len(asked) != len(right):
        return Verdict(False, wrong=(NUMBER_OF_SIZES,))
    wrong = tuple(name for name, a, b in zip(AXIS_NAMES[len(right)], asked, right, strict=True) if a != b)
    return Verdict(False, wrong=wrong if len(wrong) < len(right) else ())


def _by_axis(given: Fraction | tuple[int, ...], rank: int) -> list[Fraction]:
    return [Fraction(side) for side in given] if isinstance(given, tuple) else [given] * rank


def compared_pads(given: Fraction | tuple[int, ...], right: tuple[tuple[int, int], ...]) -> Verdict:
    """Pads side by side: one number for every side, one for each axis (1x2), or one for each side (0,1,0,1)."""
    sides = tuple(side for pair in right for side in pair)
    asked: tuple[Fraction | int, ...] = (given,) * len(sides) if isinstance(given, Fraction) else given
    if len(asked) == len(right):
        asked = tuple(side for side in asked for _ in range(2))
    if len(asked) != len(sides):
        return Verdict(False, wrong=(NUMBER_OF_SIDES,))
    wrong = tuple(name for name, a, b in zip(sides_of(len(sides)), asked, sides, strict=True) if a != b)
    return Verdict(not wrong, wrong=wrong if len(wrong) < len(sides) else ())


def compared_values(given: Matrix, right: Volume, rank: int) -> Verdict:
    """A matrix cell by cell; a decimal is right when it is the right value rounded to that many places."""
    rows = _arranged(given, right, rank)
    if rows is None:
        return Verdict(False, wrong=(NUMBER_OF_ROWS,))
    true_rows = [row for plane in right for sheet in plane for row in sheet]
    if rank == 0:
        true_rows = [[row[0] for row in true_rows]]
    height = given.rows
    blank = {_in_rows(at, given, rank) for at in given.blank}
    if blank:
        return _partly(rows, true_rows, blank, given, rank)
    decimals = {_in_rows(at, given, rank): places for at, places in given.decimals}
    cells = [
        (r, c, same_number(value, true, decimals.get((r, c), 0)))
        for r, (row, true_row) in enumerate(zip(rows, true_rows, strict=True))
        for c, (value, true) in enumerate(zip(row, true_row, strict=True))
    ]
    planes, height = (given.channels, given.rows) if rank else (1, 0)
    wrong = tuple(_cell(r, c, height, planes) for r, c, same in cells if same is None)
    rounded = any(same == "rounded" for _, _, same in cells)
    return Verdict(not wrong, "rounded" if rounded and not wrong else "", wrong)


def _in_rows(at: Cell, given: Matrix, rank: int) -> tuple[int, int]:
    """A cell among all rows; of a flat vector, whichever way it was written, in its one row."""
    plane, row, column = at
    below = plane * given.rows + row
    return (below, column) if rank else (0, below * given.columns + column)


def _partly(
    rows: list[Sequence[Fraction]],
    true_rows: list[list[Number]],
    blank: set[tuple[int, int]],
    given: Matrix,
    rank: int,
) -> Verdict:
    """A matrix with open cells: wrong where a stated number is, else open."""
    planes, height = (given.channels, given.rows) if rank else (1, 0)
    places = [(r, c) for r, row in enumerate(rows) for c, _ in enumerate(row)]
    stated = [(r, c) for r, c in places if (r, c) not in blank]
    wrong = [(r, c) for r, c in stated if same_number(rows[r][c], true_rows[r][c]) is None]
    named = {at: _cell(*at, height, planes) + (" (open)" if at in blank else "") for at in (*wrong, *blank)}
    remark = "what is answered is right" if not wrong else ""
    return Verdict(False if wrong else None, remark, tuple(named[at] for at in sorted(named)))


def _cell(row: int, column: int, rows: int, planes: int) -> str:
    """Where a wrong number stands; `rows` in a plane, 0 for a flat vector."""
    if rows == 0:
        return f"number {column + 1}"
    plane, row = divmod(row, rows)
    return (f"channel {plane + 1}, " if planes > 1 else "") + f"row {row + 1}, column {column + 1}"


def _arranged(given: Matrix, right: Volume, rank: int) -> list[Sequence[Fraction]] | None:
    """The claimed rows in the order of the true ones; None when the sizes differ."""
    channels, depth, height, width = len(right), len(right[0]), len(right[0][0]), len(right[0][0][0])
    rows = [row for plane in given.planes for row in plane]
    if rank == 0:
        values = [value for row in rows for value in row]
        return [values] if len(values) == channels and 1 in (len(rows), len(rows[0])) else None
    sizes = {(channels, depth * height, width), (channels * depth, height, width)}
    if rank == 1:
        sizes.add((1, channels, width))
    return list(rows) if (given.channels, given.rows, given.columns) in sizes else None


def same_number(given: Fraction, right: Number, decimals: int = 0) -> str | None:
    """How a number agrees with the right one: "exactly", "rounded", or not at all (None).

    A whole number is never taken for a rounded one: 1 is no answer where 1.25 is right.  `decimals` is how many were
    written, where that is known: 1.00 is right where 0.9999 is.
    """
    if isinstance(right, float) and right - right != 0:
        return None
    true = Fraction(right)
    if given == true or (isinstance(right, float) and abs(given - true) <= abs(true) / 10**9):
        return "exactly"
    places = max(decimal_places(given) or 0, decimals)
    return "rounded" if places and abs(given - true) * 2 * 10**places <= 1 else None
