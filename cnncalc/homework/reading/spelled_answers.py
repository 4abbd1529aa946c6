"""One answer as somebody spelled it: a text about one quantity as an `Answer`, or why it cannot be read.

Of shown work (`(288+1)*256 = 73984`) the last result counts, of a correction (`72 -> 80`) the last value.  Units and
words around a value are left out, marks of Markdown and LaTeX too.  Nothing is computed and nothing is guessed: what
can be read in two ways says so in `doubt`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from cnncalc.asked import VALUES, quantity_named, quantity_of
from cnncalc.diagnostics import Source, Span
from cnncalc.homework.reading.named_sides import without_side_names
from cnncalc.homework.reading.spelled_sizes import Expected, Sizes, joined_sizes, spelled_sizes, times
from cnncalc.homework.reading.words_beside import are_silent, number_among, say_about, without_aside
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer, Total
from cnncalc.written_numbers import has_too_many_digits

LONGEST_ANSWER = 2_000
"""Characters of an answer that is no matrix."""

SHOWN = 40

ARROW = re.compile(r"={1,3}>|[-–—]{1,3}>|[→⇒➔➜]")
NOTHING_KNOWN = Expected()

_OF_SIDES = ("sizes", "field")
_EMPTY = frozenset(("", "-", "--", "---", "–", "—", "n/a", "_", "...", "…"))
_FORMULA = re.compile(r"\s*=[A-Za-z@]")
"""A spreadsheet's formula, which is shown as it was written and never computed."""
_EQUALS = re.compile(r"=|≈|≙|⟹")
_LATEX = ((r"\times", "x"), (r"\cdot", "x"), (r"\rightarrow", "→"), (r"\to", "→"), (r"\,", ""), ("{,}", ","), ("$", ""))
_REASON = re.compile(
    r"[0-9)\]%] *[,(]? +(?:because|since|as|due|from|for|weil|denn|porque|ya que|parce|car|perch[eé])\b", re.IGNORECASE
)
"""Where an explanation begins behind a value."""
_ENCLOSED = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_PADS = re.compile(r"[0-9]{1,9}(?:(?:, *| +| *x *)[0-9]{1,9}){1,5}")
_DECIMAL_COMMAS = re.compile(r"\[(?:[-+]?[0-9]+(?:,[0-9]+)?(?: *; *| +|(?=\])))+\]")
"""Numbers with spaces between them, of which some have a comma inside."""


class Spelled(NamedTuple):
    """One answer; `fault` says why it cannot be read, `remark` what was left out of what was written."""

    answer: Answer
    fault: str = ""
    remark: str = ""


def spelled_answer(asked: str, text: str, span: Span, expected: Expected = NOTHING_KNOWN) -> Spelled | None:
    """The answer that a text gives about a quantity; None for a text that says nothing.

    >>> spelled_answer("params", "(288+1)*256 = 73984", Span(1, 1)).answer.given
    Fraction(73984, 1)
    """
    written = " ".join(text.split()).lstrip(":=,; ")
    if _FORMULA.match(text):
        written = f"={written}"
    bare, scope = _scope(_without_marks(joined_sizes(written)))
    if bare.lower() in _EMPTY:
        return None
    shown = written if len(written) <= SHOWN or asked == VALUES.name else f"{written[:SHOWN]}…"
    answer = Answer(asked, None, span, shown, scope=scope)
    if bare == "?":
        return Spelled(answer)
    if asked == VALUES.name:
        return _values(answer, text)
    if len(bare) > LONGEST_ANSWER and not expected.in_prose:
        return Spelled(answer, "far too long for an answer")
    bare = bare if len(bare) <= LONGEST_ANSWER else bare[:LONGEST_ANSWER].rpartition(" ")[0]
    corrected = [part for part in ARROW.split(bare) if part.strip()] or [bare]
    reason = _REASON.search(corrected[-1])
    if expected.in_prose and reason:
        corrected[-1] = corrected[-1][: reason.start() + 1]
    calculation = without_aside(corrected[-1])
    calculation = calculation if re.search("[0-9]", calculation) and calculation[-1:].isalnum() else corrected[-1]
    calculation = without_side_names(calculation) if quantity_named(asked).form in _OF_SIDES else calculation
    calculation = f"~{calculation[1:]}" if calculation[:1] == "≈" else calculation
    results = [part.strip() for part in _EQUALS.split(calculation) if part.strip()]
    found = _read(results, answer, expected)
    if found is None:
        return Spelled(answer, _why_not(asked, bare))
    return found._replace(remark=f"of `{shown}` the last value counts") if len(corrected) > 1 else found


def _why_not(asked: str, text: str) -> str:
    """Why a text is no answer of this kind."""
    if has_too_many_digits(text.partition(" ")[0]):
        return "a number with far too many digits"
    if quantity_named(asked).form == "sizes":
        return "not a shape"
    if len(re.findall(r"(?<![\w.])[0-9]+(?:[x×*][0-9]+)+(?![\w.])", text)) > 1:
        return "several sizes where one number is asked"
    if re.search(r"[0-9)] ?[-+*/×·^x] ?[0-9(]", text):
        return "a calculation without its result"
    several = len(re.findall(r"[0-9][0-9.,'’]*", text)) > 1
    return "several numbers, and it does not say which one is the answer" if several else "not a number"


def _without_marks(text: str) -> str:
    """The text without Markdown's and LaTeX's marks around it, and without what ends a sentence."""
    bare = text.strip("`*_ ")
    if "\\" in bare or "$" in bare:
        for mark, meant in _LATEX:
            bare = bare.replace(mark, meant)
    return re.sub("^[-–—] +", "", bare.strip().rstrip(";,!. ").lstrip(":=,; ")).strip("`* ")


def _scope(text: str) -> tuple[str, Literal["each", "all"] | None]:
    """`608 each`, `all 1216`: what a line of several layers is answered for."""
    for scope in ("each", "all"):
        if text.lower().endswith(f" {scope}"):
            return text[: -len(scope) - 1], scope
        if text.lower().startswith(f"{scope} "):
            return text[len(scope) + 1 :], scope
    return text, None


def _read(results: Sequence[str], answer: Answer, expected: Expected) -> Spelled | None:
    """The last of several results that is an answer."""
    form = quantity_of(answer).form
    if form == "sizes":
        return _shape(results, answer, expected)
    read = {"pads": _pads, "field": _field, "words": _words}.get(form, _number)
    found = [numbers for one in reversed(results) if (numbers := read(one, answer, expected)) is not None]
    last = found[0] if found else None
    for one in found[1:]:
        last = one if last is not None and _rounds(last.answer, one.answer) else last
    return last


def _rounds(rounded: Answer, exact: Answer) -> bool:
    """Whether a number is nothing but another one, rounded: `608 = 0.6K`, `102,764,544 ≈ 102.8M`."""
    one, other = rounded.given, exact.given
    if not isinstance(one, Fraction) or not isinstance(other, Fraction) or None in (rounded.digits, exact.digits):
        return False
    last = rounded.digits or 0
    return last > (exact.digits or 0) and abs(one - other) * 2 <= Fraction(10) ** last


def _number(text: str, answer: Answer, expected: Expected) -> Spelled | None:
    """["~"] number [unit] among words, or a number in brackets."""
    enclosed = _ENCLOSED.fullmatch(text)
    found = number_among(enclosed[1] if enclosed else text, expected.signs)
    if found is None:
        return None
    read, words = found
    if not are_silent(words) and not expected.in_prose:
        return None
    remark = "" if are_silent(words) else f"of `{answer.text}` only the number is read"
    is_ours = "," in text and expected.signs.decimal != "," and read.value.denominator == 1
    doubt = "" if is_ours and read.other is not None and read.other.denominator > 1 else read.doubt
    approximate = read.approximate or say_about(words)
    made = answer._replace(given=read.value, approximate=approximate, doubt=doubt, digits=read.digits)
    return Spelled(made, "", remark)


def _words(text: str, answer: Answer, expected: Expected) -> Spelled | None:
    """Yes or no, `does not fit`, a size before rounding; else a number."""
    read = quantity_of(answer).phrase(text)
    if read is None:
        return _number(text, answer, expected)
    return Spelled(answer._replace(given=read.given, digits=read.digits, doubt=read.doubt))


def _field(text: str, answer: Answer, expected: Expected) -> Spelled | None:
    """A number, or the sizes of a field (14x14)."""
    sizes = spelled_sizes(text.lstrip("~≈ "), expected._replace(sizes=0))
    if sizes is None or len(sizes.given) == 1:
        return _number(text, answer, expected)
    given = Fraction(sizes.given[0]) if len(set(sizes.given)) == 1 else sizes.given
    return Spelled(answer._replace(given=given, approximate=text[:1] in "~≈", doubt=sizes.doubt), "", sizes.remark)


def _pads(text: str, answer: Answer, expected: Expected) -> Spelled | None:
    """Rows on each side (2), by axis (1x2) or by side (0,1,0,1)."""
    bare = text.strip("()[] ")
    if _PADS.fullmatch(bare):
        return Spelled(answer._replace(given=tuple(map(int, re.split("[x, ]+", bare)))))
    return _number(text, answer, expected)


def _shape(results: Sequence[str], answer: Answer, expected: Expected) -> Spelled | None:
    """Of `26x26x8 = 5408` the result with as many sizes as a shape has here, else both with a doubt."""
    read = [sizes for one in reversed(results) if (sizes := spelled_sizes(one, expected)) is not None]
    if not read:
        return None
    fitting = [sizes for sizes in read if len(sizes.given) == expected.sizes]
    found: Sizes = (fitting or sorted(read, key=lambda sizes: -len(sizes.given)))[0]
    others = [times(one.given) for one in read if one.given != found.given and not fitting]
    doubt = found.doubt or (others[0] if others else "")
    return Spelled(answer._replace(given=found.given, batch_dropped=found.batch_dropped, doubt=doubt), "", found.remark)


# ---------------------------------------------------------------------- matrices
def _values(answer: Answer, text: str) -> Spelled:
    """[1 2; 3 4], or [[1, 2], [3, 4]], or one number; `[0,5 1; 1,5 2]` has decimals behind its commas."""
    answer = answer._replace(text=answer.text[: 20 * SHOWN])
    begins_with_a_number = re.match(r"[-+0-9./\s]*\*?\s*\[", text.lstrip(":= "))
    matrix = (text if begins_with_a_number or "[" not in text else text[text.find("[") :]).strip("`;.:= \n")
    given = _matrix(matrix)
    if "," in matrix and re.search("[0-9] +[-+]?[0-9]", matrix) and _DECIMAL_COMMAS.fullmatch(matrix):
        decimals = _matrix(re.sub("(?<=[0-9]),(?=[0-9])", ".", matrix))
        doubt = matrix.replace(",", " ") if given is not None else ""
        given, answer = decimals, answer._replace(doubt=doubt)
    return Spelled(answer, "not a matrix") if given is None else Spelled(answer._replace(given=given))


def _matrix(text: str) -> Matrix | None:
    from cnncalc.spec.parsing import parse  # noqa: PLC0415 - few answers are matrices

    document, faults = parse(Source("answer", f"total => values {text}\n"))
    totals = [one for one in document.statements if isinstance(one, Total)]
    if faults or len(totals) != 1 or len(totals[0].answers) != 1:
        return None
    given = totals[0].answers[0].given
    return given if isinstance(given, Matrix) else None
