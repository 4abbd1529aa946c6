"""Functions on maps: sizes, pads, blocks of pixels, pools and fixed norms of TensorFlow and Keras."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.dialects.keras.function_calls import Entry, FunctionCall
from cnncalc.dialects.keras.layers import put_line
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.graph.pasted.arguments import decimal
from cnncalc.python.program_error import PythonFault

_FILLS = {"constant": "", "reflect": " fill=reflect", "edge": " fill=edge"}


def _map(call: FunctionCall, name: str = "data_format") -> Tensor:
    """The tensor with its channels where the call has them."""
    tensor = call.tensor()
    form = call[name] if name in call.bound.declared else None
    is_first = call.around.channels_first if form is None else form in ("channels_first", "NCHW", "NCW")
    if len(tensor.dims) < 3:
        raise PythonFault("wrong-operand", f"{call.last} works on a map, and {tensor.text} arrives", call.here.span)
    return channels_at(tensor, 1 if is_first else len(tensor.dims) - 1, call.here)


def _sizes(call: FunctionCall, name: str, axes: int) -> tuple[int, ...]:
    """A size for each axis of the map; TensorFlow writes those of the images and the channels too."""
    value = call.bound.value(name)
    found = value if isinstance(value, tuple) else (value,) * axes
    if len(found) == axes + 2:
        found = found[1:-1]
    if len(found) != axes or any(type(one) is not int for one in found):
        raise call.bound.wrong(name, f"{axes} whole numbers")
    return found


def _text(sizes: tuple[int, ...]) -> str:
    return "x".join(map(str, sizes))


def _depth_to_space(call: FunctionCall) -> Tensor:
    """TensorFlow reads the place first and the channel then: the channels are put into our order before."""
    factor = call.bound.count("block_size")
    tensor = put_line(f"shuffle groups={factor * factor}", _map(call), call.here)
    return put_line(f"depthtospace factor={factor}", tensor, call.here)


def _space_to_depth(call: FunctionCall) -> Tensor:
    factor, tensor = call.bound.count("block_size"), _map(call)
    channels = tensor.dims[tensor.channels or 0]
    return put_line(
        f"shuffle groups={channels}", put_line(f"spacetodepth factor={factor}", tensor, call.here), call.here
    )


def _resize(call: FunctionCall) -> Tensor:
    tensor = _map(call)
    sizes = _sizes(call, "size", 2)
    mode = call["method"] if "method" in call.bound.declared else call["interpolation"]
    mode = getattr(mode, "name", mode)
    mode = mode.rpartition(".")[2].lower() if isinstance(mode, str) else mode
    if mode == "nearest_neighbor":
        mode = "nearest"
    if mode not in ("nearest", "bilinear", "bicubic") or call["antialias"]:
        raise call.no_layer("this way")
    mode = "nearestexact" if mode == "nearest" else mode  # the pixel at the middle of the new one
    return put_line(f"upsample size={_text(sizes)} {mode}", tensor, call.here)


def _resize_images(call: FunctionCall) -> Tensor:
    """Keras' backend: whole factors."""
    factors = (call.bound.count("height_factor"), call.bound.count("width_factor"))
    mode = "" if call["interpolation"] == "nearest" else " bilinear"
    return put_line(f"upsample {_text(factors)}{mode}", _map(call), call.here)


def _pad(call: FunctionCall) -> Tensor:
    """Rows before and after on every axis, those of images and channels too."""
    tensor = call.tensor()
    pairs = [tuple(pair) for pair in call["paddings"]]
    if len(pairs) != len(tensor.dims) or any(
        len(pair) != 2 or any(type(one) is not int for one in pair) for pair in pairs
    ):
        raise call.bound.wrong("paddings", f"{len(tensor.dims)} pairs of whole numbers")
    mode = str(call["mode"]).lower().replace("symmetric", "")
    if mode not in _FILLS or call["constant_values"] or any(pairs[0]):
        raise call.no_layer("this way")
    seen = channels_at(tensor, len(tensor.dims) - 1, call.here)
    before, after = pairs[-1]
    if before or after:
        seen = put_line(f"padchannels {before},{after}", seen, call.here)
    sides = ",".join(str(one) for pair in pairs[1:-1] for one in pair)
    return put_line(f"pad {sides}{_FILLS[mode]}", seen, call.here) if any(map(any, pairs[1:-1])) else seen


def _spatial_pad(call: FunctionCall) -> Tensor:
    sides = ",".join(str(one) for pair in call["padding"] for one in pair)
    return put_line(f"pad {sides}", _map(call), call.here)


def _pool(call: FunctionCall) -> Tensor:
    tensor = _map(call)
    axes = len(tensor.dims) - 2
    kernel = _sizes(call, "ksize", axes)
    stride = kernel if call["strides"] is None else _sizes(call, "strides", axes)
    padding = str(call["padding"]).lower()
    if padding not in ("same", "valid"):
        raise call.bound.wrong("padding", "'SAME' or 'VALID'")
    word = "maxpool" if "max" in call.last else "avgpool"
    same = " same" if padding == "same" else ""
    return put_line(f"{word} {_text(kernel)} stride={_text(stride)}{same}", tensor, call.here)


def _response_norm(call: FunctionCall) -> Tensor:
    """TensorFlow's alpha is not divided by the number of neighbours, ours is."""
    size = 2 * call.bound.count("depth_radius") + 1
    alpha = call.bound.number("alpha") * size
    numbers = (
        f"alpha={decimal(alpha)} beta={decimal(call.bound.number('beta'))} bias={decimal(call.bound.number('bias'))}"
    )
    return put_line(f"lrn size={size} {numbers}", _map(call), call.here)


def _correct_pad(call: FunctionCall) -> tuple[tuple[int, int], ...]:
    """What keras.applications pads before a window of stride 2: one less in front where the size is even."""
    tensor, kernel = call.tensor(), _sizes(call, "kernel_size", 2)
    sizes = tensor.dims[2:4] if call.around.channels_first else tensor.dims[1:3]
    return tuple((k // 2 - (1 - n % 2), k // 2) for k, n in zip(kernel, sizes, strict=True))


_POOLED = "x ksize strides=None padding='valid' data_format=None"
_RESIZED = "x size {}='bilinear' preserve_aspect_ratio=False antialias=False data_format=None"

IMAGE_FUNCTIONS: Mapping[str, Entry] = {
    "correct_pad": Entry("x kernel_size", _correct_pad),
    "depth_to_space": Entry("x block_size data_format=None", _depth_to_space),
    "space_to_depth": Entry("x block_size data_format=None", _space_to_depth),
    "resize": Entry(_RESIZED.format("method"), _resize),
    "resize_images": Entry("x height_factor width_factor data_format=None interpolation='nearest'", _resize_images),
    "pad": Entry("x paddings mode='constant' constant_values=0", _pad),
    "spatial_2d_padding": Entry("x padding=((1,1),(1,1)) data_format=None", _spatial_pad),
    **dict.fromkeys(
        ("max_pool", "avg_pool", "max_pool2d", "avg_pool2d", "average_pool", "max_pool1d"), Entry(_POOLED, _pool)
    ),
    **dict.fromkeys(
        ("local_response_normalization", "lrn"), Entry("x depth_radius=5 bias=1.0 alpha=1.0 beta=0.5", _response_norm)
    ),
}
"""By the last part of the name."""
