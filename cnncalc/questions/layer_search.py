"""Every value that the unknowns of a layer can have, within bounds: tried on the layer itself, one axis at a time.

The axes of a map do not depend on one another, so each is searched as a 1-D map; what holds for all of them is then
put to the whole layer, which has the last word.  No formula of a size is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import PADDING_WORDS, Padding, Shape
from cnncalc.layers.base import Layer
from cnncalc.questions.layer_unknowns import AskedLayer, Unknown

LARGEST_INPUT = 1_000_000
"""No larger input size is looked for."""

MOST_ALONE = 1_000
"""Up to which every kernel, stride or padding is tried where it is the only unknown of an axis."""

MOST_OPEN = 100
"""The same where the size of the input is unknown too."""

LARGEST = {"kernel_size": 15, "stride": 8, "dilation": 8, "padding": 7, "output_padding": 7}
"""The largest values that are tried where several are unknown; others go to 16."""

LARGEST_OTHER = 16

LARGEST_UNEVEN = 16
"""Rows of unequal pads, both sides together: all ways to share so many are tried."""

MOST_JOINED = 3_000
"""Combinations of the axes' values that are put to the whole layer."""

Choice = tuple[Any, ...]
"""A value for each unknown of an axis, in the order of the unknowns."""

Range = tuple[int, int]
"""The smallest and the largest size of an input, both included."""


class AxisQuestion(NamedTuple):
    """One axis: the size that arrives (None: asked for), the one that leaves (None: any), and the channels."""

    size: int | None
    wanted: int | None
    channels: int = 1


def axis_unknowns(asked: AskedLayer) -> tuple[Unknown, ...]:
    """The unknowns that have a value for each axis."""
    return tuple(one for one in asked.unknowns if one.kind not in ("count", "flag"))


def axis_choices(asked: AskedLayer, axis: int, rank: int, question: AxisQuestion) -> dict[Choice, Range]:
    """Every choice for one axis that gives the wanted size, with the sizes that may arrive."""
    found: dict[Choice, Range] = {}
    for choice, made in tried(asked, axis, rank, question):
        if question.size is None:
            sizes = sizes_that_give(made, question.wanted)
            if sizes is not None:
                found[choice] = sizes
        elif (output := made(question.size)) is not None and question.wanted in (None, output):
            found[choice] = (question.size, question.size)
    return found


Made = Callable[[int], int | None]
"""The size that leaves for one that arrives; None where the layer refuses it."""


def tried(asked: AskedLayer, axis: int, rank: int, question: AxisQuestion) -> Iterator[tuple[Choice, Made]]:
    """Every choice within the bounds, with what the layer makes of a size on this axis."""
    unknowns = axis_unknowns(asked)
    domains = [tuple(_domain(one, axis, rank, question, alone=len(unknowns) == 1)) for one in unknowns]

    def trial(choice: Choice) -> tuple[Choice, Made]:
        return choice, made_by(axis_layer(asked, axis, rank, choice), question.channels)

    yield from map(trial, product(*domains))
    if len(unknowns) == 1 and not unknowns[0].sides and domains[0] and len(domains[0]) >= MOST_ALONE:
        as_choices = _one_size
        if unknowns[0].kind == "padding":
            as_choices = _near_rows if unknowns[0].is_free else _equal_rows
        far = _far(lambda value: trial(as_choices(value)[0])[1], question)
        yield from (trial(choice) for value in far for choice in as_choices(value))


def axis_layer(asked: AskedLayer, axis: int, rank: int, choice: Choice = ()) -> Layer:
    """The main layer as it is on one axis, with a value for each unknown of the axis."""
    kinds = asked.kinds()
    values = {
        name: of_axis(value, kinds[name], axis, rank) for name, value in asked.main.values.items() if name in kinds
    }
    if "groups" in kinds:
        values["groups"] = 1
    values |= {one.field: value for one, value in zip(axis_unknowns(asked), choice, strict=True)}
    return asked.main.signature.layer(**values)


def _one_size(value: int) -> tuple[Choice, ...]:
    return (((value,),),)


def _equal_rows(value: int) -> tuple[Choice, ...]:
    return ((_rows(value, value),),)


def _near_rows(value: int) -> tuple[Choice, ...]:
    return tuple((_rows(*pair),) for pair in ((value, value), (value, value + 1), (value + 1, value)))


def _far(make: Callable[[int], Made], question: AxisQuestion) -> Iterator[int]:
    """Values above `MOST_ALONE`, up to the larger size, next to where the size that leaves passes the wanted one.

    It never turns while the value grows, so the place is found by halving; a factor that must divide the size is tried
    by itself.
    """
    size, wanted = question.size, question.wanted
    if size is None or wanted is None:
        return
    end = make(MOST_ALONE)(size)
    tried = {wanted // size, size // wanted}
    if end is not None:
        falls = end > wanted

        def holds(value: int) -> bool:
            made = make(value)(size)
            return made is None or (made <= wanted if falls else made >= wanted)

        first = halved(holds, MOST_ALONE, max(size, wanted))
        tried |= {first - 1, first}
        while make(first)(size) == wanted and len(tried) < MOST_ALONE:
            first += 1
            tried.add(first)
    yield from (value for value in sorted(tried) if value > MOST_ALONE)


def made_by(layer: Layer, channels: int) -> Made:
    """The size that a layer makes of another on one axis."""

    def made(size: int) -> int | None:
        try:
            return layer.output_shape((Shape(channels, (size,)),)).spatial[0]
        except (Refusal, IndexError):
            return None

    return made


def axes_of(layer: Layer, arriving: Shape) -> tuple[Any, ...]:
    """Every axis of a layer that slides, with its numbers resolved; none for other layers."""
    find = getattr(layer, "axes", None)
    return tuple(find(arriving)) if callable(find) else ()


def of_axis(value: Any, kind: str, axis: int, rank: int) -> Any:
    """The part of an argument's value that holds for one axis."""
    if kind == "padding" and isinstance(value, Padding):
        return Padding("explicit", (value.sides[axis],)) if len(value.sides) == rank > 1 else value
    if kind in ("sizes", "rows", "factors") and value is not None and len(value) == rank > 1:
        return (value[axis],)
    return value


def of_all(values: Sequence[Any], kind: str) -> Any:
    """The value of an argument that has these on its axes."""
    if kind == "padding":
        explicit = all(value.mode == "explicit" for value in values)
        if len(set(values)) == 1 and not (explicit and len(set(values[0].sides[0])) > 1):
            return values[0]
        return Padding("explicit", tuple(value.sides[0] for value in values)) if explicit else None
    return tuple(value[0] for value in values) if len(set(values)) > 1 else values[0]


def _domain(unknown: Unknown, axis: int, rank: int, question: AxisQuestion, *, alone: bool) -> Iterator[Any]:
    """The values of one unknown on one axis that are tried, within the bounds."""
    if unknown.kind == "padding":
        yield from _pads(unknown, axis, rank, largest(unknown, question, alone=alone))
        return
    part = unknown.parts[0 if len(unknown.parts) == 1 else min(axis, len(unknown.parts) - 1)]
    if part is not None:
        yield (part,)
        return
    first = 0 if unknown.kind == "rows" else 1
    yield from ((value,) for value in range(first, largest(unknown, question, alone=alone) + 1))
    if unknown.kind == "factors" and question.size and question.wanted:
        ratio = question.wanted / question.size
        if not ratio.is_integer() and round(ratio, 3) == ratio:
            yield (ratio,)


def largest(unknown: Unknown, question: AxisQuestion, *, alone: bool) -> int:
    """The largest value of an unknown that is tried on an axis."""
    bound = LARGEST.get(unknown.field, LARGEST_OTHER)
    if not alone:
        return bound
    return min(max(question.size or 0, question.wanted or 0, bound), MOST_ALONE if question.size else MOST_OPEN)


def _pads(unknown: Unknown, axis: int, rank: int, most: int) -> Iterator[Padding]:
    if unknown.is_free:
        named = dict.fromkeys(PADDING_WORDS.values())
        yield from (word for word in named if word.mode != "causal" or rank == 1)
    if unknown.sides:
        given = unknown.parts[2 * axis : 2 * axis + 2] if len(unknown.parts) == 2 * rank else unknown.parts[:2]
        before, after = ([part] if part is not None else range(most + 1) for part in given)
        yield from (_rows(*pair) for pair in islice(product(before, after), MOST_ALONE))
        return
    part = unknown.parts[0 if len(unknown.parts) == 1 else min(axis, len(unknown.parts) - 1)]
    yield from (_rows(side, side) for side in ([part] if part is not None else range(most + 1)))
    if unknown.is_free:
        shared = range(min(LARGEST_UNEVEN, 2 * most) + 1)
        yield from (_rows(first, both - first) for both in shared for first in range(both + 1) if 2 * first != both)
        yield from (
            _rows(*pair) for side in range(len(shared) // 2, most) for pair in ((side, side + 1), (side + 1, side))
        )


def _rows(before: int, after: int) -> Padding:
    return Padding("explicit", ((before, after),))


def sizes_that_give(made: Made, wanted: int | None) -> Range | None:
    """The inputs that give an output, which never falls while the input grows."""
    if wanted is None:
        return None
    first = _first(lambda size: (made(size) or 0) >= wanted)
    if first is None or made(first) != wanted:
        return None
    over = _first(lambda size: (made(size) or 0) > wanted)
    return first, LARGEST_INPUT if over is None else over - 1


def _first(holds: Callable[[int], bool]) -> int | None:
    """The smallest size for which it holds, where it holds for all larger ones."""
    if not holds(LARGEST_INPUT):
        return None
    low, high = 0, 1
    while not holds(high):
        low, high = high, min(2 * high, LARGEST_INPUT)
    return halved(holds, low, high)


def halved(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number above `low` for which it holds, where it holds for all larger ones to `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


class Joined(NamedTuple):
    """Values of the unknowns for all axes, and what may arrive on each."""

    choices: tuple[Choice, ...]
    sizes: tuple[Range, ...]
    is_even: bool


def joined(asked: AskedLayer, axes: Sequence[Mapping[Choice, Range]]) -> Iterator[Joined]:
    """The axes' choices put together: those that agree where one `?` stands for all axes; where none do, any."""
    unknowns = axis_unknowns(asked)
    shared = [place for place, one in enumerate(unknowns) if one.is_free or (one.sides and len(one.parts) == 2)]
    tables = [_by_key(axis, shared) for axis in axes]
    if not tables:
        yield Joined((), (), True)
        return
    agreed = [key for key in tables[0] if all(key in table for table in tables[1:])]
    even = (pick for key in agreed for pick in product(*(table[key] for table in tables)))
    picks: Iterable[tuple[Choice, ...]] = islice(even, MOST_JOINED)
    is_even = bool(agreed)
    if not agreed:
        few = round(MOST_JOINED ** (1 / len(axes)))
        picks = product(*(list(axis)[:few] for axis in axes))
    for pick in picks:
        yield Joined(pick, tuple(axis[one] for axis, one in zip(axes, pick, strict=True)), is_even)


def _by_key(axis: Mapping[Choice, Range], shared: list[int]) -> dict[Choice, list[Choice]]:
    table: dict[Choice, list[Choice]] = {}
    for choice in axis:
        table.setdefault(tuple(choice[place] for place in shared), []).append(choice)
    return table


def bounds_text(asked: AskedLayer, *, is_far: bool) -> str:
    """How far was searched: `kernels from 1 to 15, paddings from 0 to 7`; empty where nothing was.

    `is_far`: both sizes are known, so that one unknown is found however large it is.
    """
    to_the_size = "the larger size" if is_far else f"the larger size, at most {MOST_OPEN}"
    unknowns = axis_unknowns(asked)
    alone = len(unknowns) == 1
    said = []
    for one in unknowns:
        name = {"kernel_size": "kernel"}.get(one.field, one.field.replace("_", " "))
        least = 0 if one.kind in ("rows", "padding") else 1
        top = LARGEST.get(one.field, LARGEST_OTHER)
        said.append(
            f"{name} from {least} to {to_the_size if alone else top}"
            + (
                f", unequal sides to {LARGEST_UNEVEN if alone else 2 * top} rows together"
                if one.is_free and one.kind == "padding"
                else ""
            )
        )
    return "; ".join(said)
