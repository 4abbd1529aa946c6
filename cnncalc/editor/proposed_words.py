"""The words that may come next where somebody types: layers with their operands, options, labels, blocks, values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from cnncalc.asked import QUANTITIES
from cnncalc.editor.named_places import Named
from cnncalc.editor.state import State
from cnncalc.editor.typed_line import TypedLine, seen_from, typed_line
from cnncalc.editor.word_facts import FROZEN, LayerFact, layer_fact, layer_words, option_fact, word_sentence
from cnncalc.geometry import PADDING_WORDS
from cnncalc.layers.filters import FILTERS
from cnncalc.layers.registry import JOINS
from cnncalc.sources import LABEL_LISTS, shipped_names
from cnncalc.spec.document import BlockDefinition, Call, Let, Token

ProposalKind = Literal["layer", "block", "option", "word", "label", "value", "keyword", "file"]

STRUCTURE = {
    "block": "block ${1:name} ${2:width}\n  $0\nend",
    "repeat": "repeat ${1:2}\n  $0\nend",
    "split": "split\nbranch\n  $0\nbranch\njoin ${1:add}",
    "branch": "branch",
    "join": "join ${1:add}",
    "if": "if ${1:$stride == 1}\n  $0\nend",
    "else": "else",
    "end": "end",
    "let": "let ${1:name} = ${2:1}",
    "include": "include ${1:resnet18}",
    "title": 'title "$0"',
    "total": "total",
    "output": "output",
    "filter": "filter ${1:name} = [${2:1 0 1}]",
    "data": "data ${1:name} = [${2:1 0 1}]",
    "count": "count ${1|torch,keras|}",
    "order": "order ${1|channels_last,channels_first|}",
    "labels": "labels ${1|imagenet,coco,voc|}",
    FROZEN: FROZEN,
}
"""Words at the start of a line that are no layers, each as a snippet."""

_FEW = {
    "order": ("channels_last", "channels_first"),
    "count": ("torch", "keras"),
    "labels": LABEL_LISTS,
    "rounding": ("own", "exact"),
    "join": JOINS,
}
_YES_OR_NO = ("yes", "no")
_MATRIX_OPTIONS = frozenset(("filter", "weights", "bias", "connect", "numbers"))


class Proposed(NamedTuple):
    """A word that may come next: in one line what it is, more about it, and as a snippet with places to fill in."""

    word: str
    kind: ProposalKind
    detail: str = ""
    more: str = ""
    snippet: str = ""


def proposed_words(state: State, line: int, before: str) -> tuple[Proposed, ...]:
    """What may come after the first half of a line, which is counted from 1; editors leave out what does not fit."""
    typed = typed_line(before)
    if typed.part in ("comment", "quotes"):
        return ()
    if typed.part == "answers":
        return tuple(_answers())
    seen = seen_from(state.named, state.lines, line)
    found = _dollars(seen) if "$" in typed.begun else _possible(typed, seen)
    return tuple({one.word: one for one in found}.values())


def _possible(typed: TypedLine, seen: tuple[Named, ...]) -> Iterator[Proposed]:
    if typed.option:
        yield from _values(typed, seen)
    elif not typed.words:
        yield from _first_words(typed, seen)
    elif typed.last == "from":
        yield from _labels(seen, matrices=typed.first == "input")
    elif typed.first == "include" and len(typed.words) == 1:
        yield from (Proposed(name, "file", "a network that ships with cnncalc") for name in shipped_names())
    elif typed.first in _FEW and len(typed.words) == 1:
        yield from _words(_FEW[typed.first])
    elif typed.first == "output":
        yield from _labels(seen)
    elif typed.first in ("if", "else", "let", "repeat"):
        yield from _dollars(seen)
    else:
        yield from _on_a_line(typed, seen)


def _first_words(typed: TypedLine, seen: tuple[Named, ...]) -> Iterator[Proposed]:
    for fact in layer_words():
        yield Proposed(fact.word, "layer", fact.usage, fact.sentence, snippet_of(fact))
    for one in seen:
        if isinstance(one.statement, BlockDefinition) and one.kind == "block":
            yield _block(one.statement)
    if not typed.has_label:
        yield from (Proposed(word, "keyword", "", word_sentence(word), text) for word, text in STRUCTURE.items())


def snippet_of(fact: LayerFact) -> str:
    """A line of a layer with its operands as places to fill in: `conv ${1:32} ${2:5x5}`."""
    word, *operands = fact.sample.split(" ") if '"' not in fact.sample else fact.sample.split(" ", 1)
    parts = (f"${{{n}:{_escaped(operand)}}}" for n, operand in enumerate(operands, 1))
    return " ".join((word, *parts))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


def _block(block: BlockDefinition) -> Proposed:
    wanted = [one.name.text for one in block.parameters if one.default is None]
    shown = " ".join(
        one.name.text + (f"={one.default.text}" if isinstance(one.default, Token) else "") for one in block.parameters
    )
    places = (f"${{{n}:{name}}}" for n, name in enumerate(wanted, 1))
    name = block.name.text
    return Proposed(name, "block", f"block {name} {shown}".strip(), snippet=" ".join((name, *places)))


def _on_a_line(typed: TypedLine, seen: tuple[Named, ...]) -> Iterator[Proposed]:
    """What may follow a layer, a join or the call of a block."""
    first = typed.words[1].lower() if typed.first == "join" and len(typed.words) > 1 else typed.first
    block = next((one.statement for one in seen if one.kind == "block" and one.name.lower() == first), None)
    fact = layer_fact(first)
    if isinstance(block, BlockDefinition):
        for one in block.parameters:
            default = f"usually {one.default.text}" if isinstance(one.default, Token) else ""
            yield Proposed(f"{one.name.text}=", "option", default or f"a parameter of {block.name.text}")
        yield from _labels(seen)
    elif fact is not None:
        yield from _labels(seen) if fact.takes_labels else ()
        yield from _of_layer(fact)
    if isinstance(block, BlockDefinition) or fact is not None:
        yield Proposed("from", "keyword", "", word_sentence("from"), "from ${1:label}")
        yield Proposed("times", "keyword", "", word_sentence("times"), "times ${1:2}")
        yield Proposed("shared=", "option", "the label of a line whose weights are used")
        yield Proposed(FROZEN, "keyword", "", word_sentence(FROZEN))
    yield from _dollars(seen)


def _of_layer(fact: LayerFact) -> Iterator[Proposed]:
    for option in fact.options:
        if option.kind != "flag":
            yield Proposed(f"{option.name}=", "option", option.help)
    yield from _words(fact.bare)
    for post in layer_words():
        if post.is_post and not fact.is_post:
            yield Proposed(post.word, "layer", "", post.sentence)


def _values(typed: TypedLine, seen: tuple[Named, ...]) -> Iterator[Proposed]:
    """What may come after `name=`."""
    name = typed.option.lower()
    fact = option_fact(typed.first, name)
    if name == "shared":
        yield from _labels(seen)
    elif fact is not None and fact.kind == "padding":
        yield from _words(PADDING_WORDS)
    elif fact is not None and fact.choices:
        yield from _words(fact.choices)
    elif fact is not None and fact.kind == "flag":
        yield from _words(_YES_OR_NO)
    if name in _MATRIX_OPTIONS:
        yield from (Proposed(one.name, "value", "a matrix of this text") for one in seen if one.kind == "matrix")
        yield from (Proposed(one, "value", "a filter that is built in") for one in FILTERS if name == "filter")
    if any(one.kind == "block" and one.name.lower() == typed.first for one in seen):
        yield from _labels(seen)
    yield from _dollars(seen)


def _words(words: Iterable[str]) -> Iterator[Proposed]:
    yield from (Proposed(word, "word", "", word_sentence(word)) for word in words)


def _labels(seen: tuple[Named, ...], *, matrices: bool = False) -> Iterator[Proposed]:
    for one in seen:
        if one.kind == "label" and isinstance(one.statement, Call):
            yield Proposed(one.name, "label", one.statement.text)
        elif one.kind == "matrix" and matrices:
            yield Proposed(one.name, "value", "a matrix of this text")


def _dollars(seen: tuple[Named, ...]) -> Iterator[Proposed]:
    for one in seen:
        if one.kind in ("parameter", "constant", "counter"):
            value = one.statement.value.text if isinstance(one.statement, Let) else f"a {one.kind}"
            yield Proposed(f"${one.name}", "value", value)
    yield Proposed("$in", "value", "the channels that arrive at this line")


def _answers() -> Iterator[Proposed]:
    for one in QUANTITIES:
        yield Proposed(one.name, "word", "", word_sentence(one.name))
    yield from (Proposed(word, "word", "", word_sentence(word)) for word in ("each", "all", "worth"))
