"""Names and shapes of weights as torchvision's and Keras' networks have them, made from a few lines for each."""

from __future__ import annotations

from collections.abc import Iterator

Named = list[tuple[str, tuple[int, ...]]]


def conv(name: str, out: int, into: int, *kernel: int, bias: bool = False) -> Named:
    """A convolution of PyTorch; one number of `kernel` is for both axes."""
    sizes = kernel if len(kernel) > 1 else kernel * 2
    return [(f"{name}.weight", (out, into, *sizes))] + ([(f"{name}.bias", (out,))] if bias else [])


def bn(name: str, channels: int) -> Named:
    """A batch norm of PyTorch, with its counter."""
    roles = ("weight", "bias", "running_mean", "running_var")
    return [*((f"{name}.{role}", (channels,)) for role in roles), (f"{name}.num_batches_tracked", ())]


def dense(name: str, out: int, into: int) -> Named:
    return [(f"{name}.weight", (out, into)), (f"{name}.bias", (out,))]


def ln(name: str, width: int) -> Named:
    """A layer norm of PyTorch."""
    return [(f"{name}.weight", (width,)), (f"{name}.bias", (width,))]


def vit_b_16(blocks: str = "encoder.layers.encoder_layer_{}", last: str = "encoder.ln") -> Named:
    """`torchvision.models.vit_b_16`, whose blocks and last norm may have other names."""
    found = [("class_token", (1, 1, 768)), *conv("conv_proj", 768, 3, 16, bias=True)]
    found.append(("encoder.pos_embedding", (1, 197, 768)))
    for number in range(12):
        name = blocks.format(number)
        attention = f"{name}.self_attention"
        found += ln(f"{name}.ln_1", 768)
        found += [(f"{attention}.in_proj_weight", (2304, 768)), (f"{attention}.in_proj_bias", (2304,))]
        found += dense(f"{attention}.out_proj", 768, 768) + ln(f"{name}.ln_2", 768)
        found += dense(f"{name}.mlp.0", 3072, 768) + dense(f"{name}.mlp.3", 768, 3072)
    return found + ln(last, 768) + dense("heads.head", 1000, 768)


def resnet18(classes: int = 1000) -> Named:
    """`torchvision.models.resnet18`."""
    found = conv("conv1", 64, 3, 7) + bn("bn1", 64)
    into = 64
    for number, width in enumerate((64, 128, 256, 512), 1):
        for block in range(2):
            name = f"layer{number}.{block}"
            found += conv(f"{name}.conv1", width, into, 3) + bn(f"{name}.bn1", width)
            found += conv(f"{name}.conv2", width, width, 3) + bn(f"{name}.bn2", width)
            if into != width:
                found += conv(f"{name}.downsample.0", width, into, 1) + bn(f"{name}.downsample.1", width)
            into = width
    return found + dense("fc", classes, 512)


def mobilenet_v2() -> Named:
    """`torchvision.models.mobilenet_v2`."""
    found = conv("features.0.0", 32, 3, 3) + bn("features.0.1", 32)
    into, number = 32, 1
    for expand, width, blocks in ((1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1)):
        for _ in range(blocks):
            name, inner, place = f"features.{number}.conv", into * expand, 0
            if expand > 1:
                found += conv(f"{name}.0.0", inner, into, 1) + bn(f"{name}.0.1", inner)
                place = 1
            found += conv(f"{name}.{place}.0", inner, 1, 3) + bn(f"{name}.{place}.1", inner)
            found += conv(f"{name}.{place + 1}", width, inner, 1) + bn(f"{name}.{place + 2}", width)
            into, number = width, number + 1
    return found + conv("features.18.0", 1280, 320, 1) + bn("features.18.1", 1280) + dense("classifier.1", 1000, 1280)


def vgg16(*, norm: bool = False) -> Named:
    """`torchvision.models.vgg16`, and `vgg16_bn` with `norm`."""
    found: Named = []
    into, number = 3, 0
    for widths in ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3):
        for width in widths:
            found += conv(f"features.{number}", width, into, 3, bias=True)
            found += bn(f"features.{number + 1}", width) if norm else []
            into, number = width, number + (3 if norm else 2)
        number += 1
    ends = zip((0, 3, 6), (4096, 4096, 1000), (25088, 4096, 4096), strict=True)
    return found + [array for place, out, size in ends for array in dense(f"classifier.{place}", out, size)]


def squeezenet() -> Named:
    """`torchvision.models.squeezenet1_0`."""
    found = conv("features.0", 96, 3, 7, bias=True)
    into = 96
    for number, narrow in zip((3, 4, 5, 7, 8, 9, 10, 12), (16, 16, 32, 32, 48, 48, 64, 64), strict=True):
        found += conv(f"features.{number}.squeeze", narrow, into, 1, bias=True)
        found += conv(f"features.{number}.expand1x1", 4 * narrow, narrow, 1, bias=True)
        found += conv(f"features.{number}.expand3x3", 4 * narrow, narrow, 3, bias=True)
        into = 8 * narrow
    return found + conv("classifier.1", 1000, 512, 1, bias=True)


def densenet121() -> Named:
    """`torchvision.models.densenet121`."""
    found = conv("features.conv0", 64, 3, 7) + bn("features.norm0", 64)
    width = 64
    for block, layers in enumerate((6, 12, 24, 16), 1):
        for layer in range(1, layers + 1):
            name = f"features.denseblock{block}.denselayer{layer}"
            found += bn(f"{name}.norm1", width) + conv(f"{name}.conv1", 128, width, 1)
            found += bn(f"{name}.norm2", 128) + conv(f"{name}.conv2", 32, 128, 3)
            width += 32
        if block < 4:
            found += bn(f"features.transition{block}.norm", width)
            found += conv(f"features.transition{block}.conv", width // 2, width, 1)
            width //= 2
    return found + bn("features.norm5", width) + dense("classifier", 1000, width)


def basic(name: str, out: int, into: int, *kernel: int) -> Named:
    """A convolution and its batch norm, as torchvision's GoogLeNet and Inception call them."""
    return conv(f"{name}.conv", out, into, *kernel) + bn(f"{name}.bn", out)


INCEPTIONS = {
    "3a": (192, 64, 96, 128, 16, 32, 32), "3b": (256, 128, 128, 192, 32, 96, 64), "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64), "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64), "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128), "5b": (832, 384, 192, 384, 48, 128, 128),
}  # fmt: skip
"""Channels that arrive, then those of the branches, as `GoogLeNet.__init__` has them."""


def googlenet(*, aux: bool) -> Named:
    """`torchvision.models.googlenet`; its auxiliary heads stand before the last layer."""
    found = basic("conv1", 64, 3, 7) + basic("conv2", 64, 64, 1) + basic("conv3", 192, 64, 3)
    for name, (into, one, narrow3, wide3, narrow5, wide5, pooled) in INCEPTIONS.items():
        found += basic(f"inception{name}.branch1", one, into, 1)
        found += basic(f"inception{name}.branch2.0", narrow3, into, 1)
        found += basic(f"inception{name}.branch2.1", wide3, narrow3, 3)
        found += basic(f"inception{name}.branch3.0", narrow5, into, 1)
        found += basic(f"inception{name}.branch3.1", wide5, narrow5, 3)
        found += basic(f"inception{name}.branch4.1", pooled, into, 1)
    for name, into in (("aux1", 512), ("aux2", 528)) if aux else ():
        found += basic(f"{name}.conv", 128, into, 1) + dense(f"{name}.fc1", 1024, 2048)
        found += dense(f"{name}.fc2", 1000, 1024)
    return found + dense("fc", 1000, 1024)


def inception_v3() -> Named:
    """`torchvision.models.inception_v3`, with its auxiliary head in the middle."""
    found = basic("Conv2d_1a_3x3", 32, 3, 3) + basic("Conv2d_2a_3x3", 32, 32, 3) + basic("Conv2d_2b_3x3", 64, 32, 3)
    found += basic("Conv2d_3b_1x1", 80, 64, 1) + basic("Conv2d_4a_3x3", 192, 80, 3)
    for name, into, pooled in (("Mixed_5b", 192, 32), ("Mixed_5c", 256, 64), ("Mixed_5d", 288, 64)):
        found += list(_rows(name, [
            ("branch1x1", 64, into, 1), ("branch5x5_1", 48, into, 1), ("branch5x5_2", 64, 48, 5),
            ("branch3x3dbl_1", 64, into, 1), ("branch3x3dbl_2", 96, 64, 3), ("branch3x3dbl_3", 96, 96, 3),
            ("branch_pool", pooled, into, 1),
        ]))  # fmt: skip
    found += list(_rows("Mixed_6a", [
        ("branch3x3", 384, 288, 3), ("branch3x3dbl_1", 64, 288, 1), ("branch3x3dbl_2", 96, 64, 3),
        ("branch3x3dbl_3", 96, 96, 3),
    ]))  # fmt: skip
    for name, width in (("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)):
        found += list(_rows(name, [
            ("branch1x1", 192, 768, 1), ("branch7x7_1", width, 768, 1), ("branch7x7_2", width, width, 1, 7),
            ("branch7x7_3", 192, width, 7, 1), ("branch7x7dbl_1", width, 768, 1),
            ("branch7x7dbl_2", width, width, 7, 1), ("branch7x7dbl_3", width, width, 1, 7),
            ("branch7x7dbl_4", width, width, 7, 1), ("branch7x7dbl_5", 192, width, 1, 7), ("branch_pool", 192, 768, 1),
        ]))  # fmt: skip
    found += basic("AuxLogits.conv0", 128, 768, 1) + basic("AuxLogits.conv1", 768, 128, 5)
    found += dense("AuxLogits.fc", 1000, 768)
    found += list(_rows("Mixed_7a", [
        ("branch3x3_1", 192, 768, 1), ("branch3x3_2", 320, 192, 3), ("branch7x7x3_1", 192, 768, 1),
        ("branch7x7x3_2", 192, 192, 1, 7), ("branch7x7x3_3", 192, 192, 7, 1), ("branch7x7x3_4", 192, 192, 3),
    ]))  # fmt: skip
    for name, into in (("Mixed_7b", 1280), ("Mixed_7c", 2048)):
        found += list(_rows(name, [
            ("branch1x1", 320, into, 1), ("branch3x3_1", 384, into, 1), ("branch3x3_2a", 384, 384, 1, 3),
            ("branch3x3_2b", 384, 384, 3, 1), ("branch3x3dbl_1", 448, into, 1), ("branch3x3dbl_2", 384, 448, 3),
            ("branch3x3dbl_3a", 384, 384, 1, 3), ("branch3x3dbl_3b", 384, 384, 3, 1), ("branch_pool", 192, into, 1),
        ]))  # fmt: skip
    return found + dense("fc", 1000, 2048)


def _rows(name: str, rows: list[tuple[str, int, int, *tuple[int, ...]]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for row, out, into, *kernel in rows:
        yield from basic(f"{name}.{row}", out, into, *kernel)
