"""The pages of layer words, of their options and of layers that only other nets have: as they say themselves."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from typing import Any

from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.geometry import Padding
from cnncalc.graph.other_layers import KINDS, other_kind
from cnncalc.graph.signatures import signature
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import LAYERS, WORDS, argument_spellings, layer_class
from cnncalc.report.canvas import Canvas
from cnncalc.report.manual_pages import entry_lines


def word_explained(spelling: str, canvas: Canvas) -> str | None:
    """The page of a layer word, whatever its spelling; None if it is no layer word."""
    word = WORDS.get(spelling.lower())
    if word is None:
        return None
    entry = LAYERS[word]
    lines = [canvas.paint(word, "title"), ""]
    lines += _page(layer_class(word), canvas)
    for option, _ in entry.variants:
        lines += ["", canvas.paint(f"{word} {option}=NAME", "title"), "", *_page(layer_class(word, option), canvas)]
    if entry.aliases:
        lines += ["", *wrapped(f"Also written: {', '.join(entry.aliases)}", canvas.width)]
    if entry.post:
        lines += ["", *wrapped(f"May follow a layer on its line: `conv 16 3x3 {word}`", canvas.width)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def option_explained(spelling: str, canvas: Canvas) -> str | None:
    """The layers that take an option of that spelling, each with what it does there; None where none does."""
    name = spelling.lower().replace("-", "_").removesuffix("=")
    takers: dict[tuple[str, str], list[str]] = {}
    for word in LAYERS:
        layer = layer_class(word)
        for field in dataclasses.fields(layer):  # type: ignore[arg-type]
            metadata = field.metadata
            if "kind" in metadata and name in (*_names_of(layer, metadata.get("name", field.name)), *_words(metadata)):
                takers.setdefault((_as_written(field), _about(field)), []).append(word)
    if not takers:
        return None
    lines = [canvas.paint(name, "title")]
    for (written, about), words in takers.items():
        said = f"`{written}` of {', '.join(words)}: {about}"
        lines += ["", *wrapped(said, canvas.width)]
    lines += ["", *wrapped(f"`cnncalc explain {next(iter(takers.values()))[0]}` says more.", canvas.width)]
    return "".join(f"{line}\n" for line in lines)


def _names_of(layer: type[Layer], meant: str) -> list[str]:
    return [spelling for spelling, name in argument_spellings(layer).items() if name == meant]


def _words(metadata: Any) -> tuple[str, ...]:
    return (*metadata.get("words", ()), *metadata.get("choices", ()))


def other_kind_explained(word: str, canvas: Canvas) -> str | None:
    """What a layer of another kind of net is, and its parameters by formula; None where the word names none."""
    name = other_kind(word)
    if not name:
        return None
    kind = KINDS[name]
    lines = [canvas.paint(word.lower(), "title"), ""]
    lines += wrapped(f"{_sentence(kind.what)} cnncalc computes convolutional nets and has no such layer.", canvas.width)
    lines += ["", *wrapped("End the net above this line, and add its parameters by the formula:", canvas.width), ""]
    for count in kind.counts:
        first, *more = wrapped(f"params in {count.framework} = {count.symbols}", canvas.width and canvas.width - 8)
        lines += [f"    {first}", *(f"        {line}" for line in more)]
    meaning = ", ".join(f"{letter} {what}" for letter, what in kind.letters.items())
    lines += ["", *wrapped(f"where {meaning}", canvas.width)] if meaning else []
    return "".join(f"{line}\n" for line in lines)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _page(layer: type[Layer], canvas: Canvas) -> list[str]:
    doc = [line for part in layer_prose(layer) for line in wrapped(part, canvas.width)]
    arguments = dict(arguments_told(layer))
    return [*doc, "", canvas.paint("Arguments", "heading"), *entry_lines(arguments, canvas, "  ")] if arguments else doc


_LABELLED = re.compile(r"[A-Z]\w*( \w+)?:")


def layer_prose(layer: type[Layer]) -> list[str]:
    """The docstring's sentences, one line each for `Output:`, `Weights:` and so on; without Python's examples."""
    doc = inspect.getdoc(layer) or ""
    kept: list[str] = []
    inside = False
    for line in doc.split("\n"):
        inside = line.startswith((">>>", "...")) or (inside and line.strip() != "")
        if inside or not (line.strip() or (kept and kept[-1])):
            continue
        if line.strip() and kept and kept[-1] and not _LABELLED.match(line):
            kept[-1] += f" {line.strip()}"
        else:
            kept.append(line)
    return kept[:-1] if kept and not kept[-1] else kept


def arguments_told(layer: type[Layer]) -> Iterator[tuple[str, str]]:
    """Each argument as it is written, with its help, its default and its other spellings."""
    told: set[str] = set()
    if signature(layer).takes_labels:
        one, several = f"`{layer.word} a`", f"`{layer.word} a b`"
        yield "LABELS", f"one joins the line before with that line: {one}; two or more join exactly these: {several}"
    for field in dataclasses.fields(layer):  # type: ignore[arg-type]
        metadata = field.metadata
        if "kind" not in metadata:
            continue
        name = metadata.get("name", field.name)
        spellings = "" if name in told else _spellings(layer, name, metadata)
        told.add(name)
        yield _as_written(field), f"{_about(field)}{spellings}"


def _as_written(field: dataclasses.Field[Any]) -> str:
    """How an argument stands on a line: `FILTERS`, `stride=`, `bias | nobias`."""
    name: str = field.metadata.get("name", field.name)
    if field.metadata.get("words"):
        return " | ".join(field.metadata["words"])
    return name.upper() if field.metadata.get("positional") else f"{name}="


def _about(field: dataclasses.Field[Any]) -> str:
    return f"{field.metadata['help']}{_default(field)}"


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default in (dataclasses.MISSING, None, "", ()):
        return ""
    value: Any = field.default
    if field.metadata["kind"] == "flag":
        words = [word for word, meaning in field.metadata.get("words", {}).items() if meaning == value]
        return f" (default: {words[0]})" if words else ""
    return f" (default: {_written(value)})"


def _written(value: Any) -> str:
    if isinstance(value, Padding):
        return value.text
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _spellings(layer: type[Layer], name: str, metadata: Any) -> str:
    choices = f"; one of {', '.join(metadata['choices'])}" if metadata.get("choices") else ""
    others = [other for other, meant in argument_spellings(layer).items() if meant == name != other]
    return choices + (f"; also {', '.join(f'{other}=' for other in others)}" if others else "")
