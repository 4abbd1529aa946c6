"""The part of a net that ends at one of its lines: what `--until LABEL` and `include ... until=LABEL` leave.

Kept are the line itself and all that it needs, so that of a net with branches only the branches that lead there stay.
Names stay what they are: files of weights still fit.  What is said about the whole net (its outputs, its totals) is
about another net and goes.  How the cut net is said in a text is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cnncalc.diagnostics import InputError, Span, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.diagnostics.places import line_at
from cnncalc.graph.ir import Cut, Graph, Group, Node, Question, Row

LONGEST_PLACE = 60
"""Characters of a place that an error repeats."""

MOST_NAMED = 12
"""How many names an error lists."""


def net_until(graph: Graph, place: str) -> Graph:
    """The net up to and including a label, the number of a line, or the name of a layer or a block's call.

    Raises InputError where the net has none of that name.
    """
    end = end_at(graph, place)
    if end is None:
        raise _unknown(graph, place)
    return cut(graph, end, place)


def kept_nodes(graph: Graph, place: str) -> list[int]:
    """The nodes that are left of a net that ends with a place it has, in the order in which they are numbered anew."""
    end = end_at(graph, place)
    return [] if end is None else sorted(_needed(graph, end))


def end_at(graph: Graph, place: str) -> int | None:
    """The node whose output leaves what stands at a place, the last of several; None where nothing does."""
    number = line_at(graph.source, place)
    if number is not None:
        return _end_of_line(graph, number)
    if place in graph.labels:
        target = graph.labels[place]
        return graph.rows[target].last if target >= 0 else graph.groups[~target].node
    named = [row.last for row in graph.rows if any(_is_called(node, place) for node in _nodes(graph, row))]
    return named[-1] if named else None


def _end_of_line(graph: Graph, number: int) -> int | None:
    """What a line leaves: a block's call, a layer, or in a program the last layer that it leads to."""
    calls = [group.node for group in graph.groups if group.origin.span.line == number and group.node >= 0]
    rows = [row.last for row in graph.rows if row.origin.span.line == number]
    if not calls and not rows:
        rows = [row.last for row in graph.rows if any(span.line == number for span in _all_spans(row))]
    return max(calls or rows, default=None)


def _all_spans(row: Row) -> Iterator[Span]:
    yield from row.origin.trail
    if row.origin.made is not None:
        yield row.origin.made


def _is_called(node: Node, place: str) -> bool:
    return bool(place) and (node.name == place or node.name.startswith(f"{place}."))


def _nodes(graph: Graph, row: Row) -> tuple[Node, ...]:
    return graph.nodes[row.first : row.last + 1]


def _unknown(graph: Graph, place: str) -> InputError:
    shown = printable(place if len(place) <= LONGEST_PLACE else f"{place[:LONGEST_PLACE]}...")
    return input_error(
        "unknown-place",
        no_place(graph, printable(graph.source.shown), place, shown),
        help=places_there_are(graph, place),
    )


def no_place(graph: Graph, net: str, place: str, shown: str, *, in_whole: bool = False) -> str:
    """What is wrong with a place where no net can end: no line has it, or one that makes no layer.

    `in_whole`: the line is numbered in the whole text, as in all faults of an included net.
    """
    number = line_at(graph.source, place)
    if number is not None and _end_of_line(graph, number) is None:
        line = f"line {number}" if in_whole else f"line {graph.source.place(number).line} of {net}"
        return f"{line} makes no layer, so it cannot be named here"
    return f"{net} has no line, label or layer called `{shown}`"


def places_there_are(graph: Graph, place: str) -> str:
    """What to name in place of a line that is not there: the nearest name, else the first ones."""
    names = [name for row in graph.rows if (name := graph.nodes[row.first].name)]
    own = list(dict.fromkeys((*graph.labels, *(name.partition(".")[0] for name in names))))
    more = " ..." if len(own) > MOST_NAMED else ""
    advice = f"give the number of a line, or a name: {printable(', '.join(own[:MOST_NAMED]))}{more}"
    return did_you_mean(place[: 2 * LONGEST_PLACE], [*own, *names], advice)


def cut(graph: Graph, end: int, place: str, whole: Graph | None = None) -> Graph:
    """The net that ends with a node, which is the last of its row; the net itself where that is all of it.

    `whole` is the whole net, where `graph` is only what comes before its first fault.
    """
    needed = _needed(graph, end)
    rows = [row for row in graph.rows if row.last in needed]
    if whole is None and len(rows) == len(graph.rows) and graph.outputs == (end,):
        return graph
    return _Cut(graph, needed, rows).net(end, Cut(place, whole or (graph.cut.whole if graph.cut else graph)))


def without_unread(graph: Graph) -> Graph:
    """The net without the lines that no output needs and the parts that its program never calls; all inputs stay.

    The net itself where it has none of these.
    """
    needed = {node.index for node in graph.nodes if node.is_input}
    for end in graph.outputs:
        needed |= _needed(graph, end)
    for row in graph.rows:
        if row.first in needed and graph.nodes[row.first].is_input:
            needed.update(range(row.first, row.last + 1))
    rows = [row for row in graph.rows if row.last in needed]
    if len(rows) == len(graph.rows):
        return replace(graph, uncalled=()) if graph.uncalled else graph
    made = _Cut(graph, needed, rows)
    left = made.net(graph.outputs[0], Cut("", graph))
    return replace(left, outputs=tuple(made.nodes[end] for end in graph.outputs), cut=graph.cut)


def frozen_until(graph: Graph, end: int) -> Graph:
    """The net with the weights frozen that a node needs, its own included, and those that they share."""
    nodes = list(graph.nodes)
    for index in _needed(graph, end):
        node = nodes[index]
        names = {weight.name for weight in node.layer.weights(tuple(nodes[read].output for read in node.inputs))}
        for one in (index, *(() if node.shares is None else (node.shares,))):
            nodes[one] = nodes[one]._replace(frozen=nodes[one].frozen | names)
    return replace(graph, nodes=tuple(nodes))


def _needed(graph: Graph, end: int) -> set[int]:
    """The nodes from which a path leads to `end`."""
    needed, waiting = {end}, [end]
    while waiting:
        for index in graph.nodes[waiting.pop()].inputs:
            if index not in needed:
                needed.add(index)
                waiting.append(index)
    return needed


class _Cut:
    """Numbers what is kept anew."""

    def __init__(self, graph: Graph, needed: set[int], rows: list[Row]) -> None:
        self.graph = graph
        self.nodes = {old: new for new, old in enumerate(sorted(needed))}
        self.rows = {row.index: new for new, row in enumerate(rows)}
        self.old_rows = rows
        self.owners: dict[str, str] = {}
        """Nodes that own weights now -> the names of the owners that go."""

    def net(self, end: int, where: Cut) -> Graph:
        graph = self.graph
        groups, numbers = self._groups()
        labels = dict(self._labels(numbers))
        lines = {row.origin.span.line for row in self.old_rows} | {
            span.line for row in self.old_rows for span in row.origin.trail
        }
        inputs = {graph.nodes[old].name for old in self.nodes if graph.nodes[old].layer.word == "input"}
        return replace(
            graph,
            nodes=tuple(self._nodes()),
            rows=tuple(self._rows()),
            groups=groups,
            outputs=(self.nodes[end],),
            outputs_named=False,
            classes=graph.classes if end in graph.outputs else "",
            class_names=graph.class_names if end in graph.outputs else (),
            labels=labels,
            totals=(),
            totals_origin=None,
            totals_worth=(),
            questions=tuple(self._questions(labels)),
            warnings=tuple(one for one in graph.warnings if one.span is None or one.span.line in lines),
            uncalled=(),
            resized=tuple(one for one in graph.resized if one.name in inputs),
            document=None,
            cut=where._replace(owners=self.owners),
        )

    def _nodes(self) -> Iterator[Node]:
        """The nodes that are kept; weights whose owner goes belong to the first that uses them."""
        owners: dict[int, int] = {}
        for old, new in self.nodes.items():
            node = self.graph.nodes[old]
            shares, frozen = node.shares, node.frozen
            if shares is not None and shares not in self.nodes:
                frozen |= self.graph.nodes[shares].frozen
                owner = owners.setdefault(shares, new)
                if owner == new:
                    self.owners[node.name] = self.graph.nodes[shares].name
                shares = None if owner == new else owner
            elif shares is not None:
                shares = self.nodes[shares]
            inputs = tuple(self.nodes[read] for read in node.inputs)
            yield node._replace(index=new, inputs=inputs, shares=shares, frozen=frozen)

    def _rows(self) -> Iterator[Row]:
        """The rows that are kept; of the copies of a line only some may be."""
        kept: dict[int, list[int]] = {}
        for row in self.old_rows:
            kept.setdefault(row.index - row.copy, []).append(row.index)
        for row in self.old_rows:
            copies = kept[row.index - row.copy]
            yield row._replace(
                index=self.rows[row.index],
                first=self.nodes[row.first],
                last=self.nodes[row.last],
                copy=copies.index(row.index) + 1,
                copies=len(copies),
                empty_branches=tuple(
                    (level, self.nodes[node]) for level, node in row.empty_branches if self._is_joined(row, level, node)
                ),
            )

    def _is_joined(self, row: Row, level: int, node: int) -> bool:
        """Whether the join of an empty branch of that level, above a row, is kept."""
        join = next((one for one in self.graph.rows[row.index :] if one.depth < level), None)
        return node in self.nodes and join is not None and join.index in self.rows

    def _groups(self) -> tuple[tuple[Group, ...], dict[int, int]]:
        """The calls of which something is kept, and their new numbers; one that is cut has no output of its own."""
        found: list[Group] = []
        numbers: dict[int, int] = {}
        for group in self.graph.groups:
            rows = [self.rows[old] for old in range(group.first, group.last + 1) if old in self.rows]
            if not rows:
                continue
            numbers[group.index] = len(found)
            is_whole = len(rows) == group.last - group.first + 1
            made = group._replace(index=len(found), first=rows[0], last=rows[-1])
            if group.node in self.nodes:
                answers = group.answers if is_whole else ()
                made = made._replace(node=self.nodes[group.node], answers=answers)
            else:
                made = made._replace(node=self.nodes[self.old_rows[rows[-1]].last], answers=(), complete=False)
            found.append(made)
        return tuple(found), numbers

    def _labels(self, groups: Mapping[int, int]) -> Iterator[tuple[str, int]]:
        for label, place in self.graph.labels.items():
            if place >= 0 and place in self.rows:
                yield label, self.rows[place]
            elif place < 0 and ~place in groups and self.graph.groups[~place].node in self.nodes:
                yield label, ~groups[~place]

    def _questions(self, labels: Mapping[str, int]) -> Iterator[Question]:
        yield from (one for one in self.graph.questions if one.label in labels)
