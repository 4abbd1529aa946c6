"""Every layer word as it is written, with what changes its kernel's numbers: one row a word.

Whatever holds for all layers is tested over these rows: that layer and kernel understand each other, that JSON and
text keep the line.  A new layer has its row here.
"""

from __future__ import annotations

INPUT = "p: input 12x14x4"
"""What the lines work on; `p` is its label."""

LINES: dict[str, list[str]] = {
    "conv": [
        "conv 6 3x3 stride=2 padding=1 groups=2 flip edge",
        "conv 16 5 same dilation=2 nobias",
        "conv 3 4x4 stride=2 half",
    ],
    "conv filter": ["conv filter=sharpen padding=1 stride=2"],
    "conv connect": ["conv 3 3x3 connect=[1 1 0 0; 0 1 1 0; 1 0 0 1]"],
    "dwconv": ["dwconv 3x3 multiplier=2 stride=2 same", "dwconv 4x4 stride=2 same_lower"],
    "sepconv": ["sepconv 5 3x3 multiplier=2 padding=1 reflect"],
    "upconv": [
        "upconv 6 3x3 stride=2 padding=1 output_padding=1 groups=2 flip",
        "upconv 3 4x4 stride=2 same output_padding=1",
        "upconv 2 1x2 stride=3 valid",
    ],
    "local": ["local 3 3x3 stride=2 padding=1", "local 2 5x5 stride=3 half"],
    "maxpool": [
        "maxpool 3x3 stride=2 ceil",
        "maxpool 3x3 stride=2 half",
        "maxpool 2x2 stride=1 same_lower",
        "maxpool 3x3 dilation=2x3",
    ],
    "avgpool": ["avgpool 3x3 stride=2 padding=1 countpad", "avgpool 3x3 padding=2 dilation=2"],
    "sumpool": ["sumpool 2"],
    "l2pool": ["l2pool 2 stride=1"],
    "subsample": ["subsample 2x2"],
    "gap": ["gap", "gap keep"],
    "gmp": ["gmp", "gmp keep"],
    "adaptavg": ["adaptavg 3x2"],
    "adaptmax": ["adaptmax 3x2"],
    "reduce": ["reduce mean channels", "reduce max axes=height keep", "reduce std height,width,channels unbiased"],
    "rearrange": ['rearrange "h w c -> w h c"', 'rearrange "(h a=3) w c -> (h w) (c a)"'],
    "matmul": ['a: rearrange "h w c -> h c w"\nmatmul p a', "a: conv 4 3x1 padding=1x0\nmatmul p a transpose"],
    "learned": ["a: learned 12x14x4\nadd p a"],
    "constant": ["a: constant 1x1x4 0.5\nmul p a"],
    "flatten": ["flatten"],
    "reshape": ["reshape 12x7x8"],
    "dense": ["flatten\ndense 5", "flatten\ndense 5 nobias"],
    "bn": ["bn", "bn noscale noshift"],
    "ln": ["ln", "ln all", "ln noshift", "ln all noscale noshift"],
    "gn": ["gn 2", "gn 2 noscale", "gn 4 noscale noshift epsilon=0.001"],
    "instancenorm": ["instancenorm", "instancenorm noscale noshift", "conv 4 3x3 instancenorm relu"],
    "rmsnorm": ["rmsnorm", "rmsnorm all noscale"],
    "l2norm": ["l2norm", "l2norm epsilon=1e-06"],
    "lrn": ["lrn 3"],
    "leaky": ["leaky slope=0.1"],
    "elu": ["elu slope=0.5"],
    "dropout": ["dropout 0.5"],
    "pad": ["pad 1,2,0,1 reflect"],
    "crop": ["crop 1,2,0,1"],
    "upsample": ["upsample 2", "upsample 3 bilinear", "upsample 1.5x2 bicubic", "upsample 2 bilinear corners"],
    "upsample size": [
        "upsample size=17x29",
        "upsample size=13x50 bilinear",
        "upsample size=24x28 bilinear",
        "upsample size=30x17 bicubic corners",
        "upsample size=13x20 catmullrom",
        "upsample size=7x20 nearestexact",
    ],
    "slice": ["slice 1:3"],
    "padchannels": ["padchannels 1,2"],
    "shuffle": ["shuffle 2"],
    "spacetodepth": ["spacetodepth 2", "spacetodepth 3x2"],
    "depthtospace": ["depthtospace 2", "depthtospace 1x4"],
    "scale": ["scale", "scale 0.17"],
    "layerscale": ["layerscale", "layerscale 1e-6", "layerscale init=0.5"],
    "add": [
        "a: conv 4 3x3 padding=1\nadd p a",
        "a: conv 4 3x3\nadd p a crop",
        "a: conv 4 4x3\nadd p a pad",
        "a: gap\nb: conv 1 1x1 from p\nadd b a",
        "a: gap\nadd p a pad",
    ],
    "sub": ["a: conv 4 3x3 padding=1\nsub p a", "a: conv 4 4x3\nsub a p pad", "a: conv 4 4x3\nsub a p crop"],
    "mul": [
        "gap\nmul p",
        "a: conv 4 4x3\nb: gap\nmul a b p pad",
        "a: conv 1 3x3 same sigmoid\nmul a p",
        "a: adaptavg 12x1\nb: adaptavg 1x14 from p\nmul p a b",
    ],
    "div": ["a: conv 4 3x3 padding=1 sigmoid\ndiv p a", "a: gmp keep\ndiv p a", "a: conv 4 4x3 sigmoid\ndiv p a crop"],
    "max": ["a: conv 4 3x3 padding=1\nmax p a a", "a: conv 4 4x3\nmax a p pad", "a: conv 4 4x3\nmax a p crop"],
    "min": ["a: conv 4 3x3 padding=1\nmin p a a", "a: conv 4 4x3\nmin a p pad", "a: conv 1 4x3\nmin a p crop"],
    "avg": ["a: conv 4 3x3 padding=1\navg p a a", "a: conv 4 4x3\navg a p pad", "a: conv 4 4x3\navg a p crop"],
    "absdiff": [
        "a: conv 4 3x3 padding=1\nabsdiff p a",
        "a: conv 4 4x3\nabsdiff a p pad",
        "a: conv 4 4x3\nabsdiff a p crop",
    ],
    "concat": ["a: conv 2 3x3\nconcat p a crop", "a: conv 2 4x3\nconcat a p pad"],
    **{word: [word] for word in ("prelu", "identity", "relu", "relu6", "selu", "gelu", "silu", "hardswish")},
    **{word: [word] for word in ("hardsigmoid", "sigmoid", "tanh", "softmax", "softplus", "mish")},
}
