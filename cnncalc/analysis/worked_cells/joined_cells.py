"""One number of a join: the numbers of all inputs at its place, or the input whose channel it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from cnncalc.analysis.by_hand import Number
from cnncalc.analysis.by_hand.joining import ONE_PLACE, centres, margins
from cnncalc.analysis.by_hand.pooling import mean
from cnncalc.analysis.by_hand.volumes import Place, Step, sizes_of
from cnncalc.analysis.worked_cells.moved_cells import Spot, spot_words
from cnncalc.analysis.worked_cells.one_number import Work, added_parts, in_product, written
from cnncalc.analysis.worked_cells.place_cells import at
from cnncalc.analysis.worked_cells.rounding import of_numbers

JOINS: dict[str, tuple[str, str, Callable[[Sequence[Number]], Number]]] = {
    "add": ("{}", " + ", sum),
    "mul": ("{}", " * ", prod),
    "max": ("max({})", ", ", max),
    "min": ("min({})", ", ", min),
    "sub": ("{}", " - ", lambda values: values[0] - values[1]),
    "avg": ("mean of {}", ", ", lambda values: mean([*values], len(values))),
    "absdiff": ("|{}|", " - ", lambda values: max(values) - min(values)),
}
"""A join's word: how its numbers are written, what stands between them, and what is made of them."""

ADDING = ("add", "sub", "avg", "absdiff")
"""Joins whose numbers may cancel."""


def join_cell(word: str) -> Callable[[Step, int, Place], Work]:
    """The numbers of all inputs at one place, joined."""
    form, sign, join = JOINS[word]

    def cell(step: Step, channel: int, place: Place) -> Work:
        spots = _spots(step, channel, place)
        values = [_value(step, n, spot) for n, spot in enumerate(spots)]
        result = join(values)
        if word == "add":
            said = added_parts([(value, "") for value in values], result)
        else:
            write = written if sign == ", " else in_product
            said = f"{form.format(sign.join(map(write, values)))} = {written(result)}"
        moved = any(spot != (channel, place) for spot in spots)
        off = of_numbers(values) if word in ADDING else 0.0
        return Work(word, (*(_lines(step, spots, values) if moved else ()), said), result, rounding=off)

    return cell


def concat_cell(step: Step, channel: int, place: Place) -> Work:
    """The channel of the input that has it."""
    n, own = 0, channel
    while own >= len(step.inputs[n]):
        own -= len(step.inputs[n])
        n += 1
    spot = _laid(step, [*range(len(step.inputs))], place)[n]
    value = _value(step, n, spot and (own, spot))
    if spot is None:
        return Work(
            "concat", (f"input {n + 1} is padded with zeros to the size of the largest: {written(value)}",), value
        )
    return Work("concat", (f"{spot_words(step.inputs[n], own, spot)} of input {n + 1} = {written(value)}",), value)


def _value(step: Step, n: int, spot: Spot | None) -> Number:
    return 0 if spot is None else at(step.inputs[n], *spot)


def _lines(step: Step, spots: Sequence[Spot | None], values: Sequence[Number]) -> list[str]:
    """Which number of each input is taken."""
    return [
        f"input {n + 1} is padded with zeros here"
        if spot is None
        else f"input {n + 1}: {spot_words(step.inputs[n], *spot)} = {written(value)}"
        for n, (spot, value) in enumerate(zip(spots, values, strict=True))
    ]


def _spots(step: Step, channel: int, place: Place) -> list[Spot | None]:
    """What each input gives to a place; None where it is padded.  One place, row or channel is spread over all."""
    large = [n for n, x in enumerate(step.inputs) if sizes_of(x) != ONE_PLACE]
    laid = _laid(step, large, place)
    found: list[Spot | None] = []
    for n, x in enumerate(step.inputs):
        spot = laid.get(n, (0, 0, 0))
        found.append(spot if spot is None else (channel if len(x) > 1 else 0, spot))
    return found


def _laid(step: Step, large: Sequence[int], place: Place) -> dict[int, Place | None]:
    """For some inputs the place that comes to lie on one of the result, with crops and pads."""
    sizes = [sizes_of(step.inputs[n]) for n in large]
    crop = step.numbers.get("crop")
    starts = _starts(sizes, crop)
    found: dict[int, Place | None] = {}
    for n, size, start in zip(large, sizes, starts, strict=True):
        shown = [min(one[axis] for one in sizes) if crop else size[axis] for axis in range(3)]
        spread = [whole == 1 and crop is not None for whole in shown]  # amid zeros only what has one place is spread
        z, y, x = (s + (0 if all_over else p) for s, all_over, p in zip(start, spread, place, strict=True))
        inside = all(0 <= p < whole for p, whole in zip((z, y, x), size, strict=True))
        found[n] = (z, y, x) if inside else None
    return found


def _starts(sizes: Sequence[Place], crop: bool | None) -> list[Place]:
    """By how much each map is moved: cut to its centre, or (where `crop` is None) amid zeros."""
    if crop is None:
        return [(-z, -y, -x) for z, y, x in margins(sizes)] if sizes else []
    return centres(sizes) if crop and sizes else [(0, 0, 0)] * len(sizes)
