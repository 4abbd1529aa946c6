"""A net as a graph in Graphviz' language DOT: `dot -Tsvg net.dot`.

For `convert`: `dot_text(analysis, *, direction="TB", open_blocks=(), depth=None, every_copy=False, inside=True)`; the
options are those of `mermaid_text`, and so is the diagram.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.diagnostics.letters import printable
from cnncalc.pictures.diagrams.box_colours import FRAME, GREY, fills, ink
from cnncalc.pictures.diagrams.diagram import Box, BoxKind, Diagram, Frame, boxes_of
from cnncalc.pictures.diagrams.net_diagram import Wanted, net_diagram

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.pictures.diagrams.directions import Direction

_STYLES = {"input": "filled,rounded", "arrival": "filled,rounded", "join": "filled,rounded"}


def dot_text(
    analysis: Analysis,
    *,
    direction: Direction = "TB",
    open_blocks: Iterable[str] = (),
    depth: int | None = None,
    every_copy: bool = False,
    inside: bool = True,
) -> str:
    """The graph.  Raises InputError where a block of `open_blocks` is none of the net."""
    return digraph(net_diagram(analysis, Wanted(tuple(open_blocks), depth, every_copy, inside)), direction)


def digraph(diagram: Diagram, direction: Direction = "TB") -> str:
    """Any diagram as a graph in DOT."""
    font = 'fontname="Helvetica,Arial,sans-serif"'
    lines = [
        *(f"// {printable(note)}" for note in diagram.notes),
        "digraph {",
        f"  graph [label={quoted(diagram.title)}, labelloc=t, rankdir={direction}, bgcolor=transparent,",
        f'    {font}, fontcolor="{GREY}", nodesep=0.3, ranksep=0.35]',
        f'  node [shape=box, style=filled, color="{ink()}", fontcolor="{ink()}", {font},',
        '    fontsize=11, margin="0.15,0.06"]',
        f'  edge [color="{GREY}", fontcolor="{GREY}", {font}, fontsize=10, arrowsize=0.7]',
        *_parts(diagram.parts, fills()),
        *(line for column in diagram.panels for line in _parts(column, fills())),
    ]
    for column in diagram.panels:
        ends = [[box.key for box in boxes_of((panel,))] for panel in column]
        lines += [f"  {a[-1]} -> {b[0]} [style=invis]" for a, b in pairwise(ends)]
    for arrow in diagram.arrows:
        said = [f"label={quoted(arrow.words)}"] if arrow.words else []
        said += ["style=dashed"] if arrow.shortcut else []
        lines.append(f"  {arrow.source} -> {arrow.target}" + (f" [{', '.join(said)}]" if said else ""))
    return "\n".join([*lines, "}"]) + "\n"


def quoted(*texts: str) -> str:
    r"""Lines of text between quotation marks, as DOT shows them letter by letter.

    >>> print(quoted('a "b"', "&amp;"))
    "a \"b\"\n&amp;amp;"
    """
    plain = (text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return '"' + "\\n".join(plain) + '"'


def _parts(parts: Iterable[Box | Frame], colour: dict[BoxKind, str], indent: str = "  ") -> Iterator[str]:
    for part in parts:
        if isinstance(part, Box):
            said = [f"label={quoted(*part.texts)}", f'fillcolor="{colour[part.kind]}"']
            said += [f'style="{_STYLES[part.kind]}"'] if part.kind in _STYLES else []
            said += ["peripheries=2"] if part.kind == "block" else []
            said += ["penwidth=3"] if part.thick else []
            yield f"{indent}{part.key} [{', '.join(said)}]"
        else:
            yield f"{indent}subgraph cluster_{part.key} {{"
            yield f"{indent}  label={quoted(part.title)}; labeljust=l; fontsize=11"
            yield f'{indent}  color="{GREY}"; fontcolor="{GREY}"; bgcolor="{FRAME}"'
            yield from _parts(part.inside, colour, indent + "  ")
            yield f"{indent}}}"
