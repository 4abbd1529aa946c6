"""The tree of a file's names: `layer1.0.conv1` is a leaf below `layer1` and `layer1.0`.

What stands under one name belongs together and is used up before its neighbour is begun.  Names that differ in their
last number only are a series (`conv2d`, `conv2d_1`; `layer1`, `layer2`), of which only the lowest that is left may
begin.  Shapes are not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

DEEPEST = 30
"""Parts of a name; what is behind them is one part."""

DOTS, UNDERSCORES = re.compile(r"[./]"), re.compile(r"[./_]")
"""Where a name is parted: in most files at dots, in some at `_` too (`block1_conv1`)."""


@dataclass(eq=False, slots=True)
class Branch:
    """A part of a name with all that stands under it; a leaf has the `place` of its module in the file.

    `first` is the lowest place under it.
    """

    name: str
    parent: Branch | None
    place: int = -1
    first: int = -1
    children: dict[str, Branch] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    own_series: Series | None = None
    total: int = 0
    left: int = 0
    depth: int = 0
    starts: tuple[Branch, ...] = ()
    """Leaves with which it may begin, as long as nothing under it is used."""


@dataclass(eq=False, slots=True)
class Series:
    """Neighbours that differ in a number, lowest first; as many as `begun` were begun or used up."""

    members: list[Branch]
    begun: int = 0


def tree_of(names: Sequence[str], mark: re.Pattern[str]) -> Branch | None:
    """The tree whose leaves are these names, in their order; None where two modules have one place in it."""
    root = Branch("", None)
    for place, name in enumerate(names):
        branch = root
        for part in (*mark.split(name, DEEPEST), ""):  # the last: modules below a module stand beside it
            branch = branch.children.get(part) or _grown(branch, part)
        if branch.place >= 0:
            return None
        branch.place = place
    _settle(root)
    return root


def counts_up(root: Branch) -> bool:
    """Whether the members of every series are in the file in the order of their numbers."""
    series = (one for branch in _downwards(root) for one in branch.series)
    return all(one.first < two.first for each in series for one, two in pairwise(each.members))


def begin(leaf: Branch) -> None:
    """Use a leaf: there is one less in all that it stands under."""
    branch: Branch | None = leaf
    while branch is not None:
        if branch.left == branch.total and branch.own_series is not None:
            branch.own_series.begun += 1
        branch.left -= 1
        branch = branch.parent


def undo(leaf: Branch) -> None:
    """Give a leaf back, which was the last that was used."""
    branch: Branch | None = leaf
    while branch is not None:
        branch.left += 1
        if branch.left == branch.total and branch.own_series is not None:
            branch.own_series.begun -= 1
        branch = branch.parent


def next_leaves(here: Branch) -> list[Branch]:
    """After the leaf `here` (or at the root): the leaves that may come; those first that go on with a series."""
    while not here.left and here.parent is not None:
        here = here.parent
    waiting = sorted((series for series in here.series if series.begun < len(series.members)), key=_is_new)
    return [leaf for series in waiting for leaf in series.members[series.begun].starts]


def _is_new(series: Series) -> bool:
    return not series.begun


def _grown(branch: Branch, part: str) -> Branch:
    child = branch.children[part] = Branch(part, branch, depth=branch.depth + 1)
    return child


def _settle(root: Branch) -> None:
    """Count leaves, find series and starts, from the leaves up."""
    for branch in reversed(list(_downwards(root))):
        branch.series = [Series(members) for members in _series_of(branch.children.values())]
        for series in branch.series:
            for member in series.members:
                member.own_series = series
        places = [child.first for child in branch.children.values()]
        branch.first = min([branch.place, *places] if branch.place >= 0 else places)
        branch.total = branch.left = (branch.place >= 0) + sum(child.total for child in branch.children.values())
        first = (series.members[0] for series in branch.series)
        branch.starts = (branch,) if branch.place >= 0 else tuple(leaf for one in first for leaf in one.starts)


def _downwards(root: Branch) -> Iterator[Branch]:
    waiting = [root]
    while waiting:
        branch = waiting.pop()
        yield branch
        waiting.extend(branch.children.values())


def _series_of(children: Iterable[Branch]) -> list[list[Branch]]:
    """Neighbours grouped into series, each with the lowest number first; in the order of their first members."""
    neighbours = list(children)
    stems = {stem for child in neighbours if (stem := _stem(child.name)) != child.name}
    grouped: dict[str, list[Branch]] = {}
    for child in neighbours:
        grouped.setdefault(series_name(child.name, stems), []).append(child)
    for members in grouped.values():
        members.sort(key=lambda child: _number(child.name, stems))
    return list(grouped.values())


def _stem(name: str) -> str:
    """`conv2d_1` -> `conv2d`, `layer1` -> `layer`, `conv2d` as it is."""
    return re.sub(r"_?[0-9]+$", "", name)


def series_name(name: str, stems: Iterable[str]) -> str:
    """What the members of a series have in common; `stems` are the names without numbers among the neighbours.

    >>> series_name("conv2d_1", {"conv2d"}), series_name("conv2d", {"conv2d"}), series_name("block35_2_conv", {})
    ('conv2d#', 'conv2d#', 'block35_#_conv')
    """
    stem = _stem(name)
    if stem != name or name in stems:
        return f"{stem}#"
    return re.sub(r"[0-9]+(?=[^0-9]*$)", "#", name)


def _number(name: str, stems: Iterable[str]) -> int:
    """The number that tells a member from the others; -1 before all of them where it has none."""
    digits = re.search(r"[0-9]+$", name)
    if digits is None and name not in stems:
        digits = next(iter(re.finditer(r"[0-9]+(?=[^0-9]*$)", name)), None)
    return int(digits[0][:18]) if digits is not None else -1
