"""What a diagram is made of: boxes, frames around them, arrows between them, and panels that show the inside of a box.

The nouns alone.  `net_diagram` makes them from an analysis, `mermaid` and `dot` write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

BoxKind = Literal[
    "input", "conv", "pool", "up", "dense", "norm", "activation", "join", "shape", "other", "block", "arrival"
]
"""What colour and form a box has; an arrival is what a panel's block reads."""

BOX_KINDS: tuple[BoxKind, ...] = get_args(BoxKind)


class Box(NamedTuple):
    """One line of the net, or several as one: its lines of text, and the rows that it stands for are in no other box.

    `key` is its name in the text of the diagram; `thick` boxes are outputs of the net.
    """

    key: str
    kind: BoxKind
    texts: tuple[str, ...]
    thick: bool = False


class Frame(NamedTuple):
    """A call of a block that is drawn out, a stretch that repeats, or a panel."""

    key: str
    title: str
    inside: tuple[Box | Frame, ...]


class Arrow(NamedTuple):
    """From one box to another by their keys; a `shortcut` is one beside which there is a longer way."""

    source: str
    target: str
    words: str = ""
    shortcut: bool = False


class Diagram(NamedTuple):
    """The boxes and frames in the order of the net; `panels` show the inside of blocks, in columns.

    `notes` are remarks on what is not drawn.
    """

    title: str
    parts: tuple[Box | Frame, ...]
    arrows: tuple[Arrow, ...]
    panels: tuple[tuple[Frame, ...], ...] = ()
    notes: tuple[str, ...] = ()

    def boxes(self) -> Iterator[Box]:
        """Every box, those of the panels last."""
        yield from boxes_of((*self.parts, *(panel for column in self.panels for panel in column)))


def boxes_of(parts: tuple[Box | Frame, ...]) -> Iterator[Box]:
    """The boxes in these parts, frame by frame."""
    for part in parts:
        if isinstance(part, Box):
            yield part
        else:
            yield from boxes_of(part.inside)
