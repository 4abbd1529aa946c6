"""Which slips give exactly the matrix that was claimed: on the line, on a line above, on all lines, or two of them.

From where a slip is made the numbers are worked out again down to the line that was asked about, in small nets whose
numbers are all stated; the work is counted, not timed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from cnncalc.asked.comparing import compared_values
from cnncalc.asked.quantity import Right
from cnncalc.homework.slips.edits import Slip
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import LAYER_SLIPS, SLIP_NAMED
from cnncalc.homework.slips.likelihood import SHARE_OF_NUMBERS, cost, is_crowded, likeliest
from cnncalc.homework.slips.on_values import (
    PRODUCT_FORGOTTEN,
    Work,
    Worked,
    both_works,
    other_results,
    other_work,
    without_tap,
    worked,
)
from cnncalc.homework.truth import PlaceKind, Truth
from cnncalc.matrices import Matrix, Volume

MOST_WORK = 2_000_000
"""Multiply-accumulates for one place; what lies beyond is not looked for."""

A_NUMBER = 20
"""What each number of a result costs beside a multiply-accumulate."""

MOST_TAPS = 400
"""One product is looked for in small kernels only: each tap is left out in turn."""

COMMONEST_FIRST = 12

Place = tuple[PlaceKind, int]


class Made:
    """What slips make of one place: found once, in the order of their cost, as far as the work allows."""

    def __init__(self, truth: Truth, nodes: range) -> None:
        self.truth = truth
        self.last = nodes.stop - 1
        self.own = nodes
        self.way = self._way()
        self.work = 0
        self.right = truth.values(self.last)
        self.single: list[tuple[Explanation, Worked]] = []
        self._works: list[tuple[Slip, int, Work]] = []
        self._pairs: list[tuple[Explanation, Worked]] | None = None
        if self.right is not None:
            self.single = sorted(self._made(), key=lambda one: one[0].cost)

    def _way(self) -> list[int]:
        """The nodes on which the last one depends, itself first, the nearest before the others."""
        nodes, found, waiting = self.truth.graph.nodes, set[int](), [self.last]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += nodes[node].inputs
        return sorted(found, reverse=True)

    def again(self, works: Mapping[int, Work]) -> Worked | None:
        """The last node, with some nodes worked out differently."""
        changed: dict[int, Worked] = {}
        for index in reversed(self.way):
            node = self.truth.analysis.nodes[index]
            sources = node.node.inputs
            if index not in works and not any(i in changed for i in sources):
                continue
            volumes = [changed[i].volume if i in changed else self.truth.values(i) for i in sources]
            inputs = tuple(changed[i].shape if i in changed else s for i, s in zip(sources, node.inputs, strict=True))
            known = [volume for volume in volumes if volume is not None]
            self.work += node.figures.cost.macs + A_NUMBER * node.output.elements
            if len(known) < len(sources) or not known or self.work > MOST_WORK:
                return None
            made = works.get(index, worked)(node.node.layer, inputs, known)
            if made is None:
                return None
            changed[index] = made
        return changed.get(self.last)

    # ------------------------------------------------------------------ one slip
    def _made(self) -> Iterator[tuple[Explanation, Worked]]:
        assert self.right is not None
        everywhere: dict[Slip, dict[int, Work]] = {}
        last = self.truth.analysis.nodes[self.last]
        for slip, result in other_results(Worked(self.right, last.output)):
            yield Explanation((slip.name,), self.last, cost(slip)), result
        for index in self.way:
            node = self.truth.analysis.nodes[index]
            if not node.inputs:
                continue
            for slip, work in other_work(node, LAYER_SLIPS):
                made = self.again({index: work})
                if made is not None:
                    self._works.append((slip, index, work))
                    everywhere.setdefault(slip, {}).setdefault(index, work)
                    yield Explanation((slip.name,), self._line_end(index), cost(slip, lines_up=self._up(index))), made
        for slip, works in everywhere.items():
            made = self.again(works) if len(works) > 1 else None
            if made is not None:
                yield Explanation((slip.name,), None, cost(slip, everywhere=True)), made

    def _up(self, node: int) -> int:
        """How many lines further up a node is; the line itself is 0."""
        if node in self.own:
            return 0
        rows = self.truth.graph.rows
        return sum(row.first in self.way and node <= row.last < self.own.start for row in rows)

    def _line_end(self, node: int) -> int:
        return next((row.last for row in self.truth.graph.rows if row.first <= node <= row.last), node)

    # ------------------------------------------------------------------ two slips
    def pairs(self) -> list[tuple[Explanation, Worked]]:
        """Two of the commonest slips, on one node or on two, as far as the work allows."""
        if self._pairs is None:
            self._pairs = list(self._made_of_two())
        return self._pairs

    def _made_of_two(self) -> Iterator[tuple[Explanation, Worked]]:
        works = sorted(self._works, key=lambda one: -one[0].common)
        names = list(dict.fromkeys(slip.name for slip, _, _ in works))[:COMMONEST_FIRST]
        works = [one for one in works if one[0].name in names]
        for (one, first, work), (other, second, another) in combinations(works, 2):
            works_of = {first: work, second: another}
            if first == second:
                together = both_works(work, another)
                works_of = {} if together is None else {first: together}
            made = self.again(works_of) if works_of and one is not other else None
            if made is not None:
                node = self._line_end(max(first, second))
                price = cost(one, other, lines_up=self._up(min(first, second)))
                yield Explanation((one.name, other.name), node, price), made

    # ------------------------------------------------------------------ one product
    def product_forgotten(self, given: Matrix) -> Explanation | None:
        """Whether every wrong cell is what is left there when one tap of the kernel is passed over."""
        for index in self.way:
            node = self.truth.analysis.nodes[index]
            kernel = next((w for w in node.weights if w.name == "weight" and isinstance(w.initial, tuple)), None)
            if kernel is None or not node.output.rank or kernel.count > MOST_TAPS:
                continue
            if self._is_one_product(index, kernel.initial, given):  # type: ignore[arg-type]  # a tuple
                price = cost(PRODUCT_FORGOTTEN, lines_up=self._up(index))
                return Explanation((PRODUCT_FORGOTTEN.name,), self._line_end(index), price)
        return None

    def _is_one_product(self, index: int, numbers: tuple[object, ...], given: Matrix) -> bool:
        assert self.right is not None
        rank = self.truth.analysis.nodes[self.last].output.rank
        left = set(compared_values(given, self.right, rank).wrong)
        for tap, number in enumerate(numbers):
            made = self.again({index: without_tap(tap)}) if number else None
            if made is not None:
                left &= set(compared_values(given, made.volume, rank).wrong)
                if not left:
                    return True
        return False


class ValuesSearch:
    """The matrices that slips make of the places of a key."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._made: dict[Place, Made] = {}

    def explanations(self, kind: PlaceKind, index: int, given: Matrix, *, doubtful: bool) -> tuple[Explanation, ...]:
        """What explains this wrong matrix, best first."""
        made = self._of(kind, index)
        if made is None or made.right is None:
            return ()
        rank = self.truth.graph.nodes[made.last].output.rank
        if compared_values(given, made.right, rank).ok:
            return ()
        found = _agreeing(given, made.single)
        if not found:
            product = made.product_forgotten(given)
            found = [product] if product is not None else _agreeing(given, made.pairs())
        if not doubtful:
            found = [one for one in found if not self._is_crowded(one, given, made)]
        return likeliest(found, SLIP_NAMED)

    def wrong_answers(self, kind: PlaceKind, index: int) -> Iterator[tuple[str, Right]]:
        """The matrices that the slips make on the line itself, each with the slip's name."""
        made = self._of(kind, index)
        if made is not None:
            own = (one for one in made.single if one[0].node == made.last)
            yield from ((explanation.name, result.volume) for explanation, result in own)

    def _of(self, kind: PlaceKind, index: int) -> Made | None:
        nodes = self.truth.nodes_of(kind, index)
        if kind == "total" or not nodes or self.truth.graph.nodes[nodes.stop - 1].layer.word == "input":
            return None
        if (kind, index) not in self._made:
            self._made[kind, index] = Made(self.truth, nodes)
        return self._made[kind, index]

    def _is_crowded(self, one: Explanation, given: Matrix, made: Made) -> bool:
        """A single cell is a number like any other."""
        cells = list(given.values())
        if len(cells) > 1 or made.right is None or cells[0].denominator != 1:
            return False
        numbers = (_alone(result.volume) for other, result in made.single if other.cost <= one.cost)
        right = _alone(made.right)
        return bool(right) and is_crowded((abs(int(cells[0])),), right, filter(None, numbers), SHARE_OF_NUMBERS)


def _agreeing(given: Matrix, told: Iterable[tuple[Explanation, Worked]]) -> list[Explanation]:
    return [one for one, made in told if compared_values(given, made.volume, made.shape.rank).ok]


def _alone(volume: Volume) -> tuple[int, ...]:
    """The one number of a matrix, without its sign; nothing where it has more."""
    numbers = [value for plane in volume for sheet in plane for row in sheet for value in row]
    return (abs(int(numbers[0])),) if len(numbers) == 1 else ()
