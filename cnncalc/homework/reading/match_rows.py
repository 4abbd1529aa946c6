"""Which place of a key each row of a table means: by label, by name, by kind of layer, or simply in order.

A row whose name is a label or a name of the key is that line; others are matched by the kind of layer a print names
(`Conv2d-1`, `conv2d_1 (Conv2D)`, `pool2`), one after the other; a table whose names mean nothing here is read in the
order of the net's lines.  What cannot be placed is reported, never guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.asked import PARAMS, SHAPE, quantity_of
from cnncalc.asked.counting_answers import Count
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.homework.findings import Claim
from cnncalc.homework.reading.cells import cell_answer
from cnncalc.homework.reading.tables import Table, TableRow, read_table
from cnncalc.homework.truth import PlaceKind
from cnncalc.layers.registry import ACTIVATIONS, NORMS, POST_WORDS, WORDS

MOST_FAULTS = 10

_GENERIC = {
    "pool": ("maxpool", "avgpool", "sumpool", "l2pool", "subsample"),
    "pooling": ("maxpool", "avgpool", "sumpool", "l2pool"),
    "activation": tuple(ACTIVATIONS),
    "act": tuple(ACTIVATIONS),
    "softmax": ("softmax",),
    "norm": NORMS,
}
_TOTALS = frozenset(("total", "sum", "total params", "totals", "whole net"))


class Placed(NamedTuple):
    """What a table claims about a key, and what could not be placed or was answered twice."""

    claims: tuple[Claim, ...]
    faults: tuple[Diagnostic, ...]
    notation: str


class _Target(NamedTuple):
    """A place a row may mean: its node, and the row or block call that node belongs to."""

    kind: PlaceKind
    place: int
    node: int


def table_claims(source: Source, key: Analysis, *, is_of_a_net: bool = False) -> Placed:
    """The claims of a text in any notation of tables; raises InputError for what is no table.

    `is_of_a_net`: nobody wrote the table, it is that of a program, so its rows cannot be named otherwise.
    """
    table = read_table(source)
    places = _Places(key)
    unplaced: list[TableRow] = []
    found: list[tuple[TableRow, _Target]] = []
    for row, target in places.matched(table):
        if target is None:
            unplaced.append(row)
        else:
            found.append((row, target))
    claims, twice = _claims(found, table, key)
    unlike = _more_than_the_key if is_of_a_net else _unplaced
    faults = [unlike(row, places) for row in unplaced[:MOST_FAULTS]] + twice
    return Placed(claims, _few(faults, len(unplaced) + len(twice)), table.notation)


class _Places:
    """The places of a key by label, by name and in order."""

    def __init__(self, key: Analysis) -> None:
        graph = key.graph
        self.named: dict[str, _Target] = {}
        targets = [_Target("row", row.index, node) for row in graph.rows for node in range(row.first, row.last + 1)]
        self.of_word: dict[str, list[_Target]] = {}
        for target in targets:
            self.named.setdefault(graph.nodes[target.node].name.lower(), target)
            self.of_word.setdefault(graph.nodes[target.node].layer.word, []).append(target)
        self.stems = {_stem(name) for name in self.named} - {""}
        self.lines = [_Target("row", row.index, row.last) for row in graph.rows]
        self.lines_after_inputs = [line for line in self.lines if graph.nodes[line.node].inputs]
        for row in graph.rows:
            if row.label and not graph.source.parts:
                self.named[row.label.lower()] = _Target("row", row.index, row.last)
        for group in graph.groups:
            if name := group.path or group.label:
                self.named[name.lower()] = _Target("group", group.index, group.node)

    def matched(self, table: Table) -> list[tuple[TableRow, _Target | None]]:
        """Every row of the table with the place it means."""
        exact = [self._exact(row) for row in table.rows]
        by_name = any(target is not None and target.kind != "total" for target in exact)
        taken = {target.node for target in exact if target is not None}
        rows = {target.place for target in exact if target is not None and target.kind == "row"}
        found: list[tuple[TableRow, _Target | None]] = []
        position = 0
        for row, named in zip(table.rows, exact, strict=True):
            words = words_of(row) if named is None and not (by_name and self._is_a_name_of_ours(row)) else ()
            target = named or self._by_kind(words, position, taken)
            if target is None and not words and not by_name:
                free = self.lines if row.name.lower().startswith("input") else self.lines_after_inputs
                target = self._next(free, position, taken, rows)
            if target is not None and target.kind != "total":
                taken.add(target.node)
                rows.update({target.place} if target.kind == "row" else ())
                position = max(position, target.node + 1)
            if target is not None or not _says_nothing_new(words) or _claims_weights(row):
                found.append((row, target))
        return found

    def _is_a_name_of_ours(self, row: TableRow) -> bool:
        """`conv9` or `fc9`, as lines are called here: in a table that uses such names it means one line only."""
        return not row.kind and _stem(row.name) in self.stems

    def _exact(self, row: TableRow) -> _Target | None:
        name = row.name.lower()
        if name in self.named:
            return self.named[name]
        return _Target("total", 0, -1) if name in _TOTALS else None

    def _by_kind(self, words: tuple[str, ...], position: int, taken: set[int]) -> _Target | None:
        """The next layer of one of these kinds."""
        found = [self._next(self.of_word.get(word, []), position, taken) for word in words]
        return min((target for target in found if target is not None), key=lambda target: target.node, default=None)

    @staticmethod
    def _next(
        targets: list[_Target], position: int, taken: Collection[int], rows: Collection[int] = ()
    ) -> _Target | None:
        """The first target from a node on that is not taken, on a line of which no layer is told in `rows`."""
        for target in targets[bisect_left(targets, position, key=lambda target: target.node) :]:
            if target.node not in taken and target.place not in rows:
                return target
        return None


def words_of(row: TableRow) -> tuple[str, ...]:
    """The layer words that a row's kind or name may mean; empty where neither says.

    >>> words_of(TableRow(1, "Conv2d-1", "Conv2d", ())), words_of(TableRow(1, "pool2", "", ()))[0]
    (('conv',), 'maxpool')
    >>> words_of(TableRow(1, "max_pooling2d_1", "MaxPoolin", ()))  # Keras cuts a long kind short
    ('maxpool',)
    """
    for text in (row.kind, re.sub(r"[\W_]*[0-9]*$", "", row.name)):
        for word in (text.lower(), text.lower().replace("_", "")):
            if word in WORDS:
                return (WORDS[word],)
            if word in _GENERIC:
                return _GENERIC[word]
    return ()


def _stem(name: str) -> str:
    """The letters of a numbered name: `conv` of conv9; empty for any other."""
    match = re.fullmatch(r"([^\W\d_]+)[0-9]+", name.lower())
    return match[1] if match is not None else ""


def _says_nothing_new(words: tuple[str, ...]) -> bool:
    """Activations, dropout and flatten, which prints list and nets may leave out."""
    return bool(words) and all(
        word in POST_WORDS or word in ("dropout", "identity", "input", "flatten") for word in words
    )


def _claims_weights(row: TableRow) -> bool:
    """Whether the row claims parameters, as one of a batch norm does."""
    return any(asked == PARAMS.name and re.search("[1-9]", cell) for asked, cell in row.cells)


def _claims(
    found: list[tuple[TableRow, _Target]], table: Table, key: Analysis
) -> tuple[tuple[Claim, ...], list[Diagnostic]]:
    """The cells as claims.  A line of several layers has the last one's shape and the parameters of all."""
    claims: dict[tuple[PlaceKind, int, str], Claim] = {}
    lines: dict[tuple[PlaceKind, int, str], dict[int, int]] = {}
    twice: list[Diagnostic] = []
    for row, target in found:
        for asked, cell in row.cells:
            read = cell_answer(asked, cell, row.line, batch_first=table.batch_first)
            if read is None:
                continue
            place = (target.kind, target.place, asked)
            answered = lines.setdefault(place, {})
            if target.node in answered:
                twice.append(_twice(row, asked, answered[target.node]))
                continue
            answered[target.node] = row.line
            claims[place] = _together(claims.get(place), Claim(target.kind, target.place, *read))
    whole = (claim for place, claim in claims.items() if not _lacks_parts(place, lines[place], key))
    return tuple(whole), twice


def _together(before: Claim | None, claim: Claim) -> Claim:
    if before is None or before.fault:
        return before or claim
    one, other = before.answer.given, claim.answer.given
    if claim.answer.asked == SHAPE.name or not (isinstance(one, Fraction) and isinstance(other, Fraction)):
        return claim
    if isinstance(quantity_of(claim.answer), Count):
        return replace(before, answer=before.answer._replace(given=one + other))
    return claim


def _lacks_parts(place: tuple[PlaceKind, int, str], told: Collection[int], key: Analysis) -> bool:
    """Whether a print names one layer of a line with weights and not another, so that nothing is said of the sum."""
    kind, index, asked = place
    if kind != "row" or asked != PARAMS.name:
        return False
    row = key.graph.rows[index]
    if row.last in told and len(told) == 1:
        return False
    return any(key.nodes[n].weights and n not in told for n in range(row.first, row.last + 1))


def _unplaced(row: TableRow, places: _Places) -> Diagnostic:
    return Diagnostic(
        "no-such-line",
        f"the key has no line `{row.name[:40]}`" if row.name else "the key has no line left for this row",
        Span(row.line, 1),
        help=did_you_mean(
            row.name.lower(), list(places.named), "name the rows as the lines are labelled, or leave names out"
        ),
        severity="warning",
    )


def _more_than_the_key(row: TableRow, _: _Places) -> Diagnostic:
    return Diagnostic(
        "no-such-line",
        f"the key has no layer for `{row.name[:40]}` of the program",
        help="the program has more layers there than the key; the layers before and after it are compared",
        severity="warning",
    )


def _twice(row: TableRow, asked: str, before: int) -> Diagnostic:
    return Diagnostic(
        "answered-twice",
        f"{asked} of `{row.name[:40]}` is answered on line {before} already",
        Span(row.line, 1),
        help="keep one row for each layer; the first one counts",
        severity="warning",
    )


def _few(faults: list[Diagnostic], count: int) -> tuple[Diagnostic, ...]:
    more = count - MOST_FAULTS
    if more <= 0:
        return tuple(faults)
    return (
        *faults[:MOST_FAULTS],
        Diagnostic("more-of-the-same", f"{more:,} more rows could not be placed or answer twice", severity="warning"),
    )
