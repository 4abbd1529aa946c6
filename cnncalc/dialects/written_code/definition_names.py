"""What the definitions of a program and their inputs are called.

Blocks of one word that differ in more than numbers have different names, which say how they differ.
"""

from __future__ import annotations

import builtins
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING

from cnncalc.dialects.written_code.block_tree import Leaf
from cnncalc.dialects.written_code.identifiers import class_name, unused, variable_name
from cnncalc.dialects.written_code.parameters import setting_value
from cnncalc.graph.ir import Graph

if TYPE_CHECKING:
    from cnncalc.dialects.written_code.block_copies_compared import Draft


TAKEN = frozenset(dir(builtins)) | {"keras", "layers", "torch", "nn", "math"}
"""Names that mean something else in a program."""


def name_drafts(drafts: Sequence[Draft]) -> None:
    """Give every definition a name that no other has, also as the name of a class."""
    by_word: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_word[draft.word].append(draft)
    used: set[str] = set()
    for text, variants in by_word.items():
        plain = max(variants, key=lambda one: sum(len(body.block.items) > 0 for body in one.calls))
        word = f"{text}_block" if variable_name(text) in TAKEN else text
        plain.name = _unused([word], used)
        for one in sorted(variants, key=lambda one: -len(one.calls)):
            if one is not plain:
                tags = _differences(one, plain)
                some = [f"{word}_{tag}" for tag in tags]
                one.name = _unused([*some, f"{word}_{'_'.join(tags[:2])}" if tags else word], used)


def _unused(wished: list[str], used: set[str]) -> str:
    """The first name that is free as the name of a class; else the last with a number."""
    for name in chain(wished, (f"{wished[-1]}_{number}" for number in count(2))):
        if class_name(name).lower() not in used:
            used.add(class_name(name).lower())
            return name
    raise AssertionError


def _differences(one: Draft, plain: Draft) -> list[str]:
    """What a block does that the most usual one of its word does not, in words, the best first."""
    found = []
    mine, other = _skips(one), _skips(plain)
    if mine < other:
        found.append("projection" if _has_join(one) else "plain")
    elif mine > other:
        found.append("identity" if _has_join(plain) else "residual")
    words, numbers, unusual = [], [], []
    for name, value in sorted(one.first.block.settings, key=lambda setting: setting[0] != "stride"):
        mine_all = {dict(body.block.settings).get(name) for body in one.calls}
        others = Counter(dict(body.block.settings).get(name) for body in plain.calls)
        if len(mine_all) > 1 or not value.isalnum() or value == others.most_common(1)[0][0]:
            continue
        if value in others:
            unusual.append(f"{name}{setting_value(value)}")
        elif value.isalpha():
            words.append(value)
        else:
            numbers.append(f"{name}{setting_value(value)}")
    return [*found, *words, *numbers, *unusual]


def _has_join(draft: Draft) -> bool:
    return any(isinstance(step.item, Leaf) and len(step.reads) > 1 for step in draft.first.steps)


def _skips(draft: Draft) -> int:
    """How many joins have something in them that another step reads too: a shortcut around what is made of it."""
    uses = Counter(read for step in draft.first.steps for read in set(step.reads))
    return sum(
        isinstance(step.item, Leaf) and len(step.reads) > 1 and any(uses[read] > 1 for read in step.reads)
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
    used = {one.name for one in draft.numbers.parameters}
    return tuple(unused(name or "x", used) for name in label_parameters(draft, labels))


def label_parameters(draft: Draft, labels: Mapping[int, set[str]]) -> list[str]:
    """For each input of a block the parameter of its text that is the label of what is read, or an empty text."""
    found: list[str] = []
    for place in range(len(draft.first.reads)):
        found.append(next((name for name in _label_parameters(draft, place, labels) if name not in found), ""))
    return [variable_name(name) if name else "" for name in found]


def _label_parameters(draft: Draft, place: int, labels: Mapping[int, set[str]]) -> list[str]:
    found = None
    for body in draft.calls:
        known = labels.get(body.reads[place], set())
        mine = [name for name, value in body.block.settings if value in known]
        found = mine if found is None else [name for name in found if name in mine]
        if not found:
            break
    return found or []
