"""A net as an ONNX model: its bytes, and those of its arrays where they are in a file of their own."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.model import Analysis

if TYPE_CHECKING:
    from cnncalc.conversion.carried_weights import Arrays


def onnx_model(
    analysis: Analysis, arrays: Arrays, facts: tuple[str, ...], *, opset: int | None = None, external: str = ""
) -> Any:
    """The model with these arrays; `external` names the file that holds them, empty: they are in the model.

    Raises InputError.
    """
    import numpy as np

    writing = import_module("cnncalc.dialects.onnx.writing.model_bytes")

    def stored(name: str) -> bytes:
        return np.ascontiguousarray(arrays[name], np.dtype("<f4")).tobytes()

    chosen = {} if opset is None else {"opset": opset}
    return writing.write(analysis.graph, stored, facts=facts, external=external, **chosen)
