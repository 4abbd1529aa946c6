"""Which array of a file is which weight of the net: by name, else in order.

Other programs name weights after their own modules (`features.0.weight`).  Where the groups of arrays, one for each
module, fit the net's lines one after the other, shape by shape, they are taken in that order.  Pure: shapes and names
only, no array.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from cnncalc.diagnostics import InputError, input_error
from cnncalc.graph.stored import Step, Stored
from cnncalc.layers.base import Weight
from cnncalc.runtime.files import shown_name, shown_shape
from cnncalc.runtime.matching.records import Left, Match

MOST_LISTED = 8
"""Names shown of each kind of mismatch; the rest is counted."""

COUNTER = "num_batches_tracked"
"""PyTorch's batch norm counts its batches in an array of that name; no net computes with it."""


IN_ORDER = "matched in order, as the names are another program's"


class Described(Protocol):
    """An array of a file, as its header describes it."""

    @property
    def name(self) -> str: ...

    @property
    def shape(self) -> tuple[int, ...]: ...


def matched(
    path: Path,
    needed: Mapping[str, Weight],
    entries: Sequence[Described],
    uncalled: Iterable[str] = (),
    again: Iterable[str] = (),
) -> Match:
    """Every weight's array; raises one InputError that lists all that is missing, left over or of another shape.

    Arrays of the modules `uncalled` are left out: a program makes them, and the net does not compute with them.  So
    are those of the paths `again`, at which modules are held that the net has at another path.
    """
    counting = [one for one in entries if one.name.rpartition(".")[2] != COUNTER]
    idle, twice = (tuple(f"{name}." for name in names) for names in (uncalled, again))
    called = [one for one in counting if not f"{one.name}.".startswith(idle)]
    used = [one for one in called if not f"{one.name}.".startswith(twice)]
    left = Left(len(entries) - len(counting), len(counting) - len(called), len(called) - len(used))
    shapes = {entry.name: entry.shape for entry in used}
    stated = tuple(name for name, weight in needed.items() if isinstance(weight.initial, tuple) and name not in shapes)
    wanted = {name: weight.shape for name, weight in needed.items() if name not in stated}
    own = {entry: _own_name(entry, shapes, wanted) for entry in shapes}
    alike = {own[entry]: _as_wanted(shape, wanted.get(own[entry])) for entry, shape in shapes.items()}
    if alike == wanted:
        return Match(_taken({name: entry for entry, name in own.items()}, wanted), stated, left=left)
    if not shapes.keys() & wanted.keys():
        for order in _orders(list(shapes)):
            pairs = _in_order(wanted, shapes, order)
            if pairs is not None:
                return Match(_taken(pairs, wanted), stated, IN_ORDER, left)
    raise _mismatch(path, wanted, alike)


def _taken(pairs: Mapping[str, str], wanted: Mapping[str, tuple[int, ...]]) -> dict[str, Stored]:
    return {name: Stored(pairs[name], (Step("reshape", shape),)) for name, shape in wanted.items()}


def _own_name(entry: str, shapes: Container[str], wanted: Container[str]) -> str:
    """The net's name of an array: a parameter that is no layer's, `block.gamma`, is the weight of a line of its own."""
    name = f"{entry}.weight"
    return name if entry not in wanted and name in wanted and name not in shapes else entry


def _as_wanted(shape: tuple[int, ...], wanted: tuple[int, ...] | None) -> tuple[int, ...]:
    """The shape that is wanted where only axes of size 1 differ: a Linear on each place is a 1x1 convolution."""
    if wanted is not None and [n for n in shape if n != 1] == [n for n in wanted if n != 1]:
        return wanted
    return shape


def _orders(names: list[str]) -> tuple[list[str], list[str]]:
    """The orders to try, likelier first: names that stand in the order of letters were put so by the file's writer."""
    natural = sorted(names, key=_natural)
    return (natural, names) if names == sorted(names) else (names, natural)


def _in_order(
    wanted: Mapping[str, tuple[int, ...]], shapes: Mapping[str, tuple[int, ...]], order: Iterable[str]
) -> dict[str, str] | None:
    """The pairs when the file's modules, in that order, are the net's lines one by one; else None."""
    lines, modules = _modules(wanted), _modules(order)
    if len(lines) != len(modules):
        return None
    pairs: dict[str, str] = {}
    for (line, names), (module, found) in zip(lines.items(), modules.items(), strict=True):
        if set(names) != set(found):
            return None
        pairs |= {f"{line}.{name}": f"{module}.{name}" if module else name for name in names}
    return pairs if all(wanted[name] == shapes[entry] for name, entry in pairs.items()) else None


def _modules(names: Iterable[str]) -> dict[str, list[str]]:
    """`features.0` -> [`weight`, `bias`], in order of first appearance."""
    modules: dict[str, list[str]] = {}
    for name in names:
        module, _, last = name.rpartition(".")
        modules.setdefault(module, []).append(last)
    return modules


def _natural(name: str) -> list[tuple[int, int, str]]:
    """`features.10` after `features.2`: a safetensors file stands in the order of letters."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]


def _mismatch(path: Path, wanted: Mapping[str, tuple[int, ...]], shapes: Mapping[str, tuple[int, ...]]) -> InputError:
    missing = [f"{name} {shown_shape(shape)}" for name, shape in wanted.items() if name not in shapes]
    unexpected = [f"{shown_name(name)} {shown_shape(shape)}" for name, shape in shapes.items() if name not in wanted]
    wrong = [
        f"{name}: expected {shown_shape(wanted[name])}, found {shown_shape(shape)}"
        for name, shape in shapes.items()
        if name in wanted and wanted[name] != shape
    ]
    kinds = (("missing", missing), ("not in this net", unexpected), ("of another shape", wrong))
    counts = ", ".join(f"{len(names)} {kind}" for kind, names in kinds if names)
    return input_error(
        "weights-mismatch",
        f"the weights in `{path}` are not this net's: {counts}",
        notes=tuple(f"{kind}: {_listed(names)}" for kind, names in kinds if names),
        help="names are LINE.WEIGHT, as `conv1.weight`; a file of another program must hold the same shapes in order",
    )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return "; ".join(names[:MOST_LISTED]) + more
