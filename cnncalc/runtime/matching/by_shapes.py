"""Another program's file matched by the tree of its names and by shapes, in more than one order of its modules.

A file in which modules stand as they were made is taken in that order; where the search had to jump about in it, the
order of names must give the same.  A file in the order of letters says nothing by its order: what another order of
neighbours would change is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.geometry import Sizes
from cnncalc.graph.stored import Stored
from cnncalc.runtime.matching.differences import Difference, difference, goes_on
from cnncalc.runtime.matching.file_modules import natural
from cnncalc.runtime.matching.match_records import Layout, Module, Need
from cnncalc.runtime.matching.module_fit import fitting
from cnncalc.runtime.matching.name_tree import DOTS, UNDERSCORES, counts_up, tree_of
from cnncalc.runtime.matching.same_names import called_the_same, kinds_in_both
from cnncalc.runtime.matching.surplus import NONE_LEFT_OUT, ways_to_leave_out
from cnncalc.runtime.matching.tree_search import Budget, Fits, Stuck, search


class Pairing(NamedTuple):
    """The module of each line, the parts of the file that are left out, and where names were parted."""

    modules: tuple[Module, ...]
    unused: tuple[str, ...] = ()
    mark: re.Pattern[str] = DOTS


class Other(NamedTuple):
    """A line for which two orders of the file give different modules."""

    need: Need
    first: Module
    second: Module


class Answer(NamedTuple):
    """`pairing` is None where nothing fits, and `note` says why; `other` is the first line that is open to doubt."""

    pairing: Pairing | None
    note: str = ""
    other: Other | None = None


Pairs = Callable[[Sequence[Module]], Pairing | None]

NOT_TOLD: Mapping[str, str] = {}

NOTHING_FITS = Difference(-1, "nothing in the file looks like a layer")


class Searches:
    """All searches for one file: they share a budget, and the furthest of them is what is reported."""

    def __init__(self, needs: Sequence[Need], layout: Layout, of_a_kind: Mapping[str, str] = NOT_TOLD) -> None:
        self.needs, self.layout, self.of_a_kind = needs, layout, of_a_kind
        self.budget = Budget()
        self.furthest = NOTHING_FITS
        self._kinds: dict[object, int] = {}
        self._known: dict[tuple[int, int], bool] = {}
        self._lines = [self._kind((one.word, one.flattened, one.becoming, _shapes(one))) for one in needs]

    def one_by_one(self, modules: Sequence[Module]) -> Pairing | Other | None:
        """The pairing if the modules are the net's lines one after the other, and numbers in names count up."""
        return self._first(modules, self._straight)

    def by_names(
        self, modules: Sequence[Module], marks: Iterable[re.Pattern[str]], *, in_order: bool = False
    ) -> Pairing | Other | None:
        """The pairing by the tree of names; of modules that are alike the first in this order.

        With `in_order` that order decides before the tree does.
        """
        return self._first(modules, lambda kept: self._in_tree(kept, marks, in_order=in_order))

    def _first(self, modules: Sequence[Module], paired: Pairs) -> Pairing | Other | None:
        """The pairing of the whole file or of what stays of it; a difference where other parts could be left out."""
        surplus = len(modules) - len(self.needs)
        found: Pairing | None = None
        for way in [NONE_LEFT_OUT] if surplus <= 0 else ways_to_leave_out(modules, surplus):
            pairing = paired([module for place, module in enumerate(modules) if place not in way.places])
            if pairing is None:
                continue
            pairing = pairing._replace(unused=way.names)
            if way.auxiliary:
                return pairing
            if found is not None and (other := first_difference(self.needs, found, pairing)):
                return other
            found = found or pairing
        return found

    def note_of_surplus(self, modules: Sequence[Module], marks: Iterable[re.Pattern[str]]) -> str:
        """What a file has too much, where all lines of the net fit; else why they do not."""
        if self.furthest.lines <= 0:
            self.furthest = NOTHING_FITS  # of the whole file, not of what stays when parts are left out
        for mark in marks:
            if (places := self._places(modules, mark)) is not None:
                return goes_on(modules, places)
        return self.furthest.note

    def _straight(self, modules: Sequence[Module]) -> Pairing | None:
        fits = self._fits(modules)
        if len(modules) != len(self.needs) or not all(fits(place, place) for place in range(len(modules))):
            return None
        root = tree_of([module.name for module in modules], DOTS)
        return Pairing(tuple(modules)) if root is not None and counts_up(root) else None

    def _in_tree(
        self, modules: Sequence[Module], marks: Iterable[re.Pattern[str]], *, in_order: bool
    ) -> Pairing | None:
        for mark in marks:
            if (places := self._places(modules, mark, in_order=in_order)) is not None:
                return Pairing(tuple(modules[place] for place in places), mark=mark)
        return None

    def _places(self, modules: Sequence[Module], mark: re.Pattern[str], *, in_order: bool = False) -> list[int] | None:
        names = [module.name for module in modules]
        root = tree_of(names, mark)
        if root is None or self.budget.spent:
            return None
        found = search(root, len(self.needs), names, self._fits(modules), self.budget, in_order=in_order)
        if not isinstance(found, Stuck):
            return found
        if found.lines > self.furthest.lines:
            self.furthest = difference(self.needs, modules, found, self.layout)
        return None

    def _fits(self, modules: Sequence[Module]) -> Fits:
        kinds = [self._kind((one.kind, _shapes(one))) for one in modules]
        wanted = [self.of_a_kind.get(need.name) for need in self.needs]
        held = [self.of_a_kind.get(module.name) for module in modules]

        def fits(line: int, place: int) -> bool:
            if wanted[line] != held[place]:
                return False
            key = self._lines[line], kinds[place]
            if key not in self._known:
                self._known[key] = fitting(self.needs[line], modules[place], self.layout) is not None
            return self._known[key]

        return fits

    def _kind(self, shapes: object) -> int:
        """A number for lines or modules that are alike in all that a fit depends on."""
        return self._kinds.setdefault(shapes, len(self._kinds))


def _shapes(one: Need | Module) -> tuple[tuple[str, Sizes], ...]:
    return tuple((role, part.shape) for role, part in one.parts.items())


def by_shapes(needs: Sequence[Need], modules: Sequence[Module], layout: Layout, *, ordered: bool) -> Answer:
    """The module of every line, by names and shapes; `ordered` says whether modules stand as they were made.

    Equal names decide first, and then whether names are of one kind; only where that leads nowhere do shapes alone.
    """
    if not modules:
        return Answer(None, NOTHING_FITS.note)
    in_letters = not ordered or [one.name for one in modules] == sorted(one.name for one in modules)
    same = called_the_same(needs, modules, layout)
    others = [need for need in needs if need.name not in same]
    used = {module.name for module in same.values()}
    rest = [module for module in modules if module.name not in used]
    of_a_kind = kinds_in_both(others, rest)
    if rest and (same or of_a_kind):
        answer = _searched(Searches(others, layout, of_a_kind), rest, in_letters=in_letters)
        if answer.pairing is not None:
            found = same | {need.name: one for need, one in zip(others, answer.pairing.modules, strict=True)}
            whole = answer.pairing._replace(modules=tuple(found[need.name] for need in needs))
            return answer._replace(pairing=whole)
    return _searched(Searches(needs, layout), modules, in_letters=in_letters)


def _searched(searches: Searches, modules: Sequence[Module], *, in_letters: bool) -> Answer:
    needs = searches.needs
    counted = sorted(modules, key=lambda module: natural(module.name))
    orders = (counted, counted[::-1]) if in_letters else (modules, counted)
    marks = _marks(modules)
    straight = None if in_letters else searches.one_by_one(modules)
    if isinstance(straight, Pairing):
        return Answer(straight)
    first, second = _both(searches, orders, marks)
    if isinstance(first, Pairing):
        again = _both(searches, (orders[0],) * 2 if in_letters else orders, (first.mark,), in_order=True)
        near, (first, second) = first, _with_fewer_jumps(needs, orders[0], (first, second), again)
        if in_letters and first is not near and isinstance(first, Pairing):
            return Answer(first, other=first_difference(needs, first, near))
    for found in (first, second):
        if isinstance(found, Other):
            return Answer(None, other=found)
    if isinstance(first, Pairing) and isinstance(second, Pairing):
        other = first_difference(needs, first, second)
        return Answer(first if in_letters or other is None else None, other=other)
    one = first if isinstance(first, Pairing) else second
    if isinstance(one, Pairing) and not searches.budget.spent:
        return Answer(one)
    return Answer(None, _note(searches, orders[0], marks))


Found = Pairing | Other | None


def _both(
    searches: Searches, orders: Sequence[Sequence[Module]], marks: Sequence[re.Pattern[str]], *, in_order: bool = False
) -> tuple[Found, Found]:
    """What is found in each of two orders of the file."""
    first = searches.by_names(orders[0], marks, in_order=in_order)
    return first, searches.by_names(
        orders[1], (first.mark,) if isinstance(first, Pairing) else marks, in_order=in_order
    )


def _with_fewer_jumps(
    needs: Sequence[Need], modules: Sequence[Module], nearest: tuple[Found, Found], ordered: tuple[Found, Found]
) -> tuple[Found, Found]:
    """Of two ways through a file that keeps its modules as they were made, the one that goes back in it less often.

    A transformer's last norm, `encoder.ln`, is nearer to `encoder.pos_embedding` in the tree of names than the norms of
    its blocks, but it was made after all of them.  Where the order of names gives something else, nothing is known by
    the order of the file.
    """
    places = {module.name: place for place, module in enumerate(modules)}

    def jumps(found: Pairing) -> int:
        taken = [places[module.name] for module in found.modules]
        return sum(later < earlier for earlier, later in pairwise(taken))

    (one, two), near = ordered, nearest[0]
    if not (isinstance(one, Pairing) and isinstance(two, Pairing) and isinstance(near, Pairing)):
        return nearest
    return ordered if first_difference(needs, one, two) is None and jumps(one) < jumps(near) else nearest


def _marks(modules: Iterable[Module]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Where to part names: at `_` at once where no name has a dot, as in Keras (`block1_conv1`)."""
    flat = not any(DOTS.search(module.name) for module in modules)
    return (UNDERSCORES, DOTS) if flat else (DOTS, UNDERSCORES)


def _note(searches: Searches, modules: Sequence[Module], marks: Iterable[re.Pattern[str]]) -> str:
    if len(modules) > len(searches.needs):
        searches.budget = Budget()
        return searches.note_of_surplus(modules, marks)
    return searches.furthest.note


def first_difference(needs: Iterable[Need], one: Pairing, two: Pairing) -> Other | None:
    """The first line that has another module in the second pairing."""
    both = zip(needs, one.modules, two.modules, strict=True)
    return next((Other(*three) for three in both if three[1].name != three[2].name), None)


def stored_in(needs: Iterable[Need], modules: Iterable[Module], layout: Layout) -> dict[str, Stored]:
    """Where each weight is, for lines and the modules that fit them."""
    found: dict[str, Stored] = {}
    for need, module in zip(needs, modules, strict=True):
        found |= fitting(need, module, layout) or {}
    return found
