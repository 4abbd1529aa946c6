"""A model that Keras has saved, .keras or .h5: its layers from its configuration, its weights from the same file.

The configuration is laid out with one layer a line, so that a fault has a line to point at; `config` reads it.  Of the
weights nothing is looked at here: they are found by the names of layers when the net is run.  Files of weights alone
are refused, as they do not say what is connected with what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from cnncalc.diagnostics import Diagnostic, Part, Source, input_error
from cnncalc.dialects.json_text import JsonText, Value
from cnncalc.dialects.keras import config
from cnncalc.dialects.keras.keras_archive import CONFIG, configuration, is_zip
from cnncalc.graph.ir import Graph

Edit = tuple[int, str]
"""An offset of a text, and what is put in before it."""


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of the file `source.file`, with its own weights; raises InputError for the first fault.

    `input_size` is the size of the image where the model leaves it open.
    """
    path = Path(source.file)
    if source.entry:
        raise input_error(
            "entry-not-wanted",
            f"`:{source.entry}` chooses a model of a Python program, and {source.name} holds one model",
            help=f"leave it out: {source.name}",
        )
    text = configuration(path, source.name)
    if not text:
        raise input_error(
            "weights-without-model",
            f"{source.name} holds the weights of a Keras model, not its layers",
            help=f"give a model, and the file to `cnncalc run MODEL --weights {source.name}`; in Python, "
            "model.save('net.keras') saves both",
        )
    where = CONFIG if is_zip(path) else "model_config"
    shown = replace(source, text=text, parts=(Part(1, f"{where} in {source.name}"),))
    shown = replace(shown, text=laid_out(JsonText(shown)))
    graph, faults = config.read(shown, input_size, settings)
    return replace(graph, weights_in=source.file), faults


def laid_out(text: JsonText) -> str:
    """The JSON of a model with each layer on a line of its own, those of a model in it further to the right.

    >>> print(laid_out(JsonText(Source("config.json", '{"config": {"layers": [{"name": "a"}, {"name": "b"}]}}'))))
    {"config": {"layers": [
      {"name": "a"},
      {"name": "b"}
    ]}}
    """
    pieces: list[str] = []
    done = 0
    for offset, put in sorted(_line_ends(text.root, 1)):
        pieces += (text.text[done:offset].rstrip(), put)
        done = offset
    return "".join((*pieces, text.text[done:]))


def _line_ends(model: Value, depth: int) -> Iterator[Edit]:
    """Line ends before each layer of a model and behind the last one."""
    inner = model.content.get("config") if isinstance(model.content, dict) else None
    layers = inner.content if isinstance(inner, Value) else None
    listed = layers.get("layers") if isinstance(layers, dict) else inner
    if not isinstance(listed, Value) or not isinstance(listed.content, list) or not listed.content:
        return
    for layer in listed.content:
        yield layer.offset, "\n" + "  " * depth
        yield from _line_ends(layer, depth + 1)
    yield listed.end - 1, "\n" + "  " * (depth - 1)
