"""The net of a text that is asked about its sizes, also where its own size is not one of those that fit.

A text whose own size does not fit is put together to its end all the same; a notation that leaves its size open is read
with the one that is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.diagnostics import InputError, Source
from cnncalc.geometry import Shape
from cnncalc.graph import supposed_graph
from cnncalc.graph.cutting import kept_nodes, net_until
from cnncalc.graph.faults import OF_SIZES
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked, read


class AskedNet(NamedTuple):
    """A net, and the shapes with which those of its nodes go on that refuse its own size: none where that fits.

    `read` gives the net of the text with another size, where that need not be the same layers; None for our language.
    """

    graph: Graph
    accepted: Mapping[int, tuple[Shape, ...]] = MappingProxyType({})
    read: Callable[[str], Graph] | None = None


def asked_net(
    source: Source,
    settings: Mapping[str, str] | None = None,
    asked: str | None = None,
    until: str | None = None,
) -> AskedNet:
    """The net of a text in any notation, up to the line that `until` names.

    Raises InputError with every fault that no other size ends.
    """
    net = _whole_net(source, settings, asked)
    return net if until is None else _part(net, until)


def _part(net: AskedNet, until: str) -> AskedNet:
    """The net up to a line; the shapes that refusing nodes go on with are those of the nodes that are left."""
    graph, read = net_until(net.graph, until), net.read
    if graph.cut is None:
        return net
    left = enumerate(kept_nodes(net.graph, until))
    accepted = {new: net.accepted[old] for new, old in left if old in net.accepted}
    return AskedNet(graph, accepted, None if read is None else lambda size: net_until(read(size), until))


def _whole_net(source: Source, settings: Mapping[str, str] | None, asked: str | None) -> AskedNet:
    try:
        graph, faults = read(source, None, settings)
    except InputError:
        if asked is None:
            raise
        return _other_notation(checked(source, asked, settings), source, settings)
    if not faults:
        return AskedNet(graph) if graph.document is not None else _other_notation(graph, source, settings)
    if graph.document is not None and all(fault.code in OF_SIZES for fault in faults):
        supposed = supposed_graph(source, settings)
        if supposed is not None:
            return AskedNet(*supposed)
    if asked is None:
        raise InputError(faults, graph.source)
    return _other_notation(checked(source, asked, settings), source, settings)


def _other_notation(graph: Graph, source: Source, settings: Mapping[str, str] | None) -> AskedNet:
    return AskedNet(graph, read=lambda size: checked(source, size, settings))
