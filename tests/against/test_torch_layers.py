"""Layers one by one beside PyTorch's functions, called directly: pads, pools that round up, LRN, transposed ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cnncalc.layers.registry import LAYERS

from .comparing import agree, ready, written

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
F = torch.nn.functional

Call = Callable[[Any, dict[str, Any]], Any]

OF_TORCH = ("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "square", "abs", "neg", "sign")
OF_TORCH += ("reciprocal", "sin", "cos", "tan", "atan", "sinh", "cosh", "asinh", "erf")
OF_TORCH += ("floor", "ceil", "round")
OF_NN = ("softsign", "logsigmoid", "tanhshrink")
"""Functions of a number by the names that they have in torch and in torch.nn.functional too."""


def placed(x: Any, size: tuple[int, int], start: float, step: float, mode: str, only: int = 0) -> Any:
    """grid_sample at start + o * step, counted in pixels; along one axis where `only` says which."""
    lines = [torch.arange(m) * step + start if only in (0, axis) else torch.arange(m) for axis, m in enumerate(size, 2)]
    across = [2 * line / (n - 1) - 1 for line, n in zip(lines, x.shape[2:], strict=True)]
    grid = torch.stack(torch.meshgrid(*across, indexing="ij")[::-1], -1)[None]
    return F.grid_sample(x, grid.to(x.dtype).expand(len(x), -1, -1, -1), mode, "border", align_corners=True)


def _convolved(x: Any, w: dict[str, Any]) -> Any:
    """A convolution and a batch norm, whose weights have the names of their lines."""
    made = F.conv2d(x, w["conv1.weight"], w["conv1.bias"])
    statistics = w["conv1.bn.running_mean"], w["conv1.bn.running_var"]
    return F.batch_norm(made, *statistics, w["conv1.bn.weight"], w["conv1.bn.bias"])


def boxes_of(x: Any, each: int, stretch: float = 1, sizes: bool = True, softmax: bool = False) -> Any:
    """Ultralytics' Detect.forward: a view by boxes, sigmoid, split; and what Darknet's layers leave or do besides."""
    box = x.view(x.shape[0], -1, each, *x.shape[2:])
    xy, wh, rest = box.sigmoid().split((2, 2, each - 4), 2)
    wh = wh if sizes else box[:, :, 2:4]
    if softmax:
        rest = torch.cat([rest[:, :, :1], box[:, :, 5:].softmax(2)], 2)
    return torch.cat([xy * stretch - (stretch - 1) / 2, wh, rest], 2).view(x.shape)


def attended(x: Any, w: dict[str, Any], heads: int, **more: Any) -> Any:
    """PyTorch's MultiheadAttention with these weights; those of the last layer are called weight and bias here."""
    layer = torch.nn.MultiheadAttention(x.shape[1], heads, batch_first=True).eval()
    names = {"in_proj_weight": "in_proj_weight", "in_proj_bias": "in_proj_bias"}
    names |= {"out_proj.weight": "weight", "out_proj.bias": "bias"}
    layer.load_state_dict({name: w[own] for name, own in names.items()})
    rows = x.flatten(2).transpose(1, 2)
    return layer(rows, rows, rows, need_weights=False, **more)[0].transpose(1, 2).reshape(x.shape).detach()


LAYERS_IN_TORCH: dict[str, tuple[str, Call]] = {
    "conv 5 3x3": ("9x8x4", lambda x, w: F.conv2d(x, w["weight"], w["bias"])),
    "conv 6 3x3 stride=2 padding=1 groups=2": ("9x8x4", lambda x, w: F.conv2d(x, w["weight"], w["bias"], 2, 1, 1, 2)),
    "conv 5 3x2 dilation=2 padding=2x1 nobias": (
        "9x8x4",
        lambda x, w: F.conv2d(x, w["weight"], None, 1, (2, 1), 2),
    ),
    "conv 5 3x3 padding=0,1,2,0": ("9x8x4", lambda x, w: F.conv2d(F.pad(x, (2, 0, 0, 1)), w["weight"], w["bias"])),
    "conv 5 3x3 padding=1 reflect": (
        "9x8x4",
        lambda x, w: F.conv2d(F.pad(x, (1, 1, 1, 1), "reflect"), w["weight"], w["bias"]),
    ),
    "conv 5 3x3 padding=1 wrap": (
        "9x8x4",
        lambda x, w: F.conv2d(F.pad(x, (1, 1, 1, 1), "circular"), w["weight"], w["bias"]),
    ),
    "conv 5 3 stride=2 padding=1": ("17 channels 4", lambda x, w: F.conv1d(x, w["weight"], w["bias"], 2, 1)),
    "conv 5 3x3x2 stride=2x1x1": ("7x6x5x3", lambda x, w: F.conv3d(x, w["weight"], w["bias"], (2, 1, 1))),
    "conv 5 5x5 stride=2 dilation=2 half": ("9x8x4", lambda x, w: F.conv2d(x, w["weight"], w["bias"], 2, 4, 2)),
    "conv 5 4x4 same_lower": (
        "9x8x4",
        lambda x, w: F.conv2d(F.pad(x, (2, 1, 2, 1)), w["weight"], w["bias"]),
    ),
    "conv 5 3 stride=2 dilation=2 causal": (
        "17 channels 4",
        lambda x, w: F.conv1d(F.pad(x, (4, 0)), w["weight"], w["bias"], 2, 0, 2),
    ),
    "maxpool 5x5 stride=2 half": ("10x9x4", lambda x, w: F.max_pool2d(x, 5, 2, 2)),
    "dwconv 3x3 stride=2 padding=1 multiplier=2": (
        "9x8x4",
        lambda x, w: F.conv2d(x, w["weight"][:, None], w["bias"], 2, 1, 1, 4),
    ),
    "upconv 5 3x3 stride=2 padding=1 output_padding=1": (
        "5x6x4",
        lambda x, w: F.conv_transpose2d(x, w["weight"], w["bias"], 2, 1, 1),
    ),
    "upconv 6 4x4 stride=2 padding=1 groups=2": (
        "5x6x4",
        lambda x, w: F.conv_transpose2d(x, w["weight"], w["bias"], 2, 1, 0, 2),
    ),
    "upconv 6 3x4x2 stride=2x1x2 padding=1,1,1,1,0,0 output_padding=1x0x1 groups=2": (
        "3x5x4x4",
        lambda x, w: F.conv_transpose3d(x, w["weight"], w["bias"], (2, 1, 2), (1, 1, 0), (1, 0, 1), 2),
    ),
    "upconv 5 1x1 stride=3": ("5x6x4", lambda x, w: F.conv_transpose2d(x, w["weight"], w["bias"], 3)),
    "upconv 5 3x3 stride=2 dilation=2": (
        "5x6x4",
        lambda x, w: F.conv_transpose2d(x, w["weight"], w["bias"], 2, 0, 0, 1, 2),
    ),
    "maxpool 3x3 stride=2": ("10x9x4", lambda x, w: F.max_pool2d(x, 3, 2)),
    "maxpool 3x3 stride=2 ceil": ("10x9x4", lambda x, w: F.max_pool2d(x, 3, 2, ceil_mode=True)),
    "maxpool 3x3 stride=2 padding=1 ceil": ("10x9x4", lambda x, w: F.max_pool2d(x, 3, 2, 1, ceil_mode=True)),
    "maxpool 2x2 stride=3 ceil": ("7x8x4", lambda x, w: F.max_pool2d(x, 2, 3, ceil_mode=True)),
    "maxpool 3x3 stride=1 padding=1 dilation=2": ("10x9x4", lambda x, w: F.max_pool2d(x, 3, 1, 1, 2)),
    "maxpool 3x2 stride=2 padding=1x1 dilation=1x3 ceil": (
        "10x9x4",
        lambda x, w: F.max_pool2d(x, (3, 2), 2, (1, 1), (1, 3), ceil_mode=True),
    ),
    "maxpool 3 dilation=4": ("21 channels 3", lambda x, w: F.max_pool1d(x, 3, dilation=4)),
    "maxpool 2 stride=1 dilation=3": ("5x6x5x2", lambda x, w: F.max_pool3d(x, 2, 1, dilation=3)),
    "maxpool 3x3 stride=1 padding=1": ("10x9x4", lambda x, w: F.max_pool2d(x, 3, 1, 1)),
    "avgpool 3x3 stride=2 padding=1": ("10x9x4", lambda x, w: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)),
    "avgpool 3x3 stride=2 padding=1 countpad": ("10x9x4", lambda x, w: F.avg_pool2d(x, 3, 2, 1)),
    "avgpool 3x3 stride=2 padding=1 ceil": ("10x9x4", lambda x, w: F.avg_pool2d(x, 3, 2, 1, True, False)),
    "avgpool 3x3 stride=2 padding=1 ceil countpad": ("10x9x4", lambda x, w: F.avg_pool2d(x, 3, 2, 1, True, True)),
    "avgpool 2x2 stride=3 ceil countpad": ("7x8x4", lambda x, w: F.avg_pool2d(x, 2, 3, 0, True, True)),
    "avgpool 3 stride=2 padding=1": ("11 channels 4", lambda x, w: F.avg_pool1d(x, 3, 2, 1, count_include_pad=False)),
    "avgpool 2x3x2 ceil": ("5x7x6x3", lambda x, w: F.avg_pool3d(x, (2, 3, 2), ceil_mode=True)),
    "l2pool 2x2": ("8x8x4", lambda x, w: F.lp_pool2d(x, 2.0, 2)),
    "adaptavg 3x4": ("10x9x4", lambda x, w: F.adaptive_avg_pool2d(x, (3, 4))),
    "adaptmax 3x4": ("10x9x4", lambda x, w: F.adaptive_max_pool2d(x, (3, 4))),
    "lrn 5 alpha=0.5 bias=2": ("6x6x9", lambda x, w: F.local_response_norm(x, 5, 0.5, 0.75, 2.0)),
    "lrn 4 alpha=1 beta=0.5": ("6x6x9", lambda x, w: F.local_response_norm(x, 4, 1.0, 0.5, 1.0)),
    "ln": (
        "5x5x8",
        lambda x, w: F.layer_norm(x.permute(0, 2, 3, 1), (8,), w["weight"], w["bias"]).permute(0, 3, 1, 2),
    ),
    "ln all": ("5x5x8", lambda x, w: F.layer_norm(x, (8, 5, 5), w["weight"], w["bias"])),
    "gn groups=4": ("5x5x8", lambda x, w: F.group_norm(x, 4, w["weight"], w["bias"])),
    "ln noshift": (
        "5x5x8",
        lambda x, w: F.layer_norm(x.permute(0, 2, 3, 1), (8,), w["weight"]).permute(0, 3, 1, 2),
    ),
    "ln all noscale noshift": ("5x5x8", lambda x, w: F.layer_norm(x, (8, 5, 5))),
    "gn groups=4 noscale noshift": ("5x5x8", lambda x, w: F.group_norm(x, 4)),
    "instancenorm": ("5x6x20", lambda x, w: F.instance_norm(x, None, None, w["weight"], w["bias"])),
    "instancenorm noscale noshift epsilon=0.001": ("5x6x20", lambda x, w: F.instance_norm(x, eps=1e-3)),
    "rmsnorm": (
        "5x5x8",
        lambda x, w: F.rms_norm(x.permute(0, 2, 3, 1), (8,), w["weight"], 1e-6).permute(0, 3, 1, 2),
    ),
    "rmsnorm all noscale": ("5x5x8", lambda x, w: F.rms_norm(x, (8, 5, 5), eps=1e-6)),
    "l2norm": ("5x5x8", lambda x, w: F.normalize(x)),
    "bn": (
        "5x5x8",
        lambda x, w: F.batch_norm(x, w["running_mean"], w["running_var"], w["weight"], w["bias"]),
    ),
    "upsample 3": ("5x4x3", lambda x, w: F.interpolate(x, scale_factor=3)),
    "upsample 2 bilinear": (
        "5x4x3",
        lambda x, w: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
    ),
    "upsample 2 bilinear  ": (
        "5x4x3x2",
        lambda x, w: F.interpolate(x, scale_factor=2, mode="trilinear", align_corners=False),
    ),
    "upsample size=9x7": ("5x4x3", lambda x, w: F.interpolate(x, size=(9, 7))),
    "upsample size=89x89": ("44x44x1", lambda x, w: F.interpolate(x, size=(89, 89))),
    "upsample size=9x7 bilinear": (
        "5x4x3",
        lambda x, w: F.interpolate(x, size=(9, 7), mode="bilinear", align_corners=False),
    ),
    "upsample size=89x44 bilinear": (
        "44x44x1",
        lambda x, w: F.interpolate(x, size=(89, 44), mode="bilinear", align_corners=False),
    ),
    "upsample size=6x9x5 bilinear": (
        "5x4x3x2",
        lambda x, w: F.interpolate(x, size=(6, 9, 5), mode="trilinear", align_corners=False),
    ),
    "upsample 1.5": ("5x4x3", lambda x, w: F.interpolate(x, scale_factor=1.5)),
    "upsample 1.25x0.7": ("7x9x3", lambda x, w: F.interpolate(x, scale_factor=(1.25, 0.7))),
    "upsample 1.4 bilinear": (
        "45x6x1",
        lambda x, w: F.interpolate(x, scale_factor=1.4, mode="bilinear", align_corners=False),
    ),
    "upsample 1.5 bicubic": (
        "5x2x3",
        lambda x, w: F.interpolate(x, scale_factor=1.5, mode="bicubic", align_corners=False),
    ),
    "upsample 1.25 bicubic": ("3x9x3", lambda x, w: F.interpolate(x, scale_factor=1.25, mode="bicubic")),
    "upsample 3 bicubic": ("5x4x3", lambda x, w: F.interpolate(x, scale_factor=3, mode="bicubic")),
    "upsample 2 bilinear corners": (
        "5x1x3",
        lambda x, w: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True),
    ),
    "upsample 2 bilinear corners ": (
        "9 channels 4",
        lambda x, w: F.interpolate(x, scale_factor=2, mode="linear", align_corners=True),
    ),
    "upsample 2 bilinear corners  ": (
        "5x4x3x2",
        lambda x, w: F.interpolate(x, scale_factor=2, mode="trilinear", align_corners=True),
    ),
    "upsample size=9x1 bilinear corners": (
        "5x4x3",
        lambda x, w: F.interpolate(x, size=(9, 1), mode="bilinear", align_corners=True),
    ),
    "upsample size=13x7 bicubic corners": (
        "5x7x3",
        lambda x, w: F.interpolate(x, size=(13, 7), mode="bicubic", align_corners=True),
    ),
    "upsample size=3x9 bicubic": ("8x8x2", lambda x, w: F.interpolate(x, size=(3, 9), mode="bicubic")),
    "upsample size=3x2": ("8x7x2", lambda x, w: F.interpolate(x, size=(3, 2))),
    "upsample size=3x2 bilinear": ("8x7x2", lambda x, w: F.interpolate(x, size=(3, 2), mode="bilinear")),
    "upsample size=3x9 nearestexact": ("8x8x2", lambda x, w: F.interpolate(x, size=(3, 9), mode="nearest-exact")),
    "upsample size=9x12 catmullrom": (
        "8x8x2",
        lambda x, w: F.interpolate(x, size=(9, 12), mode="bicubic", antialias=True),
    ),
    "reduce mean channels": ("5x4x3", lambda x, w: x.mean(1, keepdim=True)),
    "reduce max channels": ("5x4x3", lambda x, w: x.amax(1, keepdim=True)),
    "reduce sum height": ("5x4x3", lambda x, w: x.sum(2)),
    "reduce min width keep": ("5x4x3", lambda x, w: x.amin(3, keepdim=True)),
    "reduce std height,width unbiased": ("5x4x3", lambda x, w: x.std((2, 3))),
    "reduce var width": ("5x4x3", lambda x, w: x.var(3, unbiased=False)),
    "reduce norm channels": ("5x4x3", lambda x, w: x.norm(dim=1, keepdim=True)),
    "reduce prod channels": ("5x4x3", lambda x, w: x.prod(1, keepdim=True)),
    "reduce mean height,channels": ("5x4x3", lambda x, w: x.mean((1, 2), keepdim=True).squeeze(2)),
    "reduce mean depth,width": ("5x4x3x2", lambda x, w: x.mean((2, 4))),
    'rearrange "h w c -> w h c"': ("5x4x3", lambda x, w: x.permute(0, 1, 3, 2)),
    'rearrange "h w c -> c h w"': ("5x4x3", lambda x, w: x.permute(0, 3, 1, 2)),
    'rearrange "l (h=2 d) -> h l d"': (
        "5 channels 6",
        lambda x, w: x.permute(0, 2, 1).view(1, 5, 2, 3).permute(0, 3, 2, 1),
    ),
    'rearrange "(h a=2) (w b=3) c -> (h w) (a b) c"': (
        "4x6x5",
        lambda x, w: x.view(1, 5, 2, 2, 2, 3).permute(0, 1, 2, 4, 3, 5).reshape(1, 5, 4, 6),
    ),
    'rearrange "h w c -> (c h w)"': ("4x6x5", lambda x, w: x.flatten(1)),
    'rearrange "h w (g=3 c) -> h w (c g)"': ("4x6x6", lambda x, w: F.channel_shuffle(x, 3)),
    "softmax axis=height": ("5x4x3", lambda x, w: torch.softmax(x, 2)),
    "softmax axis=depth": ("5x4x3x2", lambda x, w: torch.softmax(x, 2)),
    "softmax axis=channels": ("5x4x3", lambda x, w: torch.softmax(x, 1)),
    "slice 1:3 axis=width": ("5x4x3", lambda x, w: x[..., 1:3]),
    "slice 1:3 axis=channels": ("5x4x3", lambda x, w: x[:, 1:3]),
    "a: identity\nb: tanh\nconcat a b axis=width": ("5x4x3", lambda x, w: torch.cat([x, torch.tanh(x)], 3)),
    "attention heads=3": ("7 channels 12", lambda x, w: attended(x, w, 3)),
    "attention heads=2": ("3x4x8", lambda x, w: attended(x, w, 2)),
    "attention heads=2 causal": (
        "5 channels 4",
        lambda x, w: attended(x, w, 2, attn_mask=torch.ones(5, 5).triu(1).bool(), is_causal=True),
    ),
    "shuffle 2": ("4x4x6", lambda x, w: F.channel_shuffle(x, 2)),
    "spacetodepth 2": ("4x6x3", lambda x, w: F.pixel_unshuffle(x, 2)),
    "depthtospace 2": ("4x6x8", lambda x, w: F.pixel_shuffle(x, 2)),
    "upsample size=7x9 start=0.25 step=1/2 bilinear": ("4x6x3", lambda x, w: placed(x, (7, 9), 0.25, 0.5, "bilinear")),
    "upsample size=3x11 start=-0.5 step=2/3,1 bicubic": (
        "4x6x3",
        lambda x, w: placed(placed(x, (3, 6), -0.5, 2 / 3, "bicubic", 2), (3, 11), -0.5, 1, "bicubic", 3),
    ),
    "upsample size=2x9 start=0 step=1": ("4x6x3", lambda x, w: F.pad(x[:, :, :2], (0, 3, 0, 0), "replicate")),
    "reduce argmax channels": ("4x6x3", lambda x, w: x.argmax(1, keepdim=True).to(x.dtype)),
    "reduce argmin height": ("4x6x3", lambda x, w: x.argmin(2).to(x.dtype)),
    "pad 1,2,0,3 value=-2.5": ("4x6x3", lambda x, w: F.pad(x, (0, 3, 1, 2), value=-2.5)),
    "pad 1,2,0,3": ("4x6x3", lambda x, w: F.pad(x, (0, 3, 1, 2))),
    "crop 1": ("4x6x3", lambda x, w: x[:, :, 1:-1, 1:-1]),
    "dense 7": ("12", lambda x, w: F.linear(x, w["weight"], w["bias"])),
    "prelu": ("4x6x3", lambda x, w: F.prelu(x, w["weight"])),
    "prelu shared": ("4x6x3", lambda x, w: F.prelu(x, w["weight"])),
    "prelu all": ("4x6x3", lambda x, w: torch.where(x < 0, w["weight"] * x, x)),
    "gelu": ("4x6x3", lambda x, w: F.gelu(x)),
    "gelu approximate": ("4x6x3", lambda x, w: F.gelu(x, approximate="tanh")),
    "softplus beta=3": ("4x6x3", lambda x, w: F.softplus(x, beta=3)),
    "logsoftmax": ("4x6x3", lambda x, w: F.log_softmax(x, 1)),
    "glu": ("4x6x8", lambda x, w: F.glu(x, 1)),
    "yolo anchors=10,14,23,27 classes=3": ("4x6x16", lambda x, w: boxes_of(x, 8, sizes=False)),
    "yolo anchors=10,14,23,27 classes=3 v5": ("4x6x16", lambda x, w: boxes_of(x, 8, stretch=2)),
    "yolo anchors=10,14 classes=3 stretch=1.2": ("4x6x8", lambda x, w: boxes_of(x, 8, stretch=1.2, sizes=False)),
    "region anchors=1,2,3,4 classes=3": ("4x6x16", lambda x, w: boxes_of(x, 8, sizes=False)),
    "region anchors=1,2,3,4 classes=3 softmax": ("4x6x16", lambda x, w: boxes_of(x, 8, sizes=False, softmax=True)),
    "detection side=3 boxes=1 classes=2": ("63", lambda x, w: x),
    "detection side=3 boxes=1 classes=2 softmax": (
        "63",
        lambda x, w: torch.cat([x[:, :18].reshape(-1, 9, 2).softmax(2).reshape(-1, 18), x[:, 18:]], 1),
    ),
    "clip -0.2 0.3": ("4x6x3", lambda x, w: F.hardtanh(x, -0.2, 0.3)),
    "clip low=-0.1": ("4x6x3", lambda x, w: x.clamp(min=-0.1)),
    "conv 5 3x3 bn clip -0.2 0.3": ("7x6x3", lambda x, w: F.hardtanh(_convolved(x, w), -0.2, 0.3)),
    "affine -1 1": ("4x6x3", lambda x, w: 1 - x),
    "affine 2,-1,0.5 0,3,-0.25": (
        "4x6x3",
        lambda x, w: x * torch.tensor([2, -1, 0.5]).view(3, 1, 1) + torch.tensor([0, 3, -0.25]).view(3, 1, 1),
    ),
    "shift": ("4x6x3", lambda x, w: x + w["bias"].view(3, 1, 1)),
    "shift all": ("4x6x3", lambda x, w: x + w["bias"]),
    "scale shared": ("4x6x3", lambda x, w: w["weight"] * x),
    "scale all": ("4x6x3", lambda x, w: w["weight"] * x),
    "conv 5 3x3 bn\naffine 3 -1\nshift\nscale shared\nrelu": (
        "7x6x3",
        lambda x, w: F.relu(w["scale1.weight"] * (3 * _convolved(x, w) - 1 + w["shift1.bias"].view(5, 1, 1))),
    ),
    **{
        f"affine 1 {offset}\n{line}": ("4x6x3", call)
        for offset, line, call in (
            *(
                (1, f"function {name}", partial(lambda name, x, w: getattr(torch, name)(x + 1), name))
                for name in OF_TORCH
            ),
            *(
                (-0.5, f"function {name}", partial(lambda name, x, w: getattr(torch, name)(x - 0.5), name))
                for name in ("asin", "acos", "atanh")
            ),
            (2, "function acosh", lambda x, w: torch.acosh(x + 2)),
            *((0, f"function {name}", partial(lambda name, x, w: getattr(F, name)(x), name)) for name in OF_NN),
            (0, "function squareplus", lambda x, w: (x + (x * x + 4).sqrt()) / 2),
            (1, "function pow exponent=2.5", lambda x, w: (x + 1) ** 2.5),
            (0, "function pow exponent=3", lambda x, w: x**3),
            (0, "function celu slope=0.5", lambda x, w: F.celu(x, 0.5)),
            (0, "function softshrink limit=0.2", lambda x, w: F.softshrink(x, 0.2)),
            (0, "function hardshrink limit=0.2", lambda x, w: F.hardshrink(x, 0.2)),
            (0, "function threshold limit=0.1 value=-20", lambda x, w: F.threshold(x, 0.1, -20)),
        )
    },
    "selu": ("4x6x3", lambda x, w: F.selu(x)),
    "elu slope=0.5": ("4x6x3", lambda x, w: F.elu(x, 0.5)),
    "leaky 0.2": ("4x6x3", lambda x, w: F.leaky_relu(x, 0.2)),
    "silu": ("4x6x3", lambda x, w: F.silu(x)),
    "mish": ("4x6x3", lambda x, w: F.mish(x)),
    "hardswish": ("4x6x3", lambda x, w: F.hardswish(x)),
    "hardsigmoid": ("4x6x3", lambda x, w: F.hardsigmoid(x)),
    "softplus": ("4x6x3", lambda x, w: F.softplus(x)),
    "tanh": ("4x6x3", lambda x, w: torch.tanh(x)),
    "sigmoid": ("4x6x3", lambda x, w: torch.sigmoid(x)),
    "softmax": ("4x6x3", lambda x, w: torch.softmax(x, 1)),
}
"""A line -> the input's size, and the same said to PyTorch."""

TRANSLATED = {
    "a: identity\nb: conv 6 1x2 stride=2\nattention a b heads=2 key=3 value=5": "4x6x8",
    "a: identity\nb: tanh\nattention a a b heads=2 nobias": "9 channels 4",
    'a: identity\nb: rearrange "h w c -> h c w"\nmatmul a b': "5x4x4",
    "a: identity\nb: conv 3 1x2\nmatmul a b transpose": "7x3x3",
    "a: identity\nb: learned 5x3\nmatmul a b transpose": "9 channels 3",
    "a: gap\nb: learned 6x4\nmatmul b a transpose": "5x5x4",
    "a: identity\nb: constant 1x1x3 0.5\nc: learned 4x4x1\nadd a b c": "4x4x3",
    "conv 4 3x3 same stride=2 flip edge": "8x7x3",
    "conv filter=sobel_top padding=1": "6x6x2",
    "upconv filter=gauss3 stride=2": "4x4x3",
    "upconv 4 3x3 same stride=2": "5x4x3",
    "upconv 4 2x2 same stride=3 flip": "5x4x3",
    "upconv 4 3x3 same stride=2 output_padding=0": "5x4x3",
    "upconv 4 4x4 same stride=2 output_padding=1": "5x4x3",
    "upconv 4 1x2 valid stride=3": "5x4x3",
    "sepconv 5 3x3 stride=2 same multiplier=2": "8x9x3",
    "local 3 3x2 padding=1 stride=2": "6x7x2",
    "local 3 3": "9 channels 2",
    "local 2 2x2x2 stride=2": "4x5x4x2",
    "maxpool 3x3 same stride=2": "8x7x3",
    "avgpool 3x3 same stride=2": "8x7x3",
    "avgpool 3x3 same stride=2 countpad": "8x7x3",
    "avgpool 3x3 padding=2 stride=2 ceil countpad": "8x7x3",
    "avgpool 3x3 stride=2 padding=2 dilation=2": "8x7x3",
    "avgpool 3x3 stride=2 padding=2 dilation=2 ceil countpad": "8x7x3",
    "sumpool 2x2 stride=2 ceil": "7x7x3",
    "l2pool 2x3 stride=1 dilation=3x2": "8x7x3",
    "subsample 2x2 stride=1 dilation=2": "8x7x3",
    "l2pool 3x3 padding=1": "7x7x3",
    "subsample 2x2": "8x8x3",
    "gmp": "5x5x3",
    "gap": "4x5x3x2",
    "flatten": "3x4x2",
    "reshape 4x6x1": "3x4x2",
    "padchannels 1,2": "3x4x2",
    "slice 1:3": "3x4x5",
    "spacetodepth 2x3": "4x6x3",
    "depthtospace 2x3": "4x6x12",
    "spacetodepth 2": "4x6x2x3",
    "depthtospace 2": "2x3x2x8",
    "scale": "3x4x5",
    "scale 0.3": "3x4x5",
    "relu6": "3x4x5",
    "upsample 2x3": "5x4x3",
    "upsample 2 bicubic": "4x3x3x2",
    "upsample size=5x3x7 catmullrom": "4x3x3x2",
    "upsample 1.5 bicubic corners": "9 channels 2",
    "gn groups=2": "7 channels 4",
    "a: identity\nconv 3 3x3\nadd a crop": "8x8x3",
    "a: identity\nmaxpool 3x3\nconcat a crop": "8x7x3",
    "a: identity\ngap\nmul a": "4x5x3",
    "a: identity\ngap keep\nmul a": "4x5x3",
    "gmp keep\nconv 3 1x1": "4x5x3",
    "layerscale 1e-6": "4x5x3",
    **{
        f"a: identity\nb: conv 3 4x3\n{join} a b{fit}": "8x7x3"
        for join in ("add", "sub", "mul", "div", "max", "min", "avg", "absdiff", "concat")
        for fit in (" pad", " crop")
        if join + fit != "div pad"
    },
    **{
        f"a: identity\n{made}\n{join} {names}": "8x7x3"
        for join in ("add", "sub", "mul", "div", "max", "min", "avg", "absdiff")
        for made, names in (
            ("b: conv 1 3x3 same", "a b"),
            ("b: conv 1 3x3 same", "b a"),
            ("b: gap", "a b"),
            ("b: gap keep\nc: conv 1 1x1 from a", "c b"),
            ("b: adaptavg 8x1", "a b"),
            ("b: adaptavg 8x1\nc: adaptavg 1x7 from a", "c b"),
        )
    },
    "a: identity\nb: tanh\nmin a b a": "4x5x3",
    "a: identity\nb: tanh\nmax a b a": "4x5x3",
    "a: identity\nb: tanh\navg a b a": "4x5x3",
    "a: identity\nb: conv 3 2\nc: gap\nmul a b c pad": "9 channels 3",
}
"""Lines for which PyTorch has no word of its own, through our translation alone."""


@pytest.mark.parametrize("line", LAYERS_IN_TORCH)
def test_a_layer_computes_what_pytorch_computes(line: str) -> None:
    size, call = LAYERS_IN_TORCH[line]
    analysis = written(f"input {size}\n{line}\n")
    given, ours = ready(analysis, shift=-0.5)
    (array,) = given.inputs.values()
    shape = analysis.nodes[0].output
    x = torch.from_numpy(array).reshape(1, shape.channels, *shape.spatial)
    arrays = {name: torch.from_numpy(array) for name, array in given.weights.arrays.items()}
    own = {name.rpartition(".")[2]: array for name, array in arrays.items()} | arrays
    agree(f"layer: {line.strip()} on {size}", "PyTorch, called directly", ours, [call(x, own).numpy()])


@pytest.mark.parametrize("line", [*LAYERS_IN_TORCH, *TRANSLATED])
def test_our_translation_to_pytorch_computes_the_same(line: str) -> None:
    from cnncalc.runtime.peers.torch_net import TorchNet, arrays

    size = TRANSLATED[line] if line in TRANSLATED else LAYERS_IN_TORCH[line][0]
    analysis = written(f"input {size}\n{line}\n")
    given, ours = ready(analysis, batch=2)
    net = TorchNet(analysis, given.weights).eval()
    with torch.inference_mode():
        theirs = arrays(net(*net.tensors(given.inputs, analysis)))
    assert [mine.shape for mine in ours] == [other.shape for other in theirs]
    agree(f"layer: {line.strip()} on {size}".replace("\n", "; "), "PyTorch", ours, theirs)


@pytest.mark.parametrize(
    "join", ["concat x l", "concat l x", "attention l x heads=2", "add l x", "matmul l x transpose"]
)
@pytest.mark.parametrize("alone", ["learned 3x4x2", "constant 3x4x2 0.5"])
def test_what_is_the_same_for_every_image_is_there_for_each_of_them(alone: str, join: str) -> None:
    from cnncalc.runtime.peers.torch_net import TorchNet, arrays

    analysis = written(f"x: input 3x4x2\nl: {alone}\n{join}\n")
    given, ours = ready(analysis, batch=3)
    net = TorchNet(analysis, given.weights).eval()
    with torch.inference_mode():
        theirs = arrays(net(*net.tensors(given.inputs, analysis)))
    agree(f"layer: {join} of {alone}", "PyTorch", ours, theirs)


def test_every_kernel_is_translated() -> None:
    from cnncalc.kernels import KERNELS
    from cnncalc.runtime.peers.torch_operations import BUILDERS

    assert set(KERNELS) - set(BUILDERS) == {"conv_direct"}
    assert set(BUILDERS) <= set(KERNELS)


def test_every_layer_word_is_compared() -> None:
    lines = "\n".join([*LAYERS_IN_TORCH, *TRANSLATED])
    assert {word for word in LAYERS if word not in lines} <= {"input", "dropout", "relu"}
