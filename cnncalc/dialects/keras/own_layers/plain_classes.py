"""Layers without weights that Keras does not have."""

from __future__ import annotations

from cnncalc.dialects.keras.own_layers.own_class import Attributes, OwnClass, explicit, sizes
from cnncalc.geometry import AXIS_NAMES
from cnncalc.layers.channels import Shuffle
from cnncalc.layers.detection import Detection, Region, Yolo
from cnncalc.layers.norm import L2Norm, LocalResponseNorm
from cnncalc.layers.rearranging import Rearrange
from cnncalc.layers.reducing import Reduce
from cnncalc.layers.resizing import Pad
from cnncalc.layers.sloped import HardSigmoid, Softplus

_RESPONSE = '''
class LocalResponseNormalization(layers.Layer):
    """Divides each number by a power of the squares in the channels around it."""

    def __init__(self, size=5, alpha=1e-4, beta=0.75, bias=1.0, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.bias = bias

    def call(self, x):
        channels = x.shape[-1]
        sides = [(0, 0)] * (len(x.shape) - 1)
        sides.append((self.size // 2, (self.size - 1) // 2))
        squares = ops.pad(ops.square(x), sides)
        total = sum(squares[..., k : k + channels] for k in range(self.size))
        return x / (self.bias + self.alpha / self.size * total) ** self.beta
'''

_LENGTH = '''
class L2Normalization(layers.Layer):
    """Divides the channels at each place by their length."""

    def __init__(self, epsilon, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x):
        length = ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True))
        return x / ops.maximum(length, self.epsilon)
'''

_HARDSIGMOID = '''
class HardSigmoid(layers.Layer):
    """A sigmoid of three straight lines."""

    def __init__(self, slope, **kwargs):
        super().__init__(**kwargs)
        self.slope = slope

    def call(self, x):
        return ops.clip(self.slope * x + 0.5, 0.0, 1.0)
'''

_SOFTPLUS = '''
class Softplus(layers.Layer):
    """log(1 + e^(beta x)) / beta."""

    def __init__(self, beta, **kwargs):
        super().__init__(**kwargs)
        self.beta = beta

    def call(self, x):
        return ops.softplus(self.beta * x) / self.beta
'''

_PADDING = '''
class Padding(layers.Layer):
    """Rows of the map's own numbers around it: `edge`, `reflect` or `wrap`."""

    def __init__(self, padding, mode, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding
        self.mode = mode

    def call(self, x):
        for axis, (before, after) in enumerate(self.padding, start=1):
            size = x.shape[axis]
            places = range(-before, size + after)
            if self.mode == "edge":
                places = [min(max(place, 0), size - 1) for place in places]
            elif self.mode == "reflect":
                last = size - 1
                places = [last - abs(last - abs(place)) for place in places]
            else:
                places = [place % size for place in places]
            x = ops.take(x, places, axis=axis)
        return x
'''

_CONSTANT = '''
class ConstantPadding(layers.Layer):
    """Rows of one number around the map."""

    def __init__(self, padding, value, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding
        self.value = value

    def call(self, x):
        sides = [(0, 0), *self.padding, (0, 0)]
        return ops.pad(x, sides, constant_values=self.value)
'''

_SHUFFLE = '''
class ChannelShuffle(layers.Layer):
    """Mixes groups of channels: the first of each group, then the second of each."""

    def __init__(self, groups, **kwargs):
        super().__init__(**kwargs)
        self.groups = groups

    def call(self, x):
        *places, channels = x.shape[1:]
        split = (-1, *places, self.groups, channels // self.groups)
        x = ops.swapaxes(ops.reshape(x, split), -1, -2)
        return ops.reshape(x, (-1, *places, channels))
'''

_REARRANGE = '''
class Rearrange(layers.Layer):
    """Splits the axes, puts the parts into another order, and joins them again."""

    def __init__(self, split, order, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.split = split
        self.order = order
        self.target_shape = target_shape

    def call(self, x):
        x = ops.reshape(x, (-1, *self.split))
        x = ops.transpose(x, (0, *(part + 1 for part in self.order)))
        return ops.reshape(x, (-1, *self.target_shape))
'''

_REDUCE = '''
class Reduce(layers.Layer):
    """Makes one number of all on the axes: var, std, prod, norm, argmax or argmin."""

    def __init__(self, how, axis, target_shape, unbiased=False, **kwargs):
        super().__init__(**kwargs)
        self.how = how
        self.axis = axis
        self.target_shape = target_shape
        self.unbiased = unbiased

    def call(self, x):
        if self.how in ("argmax", "argmin"):
            places = getattr(ops, self.how)(x, axis=self.axis[0])
            x = ops.cast(places, x.dtype)
        elif self.how == "norm":
            x = ops.sqrt(ops.sum(ops.square(x), axis=self.axis))
        elif self.how == "prod":
            x = ops.prod(x, axis=self.axis)
        else:
            count = math.prod(x.shape[axis] for axis in self.axis)
            x = ops.var(x, axis=self.axis)
            if self.unbiased:
                x = x * count / (count - 1)
            if self.how == "std":
                x = ops.sqrt(x)
        return ops.reshape(x, (-1, *self.target_shape))
'''

_YOLO = '''
class YoloOutput(layers.Layer):
    """Boxes of YOLOv3: logistics of all but width and height, in v5 of these too."""

    def __init__(self, anchors, classes, v5=False, stretch=1.0, **kwargs):
        super().__init__(**kwargs)
        self.anchors = anchors
        self.classes = classes
        self.v5 = v5
        self.stretch = stretch

    def call(self, x):
        rows, columns, channels = x.shape[1:]
        boxes = (-1, rows, columns, len(self.anchors) // 2, 5 + self.classes)
        x = ops.reshape(x, boxes)
        places = ops.sigmoid(x[..., :2]) * self.stretch - (self.stretch - 1) / 2
        sizes = ops.sigmoid(x[..., 2:4]) if self.v5 else x[..., 2:4]
        x = ops.concatenate([places, sizes, ops.sigmoid(x[..., 4:])], axis=-1)
        return ops.reshape(x, (-1, rows, columns, channels))
'''

_REGION = '''
class RegionOutput(layers.Layer):
    """Boxes of YOLOv2: logistics of x, y, objectness; of classes a softmax or these."""

    def __init__(self, anchors, classes, softmax=False, **kwargs):
        super().__init__(**kwargs)
        self.anchors = anchors
        self.classes = classes
        self.softmax = softmax

    def call(self, x):
        rows, columns, channels = x.shape[1:]
        boxes = (-1, rows, columns, len(self.anchors) // 2, 5 + self.classes)
        x = ops.reshape(x, boxes)
        places, sizes = ops.sigmoid(x[..., :2]), x[..., 2:4]
        found, classes = ops.sigmoid(x[..., 4:5]), x[..., 5:]
        classes = ops.softmax(classes) if self.softmax else ops.sigmoid(classes)
        x = ops.concatenate([places, sizes, found, classes], axis=-1)
        return ops.reshape(x, (-1, rows, columns, channels))
'''

_DETECTION = '''
class DetectionOutput(layers.Layer):
    """Boxes of YOLOv1: classes of every cell, objectness, then x, y, w, h of each."""

    def __init__(self, side, boxes, classes, softmax=False, sqrt=False, **kwargs):
        super().__init__(**kwargs)
        self.side = side
        self.boxes = boxes
        self.classes = classes
        self.softmax = softmax
        self.sqrt = sqrt

    def call(self, x):
        if not self.softmax:
            return x
        count = self.side**2 * self.classes
        cells = ops.reshape(x[:, :count], (-1, self.side**2, self.classes))
        first = ops.reshape(ops.softmax(cells), (-1, count))
        return ops.concatenate([first, x[:, count:]], axis=-1)
'''


def _response(has: Attributes) -> LocalResponseNorm:
    numbers = {name: float(has[name]) for name in ("alpha", "beta", "bias")}
    return LocalResponseNorm(size=has["size"], **numbers)


def _rearranged(has: Attributes) -> Rearrange:
    """The pattern: each axis is as many parts as make its size."""
    parts = [f"f{place}" for place in range(len(has["split"]))]
    named = [f"{part}={size}" for part, size in zip(parts, has["split"], strict=True)]
    left = _axes(has["arriving"].sizes(), list(zip(named, has["split"], strict=True)))
    leaving = [(parts[place], has["split"][place]) for place in has["order"]]
    return Rearrange(pattern=f"{left} -> {_axes(has['target_shape'], leaving)}")


def _axes(sizes_of_axes: tuple[int, ...], parts: list[tuple[str, int]]) -> str:
    """Parts put together to axes of these sizes, as a pattern writes them."""
    found, waiting = [], list(parts)
    for size in sizes_of_axes:
        names, product = [], 1
        while waiting and (product < size or waiting[0][1] == 1):
            name, factor = waiting.pop(0)
            names.append(name)
            product *= factor
        found.append(f"({' '.join(names)})" if names else "1")
    return " ".join(found)


def _reduced(has: Attributes) -> Reduce:
    names = (*AXIS_NAMES[has["arriving"].rank], "channels")
    is_kept = len(has["target_shape"]) == len(names) > 1
    axes = tuple(names[axis - 1] for axis in has["axis"])
    return Reduce(how=has["how"], axes=axes, keep=is_kept and axes != ("channels",), unbiased=has["unbiased"])


def _yolo(has: Attributes) -> Yolo:
    stretch = float(has["stretch"])
    return Yolo(
        anchors=sizes(has["anchors"]),
        classes=has["classes"],
        style="v5" if has["v5"] else "v3",
        stretch=stretch,
    )


def _detection(has: Attributes) -> Detection:
    names = ("side", "boxes", "classes", "softmax", "sqrt")
    return Detection(**{name: has[name] for name in names})


PLAIN_CLASSES = (
    OwnClass(_RESPONSE, _response),
    OwnClass(_LENGTH, lambda has: L2Norm(epsilon=float(has["epsilon"]))),
    OwnClass(_HARDSIGMOID, lambda has: HardSigmoid(slope=float(has["slope"]))),
    OwnClass(_SOFTPLUS, lambda has: Softplus(beta=float(has["beta"]))),
    OwnClass(_PADDING, lambda has: Pad(padding=explicit(has["padding"]), fill=has["mode"])),
    OwnClass(_CONSTANT, lambda has: Pad(padding=explicit(has["padding"]), value=float(has["value"]))),
    OwnClass(_SHUFFLE, lambda has: Shuffle(groups=has["groups"])),
    OwnClass(_REARRANGE, _rearranged),
    OwnClass(_REDUCE, _reduced, (), ("math",)),
    OwnClass(_YOLO, _yolo),
    OwnClass(
        _REGION,
        lambda has: Region(anchors=sizes(has["anchors"]), classes=has["classes"], softmax=has["softmax"]),
    ),
    OwnClass(_DETECTION, _detection),
)
