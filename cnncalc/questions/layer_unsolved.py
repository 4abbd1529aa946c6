"""Why a layer cannot make one size of another, the nearest sizes that it can make, and what would do.

Everything is found by asking the layer: with the values that were tried, with other inputs and with other pads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.diagnostics import InputError, Refusal
from cnncalc.geometry import AXIS_NAMES, Shape
from cnncalc.layers.base import Layer, counted
from cnncalc.questions.layer_question import LayerQuestion, Sizes
from cnncalc.questions.layer_search import (
    LARGEST_INPUT,
    AxisQuestion,
    Choice,
    axis_layer,
    axis_unknowns,
    bounds_text,
    halved,
    made_by,
    of_all,
    sizes_that_give,
    tried,
)
from cnncalc.questions.layer_unknowns import AskedLayer, with_asked
from cnncalc.questions.solve_layer import LayerSolution, LayerSolutions, solve_question, written_value


class Unsolved(NamedTuple):
    """Reasons in whole sentences, the nearest sizes with what makes them, and what gives the size that was asked."""

    reasons: tuple[str, ...]
    nearest: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    bounds: str = ""


class _Reach(NamedTuple):
    """The sizes next to the wanted one that an axis can have, each with what makes it; None where there is none."""

    below: tuple[int, Choice] | None
    equal: bool
    above: tuple[int, Choice] | None


def unsolved(question: LayerQuestion) -> Unsolved:
    """What there is to say about a question without an answer."""
    reasons: dict[str, list[str]] = {}
    nearest: dict[str, list[str]] = {}
    for axis, name in enumerate(AXIS_NAMES[question.rank]):
        size = question.input.spatial[axis]
        if question.output is None or not (question.asked.has_axes or None in question.input.spatial):
            break
        wanted = question.output.spatial[axis]
        assert wanted is not None
        if size is None:
            if reason := _no_input(question, axis, wanted):
                reasons.setdefault(reason, []).append(name)
            continue
        reach = _reach(question, axis, AxisQuestion(size, wanted, question.input.channels or 1))
        if reach.equal:
            continue
        reasons.setdefault(_axis_reason(question, axis, size, wanted), []).append(name)
        for found in (reach.below, reach.above) if question.asked.unknowns else ():
            if found is not None:
                nearest.setdefault(_nearest(question.asked, *found), []).append(name)
    ways = () if question.params or question.macs else tuple(dict.fromkeys(_ways(question)))
    return Unsolved(
        tuple(_of_axes(reasons)) or tuple(_other_reasons(question)),
        (*_of_axes(nearest), *(() if reasons else _nearest_amounts(question))),
        ways,
        bounds_text(question.asked, is_far=question.has_both_sizes),
    )


def _of_axes(said: dict[str, list[str]]) -> Iterator[str]:
    """What is said of axes, once where it is the same of several: `height and width 224 ...`."""
    return (f"{' and '.join(names)}: {text}" for text, names in said.items())


def _reach(question: LayerQuestion, axis: int, asked: AxisQuestion) -> _Reach:
    below: tuple[int, Choice] | None = None
    above: tuple[int, Choice] | None = None
    assert asked.size is not None
    assert asked.wanted is not None
    for choice, made in tried(question.asked, axis, question.rank, asked):
        output = made(asked.size)
        if output == asked.wanted:
            return _Reach(None, True, None)
        if output is None or output < 1:
            continue
        if output < asked.wanted and (below is None or output > below[0]):
            below = output, choice
        if output > asked.wanted and (above is None or output < above[0]):
            above = output, choice
    return _Reach(below, False, above)


def _axis_reason(question: LayerQuestion, axis: int, size: int, wanted: int) -> str:
    names = [one.field.replace("_", " ").removesuffix(" size") for one in axis_unknowns(question.asked)]
    if names:
        return f"no {' and '.join(names)} that was tried makes {wanted} of {size}"
    layer = question.asked.build({})[0]
    arriving = _arriving(question)
    if None in question.input.spatial:
        layer, arriving, axis = axis_layer(question.asked, axis, question.rank), Shape(arriving.channels, (size,)), 0
    try:
        made = layer.output_shape((arriving,)).spatial[axis]
    except Refusal as refusal:
        return f"{size} is refused: {refusal.message}"
    return f"{size} becomes {made}, not {wanted}{_sum(layer, arriving, axis)}"


def _no_input(question: LayerQuestion, axis: int, wanted: int) -> str:
    """Why no size of an input gives the wanted one, with the sizes next to it; empty where one does, or may."""
    if axis_unknowns(question.asked):
        return ""
    made = made_by(axis_layer(question.asked, axis, question.rank), question.input.channels or 1)
    if sizes_that_give(made, wanted) is not None:
        return ""
    over = halved(lambda size: (made(size) or 0) > wanted, 0, LARGEST_INPUT)
    next_to = [f"{size:,} gives {leaves:,}" for size in (over - 1, over) if size and (leaves := made(size))]
    return f"no input gives {wanted:,}: {', '.join(next_to)}" if next_to else f"no input gives {wanted:,}"


def _sum(layer: Layer, arriving: Shape, axis: int) -> str:
    """The formula of an axis with its numbers, and what it was before it was rounded; empty where there is none."""
    name = AXIS_NAMES[arriving.rank][axis]
    formula = next((one for one in layer.formulas((arriving,)) if one.quantity == name), None)
    if formula is None:
        return ""
    exact = layer.unrounded_spatial((arriving,))
    rounded = ""
    if exact is not None and exact[axis].denominator > 1:
        rounded = f", rounded from {float(exact[axis]):g}"
    return f": {formula.numbers} = {formula.result}{rounded}"


def _arriving(question: LayerQuestion) -> Shape:
    return Shape(question.input.channels or 1, tuple(size or 1 for size in question.input.spatial))


def _nearest(asked: AskedLayer, size: int, choice: Choice) -> str:
    unknowns = axis_unknowns(asked)
    values = {one.field: written_value(of_all([value], one.kind)) for one, value in zip(unknowns, choice, strict=True)}
    return f"{size} by {asked.text(values)}"


def _other_reasons(question: LayerQuestion) -> Iterator[str]:
    """Where the sizes can be had: the channels, the groups, the number of params, or all of them together."""
    output, asked = question.output, question.asked
    if (not asked.unknowns or not asked.has_axes) and None not in (*question.input.spatial, question.input.channels):
        layers, shape = asked.build({}), _arriving(question)
        try:
            for layer in layers:
                shape = layer.output_shape((shape,))
        except Refusal as refusal:
            yield f"the layer refuses this input: {refusal.message}"
            return
        if output is not None and (output.spatial != shape.spatial or not (shape.spatial or asked.unknowns)):
            yield f"it makes {shape.text()}, not {output.text}"
            return
        if output is not None and output.channels not in (None, shape.channels) and not asked.unknowns:
            yield f"it makes {counted(shape.channels, 'channel')}, not {output.channels:,}"
            return
    loose = question._replace(params=None, macs=None)
    if question.stated and _answers(question._replace(nearest=True)):
        yield f"no answer has {' and '.join(f'{stated.text} {what}' for what, stated in question.stated)}"
        return
    if output is not None and output.channels is not None:
        others = _answers(loose._replace(output=Sizes(output.spatial, None)))
        if others:
            made = sorted({one.output.channels for one in others})
            yield f"the sizes can be had, but not with {counted(output.channels, 'channel')}: it makes {made[0]:,}"
            return
    if len(axis_unknowns(asked)) and question.rank > 1:
        yield "the values that fit one axis fit no other, and nothing else that was tried gives this size"
    else:
        yield "nothing that was tried gives this"


def _nearest_amounts(question: LayerQuestion) -> Iterator[str]:
    """The layers whose params or MACs are nearest to those that were stated, below and above."""
    if not question.stated:
        return
    what, stated = question.stated[0]
    answers = [
        (one.params if question.params else one.macs, one.text) for one in _answers(question._replace(nearest=True))
    ]
    below = max((one for one in answers if one[0] <= stated.value), default=None, key=lambda one: one[0])
    above = min((one for one in answers if one[0] > stated.value), default=None, key=lambda one: one[0])
    near = [one for one in (below, above) if one is not None]
    for amount, text in sorted(near, key=lambda one: abs(one[0] - stated.value)):
        yield f"{amount:,} {what} by {text}"


def _answers(question: LayerQuestion) -> tuple[LayerSolution, ...]:
    try:
        return solve_question(question).solutions
    except (InputError, Refusal):
        return ()


def _ways(question: LayerQuestion) -> Iterator[str]:
    """What gives the wanted size: another input, or other pads where none are asked for."""
    asked = question.asked
    if question.output is None or None in question.input.spatial or not question.rank:
        return
    first, *others = question.input.spatial
    if first in (1, 3, 4) and others and set(others) == {question.input.channels}:
        turned = "x".join(map(str, [*others, question.input.channels, first]))
        yield f"--input {turned}, if {question.input.text} has its channels first: here they are the last"
    if len(axis_unknowns(asked)) < 2 and question.rank == len(question.output.spatial) and _keeps_axes(question):
        any_size = question._replace(input=Sizes((None,) * question.rank, question.input.channels))
        for one in _answers(any_size)[:1]:
            low = "x".join(str(first) for first, _ in one.inputs)
            high = "x".join(str(last) for _, last in one.inputs)
            text = f": {one.text}" if asked.unknowns else ""
            yield f"an input of {low}{'' if low == high else f' to {high}'}{text}"
    for field in ("padding", "output_padding"):
        free = with_asked(asked, field)
        if free is not None:
            yield from (one.text for one in _answers(question._replace(asked=free))[:1])


def _keeps_axes(question: LayerQuestion) -> bool:
    """Whether a map leaves the layer as a map."""
    try:
        return question.asked.has_axes or question.asked.build({})[0].output_shape((_arriving(question),)).rank > 0
    except Refusal:
        return False


def no_even_padding(found: LayerSolutions) -> str:
    """Why no answer pads both sides equally: the rows that are needed are odd; empty where one does."""
    asked = found.question.asked
    free = [one for one in asked.unknowns if one.kind == "padding" and one.is_free]
    if not free or len(axis_unknowns(asked)) > 1:
        return ""
    totals: dict[str, set[int]] = {}
    for one in found.solutions:
        for name, before, after in one.pads:
            if before == after:
                return ""
            totals.setdefault(name, set()).add(before + after)
    said: dict[int, list[str]] = {}
    for name, each in totals.items():
        if len(each) == 1:
            said.setdefault(min(each), []).append(name)
    if not said:
        return ""
    needed = ", ".join(f"2p = {total} for {' and '.join(names)}" for total, names in said.items())
    return f"equal pads p on both sides would need {needed}, and no whole p does that: one side gets a row more"
