"""What layers refuse and warn about: the exact words, the guilty argument, the arithmetic in the user's numbers."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.diagnostics.catalogue_layers import ENTRIES
from cnncalc.geometry import PADDING_WORDS, SAME, Padding, Shape
from cnncalc.layers.along import ConcatAlong, SliceAlong
from cnncalc.layers.attention import Attention
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.layers.blocks import DepthToSpace, SpaceToDepth
from cnncalc.layers.channels import PadChannels, Shuffle, Slice
from cnncalc.layers.connected import ConnectedConv
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.detection import Detection, Region, Yolo
from cnncalc.layers.filters import FILTERS
from cnncalc.layers.fixed import FilterConv
from cnncalc.layers.functions import Function
from cnncalc.layers.gated import GLU
from cnncalc.layers.global_pool import GlobalAvgPool
from cnncalc.layers.input import Input
from cnncalc.layers.joining import Add, Concat, Divide, Maximum, Mul
from cnncalc.layers.matrix_product import MatMul
from cnncalc.layers.norm import GroupNorm, InstanceNorm
from cnncalc.layers.pointwise import Affine, Dropout, Scale
from cnncalc.layers.pool import AvgPool, MaxPool
from cnncalc.layers.rearranging import Rearrange
from cnncalc.layers.reducing import Reduce
from cnncalc.layers.reshaping import Reshape
from cnncalc.layers.resizing import Crop, Pad
from cnncalc.layers.sloped import Clip, Softplus
from cnncalc.layers.upconv import UpConv
from cnncalc.layers.upsampling import Upsample, UpsampleTo
from cnncalc.matrices import matrix

from .convolutions import conv, image, per_side

REFUSALS: list[tuple[Layer, tuple[Shape, ...], str, str, str]] = [
    (conv(16, 5), image(3, 3, 16), "kernel-too-large", "kernel_size", "a 5x5 kernel does not fit a 3x3 input"),
    (
        conv(16, 3, dilation=(4,)),
        image(8, 8, 1),
        "kernel-too-large",
        "kernel_size",
        "a 3x3 kernel (dilated) does not fit an 8x8 input",
    ),
    (
        MaxPool(kernel_size=(2,)),
        image(1, 1, 6),
        "kernel-too-large",
        "kernel_size",
        "a 2x2 window does not fit a 1x1 input",
    ),
    (
        conv(16, 5),
        (Shape(784),),
        "needs-volume",
        "input",
        "conv slides over an image, but what arrives here is flat (784 numbers)",
    ),
    (
        GlobalAvgPool(),
        (Shape(10),),
        "needs-volume",
        "input",
        "gap slides over an image, but what arrives here is flat (10 numbers)",
    ),
    (
        Dense(units=10),
        image(5, 5, 16),
        "dense-needs-flat",
        "input",
        "dense reads a flat vector, but what arrives here is 5x5x16",
    ),
    (
        conv(16, 3, groups=4),
        image(8, 8, 6),
        "groups-do-not-divide",
        "groups",
        "6 input channels cannot be split into 4 equal groups",
    ),
    (
        conv(6, 3, groups=4),
        image(8, 8, 8),
        "groups-do-not-divide",
        "groups",
        "6 filters cannot be split into 4 equal groups",
    ),
    (
        GroupNorm(groups=4),
        image(8, 8, 6),
        "groups-do-not-divide",
        "groups",
        "6 channels cannot be split into 4 equal groups",
    ),
    (
        InstanceNorm(),
        (Shape(10),),
        "needs-volume",
        "input",
        "instancenorm normalises each channel over its image, but what arrives here is flat (10 numbers)",
    ),
    (
        GLU(),
        image(8, 8, 5),
        "groups-do-not-divide",
        "input",
        "glu needs two equal halves, and 5 channels cannot be halved",
    ),
    (
        Yolo(anchors=(10, 14, 23, 27, 37, 58), classes=80),
        image(13, 13, 250),
        "anchors-do-not-fit",
        "anchors",
        "3 anchors and 80 classes need 255 channels, but 250 arrive",
    ),
    (
        Region(anchors=(1, 2), classes=1),
        image(13, 13, 7),
        "anchors-do-not-fit",
        "anchors",
        "1 anchor and 1 class need 6 channels, but 7 arrive",
    ),
    (
        Yolo(anchors=(10, 14, 23), classes=80),
        image(13, 13, 255),
        "anchors-do-not-fit",
        "anchors",
        "anchors are pairs of a width and a height, and 3 numbers cannot be paired",
    ),
    (
        Yolo(anchors=(10, 0), classes=80),
        image(13, 13, 85),
        "anchors-do-not-fit",
        "anchors",
        "the width and the height of an anchor are above 0, and 0 is not",
    ),
    (
        Yolo(classes=80),
        image(13, 13, 255),
        "missing-operand",
        "anchors",
        "yolo has no anchors: a width and a height for each box at a place",
    ),
    (
        Yolo(anchors=(10, 14)),
        image(13, 13, 25),
        "missing-operand",
        "classes",
        "yolo has no number of classes",
    ),
    (
        Yolo(anchors=(10, 14), classes=1, stretch=0.5),
        image(13, 13, 6),
        "wrong-operand",
        "stretch",
        "x and y are stretched by 1 or more, and 0.5 is less",
    ),
    (
        Region(anchors=(1, 2), classes=1),
        (Shape(6),),
        "needs-volume",
        "input",
        "region finds boxes at the places of a 2-D map, but what arrives here is flat (6)",
    ),
    (
        Detection(side=7, boxes=3, classes=20),
        (Shape(1470),),
        "anchors-do-not-fit",
        "input",
        "7 x 7 cells with 20 classes and 3 boxes need a vector of 1,715 numbers, but 1470 arrives",
    ),
    (
        Affine(factor=(1.0, 2.0)),
        image(8, 8, 3),
        "sizes-disagree",
        "factor",
        "3 channels arrive, and factor has 2 numbers",
    ),
    (
        Scale(factor=2.0, each="shared"),
        image(8, 8, 3),
        "wrong-operand",
        "each",
        "scale 2 is a constant, and learns nothing",
    ),
    (Clip(), image(8, 8, 3), "missing-operand", "low", "clip needs a limit"),
    (
        Clip(low=2.0, high=1.0),
        image(8, 8, 3),
        "wrong-operand",
        "low",
        "the lower limit 2 of clip is above the upper limit 1",
    ),
    (Softplus(beta=0.0), image(8, 8, 3), "wrong-operand", "beta", "softplus divides by its beta, which is 0"),
    (
        Function(name="exp", exponent=3.0),
        image(8, 8, 3),
        "wrong-operand",
        "exponent",
        "the function exp has no exponent",
    ),
    (
        Function(name="celu", slope=0.0),
        image(8, 8, 3),
        "wrong-operand",
        "slope",
        "celu divides by its slope, which is 0",
    ),
    (
        Shuffle(groups=5),
        image(8, 8, 6),
        "groups-do-not-divide",
        "groups",
        "6 channels cannot be split into 5 equal groups",
    ),
    (
        conv(6, 3, 3, 3),
        image(8, 8, 1),
        "wrong-rank",
        "kernel_size",
        "3x3x3 has 3 sizes, but the input here is 2-D",
    ),
    (
        conv(6, 3, stride=(1, 2)),
        (Shape(1, (8,)),),
        "wrong-rank",
        "stride",
        "1x2 has 2 sizes, but the input here is 1-D",
    ),
    (
        conv(6, 3, padding=Padding("explicit", ((0, 1), (0, 1)))),
        (Shape(1, (8,)),),
        "wrong-rank",
        "padding",
        "padding 0,1,0,1 is for 2 axes, but the input here is 1-D",
    ),
    (
        FilterConv(filter=FILTERS["sharpen"].named),
        (Shape(1, (8,)),),
        "wrong-rank",
        "filter",
        "the filter `sharpen` is 3x3, but the input here is 1-D",
    ),
    (
        FilterConv(filter=NamedMatrix("two", matrix([[1]], [[2]]))),
        image(8, 8, 3),
        "weights-do-not-fit",
        "filter",
        "`two` has 2 matrices for 3 channels",
    ),
    (
        FilterConv(filter=FILTERS["box5"].named),
        image(5, 5, 1_000_000),
        "too-large",
        "filter",
        "`box5` would be copied to 1,000,000 channels",
    ),
    (
        Dense(units=2, bias_given=NamedMatrix("b", matrix([[1, 2, 3]]))),
        (Shape(4),),
        "weights-do-not-fit",
        "bias_given",
        "`b` holds 3 values, but this line needs 2",
    ),
    (
        ConnectedConv(filters=2, kernel_size=(1,), connect=NamedMatrix("t", matrix([[1, 2], [1, 1]]))),
        image(4, 4, 2),
        "table-does-not-fit",
        "connect",
        "the table `t` holds numbers other than 0 and 1",
    ),
    (
        ConnectedConv(filters=2, kernel_size=(1,), connect=NamedMatrix("t", matrix([[1, 0], [1, 0]]))),
        image(4, 4, 2),
        "table-does-not-fit",
        "connect",
        "filter 2 of the table `t` is connected to nothing",
    ),
    (
        ConnectedConv(filters=4, kernel_size=(1,), connect=NamedMatrix("t", matrix([[1, 1], [1, 1]]))),
        image(4, 4, 2),
        "table-does-not-fit",
        "connect",
        "the table `t` is 2x2, but 2 channels and 4 filters need 2x4",
    ),
    (
        AvgPool(kernel_size=(2,), padding=per_side(2)),
        image(8, 8, 1),
        "padding-covers-window",
        "padding",
        "a window of 2 would lie entirely in padding of 2: there is nothing to pool",
    ),
    (
        MaxPool(kernel_size=(2,), stride=(1,), padding=per_side(1), dilation=(4,)),
        image(3, 9, 1),
        "padding-covers-window",
        "padding",
        "a window of 2 with dilation 4 would lie entirely in padding of 1: there is nothing to pool",
    ),
    (
        Pad(padding=per_side(3), fill="reflect"),
        image(3, 5, 1),
        "padding-too-wide",
        "padding",
        "`reflect` cannot fill 3 rows from an image with height 3",
    ),
    (
        conv(1, 9, padding=SAME, fill="wrap"),
        image(5, 3, 1),
        "padding-too-wide",
        "padding",
        "`wrap` cannot fill 4 columns from an image with width 3",
    ),
    (
        conv(1, 3, padding=PADDING_WORDS["causal"]),
        image(8, 8, 1),
        "padding-word-unfit",
        "padding",
        "`causal` pads a signal's past, but the input here is 2-D",
    ),
    (
        UpConv(filters=1, kernel_size=(3,), padding=PADDING_WORDS["half"]),
        image(8, 8, 1),
        "padding-word-unfit",
        "padding",
        "`half` pads an input, and a transposed convolution's padding cuts rows off its output",
    ),
    (
        UpConv(filters=1, kernel_size=(3,), padding=per_side(3)),
        image(2, 2, 1),
        "padding-cuts-all",
        "padding",
        "the padding of this transposed convolution cuts away all of its height",
    ),
    (
        UpConv(filters=1, kernel_size=(3,), stride=(2,), output_padding=(2,)),
        image(2, 2, 1),
        "output-padding-too-large",
        "output_padding",
        "output_padding 2 must be smaller than the stride 2",
    ),
    (
        Reshape(size=(7, 7, 2)),
        (Shape(100),),
        "reshape-does-not-fit",
        "size",
        "7x7x2 holds 98 numbers, but 100 arrive",
    ),
    (
        Upsample(factor=(0.1,)),
        image(44, 9, 3),
        "upsample-size-unfit",
        "factor",
        "0.1x0.1 times 44x9 leaves nothing: 4x0",
    ),
    (
        UpsampleTo(size=(20,), mode="catmullrom"),
        image(44, 44, 3),
        "upsample-size-unfit",
        "mode",
        "catmullrom makes maps larger, but 44x44 would become 20x20",
    ),
    (
        Upsample(factor=(2,), corners=True),
        image(4, 4, 3),
        "corners-unfit",
        "corners",
        "`corners` says how pixels are mixed, and `nearest` cannot have it",
    ),
    (
        Reduce(how="mean", axes=("height",)),
        (Shape(4, (100,)),),
        "no-such-axis-here",
        "axes",
        "there is no height in 100x4",
    ),
    (
        Reduce(how="var", axes=("width",), unbiased=True),
        image(3, 1, 2),
        "unbiased-unfit",
        "unbiased",
        "the unbiased variance of a single number is not known: it divides by n - 1 = 0",
    ),
    (
        Reduce(how="max", axes=("width",), unbiased=True),
        image(3, 3, 2),
        "unbiased-unfit",
        "unbiased",
        "`unbiased` is for var and std, not for max",
    ),
    (
        Rearrange(pattern="h w -> w h"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "h w names 2 axes, and 8x6x4 arrives",
    ),
    (
        Rearrange(pattern="(h a) w c -> h a w c"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "(h a) does not make an axis of 8: write the size of h, as in `h=2`",
    ),
    (
        Rearrange(pattern="(h a=3) w c -> h (a w) c"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "(h a=3) does not make an axis of 8",
    ),
    (
        Rearrange(pattern="h w c -> w h"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "both sides must have the same names, each once: c is on one side only",
    ),
    (
        Rearrange(pattern="h w h -> w h"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "a name is written twice on the left side",
    ),
    (
        Rearrange(pattern="h w c -> w h c h"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "both sides must have the same names, each once: a name is written twice",
    ),
    (
        Rearrange(pattern="h w (c -> w h c"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "`h w (c` is not read: names with spaces between, `(a b)` for parts of one axis",
    ),
    (
        Rearrange(pattern="h w c -> w h 2"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "`2` is no axis: write a name, a name with its size such as `a=2`, or 1",
    ),
    (
        Rearrange(pattern="(h a=2) (w b=2) (c d=2) -> h a w b (c d)"),
        image(8, 6, 4),
        "pattern-unfit",
        "pattern",
        "5 axes leave, and a shape has 1 to 4",
    ),
    (
        MatMul(),
        (Shape(4, (5,)), Shape(4, (6,))),
        "matrices-do-not-fit",
        "input",
        "matmul cannot multiply 5x4 by 6x4",
    ),
    (
        MatMul(),
        (Shape(4, (2, 5)), Shape(4, (3, 4))),
        "matrices-do-not-fit",
        "input",
        "matmul cannot multiply 2x5x4 by 3x4x4",
    ),
    (
        ConcatAlong(axis="width"),
        (*image(4, 4, 3), *image(4, 4, 2)),
        "shapes-differ",
        "input",
        "concat cannot join 4x4x3 and 4x4x2 along width",
    ),
    (
        SliceAlong(places=(2, 9), axis="height"),
        image(8, 4, 3),
        "slice-out-of-range",
        "places",
        "places 2:9 are not among the 8 of height that arrive",
    ),
    (
        Attention(heads=5),
        (Shape(12, (7,)),),
        "groups-do-not-divide",
        "heads",
        "12 channels cannot be split into 5 equal heads",
    ),
    (
        Attention(),
        (Shape(4, (7,)), Shape(4, (6,)), Shape(4, (5,))),
        "shapes-differ",
        "input",
        "attention cannot weigh 5x4 by keys of 6x4",
    ),
    (Dropout(rate=25), (Shape(10),), "rate-out-of-range", "rate", "a dropout rate of 25 is not between 0 and 1"),
    (Dropout(rate=-0.5), (Shape(10),), "rate-out-of-range", "rate", "a dropout rate of -0.5 is not between 0 and 1"),
    (
        Reduce(how="argmax", axes=("height", "width")),
        image(4, 4, 1),
        "wrong-operand",
        "axes",
        "argmax counts the places along one axis, and 2 are named",
    ),
    (
        UpsampleTo(size=(8,), start=(0.5,), mode="bilinear", corners=True),
        image(4, 4, 1),
        "corners-unfit",
        "start",
        "`corners` and `start` both say where the pixels lie",
    ),
    (
        UpsampleTo(size=(8,), step=(0.5, 0.5, 0.5)),
        image(4, 4, 1),
        "sizes-disagree",
        "step",
        "step has 3 numbers, and 4x4x1 is enlarged along 2 of its axes",
    ),
    (
        UpsampleTo(size=(8,), step=(0.0,)),
        image(4, 4, 1),
        "wrong-operand",
        "step",
        "step is a number of pixels, and cannot be 0",
    ),
    (
        Pad(padding=per_side(1), fill="edge", value=2.0),
        image(3, 3, 1),
        "wrong-operand",
        "value",
        "the new rows cannot hold 2 and numbers of the image (`edge`) too",
    ),
    (Pad(padding=SAME), image(3, 3, 1), "needs-sides", "padding", "pad needs numbers, not `same`"),
    (
        PadChannels(channels=SAME),
        image(3, 3, 1),
        "needs-sides",
        "channels",
        "padchannels needs one number a side, not `same`",
    ),
    (
        PadChannels(channels=Padding("explicit", ((1, 1), (2, 2)))),
        image(3, 3, 1),
        "needs-sides",
        "channels",
        "padchannels needs one number a side, not `1x2`",
    ),
    (
        SpaceToDepth(factor=(2,)),
        image(38, 13, 64),
        "factor-does-not-divide",
        "factor",
        "13 columns cannot be divided evenly by 2",
    ),
    (
        SpaceToDepth(factor=(3, 2)),
        image(1, 4, 64),
        "factor-does-not-divide",
        "factor",
        "1 row cannot be divided evenly by 3",
    ),
    (
        DepthToSpace(factor=(2,)),
        image(8, 8, 6),
        "factor-does-not-divide",
        "factor",
        "6 channels cannot be divided evenly by 4",
    ),
    (
        DepthToSpace(factor=(2,)),
        (Shape(8),),
        "needs-volume",
        "input",
        "depthtospace slides over an image, but what arrives here is flat (8 numbers)",
    ),
    (
        Crop(padding=per_side(2)),
        image(4, 4, 1),
        "crop-too-large",
        "padding",
        "cropping 2 and 2 leaves nothing of height 4",
    ),
    (
        Slice(channels=(4, 12)),
        image(4, 4, 8),
        "slice-out-of-range",
        "channels",
        "channels 4:12 are not among the 8 channels that arrive",
    ),
    (
        Slice(channels=(4, 4)),
        image(4, 4, 8),
        "slice-out-of-range",
        "channels",
        "channels 4:4 are not among the 8 channels that arrive",
    ),
    (
        Add(),
        (*image(8, 8, 4), *image(6, 6, 4)),
        "shapes-differ",
        "input",
        "add cannot join 8x8x4 and 6x6x4",
    ),
    (Add(), (*image(8, 8, 4), *image(8, 8, 2)), "shapes-differ", "input", "add cannot join 8x8x4 and 8x8x2"),
    (Add(), (*image(8, 8, 4), Shape(3)), "shapes-differ", "input", "add cannot join 8x8x4 and 3"),
    (Add(), (*image(8, 8, 1), *image(6, 8, 4)), "shapes-differ", "input", "add cannot join 8x8x1 and 6x8x4"),
    (
        Add(),
        (*image(1, 6, 4), *image(8, 1, 4), *image(8, 5, 4)),
        "shapes-differ",
        "input",
        "add cannot join 1x6x4 and 8x5x4",
    ),
    (Maximum(), (*image(8, 1, 4), Shape(4, (8,))), "shapes-differ", "input", "max cannot join 8x1x4 and 8x4"),
    (
        Divide(pad=True),
        image(8, 8, 4) * 2,
        "shapes-differ",
        "pad",
        "div cannot pad: the zeros around the smaller map would be divided by",
    ),
    (Concat(), (*image(8, 8, 4), *image(6, 8, 2)), "shapes-differ", "input", "concat cannot join 8x8x4 and 6x8x2"),
    (Mul(), (*image(8, 8, 4), Shape(2)), "shapes-differ", "input", "mul cannot join 8x8x4 and 2"),
    (Mul(), (*image(8, 8, 4), *image(4, 4, 4)), "shapes-differ", "input", "mul cannot join 8x8x4 and 4x4x4"),
    (Input(size=(28, 28)), (), "ambiguous-input", "size", "28x28 could be a picture or a 1-D signal with channels"),
    (
        Input(size=(8, 8), colour="gray", channels=3),
        (),
        "sizes-disagree",
        "channels",
        "gray has 1 channel, but channels 3 is written too",
    ),
    (Input(size=(28, 28, 3), colour="gray"), (), "sizes-disagree", "colour", "gray has 1 channel, but 28x28x3 has 3"),
    (
        Input(size=(3, 3), data=NamedMatrix("p", matrix([[1, 2]]))),
        (),
        "sizes-disagree",
        "size",
        "`p` is 2x1, not 3x3",
    ),
    (Input(), (), "input-needs-size", "", "the input has no size"),
    (Input(size=(1, 2, 3, 4), channels=3), (), "too-many-sizes", "size", "4 sizes are more than a 3-D input has"),
    (
        Input(size=(10**9, 10**9, 1)),
        (),
        "too-large",
        "size",
        "the input would be 1000000000x1000000000x1: 1,000,000,000,000,000,000 numbers",
    ),
    (
        Input(size=(8, 8), colour="rgb", mean=(0.5, 0.5)),
        (),
        "preprocessing-does-not-fit",
        "mean",
        "mean has 2 numbers for 3 channels",
    ),
    (
        Input(size=(8, 8), colour="gray", std=(0.0,)),
        (),
        "preprocessing-does-not-fit",
        "std",
        "std is 0, and nothing can be divided by 0",
    ),
    *(
        (Input(**({"size": (8, 8, 3)} | words)), (), "preprocessing-does-not-fit", guilty, message)
        for words, guilty, message in (
            ({"preprocessing": "caffe", "bgr": True}, "bgr", "`caffe` says already how pixels become numbers"),
            (
                {"preprocessing": "minus1to1", "mean": (1.0,)},
                "mean",
                "`minus1to1` says already how pixels become numbers",
            ),
            (
                {"preprocessing": "imagenet", "size": (8, 8, 1)},
                "preprocessing",
                "`imagenet` is for pictures in colour, but the input is 8x8x1",
            ),
            ({"bgr": True, "size": (8, 8, 4)}, "bgr", "`bgr` is for pictures in colour, but the input is 8x8x4"),
            (
                {"resize": 8, "picture": "crop"},
                "picture",
                "`resize=8` cuts out the middle of a picture, `crop` does something else",
            ),
            (
                {"resize": 7},
                "resize",
                "a picture with a shorter side of 7 pixels does not fill 8x8",
            ),
            (
                {"resize": 9, "size": (8, 12, 3)},
                "resize",
                "a picture with a shorter side of 9 pixels does not fill 8x12",
            ),
            (
                {"picture": "stretch", "size": (100,)},
                "picture",
                "`stretch` is for pictures, but the input is 100, which is no picture",
            ),
            (
                {"preprocessing": "imagenet", "border": 3.0},
                "border",
                "no border is left around a picture that fills the input",
            ),
            ({"picture": "crop", "border": 3.0}, "border", "no border is left around a picture that fills the input"),
            ({"border": 256.0}, "border", "a border of 256 is no pixel"),
        )
    ),
]


def put_together(layer: Layer, inputs: tuple[Shape, ...]) -> None:
    """What is asked of a layer when it is put into a net."""
    layer.output_shape(inputs)
    layer.weights(inputs)


@pytest.mark.parametrize(("layer", "inputs", "code", "argument", "message"), REFUSALS)
def test_a_layer_refuses_and_says_why(
    layer: Layer, inputs: tuple[Shape, ...], code: str, argument: str, message: str
) -> None:
    with pytest.raises(Refusal) as caught:
        put_together(layer, inputs)
    assert (caught.value.code, caught.value.argument, caught.value.message) == (code, argument, message)


def test_every_refusal_is_explained_and_tried() -> None:
    warnings = {"stride-leaves-pixels", "lopsided-padding", "overlapping-pool", "channels-first-input"}
    of_any_line = {"wrong-operand", "missing-operand"}
    assert {code for _, _, code, _, _ in REFUSALS} - of_any_line == set(ENTRIES) - warnings


def test_a_kernel_that_does_not_fit_shows_the_arithmetic_and_the_way_out() -> None:
    with pytest.raises(Refusal) as caught:
        conv(16, 5, stride=(2,), padding=per_side(1)).output_shape(image(2, 9, 16))
    assert caught.value.label == "the input here is 2x9x16"
    assert caught.value.notes == ("height = floor((2 + 1 + 1 - 5) / 2) + 1 = 0",)
    assert caught.value.help == "use `same` padding, a kernel of at most 4x11"


def test_an_ambiguous_input_shows_both_ways_in_the_order_of_the_file() -> None:
    with pytest.raises(Refusal) as caught:
        Input(size=(8, 1000), order="channels_first").output_shape(())
    assert caught.value.help == (
        "write `input 1x8x1000` (or `8x1000 gray`) for a picture, `input 1000 channels 8` for a signal of length 1000"
    )


@pytest.mark.parametrize(
    ("other", "advice"),
    [
        (Shape(4, (6, 6)), "write `concat ... crop` to cut the larger to the smaller, or change a stride or padding"),
        (Shape(4), "flatten both, or neither"),
    ],
)
def test_a_join_that_does_not_fit_advises(other: Shape, advice: str) -> None:
    with pytest.raises(Refusal) as caught:
        Concat().output_shape((Shape(4, (8, 8)), other))
    assert caught.value.help == advice


def test_maps_that_are_cropped_differ_only_in_channels() -> None:
    with pytest.raises(Refusal) as caught:
        Mul(crop=True).output_shape((Shape(8, (60, 60)), Shape(2, (57, 57))))
    assert caught.value.notes == ("the channels are 8 and 2",)


def test_add_with_other_channels_advises_a_1x1_convolution() -> None:
    with pytest.raises(Refusal) as caught:
        Add().output_shape((Shape(4, (8, 8)), Shape(2, (8, 8))))
    assert caught.value.notes == ("the channels are 4 and 2",)
    assert "1x1 convolution" in caught.value.help


NOTICES = [
    (
        conv(4, 3, stride=(2,)),
        image(10, 10, 1),
        "stride-leaves-pixels",
        "(10 - 3)/2 is not whole: the stride leaves 1 row and 1 column of the input unused",
    ),
    (
        MaxPool(kernel_size=(3,)),
        image(11, 12, 1),
        "stride-leaves-pixels",
        "(11 - 3)/3 is not whole: the stride leaves 2 rows of the input unused",
    ),
    (
        conv(4, 3, stride=(2,), padding=SAME),
        image(28, 28, 1),
        "lopsided-padding",
        "`same` pads (0,1) here, one more at the bottom and right, while another strided layer pads both sides equally",
    ),
    (
        MaxPool(kernel_size=(3,), stride=(1,)),
        image(13, 13, 1),
        "overlapping-pool",
        "the windows overlap: 3 wide with stride 1, so the map hardly shrinks",
    ),
    (
        Input(size=(3, 224, 224)),
        (),
        "channels-first-input",
        "`order channels_last` reads 3x224x224 as 3 high, 224 wide, with 224 channels",
    ),
]


@pytest.mark.parametrize(("layer", "inputs", "code", "message"), NOTICES)
def test_a_layer_warns(layer: Layer, inputs: tuple[Shape, ...], code: str, message: str) -> None:
    assert [(notice.code, notice.message) for notice in layer.notices(inputs)] == [(code, message)]
    assert all(not notice.help or notice.help not in notice.message for notice in layer.notices(inputs))


def test_rows_left_over_in_the_padding_are_no_loss() -> None:
    """ResNet's first line: (224 + 3 + 3 - 7)/2 is not whole, but what is left over is a row of padding."""
    stem = Conv(filters=64, kernel_size=(7,), stride=(2,), padding=per_side(3))
    assert stem.notices(image(224, 224, 3)) == ()


def test_plain_pools_and_convolutions_warn_of_nothing() -> None:
    assert MaxPool(kernel_size=(2,)).notices(image(28, 28, 6)) == ()
    assert conv(6, 5).notices(image(32, 32, 1)) == ()


def test_only_a_size_that_looks_like_channels_first_is_warned_of() -> None:
    for written in ((3, 5, 5), (16, 112, 112), (3, 224, 220), (28, 28, 3)):
        assert Input(size=written).notices(()) == ()
    assert Input(size=(3, 224, 224), order="channels_first").notices(()) == ()
    assert Input(size=(3, 224, 224), channels=2).notices(()) == ()


@pytest.mark.parametrize(
    ("size", "help"),
    [
        ((2,), "write `upsample 2` to make it that many times as large; `size=` is the size of the result"),
        ((20, 30), "write `adaptavg 20x30` for the means that make the map so small"),
    ],
)
def test_a_map_that_upsampling_makes_smaller_is_answered_by_what_was_meant(size: tuple[int, ...], help: str) -> None:
    """A size of 20 on 44x44 once had `upsample 20` proposed, which makes 880x880."""
    (notice,) = UpsampleTo(size=size).notices(image(44, 44, 3))
    assert notice.code == "upsample-size-unfit"
    assert notice.help == help


def test_any_larger_size_is_made_without_a_word() -> None:
    """DeepLab enlarges its 28x28 to 224x224; a 1x1 map is spread over any size."""
    for n in (1, 28):
        assert UpsampleTo(size=(224,)).notices(image(n, n, 3)) == ()
        assert UpsampleTo(size=(224,)).output_shape(image(n, n, 3)).text() == "224x224x3"
