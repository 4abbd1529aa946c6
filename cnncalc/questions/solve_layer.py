"""`solve` for one layer: what its unknowns may be so that it makes one size of another, the simplest first.

The question is read here and put to `layer_search`; each answer is confirmed by the whole layer, whose own formulas,
weights and cost it carries.  Printing is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, Padding, Shape
from cnncalc.layers.base import Formula, Layer
from cnncalc.questions.counterpart import undone_sizes
from cnncalc.questions.layer_amounts import amounts_of, is_near, leaving
from cnncalc.questions.layer_question import LayerQuestion, layer_question
from cnncalc.questions.layer_search import (
    AxisQuestion,
    Joined,
    Range,
    axes_of,
    axis_choices,
    axis_unknowns,
    halved,
    joined,
    of_all,
)
from cnncalc.questions.layer_unknowns import COUNT_KINDS, MARK, AskedLayer, Unknown
from cnncalc.questions.simplest import effort

MOST_COUNT = 1_000_000
"""The largest number of filters, units or channels that is tried."""

MOST_NEAR = 20
"""Counts near to a rounded number that are tried."""

MOST_FOUND = 1_000
"""Answers after which the search ends."""


class LayerSolution(NamedTuple):
    """One answer: the line, the value of each unknown, what arrives and what leaves, and the layer's own numbers.

    `inputs` is the range of sizes that may arrive on each axis; the numbers are those of the smallest.  `unused` counts
    the rows of each axis that no window reaches, for the smallest input and for the largest; `pads` are the rows added
    before and after, by the axis' name.  `same_as` are other ways to write the padding that add the same rows here;
    `open` names unknowns that may have any value.  `undone` are, by axis, the sizes of which a convolution with the
    numbers of a transposed one makes what arrives.
    """

    text: str
    values: tuple[tuple[str, str], ...]
    input: Shape
    inputs: tuple[Range, ...]
    output: Shape
    params: int
    macs: int
    formulas: tuple[Formula, ...]
    unused: tuple[int, ...] = ()
    unused_of_largest: tuple[int, ...] = ()
    pads: tuple[tuple[str, int, int], ...] = ()
    same_as: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    undone: tuple[tuple[str, Range], ...] = ()


class LayerSolutions(NamedTuple):
    """All answers within the bounds, the simplest first; `question` is what was asked."""

    question: LayerQuestion
    solutions: tuple[LayerSolution, ...]
    complete: bool = True
    """Whether the search went on to its end."""

    @property
    def is_computed(self) -> bool:
        """Whether nothing was unknown, so that the answer is only worked out."""
        asked = self.question
        return not asked.asked.unknowns and None not in asked.input.spatial


def solve_layer(
    text: str, input: str | None, output: str | None = None, params: str | None = None, macs: str | None = None
) -> LayerSolutions:
    """The values of every `?` in a layer; sizes are written channels last, `?` in the input asks for its sizes too.

    Raises InputError for what cannot be read, and for a question without an end.
    """
    return solve_question(layer_question(text, input, output, params, macs))


def solve_question(question: LayerQuestion) -> LayerSolutions:
    """All answers of a question that has been read, the simplest first."""
    confirmed = list(_solutions(question))
    found = sorted(_merged(question, confirmed), key=lambda one: one[0])
    return LayerSolutions(question, tuple(solution for _, solution in found), len(confirmed) < MOST_FOUND)


def _solutions(question: LayerQuestion) -> Iterator[tuple[dict[str, Any], Joined, Shape]]:
    """The values of all unknowns that the whole layer confirms, and what arrives."""
    channels = question.input.channels
    found = 0
    same_for_all = question.params is None and question.macs is None and question.input.channels is not None
    known: list[dict[str, Any]] | None = None
    for one in _joined(question):
        values = _values(question.asked, one)
        if values is None:
            continue
        spatial = tuple(low for low, _ in one.sizes)
        if known is None:
            counted = list(_counts(question, values, spatial))
        else:
            shape = Shape(channels or 1, spatial)
            counted = [(counts, shape) for counts in known if _confirmed(question, values | counts, shape)]
        if known is None and same_for_all and counted:
            known = [counts for counts, _ in counted]  # what the channels ask for is the same whatever the axes
        for counts, arriving in counted:
            yield values | counts, one, arriving
            found += 1
            if found >= MOST_FOUND:
                return


def _joined(question: LayerQuestion) -> Iterator[Joined]:
    """What fits on all axes; where the layer has no numbers for axes, only the whole layer can say whether it fits."""
    spatial = question.input.spatial
    if not question.asked.has_axes and None not in spatial:
        yield Joined((), tuple((size, size) for size in spatial if size is not None), True)
        return
    wanted = (None,) * question.rank if question.output is None else question.output.spatial
    axes = [
        axis_choices(question.asked, axis, question.rank, AxisQuestion(size, leaves, question.input.channels or 1))
        for axis, (size, leaves) in enumerate(zip(spatial, wanted, strict=True))
    ]
    yield from joined(question.asked, axes)


def _values(asked: AskedLayer, one: Joined) -> dict[str, Any] | None:
    """The arguments of the whole layer for the choices on its axes; None where no argument says them together."""
    values = {
        unknown.field: of_all([choice[place] for choice in one.choices], unknown.kind)
        for place, unknown in enumerate(axis_unknowns(asked))
    }
    return None if None in values.values() else values


def _counts(
    question: LayerQuestion, values: dict[str, Any], spatial: tuple[int, ...]
) -> Iterator[tuple[dict[str, Any], Shape]]:
    """Values of filters, units, groups and of the channels that arrive, as far as they are not known.

    Channels that nothing asks for are the fewest that the layer takes.
    """
    unknowns = [one for one in question.asked.unknowns if one.kind in COUNT_KINDS]
    made = None if question.output is None else question.output.channels
    for arriving in _channels(question, values, spatial):
        shape = Shape(arriving, spatial)
        domains = [_count_domain(one, arriving, made) for one in unknowns]
        found = [
            one
            for one in _products(question, unknowns, domains, values, shape)
            if _confirmed(question, values | one, shape)
        ]
        yield from ((counts, shape) for counts in found)
        if found and question.input.channels is None:
            return


def _channels(question: LayerQuestion, values: dict[str, Any], spatial: tuple[int, ...]) -> Iterator[int]:
    """How many channels may arrive."""
    if question.input.channels is not None:
        yield question.input.channels
        return
    made = None if question.output is None else question.output.channels
    groups = question.asked.main.values.get("groups", 1)
    tried = dict.fromkeys((1, groups, *_divisors(made or 1), *((made or 1) * times for times in (2, 4, 9, 16))))
    unknown = any(one.kind in COUNT_KINDS for one in question.asked.unknowns)
    if unknown or (question.params is None and question.macs is None):
        yield from tried
        return
    yield from _with_amount(
        question, lambda count: (question.asked.build(values), Shape(count * groups, spatial)), groups
    )


def _products(
    question: LayerQuestion,
    unknowns: list[Unknown],
    domains: list[list[Any] | None],
    values: dict[str, Any],
    shape: Shape,
) -> Iterator[dict[str, Any]]:
    """Every combination; the one unknown without a domain is found from the params or MACs."""
    if not unknowns:
        yield {}
        return
    first, domain = unknowns[0], domains[0]
    rest = _products(question, unknowns[1:], domains[1:], values, shape)
    for others in rest:
        if domain is not None:
            yield from ({first.field: value} | others for value in domain)
        else:
            yield from (
                {first.field: value} | others for value in _from_amount(question, first, values | others, shape)
            )


def _count_domain(unknown: Unknown, channels: int, made: int | None) -> list[Any] | None:
    if unknown.kind == "flag":
        return [True, False]
    if unknown.field == "groups":
        return _divisors(channels)
    return None if made is None else _divisors(made)


def _divisors(number: int) -> list[int]:
    small = [one for one in range(1, int(number**0.5) + 1) if number % one == 0] if number <= MOST_COUNT else [1]
    return sorted({*small, *(number // one for one in small)})


def _from_amount(question: LayerQuestion, unknown: Unknown, values: dict[str, Any], shape: Shape) -> Iterator[int]:
    """The counts with the params or MACs that are asked for; where none are, the smallest count that is possible."""
    step = values.get("groups", question.asked.main.values.get("groups", 1))
    if question.params is None and question.macs is None:
        yield step
        return
    yield from _with_amount(
        question, lambda count: (question.asked.build(values | {unknown.field: count * step}), shape), step
    )


def _with_amount(
    question: LayerQuestion, put: Callable[[int], tuple[tuple[Layer, ...], Shape]], step: int
) -> Iterator[int]:
    """Multiples of `step` near the params or MACs that are asked for, which grow with the count that is put in."""
    stated = question.params or question.macs
    assert stated is not None

    def is_enough(count: int) -> bool:
        try:
            return amounts_of(*put(count))[question.params is None] >= stated.value
        except Refusal:
            return True

    low, high = 0, 1
    while high < MOST_COUNT and not is_enough(high):
        low, high = high, 2 * high
    high = halved(is_enough, low, high)
    around = MOST_NEAR // 2 if stated.step > 1 else int(question.nearest)
    yield from (count * step for count in range(max(1, high - around), high + max(1, around)))


def _confirmed(question: LayerQuestion, values: dict[str, Any], arriving: Shape) -> bool:
    """Whether the whole layer makes of the whole input what is asked for."""
    layers = question.asked.build(values)
    try:
        made = leaving(layers, arriving)
        params, macs = amounts_of(layers, arriving)
    except (Refusal, ZeroDivisionError):
        return False
    output = question.output
    if output is not None and made.spatial != output.spatial:
        return False
    if output is not None and output.channels is not None and made.channels != output.channels:
        return False
    return question.nearest or (is_near(params, question.params) and is_near(macs, question.macs))


def _merged(
    question: LayerQuestion, found: Iterable[tuple[dict[str, Any], Joined, Shape]]
) -> Iterator[tuple[tuple[Any, ...], LayerSolution]]:
    """Answers with how simple they are; those that add the same rows are one, written in the simplest way."""
    groups: dict[Any, list[tuple[tuple[Any, ...], dict[str, Any], Joined, Shape]]] = {}
    for values, one, arriving in found:
        layer = question.asked.build(values)[0]
        axes = _resolved(layer, arriving)
        others = tuple(value for name, value in values.items() if not isinstance(value, Padding))
        paddings = None if axes else tuple(value for value in values.values() if isinstance(value, Padding))
        key = (others, axes, paddings, arriving.channels, one.sizes)
        rank = (
            _distance(question, values, arriving),
            *effort(question.asked, layer, values, arriving, one.is_even),
        )
        groups.setdefault(key, []).append((rank, values, one, arriving))
    for ways in groups.values():
        ways.sort(key=lambda way: way[0])
        rank, values, one, arriving = ways[0]
        yield rank, _solution(question, values, one, arriving, [way[1] for way in ways[1:]])


def _distance(question: LayerQuestion, values: dict[str, Any], arriving: Shape) -> Fraction:
    """How far the params, or else the MACs, are from those that were stated."""
    stated = question.params or question.macs
    if stated is None:
        return Fraction(0)
    return abs(amounts_of(question.asked.build(values), arriving)[question.params is None] - stated.value)


def _resolved(layer: Layer, arriving: Shape) -> tuple[tuple[int, int, int], ...] | None:
    """The rows before, after and added on each axis, for layers that slide."""
    return tuple((axis.before, axis.after, getattr(axis, "extra", 0)) for axis in axes_of(layer, arriving)) or None


def _unused(layer: Layer, arriving: Shape) -> tuple[int, ...]:
    """The rows of each axis that no window reaches."""
    return tuple(getattr(axis, "unused", 0) for axis in axes_of(layer, arriving))


def _solution(
    question: LayerQuestion, values: dict[str, Any], one: Joined, arriving: Shape, others: list[dict[str, Any]]
) -> LayerSolution:
    asked = question.asked
    layers = asked.build(values)
    params, macs = amounts_of(layers, arriving)
    any_channels = _takes_any_channels(question, layers, arriving)
    free = tuple(name for name in _open(question) if (name in values if name != "channels" else any_channels))
    written = {
        name: written_value(value, _rank_of(name, arriving)) for name, value in values.items() if name not in free
    }
    sizes = tuple(
        formula
        for formula in layers[0].formulas((arriving,))
        if formula.quantity in (*AXIS_NAMES[arriving.rank], "size")
    )
    unused = _unused(layers[0], arriving)
    pads = tuple((axis.name, axis.before, axis.after) for axis in axes_of(layers[0], arriving))
    paddings = [name for name, value in values.items() if isinstance(value, Padding)]
    same_as = tuple(dict.fromkeys(written_value(way[name]) for way in others for name in paddings))
    return LayerSolution(
        asked.text(written),
        tuple((one.field, written.get(one.field, MARK)) for one in asked.unknowns),
        arriving,
        one.sizes,
        leaving(layers, arriving),
        params,
        macs,
        sizes,
        unused,
        _unused(layers[0], Shape(arriving.channels, tuple(high for _, high in one.sizes))),
        pads,
        same_as,
        free,
        tuple(undone_sizes(layers[0], arriving).items()),
    )


def _takes_any_channels(question: LayerQuestion, layers: tuple[Layer, ...], arriving: Shape) -> bool:
    """Whether other channels than those that were tried give the wanted output too."""
    made = question.output and question.output.channels
    try:
        return made is None or leaving(layers, Shape(2 * arriving.channels, arriving.spatial)).channels == made
    except Refusal:
        return False


def _rank_of(name: str, arriving: Shape) -> int:
    """On how many axes a value is written out: a kernel on all of them, `5x5`, others as one number."""
    return arriving.rank if name == "kernel_size" else 1


def _open(question: LayerQuestion) -> tuple[str, ...]:
    """Unknown counts that nothing determines, and `channels` where any number of them may arrive."""
    if question.params or question.macs:
        return ()
    made = question.output and question.output.channels
    counts = [one.field for one in question.asked.unknowns if one.kind == "count" and one.field != "groups"]
    return (*([] if made else counts), *(["channels"] if question.input.channels is None else []))


def written_value(value: Any, rank: int = 1) -> str:
    """A value as it is written in a line: `same`, `3x5`, `2`, `yes`; one number stands on `rank` axes."""
    if isinstance(value, Padding):
        return value.text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        each = value if len(value) > 1 else value * rank
        return "x".join(f"{one:g}" if isinstance(one, float) else str(one) for one in each)
    return str(value)
