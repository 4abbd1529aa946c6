"""What may be written for a layer class, by spelling: operands in order, options by name, bare words.

Found once a class from the declarations of its fields (`cnncalc.layers.base`); no layer is known by name here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.geometry import PADDING_WORDS
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import argument_spellings


class Signature(NamedTuple):
    """What may be written for a layer class, by spelling."""

    layer: type[Layer]
    fields: Mapping[str, dataclasses.Field[Any]]
    operands: tuple[str, ...]
    options: Mapping[str, str]
    bare: Mapping[str, tuple[str, Any]]
    required: tuple[str, ...]
    takes_labels: bool


ARRIVING = {
    **dict.fromkeys(("in_channels", "input_channels", "num_features"), "channels"),
    "in_features": "numbers",
}
"""Options that say what arrives, in PyTorch's words -> what they count: no part of a layer here, but checked."""

_signatures: dict[type[Layer], Signature] = {}


def signature(layer: type[Layer]) -> Signature:
    """The signature of a layer class, from the declarations of its fields; found once a class."""
    if layer not in _signatures:
        _signatures[layer] = _signature(layer)
    return _signatures[layer]


def _signature(layer: type[Layer]) -> Signature:
    declared = {one.name: one for one in dataclasses.fields(layer) if "kind" in one.metadata}  # type: ignore[arg-type]
    bare: dict[str, tuple[str, Any]] = {}
    written: dict[str, str] = {}
    for name, one in declared.items():
        if one.metadata["kind"] == "padding":
            bare |= {word: (name, value) for word, value in PADDING_WORDS.items()}
        bare |= {word: (name, word) for word in one.metadata.get("choices", ())}
        bare |= {word: (name, value) for word, value in one.metadata.get("words", {}).items()}
        written.setdefault(one.metadata.get("name", name), name)
    options = {spelling: written[name] for spelling, name in argument_spellings(layer).items() if name in written}
    operands = tuple(name for name, one in declared.items() if one.metadata["positional"])
    required = tuple(name for name, one in declared.items() if one.default is dataclasses.MISSING)
    takes_labels = layer.largest_inputs not in (0, 1)
    return Signature(layer, declared, operands, options, bare, required, takes_labels)
