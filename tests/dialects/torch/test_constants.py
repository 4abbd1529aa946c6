"""Numbers that no image decides: their sizes are known, and the numbers themselves as far as they can be followed."""

from __future__ import annotations

import pytest

from cnncalc.dialects.traced.known_numbers import rounded

from .test_modules import fault, forward, words


def units(expression: str) -> str:
    """The layer that has so many channels."""
    found = words(f"import math\nsizes = {expression}\nmodel = nn.Conv2d(3, sizes, 1)\n")
    return found[0].split()[1]


@pytest.mark.parametrize(
    ("expression", "channels"),
    [
        ("(torch.arange(4) * 3 + 2).tolist()[3]", 11),
        ("torch.round(torch.log(torch.arange(1, 4) * 3.5) / math.log(1.5)).int().tolist()[2]", 6),
        ("torch.pow(2, torch.arange(6)).tolist()[5]", 32),
        ("torch.floor(torch.tensor([2.7, 5.9])).long()[1].item()", 5),
        ("torch.diff(torch.tensor([1, 4, 9])).tolist()[1]", 5),
        ("(torch.tensor([2.5, 4.5]) * 2).to(torch.int64).tolist()[1]", 9),
        ("torch.full((3,), 7).tolist()[2]", 7),
        ("(torch.tensor([6, 4]) - torch.tensor([1, 2])).tolist()[0]", 5),
        ("len(torch.meshgrid(torch.arange(3), torch.arange(5), indexing='ij')) * 4", 8),
        ("torch.meshgrid(torch.arange(3), torch.arange(5))[0].sin().exp().cumsum(0).shape[1]", 5),
        ("torch.meshgrid(torch.arange(3), torch.arange(5), indexing='xy')[0].shape[0]", 5),
        ("torch.sigmoid(torch.zeros(7, 2)).tril().shape[0]", 7),
        ("torch.outer(torch.arange(6), torch.rand(4)).shape[0]", 6),
        ("F.softmax(torch.rand(9), dim=0).size(0)", 9),
    ],
)
def test_a_size_may_be_worked_out_of_numbers_in_tensors(expression: str, channels: int) -> None:
    """The numbers are those that PyTorch 2.13 gives."""
    assert units(expression) == str(channels)


@pytest.mark.parametrize(
    "expression",
    [
        "int(torch.rand(3).exp()[0].item())",
        "torch.randperm(5).tolist()[0]",
        "torch.meshgrid(torch.arange(3), torch.arange(5))[0].long()[0][0].item()",
        "int(torch.log(torch.zeros(2)).tolist()[0])",
        "int(torch.ones(3).sum().item())",
        "int(torch.cat((torch.zeros(2), torch.ones(2))).tolist()[3])",
        "int(torch.maximum(torch.zeros(2), torch.ones(2)).tolist()[1])",
    ],
)
def test_numbers_that_are_not_followed_are_refused_only_where_a_size_needs_them(expression: str) -> None:
    assert words(f"size = {expression}\nmodel = nn.ReLU()\n") == ["relu"]
    assert fault(f"size = {expression}\nmodel = nn.Conv2d(3, size, 1)\n").code == "unknown-value"


def test_numbers_are_rounded_as_float32_has_them() -> None:
    """torch.tensor(0.1).item() is 0.10000000149011612 in PyTorch."""
    assert rounded(0.1) == 0.10000000149011612
    assert rounded(1e300) == float("inf")


def test_a_known_constant_meets_an_image_with_its_numbers() -> None:
    assert words(forward("x + torch.full((1,), 2).square() * torch.exp(torch.zeros(1))")) == ["affine offset=4.0"]


def test_numbers_that_are_not_known_are_refused_where_a_layer_reads_them() -> None:
    assert fault(forward("x * torch.rand(1, 3, 8, 8).exp()")).code == "no-such-layer"


def test_whole_numbers_of_an_image_are_refused() -> None:
    assert "makes whole numbers of an image" in fault(forward("x.long()")).message
    assert words(forward("x.float().to('cuda').relu()")) == ["relu"]


def test_a_parameter_goes_through_layers_of_its_own() -> None:
    found = words(forward("x * torch.sigmoid(self.gate)", "self.gate = nn.Parameter(torch.zeros(1, 3, 1, 1))"))
    assert [text.split()[0] for text in found] == ["learned", "sigmoid", "reshape", "mul"]


def test_what_a_constant_is_made_of_stays_short_after_many_steps() -> None:
    lines = "m = torch.rand(1, 3, 8, 8)\nfor step in range(200):\n    m = m + m\n"
    found = fault(f"{lines}{forward('x + m.exp()')}")
    assert found.message == "the numbers of what is made of rand (1x3x8x8) are not known, and a layer reads them"
