"""Which place of a key each row of a table means: by label, by name, by kind of layer, or simply in order.

A row whose name is a label, a name or the number of a question of the key is that line, also with a quantity beside it
(`conv1 params`); others are matched by the kind of layer a print names (`Conv2d-1`, `conv2d_1 (Conv2D)`, `pool2`), one
after the other; a table whose names mean nothing here is read in the order of the net's lines.  What cannot be placed
is reported, never guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.asked import PARAMS
from cnncalc.homework.findings import own_claims
from cnncalc.homework.questions import spelled
from cnncalc.homework.reading.headings import heading_of
from cnncalc.homework.reading.row_names import asked_by_name
from cnncalc.homework.reading.tables import Table, TableRow
from cnncalc.homework.truth import PlaceKind
from cnncalc.layers.registry import ACTIVATIONS, NORMS, POST_WORDS, WORDS

_GENERIC = {
    "pool": ("maxpool", "avgpool", "sumpool", "l2pool", "subsample"),
    "pooling": ("maxpool", "avgpool", "sumpool", "l2pool"),
    "activation": tuple(ACTIVATIONS),
    "act": tuple(ACTIVATIONS),
    "softmax": ("softmax",),
    "norm": NORMS,
}
_TOTALS = frozenset(
    (
        *("total", "sum", "totalparams", "totalparameters", "totals", "wholenet", "network", "all", "overall"),
        *("gesamt", "summe", "insgesamt", "suma", "somme", "totale", "totaal", "toplam", "celkem", "итого", "всего"),
        *("合计", "总计", "总数", "合計", "総計", "합계", "총합", "المجموع"),
    )
)


class Target(NamedTuple):
    """A place a row may mean: its node (of a question none), and the row or block call that node belongs to."""

    kind: PlaceKind
    place: int
    node: int


class Places:
    """The places of a key by label, by name and in order."""

    def __init__(self, key: Analysis) -> None:
        graph = key.graph
        self.key = key
        self.asked: dict[tuple[PlaceKind, int], tuple[str, ...]] = {}
        for claim in own_claims(key):
            place = (claim.kind, claim.index)
            self.asked[place] = (*self.asked.get(place, ()), claim.answer.asked)
        self.named: dict[str, Target] = {}
        targets = [Target("row", row.index, node) for row in graph.rows for node in range(row.first, row.last + 1)]
        self.of_word: dict[str, list[Target]] = {}
        for target in targets:
            self.named.setdefault(graph.nodes[target.node].name.lower(), target)
            self.of_word.setdefault(graph.nodes[target.node].layer.word, []).append(target)
        self.stems = {_stem(name) for name in self.named} - {""}
        self.lines = [Target("row", row.index, row.last) for row in graph.rows]
        self.lines_after_inputs = [line for line in self.lines if graph.nodes[line.node].inputs]
        for row in graph.rows:
            if row.label and not graph.source.is_program:
                self.named[row.label.lower()] = Target("row", row.index, row.last)
        for group in graph.groups:
            if name := group.path or group.label:
                self.named[name.lower()] = Target("group", group.index, group.node)
        self.numbered = {
            spelled(question.number): Target("question", n, -1)
            for n, question in reversed(tuple(enumerate(graph.questions)))
        }
        self.labelled = {spelled(row.label): self.named[row.label.lower()] for row in reversed(graph.rows) if row.label}

    def matched(self, table: Table) -> list[tuple[TableRow, Target | None]]:
        """Every row of the table with the place it means."""
        by_hand = table.form == "table"
        rows = [asked_by_name(row, self._is_a_place) for row in table.rows] if by_hand else table.rows
        exact = [self._exact(row.name.lower(), by_hand=by_hand) for row in rows]
        by_name = any(target is not None and target.kind in ("row", "group") for target in exact)
        taken = {target.node for target in exact if target is not None}
        whole = {target.place for target in exact if target is not None and target.kind == "row"}
        found: list[tuple[TableRow, Target | None]] = []
        position = 0
        free = _Free(taken, whole)
        for row, named in zip(rows, exact, strict=True):
            words = words_of(row) if named is None and not (by_name and self._is_a_name_of_ours(row)) else ()
            target = named or self._by_kind(words, position, free)
            if target is None and not words and not by_name:
                lines = self.lines if row.name.lower().startswith("input") else self.lines_after_inputs
                target = free.next(lines, position, whole_rows=True)
            if target is not None and target.node >= 0:
                free.take(target)
                position = max(position, target.node + 1)
            if target is not None or not _says_nothing_new(words) or _claims_weights(row):
                found.append((row, target))
        return found

    def sizes(self, target: Target) -> int:
        """How many sizes the shape at a place has, 0 where there is none."""
        return len(self.key.graph.nodes[target.node].output.spatial) + 1 if target.node >= 0 else 0

    def _is_a_name_of_ours(self, row: TableRow) -> bool:
        """`conv9` or `fc9`, as lines are called here: in a table that uses such names it means one line only."""
        return not row.kind and _stem(row.name) in self.stems

    def _is_a_place(self, name: str) -> bool:
        return self._exact(name.lower(), by_hand=True) is not None

    def _exact(self, name: str, *, by_hand: bool) -> Target | None:
        """The place of this very name; people write a label with other capitals, spaces or hyphens."""
        if name in self.named:
            return self.named[name]
        if spelled(name) in _TOTALS:
            return Target("total", 0, -1)
        if not by_hand:
            return None
        return self.labelled.get(spelled(name)) or self._question(name)

    def _question(self, name: str) -> Target | None:
        """2a, 2a), (2a), Q2a, question 2a, Aufgabe 2a."""
        first, _, rest = name.strip("() ").partition(" ")
        tried = (name, name.strip("() "), rest if heading_of(first).role == "name" else "", name.removeprefix("q"))
        return next((self.numbered[spelled(one)] for one in tried if spelled(one) in self.numbered), None)

    def _by_kind(self, words: tuple[str, ...], position: int, free: _Free) -> Target | None:
        """The next layer of one of these kinds."""
        found = [free.next(self.of_word.get(word, []), position) for word in words]
        return min((target for target in found if target is not None), key=lambda target: target.node, default=None)


class _Free:
    """The nodes and rows that no row of a table means yet; what is taken once is never looked at again."""

    def __init__(self, nodes: set[int], rows: set[int]) -> None:
        self._nodes = nodes
        self._rows = rows
        self._starts: dict[int, int] = {}

    def take(self, target: Target) -> None:
        self._nodes.add(target.node)
        if target.kind == "row":
            self._rows.add(target.place)

    def next(self, targets: list[Target], position: int, *, whole_rows: bool = False) -> Target | None:
        """The first target from a node on that is free; with `whole_rows` on a line no part of which is taken.

        The position only grows, so that what was passed once is passed for good.
        """
        place = max(self._starts.get(id(targets), 0), bisect_left(targets, position, key=lambda target: target.node))
        while place < len(targets) and (
            targets[place].node in self._nodes or (whole_rows and targets[place].place in self._rows)
        ):
            place += 1
        self._starts[id(targets)] = place
        return targets[place] if place < len(targets) else None


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
