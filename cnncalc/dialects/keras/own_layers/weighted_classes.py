"""Layers with weights that Keras does not have."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.dialects.keras.own_layers.own_class import Attributes, OwnClass, explicit, sizes
from cnncalc.dialects.keras.own_layers.stated_again import stated_in, with_stated
from cnncalc.geometry import Padding
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.layers.connected import ConnectedConv
from cnncalc.layers.local import Local
from cnncalc.layers.own_numbers import Constant, Learned
from cnncalc.layers.pointwise import LayerScale, Scale, Shift
from cnncalc.layers.upconv import UpConv
from cnncalc.matrices import matrix

_LOCAL = '''
class LocallyConnected(layers.Layer):
    """A convolution with weights of its own at every place."""

    def __init__(self, filters, kernel_size, strides, padding, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.use_bias = use_bias

    def build(self, shape):
        axes = zip(shape[1:-1], self.kernel_size, self.strides, self.padding)
        self.places = [(n + b + a - k) // s + 1 for n, k, s, (b, a) in axes]
        taps = math.prod(self.kernel_size) * shape[-1]
        self.kernel = self.add_weight(shape=(*self.places, taps, self.filters))
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(*self.places, self.filters), initializer="zeros"
            )

    def call(self, x):
        x = ops.pad(x, [(0, 0), *self.padding, (0, 0)])
        seen = []
        for tap in itertools.product(*map(range, self.kernel_size)):
            axes = zip(tap, self.strides, self.places)
            places = [slice(t, t + s * (n - 1) + 1, s) for t, s, n in axes]
            seen.append(x[(slice(None), *places)])
        seen = ops.expand_dims(ops.concatenate(seen, axis=-1), -2)
        x = ops.squeeze(ops.matmul(seen, self.kernel), -2)
        return x + self.bias if self.use_bias else x
'''

_CONNECTED = '''
class ConnectedConv(layers.Layer):
    """A convolution whose filters see some channels: `table` names those of each."""

    def __init__(
        self, table, kernel_size, strides=1, padding=(), use_bias=True, **kwargs
    ):
        super().__init__(**kwargs)
        self.table = table
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.use_bias = use_bias

    def build(self, shape):
        self.channels, self.filters = shape[-1], len(self.table)
        self.pairs = [
            channel * self.filters + number
            for number, seen in enumerate(self.table)
            for channel in seen
        ]
        self.kernel = self.add_weight(shape=(*self.kernel_size, 1, len(self.pairs)))
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.filters,), initializer="zeros")

    def call(self, x):
        if self.padding:
            x = ops.pad(x, [(0, 0), *self.padding, (0, 0)])
        spread = ops.one_hot(self.pairs, self.channels * self.filters)
        kernel = ops.matmul(self.kernel, spread)
        kernel = ops.reshape(kernel, (*self.kernel_size, self.channels, self.filters))
        x = ops.conv(x, kernel, strides=self.strides, padding="valid")
        return x + self.bias if self.use_bias else x
'''

_TRANSPOSED = '''
class GroupedConvTranspose(layers.Layer):
    """A transposed convolution in groups of channels."""

    def __init__(
        self,
        filters,
        kernel_size,
        groups,
        strides=1,
        padding="valid",
        dilation_rate=1,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.groups = groups
        self.strides = strides
        self.padding = padding
        self.dilation_rate = dilation_rate
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer

    def build(self, shape):
        self.kernel = self.add_weight(
            shape=(*self.kernel_size, self.filters // self.groups, shape[-1]),
            initializer=self.kernel_initializer,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.filters,), initializer=self.bias_initializer
            )

    def call(self, x):
        made = [
            ops.conv_transpose(
                part,
                kernel,
                strides=self.strides,
                padding=self.padding,
                dilation_rate=self.dilation_rate,
            )
            for part, kernel in zip(
                ops.split(x, self.groups, axis=-1),
                ops.split(self.kernel, self.groups, axis=-1),
            )
        ]
        x = ops.concatenate(made, axis=-1)
        return x + self.bias if self.use_bias else x
'''

_SCALE = '''
class Scale(layers.Layer):
    """Multiplies by learned numbers: one a channel, one for all, or each its own."""

    def __init__(self, each="channels", **kwargs):
        super().__init__(**kwargs)
        self.each = each

    def build(self, shape):
        sizes = {"channels": shape[-1:], "shared": (1,), "all": shape[1:]}
        self.scale = self.add_weight(shape=sizes[self.each], initializer="ones")

    def call(self, x):
        return x * self.scale
'''

_SHIFT = '''
class Shift(layers.Layer):
    """Adds learned numbers: one for each channel, one for all, or each its own."""

    def __init__(self, each="channels", **kwargs):
        super().__init__(**kwargs)
        self.each = each

    def build(self, shape):
        sizes = {"channels": shape[-1:], "shared": (1,), "all": shape[1:]}
        self.shift = self.add_weight(shape=sizes[self.each], initializer="zeros")

    def call(self, x):
        return x + self.shift
'''

_LAYERSCALE = '''
class LayerScale(layers.Layer):
    """Multiplies each channel by a learned number."""

    def __init__(self, initial_value, **kwargs):
        super().__init__(**kwargs)
        self.initial_value = initial_value

    def build(self, shape):
        self.gamma = self.add_weight(
            shape=shape[-1:],
            initializer=keras.initializers.Constant(self.initial_value),
        )

    def call(self, x):
        return x * self.gamma
'''

_LEARNED = '''
class LearnedArray(layers.Layer):
    """A learned array, the same for every picture."""

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        self.shape = shape

    def build(self, input_shape):
        self.array = self.add_weight(shape=(1, *self.shape))

    def call(self, x):
        return ops.repeat(self.array, ops.shape(x)[0], axis=0)
'''

_CONSTANT = '''
class ConstantArray(layers.Layer):
    """An array of one number."""

    def __init__(self, shape, value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.shape = shape
        self.value = value

    def call(self, x):
        return ops.full((ops.shape(x)[0], *self.shape), self.value, dtype=x.dtype)
'''


def _local(has: Attributes) -> Local:
    return Local(
        filters=has["filters"],
        kernel_size=sizes(has["kernel_size"]),
        stride=sizes(has["strides"]),
        padding=explicit(has["padding"]),
        bias=has["use_bias"],
    )


def _connected(has: Attributes) -> ConnectedConv:
    rows: list[list[int | Fraction]] = [
        [int(channel in seen) for seen in has["table"]] for channel in range(has["arriving"].channels)
    ]
    return ConnectedConv(
        filters=len(has["table"]),
        kernel_size=sizes(has["kernel_size"]),
        connect=NamedMatrix("table", matrix(rows)),
        stride=sizes(has["strides"]),
        padding=explicit(has["padding"]),
        bias=has["use_bias"],
    )


def _transposed(has: Attributes) -> Layer:
    layer = UpConv(
        filters=has["filters"],
        kernel_size=sizes(has["kernel_size"]),
        stride=sizes(has["strides"]),
        padding=Padding(has["padding"]),
        dilation=sizes(has["dilation_rate"]),
        groups=has["groups"],
        bias=has["use_bias"],
    )
    return with_stated(layer, stated_in(has))


WEIGHTED_CLASSES = (
    OwnClass(_LOCAL, _local, ("kernel", "bias"), ("itertools", "math")),
    OwnClass(_CONNECTED, _connected, ("kernel", "bias")),
    OwnClass(_TRANSPOSED, _transposed, ("kernel", "bias")),
    OwnClass(_SCALE, lambda has: Scale(each=has["each"]), ("scale",)),
    OwnClass(_SHIFT, lambda has: Shift(each=has["each"]), ("shift",)),
    OwnClass(_LAYERSCALE, lambda has: LayerScale(init=float(has["initial_value"])), ("gamma",)),
    OwnClass(_LEARNED, lambda has: Learned(size=sizes(has["shape"])), ("array",), is_source=True),
    OwnClass(
        _CONSTANT,
        lambda has: Constant(size=sizes(has["shape"]), value=float(has["value"])),
        is_source=True,
    ),
)
