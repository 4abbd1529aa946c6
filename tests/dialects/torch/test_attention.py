"""PyTorch's attention as ours: which layer it is, what it is refused for, and what its weights weigh."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse

from .test_modules import fault, forward, net, words

SELF = "self.a = nn.MultiheadAttention(8, 2, batch_first=True)"
"""Reads the rows of x[:, 0]: 8 places of 8 numbers."""


def test_attention_of_places_to_themselves_is_a_layer_of_one_input() -> None:
    """4 * 8 * 8 + 4 * 8 = 288: PyTorch's in_proj_weight, in_proj_bias, out_proj.weight and out_proj.bias."""
    text = forward("self.a(x[:, 0], x[:, 0], x[:, 0])[0]", SELF)
    assert analyse(net(text)).totals.figures.params == 288
    assert words(forward("[self.a(y, y, y)[0] for y in [x.mean(1)]][0]", SELF))[-2:] == [
        "attention heads=2",
        'rearrange "f1=8 f2=8 -> f2 f1"',  # places x numbers, as the program gives them
    ]


@pytest.mark.parametrize(
    ("call", "inputs"),
    [("y, y, y", 1), ("y, z, z", 2), ("y, z, value=y.tanh()", 3), ("query=y, key=y, value=z", 3), ("y, y, z", 3)],
)
def test_attention_has_an_input_for_each_map_that_is_another(call: str, inputs: int) -> None:
    found = net(forward(f"[self.a({call})[0] for y, z in [(x.mean(1), x.amax(1))]][0]", SELF))
    assert [len(node.inputs) for node in found.nodes if node.layer.word == "attention"] == [inputs]


def test_keys_and_values_of_other_widths_have_arrays_of_their_own() -> None:
    """PyTorch: q_proj_weight 8x8, k_proj_weight 8x6, v_proj_weight 8x4, in_proj_bias 24, out_proj 8x8 and 8."""
    layers = "self.a = nn.MultiheadAttention(8, 2, kdim=6, vdim=4)"
    assert analyse(net(forward("x", layers))).totals.figures.params == 8 * (8 + 6 + 4) + 24 + 64 + 8


@pytest.mark.parametrize(
    ("line", "layers", "code", "told"),
    [
        ("self.a(y, y, y)[0]", SELF.replace("True", "False"), "arriving-differs", "holds the images"),
        ("self.a(y, y, y)[0]", SELF.replace("8, 2", "6, 2"), "arriving-differs", "6 numbers a place, but 8 arrive"),
        ("self.a(y, y, y)[0]", SELF.replace("8, 2", "8, 3"), "groups-do-not-divide", "into 3 equal heads"),
        ("self.a(x, x, x)[0]", SELF, "arriving-differs", "reads images, places and numbers, but 1x3x8x8 arrives"),
        ("self.a(y, y, y, attn_mask=self.mask)[0]", SELF, "no-such-layer", "attention with a mask"),
        ("self.a(y, y, y, key_padding_mask=y)[0]", SELF, "no-such-layer", "attention with a mask"),
        ("self.a(y, y, y)[1]", SELF, "unknown-value", "the weights of attention depend on the image"),
        ("F.scaled_dot_product_attention(y, y, y, is_causal=True)", "", "no-such-layer", "attention with a mask"),
        ("F.scaled_dot_product_attention(y, y, y, torch.ones(8, 8))", "", "no-such-layer", "attention with a mask"),
    ],
)
def test_attention_that_is_no_layer_here_is_refused(line: str, layers: str, code: str, told: str) -> None:
    if "self.mask" in line:
        layers += "; self.mask = torch.zeros(8, 8)"
    found = fault(forward(f"[{line} for y in [x.mean(1)]][0]", layers))
    assert found.code == code
    assert told in found.message


def test_attention_as_a_function_is_two_products_with_a_softmax_between_them() -> None:
    found = words(forward("F.scaled_dot_product_attention(x, x, x)"))
    assert [text.split()[0] for text in found if not text.startswith("rearrange")] == [
        "scale",
        "matmul",
        "softmax",
        "matmul",
    ]
