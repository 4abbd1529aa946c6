"""Words as courses and papers spell them: `conv3-64`, `fc-4096`, `maxpool` without a size, `pool2`.

What has one meaning is put in our words; what could mean two things is refused, with both ways written out.  Only
lines whose first word is none of ours come here, so that a start without them costs nothing.
"""

from __future__ import annotations

import re

from cnncalc.diagnostics import Diagnostic, Fix
from cnncalc.geometry import PADDING_WORDS
from cnncalc.graph.faults import Fault
from cnncalc.graph.values import has_size, looks_numeric
from cnncalc.layers.registry import ARGUMENT_ALIASES, WORDS
from cnncalc.spec.document import Argument, Call, Option, Token
from cnncalc.spec.lexing import OPERATORS

_CONV = re.compile(r"conv(?:olution)?(?:[123]d)?-?(\d+(?:x\d+){0,2})-(\d+)")
_DENSE = re.compile(r"(?:fc|dense|linear)-(\d+)")
_POOL = re.compile(r"(max|avg|average|mean|)-?pool(?:ing)?(-?)(\d+(?:x\d+){0,2})?")
_GLUED = re.compile(r"([a-z]+?)(\d+)")
_PADDED = frozenset((*PADDING_WORDS, *ARGUMENT_ALIASES["padding"], "padding"))
"""Words with which a line says how it pads."""

_OTHER_WORDS = {"soft-max": "softmax", "re-lu": "relu"}


def with_window(call: Call, canonical: str) -> Call:
    """`maxpool` alone has a 2x2 window in every course; `avgpool` alone may be that, or the mean of the whole map."""
    if canonical == "avgpool" and not call.arguments:
        raise two_ways(
            call, "avgpool without a size", ("avgpool 2", "a window of 2"), ("gap", "the mean of the whole map")
        )
    _refuse_sign(call)
    return call._replace(word=Token(canonical, call.word.span), arguments=(Token("2", call.word.span), *call.arguments))


def two_ways(call: Call, what: str, *ways: tuple[str, str]) -> Fault:
    """The fault of a word that could mean two things; each way is a line and what it is."""
    told = ", ".join(f"`{line}` for {meaning}" for line, meaning in ways)
    fixes = tuple(Fix(call.word.span, line) for line, _ in ways)
    return Fault("two-meanings", f"{what} can mean two things", call.word.span, help=f"write {told}", fixes=fixes)


def _refuse_sign(call: Call) -> None:
    """Refuse a sign behind a word that holds the numbers: in our words it would join the last of these."""
    first = call.arguments[0] if call.arguments else None
    if isinstance(first, Token) and not first.quoted and first.text in OPERATORS:
        message = f"`{first.text}` joins the numbers on its two sides; on its left is `{call.word.text[:40]}`"
        raise Fault("unknown-word", message, first.span, help="leave it out, or write a number in front of it")


def course_word(call: Call) -> Call:
    """The spellings of courses and papers that have one meaning: `conv3-64`, `fc-4096`, `pool2`, `soft-max`."""
    word, span = call.word.text.lower(), call.word.span
    conv, dense, pool = _CONV.fullmatch(word), _DENSE.fullmatch(word), _POOL.fullmatch(word)
    if conv or dense or pool:
        _refuse_sign(call)
    if conv:
        kernel = conv[1] if "x" in conv[1] else f"{conv[1]}x{conv[1]}"
        return _made(call, "conv", conv[2], kernel)
    if dense:
        return _made(call, "dense", dense[1])
    if pool:
        return _pool(call, pool)
    if word in _OTHER_WORDS:
        return call._replace(word=Token(_OTHER_WORDS[word], span))
    glued = _GLUED.fullmatch(word)
    if glued and WORDS.get(glued[1]) == "dense" and not any(map(_is_number, call.arguments)):
        name = f"{call.word.text}: dense 10"
        raise two_ways(call, f"`{call.word.text}`", (f"dense {glued[2]}", f"{glued[2]} units"), (name, "a name"))
    return call


def remarks(call: Call, made: Call) -> tuple[Diagnostic, ...]:
    """What there is to remark on the spelling of a call, and on the line in our words that was made of it."""
    shrinks = _CONV.fullmatch(call.word.text.lower()) and _shrinks(made)
    return (_unpadded(call),) if shrinks else ()


def _shrinks(conv: Call) -> bool:
    """Whether a convolution with a kernel above 1 says nothing about padding."""
    kernel = conv.arguments[1]
    names = [one.name if isinstance(one, Option) else one for one in conv.arguments]
    written = {one.text.lower() for one in names if isinstance(one, Token)}
    return isinstance(kernel, Token) and set(kernel.text) != {"1", "x"} and written.isdisjoint(_PADDED)


def _unpadded(call: Call) -> Diagnostic:
    """The remark on VGG's spelling without VGG's padding."""
    return Diagnostic(
        "padding-unsaid",
        f"`{call.word.text}` is read without padding; VGG's paper, whose spelling this is, keeps the size: "
        f"`{call.word.text} same`",
        call.word.span,
        help=f"write `{call.word.text} same`, or `{call.word.text} valid` where nothing is padded",
        severity="warning",
    )


def _pool(call: Call, found: re.Match[str]) -> Call:
    """`pool2`, `maxpool-3`, `POOL`; a number without a dash may be the pool's name, and 2 is the window either way."""
    kind, dash, size = found[1], found[2], found[3] or ""
    word = "maxpool" if kind in ("", "max") else "avgpool"
    sized = any(map(_is_number, call.arguments))
    if not size and not dash:
        renamed = call._replace(word=Token(word, call.word.span))
        return renamed if has_size(renamed) else with_window(renamed, word)
    if sized:
        return call
    if not dash and "x" not in size and size != "2":
        ways = (f"{word} {size}", f"a window of {size}"), (f"{call.word.text}: {word} 2", "a name")
        raise two_ways(call, f"`{call.word.text}`", *ways)
    return _made(call, word, size)


def _made(call: Call, word: str, *operands: str) -> Call:
    span = call.word.span
    return call._replace(word=Token(word, span), arguments=(*(Token(one, span) for one in operands), *call.arguments))


def _is_number(argument: Argument) -> bool:
    return isinstance(argument, Token) and looks_numeric(argument)
