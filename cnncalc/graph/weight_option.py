"""`shared=LABEL` taken off the words of a line or call, before its layer or block is read.

What it asks for is known to `cnncalc.graph.weight_sharing`.
"""

from __future__ import annotations

from collections.abc import Container

from cnncalc.layers.registry import JOINS, WORDS
from cnncalc.spec.document import Argument, Call, Option, Token

OPTION = "shared"

SHARING_ONE = ("prelu", "scale", "shift")
"""Words behind which `shared` says that one learned number is for all."""


def parted(call: Call, parameters: Container[str] = ()) -> tuple[tuple[Argument, ...], tuple[Option, ...]]:
    """The arguments of a line without `shared=LABEL`, and what it says of that; `parameters` are those of a block.

    `shared LABEL` is read too where the word can be nothing else: `prelu shared` is one slope for all.  A block's own
    parameter of this name comes first.
    """
    if OPTION in parameters or not any(map(_may_be_wish, call.arguments)):
        return call.arguments, ()
    word = WORDS.get(call.word.text.lower())
    others: list[Argument] = []
    found: list[Option] = []
    waiting = list(call.arguments[::-1])
    while waiting:
        one = waiting.pop()
        if isinstance(one, Option) and one.name.text.lower() == OPTION:
            found.append(one)
            continue
        label = waiting[-1] if waiting else None
        before = others[-1] if others else call.word
        is_own = isinstance(before, Token) and WORDS.get(before.text.lower()) in SHARING_ONE
        is_wish = not is_own and word not in (None, *JOINS)
        if is_wish and isinstance(one, Token) and isinstance(label, Token) and _is_name(one):
            found.append(Option(one, label))
            waiting.pop()
        else:
            others.append(one)
    return (tuple(others), tuple(found)) if found else (call.arguments, ())


def _may_be_wish(one: Argument) -> bool:
    """Whether the word is there at all, as it is on few lines."""
    word = one.name if isinstance(one, Option) else one
    return isinstance(word, Token) and word.text.lower() == OPTION


def _is_name(one: Token) -> bool:
    return one.text.lower() == OPTION and not one.quoted
