"""What each framework's tensors do in their own way: their attributes and methods, arithmetic, parts.

How a tensor is kept is in `trace.py`; nothing of it is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from cnncalc.python.values import Reading

if TYPE_CHECKING:
    from cnncalc.dialects.traced.trace import Tensor


class TensorMethods(Protocol):
    """What a framework's tensors do besides what all do."""

    is_written_in_place: bool
    """Whether `x += y` changes x for every name it has: PyTorch's does, Keras' makes a new tensor."""

    channels_stand_last: bool
    """Where a reshape leaves open which axis the channels are: Keras' last one, PyTorch's second one."""

    def attribute(self, tensor: Tensor, name: str, here: Reading) -> Any:
        """`tensor.name`: a size, or a method to be called."""

    def arithmetic(self, sign: str, left: Any, right: Any, here: Reading) -> Any:
        """Arithmetic of which at least one side is a tensor."""

    def item(self, tensor: Tensor, key: Any, here: Reading) -> Any:
        """`tensor[key]`."""
