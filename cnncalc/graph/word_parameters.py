"""Parameters that stand for words: `$body 64` calls a layer or a block, `conv 8 3x3 $act` has its post words from one.

A parameter may hold several words (`act="bn relu"`); `none`, `identity` and `linear` among post words are nothing.
"""

from __future__ import annotations

from collections.abc import Container

from cnncalc.graph.expressions import Environment, substituted
from cnncalc.graph.faults import Fault
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Call, MatrixLiteral, Token, Value

NOTHING = frozenset(("none", "identity", "linear"))
"""What a parameter for an activation may hold so that there is none."""


def with_word(call: Call, environment: Environment, blocks: Container[str]) -> Call:
    """The call of a line that begins with `$name`, with the layer word or block in its place; any other as it is.

    Raises Fault where the name stands for neither.
    """
    if not call.word.text.startswith("$"):
        return call
    found = substituted(call.word, environment)
    words = [] if isinstance(found, MatrixLiteral) else split_words(found)
    first = "identity" if words and words[0].text.lower() == "none" else words[0].text if words else ""
    if first.lower() not in WORDS and first.lower() not in blocks:
        shown = "a matrix" if isinstance(found, MatrixLiteral) else f"`{found.text[:40]}`"
        raise Fault(
            "unknown-word",
            f"`{call.word.text}` is {shown} here, which is neither a layer word nor a block",
            call.word.span,
            help="a line that begins with a parameter calls its value, such as `conv` or a block's name",
        )
    return call._replace(word=Token(first, call.word.span), arguments=(*words[1:], *call.arguments))


def split_words(token: Token) -> list[Token]:
    """The words of a quoted text, each with the place of the whole; another token alone."""
    return [Token(word, token.span) for word in token.text.split()] if token.quoted else [token]


def put_in(value: Value, environment: Environment) -> list[Value]:
    """What stands for one word behind a layer word: itself, the words of its parameter, or nothing."""
    found = substituted(value, environment)
    if found is value or isinstance(found, MatrixLiteral):
        return [found]
    return [word for word in split_words(found) if word.text.lower() not in NOTHING]
