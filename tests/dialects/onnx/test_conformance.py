"""ONNX' own cases of every operator that a CNN may hold: each is computed as ONNX says, or refused by name.

The table says how many of each operator are computed and how many there are; `pytest -s` prints it with the reasons of
the others.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed (pip install 'cnncalc[onnx]')")

import onnx.backend.test

from cnncalc.diagnostics import InputError

from .node_cases import NodeCase, cases_in, cases_of
from .onnx_net import Net

TABLE: dict[str, tuple[int, int]] = {
    "Conv": (6, 6),
    "ConvTranspose": (11, 11),
    "MaxPool": (16, 18),
    "AveragePool": (20, 20),
    "LpPool": (8, 8),
    "GlobalAveragePool": (2, 2),
    "GlobalMaxPool": (2, 2),
    "Gemm": (11, 11),
    "MatMul": (4, 7),
    "Relu": (1, 1),
    "LeakyRelu": (3, 3),
    "PRelu": (2, 2),
    "Elu": (3, 3),
    "Selu": (3, 3),
    "Celu": (1, 1),
    "Sigmoid": (2, 2),
    "HardSigmoid": (3, 3),
    "HardSwish": (1, 1),
    "Softplus": (2, 2),
    "Softsign": (2, 2),
    "Tanh": (2, 2),
    "Softmax": (7, 7),
    "LogSoftmax": (7, 7),
    "Hardmax": (0, 7),
    "ThresholdedRelu": (3, 3),
    "Shrink": (2, 2),
    "Mish": (1, 1),
    "Gelu": (4, 4),
    "Swish": (1, 1),
    "Clip": (9, 9),
    "BatchNormalization": (2, 4),
    "InstanceNormalization": (2, 2),
    "GroupNormalization": (2, 2),
    "LayerNormalization": (19, 19),
    "RMSNormalization": (19, 19),
    "LRN": (2, 2),
    "LpNormalization": (6, 6),
    "MeanVarianceNormalization": (0, 1),
    "Resize": (31, 39),
    "Upsample": (1, 1),
    "ReduceMean": (8, 8),
    "ReduceSum": (10, 12),
    "ReduceMax": (8, 9),
    "ReduceMin": (8, 9),
    "ReduceProd": (8, 9),
    "ReduceL1": (8, 9),
    "ReduceL2": (8, 9),
    "ReduceLogSum": (4, 5),
    "ReduceLogSumExp": (0, 1),
    "ReduceSumSquare": (8, 9),
    "ArgMax": (8, 16),
    "ArgMin": (8, 16),
    "Pad": (3, 3),
    "Slice": (7, 8),
    "Concat": (12, 12),
    "Split": (14, 16),
    "Transpose": (7, 7),
    "Reshape": (9, 10),
    "Flatten": (9, 9),
    "Squeeze": (2, 2),
    "Unsqueeze": (5, 7),
    "Tile": (2, 2),
    "Expand": (2, 2),
    "Gather": (4, 4),
    "DepthToSpace": (2, 2),
    "SpaceToDepth": (4, 4),
    "Identity": (1, 1),
    "Dropout": (5, 12),
    "Add": (2, 2),
    "Sub": (3, 3),
    "Mul": (3, 3),
    "Div": (3, 3),
    "Pow": (1, 8),
    "Min": (4, 4),
    "Max": (4, 4),
    "Sum": (3, 3),
    "Mean": (3, 3),
    "Neg": (2, 2),
    "Abs": (1, 1),
    "Exp": (2, 2),
    "Log": (2, 2),
    "Sqrt": (2, 2),
    "Reciprocal": (2, 2),
    "Erf": (1, 1),
    "Sign": (1, 1),
    "Floor": (2, 2),
    "Ceil": (2, 2),
    "Round": (1, 1),
    "Sin": (2, 2),
    "Cos": (2, 2),
    "Tan": (2, 2),
    "Asin": (2, 2),
    "Acos": (2, 2),
    "Atan": (2, 2),
    "Sinh": (2, 2),
    "Cosh": (2, 2),
    "Asinh": (2, 2),
    "Acosh": (2, 2),
    "Atanh": (2, 2),
}
"""Operator -> (cases that are computed, cases)."""


def refusal(case: NodeCase, folder: Path) -> str:
    """Why a case is not read; empty where it is, and what comes out is what ONNX says."""
    path = folder / f"{case.name}.onnx"
    path.write_bytes(case.model.SerializeToString())
    try:
        net = Net(path)
    except InputError as error:
        return error.diagnostics[0].message
    found = net.run(case.images)
    assert len(found) == len(case.outputs), case.name
    for made, wanted in zip(found, case.outputs, strict=True):
        assert made.size == wanted.size, f"{case.name}: {made.shape} for {wanted.shape}"
        np.testing.assert_allclose(
            made.reshape(wanted.shape), wanted, case.rtol, max(case.atol, 1e-6), err_msg=case.name
        )
    return ""


@pytest.mark.parametrize("op", TABLE)
def test_the_cases_of_an_operator_are_computed_as_onnx_says_or_refused(op, tmp_path):
    reasons = Counter(refusal(case, tmp_path) for case in cases_of(op))
    passed = reasons.pop("", 0)
    print(
        f"\n{op:24}{passed:4} of {passed + reasons.total()}",
        *(f"  {n} x {why}" for why, n in reasons.items()),
        sep="\n",
    )
    assert (passed, passed + reasons.total()) == TABLE[op]


def test_most_cases_are_computed():
    """The goal was 400 of 525."""
    assert [sum(numbers) for numbers in zip(*TABLE.values(), strict=True)] == [463, 532]


@pytest.mark.parametrize(("folder", "counts"), [("pytorch-operator", (26, 29)), ("pytorch-converted", (80, 80))])
def test_models_that_pytorch_once_exported_are_computed_or_refused(folder, counts, tmp_path):
    """Files of opset 6 and 9, which the `onnx` package holds."""
    reasons = {case.name: refusal(case, tmp_path) for case in cases_in(folder)}
    print(*(f"{name}: {why}" for name, why in reasons.items() if why), sep="\n")
    assert (sum(not why for why in reasons.values()), len(reasons)) == counts


LIGHT = {
    "bvlc_alexnet": 60_965_224,
    "inception_v1": 6_998_552,
    "resnet50": 25_557_032,
    "squeezenet": 1_235_496,
    "vgg19": 143_667_240,
    "densenet121": 8_062_504,
}
"""ImageNet's nets in the package, whose weights are one number spread -> their published parameters: BVLC's AlexNet and
GoogLeNet, torchvision's ResNet-50, SqueezeNet 1.1 and VGG-19; DenseNet-121 with Keras' count, statistics included."""


@pytest.mark.parametrize("name", LIGHT)
def test_nets_of_imagenet_have_their_published_parameters(name):
    path = Path(onnx.backend.test.__file__).parent / "data" / "light" / f"light_{name}.onnx"
    net = Net(path)
    assert net.analysis.totals.figures.params == LIGHT[name]
    assert [tensor.dims[:2] for tensor in net.outputs] == [(1, 1000)]
