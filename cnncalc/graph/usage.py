"""What helps when a word on a layer's line is not what it should be: how the line is written, and what was meant.

Only faults come here.  The advice is made of the layer's own declarations and of the words that stand on the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.geometry import PADDING_WORDS, Shape
from cnncalc.graph.faults import Fault
from cnncalc.graph.other_layers import Said, no_such_layer, other_kind
from cnncalc.graph.signatures import Signature
from cnncalc.graph.values import looks_numeric
from cnncalc.layers.registry import POST_WORDS, WORDS
from cnncalc.spec.document import Call, Option, Token

_SEVERAL = {
    **dict.fromkeys(("pool", "pooling"), ("maxpool", "avgpool")),
    **dict.fromkeys(("norm", "normalization", "normalisation"), ("bn", "ln")),
    "activation": ("relu", "tanh", "sigmoid"),
    **dict.fromkeys(("skip", "shortcut", "residual"), ("add",)),
    "merge": ("add", "concat"),
}
"""Words that people write and that can mean several layers, or one of another name."""

_BULLET = re.compile(r"[-*+\u2022]|\d+[.:)]?")
_SAMPLES = {"count": "32", "sizes": "3x3", "rows": "1", "padding": "1", "number": "0.5", "numbers": "0.5"}
_SAMPLES |= {"range": "0:32", "shape": "28x28x1", "matrix": "sharpen", "table": "TABLE"}
_FIRST_EXAMPLE = re.compile(r"`([0-9][^` ]*)`")
_WHOLE = re.compile(r"[1-9]\d{0,8}")
_COMMENTS = ("//", "/*", "%", "--")
_ABOUT_COMMENTS = "a comment begins with #"
_SAID_OF = {
    **dict.fromkeys(("linear", "none"), "a layer without an activation needs no word for it: leave it out"),
    "worth": "points stand behind the answers: `=> 26x26x8 worth 2`",
    "\\": "a layer stands on one line, however long",
}
_NUMBERED = re.compile(r"([a-z]+)(\d+)")
_SIGNS = frozenset("+-*/")
_SIZE_LIKE = re.compile(r"\d+(x\d+)+")


def usage(word: str, takes: Signature, given: Iterable[Token] = ()) -> str:
    """How a layer's operands are written, with an example made of the numbers that stand there already.

    >>> from cnncalc.graph.signatures import signature
    >>> from cnncalc.layers.registry import layer_class
    >>> usage("conv", signature(layer_class("conv")))
    'conv takes its filters, then its kernel size: `conv 32 5x5`'
    """
    if takes.takes_labels:
        return f"{word} takes the labels of other lines: `{word} a b`"
    if not takes.operands:
        return f"{word} takes no numbers"
    numbers = [token.text for token in given]
    names = ", then its ".join(name.replace("_", " ") for name in takes.operands)
    written = " ".join(_sample(takes, name, numbers) for name in takes.operands)
    return f"{word} takes its {names}: `{word} {written}`"


def _sample(takes: Signature, name: str, numbers: list[str]) -> str:
    """A value as it might be written: one of the numbers on the line that fits, else the declaration's own example."""
    metadata = takes.fields[name].metadata
    kind = metadata["kind"]
    fitting = {"count": _WHOLE, "sizes": _SIZE_LIKE}.get(kind)
    found = next((number for number in numbers if fitting is not None and fitting.fullmatch(number)), None)
    if found is not None:
        numbers.remove(found)
        return found
    example = _FIRST_EXAMPLE.search(metadata["help"])
    plain = example[1] if example else _SAMPLES.get(kind, name.upper())
    return f"{name}={plain}" if kind in ("matrix", "table") else plain


def too_many(word: str, takes: Signature, numbers: Sequence[Token]) -> Fault:
    """The fault of the last of these numbers, which has no place; the ones before it are those of the last operand."""
    token = numbers[-1]
    plain = all(one.text.isdecimal() for one in numbers)
    kind = takes.fields[takes.operands[-1]].metadata["kind"] if takes.operands else ""
    if token.text[0] == "(" and any(map(str.isalpha, token.text)):
        advice = "take the brackets away"
    elif token.text in _SIGNS:
        advice = "words stand side by side, without a sign between them"
    elif token.text.count("x") > 1 and _SIZE_LIKE.fullmatch(token.text):
        advice = f"an answer stands behind `=>`: => {token.text}"
    elif not takes.operands and plain and WORDS.get(word.lower()) in POST_WORDS:
        advice = f"{usage(word, takes)}; a layer of {token.text} units is written `dense {token.text} {word}`"
    elif not takes.operands and plain and not takes.takes_labels:
        advice = f"{usage(word, takes)}; an answer stands behind `=>`: `{word} => {token.text}`"
    elif kind in ("sizes", "shape") and plain and len(numbers) > 1:
        advice = f"write a size with x in between: {'x'.join(one.text for one in numbers)}"
        advice += f"; a stride is written stride={token.text}" if "stride" in takes.options else ""
    else:
        advice = usage(word, takes)
    return Fault("too-many-operands", f"`{token.text}` is one too many for {word}", token.span, help=advice)


def meaningless(token: Token, word: str, takes: Signature) -> Fault:
    """The fault of a word that can be nothing behind this layer."""
    if token.quoted:
        advice = f"take the quotes away: {token.text}" if looks_numeric(Token(token.text, token.span)) else ""
        return Fault("unknown-word", f'"{token.text}" means nothing after {word}', token.span, help=advice)
    return Fault(
        "unknown-word", f"`{token.text}` means nothing after {word}", token.span, help=_meant(token, word, takes)
    )


def _meant(token: Token, word: str, takes: Signature) -> str:
    text = token.text.lower()
    if text.startswith(_COMMENTS):
        return _ABOUT_COMMENTS
    if text in _SAID_OF:
        return _SAID_OF[text]
    if is_layer_of_its_own(text):
        return f"`{text}` is a layer of its own: write it on the next line"
    if text in PADDING_WORDS:
        return f"`{text}` is a padding, and {word} slides no window"
    if text in takes.options:
        kind = takes.fields[takes.options[text]].metadata["kind"]
        return f"write its value behind it: {text}={'no' if kind == 'flag' else _SAMPLES.get(kind, 'NAME')}"
    return did_you_mean(text, (*takes.bare, *takes.options, *POST_WORDS), f"see `cnncalc explain {word}`")


def ends_the_line(text: str) -> bool:
    """Whether what follows the word is not about the layer: another layer, or a comment of another language."""
    return is_layer_of_its_own(text) or text.startswith(_COMMENTS)


def glued(token: Token, advice: str) -> str:
    """What to do about a sign that sticks to a number; the advice where there is none."""
    if "#" in token.text:
        return "put a space in front of # to begin a comment"
    return f"write {token.text.replace('@', ' ')}" if "@" in token.text else advice


def is_layer_of_its_own(text: str) -> bool:
    """Whether the word names a layer that needs a line of its own."""
    return text.lower() in WORDS and WORDS[text.lower()] not in POST_WORDS


def unknown_layer(call: Call, blocks: Iterable[str], arriving: Shape | None = None) -> Fault:
    """The fault of a line that begins with no layer word and no block; `arriving` is what it would work on."""
    first = call.word.text
    if other_kind(first):
        numbers = [_whole(one.text) for one in call.arguments if isinstance(one, Token)]
        options = ((one.name.text.lower(), one.value) for one in call.arguments if isinstance(one, Option))
        found = {name: _whole(value.text) for name, value in options if isinstance(value, Token)}
        named = {name: value for name, value in found.items() if value is not None}
        return no_such_layer(Said(first, call.word.span, "", numbers, named), arriving)
    return Fault("unknown-word", f"`{first}` is not a layer word", call.word.span, help=_meant_layer(call, blocks))


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _meant_layer(call: Call, blocks: Iterable[str]) -> str:
    first = call.word.text.lower()
    if first.startswith(_COMMENTS):
        return _ABOUT_COMMENTS
    if first in ("layer", "layers"):
        return "leave it out: a line starts with conv, maxpool, dense or another layer's word"
    if _BULLET.fullmatch(first):
        return "a line starts with its layer's word: take the number or the dash away"
    if first in _SEVERAL:
        return f"did you mean {' or '.join(f'`{word}`' for word in _SEVERAL[first])}?"
    known = (*WORDS, *blocks, "split", "block", "repeat", "output", "total")
    return _torn_or_glued(call) or did_you_mean(first, known, "`cnncalc explain words` lists them")


def _torn_or_glued(call: Call) -> str:
    """Advice on a word in parts (`max pool`), or with a number at its end (`conv1`); empty for others."""
    first = call.word.text.lower()
    following = [one.text.lower() for one in call.arguments[:2] if isinstance(one, Token)]
    joined = next((word for n in (1, 2) if (word := "".join((first, *following[:n]))) in WORDS and following), None)
    if joined:
        return f"write it in one word: `{WORDS[joined]}`"
    numbered = _NUMBERED.fullmatch(first)
    if numbered is None or numbered[1] not in WORDS:
        return ""
    word, number = numbered[1], numbered[2]
    return f"write `{call.word.text}: {word} ...` if {call.word.text} is its name, else `{word} {number} ...`"


def unknown_option(name: Token, value: str, word: str, takes: Signature) -> Fault:
    """The fault of `name=value` where the layer has no such option."""
    if looks_numeric(name):
        return Fault(
            "unknown-option",
            f"`{name.text}` is a number and cannot be set",
            name.span,
            help=f"an answer stands behind `=>`: => {value}",
        )
    known = sorted({str(one.metadata.get("name", key)) for key, one in takes.fields.items()})
    otherwise = f"it has {', '.join(known)}" if known else "it has no options"
    return Fault(
        "unknown-option",
        f"{word} has no option `{name.text}`",
        name.span,
        help=did_you_mean(name.text.lower(), takes.options, otherwise),
    )
