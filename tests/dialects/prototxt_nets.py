"""Nets as prototxt texts, written out from the papers' tables: each function gives a text."""

from __future__ import annotations

from collections.abc import Iterator


class Layers:
    """Collects layers; each method gives the name of its top."""

    def __init__(self, name: str, size: str) -> None:
        dims = " ".join(f"dim: {one}" for one in size.split("x"))
        self.parts = [
            f'name: "{name}"\nlayer {{ name: "data" type: "Input" top: "data" input_param {{ shape {{ {dims} }} }} }}'
        ]

    @property
    def text(self) -> str:
        return "\n".join(self.parts) + "\n"

    def layer(self, kind: str, name: str, bottoms: str, param: str = "", top: str = "") -> str:
        read = " ".join(f'bottom: "{one}"' for one in bottoms.split())
        self.parts.append(f'layer {{\n  name: "{name}"\n  type: "{kind}"\n  {read} top: "{top or name}"\n  {param}\n}}')
        return top or name

    def relu(self, name: str) -> str:
        return self.layer("ReLU", f"relu_{name}", name, top=name)

    def conv(self, name: str, bottom: str, filters: int, kernel: int, more: str = "", *, relu: bool = True) -> str:
        said = f"convolution_param {{ num_output: {filters} kernel_size: {kernel} {more} }}"
        top = self.layer("Convolution", name, bottom, said)
        return self.relu(top) if relu else top

    def pool(self, name: str, bottom: str, kernel: int, stride: int, more: str = "pool: MAX") -> str:
        said = f"pooling_param {{ kernel_size: {kernel} stride: {stride} {more} }}"
        return self.layer("Pooling", name, bottom, said)

    def dense(self, name: str, bottom: str, units: int) -> str:
        return self.layer("InnerProduct", name, bottom, f"inner_product_param {{ num_output: {units} }}")


def caffenet() -> str:
    """Krizhevsky et al. 2012, section 3.5, with the pools before the norms as BVLC's reference net has them."""
    net = Layers("CaffeNet", "10x3x227x227")
    top = net.pool("pool1", net.conv("conv1", "data", 96, 11, "stride: 4"), 3, 2)
    top = net.layer("LRN", "norm1", top, "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }")
    top = net.pool("pool2", net.conv("conv2", top, 256, 5, "pad: 2 group: 2"), 3, 2)
    top = net.layer("LRN", "norm2", top, "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }")
    top = net.conv("conv4", net.conv("conv3", top, 384, 3, "pad: 1"), 384, 3, "pad: 1 group: 2")
    top = net.pool("pool5", net.conv("conv5", top, 256, 3, "pad: 1 group: 2"), 3, 2)
    for place, units in (("6", 4096), ("7", 4096)):
        top = net.relu(net.dense(f"fc{place}", top, units))
        net.layer("Dropout", f"drop{place}", top, "dropout_param { dropout_ratio: 0.5 }", top=top)
    net.layer("Softmax", "prob", net.dense("fc8", top, 1000))
    return net.text


def vgg16() -> str:
    """Simonyan and Zisserman 2014, table 1, column D."""
    net, top = Layers("VGG16", "1x3x224x224"), "data"
    for stage, (filters, count) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        for place in range(1, count + 1):
            top = net.conv(f"conv{stage}_{place}", top, filters, 3, "pad: 1")
        top = net.pool(f"pool{stage}", top, 2, 2)
    for name, units in (("fc6", 4096), ("fc7", 4096)):
        top = net.relu(net.dense(name, top, units))
    net.layer("Softmax", "prob", net.dense("fc8", top, 1000))
    return net.text


INCEPTIONS = (
    ("3a", 64, 96, 128, 16, 32, 32),
    ("3b", 128, 128, 192, 32, 96, 64),
    ("4a", 192, 96, 208, 16, 48, 64),
    ("4b", 160, 112, 224, 24, 64, 64),
    ("4c", 128, 128, 256, 24, 64, 64),
    ("4d", 112, 144, 288, 32, 64, 64),
    ("4e", 256, 160, 320, 32, 128, 128),
    ("5a", 256, 160, 320, 32, 128, 128),
    ("5b", 384, 192, 384, 48, 128, 128),
)
"""Szegedy et al. 2014, table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj."""


def googlenet() -> str:
    """Szegedy et al. 2014, table 1, without the auxiliary classifiers."""
    net = Layers("GoogLeNet", "10x3x224x224")
    norm = "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }"
    top = net.pool("pool1/3x3_s2", net.conv("conv1/7x7_s2", "data", 64, 7, "pad: 3 stride: 2"), 3, 2)
    top = net.conv("conv2/3x3_reduce", net.layer("LRN", "pool1/norm1", top, norm), 64, 1)
    top = net.layer("LRN", "conv2/norm2", net.conv("conv2/3x3", top, 192, 3, "pad: 1"), norm)
    top = net.pool("pool2/3x3_s2", top, 3, 2)
    for name, one, three_before, three, five_before, five, pooled in INCEPTIONS:
        here = f"inception_{name}"
        tops = [
            net.conv(f"{here}/1x1", top, one, 1),
            net.conv(f"{here}/3x3", net.conv(f"{here}/3x3_reduce", top, three_before, 1), three, 3, "pad: 1"),
            net.conv(f"{here}/5x5", net.conv(f"{here}/5x5_reduce", top, five_before, 1), five, 5, "pad: 2"),
            net.conv(f"{here}/pool_proj", net.pool(f"{here}/pool", top, 3, 1, "pool: MAX pad: 1"), pooled, 1),
        ]
        top = net.layer("Concat", f"{here}/output", " ".join(tops))
        if name in ("3b", "4e"):
            top = net.pool(f"pool{int(name[0])}/3x3_s2", top, 3, 2)
    top = net.pool("pool5/7x7_s1", top, 7, 1, "pool: AVE")
    net.layer("Softmax", "prob", net.dense("loss3/classifier", top, 1000))
    return net.text


def squeezenet() -> str:
    """Iandola et al. 2016, table 1 (version 1.0)."""
    net = Layers("SqueezeNet", "10x3x227x227")
    top = net.pool("pool1", net.conv("conv1", "data", 96, 7, "stride: 2"), 3, 2)
    for place, (squeeze, expand) in enumerate(
        ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)), 2
    ):
        before = net.conv(f"fire{place}/squeeze1x1", top, squeeze, 1)
        tops = (
            net.conv(f"fire{place}/expand1x1", before, expand, 1),
            net.conv(f"fire{place}/expand3x3", before, expand, 3, "pad: 1"),
        )
        top = net.layer("Concat", f"fire{place}/concat", " ".join(tops))
        if place in (4, 8):
            top = net.pool(f"pool{place}", top, 3, 2)
    net.layer("Dropout", "drop9", top, "dropout_param { dropout_ratio: 0.5 }", top=top)
    top = net.conv("conv10", top, 1000, 1)
    net.layer(
        "Softmax", "prob", net.layer("Pooling", "pool10", top, "pooling_param { pool: AVE global_pooling: true }")
    )
    return net.text


def resnet50() -> str:
    """He et al. 2015, table 1: as published in Caffe, stride in the first 1x1, and conv1 with a bias."""
    net = Layers("ResNet-50", "1x3x224x224")

    def normed(name: str, bottom: str, filters: int, kernel: int, more: str, *, relu: bool = True) -> str:
        top = net.conv(name, bottom, filters, kernel, more, relu=False)
        net.layer("BatchNorm", f"bn_{name}", top, "batch_norm_param { use_global_stats: true }", top=top)
        net.layer("Scale", f"scale_{name}", top, "scale_param { bias_term: true }", top=top)
        return net.relu(top) if relu else top

    top = net.pool("pool1", normed("conv1", "data", 64, 7, "pad: 3 stride: 2"), 3, 2)
    for stage, width, count in ((2, 64, 3), (3, 128, 4), (4, 256, 6), (5, 512, 3)):
        for place in range(count):
            name, stride = f"res{stage}{place}", 2 if stage > 2 and not place else 1
            plain = "bias_term: false"
            short = top
            if not place:
                short = normed(f"{name}_1", top, 4 * width, 1, f"stride: {stride} {plain}", relu=False)
            inner = normed(f"{name}_2a", top, width, 1, f"stride: {stride} {plain}")
            inner = normed(f"{name}_2b", inner, width, 3, f"pad: 1 {plain}")
            inner = normed(f"{name}_2c", inner, 4 * width, 1, plain, relu=False)
            top = net.relu(net.layer("Eltwise", name, f"{short} {inner}"))
    top = net.pool("pool5", top, 7, 1, "pool: AVE")
    net.layer("Softmax", "prob", net.dense("fc1000", top, 1000))
    return net.text


def all_nets() -> Iterator[str]:
    yield from (caffenet(), vgg16(), googlenet(), squeezenet(), resnet50())
