"""What a program may set on a tensor: whether training changes the numbers of a layer's array."""

from __future__ import annotations

from typing import Any

from cnncalc.python.values import Reading, Value


def set_tensor_attribute(tensor: Any, name: str, value: Any, here: Reading) -> None:
    """`parameter.requires_grad = False`; raises PythonFault for anything else, as for any value."""
    if name == "requires_grad" and tensor.train is not None and isinstance(value, bool):
        tensor.train(value)
    else:
        Value.set_attribute(tensor, name, value, here)
