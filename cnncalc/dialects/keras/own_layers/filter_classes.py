"""Numbers that a program states: filters of which nothing is learned, and what weights start from."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cnncalc.dialects.keras.own_layers.own_class import Attributes, OwnClass, sizes
from cnncalc.geometry import Padding
from cnncalc.layers.base import NamedMatrix
from cnncalc.layers.filters import FILTERS
from cnncalc.layers.fixed import FilterConv, FilterUpConv
from cnncalc.matrices import Matrix

INLINE = "[...]"
"""What a matrix is called that has no name."""

_BUILD = """\
    def build(self, shape):
        kernels = ops.array(self.numbers, dtype="float32")
        if len(kernels.shape) < len(shape) - 1:
            kernels = ops.stack([kernels] * shape[-1])
        kernel = ops.expand_dims(ops.moveaxis(kernels, 0, -1), -2)
        self.kernel = self.add_weight(
            shape=kernel.shape,
            initializer=lambda shape, dtype: kernel,
            trainable=False,
        )"""

_FILTER = f'''
class FixedFilter(layers.Layer):
    """Slides a filter over each channel by itself; its numbers are not learned.

    `numbers` is one matrix for all channels, or a list of them, one for each.
    """

    def __init__(
        self, numbers, strides=1, padding="valid", dilation_rate=1, flip=False, **kwargs
    ):
        super().__init__(**kwargs)
        self.numbers = numbers
        self.strides = strides
        self.padding = padding
        self.dilation_rate = dilation_rate
        self.flip = flip

{_BUILD}

    def call(self, x):
        kernel = self.kernel
        if self.flip:
            kernel = ops.flip(kernel, axis=tuple(range(len(kernel.shape) - 2)))
        return ops.conv(
            x,
            kernel,
            strides=self.strides,
            padding=self.padding,
            dilation_rate=self.dilation_rate,
        )
'''

_TRANSPOSED = f'''
class FixedFilterTranspose(layers.Layer):
    """Every number paints a filter, channel by channel; nothing is learned.

    `numbers` is one matrix for all channels, or a list of them, one for each.
    """

    def __init__(self, numbers, strides=1, dilation_rate=1, flip=False, **kwargs):
        super().__init__(**kwargs)
        self.numbers = numbers
        self.strides = strides
        self.dilation_rate = dilation_rate
        self.flip = flip

{_BUILD}

    def call(self, x):
        kernel, channels = self.kernel, x.shape[-1]
        if self.flip:
            kernel = ops.flip(kernel, axis=tuple(range(len(kernel.shape) - 2)))
        pairs = zip(
            ops.split(x, channels, axis=-1), ops.split(kernel, channels, axis=-1)
        )
        made = [
            ops.conv_transpose(
                part, each, strides=self.strides, dilation_rate=self.dilation_rate
            )
            for part, each in pairs
        ]
        return ops.concatenate(made, axis=-1)
'''

STATED = '''
class Stated(keras.initializers.Initializer):
    """Starts from these numbers: for each output and input a number or a matrix."""

    def __init__(self, numbers):
        self.numbers = numbers

    def __call__(self, shape, dtype=None):
        numbers = ops.array(self.numbers, dtype=dtype)
        order = range(2, len(shape))
        return ops.transpose(numbers, (*order, 1, 0)) if len(shape) > 1 else numbers

    def get_config(self):
        return {"numbers": self.numbers}
'''


def exact(number: Any) -> Fraction:
    """The number that was written, `1 / 9` too; raises TypeError or ValueError for what is none."""
    if type(number) not in (int, float):
        raise TypeError
    close = Fraction(number).limit_denominator(1000)
    return close if float(close) == number else Fraction(repr(number))


def flat(numbers: Any) -> Iterator[Fraction]:
    """All numbers of lists in each other."""
    if isinstance(numbers, (list, tuple)):
        for one in numbers:
            yield from flat(one)
    else:
        yield exact(numbers)


def _depth(numbers: Any) -> int:
    return 1 + _depth(numbers[0]) if isinstance(numbers, (list, tuple)) and numbers else 0


def _matrix(has: Attributes) -> NamedMatrix:
    """The filter, by its name where it is one of those that everybody knows."""
    numbers, rank = has["numbers"], has["arriving"].rank
    depth = _depth(numbers)
    if depth == rank < 3:
        numbers, depth = [numbers], depth + 1
    if depth == 2:
        numbers = [[one] for one in numbers]
    found = Matrix(tuple(tuple(tuple(map(exact, row)) for row in plane) for plane in numbers))
    if any(len(plane) != found.rows or any(len(row) != found.columns for row in plane) for plane in found.planes):
        raise ValueError
    known = next((one.name for one in FILTERS.values() if one.matrix == found), INLINE)
    return NamedMatrix(known, found)


def _sliding(has: Attributes) -> FilterConv:
    return FilterConv(
        filter=_matrix(has),
        stride=sizes(has["strides"]),
        padding=Padding(has["padding"]),
        dilation=sizes(has["dilation_rate"]),
        flip=has["flip"],
    )


def _painting(has: Attributes) -> FilterUpConv:
    stride, dilation = sizes(has["strides"]), sizes(has["dilation_rate"])
    return FilterUpConv(filter=_matrix(has), stride=stride, padding=Padding(), dilation=dilation, flip=has["flip"])


FILTER_CLASSES = (OwnClass(_FILTER, _sliding, ("kernel",)), OwnClass(_TRANSPOSED, _painting, ("kernel",)))
