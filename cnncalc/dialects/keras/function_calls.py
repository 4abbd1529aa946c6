"""One call of a function on tensors: its arguments under one set of names, whatever the library calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from cnncalc.dialects.keras.layers import Surroundings
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.graph.pasted.arguments import Bound, parameters
from cnncalc.graph.pasted.pasted_call import PythonCall
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Reading

IGNORED = frozenset(("name", "dtype", "validate_indices", "conjugate", "out_type", "seed"))
_FIRST = frozenset(
    (
        *("input", "inputs", "tensor", "tensors", "features", "logits", "images", "image", "data", "a", "arr", "value"),
        *("values", "input_tensor", "x1", "array", "xs", "initial_value", "object", "params", "t"),
    )
)
_ALIASES = {
    **{"keep_dims": "keepdims", "perm": "axes", "pattern": "axes", "new_shape": "shape", "dims": "axis", "dim": "axis"},
    **{
        "num_or_size_splits": "sizes",
        "indices_or_sections": "sizes",
        "clip_value_min": "low",
        "clip_value_max": "high",
    },
    **{
        "x_min": "low",
        "x_max": "high",
        "min_value": "low",
        "max_value": "high",
        "newshape": "shape",
        "x2": "y",
        "b": "y",
    },
    **{
        "pool_size": "ksize",
        "repeats": "multiples",
        "n": "multiples",
        "pad_width": "paddings",
        "reduction_indices": "axis",
    },
    **{"interpolation": "method", "exponent": "y", "block_size": "block_size", "features": "x", "size": "size"},
}


class FunctionCall:
    """One call of a function: its arguments by name, and where it is called."""

    def __init__(self, name: str, bound: Bound, around: Surroundings, here: Reading) -> None:
        self.name = name
        self.bound = bound
        self.around = around
        self.here = here

    def __getitem__(self, name: str) -> Any:
        """An argument as it was worked out, lists as lists; its default where it is not given."""
        given = self.bound.given.get(name)
        return self.bound.declared[name] if given is None else given.value

    @property
    def last(self) -> str:
        """`relu` of `tensorflow.nn.relu`."""
        return self.name.rpartition(".")[2]

    def tensor(self, name: str = "x") -> Tensor:
        """The tensor that the function works on."""
        value = self[name]
        if not isinstance(value, Tensor):
            raise PythonFault("wrong-operand", f"{self.last} works on a tensor", self.bound.span(name))
        return value

    def no_layer(self, what: str) -> PythonFault:
        """The fault of a function that no layer here computes."""
        return PythonFault("no-such-layer", f"no layer here does what {self.last} does {what}".rstrip(), self.here.span)


class Entry(NamedTuple):
    """A function: its arguments as one string, and what it does with them."""

    signature: str
    work: Callable[[FunctionCall], Any]


def bound_function(last: str, arguments: Arguments, signature: str) -> Bound:
    """The arguments of a function under the names of its signature; raises Fault for those it does not take."""
    call = PythonCall(last, arguments.positional, _renamed(arguments, signature), arguments.span)
    return Bound(call, signature, "", IGNORED)


def _renamed(arguments: Arguments, signature: str) -> dict[str, Given]:
    """The keywords under the names of the signature: every library has its own name for the first argument."""
    known = parameters(signature)
    first = next(iter(known), "")
    found: dict[str, Given] = {}
    for name, given in arguments.keywords.items():
        other = first if name in _FIRST and not arguments.positional else _ALIASES.get(name, name)
        found[name if name in known else other] = given
    return found
