"""How numbers, shapes, shares and memory are written for a reader.

Everything here turns one exact value into words; rounding happens nowhere else.  It knows nothing of tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.geometry import Order, Shape
from cnncalc.quantities import exact, grouped, mebibytes, megabytes, percent

if TYPE_CHECKING:
    from cnncalc.analysis.model import ReceptiveField

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def sizes(numbers: Iterable[int]) -> str:
    """`5x5`."""
    return "x".join(map(str, numbers))


def per_axis(values: Iterable[Fraction | int]) -> str:
    """One exact value for each axis; a single one where all are alike: `0.5`, `0.5x1`."""
    written = [exact(value) for value in values]
    return written[0] if len(set(written)) == 1 else "x".join(written)


def field_size(field: ReceptiveField) -> str:
    """`14x14`; `≤14x14` where it is an upper bound; `whole image, local 5x5` where a path is global."""
    local = local_size(field)
    if not field.whole:
        return local
    return f"{whole_field(field)}, local {local}" if field.local else _at_most(field) + whole_field(field)


def local_size(field: ReceptiveField) -> str:
    """The size alone, as a spreadsheet takes it: `14x14`, `≤14x14`."""
    return _at_most(field) + sizes(field.size)


def whole_field(field: ReceptiveField) -> str:
    """`whole image`; `31x31 of the image` where a crop or a stride leaves pixels unread."""
    return f"{sizes(field.seen)} of the image" if field.seen else "whole image"


def proved_size(field: ReceptiveField) -> str:
    """What runs can show, the field over all paths, in few letters: `14x14`, `whole`."""
    seen = sizes(field.seen) if field.seen else "whole"
    return _at_most(field) + (seen if field.whole else sizes(field.size))


def _at_most(field: ReceptiveField) -> str:
    return "≤" if field.at_most else ""


def shapes(several: Sequence[Shape], order: Order) -> str:
    """`28x28x6`, two as `28x28x64, 28x28x64`, more of a kind as `4 of 28x28x64`."""
    distinct = dict.fromkeys(several)
    if len(distinct) == 1 < len(several):
        return f"{len(several)} of {several[0].text(order)}"
    return ", ".join(shape.text(order) for shape in several)


def octets(count: int) -> str:
    """Bytes in both units, each with its right name; few bytes as they are.

    >>> octets(60_950_432), octets(40)
    ('60.95 MB (58.13 MiB)', '40 bytes')
    """
    return f"{megabytes(count)} ({mebibytes(count)})" if count >= 10_000 else f"{grouped(count)} bytes"


def ratio(part: int, whole: int) -> str:
    """How many times the whole a part is, three digits at least: `0.53`, `8.42`, `26.3`, `30,908`.

    >>> ratio(2304, 270), ratio(4821600, 156), ratio(1, 2)
    ('8.53', '30,908', '0.50')
    """
    value = Fraction(part, whole)
    places = 2 if value < 10 else 1 if value < 100 else 0
    return f"{float(round(value, places)):,.{places}f}" if places else grouped(round(value))


def times(many: Fraction) -> str:
    """How many times, in prose: a whole number without decimals.

    >>> times(Fraction(50)), times(Fraction(1)), times(Fraction(2304, 270))
    ('50 times', 'once', '8.53 times')
    """
    if many == 1:
        return "once"
    return f"{grouped(many.numerator) if many.denominator == 1 else ratio(many.numerator, many.denominator)} times"


def percentage(part: int, whole: int) -> str:
    """A share in percent; empty where there is nothing."""
    return percent(Fraction(part, whole)) if part and whole else ""


def bar(part: int, whole: int, width: int, *, ascii_only: bool) -> str:
    """A bar of at most `width` cells; a share above nothing always shows.

    >>> bar(1, 2, 4, ascii_only=False), bar(1, 10**9, 4, ascii_only=False), bar(3, 4, 4, ascii_only=True)
    ('██', '▏', '###')
    """
    if part <= 0 or whole <= 0:
        return ""
    if ascii_only:
        return "#" * max(1, round(Fraction(part * width, whole)))
    eighths = max(1, round(Fraction(part * width * 8, whole)))
    full, rest = divmod(eighths, 8)
    return _EIGHTHS[8] * full + (_EIGHTHS[rest] if rest else "")
