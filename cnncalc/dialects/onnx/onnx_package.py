"""ONNX among the frameworks: what tensors do here that a program would write, and in which order axes stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.trace import Module, Tensor, Trace
from cnncalc.geometry import Order
from cnncalc.graph.ir import Count
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading


class OnnxPackage:
    """What `dialects.traced` asks a framework; no program speaks of it, so it has no names."""

    roots: frozenset[str] = frozenset()
    usual: Mapping[str, str] = {}
    is_written_in_place = False
    channels_stand_last = False
    count: Count = "torch"

    def __init__(self) -> None:
        self.order: Order = "channels_first"
        self.trace = Trace(self)

    def numbers(self, module: Module) -> tuple[int, int]:
        """Modules that hold others have no weights of their own."""
        del module
        return 0, 0

    def arithmetic(self, sign: str, left: Any, right: Any, here: Reading) -> Any:
        """Arithmetic of tensors."""
        return combined(sign, left, right, here)

    def attribute(self, tensor: Tensor, name: str, here: Reading) -> Any:
        """No node asks for attributes."""
        raise PythonFault("onnx-not-read", f"`{name}` of {tensor.text} is not read here", here.span)

    def item(self, tensor: Tensor, key: Any, here: Reading) -> Any:
        """No node asks for entries by a key."""
        raise PythonFault("onnx-not-read", f"{key!r} of {tensor.text} is not read here", here.span)
