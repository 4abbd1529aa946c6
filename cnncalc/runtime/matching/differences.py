"""Why a file is not a net's, in words: how far it fits, and the first real difference.

Sentences only; which search came how far is found elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.runtime.files import shown_name, shown_shape
from cnncalc.runtime.matching.match_records import Layout, Module, Need, Part
from cnncalc.runtime.matching.module_fit import steps_to
from cnncalc.runtime.matching.tree_search import Stuck

MOST_LISTED = 8
"""Names shown of each kind of mismatch; the rest is counted."""


class Difference(NamedTuple):
    """How many lines of the net fit, and a note on the next one."""

    lines: int
    note: str


def difference(needs: Sequence[Need], modules: Sequence[Module], stuck: Stuck, layout: Layout) -> Difference:
    """The note for a search that came so far."""
    need = needs[stuck.lines]
    fit = f"{stuck.lines} of {len(needs)} lines fit; then "
    waiting = [modules[place] for place in sorted(stuck.waiting)]
    if not waiting:
        counts = f"the net has {len(needs)} lines with weights, the file {_modules(len(modules))}"
        return Difference(stuck.lines, f"{counts}; the first line without one: {need.name}, {_first(need)}")
    return Difference(stuck.lines, fit + _contrast(need, _nearest(need, waiting, layout), layout))


def goes_on(modules: Sequence[Module], used: Sequence[int]) -> str:
    """The note for a file that has more than the net: where it goes on, or what stands in between."""
    taken = set(used)
    rest = [module.name for place, module in enumerate(modules) if place not in taken]
    names = shown_name(rest[0]) + (f" and {len(rest) - 1} more" if len(rest) > 1 else "")
    behind = min(place for place in range(len(modules)) if place not in taken) > max(taken, default=-1)
    return f"the file goes on where the net ends: {names}" if behind else f"the file has more than the net: {names}"


def _modules(count: int) -> str:
    return f"{count} module" if count == 1 else f"{count} modules"


def _first(need: Need) -> str:
    part = next(iter(need.parts.values()))
    return f"{part.name} {shown_shape(part.shape)}"


def _nearest(need: Need, waiting: Sequence[Module], layout: Layout) -> Module:
    """Of the modules that could come the likest: its weight fits, and its roles are the same; else it has as many axes.

    Of several that are as like the first.
    """

    def unlikeness(module: Module) -> tuple[bool, int, int]:
        role, wanted = next(iter(need.parts.items()))
        found = module.parts.get(role)
        fits = found is not None and steps_to(need, role, found.shape, layout) is not None
        axes = max(len(part.shape) for part in module.parts.values())
        roles = len(module.parts.keys() ^ need.parts.keys()) if fits else 0
        return not fits, abs(axes - len(wanted.shape)), roles

    return min(waiting, key=unlikeness)


def _contrast(need: Need, module: Module, layout: Layout) -> str:
    role = "weight" if "weight" in need.parts else next(iter(need.parts))
    wanted = need.parts[role]
    found = module.parts.get(role) or next(iter(module.parts.values()))
    if role in module.parts and steps_to(need, role, found.shape, layout) is not None:
        return _other_roles(need, module, wanted)
    return f"expected {_shown(wanted)}, found {_shown(found)}"


def _other_roles(need: Need, module: Module, wanted: Part) -> str:
    """Both have a fitting weight; one of them has something else besides."""
    name, theirs = need.name, f"the file's {shown_name(module.name)}"
    for role, part in need.parts.items():
        found = module.parts.get(role)
        if found is None:
            return f"{name} has {_called(role)}, {theirs} has none ({shown_shape(wanted.shape)} both)"
        if found.shape != part.shape and role != "weight":
            return f"expected {_shown(part)}, found {_shown(found)}"
    more = [role for role in module.parts if role not in need.parts]
    if more:
        return f"{theirs} has {_called(more[0])}, {name} has none ({shown_shape(wanted.shape)} both)"
    return f"expected {name}, found {shown_name(module.name)} in another order"


def _called(role: str) -> str:
    words = {"weight": "a scale", "bias": "a bias", "running_mean": "running statistics", "running_var": "a variance"}
    return words.get(role, f"`{role}`")


def _shown(part: Part) -> str:
    return f"{shown_name(part.name)} {shown_shape(part.shape)}"


def listing(
    wanted: Mapping[str, tuple[int, ...]], shapes: Mapping[str, tuple[int, ...]]
) -> tuple[str, tuple[str, ...]]:
    """Counts and notes for a file that has the net's own names: what is missing, not in the net, of another shape."""
    missing = [f"{name} {shown_shape(shape)}" for name, shape in wanted.items() if name not in shapes]
    unexpected = [f"{shown_name(name)} {shown_shape(shape)}" for name, shape in shapes.items() if name not in wanted]
    wrong = [
        f"{name}: expected {shown_shape(wanted[name])}, found {shown_shape(shape)}"
        for name, shape in shapes.items()
        if name in wanted and wanted[name] != shape
    ]
    kinds = (("missing", missing), ("not in this net", unexpected), ("of another shape", wrong))
    counts = ", ".join(f"{len(names)} {kind}" for kind, names in kinds if names)
    return counts, tuple(f"{kind}: {_listed(names)}" for kind, names in kinds if names)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return "; ".join(names[:MOST_LISTED]) + more
