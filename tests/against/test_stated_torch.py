"""Nets with stated numbers as PyTorch programs, run without a file of weights: the values of the slides come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.dialects.torch.writing import module_text
from cnncalc.net_files import checked
from cnncalc.runtime.reference_run import reference_run

torch = pytest.importorskip("torch")

from .test_written_torch import model_of  # noqa: E402

PICTURE = ((0, 1, 1, 0, 0), (0, 1, 1, 0, 0), (1, 0, 0, 1, 1), (0, 1, 1, 0, 1), (1, 1, 1, 1, 1))
"""That of the page `cnncalc explain filter`."""


def made(text: str, folder: Path, picture: object) -> object:
    model = model_of(module_text.write(checked(Source("net.txt", text))), folder)
    with torch.no_grad():
        return model(torch.tensor(picture).float())


def test_a_filter_slides_over_a_picture(tmp_path: Path) -> None:
    net = "filter count = [1 2 3; 4 5 6; 7 8 9]\ninput 5x5x1\nconv filter=count\n"
    found = made(net, tmp_path, [[PICTURE]])
    assert found.tolist() == [[[[23, 21, 22], [26, 24, 28], [36, 36, 39]]]]  # type: ignore[attr-defined]


def test_stated_weights_and_biases_are_those_of_the_layer(tmp_path: Path) -> None:
    net = "input 2x2x1\nconv 2 2x2 weights=[1 2; 3 4; 5 6; 7 8.5] bias=[0 1]\n"
    found = made(net, tmp_path, [[[[1, 10], [100, 1000]]]])
    assert found.flatten().tolist() == [4321, 9266]  # type: ignore[attr-defined]


def test_a_filter_is_no_parameter_and_is_in_the_state_dict(tmp_path: Path) -> None:
    model = model_of(module_text.write(checked(Source("net.txt", "input 5x5x2\nf: conv filter=box3\n"))), tmp_path)
    assert list(model.parameters()) == []
    assert {name: tuple(array.shape) for name, array in model.state_dict().items()} == {"f.weight": (2, 3, 3)}


NETS = (
    "input 9x9x3\nconv filter=box3 padding=1\nconv filter=sobel_left stride=2 same reflect\n",
    "filter f = [1 2 1]\ninput 27 channels=1\nconv filter=f same dilation=2\n",
    "input 5x5x5x2\nconv filter=sharpen\n",
    "input 4x4x2\nupconv filter=gauss3 stride=2 padding=1 output_padding=1\n",
)


@pytest.mark.parametrize("text", NETS)
def test_the_program_alone_gives_the_values(text: str, tmp_path: Path) -> None:
    graph = checked(Source("net.txt", text))
    from cnncalc.analysis import analyse

    given = reference_run(analyse(graph))
    (picture,) = given.inputs.values()
    sizes = (1, graph.nodes[0].output.channels, *graph.nodes[0].output.spatial)
    found = made(text, tmp_path, picture.reshape(sizes).tolist())
    expected = torch.tensor(given.reference[0]).reshape(found.shape).float()  # type: ignore[attr-defined]
    assert torch.allclose(found, expected, rtol=1e-5, atol=1e-5)
