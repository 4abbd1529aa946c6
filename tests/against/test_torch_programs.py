"""Programs of PyTorch read without it, beside the same programs run by it: parameters, sizes and numbers."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import Source
from cnncalc.dialects.programs import read
from cnncalc.dialects.torch import printed
from cnncalc.dialects.torch.own_weights import SIGNATURES
from cnncalc.graph.pasted.arguments import parameters
from cnncalc.graph.pasted.torch_calls import LAYERS
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import load

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
safetensors = pytest.importorskip("safetensors.torch", reason="safetensors is not installed")

FOLDER = Path(__file__).parent / "torch_programs"


class Program(NamedTuple):
    """A program of our own, its model, and its images as PyTorch shows them."""

    file: str
    entry: str
    images: tuple[tuple[int, ...], ...]
    size: str


PROGRAMS = [
    Program("lenet.py", "Net()", ((1, 28, 28),), "28x28x1"),
    Program("in_place.py", "Net()", ((3, 9, 9),), "9x9x3"),
    Program("unet.py", "UNet()", ((3, 30, 22),), "30x22x3"),
    Program("unet.py", "UNet(bilinear=True)", ((3, 30, 22),), "30x22x3"),
    Program("gan.py", "generator", ((20,),), "20"),
    Program("gan.py", "discriminator", ((3, 16, 16),), "16x16x3"),
    Program("blocks.py", "Net()", ((3, 24, 20),), "24x20x3"),
    Program("conventions.py", "Net()", ((3, 21, 19),), "21x19x3"),
    Program("pointwise.py", "Net()", ((3, 18, 14),), "18x14x3"),
    Program("constants.py", "Net()", ((3, 8, 6),), "8x6x3"),
    Program("views_in_place.py", "Net()", ((3, 6, 4),), "6x4x3"),
    Program("attention.py", "Net()", ((3, 16, 12),), "16x12x3"),
    Program("transformers.py", "Encoders()", ((24, 4, 3),), "4x3x24"),
    Program("transformers.py", "Shifted()", ((12, 6, 8),), "6x8x12"),
    Program("twins.py", "Twins()", ((1, 28, 28), (1, 28, 28)), "left=28x28x1,right=28x28x1"),
]


def real(program: Program) -> Any:
    """PyTorch's own model with weights that no two layers share by chance."""
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile((FOLDER / program.file).read_text(encoding="utf-8"), program.file, "exec"), names)
    torch.manual_seed(3)
    model = eval(program.entry, names).eval()
    with torch.no_grad():
        for name, array in (*model.named_parameters(), *model.named_buffers()):
            if array.ndim == 1 and array.is_floating_point():
                array.uniform_(0.5, 1.5) if "bias" not in name else array.normal_(0, 0.1)
    return model


def ours(program: Program) -> Analysis:
    text = (FOLDER / program.file).read_text(encoding="utf-8")
    graph, faults = read(Source(program.file, text, program.entry), program.size)
    assert faults == ()
    return analyse(graph)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: f"{one.file}:{one.entry}")
def test_a_program_that_is_read_gives_pytorch_s_numbers(program: Program, tmp_path: Path) -> None:
    model, analysis = real(program), ours(program)
    figures = analysis.totals.figures
    assert figures.params == sum(one.numel() for one in model.parameters())
    counted = [one for name, one in model.named_buffers() if not name.endswith("num_batches_tracked")]
    assert figures.buffers == sum(one.numel() for one in counted)
    kept = {name: one for name, one in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    weights = tmp_path / "weights.safetensors"
    safetensors.save_file({name: one.clone() for name, one in kept.items()}, weights)
    images = [torch.randn(1, *image) for image in program.images]
    with torch.no_grad():
        theirs = _flat(model(*(image.clone() for image in images)))
    inputs = [node.node.name for node in analysis.nodes if node.node.layer.word == "input"]
    arrays = {name: _lifted(image.numpy()) for name, image in zip(inputs, images, strict=True)}
    prepared, loaded = plan(analysis, 1, "float32"), load(weights, analysis, "float32")
    for results in (execute(prepared, loaded, arrays), prepare(prepared, loaded).run(arrays)):
        assert len(results) == len(theirs)
        for our, their in zip(results.values(), theirs, strict=True):
            np.testing.assert_allclose(our.reshape(-1), their.numpy().reshape(-1), rtol=2e-4, atol=2e-5)


def _lifted(image: Any) -> Any:
    """`[n, c, z, y, x]`."""
    spatial = image.shape[2:]
    return image.reshape(*image.shape[:2], *(1,) * (3 - len(spatial)), *spatial)


def _flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    return [value] if torch.is_tensor(value) else [one for part in value for one in _flat(part)]


def test_what_pytorch_prints_of_a_model_is_the_model() -> None:
    program = PROGRAMS[5]
    model = real(program)
    del model.inner
    graph, faults = printed.read(Source("print.txt", str(model)), program.size)
    assert faults == ()
    assert analyse(graph).totals.figures.params == sum(one.numel() for one in model.parameters())


@pytest.mark.parametrize("name", [*LAYERS, *SIGNATURES])
def test_a_layer_of_the_tables_takes_pytorch_s_arguments_in_pytorch_s_order(name: str) -> None:
    real_ones = inspect.signature(getattr(torch.nn, name).__init__).parameters.values()
    own = parameters(LAYERS[name].signature if name in LAYERS else SIGNATURES[name])
    named = [one for one in real_ones if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)][1:]
    told = [one for one in named if (name, one.name) not in OLDER]
    assert [one.name for one in told] == [
        one for one in own if (name, one) != ("AvgPool1d", "divisor_override")
    ] or not told
    for one in told:
        assert own[one.name] == one.default or one.default is one.empty


OLDER = {("Hardtanh", "min_value"), ("Hardtanh", "max_value")}
"""Names that PyTorch warns of."""
