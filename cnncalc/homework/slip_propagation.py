"""What a slip gives wherever it shows: in other answers of its own line, further down, and in the total.

The net is told once more with the slip made on its line, after the shapes that its author claims; sizes, counts and
fields are then the layers' own answers.  Which slips somebody made is for the ledger to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import product

from cnncalc.analysis.counting import facts_by_node
from cnncalc.asked import FIELD
from cnncalc.asked.comparing import compared_field
from cnncalc.geometry import Shape, Window
from cnncalc.homework.slips.edits import argument_of, made_together
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import SLIP_NAMED
from cnncalc.homework.slips.on_fields import Sizes, sizes_with
from cnncalc.homework.slips.on_nets import LARGEST_RETOLD, edits_of_net
from cnncalc.homework.truth import PlaceKind, Truth
from cnncalc.homework.what_if import Alteration, Memory, Told, WhatIf
from cnncalc.spec.document import Answer


class SlipPropagation:
    """The net as one person tells it, `claimed` the wrong shapes that are believed, with one slip made somewhere."""

    def __init__(self, truth: Truth, memory: Memory, claimed: Mapping[int, Shape]) -> None:
        self.truth = truth
        self.memory = memory
        self.claimed = claimed
        self._windows: list[tuple[Window | None, ...]] | None = None
        self._told: dict[tuple[object, ...], list[WhatIf]] = {}
        self._fields: dict[tuple[object, ...], list[list[Sizes | None]]] = {}

    def gives(self, made: Explanation, line: range, place: tuple[PlaceKind, int], answer: Answer) -> bool:
        """Whether an answer is what comes of slips on a line, given by its nodes."""
        if made.node is None or len(self.truth.graph.nodes) > LARGEST_RETOLD:
            return False
        if answer.asked == FIELD.name:
            return self._gives_field(made, line, place, answer)
        subjects = (told.subject(*place) for told in self._stories(made, line))
        return any(one is not None and self.truth.verdict(answer, one)[0].ok for one in subjects)

    def _stories(self, made: Explanation, line: range) -> list[WhatIf]:
        key = (made.slips, made.argument, line)
        if key not in self._told:
            altered = (self._altered(edit, line) for edit in self._edits(made))
            self._told[key] = [WhatIf(self.truth, self.memory, one, self.claimed) for one in altered if one]
        return self._told[key]

    def _edits(self, made: Explanation) -> Iterator[Alteration]:
        slips = [SLIP_NAMED[name] for name in made.slips]
        if len(slips) == 1:
            yield from (edit for edit in slips[0].alterations() if argument_of(edit) == made.argument)
            if not slips[0].edits:
                yield from (
                    edit for slip, node, edit in edits_of_net(self.truth) if (slip, node) == (slips[0], made.node)
                )
        else:
            for first, second in product(*(slip.alterations() for slip in slips)):
                yield partial(made_together, first, second)

    def _altered(self, edit: Alteration, line: range) -> dict[int, Alteration]:
        """The slip on every layer of the line that has it."""
        nodes = self.truth.analysis.nodes
        return {n: edit for n in line if nodes[n].inputs and edit(nodes[n].node.layer, nodes[n].inputs) is not None}

    # ------------------------------------------------------------------ receptive fields
    def _gives_field(self, made: Explanation, line: range, place: tuple[PlaceKind, int], answer: Answer) -> bool:
        subject, given = self.truth.subject(*place), answer.given
        if (
            subject is None
            or subject.node is None
            or not isinstance(given, Fraction | tuple)
            or line.start > subject.node
        ):
            return False
        key = (made.slips, made.argument, line)
        if key not in self._fields:
            altered = (self._altered(edit, line) for edit in self._edits(made))
            self._fields[key] = [sizes_with(self.truth.graph, self._windows_with(one)) for one in altered if one]
        told = (fields[subject.node] for fields in self._fields[key])
        return any(size is not None and compared_field(given, size, None, answer.approximate).ok for size in told)

    def _windows_with(self, altered: Mapping[int, Alteration]) -> list[tuple[Window | None, ...]]:
        if self._windows is None:
            self._windows = [known.windows for known in facts_by_node(self.truth.graph)]
        windows = list(self._windows)
        for n, edit in altered.items():
            found = self.truth.analysis.nodes[n]
            asked = edit(found.node.layer, found.inputs)
            if asked is not None:
                layer, inputs = asked
                windows[n] = (layer.layer if isinstance(layer, Told) else layer).windows(inputs)
        return windows
