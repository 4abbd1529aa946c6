"""The numbers that move between memory and processor: what a line reads and writes, each array once.

That is the least any program can do whose caches hold no whole map: a line's words (`conv 64 3x3 bn relu`) work on it
in one go, and what the line above wrote is read again.  What a number takes in bytes is not known here.
"""

from __future__ import annotations

from cnncalc.graph.ir import Graph


def moved_numbers(graph: Graph, first: int, last: int, stored: int, batch: int) -> int:
    """What the nodes `first` to `last` read and write together for a batch of images.

    `stored` are their params and buffers, which are read once however many the images are.  A view moves nothing, and
    neither does an input line: its picture is there already.
    """
    nodes = graph.nodes[first : last + 1]
    if all(node.layer.is_view or node.is_input for node in nodes):
        return 0
    arriving = dict.fromkeys(i for node in nodes for i in node.inputs if i < first)
    read = sum(graph.nodes[i].output.elements for i in arriving)
    return (read + nodes[-1].output.elements) * batch + stored
