"""A layer of a line while its words are being read, and what those words may refer to.

How a word is put to an argument is not known here (`cnncalc.graph.arguments`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.geometry import Shape
from cnncalc.graph.scopes import Names
from cnncalc.graph.signatures import Signature
from cnncalc.graph.tries import Tries
from cnncalc.layers.base import Layer
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Token


@dataclass
class ReadLayer:
    """One layer of a line while it is being read: the values found so far and where they stood."""

    word: Token
    signature: Signature
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    named: dict[str, str | None] = field(default_factory=dict)
    """What stands before a value that is written with its name: `stride=`; None in a call as Python writes it."""
    labels: list[Token] = field(default_factory=list)
    built: Layer | None = None
    """The layer, once it is made."""

    def build(self, defaults: Mapping[str, Any]) -> Layer:
        """The layer; `defaults` fill fields such as `order` that the file sets for all lines."""
        if self.built is None:
            filled = {name: value for name, value in defaults.items() if name in self.signature.fields}
            self.built = self.signature.layer(**(filled | self.values))
        return self.built


class Surroundings(NamedTuple):
    """What a line may refer to: `$names`, matrices by name, and values that the file sets for every line.

    `checked_only`: the line does not count; its words are looked up, and what a `$name` stands for is left open.
    """

    environment: Names
    matrices: Mapping[str, Matrix]
    defaults: Mapping[str, Any]
    tries: Tries
    checked_only: bool = False
    arriving: Shape | None = None


def missing_operands(layer: ReadLayer, numbers: Iterable[Token]) -> Diagnostic | None:
    """The fault of a layer that lacks an operand it needs; `numbers` stand on its line."""
    missing = [name for name in layer.signature.required if name not in layer.values]
    if not missing:
        return None
    from cnncalc.graph.line_usage import usage

    named = {name: name.replace("_", " ") for name in missing}
    expected = " and ".join(f"{named[one]} ({layer.signature.fields[one].metadata['help']})" for one in missing)
    return Diagnostic(
        "missing-operand",
        f"{layer.word.text} needs its {' and '.join(named.values())}",
        layer.word.span,
        notes=(expected,),
        help=usage(layer.word.text, layer.signature, numbers),
    )
