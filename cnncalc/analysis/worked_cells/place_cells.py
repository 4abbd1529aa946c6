"""One number of a dense layer, a softmax or an activation: no window slides here."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.rearranging import in_order
from cnncalc.analysis.by_hand.volumes import Place, Step, channels_at
from cnncalc.analysis.worked_cells.one_number import (
    MOST_TERMS,
    TERMS_OF_MANY,
    Seen,
    Term,
    Window,
    Work,
    added,
    in_product,
    product_term,
    weightiest,
    written,
)
from cnncalc.analysis.worked_cells.rounding import of_products, of_result
from cnncalc.analysis.worked_cells.sliding_cells import bias_of

LARGEST_POWER = 600.0
"""The power of e of a larger number is near the end of what a float can say."""


def at(x: Volume, channel: int, place: Place) -> Number:
    """One number of a volume."""
    z, y, column = place
    return x[channel][z][y][column]


def dense_cell(step: Step, channel: int, _: Place) -> Work:
    """Everything that arrives times the weights of one unit."""
    values, row = in_order(step.x, "channels_first"), step.weights["weight"][channel]
    bias = bias_of(step, channel)
    terms = [product_term(v, w) for v, w in zip(values, row, strict=True)]
    result = sum((term.value for term in terms), bias or 0)
    window = Window("", [[Seen(v) for v in values]], [row], columns=range(len(values)), rows=range(1))
    sums = [added(terms, result, what="products", bias=bias)]
    chosen = weightiest([term.value for term in terms], MOST_TERMS, TERMS_OF_MANY)
    if len(chosen) < len(terms):
        named = ", ".join(f"{n + 1:,}" for n in chosen)
        sums.insert(0, f"of {len(terms):,} numbers that arrive these weigh most: {named}")
    off = of_products([*(term.value for term in terms), bias or 0])
    return Work("dense", tuple(sums), result, drawn=(window,), rounding=off)


def softmax_cell(step: Step, channel: int, place: Place) -> Work:
    """e^x over the sum of all e^x of its place."""
    return shares(channels_at(step.x, place), channel, "all channels")


def shares(values: Sequence[Number], own: int, over: str) -> Work:
    """e^x of one of the numbers over the sum of all e^x; `over` says what the numbers stand along."""
    largest = max(map(float, values))
    less = abs(largest) > LARGEST_POWER
    powers = [exp(v - largest) if less else exp(v) for v in values]
    taken = [f"({written(v)} - {in_product(largest)})" if less else in_product(v) for v in values]
    whole = sum(powers)
    result = powers[own] / whole
    terms = [Term(f"e^{text}", power) for text, power in zip(taken, powers, strict=True)]
    said = [f"the largest, {written(largest)}, is taken off each: so no power is too large"] if less else []
    said += [
        f"e^{taken[own]} = {written(powers[own])}",
        f"sum over {over}: {added(terms, whole, what='powers')}",
        f"{written(powers[own])} / {written(whole)} = {written(result)}",
    ]
    off = of_result(result) * max(abs(float(v) - largest) for v in values)  # e^x moves by as much of itself as x does
    return Work("softmax", tuple(said), result, rounding=off)


def rectified_cell(step: Step, channel: int, place: Place) -> Work:
    """max(0, x)."""
    value = at(step.x, channel, place)
    result = max(value, 0)
    return Work("relu", (f"max(0, {written(value)}) = {written(result)}",), result)
