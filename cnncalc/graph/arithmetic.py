"""Arithmetic worked out exactly: `4*64`, `0.25*$width`, `max($in, 8)//3`, `divisible(17, 8)`.

Numbers are whole or exact fractions, never floats.  `$names` are asked of a function, so this module knows no scope; a
name whose value is not known gives None, and so does all that is made of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.faults import Fault
from cnncalc.quantities import exact
from cnncalc.spec.document import Token

LONGEST_EXPRESSION = 200
"""Characters; longer arithmetic is refused before it is worked out."""
LARGEST_NUMBER = 10**18
"""No step of the arithmetic may go beyond this, neither above nor below a fraction's line."""
LONGEST_LITERAL = 18
"""Characters of one number."""
DEEPEST_BRACKETS = 20
"""Brackets, signs and `not` inside each other."""

Worth = int | Fraction | bool | str | None
"""A number, the truth of a condition, a word, or None: not known."""


class Lexeme(NamedTuple):
    """A number, `$name`, word or sign, and the index of its first character."""

    kind: str
    text: str
    start: int


NAME = r"\$\{\w+\}|\$in\([^()]*\)|\$\w+"
_LEXEME = re.compile(
    rf"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?![\w.]))|(?P<name>{NAME})|(?P<word>[\w.]+)"
    r"|(?P<sign>//|[=!<>]=|[-+*/%()<>,]))"
)
_PLAIN = re.compile(r"[0-9]*\.[0-9]*|[0-9]+")


def divisible(number: int | Fraction, divisor: int | Fraction) -> int | Fraction:
    """The nearest multiple of the divisor (halves up), but never more than 10 % below: MobileNet's `_make_divisible`.

    >>> divisible(17, 8), divisible(12, 8), divisible(10, 8), divisible(3, 8)
    (16, 16, 16, 8)
    """
    near = max(divisor, (number + Fraction(divisor) / 2) // divisor * divisor)
    return near if near * 10 >= number * 9 else near + divisor


FUNCTIONS: dict[str, tuple[Callable[..., int | Fraction], int, int]] = {
    "min": (min, 2, 20),
    "max": (max, 2, 20),
    "floor": (math.floor, 1, 1),
    "ceil": (math.ceil, 1, 1),
    "round": (lambda number: math.floor(number + Fraction(1, 2)), 1, 1),
    "divisible": (divisible, 2, 2),
}
"""Name -> what it computes, and the fewest and the most numbers it takes; `round` takes a half up."""

ROUNDING = ("floor", "ceil", "round", "divisible")
"""What these are given need not be whole: `ceil($in/3)` is what they are for."""

STARTS_CALL = re.compile(rf"(?:{'|'.join(FUNCTIONS)})\(")
"""How a word begins that is a call of a function: `max($a,8)`."""


def lexemes(text: str) -> list[Lexeme] | None:
    """The text in numbers, names, words and signs; None when it holds anything else."""
    found, position, text = [], 0, text.rstrip()
    while position < len(text):
        match = _LEXEME.match(text, position)
        if match is None or match.lastgroup is None:
            return None
        found.append(Lexeme(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        position = match.end()
    return found


def _is_plain(text: str) -> bool:
    """Whether a text is a whole number by itself, as most are."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_LITERAL


def whole_number(text: str, token: Token) -> int | None:
    """The value of a number or of arithmetic; None when the text is neither.

    Raises Fault when it is arithmetic that cannot be worked out: a result or a division that is not whole, a division
    by zero, too long.
    """
    if _is_plain(text):
        return int(text)
    if _PLAIN.fullmatch(text):
        return None
    found = exact_number(text, token)
    if isinstance(found, Fraction):
        raise Fault(
            "not-whole",
            f"{exact(found)} is not a whole number",
            token.span,
            label=f"`{token.text}` is {text} here" if token.text != text else "",
            help=f"round it: `floor({text})`, `round({text})` or `ceil({text})`",
        )
    return found


def exact_number(text: str, token: Token, *, fractions: bool = False) -> int | Fraction | None:
    """The value of arithmetic without `$names`; None when the text is none.

    A division that leaves a rest is refused where a fraction comes out at the end, and stays exact on the way there:
    `10*6/5` is 12.  `fractions`: a fraction may come out as well.
    """
    if _is_plain(text):
        return int(text)
    if not text or text[0] == "+":
        return None
    if len(text) > LONGEST_EXPRESSION:
        if lexemes(text) is None:
            return None
        raise too_long(token)
    found = lexemes(text)
    if found is None or any(one.kind == "name" for one in found):
        return None
    try:
        value = Arithmetic(found, text, token, fractions=fractions).result()
    except NotReadError:
        return None
    except Fault as fault:
        if fractions or fault.diagnostic.code != "inexact-division":
            raise
        value = Arithmetic(found, text, token, fractions=True).result()
        if not isinstance(value, int):
            raise
    return None if isinstance(value, (bool, str)) else value


def too_long(token: Token) -> Fault:
    """The fault of an expression beyond the bound."""
    return Fault(
        "number-too-large",
        "this arithmetic is too long",
        token.span,
        help=f"at most {LONGEST_EXPRESSION} characters",
    )


class NotReadError(Exception):
    """The lexeme at this position cannot stand there (None: the text ends too early), and why, where that is known."""

    def __init__(self, lexeme: Lexeme | None, why: str = "") -> None:
        super().__init__(why)
        self.lexeme = lexeme
        self.why = why


class Arithmetic:
    """Grammar: sum = product {("+" | "-") product}; product = factor {("*" | "/" | "//" | "%") factor};
    factor = number | word | name | "-" factor | function "(" whole {"," whole} ")" | "(" whole ")"; whole = sum.

    `lookup` gives the worth of a `$name`; without it there are none.  Raises Fault for what has no value, NotReadError
    for what is not of the grammar.
    """

    def __init__(
        self,
        found: list[Lexeme],
        text: str,
        token: Token,
        lookup: Callable[[Lexeme], Worth] | None = None,
        *,
        fractions: bool = False,
    ) -> None:
        self.lexemes = found
        self.text = text
        self.token = token
        self.lookup = lookup
        self.fractions = fractions
        self.position = 0
        self.depth = 0

    def result(self) -> Worth:
        """The worth of the whole text."""
        found = self.whole()
        if self.position < len(self.lexemes):
            raise NotReadError(self.lexemes[self.position])
        return found

    def span(self, start: int, end: int | None = None) -> Span:
        """Where lexemes `start` up to the one before `end` stand, when the token's text is what was written."""
        if self.text != self.token.text:
            return self.token.span
        first = self.lexemes[min(start, len(self.lexemes) - 1)]
        last = self.lexemes[max(start, (self.position if end is None else end) - 1)]
        length = last.start + len(last.text) - first.start
        return Span(self.token.span.line, self.token.span.column + first.start, max(1, length))

    def next_text(self) -> str:
        """The lexeme that comes next; empty at the end."""
        return self.lexemes[self.position].text if self.position < len(self.lexemes) else ""

    def taken(self, *texts: str) -> str:
        """The next lexeme, when it is one of these."""
        text = self.next_text().lower()
        if text not in texts:
            return ""
        self.position += 1
        return text

    def whole(self) -> Worth:
        """What a text, a pair of brackets or an argument holds."""
        return self.sum()

    def sum(self) -> Worth:
        """sum = product {("+" | "-") product}."""
        start, total = self.position, self._product()
        while sign := self.taken("+", "-"):
            left = self._number(total, start)
            start = self.position
            right = self._number(self._product(), start)
            if left is None or right is None:
                total = None
            else:
                total = self._bounded(left + right if sign == "+" else left - right)
        return total

    def _product(self) -> Worth:
        start, total = self.position, self._factor()
        while sign := self.taken("*", "/", "//", "%"):
            left = self._number(total, start)
            second = self.position
            right = self._number(self._factor(), second)
            total = None if left is None or right is None else self._combined(left, sign, right)
        return total

    def _number(self, value: Worth, start: int) -> int | Fraction | None:
        if isinstance(value, (bool, str)):
            raise NotReadError(self.lexemes[start] if start < len(self.lexemes) else None, f"`{value}` is no number")
        return value

    def _combined(self, left: int | Fraction, sign: str, right: int | Fraction) -> int | Fraction:
        if sign == "*":
            return self._bounded(left * right)
        if right == 0:
            raise self._inexact(left, sign, right)
        if sign == "/":
            whole = isinstance(left, int) and isinstance(right, int)
            if whole and left % right and not self.fractions:
                raise self._inexact(left, sign, right)
            return self._bounded(Fraction(left) / right)
        return self._bounded(left // right if sign == "//" else left % right)

    def _inexact(self, dividend: int | Fraction, sign: str, divisor: int | Fraction) -> Fault:
        rest = "" if divisor == 0 else f": {dividend} = {dividend // divisor} * {divisor} + {dividend % divisor}"
        return Fault(
            "inexact-division",
            f"{exact(dividend)} {sign} {exact(divisor)} is not a whole number",
            self.token.span,
            label=f"`{self.token.text}` is {self.text} here" if self.token.text != self.text else "",
            notes=(f"sizes and channels are whole numbers{rest}",),
            help="nothing can be divided by 0"
            if divisor == 0
            else f"choose numbers that divide exactly, or write `//`, which rounds down to {dividend // divisor}",
        )

    def _factor(self) -> Worth:
        if self.position >= len(self.lexemes):
            raise NotReadError(None)
        lexeme = self.lexemes[self.position]
        self.position += 1
        if lexeme.kind == "number":
            return self._literal(lexeme)
        if lexeme.kind == "name":
            if self.lookup is None:
                raise NotReadError(lexeme)
            return self.lookup(lexeme)
        self.depth += 1
        if self.depth > DEEPEST_BRACKETS:
            raise too_long(self.token)
        value = self._word(lexeme) if lexeme.kind == "word" else self._signed(lexeme)
        self.depth -= 1
        return value

    def _literal(self, lexeme: Lexeme) -> int | Fraction:
        if len(lexeme.text) > LONGEST_LITERAL:
            raise NotReadError(lexeme, "this number is too long")
        return int(lexeme.text) if lexeme.text.isdigit() else _simple(Fraction(lexeme.text.rstrip(".")))

    def _signed(self, lexeme: Lexeme) -> Worth:
        if lexeme.text == "-":
            start = self.position
            number = self._number(self._factor(), start)
            return None if number is None else -number
        if lexeme.text != "(":
            raise NotReadError(lexeme)
        value = self.whole()
        if not self.taken(")"):
            raise NotReadError(self.lexemes[self.position] if self.next_text() else None)
        return value

    def _word(self, lexeme: Lexeme) -> Worth:
        word = lexeme.text.lower()
        if self.next_text() != "(":
            if word in ("and", "or", "not"):
                raise NotReadError(lexeme)
            return lexeme.text
        if word not in FUNCTIONS:
            near = did_you_mean(word, FUNCTIONS, f"there are {', '.join(FUNCTIONS)}")
            raise Fault(
                "unknown-function", f"`{lexeme.text}` is not a function", self.span(self.position - 1), help=near
            )
        start = self.position - 1
        self.position += 1
        outside, self.fractions = self.fractions, self.fractions or word in ROUNDING
        given: list[int | Fraction | None] = [self._argument()]
        while self.taken(","):
            given.append(self._argument())
        self.fractions = outside
        if not self.taken(")"):
            raise NotReadError(self.lexemes[self.position] if self.next_text() else None)
        return self._called(word, given, start)

    def _argument(self) -> int | Fraction | None:
        start = self.position
        return self._number(self.whole(), start)

    def _called(self, word: str, given: list[int | Fraction | None], start: int) -> int | Fraction | None:
        function, fewest, most = FUNCTIONS[word]
        if not fewest <= len(given) <= most:
            example = {1: f"{word}($in/2)", 2: f"{word}($in, 8)"}[fewest]
            wanted = "one number" if most == 1 else "two numbers" if most == 2 else "two numbers or more"
            raise Fault("wrong-operand", f"`{word}` takes {wanted}", self.span(start), help=f"write `{example}`")
        numbers = [one for one in given if one is not None]
        if len(numbers) < len(given):
            return None
        if word == "divisible" and numbers[1] <= 0:
            raise Fault("number-too-small", f"divisible by {exact(numbers[1])}: at least 1 is needed", self.span(start))
        return self._bounded(function(*numbers))

    def _bounded(self, number: int | Fraction) -> int | Fraction:
        number = _simple(number) if isinstance(number, Fraction) else number
        if not -LARGEST_NUMBER <= number <= LARGEST_NUMBER or number.denominator > LARGEST_NUMBER:
            raise Fault("number-too-large", f"`{self.token.text}` is larger than 10^18", self.token.span)
        return number


def _simple(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number
