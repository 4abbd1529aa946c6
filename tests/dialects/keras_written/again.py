"""A net written as Keras and read again."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.dialects.keras.writing.model_text import write
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, Unequal, same_net
from cnncalc.sources import find


def shipped(name: str) -> Graph:
    """A network that ships."""
    return checked(find(name))


def net(*lines: str) -> Graph:
    """The net of these lines."""
    return checked(Source("net.txt", "\n".join(lines) + "\n"))


def compared(graph: Graph) -> Same | Unequal:
    """What was written, read by our own reader, beside the net itself."""
    return same_net(graph, checked(Source("net.py", write(graph))))
