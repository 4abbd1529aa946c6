"""Every way of telling one place of a key with a slip in it: on its own line, on a line above, everywhere, in pairs.

What a place would then be is the layers' own answer; which of them somebody meant is for `search` to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import combinations, islice, product
from typing import NamedTuple

from cnncalc.geometry import Shape
from cnncalc.homework.slips.edits import Slip, argument_of, made_together
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import LAYER_SLIPS
from cnncalc.homework.slips.likelihood import cost
from cnncalc.homework.slips.on_nets import COMMONEST_FIRST, Story, edits_of_net, stories, stories_of_two, sums
from cnncalc.homework.truth import PlaceKind, Subject, Truth
from cnncalc.homework.what_if import Alteration, Asked, Memory, WhatIf

MOST_AT_A_PLACE, MOST_OF_A_KEY = 3_000, 10_000
"""What-ifs, counted: so many at one place; those of two slips also share the second number among all places."""

LARGEST_PLACE = 200
"""Nodes.  A block call or a repeated line of more is not told once for every slip on each of them."""

Place = tuple[PlaceKind, int]

_EDITS = [(slip, edit) for slip in LAYER_SLIPS for edit in slip.alterations()]


class Telling(NamedTuple):
    """A place as it would be, and what would explain it."""

    explanation: Explanation
    subject: Subject
    slips: tuple[Slip, ...]


class Tellings:
    """The tellings of one key, each story of the whole net told once."""

    def __init__(self, truth: Truth, memory: Memory) -> None:
        self.truth = truth
        self.memory = memory
        self._stories: Told | None = None
        self._stories_of_two: Told | None = None
        self._asked: dict[Asked, dict[int, Asked]] = {}
        self._of_net: list[tuple[Slip, int, Alteration]] | None = None
        rows = truth.graph.rows
        self._row_of = {node: row.index for row in rows for node in range(row.first, row.last + 1)}

    # ------------------------------------------------------------------ on the line itself
    def on_the_line(self, place: Place, forced: Mapping[int, Shape]) -> Iterator[Telling]:
        """One slip on one layer of the line; `forced` are the shapes believed to arrive."""
        own = self._own(place)
        if len(own.nodes) == 1:
            yield from self._on_its_node(place, own.nodes[0], forced)
        else:
            found = (
                self._on_one_layer(place, own.every(position), ((slip,), edit), forced)
                for number, (slip, edit) in enumerate(_EDITS)
                for position in range(own.each)
                if forced or number in self._asked_with(own.nodes[position])
            )
            yield from filter(None, islice(found, MOST_AT_A_PLACE))
        for slip, node, edit in self._edits_of_net():
            if node in own.nodes:
                told = WhatIf(self.truth, self.memory, {node: edit}, forced, until=own.nodes.stop)
                yield from self._telling(place, Story((slip,), node, "", told))

    def pairs(self, place: Place) -> Iterator[Telling]:
        """Two of the commonest slips on one layer of the line."""
        own = self._own(place)
        for position in range(own.each):
            node = self.truth.analysis.nodes[own.nodes[position]]
            made: dict[str, Slip] = {}
            for number in self._asked_with(own.nodes[position]):
                made.setdefault(_EDITS[number][0].name, _EDITS[number][0])
            slips = sorted((slip for slip in made.values() if not slip.vague), key=lambda slip: -slip.common)
            asked = (
                (pair, edit, edit(node.node.layer, node.inputs))
                for pair in combinations(slips[:COMMONEST_FIRST], 2)
                for edit in _both(*pair)
            )
            found = (
                self._on_one_layer(place, own.every(position), (pair, edit), {})
                if len(own.nodes) > 1
                else self._asked_alone(place, own.nodes[0], (pair, edit), other)
                for pair, edit, other in asked
                if other is not None
            )
            yield from filter(None, islice(found, self._most_pairs() // own.each))

    def _asked_with(self, node: int, forced: Mapping[int, Shape] | None = None) -> dict[int, Asked]:
        """How a layer is asked with each slip that it can have, by the number of the edit."""
        found = self.truth.analysis.nodes[node]
        inputs = found.inputs
        if forced:
            inputs = tuple(forced.get(i, shape) for i, shape in zip(found.node.inputs, inputs, strict=True))
        key = (found.node.layer, inputs)
        if key not in self._asked:
            tried = ((number, edit(*key)) for number, (_, edit) in enumerate(_EDITS))
            self._asked[key] = {number: asked for number, asked in tried if asked is not None}
        return self._asked[key]

    def _on_its_node(self, place: Place, node: int, forced: Mapping[int, Shape]) -> Iterator[Telling]:
        """One slip on a line that is a single layer: nothing of the rest of the net is asked."""
        for number, asked in self._asked_with(node, forced).items():
            slip, edit = _EDITS[number]
            found = self._asked_alone(place, node, ((slip,), edit), asked)
            if found is not None:
                yield found

    def _asked_alone(
        self, place: Place, node: int, made: tuple[tuple[Slip, ...], Alteration], asked: Asked
    ) -> Telling | None:
        told = self.memory.node(*asked)
        if told is None:
            return None
        slips, edit = made
        story = Story(slips, node, argument_of(edit), WhatIf.of_node(self.truth, self.memory, node, told))
        return next(self._telling(place, story), None)

    def _most_pairs(self) -> int:
        return min(MOST_AT_A_PLACE, MOST_OF_A_KEY // max(1, len(self.truth.graph.rows)))

    def _own(self, place: Place) -> _OwnNodes:
        nodes, subject = self.truth.nodes_of(*place), self.truth.subject(*place)
        if place[0] == "total" or subject is None or not nodes or len(nodes) > LARGEST_PLACE:
            return _OwnNodes(range(0), 0)
        copies = len(subject.copies)
        return _OwnNodes(nodes, len(nodes) // copies if len(nodes) % copies == 0 else len(nodes))

    def _on_one_layer(
        self, place: Place, nodes: list[int], made: tuple[tuple[Slip, ...], Alteration], forced: Mapping[int, Shape]
    ) -> Telling | None:
        slips, edit = made
        until = self._own(place).nodes.stop
        told = WhatIf(self.truth, self.memory, dict.fromkeys(nodes, edit), forced, until=until)
        return next(self._telling(place, Story(slips, nodes[-1], argument_of(edit), told)), None)

    # ------------------------------------------------------------------ elsewhere in the net
    def elsewhere(self, place: Place) -> Iterator[Telling]:
        """One slip on a line above, or on all lines; for a total also lines left out of the sum."""
        if self._stories is None:
            self._stories = Told(stories(self.truth, self.memory, LAYER_SLIPS))
        yield from self._about(self._stories, place)
        subject = self.truth.subject(*place)
        if place[0] == "total" and subject is not None:
            for slip, other in sums(self.truth, subject):
                yield Telling(Explanation((slip.name,), None, cost(slip)), other, (slip,))

    def of_two(self, place: Place) -> Iterator[Telling]:
        """The same slip on two lines, or two slips on all lines."""
        if self._stories_of_two is None:
            self._stories_of_two = Told(stories_of_two(self.truth, self.memory, LAYER_SLIPS))
        yield from self._about(self._stories_of_two, place)

    def _about(self, told: Told, place: Place) -> Iterator[Telling]:
        nodes = self.truth.nodes_of(*place)
        known: set[tuple[object, ...]] = set()
        for story in told.all if place[0] == "total" else told.touching(nodes):
            touched = [(n, story.told.touched[n]) for n in nodes if n in story.told.touched]
            if all(node is self.memory.rightly(self.truth, n) for n, node in touched):
                continue
            names = (slip.name for slip in story.slips)
            same = (story.node, story.argument, *names, *((n, id(node)) for n, node in touched))
            if same not in known:
                known.add(same)
                yield from self._telling(place, story)

    def _edits_of_net(self) -> list[tuple[Slip, int, Alteration]]:
        if self._of_net is None:
            self._of_net = list(edits_of_net(self.truth))
        return self._of_net

    # ------------------------------------------------------------------ what it costs
    def _telling(self, place: Place, story: Story) -> Iterator[Telling]:
        """The place as it is told, with where the slip was made: the last node of its line."""
        other = story.told.subject(*place)
        if other is None:
            return
        line = None if story.node is None else self._row_of[story.node]
        up = 1 if place[0] == "total" else 0 if line is None else max(0, self._line(place) - line)
        price = cost(*story.slips, lines_up=up, everywhere=line is None, argument=story.argument)
        made = None if line is None else self.truth.graph.rows[line].last
        names = tuple(slip.name for slip in story.slips)
        yield Telling(Explanation(names, made, price, story.argument), other, story.slips)

    def _line(self, place: Place) -> int:
        nodes = self.truth.nodes_of(*place)
        return self._row_of[nodes.stop - 1] if nodes else 0


class Told:
    """Stories of the whole net, found by the nodes that are told differently in them."""

    def __init__(self, found: Iterable[Story]) -> None:
        self.all = list(found)
        self._touching: dict[int, list[int]] = defaultdict(list)
        for number, story in enumerate(self.all):
            for node in story.told.touched:
                self._touching[node].append(number)

    def touching(self, nodes: range) -> Iterator[Story]:
        """The stories in which one of these nodes is another."""
        for number in sorted({number for node in nodes for number in self._touching[node]}):
            yield self.all[number]


class _OwnNodes(NamedTuple):
    """The nodes of a place, and how many of them one copy of it has."""

    nodes: range
    each: int

    def every(self, position: int) -> list[int]:
        """The nodes at this position of every copy."""
        return list(self.nodes[position :: self.each])


def _both(one: Slip, other: Slip) -> Iterator[Alteration]:
    """Each edit of one slip with each of the other, in the order in which both can be made."""
    for first, second in product(one.alterations(), other.alterations()):
        yield partial(made_together, first, second)
