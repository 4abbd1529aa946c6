"""`$name` and whole-number arithmetic: `4*$width`, `$in/2`, `${k}x${k}`.

A block's values are put in as text, in parentheses where they are sums themselves; what then stands in the place of a
whole number is worked out exactly: a division that leaves a remainder is a fault, never a rounding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.faults import Fault
from cnncalc.spec.document import MatrixLiteral, Token, Value

Environment = Mapping[str, Value]
"""What `$name` stands for: a block's parameters, a repeat's counter, and `in`, the channels that arrive."""

_NAME = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_ARITHMETIC = re.compile(r"[-+*/]")
_LEXEME = re.compile(r"[0-9]+|[-+*/()]")
LONGEST_EXPRESSION = 200
"""Characters; longer arithmetic is refused before it is worked out."""
LARGEST_NUMBER = 10**18
"""No step of the arithmetic may go beyond this."""


def substituted(value: Value, environment: Environment) -> Value:
    """The value with every `$name` replaced by what it stands for here; the place stays that of the use."""
    if isinstance(value, MatrixLiteral) or "$" not in value.text or value.quoted:
        return value
    whole = _NAME.fullmatch(value.text)
    if whole:
        found = _looked_up(whole, value, environment)
        return found if isinstance(found, MatrixLiteral) else replace(value, text=found.text, quoted=found.quoted)
    return replace(value, text=_NAME.sub(lambda match: _as_part(match, value, environment), value.text))


def _looked_up(match: re.Match[str], token: Token, environment: Environment) -> Value:
    name = match[1] or match[2]
    if name in environment:
        return environment[name]
    if name == "in":
        raise Fault(
            "unknown-parameter", "`$in` is not known here", token.span, help="what arrives here has a fault of its own"
        )
    prefix = next((known for known in environment if name.startswith(f"{known}x")), None)
    meant = f"write `${{{prefix}}}x...`: the x belongs to the name otherwise" if prefix else ""
    known = ", ".join(f"${one}" for one in sorted(environment))
    raise Fault(
        "unknown-parameter",
        f"`${name}` is not a parameter here",
        token.span,
        help=meant
        or did_you_mean(
            name, environment, f"what can be used here: {known}" if known else "parameters live inside `block`"
        ),
    )


def _as_part(match: re.Match[str], token: Token, environment: Environment) -> str:
    found = _looked_up(match, token, environment)
    if isinstance(found, MatrixLiteral):
        raise Fault("wrong-operand", f"`{match[0]}` is a matrix and cannot be part of `{token.text}`", token.span)
    return f"({found.text})" if _ARITHMETIC.search(found.text) else found.text


def whole_number(text: str, token: Token) -> int | None:
    """The value of a number or of whole-number arithmetic; None when the text is neither.

    Raises Fault when it is arithmetic that cannot be worked out: an inexact division, a division by zero, too long.
    """
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    if not text or "".join(_LEXEME.findall(text)) != text:
        return None
    if len(text) > LONGEST_EXPRESSION:
        raise Fault(
            "number-too-large",
            "this arithmetic is too long",
            token.span,
            help=f"at most {LONGEST_EXPRESSION} characters",
        )
    return _Arithmetic(text, token).value()


class _Arithmetic:
    """Grammar: sum = product (('+' | '-') product)*; product = factor (('*' | '/') factor)*;
    factor = number | '-' factor | '(' sum ')'.
    """

    def __init__(self, text: str, token: Token) -> None:
        self.lexemes: list[str] = _LEXEME.findall(text)
        self.position = 0
        self.text = text
        self.token = token

    def value(self) -> int | None:
        result = self._sum()
        return result if self.position == len(self.lexemes) else None

    def _next(self) -> str:
        return self.lexemes[self.position] if self.position < len(self.lexemes) else ""

    def _sum(self) -> int | None:
        total = self._product()
        while total is not None and self._next() in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            term = self._product()
            total = None if term is None else self._bounded(total + sign * term)
        return total

    def _take(self) -> str:
        self.position += 1
        return self.lexemes[self.position - 1]

    def _product(self) -> int | None:
        total = self._factor()
        while total is not None and self._next() in ("*", "/"):
            operator = self._take()
            factor = self._factor()
            if factor is None:
                return None
            total = self._bounded(total * factor) if operator == "*" else self._divided(total, factor)
        return total

    def _factor(self) -> int | None:
        lexeme = self._next()
        if not lexeme:
            return None
        self.position += 1
        if lexeme == "-":
            inner = self._factor()
            return None if inner is None else -inner
        if lexeme == "(":
            inner = self._sum()
            if self._next() != ")":
                return None
            self.position += 1
            return inner
        return self._bounded(int(lexeme)) if lexeme.isdigit() and len(lexeme) <= 18 else None

    def _bounded(self, number: int) -> int:
        if abs(number) > LARGEST_NUMBER:
            raise Fault("number-too-large", f"`{self.token.text}` is larger than 10^18", self.token.span)
        return number

    def _divided(self, dividend: int, divisor: int) -> int:
        if divisor == 0 or dividend % divisor:
            remainder = (
                "" if divisor == 0 else f": {dividend} = {dividend // divisor} * {divisor} + {dividend % divisor}"
            )
            raise Fault(
                "inexact-division",
                f"{dividend} / {divisor} is not a whole number",
                self.token.span,
                label=f"`{self.token.text}` is {self.text} here" if self.token.text != self.text else "",
                notes=(f"sizes and channels are whole numbers{remainder}",),
                help="choose numbers that divide exactly, or write the number you want",
            )
        return dividend // divisor
