"""What a layer word or a diagnostic means: the layer's own docstring and arguments, the catalogue's own words."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from typing import Any

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.catalogue import Entry, entries
from cnncalc.diagnostics.rendering import rendered
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.geometry import Padding
from cnncalc.graph import load_graph
from cnncalc.graph.signatures import signature
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import LAYERS, WORDS, argument_spellings, layer_class
from cnncalc.report.layout import Canvas


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
        lines += ["", f"May follow a layer on its line: `conv 16 3x3 {word}`"]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def words_listed(canvas: Canvas) -> str:
    """Every layer word with the first sentence of its page."""
    room = max(map(len, LAYERS))
    lines: list[str] = []
    for word in LAYERS:
        sentence = (inspect.getdoc(layer_class(word)) or "").split("\n\n", 1)[0].replace("\n", " ")
        first, *more = wrapped(sentence, canvas.width and canvas.width - room - 2)
        lines.append(f"{canvas.paint(word.ljust(room), 'name')}  {first}")
        lines += [" " * (room + 2) + line for line in more]
    return "".join(f"{line}\n" for line in lines)


def code_explained(code: str, canvas: Canvas) -> str | None:
    """The page of a diagnostic; None if there is no such code."""
    entry = entries().get(code.lower())
    if entry is None:
        return None
    example = [f"    {line}" for line in _excerpt(entry.example.rstrip("\n"))]
    lines = [canvas.paint(code.lower(), "title"), "", *wrapped(_sentence(entry.meaning), canvas.width), ""]
    lines += [*wrapped(entry.explanation, canvas.width), "", "Example:", "", *example]
    said = _said_about(code.lower(), entry.example)
    lines += ["", "It says:", "", *(line for part in said for line in _indented(part, canvas.width))] if said else []
    return "".join(f"{line.rstrip()}\n" for line in lines)


MOST_LINES, LONGEST_LINE = 8, 72
"""Of an example that is long on purpose, so much is shown."""


def _excerpt(example: str) -> list[str]:
    lines = example.split("\n")
    shown = [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..." for line in lines[:MOST_LINES]]
    return shown if len(lines) <= MOST_LINES else [*shown, f"... and {len(lines) - MOST_LINES} lines more"]


def _indented(said: str, width: int | None) -> list[str]:
    """A line of what is said; the advice is wrapped, the excerpt with its carets never is."""
    margin, sign, _ = said.partition("= ")
    hanging = f"    {margin}  " if sign and not margin.strip() else "    "
    if not (sign and not margin.strip()) and not said.startswith(("error[", "warning[")):
        return [f"    {said}"]
    first, *more = wrapped(said.strip(), width and width - len(hanging))
    return [f"    {margin if hanging != '    ' else ''}{first}", *(hanging + line for line in more)]


def _said_about(code: str, example: str) -> list[str]:
    """What the example gets to hear; nothing where it is a command line and no model."""
    source = Source("example.txt", example)
    graph, faults = load_graph(source)
    found = faults or analyse(graph).warnings
    return next((rendered(fault, source).split("\n") for fault in found if fault.code == code), [])


def known_codes() -> dict[str, Entry]:
    """Every code that `explain` knows."""
    return entries()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _page(layer: type[Layer], canvas: Canvas) -> list[str]:
    doc = [line for part in _prose(inspect.getdoc(layer) or "") for line in wrapped(part, canvas.width)]
    arguments = list(_arguments(layer))
    if not arguments:
        return doc
    room = max(len(name) for name, _ in arguments)
    lines = [*doc, "", canvas.paint("Arguments", "heading")]
    for name, about in arguments:
        first, *more = wrapped(about, canvas.width and canvas.width - room - 4)
        lines.append(f"  {canvas.paint(name.ljust(room), 'name')}  {first}")
        lines += [" " * (room + 4) + line for line in more]
    return lines


_LABELLED = re.compile(r"[A-Z]\w*( \w+)?:")


def _prose(doc: str) -> list[str]:
    """The docstring's sentences, one line each for `Output:`, `Weights:` and so on; without Python's examples."""
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


def _arguments(layer: type[Layer]) -> Iterator[tuple[str, str]]:
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
        if metadata.get("words"):
            written = " | ".join(metadata["words"])
        elif metadata.get("positional"):
            written = name.upper()
        else:
            written = f"{name}="
        yield written, f"{metadata['help']}{_default(field)}{spellings}"


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING or field.default is None:
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
