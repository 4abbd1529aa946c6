"""A layer's arguments, exact numbers and matrices as JSON values, and back.

Every kind of argument that `cnncalc.layers.base` knows has its form here.  Exact numbers are whole, or texts such as
"1/9"; a matrix is a list of planes of rows, and is named where the model names it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NoReturn

from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.json_text import JsonText, Value
from cnncalc.geometry import AXIS_NAMES, LARGEST_SIZE, PADDING_WORDS, Padding
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.layers.registry import LAYERS, layer_class
from cnncalc.matrices import Matrix, Row
from cnncalc.quantities import number
from cnncalc.spec.statements import is_label, is_name

INLINE = "[...]"


def _declared(layer: type[Layer]) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(layer) if "kind" in field.metadata]  # type: ignore[arg-type]


def _name(layer: type[Layer], field: dataclasses.Field[Any]) -> str:
    """The canonical name; a second field of the same name (`bias` given and `bias` switched) keeps its own."""
    name = str(field.metadata.get("name", field.name))
    return name if all(other.name != name for other in _declared(layer)) else field.name


def _is_factor(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= LARGEST_SIZE


class Values:
    """Reads values of one text, whose matrices have names."""

    def __init__(self, text: JsonText) -> None:
        self.text = text
        self.matrices: dict[str, Matrix] = {}
        self.readers: Mapping[str, Callable[[Value], Any]] = {
            "count": lambda value: self.whole(value, 1),
            "sizes": lambda value: self._wholes(value, 1),
            "factors": self._factors,
            "rows": lambda value: self._wholes(value, 0),
            "shape": lambda value: self._wholes(value, 1),
            "padding": self._padding,
            "number": self._float,
            "numbers": lambda value: tuple(self._float(item) for item in self.items(value)),
            "flag": self.flag,
            "matrix": self._named_matrix,
            "table": self._named_matrix,
            "range": self._range,
            "axes": self._axes,
            "axis": self._axis,
            "pattern": self.string,
        }

    def refuse(self, value: Value, expected: str) -> NoReturn:
        """The fault of a value that is of another kind."""
        self.text.refuse("unfit-value", f"{expected} is expected here", value.offset)

    def members(self, value: Value, known: tuple[str, ...] = ()) -> dict[str, Value]:
        """An object's values by name; names that are not among `known` are refused."""
        if not isinstance(value.content, dict):
            self.refuse(value, "an object { }")
        for name, member in value.content.items():
            if known and name not in known:
                advice = did_you_mean(name, known)
                self.text.refuse("unknown-member", f"`{name[:40]}` is unknown here", member.offset, help=advice)
        return value.content

    def items(self, value: Value) -> list[Value]:
        """A list's values."""
        if not isinstance(value.content, list):
            self.refuse(value, "a list [ ]")
        return value.content

    def string(self, value: Value) -> str:
        """A text on one line."""
        if not isinstance(value.content, str) or any(character < " " for character in value.content):
            self.refuse(value, "a text on one line")
        return value.content

    def name(self, value: Value) -> str:
        """A text that can name a block or a matrix."""
        if not isinstance(value.content, str) or not is_name(value.content):
            self.refuse(value, "a name (letters, digits, _ and -; a letter first)")
        return value.content

    def label(self, value: Value) -> str:
        """A text that can name a line."""
        if not isinstance(value.content, str) or not is_label(value.content):
            self.refuse(value, "a label (letters, digits, _ and -, with dots between; a letter first)")
        return value.content

    def whole(self, value: Value, smallest: int = 0, largest: int = LARGEST_SIZE) -> int:
        """A whole number within bounds."""
        number = value.content
        if not isinstance(number, int) or isinstance(number, bool) or not smallest <= number <= largest:
            self.refuse(value, f"a whole number from {smallest} to {largest:,}")
        return number

    def exact(self, value: Value) -> Fraction:
        """A whole number, or a text such as "1/9"."""
        if isinstance(value.content, int) and not isinstance(value.content, bool):
            return Fraction(value.content)
        found = number(value.content) if isinstance(value.content, str) else None
        if found is None:
            self.refuse(value, 'a whole number or a text such as "1/9"')
        return found

    def matrix(self, value: Value) -> Matrix:
        """Planes of rows, all of one size."""
        planes = tuple(tuple(self._row(row) for row in self.items(plane)) for plane in self.items(value))
        sizes = {(len(plane), len(row)) for plane in planes for row in plane}
        if len(sizes) != 1 or (0 in next(iter(sizes))) or not all(planes):
            self.refuse(value, "a matrix whose planes and rows have one size")
        return Matrix(planes)

    def _row(self, value: Value) -> Row:
        return tuple(self.exact(item) for item in self.items(value))

    def layer(self, word: Value, arguments: Value | None, order: str) -> Layer:
        """The layer of a word with its arguments."""
        if self.string(word) not in LAYERS:
            advice = did_you_mean(word.content, LAYERS)
            self.text.refuse("unknown-layer", f"`{word.content[:40]}` is not a layer word", word.offset, help=advice)
        given = self.members(arguments) if arguments is not None else {}
        variant = next((option for option, _ in LAYERS[word.content].variants if option in given), "")
        layer = layer_class(word.content, variant)
        fields = {_name(layer, field): field for field in _declared(layer)}
        if arguments is not None:
            self.members(arguments, tuple(fields))
        values = {fields[name].name: self._argument(fields[name], value) for name, value in given.items()}
        for name, field in fields.items():
            if field.default is dataclasses.MISSING and field.name not in values:
                self.text.refuse("missing-member", f"{word.content} needs `{name}`", word.offset)
        if "order" in fields:
            values.setdefault("order", order)
        return layer(**values)

    def _argument(self, field: dataclasses.Field[Any], value: Value) -> Any:
        kind = field.metadata["kind"]
        if kind != "choice":
            return self.readers[kind](value)
        if self.string(value) not in field.metadata["choices"]:
            self.refuse(value, f"one of {', '.join(field.metadata['choices'])}")
        return value.content

    def _wholes(self, value: Value, smallest: int) -> tuple[int, ...]:
        found = tuple(self.whole(item, smallest) for item in self.items(value))
        if not 1 <= len(found) <= 5:
            self.refuse(value, "one number for each axis")
        return found

    def _factors(self, value: Value) -> tuple[int | float, ...]:
        found = tuple(item.content for item in self.items(value))
        if not 1 <= len(found) <= 3 or not all(_is_factor(one) for one in found):
            self.refuse(value, "one factor above 0 for each axis")
        return found

    def _padding(self, value: Value) -> Padding:
        if isinstance(value.content, str) and value.content in PADDING_WORDS:
            return PADDING_WORDS[value.content]
        pairs = [self._wholes(pair, 0) for pair in self.items(value)]
        if not 1 <= len(pairs) <= 3 or any(len(pair) != 2 for pair in pairs):
            self.refuse(value, f"{', '.join(PADDING_WORDS)}, or [before, after] for each axis")
        return Padding("explicit", tuple((before, after) for before, after in pairs))

    def _float(self, value: Value) -> float:
        if not isinstance(value.content, (int, float)) or isinstance(value.content, bool):
            self.refuse(value, "a number")
        return float(value.content)

    def flag(self, value: Value) -> bool:
        """true or false."""
        if not isinstance(value.content, bool):
            self.refuse(value, "true or false")
        return value.content

    def _axis(self, value: Value) -> str:
        found = self.string(value)
        if found not in (*AXIS_NAMES[3], "channels"):
            self.refuse(value, f"one of {', '.join((*AXIS_NAMES[3], 'channels'))}")
        return found

    def _axes(self, value: Value) -> tuple[str, ...]:
        found = tuple(self.string(item) for item in self.items(value))
        known = (*AXIS_NAMES[3], "channels")
        if not found or len(set(found)) < len(found) or not set(found) <= set(known):
            self.refuse(value, f"names of axes, each once: {', '.join(known)}")
        return found

    def _range(self, value: Value) -> tuple[int, int]:
        found = self._wholes(value, 0)
        if len(found) != 2:
            self.refuse(value, "the first channel and the one after the last")
        return found[0], found[1]

    def _named_matrix(self, value: Value) -> NamedMatrix:
        if not isinstance(value.content, str):
            return NamedMatrix(INLINE, self.matrix(value))
        if value.content not in self.matrices:
            advice = did_you_mean(value.content, self.matrices)
            self.text.refuse("unknown-matrix", f"no matrix is called `{value.content[:40]}`", value.offset, help=advice)
        return NamedMatrix(value.content, self.matrices[value.content])
