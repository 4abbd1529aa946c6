"""One cell of an answers table as an answer: shapes and numbers in every spelling that prints and students use.

`28x28x6`, `(None, 28, 28, 6)`, `[-1, 6, 28, 28]`, `[(None, 28, 28, 1)]`; `7,600`, `7600 params`, `138M`, `~500K`,
`320 (1.25 KB)`.  A cell that is no answer is kept with the reason, so that it is reported and not guessed at.
"""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc.diagnostics import Source, Span
from cnncalc.quantities import is_too_long, number, whole_number
from cnncalc.spec.document import Answer, Total

LONGEST_CELL = 2_000
SHOWN = 40

_BATCH = frozenset(("none", "-1", "?", "n", "b", "batch"))
_EMPTY = frozenset(("", "-", "--", "---", "–", "—", "n/a"))
_WORDS = frozenset(
    ("params", "param", "parameters", "parameter", "weights", "values", "neurons", "macs", "flops", "trainable")
)
_BYTES = re.compile(r"\s*\([0-9.,]+\s*(bytes|[KMGT]i?B|B)\)$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[x×*,]\s*|\s+", re.IGNORECASE)
_UNITS = frozenset("kmgbt")


def cell_answer(asked: str, cell: str, line: int, *, batch_first: bool = False) -> tuple[Answer, str] | None:
    """The answer a cell gives, and why it cannot be read ("" if it can); None for a cell that says nothing.

    `batch_first`: the print puts a batch of one, as a number, in front of every shape.
    """
    text = " ".join(cell[: LONGEST_CELL + 1].split()).strip("`*").strip()
    if text.lower() in _EMPTY:
        return None
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    span = Span(line, 1)
    if text == "?":
        return Answer(asked, None, span, text), ""
    if len(text) > LONGEST_CELL:
        return Answer(asked, None, span, shown), "far too long for an answer"
    if asked == "values":
        return _values(text, shown, span)
    found = _sizes(asked, text, span, batch_first) if asked == "shape" else None
    found = found or (_number(asked, text, span) if asked != "shape" else None)
    if found is not None:
        return found, ""
    long = is_too_long(text.replace(",", "").split(" ")[0])
    kind = "shape" if asked == "shape" else "number"
    return Answer(asked, None, span, shown), "a number with far too many digits" if long else f"not a {kind}"


def _sizes(asked: str, text: str, span: Span, batch_first: bool) -> Answer | None:
    """28x28x6 | (None, 28, 28, 6) | [-1, 6, 28, 28], brackets of any kind or none."""
    bare = text.strip("[](){} ").rstrip(",").strip()
    if not bare or any(sign in bare for sign in "[](){}"):
        return None
    grouped = whole_number(bare)
    parts = [bare] if grouped is not None and "," in bare and text == bare else _BETWEEN.split(bare)
    dropped = len(parts) > 1 and (parts[0].lower() in _BATCH or batch_first)
    sizes = [whole_number(part) for part in parts[dropped:]]
    if not sizes or None in sizes:
        return None
    given = tuple(size for size in sizes if size is not None)
    return Answer(asked, given, span, text[:SHOWN], batch_dropped=dropped and not batch_first)


def _number(asked: str, text: str, span: Span) -> Answer | None:
    """["~"] number [unit] [what it counts] [bytes in brackets]; a receptive field may be a size."""
    bare = _BYTES.sub("", text)
    approximate = bare[:1] in "~≈"
    words = bare.lstrip("~≈ ").split(" ")
    if len(words) > 1 and words[-1].strip("()").lower() in _WORDS:
        words.pop()
    if len(words) == 2 and words[1].lower() in _UNITS:
        words = ["".join(words)]
    value = number(words[0]) if len(words) == 1 else None
    if value is not None:
        return Answer(asked, value, span, text[:SHOWN], approximate)
    sizes = _sizes(asked, bare, span, False) if asked == "rf" else None
    if sizes is None or not isinstance(sizes.given, tuple):
        return None
    sides = sizes.given
    alike = Fraction(sides[0]) if len(set(sides)) == 1 else sides
    return Answer(asked, alike, span, text[:SHOWN], approximate)


def _values(text: str, shown: str, span: Span) -> tuple[Answer, str]:
    """[1 2; 3 4], or [[1, 2], [3, 4]]."""
    from cnncalc.spec.parsing import parse  # noqa: PLC0415 - few tables hold matrices

    document, faults = parse(Source("cell", f"total => values {text}\n"))
    totals = [one for one in document.statements if isinstance(one, Total)]
    if faults or len(totals) != 1 or len(totals[0].answers) != 1:
        return Answer("values", None, span, shown), "not a matrix"
    return Answer("values", totals[0].answers[0].given, span, shown), ""
