"""What the definitions of a program and their inputs are called.

Blocks of one word that differ in more than numbers have different names, which say how they differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cnncalc.dialects.written_code.block_tree import Leaf
from cnncalc.dialects.written_code.identifiers import class_name, unused, variable_name
from cnncalc.graph.ir import Graph

if TYPE_CHECKING:
    from cnncalc.dialects.written_code.block_copies_compared import Draft


def name_drafts(drafts: Sequence[Draft]) -> None:
    """Give every definition a name that no other has, also as the name of a class."""
    by_word: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_word[draft.word].append(draft)
    used: set[str] = set()
    for word, variants in by_word.items():
        plain = max(variants, key=lambda one: sum(len(body.block.items) > 0 for body in one.calls))
        names = {id(plain): word}
        for one in variants:
            if one is not plain:
                names[id(one)] = f"{word}_{_difference(one, plain)}".rstrip("_")
        for one in sorted(variants, key=lambda one: one is not plain):
            one.name = _unused(names[id(one)], used)


def _unused(name: str, used: set[str]) -> str:
    found, number = name, 2
    while class_name(found).lower() in used:
        found, number = f"{name}{number}", number + 1
    used.add(class_name(found).lower())
    return found


def _difference(one: Draft, plain: Draft) -> str:
    """What a block does that the most usual one of its word does not, in a word."""
    mine, other = _skips(one), _skips(plain)
    if other and not mine:
        return "projection" if _has_join(one) else "plain"
    if mine and not other:
        return "identity" if _has_join(plain) else "residual"
    for name, value in dict(one.first.block.settings).items():
        mine_all = {dict(body.block.settings).get(name) for body in one.calls}
        others = {dict(body.block.settings).get(name) for body in plain.calls}
        if len(mine_all) == 1 and value not in others and value.isalnum():
            return f"{name}{value}"
    return ""


def _has_join(draft: Draft) -> bool:
    """Whether its last join is of things that it made itself."""
    return any(isinstance(step.item, Leaf) and len(step.reads) > 1 for step in draft.first.steps)


def _skips(draft: Draft) -> bool:
    """Whether its input is joined with what is made of it."""
    return any(
        isinstance(step.item, Leaf)
        and any(read.step < 0 for read in step.reads)
        and any(r.step >= 0 for r in step.reads)
        for step in draft.first.steps
    )


def labels_of_nodes(graph: Graph) -> dict[int, set[str]]:
    """The labels that stand for the output of each node."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in graph.rows:
        if row.label:
            found[row.last].add(row.label)
    for group in graph.groups:
        if group.label and group.node >= 0:
            found[group.node].add(group.label)
    return found


def input_names(draft: Draft, labels: Mapping[int, set[str]]) -> tuple[str, ...]:
    """The names of a block's inputs: of the parameters that are labels in its text, else x."""
    taken = {one.name for one in draft.numbers.parameters}
    wished: list[str] = []
    for place in range(len(draft.first.reads)):
        wished.append(next((name for name in _label_parameters(draft, place, labels) if name not in wished), ""))
    counted = Counter(wished)
    used = set(taken)
    return tuple(unused(variable_name(name) if name and counted[name] == 1 else "x", used) for name in wished)


def _label_parameters(draft: Draft, place: int, labels: Mapping[int, set[str]]) -> list[str]:
    found = None
    for body in draft.calls:
        known = labels.get(body.reads[place], set())
        mine = [name for name, value in body.block.settings if value in known]
        found = mine if found is None else [name for name in found if name in mine]
        if not found:
            break
    return found or []
