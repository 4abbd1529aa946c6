"""Lines that say the same as one before: their words are not put to arguments again, and their layers are the same.

Only a line that means the same wherever it stands is kept: it names no other line and no matrix, and what its `$names`
stand for is part of what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.graph.expressions import UNKNOWN, Environment, names_in
from cnncalc.graph.read_layer import ReadLayer
from cnncalc.graph.weight_option import OPTION
from cnncalc.layers.base import NamedMatrix
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Call, Token

_Key = tuple[str, str, int, tuple[tuple[str, bool], ...]]


class Reading(NamedTuple):
    """The layers of a line, and its text as the table shows it."""

    layers: list[ReadLayer]
    text: str


class SameReadings:
    """What the lines of one text were read as."""

    def __init__(self, lines: Sequence[str], matrices: Mapping[str, Matrix]) -> None:
        self._lines, self._matrices = lines, matrices
        self._known: dict[_Key, Reading] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    def found(self, call: Call, environment: Environment) -> Reading | None:
        """What such a line was read as, at the places of this one; None where none is known."""
        key = self._key(call, environment)
        known = None if key is None else self._known.get(key)
        if known is None:
            return None
        here, there = call.word.span, known.layers[0].word.span
        if here == there:  # a block that is called again
            return known
        further = here.column - there.column
        return Reading([_at(layer, here.line, further) for layer in known.layers], known.text)

    def keep(self, call: Call, environment: Environment, reading: Reading) -> None:
        """Keep what a line without faults was read as, where it is the same wherever the line stands."""
        layers = reading.layers
        if OPTION in call.text.lower() or call.sources or call.pasted or call.expects:
            return
        if any(layer.signature.takes_labels or _names_matrix(layer) for layer in layers):
            return
        places = [span for layer in layers for span in (layer.word.span, *layer.spans.values())]
        is_alone = all(one.line == call.word.span.line and one.column >= call.word.span.column for one in places)
        if is_alone and (key := self._key(call, environment)) is not None:
            self._known[key] = reading

    def _key(self, call: Call, environment: Environment) -> _Key | None:
        """Its words, how they are set, how many matrices have a name there, and what its `$names` stand for."""
        values = []
        if "$" in call.text:
            if call.text not in self._names:
                self._names[call.text] = names_in(call.text)
            for name in self._names[call.text]:
                value = environment.get(name, UNKNOWN)
                if value is UNKNOWN or not isinstance(value, Token):
                    return None
                values.append((value.text, value.quoted))
        place = call.word.span
        set_as = self._lines[place.line - 1][place.column - 1 :]
        return call.text, set_as, len(self._matrices), tuple(values)


def _names_matrix(layer: ReadLayer) -> bool:
    return any(isinstance(value, NamedMatrix) for value in layer.values.values())


def _at(layer: ReadLayer, line: int, further: int) -> ReadLayer:
    """The layer of a line elsewhere, so many columns further on."""
    spans = {name: Span(line, span.column + further, span.length) for name, span in layer.spans.items()}
    _, column, length = layer.word.span
    word = Token(layer.word.text, Span(line, column + further, length))
    return ReadLayer(word, layer.signature, layer.values, spans, layer.named, [], layer.built)
