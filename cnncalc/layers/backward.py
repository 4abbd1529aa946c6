"""What training has to remember of a layer: the arrays that its backward pass reads again.

The rule is what PyTorch's autograd keeps (measured with PyTorch 2.13, modules as by default, nothing in place).  Each
layer says what it keeps; which of these arrays are one in memory, and what they take in bytes, the analysis knows.
"""

from __future__ import annotations

from typing import NamedTuple


class Kept(NamedTuple):
    """What the backward pass reads again of one forward pass.

    `inputs` and `output`: these arrays; with `only_for_weights` the inputs are needed for the gradients of the layer's
    weights alone (a frozen dense layer has none; PyTorch's convolutions keep their inputs even so).  Beside them arrays
    of its own, for one image: `numbers` of the type of the activations, `indexes` of 8 bytes each, `flags` of one byte
    each; `statistics` are float32 numbers of the whole batch, however large.
    """

    inputs: bool = False
    output: bool = False
    only_for_weights: bool = False
    numbers: int = 0
    indexes: int = 0
    flags: int = 0
    statistics: int = 0


KEEPS_INPUT = Kept(inputs=True)
KEEPS_OUTPUT = Kept(output=True)
KEEPS_NOTHING = Kept()
KEEPS_INPUT_FOR_WEIGHTS = Kept(inputs=True, only_for_weights=True)
