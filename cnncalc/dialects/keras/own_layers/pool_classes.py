"""Pools that Keras does not have.

`padding` are rows around the map, `rest` those behind it that the last windows reach where a pool rounds up.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from cnncalc.dialects.keras.own_layers.own_class import Attributes, OwnClass, explicit, sizes
from cnncalc.layers.pool import AvgPool, L2Pool, MaxPool, Pool, Subsample, SumPool

_INIT = """\
    def __init__(self, pool_size, strides, padding, rest=0, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = pool_size
        self.strides = strides
        self.padding = padding
        self.rest = rest or [0] * len(padding)"""

_PADDED = """\
        sides = [(b, a + more) for (b, a), more in zip(self.padding, self.rest)]
        x = ops.pad(x, [(0, 0), *sides, (0, 0)])"""

_MAX = f'''
class PaddedMaxPooling(layers.Layer):
    """Keeps the largest number of each window; the rows around never win."""

{_INIT}

    def call(self, x):
        sides = [(b, a + more) for (b, a), more in zip(self.padding, self.rest)]
        x = ops.pad(x, [(0, 0), *sides, (0, 0)], constant_values=float("-inf"))
        return ops.max_pool(x, self.pool_size, strides=self.strides)
'''

_AVERAGE = '''
class PaddedAveragePooling(layers.Layer):
    """Takes the mean of each window; rows around the map count where `counted`."""

    def __init__(self, pool_size, strides, padding, rest=0, counted=False, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = pool_size
        self.strides = strides
        self.padding = padding
        self.rest = rest or [0] * len(padding)
        self.counted = counted

    def call(self, x):
        inner = [(0, 0), *self.padding, (0, 0)]
        outer = [(0, 0), *((0, more) for more in self.rest), (0, 0)]
        ones = ops.pad(ops.ones_like(x), inner, constant_values=float(self.counted))
        places = self.mean(ops.pad(ones, outer))
        return self.mean(ops.pad(ops.pad(x, inner), outer)) / ops.maximum(places, 1e-6)

    def mean(self, x):
        return ops.average_pool(x, self.pool_size, strides=self.strides)
'''

_SUM = f'''
class SumPooling(layers.Layer):
    """Adds up the numbers of each window."""

{_INIT}

    def call(self, x):
{_PADDED}
        means = ops.average_pool(x, self.pool_size, strides=self.strides)
        return means * math.prod(self.pool_size)
'''

_LENGTH = f'''
class L2Pooling(layers.Layer):
    """Takes the root of the sum of the squares in each window."""

{_INIT}

    def call(self, x):
{_PADDED}
        x = ops.square(x)
        means = ops.average_pool(x, self.pool_size, strides=self.strides)
        return ops.sqrt(means * math.prod(self.pool_size))
'''

_SUBSAMPLING = f'''
class Subsampling(layers.Layer):
    """LeNet's pool: the sum of each window times a learned number, and a bias."""

{_INIT}

    def build(self, shape):
        self.kernel = self.add_weight(shape=shape[-1:], initializer="ones")
        self.bias = self.add_weight(shape=shape[-1:], initializer="zeros")

    def call(self, x):
{_PADDED}
        means = ops.average_pool(x, self.pool_size, strides=self.strides)
        return means * math.prod(self.pool_size) * self.kernel + self.bias
'''


def _pool(kind: type[Pool], has: Attributes) -> Pool:
    """The pool of ours; one that reaches over the edge rounds up."""
    own: dict[str, Any] = {"countpad": True} if has.get("counted") else {}
    return kind(
        kernel_size=sizes(has["pool_size"]),
        stride=sizes(has["strides"]),
        padding=explicit(has["padding"]),
        ceil=any(has["rest"]),
        **own,
    )


POOL_CLASSES = (
    OwnClass(_MAX, partial(_pool, MaxPool)),
    OwnClass(_AVERAGE, partial(_pool, AvgPool)),
    OwnClass(_SUM, partial(_pool, SumPool), (), ("math",)),
    OwnClass(_LENGTH, partial(_pool, L2Pool), (), ("math",)),
    OwnClass(_SUBSAMPLING, partial(_pool, Subsample), ("kernel", "bias"), ("math",)),
)
