"""A file whose names are the net's own: those that our files have, a state_dict's, or the layers' names in Keras.

All names of the net must be there, or this way is not taken.  A parameter that is no layer's, `block.gamma`, is the
weight of a line of its own, and whatever stands in front of all names (`module.`, `model_weights/`) is no part of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.graph.stored import Stored
from cnncalc.runtime.matching.file_modules import Described
from cnncalc.runtime.matching.match_records import Layout, Module, Need, Part
from cnncalc.runtime.matching.module_fit import fitting
from cnncalc.runtime.matching.surplus import names_of

_NO_NAMES = frozenset(("vars", "layers", "model_weights"))
"""Groups of Keras' files that are no layers."""


def own_names(names: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """Each array's name in the net, which is its own unless it is a parameter that is no layer's."""
    held, needed = set(names), set(wanted)
    return {name: _own_name(name, held, needed) for name in held}


def _own_name(name: str, held: set[str], needed: set[str]) -> str:
    with_role = f"{name}.weight"
    return with_role if name not in needed and with_role in needed and with_role not in held else name


class Named(NamedTuple):
    """Where each weight is, and the names of the parts of the file that are left out."""

    found: dict[str, Stored]
    unused: tuple[str, ...] = ()


def by_arrays(needs: Sequence[Need], modules: Sequence[Module], layout: Layout) -> Named | None:
    """Where each weight is, if all weights' names are in the file; what else it has must be what may be left out."""
    held = {part.name: part for module in modules for part in module.parts.values()}
    wanted = {part.name for need in needs for part in need.parts.values()}
    arrays = {own: held[name] for name, own in own_names(held, wanted).items()}
    if not wanted <= arrays.keys():
        return None
    named = [
        Module(need.name, "other", {role: arrays[part.name] for role, part in need.parts.items()}) for need in needs
    ]
    return _all_fitting(needs, named, modules, layout)


def by_modules(needs: Sequence[Need], modules: Sequence[Module], layout: Layout) -> Named | None:
    """Where each weight is, if all lines' names are in the file as those of its modules."""
    names = [plain(module.name) for module in modules]
    for called in (names, without_prefix(names)):
        named = dict(zip(called, modules, strict=True))
        if len(named) == len(modules) and all(plain(need.name) in named for need in needs):
            return _all_fitting(needs, [named[plain(need.name)] for need in needs], modules, layout)
    return None


def _all_fitting(
    needs: Sequence[Need], named: Sequence[Module], modules: Sequence[Module], layout: Layout
) -> Named | None:
    """The pairs, if each of them fits and the rest of the file may be left out."""
    found: dict[str, Stored] = {}
    for need, module in zip(needs, named, strict=True):
        stored = fitting(need, module, layout)
        if stored is None:
            return None
        found |= stored
    used = {stored.entry for stored in found.values()}
    rest = {part.name for module in modules for part in module.parts.values()} - used
    unused = names_of(modules, rest) if rest else ()
    return None if unused is None else Named(found, unused)


def plain(name: str) -> str:
    """A module's path without what says nothing: groups that are no layers, and a name that stands twice in a row.

    >>> plain("model_weights/conv2d_1/conv2d_1"), plain("layers/conv2d/vars")
    ('conv2d_1', 'conv2d')
    """
    words = [word for word in re.split(r"[./]", name) if word not in _NO_NAMES]
    return ".".join(word for place, word in enumerate(words) if not place or word != words[place - 1])


def without_prefix(names: Sequence[str]) -> list[str]:
    """The names without the words that all of them begin with, which leave at least one."""
    split = [name.split(".") for name in names]
    count = 0
    while split and all(len(words) > count + 1 and words[count] == split[0][count] for words in split):
        count += 1
    return [".".join(words[count:]) for words in split]


def shapes_by_own_name(
    needs: Sequence[Need], entries: Sequence[Described], layout: Layout
) -> Mapping[str, tuple[int, ...]]:
    """The file's arrays by their names in the net, for a list of what differs; a shape that can be had is as wanted."""
    lines = {part.name: (need, role) for need in needs for role, part in need.parts.items()}
    own = own_names((entry.name for entry in entries), lines)
    return {own[entry.name]: _as_wanted(entry.shape, lines.get(own[entry.name]), layout) for entry in entries}


def _as_wanted(shape: tuple[int, ...], line: tuple[Need, str] | None, layout: Layout) -> tuple[int, ...]:
    if line is None:
        return shape
    need, role = line
    module = Module("", "other", {role: Part("", shape)})
    alone = need._replace(parts={role: need.parts[role]})
    return need.parts[role].shape if fitting(alone, module, layout) is not None else shape
