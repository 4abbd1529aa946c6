"""Encoders of PyTorch's own, rows of an Embedding, and parts that are rolled or repeated."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.runtime.matching import declared

from .test_modules import fault, forward, net, words

LAYER = "nn.TransformerEncoderLayer(8, 2, 16, batch_first=True"
"""Reads the rows of x[:, 0]: 8 places of 8 numbers."""


def ours(layer: str) -> list[str]:
    found = words(forward("self.a(x.mean(1))", f"self.a = {layer}"))
    return [
        "add" if text.startswith("add ") else text
        for text in found
        if not text.startswith(("reshape", "rearrange", "reduce"))
    ]


def test_an_encoder_layer_is_attention_and_two_dense_layers_with_norms_after_them() -> None:
    drop = "dropout 0.1"
    attention = ["attention heads=2", drop, "add", "ln"]
    assert ours(f"{LAYER})") == [*attention, "conv 16 1", "relu", drop, "conv 8 1", drop, "add", "ln"]


def test_its_norms_may_come_first_and_its_function_may_be_another() -> None:
    before = ["ln", "attention heads=2", "add", "ln", "conv 16 1", "gelu", "conv 8 1", "add"]
    for activation in ("'gelu'", "F.gelu", "nn.GELU()"):
        found = ours(f"{LAYER}, norm_first=True, dropout=0, activation={activation})")
        assert found == before


def test_an_encoder_has_copies_of_its_layer_with_pytorch_s_names() -> None:
    """PyTorch: 600 numbers a layer (288 of attention, 144 and 136 of dense layers, 32 of norms), 16 of the last."""
    made = f"self.a = nn.TransformerEncoder({LAYER}), 2, norm=nn.LayerNorm(8))"
    analysis = analyse(net(forward("self.a(x.mean(1))", made)))
    assert analysis.totals.figures.params == 2 * 600 + 16
    assert analysis.totals.uncalled == ()
    names = set(declared(analysis))
    assert {"a.layers.0.self_attn.in_proj_weight", "a.layers.1.linear2.bias", "a.norm.weight"} <= names


@pytest.mark.parametrize("call", ["y, y", "y, src_key_padding_mask=y", "y, is_causal=True"])
def test_an_encoder_layer_with_a_mask_is_refused(call: str) -> None:
    found = fault(forward(f"[self.a({call}) for y in [x.mean(1)]][0]", f"self.a = {LAYER})"))
    assert (found.code, "with a mask" in found.message) == ("no-such-layer", True)


def test_rows_of_an_embedding_are_learned_positions() -> None:
    layers = "self.p = nn.Embedding(20, 8)"
    text = forward("x.mean(1) + self.p(torch.arange(3, 11))", layers)
    analysis = analyse(net(text))
    assert analysis.totals.figures.params == 160
    assert set(declared(analysis)) == {"p.weight"}
    assert "learned 20x8 channels_last" in words(text)
    assert "crop 3,9" in words(text)
    whole = forward("x.mean(1) + self.p(torch.arange(8).unsqueeze(0))", "self.p = nn.Embedding(8, 8)")
    assert not any(text.startswith("crop") for text in words(whole))


@pytest.mark.parametrize("places", ["torch.arange(0, 16, 2)", "torch.arange(15, 23)", "x[0, 0].long()"])
def test_an_embedding_of_other_rows_is_refused(places: str) -> None:
    found = fault(forward(f"x.mean(1) + self.p({places})", "self.p = nn.Embedding(20, 8)"))
    assert found.code == "no-such-layer"


def test_rolling_cuts_an_axis_and_joins_it_again() -> None:
    assert words(forward("torch.roll(x, 2, 3)")) == words(forward("torch.cat((x[..., -2:], x[..., :-2]), 3)"))
    assert words(forward("torch.roll(x, shifts=(0, 8), dims=(2, 3)) + 1")) == ["affine offset=1.0"]
    assert fault(forward("torch.roll(x, 1)")).code == "not-read-here"


def test_entries_that_are_repeated_are_joined() -> None:
    """Three channels, each twice, one after the other: 0 0 1 1 2 2."""
    found = net(forward("x.repeat_interleave(2, dim=1)"))
    assert analyse(found).totals.outputs[0].channels == 6
    assert fault(forward("x.repeat_interleave(100, dim=1)")).code == "not-read-here"


def test_heads_may_share_keys_and_values() -> None:
    """Six heads of 4 questions and three of 8 keys, each of 8 numbers: two products for each of six heads."""
    text = forward("F.scaled_dot_product_attention(x.reshape(-1, 6, 4, 8), k, k, enable_gqa=True)", "").replace(
        "return", "k = x.reshape(-1, 3, 8, 8)\n        return"
    )
    assert analyse(net(text)).totals.figures.cost.macs == 2 * 6 * 4 * 8 * 8
