"""What is said of a size that does not fit: where it comes from, which sizes of the input fit, which words help.

Only faults come here.  The net of a faulty text is put together once more, to its end (`cnncalc.graph.supposed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnncalc.diagnostics import Diagnostic
from cnncalc.geometry import Shape, sizes_text
from cnncalc.graph.faults import OF_SIZES
from cnncalc.graph.fitting_sizes import Fitting, SizeSearch
from cnncalc.graph.ir import Node
from cnncalc.graph.size_causes import causes, meeting
from cnncalc.graph.size_repairs import repairs
from cnncalc.graph.supposed import SupposingBuilder

LARGEST_NET_ADVISED = 5_000
"""Nodes of a net; of a larger one nothing is looked for."""
MOST_MEETINGS = 5
"""Joins of one text whose branches are followed back."""
MOST_GROUPS = 3
"""Inputs of different shapes that are each looked at alone."""


def advised(faults: Iterable[Diagnostic], builder: SupposingBuilder, lines: Sequence[str]) -> tuple[Diagnostic, ...]:
    """The faults of sizes with their causes and with what helps; all others as they are."""
    if len(builder.nodes) > LARGEST_NET_ADVISED:
        return tuple(faults)
    advice = _Advice(builder, lines)
    return tuple(advice.given(fault) if fault.code in OF_SIZES else fault for fault in faults)


class _Advice:
    def __init__(self, builder: SupposingBuilder, lines: Sequence[str]) -> None:
        self.nodes = builder.nodes
        self.refusing = [self.nodes[index] for index in builder.accepted]
        self.search = SizeSearch(builder.nodes, builder.accepted)
        self.lines = lines
        self.inputs = sum(node.is_input for node in self.nodes)
        self.meetings = 0
        self.found: dict[tuple[frozenset[int], int], Fitting | None] = {}

    def given(self, fault: Diagnostic) -> Diagnostic:
        node = next((one for one in self.refusing if _is_said_of(fault, one)), None)
        if node is None:
            return fault
        sizes = self._inputs_that_fit(node)
        if fault.code == "kernel-too-large":
            return fault._replace(help=_joined([fault.help, *sizes]))
        sizes = [f"use {size}" for size in sizes]
        if fault.code != "shapes-differ":
            return fault._replace(help=_joined([fault.help, *sizes]))
        self.meetings += 1
        met = meeting(self.nodes, node) if self.meetings <= MOST_MEETINGS else None
        if met is None:
            return fault
        cut = f"write `crop` on line {node.origin.span.line} to cut the larger map to the smaller"
        helping = [*sizes, *repairs(self.nodes, met), cut]
        return fault._replace(notes=causes(met, self.lines) or fault.notes, help=_joined(helping))

    def _inputs_that_fit(self, node: Node) -> list[str]:
        """Sizes of the inputs that feed the node, with which the whole net fits, else the net up to the node."""
        groups = self._groups(node)
        words = []
        for inputs in groups[:MOST_GROUPS]:
            whole = self._fitting(inputs, len(self.nodes) - 1)
            found = whole if whole is not None else self._fitting(inputs, self._last_of_its_line(node))
            if found is not None:
                first = self.nodes[min(inputs)]
                name = f" for `{first.name}`" if len(inputs) < self.inputs else ""
                words.append(f"{_sizes_in_words(found)}{name}")
        return [f"an input of {' or '.join(words)}"] if words else []

    def _fitting(self, inputs: frozenset[int], last: int) -> Fitting | None:
        if (inputs, last) not in self.found:
            self.found[inputs, last] = self.search.fitting(inputs, last)
        return self.found[inputs, last]

    def _last_of_its_line(self, node: Node) -> int:
        """The last of the nodes that the same line makes and that refuse what arrives: a later copy, or block call."""
        return max(one.index for one in self.refusing if one.origin.span == node.origin.span)

    def _groups(self, node: Node) -> list[frozenset[int]]:
        """The inputs that feed the node, those of one shape together; none that has its numbers in the text."""
        feeding, left = {node.index}, [node.index]
        while left:
            for before in self.nodes[left.pop()].inputs:
                if before not in feeding:
                    feeding.add(before)
                    left.append(before)
        groups: dict[Shape, set[int]] = {}
        for index in sorted(feeding):
            one = self.nodes[index]
            if one.is_input and one.output.rank and not _is_settled(one):
                groups.setdefault(one.output, set()).add(index)
        return [frozenset(group) for group in groups.values()]


def _is_settled(node: Node) -> bool:
    """Whether the size of an input is not to be changed: it has its numbers in the text, or its channels in front."""
    notices = node.layer.notices(())
    return getattr(node.layer, "data", None) is not None or any(n.code == "channels-first-input" for n in notices)


def _is_said_of(fault: Diagnostic, node: Node) -> bool:
    lines = {node.origin.span.line, *(span.line for span in node.origin.trail)}
    return fault.span is not None and fault.span.line in lines


def _sizes_in_words(found: Fitting) -> str:
    """`352x352 or 360x360`; `at least 34x34` where every larger size fits as well."""
    if found.below is None and found.above is not None and found.steady:
        return f"at least {sizes_text(found.above)}"
    return " or ".join(sizes_text(sizes) for sizes in (found.below, found.above) if sizes is not None)


def _joined(ways: Sequence[str]) -> str:
    """The ways out with commas between, and `or` before the last."""
    ways = [way for way in ways if way]
    return ", ".join(ways[:-1]) + (", or " if len(ways) > 1 else "") + ways[-1] if ways else ""
