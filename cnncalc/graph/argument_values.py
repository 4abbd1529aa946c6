"""The value of one argument, as the declaration of its field says it is written; matrices and filters by their name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from cnncalc.graph.faults import Fault
from cnncalc.graph.values import EXPECTED, READERS, nearest_fix
from cnncalc.layers.base import NamedMatrix
from cnncalc.matrices import Matrix
from cnncalc.spec.document import MatrixLiteral, Value


def argument_value(declared: dataclasses.Field[Any], value: Value, matrices: Mapping[str, Matrix]) -> Any:
    """What is written, as the field needs it; `matrices` are the file's own.  Raises Fault where it is unfit."""
    kind = declared.metadata["kind"]
    if kind in ("matrix", "table"):
        return _matrix(value, kind, matrices)
    if isinstance(value, MatrixLiteral):
        raise Fault("wrong-operand", f"expected {EXPECTED.get(kind, 'a word')}, found a matrix", value.span)
    if kind == "choice":
        choices = declared.metadata["choices"]
        if value.text.lower() not in choices:
            advice, fixes = nearest_fix(value, choices)
            message = f"`{value.text}` is not one of {', '.join(choices)}"
            raise Fault("wrong-operand", message, value.span, help=advice, fixes=fixes)
        return value.text.lower()
    return READERS[kind](value)


def _matrix(value: Value, kind: str, matrices: Mapping[str, Matrix]) -> NamedMatrix:
    if isinstance(value, MatrixLiteral):
        return NamedMatrix("[...]", value.matrix)
    if value.text in matrices:
        return NamedMatrix(value.text, matrices[value.text])
    from cnncalc.layers.filters import FILTERS

    if kind == "matrix" and value.text.lower() in FILTERS:
        return NamedMatrix(value.text.lower(), FILTERS[value.text.lower()].matrix)
    from cnncalc.graph.matrix_slips import unknown_filter

    raise unknown_filter(value, (*matrices, *FILTERS))
