"""Lines of a net that no output needs, which no program of it has."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.ir import Graph


def unneeded_lines(graph: Graph) -> Iterator[str]:
    """One line of a docstring that names them; nothing where every line is needed."""
    needed: set[int] = set()
    waiting = list(graph.outputs)
    while waiting:
        node = waiting.pop()
        if node not in needed:
            needed.add(node)
            waiting += graph.nodes[node].inputs
    names = [node.name for node in graph.nodes if node.index not in needed and not node.is_input]
    if names:
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        yield f"Left out, as no output needs it: {', '.join(names[:8])}{more}."
