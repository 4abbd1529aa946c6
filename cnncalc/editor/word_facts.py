"""What is said about the words of the language in few lines: by the layers' own declarations and the manual's pages."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cnncalc.geometry import PADDING_WORDS
from cnncalc.graph.freezing import WORD as FROZEN
from cnncalc.graph.line_usage import usage
from cnncalc.graph.signatures import Signature, signature
from cnncalc.layers.registry import LAYERS, POST_WORDS, WORDS, layer_class
from cnncalc.manual import pages_called
from cnncalc.report.layer_pages import arguments_told, layer_prose

_SAMPLE = re.compile(r"`([^`]+)`$")


class OptionFact(NamedTuple):
    """An option of a layer: its canonical name, its help, its kind, and the words that it may be."""

    name: str
    help: str
    kind: str
    choices: tuple[str, ...] = ()


class LayerFact(NamedTuple):
    """A layer word: `conv FILTERS KERNEL_SIZE`, what it does in a sentence, a line as it may be written."""

    word: str
    usage: str
    sentence: str
    sample: str
    options: tuple[OptionFact, ...]
    bare: tuple[str, ...]
    takes_labels: bool
    is_post: bool


@cache
def layer_fact(spelling: str) -> LayerFact | None:
    """What there is to say of a layer word, whatever its spelling; None for other words."""
    word = WORDS.get(spelling.lower())
    if word is None:
        return None
    layer = layer_class(word)
    takes = signature(layer)
    operands = " ".join(takes.fields[name].metadata.get("name", name).upper() for name in takes.operands)
    shown = f"{word} {'LABELS' if takes.takes_labels else operands}".strip()
    found = _SAMPLE.search(usage(word, takes))
    sentence = next(iter(layer_prose(layer)), "")
    bare = tuple(takes.bare)
    return LayerFact(
        word,
        shown,
        sentence,
        found[1] if found else word,
        _options(takes),
        bare,
        takes.takes_labels,
        word in POST_WORDS,
    )


def _options(takes: Signature) -> tuple[OptionFact, ...]:
    """Options by their canonical names; operands, which may be written so too, are left out."""
    found: dict[str, OptionFact] = {}
    for field, declared in takes.fields.items():
        metadata = declared.metadata
        name = metadata.get("name", field)
        if field not in takes.operands and name not in found:
            words = metadata.get("choices", ())
            words = tuple(PADDING_WORDS) if metadata["kind"] == "padding" else words
            words = ("yes", "no") if metadata["kind"] == "flag" else words
            found[name] = OptionFact(name, metadata["help"], metadata["kind"], tuple(words))
    return tuple(found.values())


def option_fact(word: str, spelling: str) -> OptionFact | None:
    """An option of a layer, by any of its spellings."""
    known = WORDS.get(word.lower())
    if known is None:
        return None
    layer = layer_class(known)
    takes = signature(layer)
    field = takes.options.get(spelling.lower())
    if field is None:
        return None
    metadata = takes.fields[field].metadata
    return OptionFact(
        metadata.get("name", field), metadata["help"], metadata["kind"], tuple(metadata.get("choices", ()))
    )


def layer_words() -> tuple[LayerFact, ...]:
    """Every layer word in its canonical spelling."""
    return tuple(fact for word in LAYERS if (fact := layer_fact(word)) is not None)


def word_sentence(word: str) -> str:
    """The first sentence of the manual's page of a word; empty where it has none."""
    page = next(iter(pages_called(word)), None)
    return page.sentence if page is not None and page.group in ("language", "terms") else ""


def layer_page(word: str) -> str:
    """What a layer does and its arguments, as Markdown."""
    known = WORDS.get(word.lower())
    fact = layer_fact(word)
    if known is None or fact is None:
        return ""
    layer = layer_class(known)
    prose = "\n\n".join(as_markdown(part) for part in layer_prose(layer) if part)
    rows = "\n".join(f"- `{name}`: {as_markdown(about)}" for name, about in arguments_told(layer))
    return f"{prose}\n\n{rows}".strip()


def as_markdown(text: str) -> str:
    """Words of ours as Markdown shows them: only what is between backticks is set as code.

    >>> as_markdown("k_height * k_width, as `a*b`")
    'k\\\\_height \\\\* k\\\\_width, as `a*b`'
    """
    parts = text.split("`")
    return "`".join(re.sub(r"([*_<\[\]\\])", r"\\\1", part) if n % 2 == 0 else part for n, part in enumerate(parts))


__all__ = [
    "FROZEN",
    "LayerFact",
    "OptionFact",
    "as_markdown",
    "layer_fact",
    "layer_page",
    "layer_words",
    "option_fact",
    "word_sentence",
]
