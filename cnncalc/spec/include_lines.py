"""The lines of a text that include another one: `include resnet18 until=stage4`, or `from "head.txt"` at their start.

Which texts there are, and what becomes of them, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.spec.document import BlockDefinition, Call, Document, Statement, Token, inside

WORD = "include"
OTHER_WORD = "from"


def is_include(call: Call) -> bool:
    """Whether the line includes a text: `include NAME`, or `from "NAME"` at its start."""
    word = call.word.text.lower()
    first = call.arguments[0] if call.arguments else None
    return word == WORD or (word == OTHER_WORD and isinstance(first, Token) and first.quoted)


def as_include(call: Call) -> Call:
    """The line with the word `include` where it says `from "NAME"`; any other as it is."""
    if call.word.text.lower() != OTHER_WORD or not is_include(call):
        return call
    return call._replace(word=Token(WORD, call.word.span), text=f"{WORD}{call.text[len(OTHER_WORD) :]}")


def includes(document: Document) -> tuple[Call, ...]:
    """Every line that includes a text; none in a text that has a block of that name."""
    blocks = {one.name.text.lower() for one in document.statements if isinstance(one, BlockDefinition)}
    return () if WORD in blocks else tuple(call for call in _calls(document.statements) if is_include(call))


def _calls(statements: tuple[Statement, ...]) -> Iterator[Call]:
    pile = list(statements[::-1])
    while pile:
        statement = pile.pop()
        if isinstance(statement, Call):
            yield statement
        pile.extend(inside(statement)[::-1])


def name_of(call: Call) -> Token | None:
    """The name of the text that a line includes, as it is written; None where there is none."""
    first = call.arguments[0] if call.arguments else None
    return first if isinstance(first, Token) else None
