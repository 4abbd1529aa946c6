"""Operators of ONNX, of old and new opsets and as exporters put them together, beside ONNX Runtime: the same values."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed (pip install onnx)")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed (pip install onnxruntime)")

import onnxruntime

from ..dialects.onnx.onnx_net import Net
from ..dialects.onnx.small_models import Case, floats, model, wholes

LARGEST_ERROR = 2e-5
"""Of the largest value."""


def resized(opset: int, size: tuple[int, int], *attributes: str) -> Case:
    sizes = {"sizes": wholes(2, 3, *size), "roi": np.array([], np.float32), "scales": np.array([], np.float32)}
    return Case(opset, (2, 3, 5, 6), [f"Resize x roi scales sizes -> y {' '.join(attributes)}"], sizes)


def scaled(opset: int, scales: tuple[float, float], *attributes: str) -> Case:
    numbers = np.array([1, 1, *scales], np.float32)
    if opset == 10:
        return Case(10, (2, 3, 5, 6), [f"Resize x scales -> y {' '.join(attributes)}"], {"scales": numbers})
    arrays = {"roi": np.array([], np.float32), "scales": numbers}
    return Case(opset, (2, 3, 5, 6), [f"Resize x roi scales -> y {' '.join(attributes)}"], arrays)


HALF, CORNERS = "coordinate_transformation_mode=half_pixel", "coordinate_transformation_mode=align_corners"
TORCH, ASYMMETRIC = (f"coordinate_transformation_mode={mode}" for mode in ("pytorch_half_pixel", "asymmetric"))
VECTORS = {"scale": floats(3), "shift": floats(3, seed=2), "mean": floats(3, seed=3), "var": np.abs(floats(3)) + 0.5}
IMAGE = (2, 3, 5, 6)

CASES: dict[str, Case] = {
    "Upsample 7": Case(7, IMAGE, ["Upsample x -> y mode=nearest scales=1.0,1.0,2.0,3.0"]),
    "Upsample 9": Case(9, IMAGE, ["Upsample x s -> y"], {"s": np.array([1, 1, 2, 2], np.float32)}),
    "Upsample 9 linear": Case(9, IMAGE, ["Upsample x s -> y mode=linear"], {"s": np.array([1, 1, 2, 2], np.float32)}),
    "Resize 10": scaled(10, (2.0, 3.0), "mode=nearest"),
    "Resize 10 linear": scaled(10, (2.0, 2.0), "mode=linear"),
    "Resize 11 linear": resized(11, (11, 7), "mode=linear", HALF),
    "Resize 11 PyTorch's linear": resized(11, (10, 12), "mode=linear", TORCH),
    "Resize 13 to one row": resized(13, (1, 4), "mode=linear", TORCH),
    "Resize 13 with corners": resized(13, (9, 11), "mode=linear", CORNERS),
    "Resize 13 asymmetric": resized(13, (9, 13), "mode=linear", ASYMMETRIC),
    "Resize 13 smaller": resized(13, (3, 4), "mode=linear", HALF),
    "Resize 13 cubic": resized(13, (10, 9), "mode=cubic", HALF, "cubic_coeff_a=-0.75"),
    "Resize 13 cubic with corners": resized(13, (10, 9), "mode=cubic", CORNERS),
    **{
        f"Resize 13 nearest {rounding} {coordinates.partition('=')[2]} {size}": resized(
            13, size, "mode=nearest", f"nearest_mode={rounding}", coordinates
        )
        for rounding in ("floor", "ceil", "round_prefer_floor", "round_prefer_ceil")
        for coordinates in (HALF, ASYMMETRIC, CORNERS)
        for size in ((10, 12), (7, 3))
    },
    "Resize 18 by 1.5": scaled(18, (1.5, 1.5), "mode=linear", HALF),
    "Resize 18 by 0.6": scaled(18, (0.6, 0.6), "mode=nearest", ASYMMETRIC, "nearest_mode=floor"),
    "Resize 18 by 0.8 and 0.5": scaled(18, (0.8, 0.5), "mode=nearest", HALF),
    "Resize 18 by 0.6 and 1.1666666": scaled(18, (0.6, 1.1666666), "mode=linear", HALF),
    "Einsum": Case(13, IMAGE, ["Einsum x x -> y equation=bcij,bcik->bcjk"]),
    "Slice 1": Case(7, IMAGE, ["Slice x -> y axes=2,3 starts=1,-4 ends=4,-1"]),
    "Slice 10": Case(
        11,
        IMAGE,
        ["Slice x a b c d -> y"],
        {"a": wholes(0, 4), "b": wholes(9, -9), "c": wholes(1, 3), "d": wholes(2, -2)},
    ),
    "Pad 2": Case(7, IMAGE, ["Pad x -> y mode=constant value=-1.5 pads=0,0,1,2,0,0,0,1"]),
    "Pad 2 reflect": Case(7, IMAGE, ["Pad x -> y mode=reflect pads=0,0,1,2,0,0,3,1"]),
    "Pad 11 edge": Case(11, IMAGE, ["Pad x p -> y mode=edge"], {"p": wholes(0, 0, 1, 0, 0, 0, 2, 3)}),
    "Pad 13 of channels": Case(13, IMAGE, ["Pad x p -> y"], {"p": wholes(0, 1, 0, 0, 0, 2, 0, -2)}),
    "Clip 6": Case(7, IMAGE, ["Clip x -> y min=-0.5 max=0.25"]),
    "Clip 11": Case(12, IMAGE, ["Clip x low -> y"], {"low": np.float32(0.1)}),
    "BatchNormalization 7": Case(7, IMAGE, ["BatchNormalization x scale shift mean var -> y"], VECTORS),
    "BatchNormalization 9": Case(9, IMAGE, ["BatchNormalization x scale shift mean var -> y epsilon=0.01"], VECTORS),
    "BatchNormalization 15": Case(15, IMAGE, ["BatchNormalization x scale shift mean var -> y"], VECTORS),
    "Dropout 7": Case(7, IMAGE, ["Dropout x -> a ratio=0.4", "Relu a -> y"]),
    "Dropout 12": Case(12, IMAGE, ["Dropout x r t -> a", "Relu a -> y"], {"r": np.float32(0.5), "t": np.array(False)}),
    "Squeeze 1": Case(7, (2, 3, 1, 6), ["Squeeze x -> a axes=2,", "Unsqueeze a -> y axes=3,"]),
    "Squeeze 13": Case(13, (2, 3, 1, 6), ["Squeeze x t -> a", "Unsqueeze a t -> y"], {"t": wholes(2)}),
    "ReduceSum 1": Case(7, IMAGE, ["ReduceSum x -> y axes=2,3 keepdims=0"]),
    "ReduceSum 13": Case(13, IMAGE, ["ReduceSum x a -> y"], {"a": wholes(1)}),
    "ReduceMean 18": Case(18, IMAGE, ["ReduceMean x a -> y"], {"a": wholes(-1, -2)}),
    "ReduceLogSumExp": Case(13, IMAGE, ["ReduceLogSumExp x -> y axes=1, keepdims=0"]),
    "ReduceL1 L2": Case(13, IMAGE, ["ReduceL1 x -> a axes=3,", "ReduceL2 a -> y axes=1, keepdims=0"]),
    "Softmax 11": Case(11, IMAGE, ["Softmax x -> y axis=1"]),
    "Softmax 11 of the last axis": Case(11, IMAGE, ["Softmax x -> y axis=3"]),
    "LogSoftmax 13": Case(13, IMAGE, ["LogSoftmax x -> y axis=2"]),
    "Split 2": Case(7, (2, 6, 5), ["Split x -> a b axis=1 split=2,4", "Relu a -> y", "Tanh b -> z"]),
    "Split 13": Case(13, (2, 6, 5), ["Split x s -> a b axis=1", "Relu a -> y", "Tanh b -> z"], {"s": wholes(1, 5)}),
    "Gather turned round": Case(13, IMAGE, ["Gather x i -> y axis=1"], {"i": wholes(2, 1, 0)}),
    "ArgMax": Case(13, IMAGE, ["ArgMax x -> a axis=1 keepdims=0", "Cast a -> y to=1"]),
    "Selu": Case(7, IMAGE, ["Selu x -> y alpha=2.0 gamma=3.0"]),
    "HardSigmoid": Case(7, IMAGE, ["HardSigmoid x -> y alpha=0.3 beta=0.6"]),
    "PRelu 7": Case(7, IMAGE, ["PRelu x s -> y"], {"s": floats(3, 1, 1)}),
    "PRelu of the last axis": Case(9, IMAGE, ["PRelu x s -> y"], {"s": floats(6)}),
    "ThresholdedRelu": Case(10, IMAGE, ["ThresholdedRelu x -> y alpha=0.3"]),
    "Shrink": Case(9, IMAGE, ["Shrink x -> y lambd=0.4 bias=0.4"]),
    "Celu": Case(12, IMAGE, ["Celu x -> y alpha=0.5"]),
    "LpPool": Case(18, IMAGE, ["LpPool x -> y kernel_shape=2,3 p=3 strides=1,2"]),
    "DepthToSpace 1": Case(7, (2, 8, 3, 4), ["DepthToSpace x -> y blocksize=2"]),
    "DepthToSpace CRD": Case(11, (2, 8, 3, 4), ["DepthToSpace x -> y blocksize=2 mode=CRD"]),
    "SpaceToDepth": Case(13, (2, 3, 4, 6), ["SpaceToDepth x -> y blocksize=2"]),
    "InstanceNormalization": Case(7, IMAGE, ["InstanceNormalization x scale shift -> y"], VECTORS),
    "LayerNormalization": Case(
        17, IMAGE, ["LayerNormalization x g b -> y axis=2"], {"g": floats(5, 6), "b": floats(5, 6, seed=2)}
    ),
    "GroupNormalization 21": Case(
        21, (2, 6, 5), ["GroupNormalization x g b -> y num_groups=3"], {"g": floats(6), "b": floats(6, seed=2)}
    ),
    "LpNormalization": Case(7, IMAGE, ["LpNormalization x -> y axis=1 p=1"]),
    "LRN": Case(7, IMAGE, ["LRN x -> y size=3 alpha=0.1"]),
    "Tile": Case(13, IMAGE, ["Tile x r -> y"], {"r": wholes(1, 1, 2, 3)}),
    "ConvTranspose to a size": Case(
        11, (2, 3, 4, 4), ["ConvTranspose x w -> y strides=2,2 output_shape=9,8"], {"w": floats(3, 2, 3, 3)}
    ),
    "one image without an axis of images": Case(
        13,
        (3, 5, 6),
        ["Unsqueeze x a -> b", "Conv b w -> c", "Squeeze c a -> y"],
        {"a": wholes(0), "w": floats(4, 3, 3, 3)},
    ),
    "Keras' export: channels last": Case(
        13,
        (1, 8, 8, 3),
        [
            "Transpose x -> a perm=0,3,1,2",
            "Conv a w b -> c pads=0,0,1,1 strides=2,2",
            "Clip c low high -> d",
            "Conv d k -> e group=4 pads=1,1,1,1",
            "Transpose e -> f perm=0,2,3,1",
            "Add f v -> g",
            "Mul g s -> h",
            "Transpose h -> i perm=0,3,1,2",
            "GlobalAveragePool i -> j",
            "Squeeze j places -> l",
            "MatMul l m -> n",
            "Add n o -> p",
            "Softmax p -> y axis=-1",
        ],
        {
            **{"w": floats(4, 3, 3, 3), "b": floats(4), "low": np.float32(0), "high": np.float32(6)},
            **{"k": floats(4, 1, 3, 3), "v": floats(4, seed=4), "s": floats(4, seed=5), "places": wholes(2, 3)},
            **{"m": floats(4, 10), "o": floats(10)},
        },
    ),
    "Keras' export: a pool, flattened channels last": Case(
        13,
        (1, 6, 6, 2),
        [
            "Transpose x -> a perm=0,3,1,2",
            "MaxPool a -> b kernel_shape=2,2 strides=2,2",
            "Transpose b -> c perm=0,2,3,1",
            "Reshape c r -> d",
            "Gemm d w b2 -> y transB=1",
        ],
        {"r": wholes(-1, 18), "w": floats(5, 18), "b2": floats(5)},
    ),
    "Paddle's export: offsets and limits as nodes": Case(
        11,
        IMAGE,
        [
            "Conv x w -> a pads=1,1,1,1",
            "Add a b -> c",
            "Add c three -> d",
            "Clip d zero six -> e",
            "Mul c e -> f",
            "Div f six -> g",
            "Mul g fifth -> h",
            "Add h half -> i",
            "Clip i zero one -> y",
        ],
        {
            **{"w": floats(4, 3, 3, 3), "b": floats(1, 4, 1, 1), "three": np.float32([3]), "zero": np.float32(0)},
            **{"six": np.float32(6), "fifth": np.float32([0.2]), "half": np.float32([0.5]), "one": np.float32(1)},
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_graph_computes_what_onnx_runtime_computes(name, tmp_path):
    case = CASES[name]
    data = model(case)
    path = tmp_path / "case.onnx"
    path.write_bytes(data)
    x = floats(*case.shape, seed=7)
    wanted = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {"x": x})
    found = Net(path).run({"x": x})
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        largest = np.abs(theirs).max()
        assert np.abs(ours.reshape(theirs.shape) - theirs).max() <= LARGEST_ERROR * largest
