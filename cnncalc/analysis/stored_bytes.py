"""What a net takes in memory when each of its numbers is stored in a given type: exact bytes.

Every number counts alike: learned weights, running statistics and activations have the same type.  What a runtime adds
to it (code, workspaces, gradients) is not known here.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from cnncalc.analysis.model import Totals
from cnncalc.diagnostics import input_error

DType = Literal["float64", "float32", "float16", "bfloat16", "int8"]
DTYPES: tuple[DType, ...] = get_args(DType)

BYTES: dict[DType, int] = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
"""What one number takes."""


def dtype_named(name: str) -> DType:
    """The type of this name.  Raises InputError.

    >>> dtype_named("float16")
    'float16'
    """
    found = next((one for one in DTYPES if one == name), None)
    if found is None:
        listed = f"the types are: {', '.join(DTYPES)}"
        raise input_error("wrong-value", f"there is no type {str(name)[:40]!r} of numbers", help=listed)
    return found


class Memory(NamedTuple):
    """Bytes: of the learned numbers and of the others, of all activations, of the most that are alive at once."""

    dtype: DType
    learned: int
    buffers: int
    activations: int
    peak_activations: int

    @property
    def weights(self) -> int:
        return self.learned + self.buffers


def memory(totals: Totals, dtype: DType = "float32") -> Memory:
    """The bytes of a whole net, its activations for as many images as the totals are.

    VGG16's 138,357,544 parameters take 553,430,176 bytes as float32 and a quarter of that as int8.
    """
    each = BYTES[dtype]
    return Memory(
        dtype,
        totals.figures.params * each,
        totals.figures.buffers * each,
        totals.figures.activation_size * each,
        totals.peak_activation_size * each,
    )
