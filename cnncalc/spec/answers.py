"""The grammar of answers after `=>`: which quantities are answered, each or all, and the points of each.

How the claim of a quantity is spelled its entry in `cnncalc.asked` knows; whether it is right is none of this module's
business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from cnncalc.asked import NAMES, SHAPE, Quantity, named_in, quantity_named, spellings, unnamed
from cnncalc.asked.measured_answers import SHAPE_HELP
from cnncalc.asked.quantity import Read
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.diagnostics.nearest import nearest
from cnncalc.quantities import number
from cnncalc.spec.cursor import Cursor, shown
from cnncalc.spec.document import Answer
from cnncalc.spec.lexing import Lexeme
from cnncalc.spec.unreadable_line import fault

_MOST_GROUPS = 6
"""Groups of three digits in a number that somebody writes with spaces."""
_OF_ANSWERS = frozenset(
    ("bad-answer", "bad-number", "bad-shape", "answer-needs-name", "unknown-quantity", "nothing-asked", "missing-value")
)

_FEW = 6
_ALL = "`cnncalc explain quantities` lists all"

Scope = Literal["each", "all"]


def answers_and_worth(cursor: Cursor, *, shape_first: bool = True) -> tuple[tuple[Answer, ...], tuple[Fraction, ...]]:
    """answers = [shape] {quantity ["="] value [each | all]} ["worth" number {number}]."""
    found: list[Answer] = []
    while not cursor.at_end and not cursor.sees("word", "worth"):
        answer = _answer(cursor, shape_first and not found)
        if any(other.asked == answer.asked for other in found):
            raise fault(
                "said-twice",
                f"`{answer.asked}` is answered twice on this line",
                answer.span,
                help="keep one of the two",
            )
        found.append(answer)
        _take_comma(cursor)
    if not found:
        raise cursor.expected(
            "nothing-asked", "an answer", help="write a shape, `params 156`, or `?` for an open question"
        )
    return tuple(found), _worth(cursor, len(found))


def named_answer(cursor: Cursor, asked: Lexeme, name: str) -> tuple[Answer, tuple[Fraction, ...]]:
    """value [each | all] ["worth" number]: the claim of a numbered question about the quantity `name`."""
    if not cursor.took("=>") and not cursor.sees("="):
        raise cursor.expected("missing-value", "`=` and the answer")
    answer = _named(cursor, quantity(name, asked.span), asked)
    return answer, _worth(cursor, 1)


def is_asked(word: str) -> bool:
    """Whether the word is one of what can be asked after `=>`, in any spelling."""
    return named_in(word) is not None


def quantity(word: str, span: Span) -> Quantity:
    """What is asked by this word."""
    found = named_in(word)
    if found is None:
        meant = nearest(word, spellings())
        raise fault(
            "unknown-quantity",
            f"`{word[:40]}` is nothing that can be asked",
            span,
            f"did you mean `{quantity_named(meant).name}`?" if meant else "",
            help=f"after `=>` ask for {', '.join(NAMES[:_FEW])} ({_ALL}); another layer goes on the next line",
        )
    return found


def _answer(cursor: Cursor, may_be_shape: bool) -> Answer:
    lexeme = cursor.peek()
    assert lexeme is not None
    if lexeme.kind in ("=", "=>", "text"):
        raise fault("bad-answer", f"`{shown(lexeme)}` is not an answer", lexeme.span, help=SHAPE_HELP)
    meant = unnamed(cursor) if may_be_shape else SHAPE
    if meant is not SHAPE:
        return _scoped(_made(meant, meant.parse(cursor), lexeme, cursor), cursor)
    if lexeme.kind == "word" and (lexeme.text[0].isalpha() or lexeme.text[0] == "_"):
        asked = cursor.take()
        return _named(cursor, _asked(cursor, asked), asked)
    if not may_be_shape and lexeme.text.isdecimal() and _is_torn(cursor):
        raise fault(
            "answer-needs-name",
            f"`{shown(lexeme)}` does not say what it counts",
            lexeme.span,
            help="a shape is written with x between its sizes: 28x28x6",
        )
    if not may_be_shape or (lexeme.kind == "word" and lexeme.text[0] in "~≈"):
        number = "" if may_be_shape else _spaced_number(cursor)
        raise fault(
            "answer-needs-name",
            f"`{shown(lexeme)}` does not say what it counts",
            lexeme.span,
            help=(f"write {number} if this is one number, or " if number else "")
            + f"name it in front: {', '.join(NAMES[1:_FEW])} ({_ALL})",
        )
    return _made(SHAPE, SHAPE.parse(cursor), lexeme, cursor)


def _is_torn(cursor: Cursor) -> bool:
    """Whether a single number stands before this one, right behind the arrow: `=> 26 26 8`."""
    before, arrow = cursor.peek(-1), cursor.peek(-2)
    return before is not None and before.text.isdecimal() and arrow is not None and arrow.kind == "=>"


def _spaced_number(cursor: Cursor) -> str:
    """`165 888` without its space, where this is the second part of such a number; empty elsewhere."""
    before = cursor.peek(-1)
    if before is None or not re.fullmatch("[1-9][0-9]{0,2}", before.text):
        return ""
    found = [before.text]
    while (following := cursor.peek(len(found) - 1)) is not None and re.fullmatch("[0-9]{3}", following.text):
        found.append(following.text)
    return "".join(found) if 1 < len(found) <= _MOST_GROUPS else ""


def _named(cursor: Cursor, asked: Quantity, start: Lexeme) -> Answer:
    """quantity ["="] [each | all] value [each | all]."""
    cursor.took("=")
    scope = _scope(cursor)
    return _scoped(_made(asked, asked.parse(cursor), start, cursor), cursor, scope)


def _scoped(answer: Answer, cursor: Cursor, scope: Scope | None = None) -> Answer:
    scope = scope or _scope(cursor)
    return answer._replace(scope=scope) if scope else answer


def _asked(cursor: Cursor, word: Lexeme) -> Quantity:
    """quantity [index]: `values[1,2]` is one cell, if its value follows."""
    name = word.text.rstrip(":")
    return indexed(cursor, word, name) or quantity(name, word.span)


def indexed(cursor: Cursor, word: Lexeme, name: str) -> Quantity | None:
    """The cell that a name means with the bracket right behind it, which is taken then."""
    index, value = cursor.peek(), cursor.peek(1)
    if index is None or value is None or index.bracket is None or index.span.line != word.span.line:
        return None
    if index.span.column != word.span.column + word.span.length or value.kind not in ("word", "=", "=>"):
        return None
    found = named_in(f"{name}{index.text}") if value.text != "worth" and named_in(value.text) is None else None
    cursor.index += found is not None
    return found


def _made(asked: Quantity, read: Read, start: Lexeme, cursor: Cursor) -> Answer:
    first = cursor.lexemes.index(start)
    text = " ".join(lexeme.raw for lexeme in cursor.lexemes[first : cursor.index]).rstrip(",")
    span = start.span.to(cursor.last_span())
    return Answer(
        read.asked or asked.name,
        read.given,
        span,
        text,
        read.approximate,
        batch_dropped=read.batch_dropped,
        doubt=read.doubt,
        digits=read.digits,
    )


def _scope(cursor: Cursor) -> Scope | None:
    if cursor.took("word", "each"):
        return "each"
    return "all" if cursor.took("word", "all") else None


def _take_comma(cursor: Cursor) -> None:
    if cursor.sees("word", ","):
        cursor.take()


def _worth(cursor: Cursor, answers: int) -> tuple[Fraction, ...]:
    """ "worth" number {number}: one for each answer before it."""
    if not cursor.took("word", "worth"):
        if not cursor.at_end:
            lexeme = cursor.take()
            raise fault("bad-answer", f"`{shown(lexeme)}` is not expected after the answer", lexeme.span)
        return ()
    points: list[Fraction] = []
    while not cursor.at_end:
        lexeme = cursor.take()
        value = number(lexeme.text) if lexeme.kind == "word" else None
        if value is None or value < 0:
            raise fault(
                "bad-number",
                f"`{shown(lexeme)}` is not a number of points",
                lexeme.span,
                help="points come last on the line",
            )
        points.append(value)
        if len(points) > answers:
            raise fault(
                "worth-without-answer",
                f"points are given for {len(points)} answers, but the line has {answers}",
                lexeme.span,
                help="write one number for each answer, in order",
            )
    if not points:
        raise cursor.expected("missing-value", "the points of each answer")
    return tuple(points)


def leave_the_net_whole(faults: Iterable[Diagnostic], source: Source) -> bool:
    """Whether all faults are of answers behind `=>` or a question's `=`: the net is as it would be without them."""
    return all(fault.code in _OF_ANSWERS and _is_of_an_answer(fault, source) for fault in faults)


def _is_of_an_answer(fault: Diagnostic, source: Source) -> bool:
    line = source.lines[fault.span.line - 1].lstrip() if fault.span is not None else ""
    if fault.span is None or line[:1] in ("{", "[", '"'):
        return False
    before = source.lines[fault.span.line - 1][: fault.span.column - 1]
    first = line.split(None, 1)[0].lower()
    if first == "answer":
        return "=" in re.sub('"[^"]*"', "", before)
    return "=>" in before or "->" in before or first == "total"
