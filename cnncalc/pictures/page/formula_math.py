"""Formulas as mathematics that browsers set themselves and screen readers read: MathML, no library.

What layers write, `floor((n - k) / s) + 1`, becomes fractions, brackets and subscripts.  What is no formula of numbers
and names ("as written", a pattern of axes) stays a text.  Nothing here computes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from cnncalc.pictures.page.page_text import with_times, words

_TOKEN = re.compile(
    r"(?P<space> +)|(?P<sizes>\d+(?:x\d+)+)|(?P<number>\d[\d,]*(?:\.\d+)?)|(?P<call>[A-Za-z]+)\((?P<open>)"
    r"|(?P<name>[A-Za-z]\w*)|(?P<sign>[-+*/=()])"
)
_BRACKETS = {"floor": "⌊⌋", "ceil": "⌈⌉"}
_SIGNS = {"*": "·", "-": "−", "+": "+", "=": "="}
DEEPEST = 40
"""Brackets within brackets; a text with more is no formula of ours."""


class _NoFormula(Exception):
    """The text is none."""


@lru_cache(maxsize=4096)
def formula_html(text: str) -> str:
    """A formula as MathML, anything else as it is written.

    >>> formula_html("n / k_height")
    '<math><mfrac><mi>n</mi><msub><mi>k</mi><mtext>height</mtext></msub></mfrac></math>'
    >>> formula_html("as written"), formula_html("64"), formula_html("2 * 5 MACs + 3 add")
    ('as written', '64', '2 · 5 MACs + 3 add')
    """
    formula, note = re.fullmatch(r"(.*?)((?: \([a-z][a-z ]+\))?)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    try:
        reader = _Reader(formula)
        read = reader.whole()
        return (f"<math>{read}</math>" if len(reader.tokens) > 1 else re.sub("<.*?>", "", read)) + escape(note)
    except _NoFormula:
        return words(with_times(re.sub(r"(?<=\w) \* (?=\w)", " · ", text)))


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> str:
        """All of it: sums with = between them."""
        read = self._sum()
        while self._takes("=") is not None:
            read += f"<mo>=</mo>{self._sum()}"
        if self.at < len(self.tokens):
            raise _NoFormula
        return read

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _takes(self, signs: str) -> str | None:
        kind, text = self._peek()
        if kind != "sign" or text not in signs:
            return None
        self.at += 1
        return text

    def _sum(self) -> str:
        """`a + b - c`"""
        read = self._product()
        while (sign := self._takes("+-")) is not None:
            read += f"<mo>{_SIGNS[sign]}</mo>{self._product()}"
        return read

    def _product(self) -> str:
        """`a * b/c`: a fraction has the factor before the stroke above its line, the one behind it below."""
        factors = [self._factor()]
        while (sign := self._takes("*/")) is not None:
            below = self._factor()
            if sign == "/":
                factors[-1] = f"<mfrac>{_one(factors[-1])}{_one(below)}</mfrac>"
            else:
                factors.append(below)
        return f"<mo>{_SIGNS['*']}</mo>".join(factors)

    def _factor(self) -> str:
        """`-a`, `12,5`, `28x28x6`, `name`, `floor(...)` or `(...)`"""
        if self._takes("-") is not None:
            return f"<mrow><mo>{_SIGNS['-']}</mo>{self._factor()}</mrow>"
        if self._takes("(") is not None:
            return self._bracketed("()")
        kind, text = self._peek()
        self.at += 1
        if kind == "number":
            return f"<mn>{text}</mn>"
        if kind == "sizes":
            return f"<mrow>{'<mo>×</mo>'.join(f'<mn>{size}</mn>' for size in text.split('x'))}</mrow>"
        if kind == "name":
            return _name(text)
        if kind == "call" and text in _BRACKETS:
            return self._bracketed(_BRACKETS[text])
        raise _NoFormula

    def _bracketed(self, pair: str) -> str:
        self.depth += 1
        inside = self._sum()
        self.depth -= 1
        if self._takes(")") is None:
            raise _NoFormula
        return f"<mrow><mo>{pair[0]}</mo>{inside}<mo>{pair[1]}</mo></mrow>"


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = list[tuple[str, str]](), 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or text.count("(") > DEEPEST:
            raise _NoFormula
        place = match.end()
        kind = "call" if match["call"] else str(match.lastgroup)
        if kind != "space":
            found.append((kind, match[kind]))
    return found


def _one(part: str) -> str:
    """Above and below the line of a fraction no brackets are needed around all of it."""
    inside = re.fullmatch(r"<mrow><mo>\(</mo>(.*)<mo>\)</mo></mrow>", part)
    return f"<mrow>{inside[1]}</mrow>" if inside else part


def _name(text: str) -> str:
    """A letter is a variable, `k_height` has a subscript, a whole word is upright.

    >>> _name("filters")
    '<mtext>filters</mtext>'
    """
    first, _, below = text.partition("_")
    if below:
        return f"<msub>{_name(first)}<mtext>{below.replace('_', ' ')}</mtext></msub>"
    return f"<mi>{first}</mi>" if len(first) == 1 else f"<mtext>{first}</mtext>"
