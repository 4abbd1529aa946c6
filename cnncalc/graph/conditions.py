"""The condition of an `if`: `$stride == 1 and $in(x) == $width`, `not ($act == relu)`.

Numbers are compared exactly, words (`relu`, `3x3`) only for being the same.  What a condition that cannot be read
should look like is said here too.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction

from cnncalc.diagnostics import Span
from cnncalc.graph.arithmetic import LONGEST_EXPRESSION, Arithmetic, Lexeme, NotReadError, Worth, exact_number, lexemes
from cnncalc.graph.expressions import Environment, looked_up
from cnncalc.graph.faults import Fault
from cnncalc.quantities import exact
from cnncalc.spec.document import MatrixLiteral, Token, Value

_COMPARISONS: dict[str, Callable[[int | Fraction, int | Fraction], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(condition: Token, environment: Environment, *, checked_only: bool = False) -> bool:
    """Whether a condition is true; `checked_only`: names and grammar are checked, the answer means nothing."""
    found = lexemes(condition.text)
    if not condition.text or found is None or len(condition.text) > LONGEST_EXPRESSION:
        raise _unreadable(condition, None, "")

    def lookup(lexeme: Lexeme) -> Worth:
        place = Span(condition.span.line, condition.span.column + lexeme.start, len(lexeme.text))
        value = looked_up(
            lexeme.text[1:].strip("{}"), Token(lexeme.text, place), environment, checked_only=checked_only
        )
        return None if checked_only else _worth(value, place)

    evaluation = Condition(found, condition.text, condition, lookup)
    try:
        result = evaluation.result()
    except NotReadError as problem:
        raise _unreadable(condition, problem.lexeme, problem.why) from None
    if result is None and checked_only:
        return False
    if not isinstance(result, bool):
        raise no_condition(evaluation, result, 0, len(found))  # type: ignore[arg-type]
    return result


def canonical(condition: str) -> str:
    """A condition with a space on both sides of `==` and its like, `and` and `or`; one that cannot be read as it is.

    >>> canonical("$a==1  and( $b>2*$c or not $act == relu)")
    '$a == 1 and ($b > 2*$c or not $act == relu)'
    """
    found = lexemes(condition)
    if found is None or not _is_readable(found, condition):
        return condition
    text = ""
    for lexeme in found:
        word = lexeme.text.lower()
        if word in _COMPARISONS or word in ("and", "or"):
            text = f"{text.rstrip()} {word} "
        elif word == "not":
            text += "not "
        else:
            text += lexeme.text
    return text.strip()


def _is_readable(found: list[Lexeme], condition: str) -> bool:
    """Whether the words follow the grammar, whatever the names stand for."""
    try:
        Condition(found, condition, Token(condition, Span(1, 1)), lambda _: None).result()
    except (NotReadError, Fault):
        return False
    return True


def _worth(value: Value, place: Span) -> Worth:
    if isinstance(value, MatrixLiteral):
        raise Fault("unlike-values", "a matrix cannot be compared", place)
    number = None if value.quoted else exact_number(value.text, Token(value.text, place), fractions=True)
    return value.text if number is None else number


def _unreadable(condition: Token, lexeme: Lexeme | None, why: str) -> Fault:
    """The fault of a condition that does not follow the grammar."""
    text, span = condition.text, condition.span
    if lexeme is not None:
        span = Span(span.line, span.column + lexeme.start, len(lexeme.text))
    single = re.search(r"(?<![=!<>])=(?![=])", text)
    swapped = re.search("=[<>]", text)
    if swapped:
        span = Span(condition.span.line, condition.span.column + swapped.start(), 2)
        why = "write >= or <=, with the = after it"
    elif single:
        span = Span(condition.span.line, condition.span.column + single.start(), 1)
        why = "two values are compared by `==`"
    elif "&" in text or "|" in text:
        why = "conditions are joined by the words `and` and `or`"
    elif text.endswith(":"):
        why = "no colon is needed at the end"
    message = "this is not a condition" if lexeme is None else f"`{lexeme.text[:40]}` is not expected in this condition"
    return Fault("not-a-condition", message, span, help=why or "write it like `$stride == 1 and $in > 64`")


class Condition(Arithmetic):
    """Grammar: whole = conjunction {"or" conjunction}; conjunction = negation {"and" negation};
    negation = "not" negation | comparison; comparison = sum [("==" | "!=" | "<" | "<=" | ">" | ">=") sum].
    """

    def whole(self) -> Worth:
        start, value = self.position, self._conjunction()
        while self.taken("or"):
            left = self._truth(value, start)
            start, right = self.position, self._conjunction()
            known = self._truth(right, start)
            value = True if left or known else None if left is None or known is None else False
        return value

    def _conjunction(self) -> Worth:
        start, value = self.position, self._negation()
        while self.taken("and"):
            left = self._truth(value, start)
            start, right = self.position, self._negation()
            known = self._truth(right, start)
            value = False if left is False or known is False else None if left is None or known is None else True
        return value

    def _negation(self) -> Worth:
        turned = False
        start = self.position
        while self.taken("not"):
            turned, start = not turned, self.position
        value = self._comparison()
        if start == 0 or self.lexemes[start - 1].text.lower() != "not":
            return value
        known = self._truth(value, start)
        return None if known is None else known is not turned

    def _truth(self, value: Worth, start: int) -> bool | None:
        """The value as the truth of a condition."""
        if value is None or isinstance(value, bool):
            return value
        joined = self.lexemes[self.position - 1].text.lower() in ("and", "or")
        raise no_condition(self, value, start, self.position - joined)

    def _comparison(self) -> Worth:
        start, left = self.position, self.sum()
        sign = self.taken(*_COMPARISONS)
        if not sign:
            return left
        middle, right = self.position, self.sum()
        if self.next_text() in _COMPARISONS:
            raise NotReadError(
                self.lexemes[self.position], "two values are compared at a time: write `a < b and b < c`"
            )
        if left is None or right is None:
            return None
        if isinstance(left, bool) or isinstance(right, bool):
            raise NotReadError(self.lexemes[middle - 1], "a condition cannot be compared; `and`, `or` join conditions")
        if isinstance(left, str) and isinstance(right, str) and sign in ("==", "!="):
            return (left.lower() == right.lower()) is (sign == "==")
        if isinstance(left, str) or isinstance(right, str):
            raise self._unlike(left, right, start, middle)
        return _COMPARISONS[sign](left, right)

    def _unlike(self, left: int | Fraction | str, right: int | Fraction | str, start: int, mid: int) -> Fault:
        if isinstance(left, str) and isinstance(right, str):
            message = f"`{left}` and `{right}` are words, and words have no order"
            advice = "compare words by == or !="
        else:
            word, number = (left, right) if isinstance(left, str) else (right, left)
            message = f"`{word}` is a word and {exact(number)} a number: they cannot be compared"  # type: ignore[arg-type]
            sides = (self.written(start, mid - 1), self.written(mid, self.position))
            of_word, of_number = sides if isinstance(left, str) else sides[::-1]
            if "$" in of_word:
                advice = f"compare {of_word} with a word, such as `{of_word} == {word}`"
            elif self._is_name(of_word):
                advice = f"`$` reads the value of a name: `${of_word}`"
            else:
                advice = f"compare {of_number} with a number"
        return Fault("unlike-values", message, self.span(start), help=advice)

    def written(self, start: int, end: int) -> str:
        """The text of the lexemes `start` up to the one before `end`."""
        first = self.lexemes[start].start
        return self.text[first : first + self.span(start, end).length]

    def _is_name(self, word: str) -> bool:
        try:
            return self.lookup is not None and self.lookup(Lexeme("name", f"${word}", 0)) is not None
        except Fault:
            return False


def no_condition(within: Condition, value: int | Fraction | str, start: int, end: int) -> Fault:
    """The fault of a number or a word where a condition is expected."""
    span = within.span(start, end)
    written = within.written(start, end)
    kind, name = ("a word", "$act") if isinstance(value, str) else ("a number", written[:40])
    compared = ("== relu" if value != "relu" else "== tanh") if isinstance(value, str) else "> 0"
    return Fault(
        "not-a-condition",
        f"`{written[:40]}` is {kind}, and a condition compares two values",
        span,
        help=f"write what it is compared with, such as `{name} {compared}`",
    )
