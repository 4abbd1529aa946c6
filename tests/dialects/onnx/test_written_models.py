"""Nets written as ONNX: read again as the same nets, at every kind of opset; run by the package's own evaluator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.onnx.writing.model_bytes import OLDEST, USUAL_OPSET, write
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, Unequal, same_net
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.reference_run import reference_run
from cnncalc.sources import find

from ...random_nets.arguments import Choose
from ...random_nets.drawing import graph_of
from ...random_nets.drawing import net as random_net
from ...written import INPUT, LINES
from .written_models import NOT_WRITTEN, bytes_of, read_again, zeros_of

CLOSE = 2e-5
"""Of the largest value."""

WORDS = [line for lines in LINES.values() for line in lines]


def net(*lines: str) -> Graph:
    return checked(Source("net.txt", "\n".join(lines)))


def faults(graph: Graph, **more: int) -> list[str]:
    with pytest.raises(InputError) as error:
        write(graph, zeros_of(graph), **more)
    return [f"{one.span.line if one.span else 0}: {one.message}" for one in error.value.diagnostics]


# ---------------------------------------------------------------------- read again
@pytest.mark.parametrize("opset", NOT_WRITTEN)
@pytest.mark.parametrize("line", WORDS)
def test_every_layer_is_read_again_as_itself(line: str, opset: int, tmp_path: Path) -> None:
    graph = net(INPUT, line)
    if line in NOT_WRITTEN[opset]:
        assert all("ONNX cannot say this" in fault for fault in faults(graph, opset=opset))
        return
    assert isinstance(same_net(graph, read_again(graph, tmp_path, opset)), Same)


@pytest.mark.parametrize(
    "name",
    [
        *("lenet5", "lenet5-1998", "resnet20-cifar", "mobilenet-v3", "convnext-tiny"),
        *("squeezenet", "googlenet", "yolov3-tiny"),
    ],
)
def test_shipped_networks_are_read_again_as_the_same_net(name: str, tmp_path: Path) -> None:
    graph = checked(find(name))
    found = same_net(graph, read_again(graph, tmp_path))
    assert isinstance(found, Same)
    assert all(ours == theirs for ours, theirs in found.arrays.items())


@pytest.mark.parametrize(
    "lines",
    [
        ("input 20 channels=3", "conv 4 3 causal dilation=2 relu", "maxpool 2", "gap", "dense 5 softmax"),
        ("input 6x8x10 channels=2", "conv 4 3x3x3 same", "avgpool 2", "upconv 3 2x2x2 stride=2", "flatten", "dense 3"),
        ("a: input 8x8x3", "b: input 8x8x3", "add a b relu", "conv 2 1x1"),
        ("input 8x8x3", "flatten", "dense 3"),
        ("input 12", "dense 9 bn relu", "ln", "softmax"),
        ("input 8x8x3", "a: conv 4 3x3 same", "b: conv 4 3x3 same from a", "c: conv 4 3x3 same shared=b", "add a c"),
        ("x: input 4x6x7", "p: learned 4x6x7", "q: learned 4x6x7 shared=p", "add x p", "add q"),
    ],
)
def test_nets_of_other_forms_are_read_again(lines: tuple[str, ...], tmp_path: Path) -> None:
    graph = net(*lines)
    assert isinstance(same_net(graph, read_again(graph, tmp_path)), Same)


@pytest.mark.parametrize("seed", range(40))
def test_random_nets_are_read_again_as_the_same_net(seed: int, tmp_path: Path) -> None:
    graph = graph_of(random_net(Choose(seed)))
    if graph is None or not any(node.inputs for node in graph.nodes):
        pytest.skip("there is nothing to compute")
    try:
        again = read_again(graph, tmp_path, opset=(11, 17, 23)[seed % 3])
    except InputError as error:
        pytest.skip(error.diagnostics[0].message)
    assert isinstance(same_net(graph, again), Same)


def test_a_layer_is_not_believed_where_an_operator_is_another(tmp_path: Path) -> None:
    """The text beside the operators says `yolo`, and one of them is not what `yolo` is written in."""
    graph = net("input 4x4x14", "yolo anchors=10,14,23,27 classes=2")
    model = onnx.ModelProto.FromString(write(graph, zeros_of(graph)).model)
    assert isinstance(same_net(graph, _again(model, tmp_path)), Same)
    next(node for node in model.graph.node if node.op_type == "Sigmoid").op_type = "Tanh"
    found = _again(model, tmp_path)
    assert isinstance(same_net(graph, found), Unequal)
    assert "tanh" in {node.layer.word for node in found.nodes}


def _again(model: onnx.ModelProto, folder: Path) -> Graph:
    (folder / "net.onnx").write_bytes(model.SerializeToString())
    return checked(find(str(folder / "net.onnx")))


# ---------------------------------------------------------------------- run
NOT_RUN = (
    "upconv 6 3x3 stride=2 padding=1 output_padding=1 groups=2 flip",
    "maxpool 2x2 stride=1 same_lower",
    "lrn 3",
)
"""Lines that the package's evaluator runs otherwise than ONNX says and ONNX Runtime does (tests/against)."""


@pytest.mark.parametrize("line", [line for line in WORDS if line not in (*NOT_WRITTEN[USUAL_OPSET], *NOT_RUN)])
def test_every_layer_gives_the_same_numbers(line: str) -> None:
    analysis = analyse(net(INPUT, line))
    given = reference_run(analysis, 2, pictures=False)
    ours = execute(plan(analysis, 2, "float32"), given.weights, given.inputs)
    model = write(analysis.graph, bytes_of(given.weights.arrays)).model
    theirs = ReferenceEvaluator(onnx.ModelProto.FromString(model)).run(None, {"p": given.inputs["p"][:, :, 0]})
    for one, other in zip(ours.values(), theirs, strict=True):
        assert np.abs(one.reshape(other.shape) - other).max() <= CLOSE * np.abs(other).max()


# ---------------------------------------------------------------------- the file
def test_a_model_has_the_names_of_the_net_and_what_is_said_of_it() -> None:
    graph = net('title "two lines"', "input 8x9x3", "c: conv 4 3x3 padding=1,0,1,0 relu", "gap")
    model = onnx.ModelProto.FromString(write(graph, zeros_of(graph), facts=("112 params",)).model)
    onnx.checker.check_model(model, full_check=True)
    made = model.graph
    assert (made.name, made.doc_string, model.producer_name) == ("two lines", "112 params", "cnncalc")
    assert [one.version for one in model.opset_import] == [17]
    assert {one.name: list(one.dims) for one in made.initializer} == {"c.weight": [4, 3, 3, 3], "c.bias": [4]}
    sizes = [dim.dim_param or dim.dim_value for dim in made.input[0].type.tensor_type.shape.dim]
    assert sizes == ["N", 3, 8, 9]
    assert [node.output[0] for node in made.node if node.op_type in ("Conv", "Relu")] == ["c", "c.relu"]
    pads = next(one for one in made.node[0].attribute if one.name == "pads")
    assert list(pads.ints) == [1, 1, 0, 0]


def test_weights_beside_the_model_are_asked_for_one_by_one(tmp_path: Path) -> None:
    graph = net("input 8x8x3", "conv 4 3x3", "flatten", "dense 7")
    asked: list[str] = []
    zeros = zeros_of(graph)

    def arrays(name: str) -> bytes:
        asked.append(name)
        return zeros(name)

    written = write(graph, arrays, external="net.data")
    assert asked == []
    assert written.data is not None
    assert [(one.name, one.offset, one.length) for one in written.data.places] == [
        ("conv1.weight", 0, 432),
        ("conv1.bias", 4096, 16),
        ("dense1.weight", 8192, 4032),
        ("dense1.bias", 12288, 28),
    ]
    assert written.data.size == 12316
    parts = iter(written.data)
    assert [len(next(parts)), len(next(parts))] == [0, 432]
    assert asked == ["conv1.weight"]
    (tmp_path / "net.onnx").write_bytes(written.model)
    (tmp_path / "net.data").write_bytes(b"".join(written.data))
    onnx.checker.check_model(str(tmp_path / "net.onnx"), full_check=True)


def test_a_net_of_more_than_2_gb_needs_a_file_beside_it() -> None:
    graph = net("input 30000", "dense 20000")
    assert faults(graph) == [
        "0: an ONNX model in one file has less than 2 GB, and the weights of this net are 2,400,080,000 bytes"
    ]
    written = write(graph, zeros_of(graph), external="net.data")
    assert written.data is not None
    assert written.data.size == 2_400_002_048 + 80_000


def test_every_line_that_cannot_be_said_is_named() -> None:
    graph = net("input 8x8x4", "upsample size=9x9 start=-3 step=2", "avgpool 3x3 dilation=2", "lrn 4")
    assert faults(graph) == [
        "2: ONNX cannot say this `upsample`: no coordinate_transformation_mode of Resize means these places",
        (
            "3: ONNX cannot say this `avgpool`: opset 19 is the first that has AveragePool with dilations; "
            "the model is in 17"
        ),
        "4: ONNX cannot say this `lrn`: LRN with an even size (4) looks at other neighbours",
    ]


def test_a_mode_of_a_newer_opset_is_advised_with_that_opset() -> None:
    graph = net("input 8x8x3", "conv 6 3x3 padding=1 fill=wrap")
    with pytest.raises(InputError) as error:
        write(graph, zeros_of(graph))
    (fault,) = error.value.diagnostics
    assert fault.help == "write the model in opset 19, or a newer one: `--opset 19`"
    assert isinstance(write(graph, zeros_of(graph), opset=19).model, bytes)


def test_a_net_without_layers_is_no_model() -> None:
    assert faults(net("input 8x8x3")) == ["1: there is no layer after the input, and ONNX has no model of nothing"]


@pytest.mark.parametrize("opset", [OLDEST - 1, 99])
def test_an_opset_that_is_not_known_is_refused(opset: int) -> None:
    newest = onnx.defs.onnx_opset_version()
    assert faults(net("input 8x8x3", "relu"), opset=opset) == [
        f"0: opset {opset} is not written; the library onnx that is installed knows 11 to {newest}"
    ]
