"""Darknet's sections that name others by their numbers: `route`, `shortcut`, `scale_channels` and `sam`.

A number counts from 0 over the sections behind [net]; below 0 it counts back from the section itself.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.diagnostics import Span
from cnncalc.dialects.darknet.cfg_layers import Kind, activation
from cnncalc.dialects.darknet.cfg_text import Section
from cnncalc.dialects.net_rows import Made, NetRows, Placed
from cnncalc.geometry import Padding, Shape
from cnncalc.graph.faults import Fault
from cnncalc.layers.registry import layer_class


class Joins:
    """Makes the rows of such sections; `layers` is the node that each section so far gives."""

    def __init__(self, rows: NetRows, layers: list[int]) -> None:
        self.rows = rows
        self.layers = layers
        self.makers: dict[str, Callable[[Section, str], None]] = {
            "route": self._route,
            "shortcut": self._shortcut,
            "scale_channels": self._scale_channels,
            "sam": self._sam,
        }

    def _named(self, section: Section, key: str) -> list[tuple[int, Span]]:
        """The nodes that an option names; raises Fault for a section that does not come before."""
        found = named_layers(section, key, len(self.layers))
        return [(self.layers[layer], place) for layer, place in found]

    def _before(self, section: Section) -> int:
        assert self.rows.current is not None
        if not self.layers:
            message = f"[{section.name}] works on the layer before it, and there is none"
            raise Fault("unknown-input", message, section.span, help="write a layer before it")
        return self.layers[-1]

    def _row(self, section: Section, word: str, inputs: tuple[int, ...], label: str | None, **arguments: object) -> int:
        layer = layer_class(word)(**arguments)
        return self.rows.row([Placed(layer, section.span)], inputs, label)

    def _joined(self, section: Section, word: str, inputs: tuple[int, ...], label: str, otherwise: str) -> None:
        """A join with its activation."""
        own: Made = [(layer_class(word)(), {}), *activation(section, otherwise)]
        self.rows.row([Placed(layer, section.span, places) for layer, places in own], inputs, label)

    # ------------------------------------------------------------------ the sections
    def _route(self, section: Section, label: str) -> None:
        """One layer again, or the channels of several; of `groups` equal parts of each only part `group_id`."""
        nodes = [node for node, _ in self._named(section, "layers")]
        groups, part = section.whole("groups", 1, least=1), section.whole("group_id", 0, least=0)
        if groups > 1:
            alone = len(nodes) == 1
            nodes = [self._part(section, node, groups, part, label if alone else None) for node in nodes]
            if alone:
                return
        word = "concat" if len(nodes) > 1 else "identity"
        self._row(section, word, tuple(nodes), label)

    def _part(self, section: Section, node: int, groups: int, part: int, label: str | None) -> int:
        channels = self.rows.shape(node).channels
        if channels % groups:
            message = f"{channels} channels are not divided by {groups} groups"
            notes = (f"{channels} / {groups} = {channels // groups}, remainder {channels % groups}",)
            raise Fault("groups-do-not-divide", message, section.place("groups"), notes=notes, help="write groups=1")
        if part >= groups:
            message = f"there is no group {part} of {groups}"
            raise Fault("unfit-value", message, section.place("group_id"), help=f"write group_id={groups - 1} or less")
        each = channels // groups
        return self._row(section, "slice", (node,), label, channels=(part * each, (part + 1) * each))

    def _shortcut(self, section: Section, label: str) -> None:
        """The sum with layers above, of which only the part that both have is added."""
        node = self._before(section)
        sources = self._named(section, "from")
        if section.real("alpha", 1.0) != 1 or section.real("beta", 1.0) != 1:
            raise Fault("no-such-layer", "a sum with factors is not read", section.place("alpha", "beta"))
        fitted = [self._fitted(one, self.rows.shape(node), place) for one, place in sources]
        self._joined(section, "add", (node, *fitted), label, "linear")

    def _fitted(self, node: int, wanted: Shape, place: Span) -> int:
        """A layer cut or filled up with zeros to a shape: Darknet adds the channels that both have.

        Of a larger map it takes every so-manieth place; of a smaller one it would leave gaps, which is not read.
        """
        shape = self.rows.shape(node)
        if shape.rank == wanted.rank and shape.spatial != wanted.spatial:
            steps = {n // max(1, keep) for n, keep in zip(shape.spatial, wanted.spatial, strict=True)}
            step = min(steps)
            if len(steps) != 1 or step < 2:
                message = f"Darknet adds {shape.spatial_text} to {wanted.spatial_text} with gaps, and we do not"
                raise Fault("shapes-differ", message, place, help="take a layer of the same height and width")
            keep = layer_class("maxpool")(kernel_size=(1, 1), stride=(step,))  # type: ignore[call-arg]
            node = self.rows.row([Placed(keep, place)], (node,))
        surplus = shape.channels - wanted.channels
        if surplus > 0:
            cut = layer_class("slice")(channels=(0, wanted.channels))  # type: ignore[call-arg]
            node = self.rows.row([Placed(cut, place)], (node,))
        elif surplus < 0:
            filled = layer_class("padchannels")(channels=Padding("explicit", ((0, -surplus),)))  # type: ignore[call-arg]
            node = self.rows.row([Placed(filled, place)], (node,))
        return node

    def _scale_channels(self, section: Section, label: str) -> None:
        """A layer above times one number a channel, those of the layer before."""
        (source, _), *_ = self._named(section, "from")
        self._joined(section, "mul", (source, self._before(section)), label, "linear")

    def _sam(self, section: Section, label: str) -> None:
        """A layer above times the layer before, number by number."""
        (source, _), *_ = self._named(section, "from")
        self._joined(section, "mul", (self._before(section), source), label, "linear")


def named_layers(section: Section, key: str, here: int) -> list[tuple[int, Span]]:
    """The numbers of the layers that an option of layer `here` names; raises Fault for one that is not above."""
    found = section.wholes(key)
    if not found:
        advice = f"name the layer by its number, or by steps back: `{key}=-1`"
        raise Fault("missing-member", f"[{section.name}] has no `{key}`", section.span, help=advice)
    layers = []
    for number, place in found:
        layer = number if number >= 0 else here + number
        if not 0 <= layer < here:
            meant = f"{number} steps from layer {here}" if number < 0 else f"layer {number}"
            there = f"layers 0 to {here - 1} come before layer {here}" if here else "no layer comes before layer 0"
            message = f"`{key}={number}` is {meant}, and there is no such layer above"
            raise Fault("unknown-input", message, place, label=there, help=f"write `{key}=-1` for the layer before")
        layers.append((layer, place))
    return layers


JOINS: dict[str, Kind] = {
    "route": Kind(None, ("layers", "groups", "group_id")),
    "shortcut": Kind(None, ("from", "activation", "alpha", "beta"), ("weights_normalization",), ("weights_type",)),
    "scale_channels": Kind(None, ("from", "activation"), (), ("scale_wh",)),
    "sam": Kind(None, ("from", "activation")),
}
