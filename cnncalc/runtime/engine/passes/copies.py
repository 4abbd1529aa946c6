"""Copies for readers that want a map in another form, made just before the first of them.

A map is stored once, with the largest halo that any reader wants.  Who wants it otherwise (as planes, in blocks, with
another fill, with a halo where others take it for a vector) gets a copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from cnncalc.runtime.engine.ir import Access, Demand, Map, Step
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.ops.layout_copy import LayoutCopy
from cnncalc.runtime.engine.ops.pointwise import plain_copy
from cnncalc.runtime.engine.ops.viewed import over_slices
from cnncalc.runtime.engine.passes.concat_in_place import Homes
from cnncalc.runtime.engine.storage import BARE, Fill, Kind

Form = tuple[Kind, Fill]
"""A way in which a map is stored: in which layout, and with which fill, where it has a copy for that fill alone."""


class Copies:
    """Goes through the steps and puts copies between them; `made` says how each map is written."""

    def __init__(self, steps: Sequence[Step], made: Mapping[int, Access], lanes: int, homes: Homes) -> None:
        self._made, self._lanes = made, lanes
        self._demands = _Demands(steps, homes)
        self._copied: dict[tuple[int, Form], Access] = {}
        self.steps: list[Step] = []
        for step in steps:
            reads = tuple(map(self.delivered, step.reads))
            self.steps.append(step if reads == step.reads else replace(step, reads=reads))

    def delivered(self, wanted: Access) -> Access:
        """That access, or the one to a copy, which is made here if it does not exist yet."""
        made, form = self._made[wanted.map.key], self._demands.form(wanted)
        if form == (made.kind, None):
            return wanted
        key = wanted.map.key, form
        if key not in self._copied:
            self._copied[key] = _copy_access(wanted.map, form)
            self.steps.append(_copy(made, self._copied[key], self._lanes))
        return replace(wanted, map=self._copied[key].map)


def insert_copies(steps: Sequence[Step], made: Mapping[int, Access], lanes: int, homes: Homes) -> Copies:
    """The steps with the copies that they need; more may be asked for at the end."""
    return Copies(steps, made, lanes, homes)


class _Demands:
    """What all steps together demand of each stored map; who cannot have it as the others do has a copy of its own."""

    def __init__(self, steps: Sequence[Step], homes: Homes) -> None:
        self._homes = homes
        self._fills: dict[tuple[int, Kind], set[Fill]] = {}
        self._bare: set[tuple[int, Kind]] = set()
        for step in steps:
            accesses = (*step.reads, step.write)
            for access in accesses:
                if access.fill is not None:
                    self._fills.setdefault(self._stored(access), set()).add(access.fill)
            for access, demand in zip(accesses, step.op.demands(step), strict=False):
                if demand is Demand.BARE:
                    self._bare.add(self._stored(access))

    def form(self, wanted: Access) -> Form:
        """A halo goes into a copy where others take the map for a vector, or want another fill: that of -inf then."""
        if wanted.halo == BARE:
            return wanted.kind, None
        stored = self._stored(wanted)
        own = stored in self._bare or (wanted.fill == -inf and len(self._fills.get(stored, ())) > 1)
        return wanted.kind, wanted.fill if own else None

    def _stored(self, access: Access) -> tuple[int, Kind]:
        return self._homes.of(access.map.key)[0], access.kind


_COPY = 1 << 40
"""Copies have keys of their own, far from those of nodes."""

_KINDS: tuple[Kind, ...] = tuple(Kind)
_FILLS: tuple[Fill, ...] = (None, 0.0, -inf)


def _copy_access(source: Map, form: Form) -> Access:
    kind, fill = form
    number = 1 + _KINDS.index(kind) + len(_KINDS) * _FILLS.index(fill)
    return Access(replace(source, key=source.key + _COPY * number), kind)


def _copy(source: Access, target: Access, lanes: int) -> Step:
    op: Op = plain_copy(lanes) if source.kind is Kind.BLOCKED and target.kind is Kind.BLOCKED else LayoutCopy()
    return Step(over_slices(op, (target.map,)), (), (Access(source.map, source.kind),), target)
