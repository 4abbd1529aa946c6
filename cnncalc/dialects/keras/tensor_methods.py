"""What a tensor of Keras or TensorFlow does by itself: its sizes, its parts, its arithmetic."""

from __future__ import annotations

from typing import Any

from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.tensor_slices import part
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.python.functions import Known
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Reading, Unknown, Value


def _giving(name: str, value: Any) -> Known:
    """A method that gives this value."""
    return Known(name, lambda _, __: value)


class StaticShape(tuple[Any, ...], Value):
    """`x.shape`: a tuple as Keras shows it, with the methods of TensorFlow's TensorShape."""

    noun = "a shape"

    def attribute(self, name: str, here: Reading) -> Any:
        if name == "as_list":
            return _giving(name, list(self))
        if name in ("ndims", "rank", "dims"):
            return list(self) if name == "dims" else len(self)
        return here.attribute(tuple(self), name)

    def item(self, key: Any, here: Reading) -> Any:
        return here.item(tuple(self), key)

    def arithmetic(self, sign: str, other: Any, here: Reading, *, reflected: bool = False) -> Any:
        pair = tuple(self), tuple(other) if isinstance(other, StaticShape) else other
        return here.arithmetic(sign, *(pair[::-1] if reflected else pair))

    def entries(self, here: Reading) -> list[Any]:
        return list(self)

    def truth(self, here: Reading) -> bool:
        return len(self) > 0


def shown(tensor: Tensor) -> StaticShape:
    """The sizes of a tensor as Keras shows them: None for the number of images."""
    return StaticShape((None, *tensor.dims[1:]) if tensor.batch == 0 else tensor.dims)


class KerasTensors:
    """The methods of tensors; arithmetic makes new tensors."""

    is_written_in_place = False
    channels_stand_last = True

    def attribute(self, tensor: Tensor, name: str, here: Reading) -> Any:
        """`x.shape`, `x.get_shape()`; methods of arrays on tensors have no place in a model of Keras."""
        sizes = shown(tensor)
        if name in ("shape", "_keras_shape", "_shape_val"):
            return sizes
        if name == "get_shape":
            return _giving(name, sizes)
        if name in ("ndim", "rank"):
            return len(tensor.dims)
        if name in ("dtype", "name", "device", "graph", "op", "_keras_history"):
            return Unknown(f"`{name}` of a tensor", here.span)
        if name in ("assign", "assign_add", "assign_sub"):
            return _giving(name, None)
        if name in ("read_value", "value"):
            return _giving(name, tensor)
        raise Raised("AttributeError", f"a tensor has no `{name}` that is read here", here.span)

    def arithmetic(self, sign: str, left: Any, right: Any, here: Reading) -> Any:
        """Arithmetic of which at least one side is a tensor."""
        return combined(sign, left, right, here)

    def item(self, tensor: Tensor, key: Any, here: Reading) -> Any:
        """`tensor[key]`."""
        return part(tensor, key, here)
