"""Answers after `=>`: the shape and the counts that a student claims, in every spelling that homework uses.

Shapes: `28x28x6`, `28 x 28 x 6`, `(28,28,6)`, `(None, 28, 28, 6)`, `[-1, 6, 28, 28]`, `28×28×6`; a batch axis is
dropped and that is recorded.  Numbers: `7,600`, `7600`, `138M`, `~500K`, `1.2e6`.  `?` asks without answering.
Whether an answer is right is none of this module's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.diagnostics.nearest import nearest
from cnncalc.matrices import Matrix
from cnncalc.quantities import number, whole_number
from cnncalc.spec.cursor import Cursor, shown
from cnncalc.spec.document import Answer
from cnncalc.spec.faults import Unreadable, fault
from cnncalc.spec.lexing import Lexeme
from cnncalc.spec.literals import Atom, Bracket

QUANTITIES: dict[str, tuple[str, ...]] = {
    "shape": ("shapes", "output_shape"),
    "params": ("param", "parameters", "parameter"),
    "macs": ("mac",),
    "flops": ("flop",),
    "size": ("activation_size", "activations"),
    "rf": ("receptive_field",),
    "buffers": ("buffer",),
    "weights": ("weight",),
    "connections": ("connection",),
    "values": ("value",),
    "padding": ("pad", "pads"),
}
"""What can be asked -> the other spellings that mean it."""

_ASKED = {spelling: word for word, others in QUANTITIES.items() for spelling in (word, *others)}
_BATCH = frozenset(("none", "-1", "?", "n", "b", "batch"))
_SIZES = re.compile(r"[0-9]+(x[0-9]+)*")
_PADS = r"[0-9]{1,9}(x[0-9]{1,9}){0,2}|[0-9]{1,9}(,[0-9]{1,9}){1,5}"
_MOST_GROUPS = 6
"""Groups of three digits in a number that somebody writes with spaces."""
_UNITS = frozenset(("k", "m", "g", "b", "t"))
_OF_ANSWERS = frozenset(
    ("bad-answer", "bad-number", "bad-shape", "answer-needs-name", "unknown-quantity", "nothing-asked", "missing-value")
)
_SHAPE_HELP = "write a shape such as 28x28x6, or (28, 28, 6)"

Scope = Literal["each", "all"]
Given = tuple[int, ...] | Fraction | Matrix | None


class _Read(NamedTuple):
    given: Given
    approximate: bool = False
    batch_dropped: bool = False


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
    return word.lower() in _ASKED


def quantity(word: str, span: Span) -> str:
    """The canonical name of what is asked."""
    name = _ASKED.get(word.lower())
    if name is None:
        meant = nearest(word, _ASKED)
        raise fault(
            "unknown-quantity",
            f"`{word[:40]}` is nothing that can be asked",
            span,
            f"did you mean `{_ASKED[meant]}`?" if meant else "",
            help=f"after `=>` ask for {', '.join(QUANTITIES)}; another layer goes on the next line",
        )
    return name


def _answer(cursor: Cursor, may_be_shape: bool) -> Answer:
    lexeme = cursor.peek()
    assert lexeme is not None
    if lexeme.kind in ("=", "=>", "text"):
        raise fault("bad-answer", f"`{shown(lexeme)}` is not an answer", lexeme.span, help=_SHAPE_HELP)
    if lexeme.kind == "word" and (lexeme.text[0].isalpha() or lexeme.text[0] == "_"):
        asked = cursor.take()
        return _named(cursor, quantity(asked.text.rstrip(":"), asked.span), asked)
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
            + "name it in front: params, macs, flops, size, rf, buffers, weights, connections, values, padding",
        )
    read = _shape(cursor)
    return _made("shape", read, lexeme, cursor)


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


def _named(cursor: Cursor, asked: str, start: Lexeme) -> Answer:
    """quantity ["="] [each | all] value [each | all]."""
    cursor.took("=")
    scope = _scope(cursor)
    if asked == "shape":
        read = _shape(cursor)
    elif asked == "values":
        read = _values(cursor)
    elif asked == "padding":
        read = _pads(cursor)
    else:
        read = _number(cursor, asked)
    answer = _made(asked, read, start, cursor)
    scope = scope or _scope(cursor)
    return answer._replace(scope=scope) if scope else answer


def _made(asked: str, read: _Read, start: Lexeme, cursor: Cursor) -> Answer:
    first = cursor.lexemes.index(start)
    text = " ".join(lexeme.raw for lexeme in cursor.lexemes[first : cursor.index]).rstrip(",")
    span = start.span.to(cursor.last_span())
    return Answer(asked, read.given, span, text, read.approximate, batch_dropped=read.batch_dropped)


def _scope(cursor: Cursor) -> Scope | None:
    if cursor.took("word", "each"):
        return "each"
    return "all" if cursor.took("word", "all") else None


def _take_comma(cursor: Cursor) -> None:
    if cursor.sees("word", ","):
        cursor.take()


def _missing(cursor: Cursor, asked: str) -> Unreadable:
    return cursor.expected("missing-value", f"a value for `{asked}`, or `?`,")


def _shape(cursor: Cursor) -> _Read:
    """shape = "?" | sizes with x between them | "(" sizes ")" | "[" sizes "]"."""
    lexeme = cursor.peek()
    if lexeme is None or lexeme.kind not in ("word", "matrix"):
        raise _missing(cursor, "shape")
    cursor.take()
    if lexeme.bracket is not None:
        return _sizes([_atom_text(piece) for row in lexeme.bracket.rows for piece in row], lexeme)
    text = lexeme.text.rstrip(",")
    if text == "?":
        return _Read(None)
    if _SIZES.fullmatch(text):
        return _Read(tuple(map(int, text.split("x"))))
    whole = whole_number(text)
    if whole is not None:
        return _Read((whole,))
    return _sizes(re.split("[x,]", text.strip("()").rstrip(",")), lexeme)


def _atom_text(piece: Atom | Bracket) -> str:
    return piece.text if isinstance(piece, Atom) else "["


def _sizes(parts: list[str], lexeme: Lexeme) -> _Read:
    """The sizes of a shape, without the batch axis that frameworks print first."""
    dropped = len(parts) > 1 and parts[0].lower() in _BATCH
    sizes = [whole_number(part) for part in parts[dropped:]]
    if not sizes or None in sizes:
        times = lexeme.raw.rstrip(";.").replace("*", "x")
        advice = f"write {times}" if _SIZES.fullmatch(times) else _SHAPE_HELP
        raise fault("bad-shape", f"`{shown(lexeme)}` is not a shape", lexeme.span, help=advice)
    return _Read(tuple(size for size in sizes if size is not None), batch_dropped=dropped)


def _values(cursor: Cursor) -> _Read:
    """values = "?" | matrix."""
    if cursor.took("word", "?"):
        return _Read(None)
    if cursor.sees_matrix():
        return _Read(cursor.matrix().matrix)
    lexeme = cursor.peek()
    value = number(lexeme.text) if lexeme is not None and lexeme.kind == "word" else None
    if value is None:
        raise cursor.expected("missing-value", "a matrix", help="write `values [1 2; 3 4]`")
    cursor.take()
    return _Read(Matrix((((value,),),)))


def _pads(cursor: Cursor) -> _Read:
    """pads = "?" | rows on each side (2) | by axis (1x2) | by side (0,1,0,1)."""
    lexeme = cursor.peek()
    text = lexeme.text.rstrip(",") if lexeme is not None and lexeme.kind == "word" else ""
    if text != "?" and not re.fullmatch(_PADS, text):
        raise cursor.expected(
            "missing-value", "the padding", help="write padding 2, or 1x2, or 0,1,0,1 (top, bottom, left, right)"
        )
    cursor.take()
    if text == "?":
        return _Read(None)
    pads = tuple(map(int, text.replace("x", ",").split(",")))
    return _Read(pads if len(pads) > 1 else Fraction(pads[0]))


def _number(cursor: Cursor, asked: str) -> _Read:
    """number = "?" | ["~"] digits [unit]; a receptive field may be a size (14x14)."""
    approximate = cursor.took("word", "~") or cursor.took("word", "≈")
    lexeme = cursor.peek()
    if lexeme is None or lexeme.kind != "word":
        raise _missing(cursor, asked)
    text = lexeme.text.rstrip(",")
    if text[:1] in ("~", "≈"):
        approximate, text = True, text[1:]
    if text == "?":
        cursor.take()
        return _Read(None)
    following = cursor.peek(1)
    if following is not None and following.kind == "word" and following.text.rstrip(",").lower() in _UNITS:
        value = number(text + following.text.rstrip(","))
        cursor.index += value is not None
    else:
        value = number(text)
    if value is not None:
        cursor.take()
        return _Read(value, approximate)
    if asked == "rf" and _SIZES.fullmatch(text):
        cursor.take()
        sizes = tuple(map(int, text.split("x")))
        return _Read(Fraction(sizes[0]) if len(set(sizes)) == 1 else sizes, approximate)
    if text in QUANTITIES or text in ("worth", "each", "all"):
        raise _missing(cursor, asked)
    raise fault(
        "bad-number", f"`{shown(lexeme)}` is not a number", lexeme.span, help="write 7600, 7,600, 138M, ~500K or 1.2e6"
    )


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
    """Whether all of the faults are of answers behind a line's `=>`: the net is then as it would be without them."""
    return all(fault.code in _OF_ANSWERS and _behind_an_arrow(fault, source) for fault in faults)


def _behind_an_arrow(fault: Diagnostic, source: Source) -> bool:
    line = source.lines[fault.span.line - 1].lstrip() if fault.span is not None else ""
    if fault.span is None or line[:1] in ("{", "[", '"'):
        return False
    before = source.lines[fault.span.line - 1][: fault.span.column - 1]
    return "=>" in before or "->" in before or line.split(None, 1)[0].lower() == "total"
