"""What every kernel takes and returns, as types.

A kernel is `kernel(inputs, weights, numbers) -> array`.  `inputs` are activations x[n, c, z, y, x] (image, channel,
depth, height, width), C-contiguous, float32 or float64; a flat vector is x[n, c, 1, 1, 1].  `weights` maps a weight's
name to its array with the spatial axes lifted to three.  `numbers` are the resolved numbers of the layer, sizes by
axis as (depth, height, width).  The result has the inputs' type, and may be a view of an input where nothing is
computed (identity, flatten).  `@kernel("name")` puts it among `KERNELS`, under the name that a layer's `kernel_call`
gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Inputs = Sequence[Array]
Weights = Mapping[str, Array]
Numbers = Mapping[str, Any]
Kernel = Callable[[Inputs, Weights, Numbers], Array]
LONGEST_SUM = 4_096
"""Numbers that are summed one after the other in float32, at most: 90,000 near-equal ones were 4e-4 off."""

Sizes = tuple[int, int, int]
"""One number each for depth, height, width."""


KERNELS: dict[str, Kernel] = {}
"""Every kernel by its name, as it runs in a net."""


def kernel(name: str) -> Callable[[Kernel], Kernel]:
    """Register a function as the kernel of this name.

    In the table it runs without numpy's warnings: an overflow shows as inf or NaN in the result, where it can be seen.
    """

    def register(function: Kernel) -> Kernel:
        KERNELS[name] = np.errstate(all="ignore")(function)
        return function

    return register
