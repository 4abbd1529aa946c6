"""Published figures of the layers without multiply-accumulates, and all rows together."""

from __future__ import annotations

from cnncalc.geometry import Padding, Shape
from cnncalc.layers.activation import (
    SELU,
    HardSwish,
    LogSoftmax,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from cnncalc.layers.adaptive_pool import AdaptiveAvgPool, AdaptiveMaxPool
from cnncalc.layers.along import ConcatAlong, SliceAlong, SoftmaxAlong
from cnncalc.layers.attention import Attention
from cnncalc.layers.base import Cost, NamedMatrix
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.blocks import DepthToSpace, SpaceToDepth
from cnncalc.layers.channels import PadChannels, Shuffle, Slice
from cnncalc.layers.detection import Detection, Region, Yolo
from cnncalc.layers.functions import Function
from cnncalc.layers.gated import GELU, GLU, Mish
from cnncalc.layers.global_pool import GlobalAvgPool, GlobalMaxPool
from cnncalc.layers.input import Input
from cnncalc.layers.joining import (
    AbsoluteDifference,
    Add,
    Average,
    Concat,
    Divide,
    Maximum,
    Minimum,
    Mul,
    Subtract,
)
from cnncalc.layers.matrix_product import MatMul
from cnncalc.layers.norm import GroupNorm, InstanceNorm, L2Norm, LayerNorm, LocalResponseNorm, RMSNorm
from cnncalc.layers.own_numbers import Constant, Learned
from cnncalc.layers.pointwise import Affine, Dropout, Identity, LayerScale, Scale, Shift
from cnncalc.layers.pool import AvgPool, L2Pool, MaxPool, Subsample, SumPool
from cnncalc.layers.rearranging import Rearrange
from cnncalc.layers.reducing import Reduce
from cnncalc.layers.reshaping import Flatten, Reshape
from cnncalc.layers.resizing import Crop, Pad
from cnncalc.layers.sloped import ELU, Clip, HardSigmoid, LeakyReLU, PReLU, Softplus
from cnncalc.layers.upsampling import Upsample, UpsampleTo
from cnncalc.matrices import matrix

from .convolutions import CONVOLUTIONS, DENSE, Case, image, per_side

POOLS = {
    "deck 000, hw009": Case(MaxPool(kernel_size=(2,)), image(11, 11, 64), "5x5x64", others=Cost(compare=4800)),
    "Ng, pool 4 stride 4, hw069": Case(
        MaxPool(kernel_size=(4,), stride=(4,)), image(128, 128, 12), "32x32x12", others=Cost(compare=184320)
    ),
    "ResNet-50, maxpool 3x3/2 padding 1": Case(
        MaxPool(kernel_size=(3,), stride=(2,), padding=per_side(1)),
        image(112, 112, 64),
        "56x56x64",
        others=Cost(compare=1605632),
    ),
    "GoogLeNet, 112, 3x3/2, ceil, hw175": Case(
        MaxPool(kernel_size=(3,), stride=(2,), ceil=True), image(112, 112, 64), "56x56x64", others=Cost(compare=1605632)
    ),
    "PyTorch, a last ceil window that would start in the padding is dropped": Case(
        MaxPool(kernel_size=(2,), stride=(2,), padding=per_side(1), ceil=True),
        image(5, 5, 1),
        "3x3x1",
        others=Cost(compare=27),
    ),
    "PyTorch, MaxPool2d(3, stride=1, padding=1, dilation=2) on 8x8": Case(
        MaxPool(kernel_size=(3,), stride=(1,), padding=per_side(1), dilation=(2,)),
        image(8, 8, 4),
        "6x6x4",
        others=Cost(compare=1152),
    ),
    "LeNet-5 as in d2l": Case(
        AvgPool(kernel_size=(2,)), image(28, 28, 6), "14x14x6", others=Cost(add=3528, divide=1176)
    ),
    "deck 001, pooling by the sum": Case(SumPool(kernel_size=(2,)), image(4, 4, 1), "2x2x1", others=Cost(add=12)),
    "Sermanet 2012, L2 pooling": Case(
        L2Pool(kernel_size=(2,)), image(4, 4, 1), "2x2x1", others=Cost(multiply=16, add=12, exp=4)
    ),
    "language.md, maxpool 4 in 1-D": Case(
        MaxPool(kernel_size=(4,)), (Shape(16, (488,)),), "122x16", others=Cost(compare=5856)
    ),
    "LeCun 1998, S2, hw131": Case(
        Subsample(kernel_size=(2,)),
        image(28, 28, 6),
        "14x14x6",
        12,
        others=Cost(add=4704, multiply=1176),
        connections=5880,
    ),
    "LeCun 1998, S4": Case(
        Subsample(kernel_size=(2,)),
        image(10, 10, 16),
        "5x5x16",
        32,
        others=Cost(add=1600, multiply=400),
        connections=2000,
    ),
    "ResNet-50, global average: 100,352 numbers in (counting.md)": Case(
        GlobalAvgPool(), image(7, 7, 2048), "2048", others=Cost(add=98304, divide=2048)
    ),
    "global maximum": Case(GlobalMaxPool(), image(7, 7, 512), "512", others=Cost(compare=24576)),
    "torchvision AlexNet, 6x6 from 6x6: windows of one": Case(
        AdaptiveAvgPool(output_size=(6,)), image(6, 6, 256), "6x6x256", others=Cost(divide=9216)
    ),
    "PyTorch, 3 from 5: windows of 2, 3 and 2": Case(
        AdaptiveAvgPool(output_size=(3,)), (Shape(1, (5,)),), "3x1", others=Cost(add=4, divide=3)
    ),
    "PyTorch, 2x3 from 4x6": Case(
        AdaptiveMaxPool(output_size=(2, 3)), image(4, 6, 2), "2x3x2", others=Cost(compare=36)
    ),
}

NORMS = {
    "ResNet-50, first batch norm": Case(
        BatchNorm(), image(112, 112, 64), "112x112x64", 128, others=Cost(add=802816, multiply=802816), buffers=128
    ),
    "Keras BatchNormalization, 32 channels, hw149": Case(
        BatchNorm(), image(64, 64, 32), "64x64x32", 64, others=Cost(add=131072, multiply=131072), buffers=64
    ),
    "Keras InceptionV3, batch_normalization: scale=False": Case(
        BatchNorm(scale=False),
        image(149, 149, 32),
        "149x149x32",
        32,
        others=Cost(add=710432, multiply=710432),
        buffers=64,
    ),
    "batch norm without shift": Case(
        BatchNorm(shift=False), image(2, 2, 8), "2x2x8", 8, others=Cost(add=32, multiply=32), buffers=16
    ),
    "PyTorch BatchNorm2d(8, affine=False)": Case(
        BatchNorm(scale=False, shift=False), image(2, 2, 8), "2x2x8", 0, others=Cost(add=32, multiply=32), buffers=16
    ),
    "ConvNeXt-T, layer norm over 96 channels": Case(
        LayerNorm(), image(1, 1, 96), "1x1x96", 192, others=Cost(add=383, multiply=192, divide=98, exp=1)
    ),
    "PyTorch LayerNorm([C, H, W]), the documentation's 5, 10, 10": Case(
        LayerNorm(axes="all"),
        image(10, 10, 5),
        "10x10x5",
        1000,
        others=Cost(add=1999, multiply=1000, divide=502, exp=1),
    ),
    "PyTorch GroupNorm(3, 6)": Case(
        GroupNorm(groups=3), image(10, 10, 6), "10x10x6", 12, others=Cost(add=2397, multiply=1200, divide=606, exp=3)
    ),
    "PyTorch LayerNorm(96, bias=False)": Case(
        LayerNorm(shift=False), image(1, 1, 96), "1x1x96", 96, others=Cost(add=287, multiply=192, divide=98, exp=1)
    ),
    "PyTorch LayerNorm(96, elementwise_affine=False)": Case(
        LayerNorm(scale=False, shift=False),
        image(1, 1, 96),
        "1x1x96",
        0,
        others=Cost(add=287, multiply=96, divide=98, exp=1),
    ),
    "PyTorch GroupNorm(3, 6, affine=False)": Case(
        GroupNorm(groups=3, scale=False, shift=False),
        image(10, 10, 6),
        "10x10x6",
        0,
        others=Cost(add=1797, multiply=600, divide=606, exp=3),
    ),
    "PyTorch InstanceNorm2d(64, affine=True), the first of Johnson 2016's transformer networks": Case(
        InstanceNorm(),
        image(256, 256, 32),
        "256x256x32",
        64,
        others=Cost(add=8388576, multiply=4194304, divide=2097216, exp=32),
    ),
    "PyTorch InstanceNorm2d(6), which learns nothing": Case(
        InstanceNorm(scale=False, shift=False),
        image(10, 10, 6),
        "10x10x6",
        0,
        others=Cost(add=1794, multiply=600, divide=612, exp=6),
    ),
    "Keras GroupNormalization(-1, scale=False)": Case(
        InstanceNorm(scale=False),
        image(10, 10, 6),
        "10x10x6",
        6,
        others=Cost(add=2394, multiply=600, divide=612, exp=6),
    ),
    "PyTorch RMSNorm(96)": Case(
        RMSNorm(), image(1, 1, 96), "1x1x96", 96, others=Cost(add=96, multiply=192, divide=97, exp=1)
    ),
    "PyTorch RMSNorm([5, 10, 10])": Case(
        RMSNorm(axes="all"), image(10, 10, 5), "10x10x5", 500, others=Cost(add=500, multiply=1000, divide=501, exp=1)
    ),
    "PyTorch RMSNorm(96, elementwise_affine=False)": Case(
        RMSNorm(scale=False), image(2, 2, 96), "2x2x96", 0, others=Cost(add=384, multiply=384, divide=388, exp=4)
    ),
    "FaceNet, an embedding of 128 numbers of length 1": Case(
        L2Norm(), (Shape(128),), "128", others=Cost(multiply=128, add=127, exp=1, compare=1, divide=128)
    ),
    "AlexNet's response normalisation": Case(
        LocalResponseNorm(bias=2.0),
        image(55, 55, 96),
        "55x55x96",
        others=Cost(multiply=871200, add=1452000, exp=580800, divide=290400),
    ),
}

ACTIVATIONS = {
    "deck 000, softmax of 10": Case(Softmax(), (Shape(10),), "10", others=Cost(exp=10, add=19, divide=10, compare=9)),
    "softmax at every place": Case(
        Softmax(), image(2, 2, 3), "2x2x3", others=Cost(exp=12, add=20, divide=12, compare=8)
    ),
    "relu": Case(ReLU(), image(28, 28, 6), "28x28x6", others=Cost(compare=4704)),
    "relu6": Case(ReLU6(), (Shape(10),), "10", others=Cost(compare=20)),
    "leaky": Case(LeakyReLU(slope=0.1), (Shape(10),), "10", others=Cost(compare=10, multiply=10)),
    "elu": Case(ELU(), (Shape(10),), "10", others=Cost(compare=10, exp=10, add=10, multiply=10)),
    "selu": Case(SELU(), (Shape(10),), "10", others=Cost(compare=10, exp=10, add=10, multiply=20)),
    "sigmoid": Case(Sigmoid(), (Shape(10),), "10", others=Cost(exp=10, add=10, divide=10)),
    "tanh": Case(Tanh(), (Shape(10),), "10", others=Cost(exp=10, add=20, divide=10, multiply=10)),
    "silu": Case(SiLU(), (Shape(10),), "10", others=Cost(exp=10, add=10, divide=10, multiply=10)),
    "gelu": Case(GELU(), (Shape(10),), "10", others=Cost(exp=10, add=40, divide=10, multiply=70)),
    "hardsigmoid": Case(HardSigmoid(), (Shape(10),), "10", others=Cost(add=10, compare=20, divide=10)),
    "hardswish": Case(HardSwish(), (Shape(10),), "10", others=Cost(add=10, compare=20, divide=10, multiply=10)),
    "softplus": Case(Softplus(), (Shape(10),), "10", others=Cost(exp=20, add=10)),
    "mish": Case(Mish(), (Shape(10),), "10", others=Cost(exp=30, add=30, divide=10, multiply=20)),
    "prelu, He 2015": Case(PReLU(), image(7, 7, 64), "7x7x64", 64, others=Cost(compare=3136, multiply=3136)),
    "prelu shared, PyTorch's PReLU()": Case(
        PReLU(slopes="shared"), image(7, 7, 64), "7x7x64", 1, others=Cost(compare=3136, multiply=3136)
    ),
    "prelu all, Keras' PReLU()": Case(
        PReLU(slopes="all"), image(7, 5, 64), "7x5x64", 2240, others=Cost(compare=2240, multiply=2240)
    ),
    "gelu approximate": Case(
        GELU(approximate=True), (Shape(10),), "10", others=Cost(exp=10, add=40, divide=10, multiply=70)
    ),
    "hardsigmoid of Keras 2": Case(
        HardSigmoid(slope=0.2), (Shape(10),), "10", others=Cost(add=10, compare=20, multiply=10)
    ),
    "softplus, beta 2": Case(
        Softplus(beta=2.0), (Shape(10),), "10", others=Cost(exp=20, add=10, multiply=10, divide=10)
    ),
    "logsoftmax of 10": Case(LogSoftmax(), (Shape(10),), "10", others=Cost(exp=11, add=29, compare=9)),
    "logsoftmax at every place": Case(LogSoftmax(), image(2, 2, 3), "2x2x3", others=Cost(exp=16, add=32, compare=8)),
    "glu, PyTorch's GLU(1)": Case(
        GLU(), image(7, 7, 64), "7x7x32", others=Cost(exp=1568, add=1568, divide=1568, multiply=1568)
    ),
    "hard tanh": Case(Clip(low=-1.0, high=1.0), image(28, 28, 6), "28x28x6", others=Cost(compare=9408)),
    "one limit": Case(Clip(low=0.0), (Shape(10),), "10", others=Cost(compare=10)),
    "function exp": Case(Function(name="exp"), (Shape(10),), "10", others=Cost(exp=10)),
    "function neg": Case(Function(name="neg"), (Shape(10),), "10"),
    "function celu": Case(
        Function(name="celu", slope=2.0),
        (Shape(10),),
        "10",
        others=Cost(compare=10, divide=10, exp=10, add=10, multiply=10),
    ),
    "scale shared, the gamma of a self-attention GAN": Case(
        Scale(each="shared"), image(7, 7, 96), "7x7x96", 1, others=Cost(multiply=4704)
    ),
    "scale all": Case(Scale(each="all"), image(7, 5, 4), "7x5x4", 140, others=Cost(multiply=140)),
    "shift, a bias by itself": Case(Shift(), image(7, 7, 96), "7x7x96", 96, others=Cost(add=4704)),
    "shift shared": Case(Shift(each="shared"), (Shape(10),), "10", 1, others=Cost(add=10)),
    "shift all, ViT-B/16's position embedding: 197 * 768": Case(
        Shift(each="all"), (Shape(768, (197,)),), "197x768", 151296, others=Cost(add=151296)
    ),
    "affine 1/255, Keras' Rescaling": Case(
        Affine(factor=(1 / 255,)), image(8, 8, 3), "8x8x3", others=Cost(multiply=192)
    ),
    "affine -1 1, one less the number": Case(
        Affine(factor=(-1.0,), offset=(1.0,)), image(8, 8, 3), "8x8x3", others=Cost(add=192)
    ),
    "affine by channel": Case(
        Affine(factor=(1.0, 2.0, 3.0), offset=(0.0, 0.0, 1.0)),
        image(8, 8, 3),
        "8x8x3",
        others=Cost(multiply=192, add=192),
    ),
    "scale, ConvNeXt": Case(Scale(), image(7, 7, 96), "7x7x96", 96, others=Cost(multiply=4704)),
    "scale 0.17, Inception-ResNet v2": Case(
        Scale(factor=0.17), image(35, 35, 320), "35x35x320", 0, others=Cost(multiply=392000)
    ),
}

REARRANGED = {
    "Liu 2022 (ConvNeXt-T), layer scale of the first stage: 1e-6 at the start": Case(
        LayerScale(init=1e-6), image(56, 56, 96), "56x56x96", 96, others=Cost(multiply=301056)
    ),
    "squeeze and excitation with convolutions: the axes stay": Case(
        GlobalAvgPool(keep=True), image(7, 7, 16), "1x1x16", others=Cost(add=768, divide=16)
    ),
    "CBAM, the mean over 64 channels": Case(
        Reduce(how="mean", axes=("channels",)), image(8, 8, 64), "8x8x1", others=Cost(add=4032, divide=64)
    ),
    "CBAM, the largest of 64 channels": Case(
        Reduce(how="max", axes=("channels",)), image(8, 8, 64), "8x8x1", others=Cost(compare=4032)
    ),
    "x.sum(2) of 4x6 with 3 channels: a signal of width 6": Case(
        Reduce(how="sum", axes=("height",)), image(4, 6, 3), "6x3", others=Cost(add=54)
    ),
    "x.norm(dim=3, keepdim=True)": Case(
        Reduce(how="norm", axes=("width",), keep=True),
        image(4, 6, 3),
        "4x1x3",
        others=Cost(multiply=72, add=60, exp=12),
    ),
    "the variance of everything": Case(
        Reduce(how="var", axes=("height", "width", "channels")),
        image(2, 2, 2),
        "1",
        others=Cost(add=22, multiply=8, divide=2),
    ),
    "Keras, Permute((2, 1, 3))": Case(Rearrange(pattern="h w c -> w h c"), image(4, 6, 3), "6x4x3"),
    "the windows of Swin, 7x7 of 56x56": Case(
        Rearrange(pattern="(y h=7) (x w=7) c -> (y x) (h w) c"), image(56, 56, 96), "64x49x96"
    ),
    "the heads of attention, 12 of 768": Case(
        Rearrange(pattern="l (h=12 d) -> h l d"), (Shape(768, (197,)),), "12x197x64"
    ),
    "PyTorch, a view of 64x28x28 in two halves": Case(
        Rearrange(pattern="c (h a=2) w -> (c a) h w", order="channels_first"), image(28, 28, 64), "14x28x128"
    ),
    "a vector as a map": Case(Rearrange(pattern="(c p=4) -> 1 p c"), (Shape(12),), "1x4x3"),
    "ViT-B, its positions": Case(Learned(size=(197, 768)), (), "197x768", 151296),
    "a learned vector": Case(Learned(size=(10,)), (), "10", 10),
    "stated numbers are not learned": Case(
        Constant(size=(2, 1), numbers=NamedMatrix("n", matrix([[3, 4]]))), (), "2x1", buffers=2
    ),
    "zeros": Case(Constant(size=(7, 7, 64)), (), "7x7x64"),
    "softmax over the rows of 4x3": Case(
        SoftmaxAlong(axis="height"), image(4, 3, 2), "4x3x2", others=Cost(compare=18, add=42, exp=24, divide=24)
    ),
    "x[:, :, 1:3]": Case(SliceAlong(places=(1, 3), axis="height"), image(5, 4, 2), "2x4x2"),
    "deck 000, hw011": Case(Flatten(), image(3, 3, 64), "576"),
    "reshape": Case(Reshape(size=(7, 7, 64)), (Shape(3136),), "7x7x64"),
    "reshape to a flat vector": Case(Reshape(size=(3136,)), image(7, 7, 64), "3136"),
    "reshape, channels first": Case(Reshape(size=(64, 7, 7), order="channels_first"), (Shape(3136),), "7x7x64"),
    "deck 003, dropout .25": Case(Dropout(rate=0.25), image(12, 12, 64), "12x12x64"),
    "identity": Case(Identity(), image(12, 12, 64), "12x12x64"),
    "Ng, 15x15x8 padded by 2, hw061": Case(Pad(padding=per_side(2)), image(15, 15, 8), "19x19x8"),
    "Keras ResNet50, ZeroPadding2D(3)": Case(Pad(padding=per_side(3)), image(224, 224, 3), "230x230x3"),
    "MobileNet in Keras, pad ((0,1),(0,1))": Case(
        Pad(padding=Padding("explicit", ((0, 1), (0, 1)))), image(224, 224, 3), "225x225x3"
    ),
    "U-Net, 64x64 cut to 56x56": Case(Crop(padding=per_side(4)), image(64, 64, 512), "56x56x512"),
    "PyTorch, Upsample(size=89) on 44x44": Case(UpsampleTo(size=(89,)), image(44, 44, 2), "89x89x2"),
    "PyTorch, Upsample(size=(5, 7), mode=bilinear): 4 neighbours an output": Case(
        UpsampleTo(size=(5, 7), mode="bilinear"), image(3, 4, 2), "5x7x2", others=Cost(multiply=280, add=210)
    ),
    "YOLOv3-tiny, upsample 2": Case(Upsample(factor=(2,)), image(13, 13, 128), "26x26x128"),
    "bilinear": Case(Upsample(factor=(2,), mode="bilinear"), image(2, 2, 1), "4x4x1", others=Cost(multiply=64, add=48)),
    "PyTorch, Upsample(scale_factor=1.4) on 45x30: floor(62.99...) as Python multiplies": Case(
        Upsample(factor=(1.4,)), image(45, 30, 2), "62x42x2"
    ),
    "PyTorch, Upsample(scale_factor=0.5) on 7x9": Case(Upsample(factor=(0.5,)), image(7, 9, 2), "3x4x2"),
    "PyTorch, Upsample(scale_factor=2, mode=bicubic): 16 neighbours an output": Case(
        Upsample(factor=(2,), mode="bicubic"), image(2, 2, 1), "4x4x1", others=Cost(multiply=256, add=240)
    ),
    "PyTorch, interpolate(size=224) of DeepLab's 28x28": Case(
        UpsampleTo(size=(224,), mode="bilinear", corners=True),
        image(28, 28, 1),
        "224x224x1",
        others=Cost(multiply=200704, add=150528),
    ),
    "AlexNet's two halves": Case(Slice(channels=(48, 96)), image(27, 27, 96), "27x27x48"),
    "ResNet-20, option A": Case(PadChannels(channels=per_side(8)), image(16, 16, 16), "16x16x32"),
    "channels behind": Case(PadChannels(channels=Padding("explicit", ((0, 16),))), image(8, 8, 32), "8x8x48"),
    "channels of a flat vector": Case(PadChannels(channels=per_side(2)), (Shape(10),), "14"),
    "ShuffleNet": Case(Shuffle(groups=3), image(28, 28, 240), "28x28x240"),
    "YOLOv2, reorg 2 (darknet's table, layer 27)": Case(SpaceToDepth(factor=(2,)), image(38, 38, 64), "19x19x256"),
    "blocks of 2x3": Case(SpaceToDepth(factor=(2, 3)), image(4, 9, 2), "2x3x12"),
    "a volume in blocks": Case(SpaceToDepth(factor=(2,)), (Shape(1, (4, 6, 8)),), "2x3x4x8"),
    "ESPCN, pixel shuffle by 3": Case(DepthToSpace(factor=(3,)), image(85, 85, 9), "255x255x1"),
    "a signal made longer": Case(DepthToSpace(factor=(4,)), (Shape(8, (100,)),), "400x2"),
    "input": Case(Input(size=(28, 28, 1)), (), "28x28x1"),
}

JOINS = {
    "ViT-B, the class token before 196 patches": Case(
        ConcatAlong(axis="width"), (Shape(768, (1,)), Shape(768, (196,))), "197x768"
    ),
    "ViT-B, attention: 4 * 769 * 768 params": Case(
        Attention(heads=12),
        (Shape(768, (197,)),),
        "197x768",
        2362368,
        524391936,
        Cost(compare=463344, add=1534236, exp=465708, divide=465708, multiply=151296),
    ),
    "Keras, MultiHeadAttention(2, 3)(query 4x8, value 5x6)": Case(
        Attention(heads=2, key=3),
        (Shape(8, (4,)), Shape(6, (5,))),
        "4x8",
        194,
        984,
        Cost(compare=32, add=188, exp=40, divide=40, multiply=24),
    ),
    "ViT-B, the scores of 12 heads of 64": Case(
        MatMul(transpose=True), (Shape(64, (12, 197)), Shape(64, (12, 197))), "12x197x197", macs=29805312
    ),
    "ViT-B, what the scores weigh": Case(
        MatMul(), (Shape(197, (12, 197)), Shape(64, (12, 197))), "12x197x64", macs=29805312
    ),
    "a vector by a matrix": Case(MatMul(), (Shape(3), Shape(5, (3,))), "5", macs=15),
    "one matrix for all": Case(MatMul(), (Shape(3, (4, 6)), Shape(5, (3,))), "4x6x5", macs=360),
    "Keras, Subtract of two 8x8x4": Case(Subtract(), (*image(8, 8, 4), *image(8, 8, 4)), "8x8x4", others=Cost(add=256)),
    "Keras, Maximum of three": Case(
        Maximum(), (*image(8, 8, 4), *image(8, 8, 4), *image(8, 8, 4)), "8x8x4", others=Cost(compare=512)
    ),
    "Keras, Average of three": Case(
        Average(), (*image(8, 8, 4), *image(8, 8, 4), *image(8, 8, 4)), "8x8x4", others=Cost(add=512, divide=256)
    ),
    "Koch 2015, the distance of the two branches of 4096": Case(
        AbsoluteDifference(), (Shape(4096), Shape(4096)), "4096", others=Cost(add=4096, compare=4096)
    ),
    "pad: 5x6 amid zeros, as large as 8x6": Case(
        Add(pad=True), (*image(8, 6, 4), *image(5, 6, 4)), "8x6x4", others=Cost(add=192)
    ),
    "pad takes the larger on each axis": Case(Concat(pad=True), (*image(8, 6, 4), *image(5, 9, 1)), "8x9x5"),
    "ResNet-50, first shortcut": Case(
        Add(), (*image(56, 56, 256), *image(56, 56, 256)), "56x56x256", others=Cost(add=802816)
    ),
    "three branches": Case(Add(), image(4, 4, 2) * 3, "4x4x2", others=Cost(add=64)),
    "GoogLeNet 3a, hw177": Case(Concat(), tuple(Shape(c, (28, 28)) for c in (64, 128, 32, 32)), "28x28x256"),
    "U-Net, crop and concat": Case(Concat(crop=True), (*image(56, 56, 512), *image(64, 64, 512)), "56x56x1024"),
    "squeeze and excitation, flat": Case(Mul(), (*image(7, 7, 64), Shape(64)), "7x7x64", others=Cost(multiply=3136)),
    "squeeze and excitation, 1x1": Case(
        Mul(), (*image(1, 1, 64), *image(7, 7, 64)), "7x7x64", others=Cost(multiply=3136)
    ),
    "Woo 2018 (CBAM), the gate of one channel over all channels": Case(
        Mul(), (*image(7, 7, 64), *image(7, 7, 1)), "7x7x64", others=Cost(multiply=3136)
    ),
    "a factor a channel times a gate a place: the whole map": Case(
        Mul(), (Shape(64), *image(7, 7, 1)), "7x7x64", others=Cost(multiply=3136)
    ),
    "Hou 2021 (coordinate attention), a row of gates and a column of gates": Case(
        Mul(), (*image(7, 9, 64), *image(7, 1, 64), *image(1, 9, 64)), "7x9x64", others=Cost(multiply=8064)
    ),
    "Hu 2018 (gather and excite), a vector added everywhere": Case(
        Add(), (*image(7, 7, 64), Shape(64)), "7x7x64", others=Cost(add=3136)
    ),
    "a mean map taken away from each channel": Case(
        Subtract(), (*image(8, 8, 4), *image(8, 8, 1)), "8x8x4", others=Cost(add=256)
    ),
    "PyTorch, a / b": Case(Divide(), image(8, 8, 4) * 2, "8x8x4", others=Cost(divide=256)),
    "PyTorch, a map divided by its largest number in each channel": Case(
        Divide(), (*image(8, 8, 4), Shape(4)), "8x8x4", others=Cost(divide=256)
    ),
    "Keras, Minimum of three": Case(Minimum(), image(8, 8, 4) * 3, "8x8x4", others=Cost(compare=512)),
    "a gate on maps that are cut": Case(
        Mul(crop=True), (Shape(8), *image(5, 5, 8), *image(3, 3, 8)), "3x3x8", others=Cost(multiply=144)
    ),
}

DETECTORS = {
    "YOLOv3-tiny's coarse boxes: 13 * 13 * 3 boxes of 83 logistics": Case(
        Yolo(anchors=(81, 82, 135, 169, 344, 319), classes=80),
        image(13, 13, 255),
        "13x13x255",
        others=Cost(exp=42081, add=42081, divide=42081),
    ),
    "YOLOv4, x and y stretched": Case(
        Yolo(anchors=(12, 16), classes=1, stretch=1.2),
        image(2, 2, 6),
        "2x2x6",
        others=Cost(exp=16, add=24, divide=16, multiply=8),
    ),
    "YOLOv5, 2 * 2 boxes of 6 logistics and a stretch": Case(
        Yolo(anchors=(10, 13), classes=1, style="v5"),
        image(2, 2, 6),
        "2x2x6",
        others=Cost(exp=24, add=32, divide=24, multiply=8),
    ),
    "YOLOv2 of Pascal VOC: 845 boxes of 3 logistics and a softmax of 20": Case(
        Region(anchors=(1.32, 1.73, 3.19, 4.01, 5.06, 8.1, 9.47, 4.84, 11.24, 10.01), classes=20, softmax=True),
        image(13, 13, 125),
        "13x13x125",
        others=Cost(exp=19435, add=35490, divide=19435, compare=16055),
    ),
    "region without softmax": Case(
        Region(anchors=(1, 2), classes=4), image(3, 2, 9), "3x2x9", others=Cost(exp=42, add=42, divide=42)
    ),
    "YOLOv1 as Darknet ships it: 7 * 7 * (20 + 3 * 5)": Case(
        Detection(side=7, boxes=3, classes=20), (Shape(1715),), "1715"
    ),
    "YOLOv1 with softmax over 20 classes in 49 cells": Case(
        Detection(softmax=True),
        (Shape(1470),),
        "1470",
        others=Cost(compare=931, add=1911, exp=980, divide=980),
    ),
}

CASES = CONVOLUTIONS | DENSE | POOLS | NORMS | ACTIVATIONS | REARRANGED | JOINS | DETECTORS
