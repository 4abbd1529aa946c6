"""What operators of ONNX become in our own words, and what is said where no layer does what they do."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed (pip install 'cnncalc[onnx]')")

import cnncalc
from cnncalc.diagnostics import InputError

from .onnx_net import Net
from .small_models import Case, floats, model, wholes

IMAGE = (1, 3, 4, 6)


def resize(attributes: str, *numbers: float, shape: tuple[int, ...] = IMAGE) -> Case:
    """By sizes where they are whole numbers, else by scales."""
    if all(isinstance(one, int) for one in numbers):
        return Case(13, shape, [f"Resize x _ _ sizes -> y {attributes}"], {"sizes": wholes(1, shape[1], *numbers)})
    return Case(13, shape, [f"Resize x _ scales -> y {attributes}"], {"scales": np.array([1, 1, *numbers], np.float32)})


def pad(pads: tuple[int, ...], attributes: str = "", **more: object) -> Case:
    names = " ".join(more)
    return Case(13, IMAGE, [f"Pad x pads {names} -> y {attributes}"], {"pads": wholes(*pads), **more})


def lines(case: Case, tmp_path) -> list[str]:
    """The net in our language, without its header, its input and its labels."""
    path = tmp_path / "net.onnx"
    path.write_bytes(model(case))
    text = cnncalc.load(path).to("spec").splitlines()
    (first,) = [at for at, line in enumerate(text) if "input" in line.split()]
    return [line.rpartition(": ")[2] for line in text[first + 1 :] if line.strip()]


ASYMMETRIC = "coordinate_transformation_mode=asymmetric"
CORNERS = "coordinate_transformation_mode=align_corners"

WRITTEN = {
    "PyTorch's nearest": (resize(f"mode=nearest nearest_mode=floor {ASYMMETRIC}", 2.0, 2.0), ["upsample 2"]),
    "nearest by ONNX' own rounding of a factor": (resize("mode=nearest", 2.0, 3.0), ["upsample 2x3"]),
    "PyTorch's bilinear": (resize("mode=linear", 8, 12), ["upsample 2 bilinear"]),
    "bilinear to a size": (resize("mode=linear", 7, 9), ["upsample size=7x9 bilinear"]),
    "bilinear with corners": (resize(f"mode=linear {CORNERS}", 7, 9), ["upsample size=7x9 bilinear corners"]),
    "bicubic": (resize("mode=cubic", 8, 12), ["upsample 2 bicubic"]),
    "Keras' nearest": (
        resize("mode=nearest nearest_mode=round_prefer_ceil coordinate_transformation_mode=half_pixel", 7, 9),
        ["upsample size=7x9 nearestexact"],
    ),
    "a factor whose float32 is a little less": (
        resize("mode=linear", 1.0, 0.7, shape=(1, 3, 4, 10)),
        ["upsample size=4x7 bilinear"],
    ),
    "a sum of products": (
        Case(13, IMAGE, ["Einsum x x -> y equation=bcij,bcik->bcjk"]),
        [
            'rearrange "f1=3 f2=4 f3=6 -> f2 f1 f3"',
            'rearrange "f1=3 f2=4 f3=6 -> f3 f1 f2" from line1',
            "matmul line2 line3",
            'rearrange "f1=6 f2=3 f3=6 -> f2 f3 f1"',
        ],
    ),
    "TensorFlow's old bilinear": (
        resize(f"mode=linear {ASYMMETRIC}", 8, 12),
        ["upsample size=8x12 bilinear start=0.0 step=0.5"],
    ),
    "antialias where a map becomes larger": (resize("mode=linear antialias=1", 8, 12), ["upsample 2 bilinear"]),
    "one that changes nothing": (
        Case(13, IMAGE, ["Resize x _ s -> a", "Relu a -> y"], {"s": np.ones(4, np.float32)}),
        ["relu"],
    ),
    "zeros around": (pad((0, 0, 1, 1, 0, 0, 1, 1)), ["pad 1"]),
    "another number around": (pad((0, 0, 1, 0, 0, 0, 1, 0), v=np.float32(-2)), ["pad 1x0 value=-2.0"]),
    "a mirror image": (pad((0, 0, 0, 2, 0, 0, 0, 1), "mode=reflect"), ["pad 0,0,2,1 reflect"]),
    "channels added, rows cut off": (pad((0, 1, 0, 0, 0, 0, -1, 0)), ["padchannels 1,0", "crop 0,1,0,0"]),
    "TensorFlow's order of a block": (
        Case(13, (1, 8, 2, 2), ["DepthToSpace x -> y blocksize=2"]),
        ["depthtospace 2 placefirst"],
    ),
    "PyTorch's order of a block": (
        Case(13, (1, 8, 2, 2), ["DepthToSpace x -> y blocksize=2 mode=CRD"]),
        ["depthtospace 2"],
    ),
    "the class of each place": (
        Case(13, IMAGE, ["ArgMax x -> y axis=1 keepdims=0"]),
        ["reduce argmax channels", "reshape 4x6"],
    ),
    "a cube's root of cubes": (
        Case(18, IMAGE, ["LpPool x -> y kernel_shape=2,2 strides=2,2 p=3"]),
        ["function abs", "function pow exponent=3.0", "sumpool 2x2 stride=2", "function pow exponent=1/3"],
    ),
    "Selu with numbers of its own": (
        Case(7, IMAGE, ["Selu x -> y alpha=2.0 gamma=3.0"]),
        ["elu 2.0", "scale 3.0"],
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_an_operator_is_written_in_few_words(name, tmp_path):
    case, wanted = WRITTEN[name]
    assert lines(case, tmp_path) == wanted


REFUSED = {
    "antialias": (
        resize("mode=linear antialias=1", 2, 3),
        "Resize with antialias=1 mixes more pixels where a map becomes smaller, and no layer here does that",
    ),
    "two ways to read corners": (
        resize(f"mode=linear {CORNERS}", 1.3, 1.3),
        "align_corners with a scale that makes no whole size is read in two ways",
    ),
    "a pad of infinity": (pad((0, 0, 1, 1, 0, 0, 1, 1), v=np.float32("-inf")), "Pad fills with -inf, and the layer"),
    "a pad of images": (pad((1, 0, 0, 0, 0, 0, 0, 0)), "Pad changes the number of images"),
    "the last of several maxima": (
        Case(13, IMAGE, ["ArgMax x -> y axis=1 select_last_index=1"]),
        "ArgMax with select_last_index=1 takes the last of several, and the layer here the first",
    ),
    "training": (
        Case(13, IMAGE, ["Dropout x r t -> y"], {"r": np.float32(0.5), "t": np.array(True)}),
        "Dropout with training_mode=1 leaves out numbers at random",
    ),
    "whole numbers of pixels": (
        Case(13, IMAGE, ["Cast x -> a to=7", "Cast a -> y to=1"]),
        "Cast to whole numbers cuts off what comes after the point, and no layer here does that",
    ),
    "the mean of all images": (
        Case(13, (2, 3, 4, 4, 4), ["ReduceMean x -> y"]),
        "ReduceMean of all axes makes one number of 2 images, and each image stays alone here",
    ),
    "many copies": (
        Case(13, IMAGE, ["Tile x r -> y"], {"r": wholes(1, 1, 1, 10**6)}),
        "Tile makes 1,000,000 copies, and at most 256 are read here",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_layer_does_is_refused_at_its_node(name, tmp_path):
    case, message = REFUSED[name]
    path = tmp_path / "net.onnx"
    path.write_bytes(model(case))
    with pytest.raises(InputError) as caught:
        cnncalc.load(path)
    (found,) = caught.value.diagnostics
    assert found.message.startswith(message)
    assert found.code == "onnx-not-read"
    assert found.span.line == 1


def test_an_image_without_an_axis_of_images_is_one_image(tmp_path):
    """A file of detectors takes 3 x height x width; its first axis is not that of three images."""
    arrays = {"zero": wholes(0), "w": floats(4, 3, 3, 3)}
    case = Case(13, (3, 8, 8), ["Unsqueeze x zero -> a", "Conv a w -> b", "ReduceMax b axes -> y keepdims=0"], arrays)
    path = tmp_path / "net.onnx"
    path.write_bytes(model(case._replace(opset=18, arrays={**arrays, "axes": wholes(2, 3)})))
    net = Net(path)
    assert net.analysis.nodes[0].output.text("channels_first") == "3x8x8"
    assert [tensor.dims for tensor in net.outputs] == [(1, 4)]


def test_a_convolution_reads_images_on_the_first_axis_only(tmp_path):
    """Six rows of one image, turned to the front, are not six images."""
    case = Case(13, IMAGE, ["Transpose x -> a perm=3,1,0,2", "Conv a w -> y"], {"w": floats(2, 3, 1, 1)})
    path = tmp_path / "net.onnx"
    path.write_bytes(model(case))
    with pytest.raises(InputError) as caught:
        cnncalc.load(path)
    assert "axis 0 of 6x3x1x4 should hold the images" in str(caught.value)
