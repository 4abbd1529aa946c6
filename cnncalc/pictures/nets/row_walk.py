"""Walks over rows of a net, of the whole or of one call, and gives the items that they are drawn as.

A call of a block is one item, a row another; a row of quiet words joins the item that it alone reads, but no input, to
which no arrow leads that could have words.  Inside of a block copies are one item with a count; in the main picture
`item_folding` folds, which looks at shapes too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.net_rows import Call, NetRows
from cnncalc.pictures.nets.row_words import KIND_OF, QUIET, after_of, kind_of, quiet_words, words_of

LONGEST_CHAIN_DRAWN_OUT = 3
"""In a net that enlarges its maps again, blocks of so few rows one after the other are drawn row by row (U-Net)."""


def pieces(rows: NetRows, first: int, last: int, depth: int, *, inside: bool = False) -> Iterator[Call | int]:
    """Calls and rows from left to right.  Of a whole net branches are a call too, and opened calls are taken apart.

    Of what is opened branches are drawn out too.
    """
    ups = not inside and any(KIND_OF.get(row.word) == "up" for row in rows.analysis.graph.rows)
    open_calls: list[Call] = []
    row = first
    while row <= last:
        while open_calls and open_calls[-1].last < row:
            open_calls.pop()
        level = open_calls[-1].depth + 1 if open_calls else depth
        call = rows.call_at(row, open_calls[-1].last if open_calls else last, level)
        if call is None and not inside and rows.opened.isdisjoint(open_calls):
            call = rows.section_at(row, last, level)
        if call is None:
            yield row
            row += 1
        elif not inside and _is_drawn_out(rows, call, ups=ups):
            open_calls.append(call)
        else:
            yield call
            row = call.last + 1


def _is_drawn_out(rows: NetRows, call: Call, *, ups: bool) -> bool:
    if call in rows.opened or rows.holds_all(call):
        return True
    return ups and call.last - call.first < LONGEST_CHAIN_DRAWN_OUT and rows.is_chain(call)


def row_items(
    rows: NetRows, first: int, last: int, depth: int, keys: Mapping[Call, str], *, inside: bool = False
) -> tuple[Item, ...]:
    """The items of rows `first` to `last`; what they read from before `first` has the sources -1, -2 ... in order."""
    walk = _Walk(rows, first, keys, inside=inside)
    for piece in pieces(rows, first, last, depth, inside=inside):
        if isinstance(piece, Call):
            walk.add_call(piece)
        else:
            walk.add_row(piece)
    return tuple(walk.items)


class _Walk:
    """The items so far, and which of them each row became."""

    def __init__(self, rows: NetRows, first: int, keys: Mapping[Call, str], *, inside: bool) -> None:
        self.rows, self.first, self.keys, self.inside = rows, first, keys, inside
        self.items: list[Item] = []
        self.item_of_row: dict[int, int] = {}
        self.outside: dict[int, int] = {}

    def add_call(self, call: Call) -> None:
        analysis, key = self.rows.analysis, self.keys[call]
        read = [one for row in range(call.first, call.last + 1) for one in self.rows.reads[row] if one < call.first]
        shape = analysis.rows[call.last].output
        inside = tuple((*words_of(row), *after_of(row)) for row in analysis.rows[call.first : call.last + 1])
        item = Item("block", (key,), (), shape, call.first, call.last, block=key, label=call.label, windows=inside)
        self._add(item, tuple(dict.fromkeys(read)), copy=bool(self.items) and self.items[-1].block == key)

    def add_row(self, index: int) -> None:
        row, read = self.rows.analysis.rows[index], self.rows.reads[index]
        if self._joins_the_item_before(index):
            after = (*self.items[-1].after, *quiet_words(row), *self.rows.lent[index])
            self._replace_last(self.items[-1]._replace(after=after, last=index))
            return
        parts = tuple(one.channels for one in row.nodes[0].inputs) if row.row.word == "concat" else ()
        label = row.row.label or ""
        item = Item(kind_of(row), words_of(row), (*after_of(row), *self.rows.lent[index]), row.output, index, index)
        item = item._replace(label=label, parts=parts)
        copy = row.row.copy > 1 and bool(self.items) and self.items[-1].words == item.words
        self._add(item, read, copy=copy)

    def _joins_the_item_before(self, index: int) -> bool:
        row, read = self.rows.analysis.rows[index], self.rows.reads[index]
        return (
            row.row.word in QUIET
            and bool(self.items)
            and self.items[-1].kind != "input"  # to which no arrow leads that could have words
            and read == (self.items[-1].last,)
            and len(self.rows.readers[read[0]]) == 1
            and row.output == self.items[-1].shape
        )

    def _add(self, item: Item, read: tuple[int, ...], *, copy: bool) -> None:
        is_output = any(row in self.rows.outputs for row in range(item.first, item.last + 1))
        sources = tuple(dict.fromkeys(self._position(row) for row in read))
        if copy and self.inside and sources == (len(self.items) - 1,) and self._is_read_by_none_after(item):
            before = self.items[-1]
            self._replace_last(before._replace(times=before.times + 1, last=item.last, shape=item.shape))
            return
        self.items.append(item._replace(sources=sources, is_output=is_output))
        for row in range(item.first, item.last + 1):
            self.item_of_row[row] = len(self.items) - 1

    def _is_read_by_none_after(self, item: Item) -> bool:
        """Whether what stands before the item is read by the item alone."""
        return max(self.rows.readers[self.items[-1].last]) <= item.last

    def _replace_last(self, item: Item) -> None:
        for row in range(self.items[-1].last + 1, item.last + 1):
            self.item_of_row[row] = len(self.items) - 1
        is_output = item.is_output or item.last in self.rows.outputs
        self.items[-1] = item._replace(is_output=is_output)

    def _position(self, row: int) -> int:
        if row < self.first:
            return -1 - self.outside.setdefault(row, len(self.outside))
        return self.item_of_row[row]
