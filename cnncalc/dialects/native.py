"""Our own text as a notation: `read` parses and binds, `write` gives back the text that says the net.

That text is the one the net was read from, in canonical spelling: blocks, repeats, ifs, constants, labels, comments
and answers stay.  What was set from outside (`--input`, `--set`) is in it, as if the lines had been edited by hand.  A
net that no text of ours says is written out line by line (`cnncalc.dialects.flat_text`).
"""

from __future__ import annotations

from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.flat_text import own_text
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph


def read(source: Source) -> Graph:
    """The net of a text; raises InputError with every fault."""
    graph, faults = load_graph(source)
    if faults:
        raise InputError(faults, source)
    return graph


def write(graph: Graph) -> str:
    """The net's text in canonical spelling."""
    return own_text(graph)
