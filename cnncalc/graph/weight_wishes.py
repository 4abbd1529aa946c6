"""Weights shared as `shared=LABEL` asks for it: nodes that use the weights of others, and what does not fit.

A line shares layer by layer with weights, post words too; the layers of two block calls are the same one by one.  A
node notes whose weights it uses (`Node.shares`), always the node that owns them.  What a layer's weights are is asked
of the layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnncalc.diagnostics import Fix, Span
from cnncalc.graph.building import Builder
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Node
from cnncalc.graph.weight_option import OPTION
from cnncalc.layers.base import Weight, counted
from cnncalc.spec.document import Token


@dataclass(frozen=True)
class Wish:
    """What `shared=LABEL` on a line or call asks for: the labelled place, of `lent` copies, and its own `copies`."""

    label: Token
    span: Span
    place: int
    lent: int
    copies: int

    def share_line(self, builder: Builder, first: int, copy: int, text: str) -> None:
        """Let the nodes from `first` on, the line with this text, use the weights.  Raises Fault."""
        users = [node for node in range(first, len(builder.nodes)) if builder.weights_of(node)]
        row = self.place - self.lent + (copy if self.lent > 1 else 1)
        owners = [node for node in self._nodes_of_rows(builder, row, row) if builder.weights_of(node)]
        if not users:
            raise Fault(
                "nothing-to-share",
                f"{builder.nodes[first].layer.word} has no weights, so it shares none",
                self.span,
                help=f"leave `{OPTION}={self.label.text}` out",
                fixes=(Fix(self.span, ""),),
            )
        if not owners:
            raise self._nothing_there(builder)
        words = [[builder.nodes[node].layer.word for node in nodes] for nodes in (users, owners)]
        if words[0] != words[1]:
            here, there = (" and ".join(each) for each in words)
            raise self._differ(
                f"the layers with weights are {here} in this line, and {there} in {self._named(builder, owners[0])}",
                "write `bn` and the like on a line of its own where its weights are not to be shared",
            )
        self._share(builder, users, owners, text)

    def share_call(self, builder: Builder, first: int) -> None:
        """Let the nodes from `first` on, those of a block call, use the weights.  Raises Fault."""
        group = builder.groups[~self.place]
        users = range(first, len(builder.nodes))
        owners = [*self._nodes_of_rows(builder, group.first, group.last)] * (self.copies if self.lent == 1 else 1)
        if not any(builder.weights_of(node) for node in owners):
            raise self._nothing_there(builder)
        for user, owner in zip(users, owners, strict=False):
            if builder.nodes[user].layer != builder.nodes[owner].layer:
                raise self._differ(
                    f"{_placed(builder, user)} is here, and `{self.label.text}` has {_placed(builder, owner)}"
                )
        if len(users) != len(owners):
            longer = "this call" if len(users) > len(owners) else f"`{self.label.text}`"
            more = users[len(owners)] if len(users) > len(owners) else owners[len(users)]
            raise self._differ(f"{longer} goes on with {_placed(builder, more)}, and the other one ends before it")
        self._share(builder, users, owners)

    def _nodes_of_rows(self, builder: Builder, first: int, last: int) -> range:
        return range(builder.rows[first].first, builder.rows[last].last + 1) if first <= last else range(0)

    def _share(self, builder: Builder, users: Sequence[int], owners: Sequence[int], text: str = "") -> None:
        """Note the owner at each user with weights, after a look at the weights of both."""
        roots: dict[int, int] = {}
        for user, owner in zip(users, owners, strict=True):
            own, lent = builder.weights_of(user), builder.weights_of(owner)
            if not own:
                continue
            if not _fit(own, lent):
                raise self._unfit(builder, user, owner, text)
            lender, before = builder.nodes[owner].shares, builder.nodes[user].shares
            roots[user] = owner if lender is None else lender
            if before is not None and roots.get(before, before) != roots[user]:
                raise self._differ(
                    f"{_placed(builder, user)} shares with another line than `{self.label.text}` does there"
                )
        for user, root in roots.items():
            builder.nodes[user] = builder.nodes[user]._replace(shares=root)

    def _unfit(self, builder: Builder, user: int, owner: int, text: str) -> Fault:
        own, lent = builder.weights_of(user), builder.weights_of(owner)
        here = f"`{text}`" if text else _placed(builder, user)
        message = f"{here} has {_listed(own)} here, but those of {self._named(builder, owner)} are {_listed(lent)}"
        channels = [builder.nodes[builder.nodes[node].inputs[0]].output.channels for node in (user, owner)]
        if channels[0] != channels[1]:
            there = f"; at `{self.label.text}`, {counted(channels[1], 'channel')}"
            notes = (f"what arrives here has {counted(channels[0], 'channel')}{there}",)
            return self._differ(message, "weights fit only where as many channels arrive", notes)
        return self._differ(message, "both need the same filters, kernel, groups and bias, and the same stated weights")

    def _named(self, builder: Builder, node: int) -> str:
        return f"`{self.label.text}`, {_placed(builder, node)}"

    def _nothing_there(self, builder: Builder) -> Fault:
        word = builder.rows[self.place].word if self.place >= 0 else builder.groups[~self.place].word
        message = f"`{self.label.text}` labels {word}, which has no weights"
        return Fault(
            "nothing-to-share", message, self.label.span, help="name a line that has weights, such as a `conv`"
        )

    def _differ(self, message: str, advice: str = "", notes: tuple[str, ...] = ()) -> Fault:
        otherwise = f"change one of both, or leave `{OPTION}={self.label.text}` out"
        return Fault("shared-weights-differ", message, self.span, notes=notes, help=advice or otherwise)


def _fit(own: Sequence[Weight], lent: Sequence[Weight]) -> bool:
    """Whether weights can be used in the place of others: the same arrays, and no other values stated."""
    return [_kind(weight) for weight in own] == [_kind(weight) for weight in lent] and all(
        one.initial == other.initial for one, other in zip(own, lent, strict=True) if isinstance(one.initial, tuple)
    )


def _kind(weight: Weight) -> tuple[object, ...]:
    return weight.name, weight.axes, weight.trainable


def _listed(weights: Sequence[Weight]) -> str:
    return " and ".join(f"{one.name} {'x'.join(map(str, one.shape))}" for one in weights) or "no weights"


def _placed(builder: Builder, node: int) -> str:
    """The line of a node as the table shows it, with its number in the text."""
    row = next((row for row in builder.rows if row.first <= node <= row.last), None)
    one: Node = builder.nodes[node]
    return f"`{one.layer.word if row is None else row.text}` (line {one.origin.span.line})"
