"""What is wrong with the sections of a .cfg, each looked at alone: faults that need no size of what arrives.

So one reading names all of them.  A fault that only the sizes show is found where the rows are made, and none is
looked for behind a section that has no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.darknet.cfg_joins import named_layers
from cnncalc.dialects.darknet.cfg_layers import Kind, activation
from cnncalc.dialects.darknet.cfg_text import Section
from cnncalc.geometry import Shape
from cnncalc.graph.faults import Fault

MOST_FAULTS = 20
_ANY_MAP = Shape(1, (10**6, 10**6))
"""A map that no crop is too large for; what its size would be to blame for is not asked here."""

_OF_THE_SECTION = frozenset(
    ("no-such-layer", "unfit-value", "number-too-small", "number-too-large", "too-many-operands", "missing-member")
)
"""Faults of the words of a section, whatever arrives."""


class Faults(NamedTuple):
    """What was found, and the place of the first section that has a fault among all sections, or how many there are."""

    found: tuple[Diagnostic, ...]
    first: int


def faults_alone(sections: Sequence[Section], kinds: Mapping[str, Kind], left_out: Sequence[str]) -> Faults:
    """The faults of all sections behind the first, which is [net]; of a name that there is no layer for one."""
    found: list[Diagnostic] = []
    first, unknown = len(sections), set[str]()
    for place, section in enumerate(sections[1:], 1):
        if section.name in left_out:
            continue
        kind = kinds.get(section.name)
        several = [_no_layer(section, kinds)] if kind is None else list(_faults(section, kind, place - 1))
        if several:
            first = min(first, place)
        if kind is not None or section.name not in unknown:
            found += several
        if kind is None:
            unknown.add(section.name)
    return Faults(tuple(sorted(found, key=_line)[:MOST_FAULTS]), first)


def _line(fault: Diagnostic) -> int:
    return fault.span.line if fault.span is not None else 0


def _no_layer(section: Section, kinds: Mapping[str, Kind]) -> Diagnostic:
    advice = did_you_mean(section.name, kinds, f"these are read: {', '.join(sorted(kinds))}")
    message = f"there is no layer for Darknet's [{section.name[:40]}]"
    return Diagnostic("no-such-layer", message, section.span, help=advice)


def _faults(section: Section, kind: Kind, number: int) -> Iterator[Diagnostic]:
    """One for each option to blame; the section is layer `number`."""
    checks: list[Callable[[], object]] = [lambda: kind.refuse_foreign(section)]
    if "activation" in section and "activation" in kind.options:
        checks.append(lambda: activation(section, "linear"))
    keys = [key for key in ("layers", "from") if key in kind.options]
    checks += [partial(named_layers, section, key, number) for key in keys]
    if (make := kind.make) is not None:
        checks.append(lambda: make(section, _ANY_MAP))
    blamed = set()
    for check in checks:
        try:
            check()
        except Fault as fault:
            one = fault.diagnostic
            if one.span not in blamed and (one.code in _OF_THE_SECTION or one.code == "unknown-input"):
                blamed.add(one.span)
                yield one
