"""What helps when a word on a layer's line is not what it should be: how the line is written, and what was meant.

Only faults come here.  The advice is made of the layer's own declarations and of the words that stand on the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cnncalc.diagnostics import Fix
from cnncalc.diagnostics.nearest import nearest_ones
from cnncalc.geometry import PADDING_WORDS
from cnncalc.graph.faults import Fault
from cnncalc.graph.freezing import WORD as FROZEN
from cnncalc.graph.other_layers import Said, no_such_layer, other_kind
from cnncalc.graph.other_options import other_option
from cnncalc.graph.proposals import Slip, spare_numbers, told
from cnncalc.graph.signatures import Signature
from cnncalc.graph.values import looks_numeric
from cnncalc.layers.registry import POST_WORDS, WORDS
from cnncalc.manual import pages_called
from cnncalc.spec.answers import is_asked
from cnncalc.spec.document import Option, Token

_SEVERAL = {
    **dict.fromkeys(("norm", "normalization", "normalisation"), ("bn", "ln")),
    "activation": ("relu", "tanh", "sigmoid"),
    **dict.fromkeys(("skip", "shortcut", "residual"), ("add",)),
    "merge": ("add", "concat"),
    "padding": ("pad",),
}
"""Words that people write and that can mean several layers, or one of another name."""

_BULLET = re.compile(r"[-*+\u2022]|\d+[.:)]?")
_SAMPLES = {"count": "32", "sizes": "3x3", "factors": "2", "rows": "1", "padding": "1", "number": "0.5"}
_SAMPLES |= {"numbers": "0.5", "range": "0:32", "axes": "channels", "axis": "width", "pattern": '"h w c -> w h c"'}
_SAMPLES |= {"shape": "28x28x1", "matrix": "sharpen", "table": "TABLE"}
_FIRST_EXAMPLE = re.compile(r"`([0-9][^` ]*)`")
_WHOLE = re.compile(r"[1-9]\d{0,8}")
_COMMENTS = ("//", "/*", "%", "--")
_ABOUT_COMMENTS = "a comment begins with #"
_LEFT_OUT = {
    **dict.fromkeys(("linear", "none"), "a layer without an activation needs no word for it: leave it out"),
    "\\": "a layer is written on one line, however long: leave the sign out",
}
_MEANT_FOR = {
    "pad": ("padding", "write `same`, or `padding=1` for one row on each side", "padding=1"),
    **dict.fromkeys(("no", "without"), ("bias", "a layer without biases is written with `nobias`", "nobias")),
}
"""Words on a line -> the argument that they are about, what helps, and what may be written instead."""
_LOOPS = frozenset(("for", "while", "loop"))
_SIZED = re.compile(r"([a-z]+)[-_]?(\d+x\d+)")
_CROSSES = frozenset(("x", "X", "×", "*"))
_STRIDE = re.compile(r"/\d+")
_STRIDED = re.compile(r"(\d+(?:x\d+)*)/(\d+)")
_COUNTED_BY_CHANNELS = frozenset(("bn", "ln", "instancenorm", "rmsnorm", "prelu"))
_BRACKETED = re.compile(r"\(([a-z_]+)[= ]?(\d[\dx]*)\)")
_BRACKETED_SIZE = re.compile(r"\(([0-9]+(?:[ x][0-9]+)+)\)")
_NUMBERED = re.compile(r"([a-z]+)(\d+)")
_TIMES = re.compile(r"[x×]([1-9]\d{0,3})")
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
    return f"{_order_told(word, takes)}: `{word} {' '.join(_samples(takes, [token.text for token in given]))}`"


def _order_told(word: str, takes: Signature) -> str:
    return f"{word} takes its {', then its '.join(name.replace('_', ' ') for name in takes.operands)}"


def _samples(takes: Signature, numbers: list[str]) -> list[str]:
    """A value for each operand; the numbers that were used are taken out of the list."""
    return [_sample(takes, name, numbers) for name in takes.operands]


def in_order(slip: Slip, layer_word: str, takes: Signature) -> tuple[str, tuple[Fix, ...]]:
    """Advice on operands that cannot be read where they stand; their right order, if that reads."""
    given = [one for one in slip.call.arguments if isinstance(one, Token) and looks_numeric(one)]
    numbers = [one.text for one in given]
    if len(given) == 1 and (fixes := _untied(slip, layer_word, takes, given[0])):
        return f"{_order_told(layer_word, takes)}: {told(fixes)}", fixes
    if takes.operands and not takes.takes_labels and layer_word == slip.call.word.text:
        samples = _samples(takes, numbers)
        if not numbers and len(given) == len(samples):
            fixes = slip.whole([slip.line((layer_word, *samples, *slip.others(*given)))])
            if fixes:
                return f"{_order_told(layer_word, takes)}: {told(fixes)}", fixes
    return usage(layer_word, takes, given), ()


def _untied(slip: Slip, word: str, takes: Signature, token: Token) -> tuple[Fix, ...]:
    """The lines that `conv 8x3x3` may mean: the number of filters tied to the size of the kernel."""
    kinds = [takes.fields[name].metadata["kind"] for name in takes.operands]
    sizes = token.text.split("x")
    rank = slip.arriving.rank if slip.arriving is not None else 2
    if kinds != ["count", "sizes"] or not _SIZE_LIKE.fullmatch(token.text) or len(sizes) != rank + 1:
        return ()
    is_first, is_last = len(set(sizes[1:])) == 1, len(set(sizes[:-1])) == 1
    ways = [(sizes[0], sizes[1:])] if is_first or not is_last else []
    ways += [(sizes[-1], sizes[:-1])] if not ways or is_first == is_last else []
    lines = [slip.line((word, count, "x".join(kernel), *slip.others(token))) for count, kernel in ways]
    return slip.whole(dict.fromkeys(lines))


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


def too_many(slip: Slip, word: str, takes: Signature, numbers: Sequence[Token]) -> Fault:
    """The fault of the last of these numbers, which has no place; the ones before it are those of the same layer."""
    token = numbers[-1]
    advice, fixes = _about_spare(slip, word, takes, numbers)
    message = f"`{token.text}` is one too many for {word}"
    return Fault("too-many-operands", message, token.span, help=advice, fixes=fixes)


def _about_spare(slip: Slip, word: str, takes: Signature, numbers: Sequence[Token]) -> tuple[str, tuple[Fix, ...]]:
    token = numbers[-1]
    if token.text.startswith(_COMMENTS):
        return _ABOUT_COMMENTS, _comment(token)
    without = slip.replaced(token.span, "")
    if token.text[0] == "(" and any(map(str.isalpha, token.text)):
        named = _BRACKETED.fullmatch(token.text)
        fixes = slip.part(token.span, f"{named[1]}={named[2]}" if named else token.text.strip("()"))
        return f"take the brackets away: {told(fixes)}" if fixes else "take the brackets away", fixes
    if token.text in _SIGNS:
        return "words are written one after the other, with spaces between them", slip.part(token.span, "")
    if token.text.count("x") > 1 and _SIZE_LIKE.fullmatch(token.text) and slip.reads(without):
        return _answered(slip, token, without)
    if not takes.operands and not takes.takes_labels and token.text.isdecimal():
        return _about_number_alone(slip, word, takes, token, without)
    fixes = spare_numbers(slip, word, numbers)
    return told(fixes, usage(word, takes)), fixes


def _about_number_alone(
    slip: Slip, word: str, takes: Signature, token: Token, without: str
) -> tuple[str, tuple[Fix, ...]]:
    """`flatten 784`, `softmax 10`, `bn 64`: an answer, the units of a layer, the channels that arrive."""
    canonical = WORDS.get(word.lower(), "")
    if canonical in _COUNTED_BY_CHANNELS:
        fixes = slip.whole([without])
        return f"{word} finds the number of channels by itself: {told(fixes)}", fixes
    if canonical in POST_WORDS:
        fixes = slip.whole([slip.line(("dense", token.text, word, *slip.others(token)))])
        return f"{usage(word, takes)}; a layer of {token.text} units is written {told(fixes)[6:]}", fixes
    advice, fixes = _answered(slip, token, without)
    return f"{usage(word, takes)}; {advice}", fixes


def _answered(slip: Slip, token: Token, without: str) -> tuple[str, tuple[Fix, ...]]:
    """A shape on the line, which is an answer if the line has none behind `=>` yet."""
    if slip.call.answers:
        return f"the answer is after `=>` already: write `{without}`", slip.whole([without])
    fixes = tuple(Fix(fix.span, f"{without} => {token.text}") for fix in slip.whole([without]))
    return f"an answer is written after `=>`: write `{without} => {token.text}`", fixes


def meaningless(slip: Slip, token: Token, word: str, takes: Signature) -> Fault:
    """The fault of a word that can be nothing behind this layer."""
    if token.quoted:
        fixes = slip.part(token.span, token.text) if looks_numeric(Token(token.text, token.span)) else ()
        advice = f"take the quotes away: `{token.text}`" if fixes else ""
        return Fault("unknown-word", f'"{token.text}" means nothing after {word}', token.span, help=advice, fixes=fixes)
    advice, fixes = _about_times(slip, token) or _meant(slip, token, word, takes)
    return Fault("unknown-word", f"`{token.text}` means nothing after {word}", token.span, help=advice, fixes=fixes)


def _about_times(slip: Slip, token: Token) -> tuple[str, tuple[Fix, ...]] | None:
    """Advice on `x2` amid a line; None for other words."""
    times = _TIMES.fullmatch(token.text.lower()) if slip.call.times is None else None
    if times is None:
        return None
    fixes = slip.whole([f"{slip.replaced(token.span, '')} times {times[1]}"])
    return (f"how often a line is repeated is written last: {told(fixes)}", fixes) if fixes else None


def _meant(slip: Slip, token: Token, word: str, takes: Signature) -> tuple[str, tuple[Fix, ...]]:
    text = token.text.lower()
    elsewhere = other_option(text, "", word) if text not in WORDS else None
    if elsewhere is not None:
        return elsewhere.about, ()
    if text not in _LEFT_OUT and text not in _MEANT_FOR and (ends_the_line(text) or text == "worth"):
        return _not_of_the_layer(token)
    if text in _LEFT_OUT or text in PADDING_WORDS:
        padding = f"`{text}` is a padding, and {word} slides no window: leave it out"
        return _LEFT_OUT.get(text, padding), slip.part(token.span, "")
    if text in _MEANT_FOR and _MEANT_FOR[text][0] in takes.fields:
        return _MEANT_FOR[text][1], slip.part(token.span, _MEANT_FOR[text][2])
    if text in takes.options:
        kind = takes.fields[takes.options[text]].metadata["kind"]
        return f"write its value after it: {text}={'no' if kind == 'flag' else _SAMPLES.get(kind, 'NAME')}", ()
    return _near(slip, token, (*takes.bare, *takes.options, *POST_WORDS, FROZEN), f"see `cnncalc explain {word}`")


def _not_of_the_layer(token: Token) -> tuple[str, tuple[Fix, ...]]:
    """What follows the layer on its line: a comment of another language, points, another layer."""
    text = token.text.lower()
    if text.startswith(_COMMENTS):
        return _ABOUT_COMMENTS, _comment(token)
    if text == "worth":
        return "points are written after an answer: write `=> ? worth`", (Fix(token.span, "=> ? worth"),)
    return f"`{text}` is a layer of its own: write it on the next line", (Fix(token.span, f"\n{token.text}"),)


def _comment(token: Token) -> tuple[Fix, ...]:
    """`#` in the place of another language's mark; what sticks to the mark stays."""
    mark = next(mark for mark in _COMMENTS if token.text.startswith(mark))
    return (Fix(token.span, f"# {token.text.removeprefix(mark)}".rstrip()),)


def _near(slip: Slip, token: Token, known: Iterable[str], otherwise: str) -> tuple[str, tuple[Fix, ...]]:
    """The nearest known word with which the line can be read."""
    for word in nearest_ones(token.text, known) if slip.tries.left > 0 else ():
        fixes = slip.part(token.span, word)
        if fixes:
            return f"did you mean `{word}`?", fixes
    is_extra = token.text.isalpha() and len(slip.call.arguments) > 1 and slip.tries.left > 0
    left_out = slip.part(token.span, "") if is_extra else ()
    return (f"leave it out: `{slip.replaced(token.span, '')}`", left_out) if left_out else (otherwise, ())


def ends_the_line(text: str) -> bool:
    """Whether what follows the word is not about the layer: another layer, or a comment of another language."""
    return is_layer_of_its_own(text) or text.startswith(_COMMENTS)


def glued(slip: Slip, token: Token, kind: str) -> tuple[str, tuple[Fix, ...]]:
    """What to do about brackets or a sign at a number of this kind; nothing where there are none."""
    bracketed = _BRACKETED_SIZE.fullmatch(token.text) if kind in ("sizes", "shape") else None
    if bracketed is None:
        return _with_sign(slip, token, kind)
    size = bracketed[1].replace(" ", "x")
    return f"write `{size}`", slip.part(token.span, size)


def _with_sign(slip: Slip, token: Token, kind: str) -> tuple[str, tuple[Fix, ...]]:
    strided = _STRIDED.fullmatch(token.text) if kind == "sizes" else None
    if strided and (fixes := slip.part(token.span, f"{strided[1]} stride={strided[2]}")):
        return f"a stride is written `stride={strided[2]}`: {told(fixes)}", fixes
    number, mark, rest = token.text.partition("#")
    if mark:
        return "put a space in front of # to begin a comment", (Fix(token.span, f"{number} #{rest}"),)
    filters, mark, size = token.text.partition("@")
    if not mark:
        return "", ()
    spaced = slip.part(token.span, f"{filters} {size}")
    if spaced:
        return f"write {told(spaced)[6:]}", spaced
    maps = slip.part(token.span, filters)
    if maps and not slip.call.answers:
        line = f"{slip.replaced(token.span, filters)} => {size}x{filters}"
        return f"`{token.text}` are maps, an answer: write `{line}`", (Fix(slip.call.span, line),)
    return "", ()


def is_layer_of_its_own(text: str) -> bool:
    """Whether the word names a layer that needs a line of its own."""
    return text.lower() in WORDS and WORDS[text.lower()] not in POST_WORDS


def unknown_layer(slip: Slip, blocks: Sequence[str]) -> Fault:
    """The fault of a line that begins with no layer word and no block."""
    call = slip.call
    first = call.word.text
    if other_kind(first):
        numbers = [_whole(one.text) for one in call.arguments if isinstance(one, Token)]
        options = ((one.name.text.lower(), one.value) for one in call.arguments if isinstance(one, Option))
        found = {name: _whole(value.text) for name, value in options if isinstance(value, Token)}
        named = {name: value for name, value in found.items() if value is not None}
        return no_such_layer(Said(first, call.word.span, "", numbers, named), slip.arriving)
    advice, fixes = _meant_layer(slip, blocks)
    return Fault("unknown-word", f"`{first}` is not a layer word", call.word.span, help=advice, fixes=fixes)


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _meant_layer(slip: Slip, blocks: Sequence[str]) -> tuple[str, tuple[Fix, ...]]:
    word = slip.call.word
    first = word.text.lower()
    if first.startswith(_COMMENTS):
        return _ABOUT_COMMENTS, _comment(word)
    advice, fixes = _torn_or_glued(slip)
    if not advice and first[0].isdigit():
        advice, fixes = _word_in_front(slip)
    if advice or first in _LOOPS:
        return advice or _repeated(slip.call.arguments), fixes
    if first in ("layer", "layers") or _BULLET.fullmatch(first):
        fix = (Fix(word.span, ""),) if slip.reads(slip.line(slip.others())) else ()
        return "a line starts with its layer's word: leave out what is before it", fix
    if first == "activation" and slip.call.arguments:
        return "an activation is written alone: leave the word out", slip.whole([slip.line(slip.others())])
    if first in _SEVERAL:
        fixes = tuple(fix for one in _SEVERAL[first] for fix in slip.part(word.span, one))
        return f"did you mean {' or '.join(f'`{one}`' for one in _SEVERAL[first])}?", fixes
    return _near_layer(slip, blocks)


def _near_layer(slip: Slip, blocks: Sequence[str]) -> tuple[str, tuple[Fix, ...]]:
    """The nearest layer word with which the line can be read, or the nearest word of another kind."""
    word = slip.call.word
    first = word.text.lower()
    known = (*WORDS, *blocks, "split", "block", "repeat", "output", "total")
    numbers = "".join(slip.others())
    if is_asked(first) and numbers.isdecimal():
        return f"an answer is written on the layer's line, after `=>`: `=> {first} {numbers}`", ()
    page = next(iter(pages_called(word.text)), None)
    if page is not None:
        return f"`cnncalc explain {page.name}` says how it is written here", ()
    for one in nearest_ones(word.text, known) if slip.tries.left > 0 else ():
        if one not in WORDS or slip.part(word.span, one):
            return f"did you mean `{one}`?", (Fix(word.span, one),) if one in WORDS else ()
    return "`cnncalc explain words` lists them", ()


def _repeated(given: Sequence[object]) -> str:
    """What `for 3` is here."""
    number = given[0].text if given and isinstance(given[0], Token) and _WHOLE.fullmatch(given[0].text) else "N"
    return f"lines that are repeated are written between `repeat {number}` and `end`"


def _word_in_front(slip: Slip) -> tuple[str, tuple[Fix, ...]]:
    """`3x3 conv 64 /2`, `3 x conv 8 3x3`, as papers' tables write it: the line with its layer's word in front."""
    fixes = slip.whole(_with_word_in_front(slip))[:1]
    return (f"a line starts with its layer's word: {told(fixes)}", fixes) if fixes else ("", ())


def _with_word_in_front(slip: Slip) -> Iterator[str]:
    first, call = slip.call.word.text, slip.call
    words = [one for one in call.arguments if isinstance(one, Token)]
    for index in range(len(words)):
        torn = words[index : index + 2]
        whole = next((part for part in (torn, torn[:1]) if "".join(w.text.lower() for w in part) in WORDS), None)
        if whole is None:
            continue
        layer = WORDS["".join(w.text.lower() for w in whole)]
        others = slip.others(*whole, *(w for w in words[:index] if w.text in _CROSSES))
        others = [f"stride={text[1:]}" if _STRIDE.fullmatch(text) else text for text in others]
        if first.isdecimal() and call.times is None:
            yield f"{slip.line((layer, *others))} times {first}"
        yield slip.line((layer, *others, first))
        yield slip.line((layer, first, *others))
        return


def _torn_or_glued(slip: Slip) -> tuple[str, tuple[Fix, ...]]:
    """Advice on a word in parts (`max pool`), or with a number at its end (`conv1`); empty for others."""
    call, word = slip.call, slip.call.word
    first = word.text.lower()
    following = [one for one in call.arguments[:2] if isinstance(one, Token)]
    for count in range(1, len(following) + 1):
        joined = "".join((first, *(one.text.lower() for one in following[:count])))
        if joined in WORDS:
            fix = Fix(word.span.to(following[count - 1].span), WORDS[joined])
            return f"write it in one word: `{WORDS[joined]}`", (fix,)
    sized = _SIZED.fullmatch(first)
    if sized and sized[1] in WORDS:
        fixes = slip.whole([slip.line((sized[1], *slip.others(), sized[2]))])
        return told(fixes, f"write the size after the word: `{sized[1]} {sized[2]}`"), fixes
    numbered = _NUMBERED.fullmatch(first)
    plain, number = (numbered[1], numbered[2]) if numbered else ("", "")
    plain = "maxpool" if plain == "pool" else plain
    if plain not in WORDS:
        return "", ()
    named = slip.line((plain, *slip.others()))
    fixes = tuple(Fix(fix.span, f"{word.text}: {named}") for fix in slip.whole([named]) if call.label is None)
    fixes += slip.whole([slip.line((plain, number, *slip.others()))]) if not fixes else ()
    return told(fixes, f"`{word.text}` may be a name: put a colon after it, and the layer's word"), fixes
