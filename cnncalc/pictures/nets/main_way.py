"""Which items lie on the main way of a picture: the way to an output over most rows, of equal ones the last."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.nets.items import Item


def with_asides(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items, with `aside` at those off the main way."""
    length = [0] * len(items)
    before = [-1] * len(items)
    for place, item in enumerate(items):
        for source in item.sources:
            way = length[source] + item.last - item.first + 1
            if way > length[place]:
                length[place], before[place] = way, source
    ends = [place for place, item in enumerate(items) if item.is_output] or [len(items) - 1]
    end = max(ends, key=lambda place: (length[place], place))
    main = set()
    while end >= 0:
        main.add(end)
        end = before[end]
    return tuple(item._replace(aside=place not in main) for place, item in enumerate(items))
