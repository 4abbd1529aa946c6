"""Modules and lines that one name makes belong together, where not all names of the net are in the file.

Programs count layers of a kind (`dense`, `dense_1`), and go on counting from one model to the next.  So a name alone
decides only where all of its kind are called the same on both sides; where the numbers differ, the kind still decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cnncalc.runtime.matching.by_name import plain
from cnncalc.runtime.matching.match_records import Layout, Module, Need
from cnncalc.runtime.matching.module_fit import fitting

_NUMBERS = re.compile(r"_?\d+")


def called_the_same(needs: Sequence[Need], modules: Sequence[Module], layout: Layout) -> dict[str, Module]:
    """The line's name -> the module of that name, for kinds of names that have the same members on both sides."""
    lines = {plain(need.name): need for need in needs}
    held = {plain(module.name): module for module in modules}
    if len(lines) != len(needs) or len(held) != len(modules):
        return {}
    open_kinds = {_kind(name) for name in lines.keys() ^ held.keys()}
    both = [(need, held[name]) for name, need in lines.items() if name in held]
    open_kinds |= {_kind(plain(need.name)) for need, module in both if fitting(need, module, layout) is None}
    return {need.name: module for need, module in both if _kind(plain(need.name)) not in open_kinds}


def kinds_in_both(needs: Iterable[Need], modules: Iterable[Module]) -> Mapping[str, str]:
    """The name of a line or a module -> the kind of its name, if as many lines as modules are of that kind."""
    names = [need.name for need in needs], [module.name for module in modules]
    ours, theirs = (Counter(_kind(plain(name)) for name in side) for side in names)
    return {name: kind for side in names for name in side if ours[kind := _kind(plain(name))] == theirs[kind]}


def _kind(name: str) -> str:
    """`layer_normalization_1` -> `layer_normalization`."""
    return _NUMBERS.sub("", name)
