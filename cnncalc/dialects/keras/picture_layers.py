"""Layers of Keras with which a net prepares its own pictures: Rescaling, Normalization, CenterCrop.

CustomScaleLayer, a class of `keras.applications`' InceptionResNetV2, is a sum whose second part is made smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import axes_of
from cnncalc.geometry import Padding
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.pointwise import Affine
from cnncalc.layers.resizing import Crop
from cnncalc.python.program_error import PythonFault

if TYPE_CHECKING:
    from cnncalc.dialects.keras.layers import LayerCall

SIGNATURES = {
    "CenterCrop": "height width data_format=None",
    "RandomCrop": "height width seed=None data_format=None",
    "Normalization": "axis=-1 mean=None variance=None invert=False",
    "CustomScaleLayer": "scale",
}

SMALLEST_VARIANCE = 1e-14
"""Keras' Normalization divides by 1e-7 at least (`keras.backend.epsilon`)."""


def rescaled(call: LayerCall, tensor: Tensor) -> Tensor:
    """One factor and one offset, or one for each channel."""
    scale, offset = call.value("scale"), call.value("offset")
    if not isinstance(scale, tuple) and not isinstance(offset, tuple):
        return call.put(call.say(call.bound()), call.placed(tensor))
    factors, offsets = (_numbers(call, name, one) for name, one in (("scale", scale), ("offset", offset)))
    return call.put_layers((Affine(factor=factors, offset=offsets),), _with_last_channels(call, tensor, (-1,)))


def normalized(call: LayerCall, tensor: Tensor) -> Tensor:
    """(x - mean) / deviation: by stated numbers, or by those taken from data, which the layer keeps as weights."""
    mean, variance = call.value("mean"), call.value("variance")
    if (mean is None) != (variance is None):
        raise call.unread("has both a mean and a variance, or none of them")
    axis = call.value("axis")
    axes = () if axis is None else axes_of(tensor, axis, call.here)
    if mean is not None:
        factors, offsets = _stated(call, _numbers(call, "mean", mean), _numbers(call, "variance", variance))
        return call.put_layers((Affine(factor=factors, offset=offsets),), _with_last_channels(call, tensor, axes))
    if len(axes) != 1 or call.given.flag("invert"):
        what = "that is inverted" if call.given.flag("invert") else f"over {len(axes)} axes of {tensor.text}"
        raise PythonFault("no-such-layer", f"a Normalization {what} has no layer here", call.here.span)
    layer = BatchNorm(scale=False, shift=False, epsilon=SMALLEST_VARIANCE)
    return call.put_layers((layer,), _with_last_channels(call, tensor, axes))


def centre_cut(call: LayerCall, tensor: Tensor) -> Tensor:
    """The middle of the map; what is odd stays before it, as Keras cuts."""
    seen = call.placed(tensor)
    wanted = (call.given.count("height"), call.given.count("width"))
    sizes = tuple(seen.dims[axis] for axis in seen.spatial)
    if len(sizes) != 2 or any(size < most for size, most in zip(sizes, wanted, strict=True)):
        raise call.unread(f"to {wanted[0]}x{wanted[1]} of {seen.text} is not read: it enlarges")
    sides = tuple(((n - m) // 2, n - m - (n - m) // 2) for n, m in zip(sizes, wanted, strict=True))
    return call.put_layers((Crop(padding=Padding("explicit", sides)),), seen)


def _with_last_channels(call: LayerCall, tensor: Tensor, axes: Sequence[int]) -> Tensor:
    return call.with_channels_at(tensor, axes[0] % len(tensor.dims)) if axes else call.placed(tensor)


def _stated(
    call: LayerCall, mean: tuple[float, ...], variance: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Factors and offsets that do the same in one step."""
    count = max(len(mean), len(variance))
    if {len(mean), len(variance)} - {1, count} or min(variance) < 0:
        raise call.given.wrong("variance", "as many numbers as the mean has, from 0")
    means, variances = (one * (count // len(one)) for one in (mean, variance))
    deviations = [max(one, SMALLEST_VARIANCE) ** 0.5 for one in variances]
    if call.given.flag("invert"):
        return tuple(deviations), means
    return tuple(1 / one for one in deviations), tuple(-m / d for m, d in zip(means, deviations, strict=True))


def _numbers(call: LayerCall, name: str, value: Any) -> tuple[float, ...]:
    """A number, or a list of them, whose axes of size 1 around do not matter (`[[[0.485, 0.456, 0.406]]]`)."""
    while isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    numbers = value if isinstance(value, (tuple, list)) else (value,)
    if not numbers or any(type(one) not in (int, float) for one in numbers):
        raise call.given.wrong(name, "a number, or a list of numbers")
    return tuple(float(one) for one in numbers)


def scaled_sum(call: LayerCall, arriving: Any) -> Tensor:
    """The first tensor and `scale` times the second."""
    tensors = list(arriving) if isinstance(arriving, (list, tuple)) else [arriving]
    if len(tensors) != 2 or not all(isinstance(one, Tensor) for one in tensors):
        raise call.unread("takes a list of two tensors")
    (scale,) = _numbers(call, "scale", call.value("scale"))
    found: Tensor = combined("+", tensors[0], combined("*", tensors[1], scale, call.here), call.here)
    return found


RULES: Mapping[str, Callable[[LayerCall, Tensor], Tensor]] = {
    "Rescaling": rescaled,
    "Normalization": normalized,
    **dict.fromkeys(("CenterCrop", "RandomCrop"), centre_cut),
}
"""A class -> what it makes of the tensor that arrives."""
