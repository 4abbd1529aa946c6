"""One number of all along some axes, by its definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from math import prod

from cnncalc.analysis.by_hand.pooling import mean, root
from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, sizes_of, volume

Way = Callable[[list[Number], bool], Number]


def _variance(values: list[Number], unbiased: bool) -> Number:
    middle = mean(values, len(values))
    return mean([(value - middle) ** 2 for value in values], len(values) - unbiased)


WAYS: Mapping[str, Way] = {
    "mean": lambda values, _: mean(values, len(values)),
    "sum": lambda values, _: sum(values),
    "max": lambda values, _: max(values),
    "min": lambda values, _: min(values),
    "prod": lambda values, _: prod(values),
    "var": _variance,
    "std": lambda values, unbiased: root(_variance(values, unbiased)),
    "norm": lambda values, _: root(sum(value * value for value in values)),
    "argmax": lambda values, _: values.index(max(values)),
    "argmin": lambda values, _: values.index(min(values)),
}


def reduce(step: Step) -> Volume:
    """All numbers along the channels, or along the axes that are marked in `over`, or both, become one."""
    x, unbiased = step.x, step.numbers["unbiased"]
    sizes, gone = (len(x), *sizes_of(x)), (step.numbers["channels"], *step.numbers["over"])
    kept = [1 if over else size for size, over in zip(sizes, gone, strict=True)]
    found = {}
    for place in product(*map(range, kept)):
        spans = [range(n) if over else [at] for n, at, over in zip(sizes, place, gone, strict=True)]
        found[place] = WAYS[step.numbers["how"]]([x[c][z][y][w] for c, z, y, w in product(*spans)], unbiased)
    values = list(found.values())
    left: Place = step.numbers["left"]

    def value(c: int, place: Place) -> Number:
        return values[((c * left[0] + place[0]) * left[1] + place[1]) * left[2] + place[2]]

    return volume(kept[0], left, value)
