"""What the picture of a net is made of: items, each a volume and the arrow that leads to it.

The nouns alone.  `net_items` makes them from an analysis, `strips` and `u_shapes` place them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from cnncalc.geometry import Shape

Kind = Literal["input", "conv", "pool", "up", "dense", "join", "flat", "block", "other"]
"""What colour and hatch a volume has, and how it is named in the legend."""

KINDS: tuple[Kind, ...] = ("input", "conv", "pool", "up", "dense", "join", "flat", "block", "other")


class Item(NamedTuple):
    """One volume of the picture: rows `first` to `last` of the net, `times` in a row alike.

    `words` stand above the arrow that leads to it ("conv", "3×3", "/2"), `after` below it ("bn", "relu").  `block` is
    the key of the panel that shows its inside, empty for a plain layer.  `sources` are the positions, in the list of
    items, of what it reads, in order.  `parts` are the channels of each input of a concat, `part_kinds` their kinds
    where the volume shows those.  `aside`: off the main way.  `members` are what it stands for where those differ,
    `windows` the words of the layers inside a block's call, without their widths.
    """

    kind: Kind
    words: tuple[str, ...]
    after: tuple[str, ...]
    shape: Shape
    first: int
    last: int
    times: int = 1
    block: str = ""
    label: str = ""
    sources: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    part_kinds: tuple[Kind, ...] = ()
    is_output: bool = False
    aside: bool = False
    members: tuple[Item, ...] = ()
    windows: tuple[tuple[str, ...], ...] = ()
