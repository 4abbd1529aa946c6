"""Lines of a model text as words, quoted texts, matrices and the two marks `=` and `=>`, each with its span.

What is spelled in several ways leaves here in one: `×` between numbers is `x`, `28 x 28` is `28x28`, `(5,5)` is
`5x5`, `1,000` is `1000`, `4 * $width` is `4*$width`.  A matrix may go on over several physical lines.  A line that
cannot be cut into words is reported and marked `broken`; the next one starts afresh.  No word has a meaning yet.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Fix, Span
from cnncalc.quantities import MOST_DIGITS, is_too_long, ungrouped
from cnncalc.spec.literals import Bracket, bracket_at
from cnncalc.spec.unreadable_line import Unreadable, fault

LONGEST_LINE = 20_000
"""Characters in one physical line; a longer one is refused unread."""

_UNSEEN = "\\u200b\\u200c\\u200d\\u2060\\ufeff"
"""Characters without width that come along when text is copied from a page; they count as spaces."""

_SKIP = re.compile(rf"[\s{_UNSEEN}]+")
_ARROW = re.compile(r"=>|[-\u2013\u2014]>|[→⇒]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"' + r"|[“”„]([^“”„]*)[“”]|'([^']*)'(?!\S)")
_MARKS = frozenset("=-\u2013\u2014→⇒[])\"“”„'")
_WORD = re.compile(rf"[^\s{_UNSEEN}=\[\]()\"“”„→⇒]+")
_SIZE = re.compile(r"[0-9][0-9,_]*(?:[xX][0-9][0-9,_]*)+")
_TUPLE = r"\((?:(?:[0-9]+|\$\w+),)+(?:[0-9]+|\$\w+)?\)|\([0-9]+\)"
_POWER = r"([0-9]{1,4})(?:\^|\*\*)([0-9]|1[0-8])"
_TUPLES = r"\(\([0-9]+,[0-9]+\)(?:,\([0-9]+,[0-9]+\))*,?\)"
_CROSSES = "×\u0445\u0425\u2715\u2716\u2a2f"
"""Signs that are meant as the x of a size: the times sign, a Cyrillic letter that looks the same, crosses."""

_TIMES_SIGN = rf"(?<=[0-9}})])[{_CROSSES}](?=[0-9$(])"
_SPACES = r"(?<![\w.]) | (?![\w.$])"
"""Spaces in brackets that part no two words: `(bn relu)` keeps its own, so that nobody reads `(3 3)` as 33."""
_SPACED_TIMES = rf"(?<=[0-9}})]) [xX{_CROSSES}] (?=[0-9$(])"
OPERATORS = frozenset(("x", "X", "*", "/", "+", "-", "//", "%", *_CROSSES))
"""Signs that join what stands on both sides of them; one that stands alone in a line has nothing to join."""
_SIGN_ENDS = frozenset(sign[-1] for sign in OPERATORS)
_OPERAND_START = r"[0-9$(]|[a-z]+\("
_OPEN_NAME = r"\$(\w+)$"
_LONGEST_JOINED = 200
"""Characters of an operand that is still put together with what follows, so that time stays bounded."""


class Lexeme(NamedTuple):
    """`kind` is "word", "text" (quoted), "matrix", "=" or "=>"; `text` is the one spelling, `raw` what was written."""

    kind: str
    text: str
    span: Span
    raw: str
    bracket: Bracket | None = None


class Line(NamedTuple):
    """One logical line, from physical line `number` to `last`.  A `broken` one has the lexemes before its fault.

    One that is `known` was read where it stood before, and has none.
    """

    number: int
    last: int
    lexemes: tuple[Lexeme, ...]
    broken: bool = False
    known: bool = False


def lexed(
    lines: tuple[str, ...], comments: dict[int, str], faults: list[Diagnostic], known: Container[str] = ()
) -> Iterator[Line]:
    """Every line that says something, in order; comments go to `comments` by line, faults to `faults`.

    Those that are `known` are not read again.
    """
    number = 1
    while number <= len(lines):
        if lines[number - 1] in known:
            yield Line(number, number, (), known=True)
            number += 1
            continue
        if not lines[number - 1].strip():
            number += 1
            continue
        reader = _Reader(lines, number, comments)
        try:
            reader.read()
            line = Line(number, reader.number, _joined(reader.lexemes))
        except Unreadable as problem:
            faults.append(problem.diagnostic)
            line = Line(number, reader.number, tuple(reader.lexemes), broken=True)
        if line.lexemes or line.broken:
            yield line
        number = reader.number + 1


class _Reader:
    """Cuts one logical line; `number` moves on while a matrix is read."""

    def __init__(self, lines: tuple[str, ...], number: int, comments: dict[int, str]) -> None:
        self.lines = lines
        self.number = number
        self.comments = comments
        self.lexemes: list[Lexeme] = []

    def read(self) -> None:
        position = 0
        while True:
            line = self.lines[self.number - 1]
            if len(line) > LONGEST_LINE:
                raise fault(
                    "line-too-long",
                    f"this line has {len(line):,} characters; at most {LONGEST_LINE:,} are read",
                    Span(self.number, 1),
                    help="write a large matrix one row a line",
                )
            skipped = _SKIP.match(line, position)
            position = skipped.end() if skipped else position
            if position >= len(line):
                return
            if line[position] == "#" and self._begins_comment(line, position):
                self.comments[self.number] = line[position + 1 :].rstrip().removeprefix(" ")
                return
            position = self._lexeme(line, position)

    def _begins_comment(self, line: str, position: int) -> bool:
        """Whether a `#` stands at the start, behind a space, or right behind a matrix or a quoted text."""
        closed = bool(self.lexemes) and self.lexemes[-1].kind in ("matrix", "text")
        return position == 0 or line[position - 1].isspace() or closed

    def _lexeme(self, line: str, start: int) -> int:
        """Read one lexeme and give the column index after it."""
        if line[start] not in _MARKS:
            return self._word(line, start)
        arrow = _ARROW.match(line, start)
        if arrow:
            return self._add("=>", "=>", line, start, arrow.end())
        if line[start] == "=":
            return self._add("=", "=", line, start, start + 1)
        if line[start] == "[":
            return self._matrix(start)
        quoted = _QUOTED.match(line, start)
        if quoted:
            text = next(group for group in quoted.groups() if group is not None)
            return self._add("text", re.sub(r"\\(.)", r"\1", text) if quoted[1] else text, line, start, quoted.end())
        if line[start] in '"“”„':
            raise fault(
                "unclosed-quote",
                "this quoted text has no closing quote",
                Span(self.number, start + 1),
                help='close it with `"` on the same line',
            )
        if line[start] in "])":
            numbered = line[:start].strip().isdigit()
            raise fault(
                "unexpected-bracket",
                f"`{line[start]}` closes a bracket that was never opened",
                Span(self.number, start + 1),
                help="a line starts with its layer's word: leave out what is before it"
                if numbered
                else "take it out, or open it on the same line",
                fixes=(Fix(Span(self.number, 1, start + 1), ""),) if numbered else (),
            )
        return self._word(line, start)

    def _add(self, kind: str, text: str, line: str, start: int, end: int) -> int:
        self.lexemes.append(Lexeme(kind, text, Span(self.number, start + 1, end - start), line[start:end]))
        return end

    def _matrix(self, start: int) -> int:
        first, line = self.number, self.lines[self.number - 1]
        bracket, self.number, end = bracket_at(self.lines, self.number, start, self.comments)
        length = (end if self.number == first else len(line.rstrip())) - start
        span = Span(first, start + 1, length)
        raw = line[start : start + length] if self.number == first else "[...]"
        self.lexemes.append(Lexeme("matrix", raw, span, raw, bracket))
        return end

    def _word(self, line: str, start: int) -> int:
        end = start
        while end < len(line):
            run = _WORD.match(line, end)
            if run:
                end = run.end()
            if end == len(line) or line[end] != "(":
                break
            end = self._group_end(line, end)
        raw = line[start:end]
        span = Span(self.number, start + 1, end - start)
        self.lexemes.append(Lexeme("word", _canonical(raw, span), span, raw))
        return end

    def _group_end(self, line: str, start: int) -> int:
        """The column index after the `)` that closes the `(` at `start`."""
        depth = 0
        for index in range(start, len(line)):
            depth += (line[index] == "(") - (line[index] == ")")
            if depth == 0:
                return index + 1
        raise fault(
            "unclosed-bracket",
            "this `(` is never closed",
            Span(self.number, start + 1),
            help="close it on the same line; of a list of layers keep the layers alone, one a line",
        )


def _canonical(raw: str, span: Span) -> str:
    """One spelling for a size, a number or an expression; names stay as they are.

    `(5,5)` -> `5x5`, `((0,1),(0,1))` -> `0,1,0,1`, `28×28` -> `28x28`, `1,000` -> `1000`.
    """
    if "(" in raw:
        raw = re.sub(_SPACES, "", re.sub(_SPACED_TIMES, "x", " ".join(raw.split())))
    if not raw.isascii():
        raw = re.sub(_TIMES_SIGN, "x", raw)
    if (raw[0].isalpha() and "(" not in raw) or (raw.isdigit() and len(raw) <= MOST_DIGITS):
        return raw
    if is_too_long(raw):
        raise fault("number-too-long", "this number has more than 18 digits", span, help="no net is as large as that")
    if _SIZE.fullmatch(raw):
        return "x".join(ungrouped(part) for part in re.split("[xX]", raw))
    if raw[0].isdigit() and ("^" in raw or "**" in raw):
        raise fault("power-not-read", f"`{raw}` is a power, and powers are not read here", span, help=_written_out(raw))
    if "(" in raw:
        return _without_brackets(raw)
    return ungrouped(raw)


def _written_out(power: str) -> str:
    """What to write for a power of two small numbers, `10^3`; what there is for others."""
    found = re.fullmatch(_POWER, power)
    number = int(found[1]) ** int(found[2]) if found else 0
    return f"write `{number}`" if 0 < number < 10**MOST_DIGITS else "write the number out: 1000 or 1e3"


def _without_brackets(text: str) -> str:
    if re.fullmatch(_TUPLES, text):
        return text.strip("(),").replace("),(", ",")
    if not re.fullmatch(_TUPLE, text):
        return text
    parts = [f"${{{part[1:]}}}" if part[0] == "$" else part for part in text.strip("(),").split(",")]
    return ",".join(parts) if len(parts) > 3 else "x".join(parts)


def _joined(lexemes: list[Lexeme]) -> tuple[Lexeme, ...]:
    """Put together what spaces had torn apart: `28 x 28 x 6`, `28x 28`, `4 * $width`.

    A `*` before a matrix is its scale's and stays alone, and so does a sign that no operand stands before.
    """
    if not any(lexeme.text[-1:] in _SIGN_ENDS or lexeme.text[:1] in _SIGN_ENDS for lexeme in lexemes):
        return tuple(lexemes)
    result: list[Lexeme] = []
    for lexeme in lexemes:
        if len(result) > 1 and result[-1].text in OPERATORS and _are_operands(result[-2], result[-1].text, lexeme):
            operator = result.pop()
            left = result.pop()
            span = left.span.to(lexeme.span)
            sign = "x" if operator.text in f"xX{_CROSSES}" else operator.text
            first = re.sub(_OPEN_NAME, r"${\1}", left.text) if sign == "x" else left.text
            text = _canonical(first + sign + lexeme.text, span)
            raw = f"{left.raw} {operator.raw} {lexeme.raw}"
            lexeme = Lexeme("word", text, span, raw)  # noqa: PLW2901
        result.append(lexeme)
    return tuple(result)


def _are_operands(left: Lexeme, sign: str, right: Lexeme) -> bool:
    """Whether an operator between these two words belongs to them: a number, `$name` or call on both sides.

    `//` and `%` begin a comment in other languages, so one of the sides must be more than a number.
    """
    if sign in ("//", "%") and not ("$" in left.text or "$" in right.text):
        return False
    return (
        left.kind == right.kind == "word"
        and len(left.text) < _LONGEST_JOINED
        and re.match(_OPERAND_START, left.text) is not None
        and (left.text[-1].isalnum() or left.text[-1] in "})_")
        and re.match(_OPERAND_START, right.text) is not None
    )
