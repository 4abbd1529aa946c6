"""What a program may set on a tensor: whether training changes the numbers of a parameter."""

from __future__ import annotations

from typing import Any

from cnncalc.python.values import Reading, Value


def set_tensor_attribute(tensor: Any, name: str, value: Any, here: Reading) -> None:
    """`parameter.requires_grad = False`; raises PythonFault for anything else, as for any value."""
    if name == "requires_grad":
        set_learned(tensor, value, here)
    else:
        Value.set_attribute(tensor, name, value, here)


def set_learned(tensor: Any, value: Any, here: Reading) -> None:
    """Whether training changes the tensor; of those that are no parameters it is not asked."""
    if tensor.constant is None or not tensor.constant.is_parameter:
        return
    if isinstance(value, (bool, int)):
        tensor.is_learned = bool(value)
    else:
        here.note_training()
