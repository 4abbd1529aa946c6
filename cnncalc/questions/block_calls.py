"""The copies of a block's call: `basic 64 times 2` is two of them, one after the other."""

from __future__ import annotations

from cnncalc.graph.ir import Group


def first_rows(group: Group) -> range:
    """The row with which each copy of the call begins; of a call whose copies differ in length the first alone."""
    return range(group.first, group.last + 1, rows_of_copy(group))


def rows_of_copy(group: Group) -> int:
    """How many rows each copy has; those of the whole call where its copies differ."""
    many = group.last - group.first + 1
    return max(1, many // group.copies if many % group.copies == 0 else many)
