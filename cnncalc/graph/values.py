"""Words as typed values: what a layer's argument of each kind may look like, and what is wrong when it does not.

One reader for each kind of `cnncalc.layers.base.Kind`.  Every reader takes the token with its `$names` already put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from cnncalc.diagnostics import Fix
from cnncalc.diagnostics.nearest import nearest
from cnncalc.geometry import AXIS_NAMES, LARGEST_SIZE, PADDING_WORDS, Padding, Sizes
from cnncalc.graph.arithmetic import STARTS_CALL, exact_number, whole_number
from cnncalc.graph.faults import Fault
from cnncalc.spec.document import Call, Option, Token

YES = frozenset({"yes", "true", "on", "1"})
NO = frozenset({"no", "false", "off", "0", "none"})
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?(/\d+(\.\d+)?)?", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?<=[\d)])x(?=[\d(]|{STARTS_CALL.pattern})", re.IGNORECASE)
_FRACTIONAL = r"\d*\.\d+|\d+\.\d*|\d+/\d+"
_PAIR = re.compile(r"[(\[][^()]*,[^()]*[)\]]")


def sides(text: str) -> list[str]:
    """`3x3` -> ["3", "3"]; `(3,3)` likewise, as Keras and PyTorch write it.

    >>> sides("(3, 5)"), sides("3x5"), sides("7")
    (['3', '5'], ['3', '5'], ['7'])
    """
    if _PAIR.fullmatch(text):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return _BETWEEN.split(text)


def looks_numeric(token: Token) -> bool:
    """Whether the word can only have been meant as a number, a size or arithmetic."""
    return not token.quoted and (
        token.text[:1] in "0123456789(-+.[$" or STARTS_CALL.match(token.text.lower()) is not None
    )


def parts(text: str, mark: str) -> list[str]:
    """The text cut at a comma or colon, wherever it stands outside of brackets.

    >>> parts("0,max(1,2),0,1", ",")
    ['0', 'max(1,2)', '0', '1']
    """
    if "(" not in text:
        return text.split(mark)
    found, depth = [""], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if sign == mark and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return found


def count(token: Token, smallest: int = 1) -> int:
    """A whole number of at least `smallest`."""
    value = whole_number(token.text, token)
    if value is None:
        raise _unfit(token, "a whole number")
    return _within(value, token, smallest)


def sizes(token: Token) -> Sizes:
    """`3` or `3x5`: whole numbers of at least 1."""
    return _sizes(token, 1)


def factors(token: Token) -> tuple[int | float, ...]:
    """`2` or `2x3`, as sizes; and with a fraction: `1.5`, `3/2`, `2x1.5`."""
    each = sides(token.text)
    if not any(re.fullmatch(_FRACTIONAL, part) for part in each) or len(each) > 4:
        return sizes(token)
    return tuple(_factor(part, token) for part in each)


def _factor(text: str, token: Token) -> int | float:
    value = _exact(text, token)
    if not 0 < value <= LARGEST_SIZE:
        small = value <= 0
        raise Fault(
            "number-too-small" if small else "number-too-large",
            f"a factor of {text} is too {'small: it must be more than 0' if small else 'large'}",
            token.span,
        )
    return value.numerator if value.denominator == 1 else float(value)


def rows(token: Token) -> Sizes:
    """`0` or `1x0`: whole numbers of at least 0."""
    return _sizes(token, 0)


def _sizes(token: Token, smallest: int, most: int = 4, expected: str = "a size such as `3` or `3x3`") -> Sizes:
    if most > 4 and _BATCHED.match(token.text.lower()):
        raise _unfit(token, expected, *_as_size(token.text, whole_shape=True))
    parts = [whole_number(part, token) for part in sides(token.text)]
    if not 1 <= len(parts) <= most or any(part is None for part in parts):
        raise _unfit(token, expected, *_as_size(token.text, whole_shape=most > 4))
    return tuple(_within(part, token, smallest) for part in parts if part is not None)


_COMMAS = r"\(?((?:none|-1|\?),)?(\d+(?:,\d+)+),?\)?"
_SCALED = re.compile(r"(\d+(?:x\d+)+)/(25[56])(?:\.0*)?")
_BATCHED = re.compile(r"\((?:none|-1|\?),")
_LONGEST_SIZE = 80
"""Characters of a size for which another spelling is proposed."""


def _as_size(text: str, *, whole_shape: bool) -> tuple[str, ...]:
    """What sizes with commas between them, perhaps with a batch in front, should look like; none for others."""
    found = re.fullmatch(_COMMAS, text, re.IGNORECASE)
    if found is None or len(text) > _LONGEST_SIZE:
        return ()
    if whole_shape:
        from cnncalc.graph.proposals import picture_sizes  # noqa: PLC0415 (only a fault needs it)

        return picture_sizes([*map(int, found[2].split(","))])
    return () if found[1] else (found[2].replace(",", "x"),)


def padding(token: Token) -> Padding:
    """A word such as same; `1` on each side; `1x2` height and width; `0,1,0,1` top, bottom, left, right."""
    named = PADDING_WORDS.get(token.text.lower())
    if named:
        return named
    if "," in token.text and token.text[:1] not in "([" and len(parts(token.text, ",")) > 1:
        rows = [whole_number(part, token) for part in parts(token.text, ",")]
        if len(rows) % 2 or any(row is None for row in rows):
            raise _unfit(token, "two numbers an axis: top,bottom,left,right such as `0,1,0,1`")
        known = [_within(row, token, 0) for row in rows if row is not None]
        return Padding("explicit", tuple(zip(known[::2], known[1::2], strict=True)))
    try:
        each = _sizes(token, 0)
    except Fault as fault:
        if fault.diagnostic.code != "wrong-operand":
            raise
        near = nearest(token.text, PADDING_WORDS)
        expected = "valid, same, half, full, a number a side, `1x2`, or top,bottom,left,right"
        raise _unfit(token, expected, *([near] if near else [])) from None
    return Padding("explicit", tuple((side, side) for side in each))


def number(token: Token) -> float:
    """A decimal number or a fraction: `0.25`, `1e-3`, `1/255`."""
    return float(_exact(token.text, token))


def numbers(token: Token) -> tuple[float, ...]:
    """One number, or several with commas between them: `0.485,0.456,0.406`."""
    text = token.text.strip("()[]") if _PAIR.fullmatch(token.text) else token.text
    return tuple(float(_exact(part, token)) for part in parts(text, ","))


def _exact(text: str, token: Token) -> Fraction:
    plain = len(text) <= 40 and _NUMBER.fullmatch(text.strip())
    worked_out = None if plain else exact_number(text.strip(), token, fractions=True)
    if worked_out is not None:
        return Fraction(worked_out)
    if not plain:
        share = text.strip().removesuffix("%")
        percent = share != text.strip() and len(share) < 8 and _NUMBER.fullmatch(share) and "/" not in share
        raise _unfit(token, "a number such as `0.5`", *([f"{float(share) / 100:g}"] if percent else []))
    above, _, below = text.strip().partition("/")
    if below and Fraction(below) == 0:
        raise _unfit(token, "a number (nothing can be divided by 0)")
    return Fraction(above) / Fraction(below or 1)


def yes_or_no(token: Token) -> bool:
    """`bias=yes`, `bias=no`, True and False as Python writes them."""
    word = token.text.lower()
    if word in YES or word in NO:
        return word in YES
    raise _unfit(token, "yes or no")


def channel_range(token: Token) -> tuple[int, int]:
    """`0:32`: from the first, up to and without the second; the channels count from 0."""
    first, colon, last = token.text.partition(":")
    found = whole_number(first, token), whole_number(last, token)
    if not colon or found[0] is None or found[1] is None:
        raise _unfit(token, "a range of channels such as `0:32`")
    return _within(found[0], token, 0), _within(found[1], token, 0)


AXES = (*AXIS_NAMES[3], "channels")


def axes(token: Token) -> tuple[str, ...]:
    """`channels`, `height,width`: names of axes with commas between them."""
    found = tuple(name.strip().lower() for name in token.text.strip("()[]").split(","))
    for name in found:
        if name not in AXES:
            near = nearest(name, AXES)
            raise _unfit(token, f"axes, of {', '.join(AXES)}", *([near] if near and len(found) == 1 else []))
    if len(set(found)) < len(found):
        raise _unfit(token, "each axis once", ",".join(dict.fromkeys(found)))
    return found


def axis(token: Token) -> str:
    """`channels`, `height`, `width` or `depth`."""
    found = axes(token)
    if len(found) > 1:
        raise _unfit(token, "one axis", found[0])
    return found[0]


def pattern(token: Token) -> str:
    """`"h w c -> w h c"`: what it says is the layer's to judge."""
    if "->" not in token.text:
        raise _unfit(token, 'axes in quotes such as `"h w c -> w h c"`')
    return " ".join(token.text.split())


def shape(token: Token) -> Sizes:
    """`28x28x1` or `784`: sizes as written, and one too many, which the layer explains better: a batch in front."""
    scaled = _SCALED.fullmatch(token.text)
    if scaled is not None:
        message = f"the size of a picture is not divided by {scaled[2]}"
        advice = (
            f"write `{scaled[1]}`; the option `--scale 1/{scaled[2]}` of `cnncalc run` scales the picture's numbers"
        )
        raise Fault("wrong-operand", message, token.span, help=advice, fixes=(Fix(token.span, scaled[1]),))
    return _sizes(token, 1, most=5, expected="a size such as `28x28x1`")


READERS: Mapping[str, Callable[[Token], Any]] = {
    "count": count,
    "sizes": sizes,
    "factors": factors,
    "rows": rows,
    "padding": padding,
    "number": number,
    "numbers": numbers,
    "flag": yes_or_no,
    "range": channel_range,
    "axes": axes,
    "axis": axis,
    "pattern": pattern,
    "shape": shape,
}
"""The kinds that need nothing but the word itself; choices, names of matrices and labels are looked up elsewhere."""

EXPECTED: Mapping[str, str] = {
    "count": "a whole number",
    "sizes": "a size such as `3x3`",
    "factors": "a factor such as `2` or `1.5`",
    "rows": "a number of rows",
    "padding": "a padding",
    "number": "a number",
    "numbers": "numbers",
    "range": "a range such as `0:32`",
    "pattern": 'axes in quotes such as `"h w c -> w h c"`',
    "axis": "an axis such as `width`",
    "axes": "axes such as `channels` or `height,width`",
    "shape": "a size such as `28x28x1`",
    "table": "the name of a table",
    "matrix": "the name of a filter",
    "labels": "labels of other lines",
}
"""What each kind is called when it is missing."""


def _unfit(token: Token, expected: str, *instead: str) -> Fault:
    """The fault of a word of another kind; `instead` are what may stand in its place."""
    written = f'"{token.text}"' if token.quoted else token.text
    fixes = tuple(Fix(token.span, text) for text in instead)
    from cnncalc.graph.proposals import told  # noqa: PLC0415 (only a fault needs it, and it costs start-up time)

    return Fault("wrong-operand", f"expected {expected}, found `{written}`", token.span, help=told(fixes), fixes=fixes)


def has_size(call: Call) -> bool:
    """Whether a pool's window is written: a number stands there, or an option names it."""
    names = ("kernel_size", "kernel", "kernel_shape", "pool_size", "size", "window")
    for index, one in enumerate(call.arguments):
        if isinstance(one, Option):
            if one.name.text.lower() in names:
                return True
        elif (
            isinstance(one, Token) and (one.text.lower() in names or (index == 0 and looks_numeric(one)))
        ) or not isinstance(one, Token):
            return True
    before = [one for one in call.arguments if isinstance(one, Token)]
    return any(
        looks_numeric(one) and (index == 0 or not before[index - 1].text.isidentifier())
        for index, one in enumerate(before)
    )


def nearest_fix(token: Token, known: Iterable[str], otherwise: str = "") -> tuple[str, tuple[Fix, ...]]:
    """A help line with the nearest known word, and the change that it is; `otherwise` where none is near."""
    near = nearest(token.text, known)
    return (f"did you mean `{near}`?", (Fix(token.span, near),)) if near else (otherwise, ())


def _within(value: int, token: Token, smallest: int) -> int:
    if value < smallest:
        raise Fault("number-too-small", f"{value} is too small: at least {smallest} is needed here", token.span)
    if value > LARGEST_SIZE:
        raise Fault(
            "number-too-large", f"{value:,} is too large: at most {LARGEST_SIZE:,} is possible here", token.span
        )
    return value
