"""Damaged and lying .cfg and .weights files of Darknet, most of them almost right.

A .cfg is a row of sections from those that Darknet has, with likely and unlikely options; a .weights is a header and
about as many numbers as the net of `readers.DARKNET` has.
"""

from __future__ import annotations

import struct

from .chance import Chance, damaged, patched

NUMBERS = 211
"""Of the net in `readers.DARKNET`."""

_NUMBERS = (
    *("0", "1", "2", "3", "4", "5", "6", "8", "12", "-1", "-2", "-3", "-4", "-100", "7", "16", "100", "999"),
    *("1000000000", "1000000000000000000", "9" * 30, "1.5", ".5", "-0", "+1", "1e3", "1e400", "nan", "inf", "0x4"),
    *("x", "", " ", "1,2", "-1,-2", "-1,,-2", ",", "1,", "," * 2000, "-1,0,1,2,3", "1 2", "٣", "²", "1_0", "None"),
)
_LIKELY = {
    **dict.fromkeys(("layers", "from"), ("-1", "-2", "-1,-2", "0", "0,-1", "-3")),
    **dict.fromkeys(("filters", "output"), ("4", "8", "8", "16", "12", "21", "14")),
    **dict.fromkeys(("xnor", "share_index", "flipped", "maxpool_depth", "tree", "dropblock", "flatten"), ("0",)),
    **dict.fromkeys(("weights_type", "scale_wh", "group_id"), ("0",)),
    **dict.fromkeys(("noadjust", "reverse", "spatial", "pad", "batch_normalize", "softmax"), ("0", "1")),
    **dict.fromkeys(("groups", "alpha", "dilation", "temperature", "scale"), ("1", "1", "1", "2")),
    "probability": (".5", "0", "0.25"),
    "padding": ("0", "1", "2"),
    "coords": ("4",),
}
_OTHERWISE = ("1", "2", "3", "2")
_WORDS = (
    *("linear", "leaky", "relu", "logistic", "mish", "swish", "ramp", "loggy", "gelu", "hardtan", "stair", "plse"),
    *("leeky", "", "1", "LEAKY", "[", "relu relu"),
)
_SECTIONS: dict[str, tuple[str, ...]] = {
    "convolutional": ("filters", "size", "stride", "pad", "padding", "groups", "dilation", "batch_normalize"),
    "conv": ("filters", "size", "stride_x", "stride_y", "pad", "xnor", "share_index", "flipped"),
    "deconvolutional": ("filters", "size", "stride", "pad", "padding", "batch_normalize"),
    "local": ("filters", "size", "stride", "pad"),
    "connected": ("output", "batch_normalize"),
    "maxpool": ("size", "stride", "padding", "stride_x", "maxpool_depth"),
    "avgpool": ("size",),
    "softmax": ("temperature", "spatial", "groups", "tree"),
    "dropout": ("probability", "dropblock"),
    "crop": ("crop_height", "crop_width", "noadjust"),
    "upsample": ("stride", "scale"),
    "reorg": ("stride", "reverse", "flatten"),
    "reorg3d": ("stride",),
    "route": ("layers", "layers", "groups", "group_id"),
    "shortcut": ("from", "from", "alpha", "weights_type"),
    "scale_channels": ("from", "scale_wh"),
    "sam": ("from",),
    "batchnorm": (),
    "activation": (),
    "l2norm": (),
    "cost": ("type",),
    "yolo": ("mask", "anchors", "num", "classes", "scale_x_y"),
    "region": ("anchors", "num", "classes", "coords", "softmax"),
    "detection": ("side", "num", "classes", "coords"),
    "gru": ("output",),
    "net": ("width", "height", "channels", "inputs"),
}
_PLAIN = ("convolutional", "convolutional", "maxpool", "route", "shortcut", "upsample", "reorg", "connected")


def cfg(chance: Chance) -> bytes:
    """A text of up to twelve sections; a tenth of them is damaged letter by letter."""
    size = chance.one("8", "16", "24") if chance.some(0.98) else chance.choice(_NUMBERS)
    lines = ["[net]", f"width={size}", f"height={chance.one(size, '8')}", f"channels={chance.one('4', '8', '3')}"]
    if chance.some(0.02):
        lines = chance.sample(lines, chance.randint(0, 3))
    for _ in range(chance.randint(1, 9)):
        lines += _section(chance)
    text = chance.one("\n", "\n", "\n", "\r\n").join(lines).encode()
    return damaged(chance, text) if chance.some(0.1) else text


def _section(chance: Chance) -> list[str]:
    name = chance.choice(_PLAIN) if chance.some(0.85) else chance.choice(tuple(_SECTIONS))
    lines = [chance.one(f"[{name}]", f"[{name}]", f"[{name}]", f" [ {name} ]") if chance.some(0.99) else f"[{name}"]
    for key in _SECTIONS[name]:
        if chance.some(0.7):
            value = chance.choice(_LIKELY.get(key, _OTHERWISE) if chance.some(0.98) else _NUMBERS)
            lines.append(f"{key}{chance.one('=', '=', ' = ')}{value}")
    if chance.some(0.5):
        lines.append(f"activation={chance.choice(_WORDS[:10] if chance.some(0.98) else _WORDS)}")
    if chance.some(0.01):
        lines.append(chance.one("# a comment", "; another", "=", "=3", "filters", "filter=3", "\0", "a" * 5000, "é=ü"))
    return lines


def weights(chance: Chance) -> bytes:
    """A header of likely and unlikely numbers, and about as many floats as the net has."""
    major, minor = chance.one((0, 2), (0, 2), (0, 1), (0, 5), (1, 0), (1001, 0), (0, 2000), (-1, 2), (10**6, 0))
    seen = chance.one("q", "q", "i")
    head = struct.pack(f"<3i{seen}", major, minor, chance.one(0, 0, 1, -1), chance.one(0, 32_013_312, -1))
    count = chance.one(
        NUMBERS, NUMBERS, NUMBERS, NUMBERS - 1, NUMBERS + 1, 0, 64, 132, 136, 207, chance.randint(0, 300)
    )
    content = head + chance.randbytes(4 * count)
    if chance.some(0.3):
        return damaged(chance, content)
    return patched(chance, content, within=20) if chance.some(0.2) else content
