"""Written programs of PyTorch are run by PyTorch, with our weights: shipped networks, a table of lines, random nets.

The program is imported from a file of its own; its weights have the names that our reader finds in it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.torch.writing import module_text
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph, Node
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, same_net
from cnncalc.runtime.reference_run import reference_run
from cnncalc.sources import find, shipped_names

torch = pytest.importorskip("torch")

from ..random_nets.arguments import Choose  # noqa: E402
from ..random_nets.drawing import net as drawn_net  # noqa: E402
from .comparing import agree  # noqa: E402

SIDES = (64, 96, 128, 192)


def smaller(name: str) -> Graph:
    """A shipped network on the smallest of some inputs that it takes."""
    whole = checked(find(name))
    shape = next(node for node in whole.nodes if node.is_input).output
    for side in SIDES:
        if shape.rank == 2 and max(shape.spatial) > side:
            graph, faults = load_graph(find(name), f"{side}x{side}x{shape.channels}")
            if not faults:
                return graph
    return whole


def run(graph: Graph, folder: Path, what: str) -> None:
    """Write the net, read it again for the names of its arrays, and let PyTorch run it with our numbers."""
    text = module_text.write(graph)
    same = same_net(graph, checked(Source("net.py", text)))
    assert isinstance(same, Same), same
    model = model_of(text, folder)
    given = reference_run(analyse(graph))
    state = model.state_dict()
    numbers: dict[str, Any] = {}
    for ours, theirs in same.arrays.items():
        key = theirs if theirs in state else theirs.rpartition(".")[0]
        array = given.weights.arrays[ours].astype(np.float32)
        numbers[key] = torch.from_numpy(array).reshape(state[key].shape)
    counters = {key for key in state if key.endswith("num_batches_tracked")}
    assert set(state) - counters == set(numbers)
    model.load_state_dict(numbers, strict=False)
    inputs = [picture(node, given.inputs) for node in graph.nodes if node.is_input]
    with torch.no_grad():
        made = model(*inputs)
    outputs = made if isinstance(made, tuple) else (made,)
    agree(what, "PyTorch, as written", list(given.reference), [one.numpy() for one in outputs])


def picture(node: Node, drawn: Mapping[str, Any]) -> Any:
    """The numbers that are drawn for an input, or those that its text states."""
    sizes = (1, node.output.channels, *node.output.spatial)
    data = getattr(node.layer, "data", None)
    if data is None:
        return torch.from_numpy(drawn[node.name].reshape(sizes))
    return torch.tensor([float(value) for value in data.matrix.values()]).reshape(sizes)


def model_of(text: str, folder: Path) -> Any:
    """The last class of the program, ready to be used."""
    path = folder / "net_as_written.py"
    path.write_text(text, "utf-8")
    spec = importlib.util.spec_from_file_location("net_as_written", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    name = text.rpartition("    model = ")[2].partition("(")[0]
    return getattr(module, name)().eval()


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_network_as_written_gives_the_same_numbers(name: str, tmp_path: Path) -> None:
    run(smaller(name), tmp_path, name)


LINES = (
    *("conv 4 3x3", "conv 4 3x2 stride=2 same", "conv 6 3x3 groups=3 dilation=2 nobias", "conv 4 3x3 padding=0,1,2,0"),
    *("conv 4 3x3 padding=1 reflect", "conv 4 3x3 padding=0,1,1,0 edge", "conv 4 2x2 same", "conv 4 3x3 same wrap"),
    *("dwconv 3x3 multiplier=2", "sepconv 5 3x3 same", "upconv 4 3x3 stride=2", "upconv 4 3x3 stride=2 same"),
    *("upconv 4 3x3 stride=2 padding=1 output_padding=1", "local 3 3x3 stride=2", "conv filter=sharpen"),
    *("maxpool 2x2", "maxpool 3x3 stride=2 same", "maxpool 3x3 stride=1 padding=2,2,2,2", "avgpool 3x3 stride=2 same"),
    *("avgpool 3x3 stride=1 padding=1 countpad", "avgpool 2x2 ceil", "sumpool 2x2", "l2pool 3x3 padding=1"),
    *("subsample 2x2", "gap", "gap keep", "gmp", "adaptavg 3x2", "adaptmax 3x3", "reduce mean channels"),
    *("reduce max height", "reduce std width keep", "reduce norm height,width", "reduce prod channels", "flatten"),
    *("flatten channels_first", "reshape 6x9x9", 'rearrange "h w (a=2 b) -> (h a) w b"', "bn", "bn noscale"),
    *("bn noshift", "ln", "ln all", "ln noscale", "gn 3", "instancenorm", "rmsnorm", "l2norm", "lrn", "relu", "relu6"),
    *("leaky 0.2", "elu 0.5", "selu", "gelu", "gelu approximate", "silu", "hardswish", "hardsigmoid"),
    *("hardsigmoid 0.2", "sigmoid", "tanh", "softmax", "softmax axis=width", "logsoftmax", "softplus beta=2", "mish"),
    *("prelu", "prelu shared", "prelu all", "clip -0.5 0.5", "clip low=0.1", "glu", "function squareplus"),
    *("function pow exponent=3", "function softsign", "function celu slope=0.5", "scale 0.5", "scale", "scale all"),
    *("shift", "shift shared", "affine 2 -1", "affine 1,2,3,4,5,6 0.5", "layerscale 0.1", "dropout 0.3", "pad 1,2,0,1"),
    *("pad 1 edge", "pad 1 value=0.5", "crop 1,2,0,1", "upsample 2", "upsample 2 bilinear", "upsample 1.5 bicubic"),
    *("upsample size=13x11 bilinear corners", "upsample size=13x11 nearestexact", "slice 1:4", "slice 2:5 axis=height"),
    *("padchannels 1,2", "shuffle 3", "spacetodepth 3", "depthtospace 1x2", "attention heads=2", "add a b", "sub a b"),
    *("mul a g", "div a b", "max a b", "min a b", "avg a b", "absdiff a b", "concat a b", "concat a b axis=width"),
    *("concat a c crop", "add a c pad", "matmul a b transpose", "yolo anchors=1,2 classes=1"),
)


@pytest.mark.parametrize("line", LINES)
def test_a_line_as_written_gives_the_same_numbers(line: str, tmp_path: Path) -> None:
    before = "x: input 9x9x6\n"
    if " a " in line:
        before += "a: function exp\nb: scale 0.5 from x\ng: gap keep from x\nc: maxpool 3x3 stride=1 from x\n"
    run(checked(Source("net.txt", f"{before}{line}\n")), tmp_path, f"layer: {line}")


@pytest.mark.parametrize("seed", range(24))
def test_a_random_net_as_written_gives_the_same_numbers(seed: int, tmp_path: Path) -> None:
    graph = checked(Source("net.txt", drawn_net(Choose(seed))))
    try:
        text = module_text.write(graph)
        same = same_net(graph, checked(Source("net.py", text)))
    except InputError:
        pytest.skip("PyTorch, or our reader, has no words for it")
    if not isinstance(same, Same):
        pytest.skip("its axes of one place are told apart by nobody")
    run(graph, tmp_path, f"random net {seed}")
