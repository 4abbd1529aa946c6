"""A net as a Mermaid flowchart, the text that GitHub, GitLab, Obsidian and many editors draw.

For `convert`: `mermaid_text(analysis, *, direction="TB", open_blocks=(), depth=None, every_copy=False, inside=True)`.
The options mean what they mean elsewhere: `open_blocks` and `inside` as `draw --open` and `--no-inside`, `depth` and
`every_copy` as `summary --depth` and `--all`.
Mermaid draws no more than 500 arrows and 50,000 letters: what nobody asked for in full is folded until it fits; what
was asked for is written whole, with a comment at its top.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.diagnostics.letters import printable
from cnncalc.pictures.diagrams.box_colours import FRAME, GREY, fills, ink
from cnncalc.pictures.diagrams.diagram import Box, Diagram, Frame
from cnncalc.pictures.diagrams.net_diagram import MOST_BOXES, Wanted, net_diagram
from cnncalc.quantities import grouped

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.pictures.diagrams.directions import Direction

MOST_ARROWS, MOST_LETTERS = 500, 50_000
"""What Mermaid draws as it comes (`maxEdges`, `maxTextSize`); GitHub lets nobody change it."""

WHOLE, COLUMN = "net", "column"
"""The frames around the net itself and around panels, which are not seen."""

FEWEST_BOXES = 12
"""Folding ends here."""

_SPECIAL = re.compile(r'["#<>&`\\%{}$~*;]|:(?=:)|^[-+*](?=\s)|(?<=^\d)[.)]|(?<=^\d\d)[.)]')
_CONFIG = (
    *("config:", "  flowchart:", "    wrappingWidth: 500", "    nodeSpacing: 30", "    rankSpacing: 30"),
    *("    subGraphTitleMargin:", "      bottom: 5"),
)
"""Lines as they are, which Mermaid would break after 200 pixels, and so close together that more fits a page."""

_FOUND_AGAIN = re.compile(r"\\(?=n)|\$(?=\$)|fa[a-z]?:(?=fa-)")
JOINER = "\N{WORD JOINER}"
"""Not seen: it parts what Mermaid finds even by its numbers: a line's end, a formula, the icon of `fa:fa-car`."""

_NO_TAGS = {ord("<"): "‹", ord(">"): "›"}
"""A title is cleaned as HTML and then shown as text: of what looks like a tag there would be more than was written."""

_FORMS = {"input": ("([", "])"), "arrival": ("([", "])"), "join": ("(", ")"), "block": ("[[", "]]")}


def mermaid_text(
    analysis: Analysis,
    *,
    direction: Direction = "TB",
    open_blocks: Iterable[str] = (),
    depth: int | None = None,
    every_copy: bool = False,
    inside: bool = True,
) -> str:
    """The flowchart.  Raises InputError where a block of `open_blocks` is none of the net."""
    wanted = Wanted(tuple(open_blocks), depth, every_copy, inside)
    most = MOST_BOXES
    text = flowchart(net_diagram(analysis, wanted, most), direction)
    while not (every_copy or depth) and most > FEWEST_BOXES and excess(text):
        most //= 2
        text = flowchart(net_diagram(analysis, wanted, most), direction)
    if said := excess(text):
        begin, line, rest = text.partition("flowchart ")
        text = f"{begin}%% {said}\n{line}{rest}"
    return text


def excess(text: str) -> str:
    """Why Mermaid would not draw the text, and what to do; empty where it would."""
    arrows = len(re.findall(r"^ +\S+ (?:-->|-\.->)", text, re.MULTILINE))
    found = []
    if arrows > MOST_ARROWS:
        found.append(f"{grouped(arrows)} arrows, of which Mermaid draws {MOST_ARROWS} unless maxEdges is set")
    if len(text) > MOST_LETTERS:
        found.append(f"{grouped(len(text))} letters, of which Mermaid reads {MOST_LETTERS} unless maxTextSize is set")
    return "; ".join(found) + "; fewer levels of blocks drawn out need fewer" if found else ""


def flowchart(diagram: Diagram, direction: Direction = "TB") -> str:
    """Any diagram as a flowchart."""
    boxes = list(diagram.boxes())
    panels = [panel for column in diagram.panels for panel in column]
    title = diagram.title.translate(_NO_TAGS)
    lines = ["---", f"title: {json.dumps(title, ensure_ascii=False)}", *_CONFIG, "---"]
    lines += [f"%% {escaped(printable(note))}" for note in diagram.notes]
    lines.append(f"flowchart {direction}")
    for number, column in reversed([*enumerate(diagram.panels, 1)]):  # Mermaid lays out the last one first
        lines += _column(f"{COLUMN}{number}", column, direction) if len(column) > 1 else _parts(column, direction)
    lines += _main(diagram, direction)
    for arrow in diagram.arrows:
        sign = "-.->" if arrow.shortcut else "-->"
        words = f'|"{escaped(arrow.words)}"|' if arrow.words else ""
        lines.append(f"  {arrow.source} {sign}{words} {arrow.target}")
    used = dict.fromkeys(box.kind for box in boxes)
    colour = fills()
    lines += [f"  classDef {kind} fill:{colour[kind]},stroke:{ink()},color:{ink()}" for kind in used]
    if thick := [box.key for box in boxes if box.thick]:
        lines += ["  classDef output stroke-width:3px", f"  class {','.join(thick)} output"]
    bare = [f"{COLUMN}{number}" for number, column in enumerate(diagram.panels, 1) if len(column) > 1]
    if panels:
        lines += ["  classDef bare fill:none,stroke:none", f"  class {','.join([WHOLE, *bare])} bare"]
    if frames := [*_frames(diagram.parts), *_frames(panels)]:
        lines += [f"  classDef frame fill:{FRAME},stroke:{GREY}", f"  class {','.join(frames)} frame"]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """The text as Mermaid shows it letter by letter: what it takes for a sign of its own by its number.

    >>> escaped('a "b" <i> #1')
    'a #34;b#34; #60;i#62; #35;1'
    """
    parted = _FOUND_AGAIN.sub(lambda found: f"{found[0]}{JOINER}", text)
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", parted)


def _main(diagram: Diagram, direction: Direction) -> Iterator[str]:
    """The net itself; where panels are drawn too it has a frame, so that Mermaid lays it out on its own."""
    if not diagram.panels:
        yield from _parts(diagram.parts)
        return
    yield f'  subgraph {WHOLE}[" "]'
    yield f"    direction {direction}"
    yield from _parts(diagram.parts, "", "    ")
    yield "  end"


def _column(key: str, panels: Sequence[Frame], direction: Direction) -> Iterator[str]:
    """Panels one below the other: in a frame of their own, or Mermaid would spread them over the height of the net."""
    yield f'  subgraph {key}[" "]'
    yield f"    direction {direction}"
    yield from _parts(panels, direction, "    ")
    yield f"    {' ~~~ '.join(panel.key for panel in panels)}"
    yield "  end"


def _parts(parts: Iterable[Box | Frame], direction: str = "", indent: str = "  ") -> Iterator[str]:
    for part in parts:
        if isinstance(part, Box):
            begin, end = _FORMS.get(part.kind, ("[", "]"))
            words = "<br/>".join(map(escaped, part.texts))
            yield f'{indent}{part.key}{begin}"{words}"{end}:::{part.kind}'
        else:
            aside = "" if direction else "&emsp;" * (len(part.title) // 2 + 1)  # no arrow runs through the words
            yield f'{indent}subgraph {part.key}["{escaped(part.title)}{aside}"]'
            if direction:  # of a frame to which no arrow leads Mermaid would turn it
                yield f"{indent}  direction {direction}"
            yield from _parts(part.inside, "", indent + "  ")
            yield f"{indent}end"


def _frames(parts: Iterable[Box | Frame]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Frame):
            yield part.key
            yield from _frames(part.inside)
