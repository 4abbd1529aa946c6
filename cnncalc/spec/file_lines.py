"""Lines that call no layer: directives about the whole file, matrices, constants, totals and numbered questions.

Each function reads one kind of line from a `Cursor` that stands after the line's first word; its docstring's first
line is the grammar.
"""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc.diagnostics import Span
from cnncalc.sources import LABEL_LISTS
from cnncalc.spec.answers import answers_and_worth, indexed, named_answer, quantity
from cnncalc.spec.cursor import Cursor, token
from cnncalc.spec.document import Answer, Asked, Definition, Directive, Let, MatrixLiteral, Token, Total
from cnncalc.spec.lexing import Lexeme
from cnncalc.spec.statements import end_of_line, name_token, refuse_comma, unexpected, written
from cnncalc.spec.unreadable_line import Unreadable, fault

_CHOICES = {
    "order": ("channels_last", "channels_first"),
    "count": ("keras", "torch"),
    "labels": LABEL_LISTS,
    "rounding": ("own", "exact"),
}
_WANTED = {"output": "a label", "epsilon": "a number such as 0.001"}
_CONSTANT = r"[^\W\d]\w*"
_SIGNS = frozenset(("+", "-", "*", "/", "//", "%"))
_SPACED_ARITHMETIC = r"[\w.$(){}+\-*/%,]+"


def let(cursor: Cursor, word: Token) -> Let:
    """let = "let" name "=" (quoted text | word {word})."""
    name = _constant_name(cursor)
    if not re.fullmatch(_CONSTANT, name.text):
        advice = "letters, digits and _; a letter first: a `-` would be read as minus"
        raise fault("bad-name", f"`{name.text[:40]}` cannot be a name that `$` reads", name.span, advice)
    if name.text == "in":
        raise fault("reserved-name", "`$in` is the number of channels that arrive; choose another name", name.span)
    if not cursor.took("="):
        said = " ".join(lexeme.raw for lexeme in cursor.lexemes[cursor.index :] if lexeme.kind in ("word", "text"))
        raise cursor.expected("missing-value", "`=` and a value", help=f"write `let {name.text} = {said or 64}`")
    if cursor.at_end:
        raise cursor.expected("missing-value", "a value", help=f"write `let {name.text} = 64`")
    value = let_value(cursor)
    return Let(name, value, word.span.to(value.span))


def _constant_name(cursor: Cursor) -> Token:
    """The name behind `let`; a colon in place of `=` is said to be one."""
    lexeme, following = cursor.peek(), cursor.peek(1)
    name = lexeme.text[:-1] if lexeme is not None and lexeme.kind == "word" else ""
    if lexeme is not None and following is not None and lexeme.text.endswith(":") and re.fullmatch(_CONSTANT, name):
        written = f"let {name} = {following.raw}"
        raise fault(
            "missing-value", "`=` is written between a name and its value", lexeme.span, help=f"write `{written}`"
        )
    return name_token(cursor, "a name")


def let_value(cursor: Cursor) -> Token:
    """One word or number, arithmetic with spaces in it, or several words, which become one quoted token."""
    found = cursor.lexemes[cursor.index :]
    for lexeme in found:
        if lexeme.kind not in ("word", "text"):
            raise unexpected(lexeme)
    cursor.index = len(cursor.lexemes)
    first, span = token(found[0]), found[0].span.to(found[-1].span)
    refuse_comma(token(found[-1]), cursor)
    if len(found) == 1:
        return Token(first.text, span) if first.text.isidentifier() else first
    joined = "".join(lexeme.text for lexeme in found)
    if re.fullmatch(_SPACED_ARITHMETIC, joined) and any(lexeme.text in _SIGNS for lexeme in found):
        return Token(joined, span)
    return Token(" ".join(lexeme.text for lexeme in found), span, quoted=True)


def directive(cursor: Cursor, word: Token) -> Directive:
    """directive = ("title" | "homework") text | ("order" | "count" | "labels" | "rounding") choice | "epsilon" number
    | ("output" | "student") word {word}.
    """
    keyword = word.text.lower()
    if cursor.at_end:
        wanted = " or ".join(_CHOICES.get(keyword, (_WANTED.get(keyword, "a text"),)))
        raise cursor.expected("bad-directive", wanted)
    if keyword in ("title", "homework"):
        text = _text(cursor)
        return Directive(word, (text,), word.span.to(text.span))
    arguments = []
    for lexeme in cursor.lexemes[cursor.index :]:
        if lexeme.kind not in ("word", "text"):
            raise unexpected(lexeme)
        arguments.append(token(cursor.take()))
    if keyword in _CHOICES:
        _check_choice(keyword, arguments)
    if keyword in (*_CHOICES, "epsilon"):
        _check_alone(arguments)
    return Directive(word, tuple(arguments), word.span.to(arguments[-1].span))


def _text(cursor: Cursor) -> Token:
    """A quoted text, or all words up to the end of the line."""
    first = cursor.take()
    if first.kind == "text":
        end_of_line(cursor)
        return token(first)
    words = [first, *cursor.lexemes[cursor.index :]]
    cursor.index = len(cursor.lexemes)
    return Token(written(words), first.span.to(words[-1].span), quoted=True)


def _check_choice(keyword: str, arguments: list[Token]) -> None:
    choices = _CHOICES[keyword]
    if arguments[0].text.lower() not in choices:
        raise fault(
            "bad-directive",
            f"`{arguments[0].text[:40]}` is unknown here",
            arguments[0].span,
            help=f"write {keyword} {f' or {keyword} '.join(choices)}"
            + ("; names in a file of your own: cnncalc run MODEL --labels FILE" if keyword == "labels" else ""),
        )


def _check_alone(arguments: list[Token]) -> None:
    if len(arguments) > 1:
        raise fault("unexpected-word", f"`{arguments[1].text[:40]}` is not expected here", arguments[1].span)


def definition(cursor: Cursor, word: Token) -> Definition:
    """definition = ("filter" | "data") name "=" matrix."""
    name = name_token(cursor, "a name")
    cursor.took("=")
    if not cursor.sees_matrix():
        raise cursor.expected("missing-matrix", "a matrix", help=f"write `{word.text} {name.text} = [1 2; 3 4]`")
    value: MatrixLiteral = cursor.matrix()
    end_of_line(cursor)
    return Definition("filter" if word.text.lower() == "filter" else "data", name, value, word.span.to(value.span))


def total(cursor: Cursor, word: Token) -> Total:
    """total = "total" "=>" quantity value {quantity value}."""
    if not cursor.took("=>"):
        raise cursor.expected("nothing-asked", "`=>` and a count", help="write `total => params 61706`")
    answers, worth = answers_and_worth(cursor, shape_first=False)
    return Total(answers, word.span.to(cursor.last_span()), worth)


def asked(cursor: Cursor, word: Token) -> Asked:
    """answer = "answer" number ["question"] label "." quantity "=" value ["worth" number]."""
    number = cursor.word("missing-name", "the question's number", help='write `answer 2a "the question" conv2.rf = 14`')
    question = token(cursor.take()).text if cursor.sees("text") else ""
    place = cursor.word(
        "missing-name", "a line's label and a quantity", help="write the label, a dot and what is asked: conv2.rf"
    )
    label, dot, name = place.text.rpartition(".")
    if not dot or not label:
        raise fault(
            "bad-name",
            f"`{place.text[:40]}` does not say which line is meant",
            place.span,
            help="write label.quantity: conv2.rf",
        )
    lexeme = cursor.lexemes[cursor.index - 1]
    meant = indexed(cursor, lexeme, name) or quantity(name, lexeme.span)
    answer, worth = _answer_or_open(cursor, lexeme, meant.name)
    span = word.span.to(cursor.last_span())
    return Asked(
        number, question, Token(label, Span(place.span.line, place.span.column, len(label))), answer, span, worth
    )


def _answer_or_open(cursor: Cursor, lexeme: Lexeme, name: str) -> tuple[Answer, tuple[Fraction, ...]]:
    """The answer to a question; one that cannot be read is reported, and the question is left open."""
    try:
        return named_answer(cursor, lexeme, name)
    except Unreadable as problem:
        cursor.faults.append(problem.diagnostic)
        return Answer(name, None, lexeme.span, "?"), ()
