"""The table of words and arguments: every entry at home somewhere, every spelling means one thing."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import get_args

import pytest

from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Kind, Layer
from cnncalc.layers.registry import (
    ACTIVATIONS,
    ARGUMENT_ALIASES,
    LAYERS,
    POST_WORDS,
    WORDS,
    argument_spellings,
    layer_class,
)

CLASSES: dict[str, type[Layer]] = {
    f"{word} {variant}".strip(): layer_class(word, variant)
    for word, entry in LAYERS.items()
    for variant in ("", *dict(entry.variants))
}
each_class = pytest.mark.parametrize("layer", CLASSES.values(), ids=CLASSES)


def test_no_spelling_means_two_words() -> None:
    spellings = [spelling for word, entry in LAYERS.items() for spelling in (word, *entry.aliases)]
    assert len(spellings) == len(set(spellings)) == len(WORDS)
    assert all(spelling == spelling.lower() for spelling in spellings)


@pytest.mark.parametrize(
    ("spelling", "word"),
    {
        "Conv2D": "conv",
        "Conv2DTranspose": "upconv",
        "ConvTranspose2d": "upconv",
        "DepthwiseConv2D": "dwconv",
        "SeparableConv2D": "sepconv",
        "LocallyConnected2D": "local",
        "MaxPooling2D": "maxpool",
        "MaxPool2d": "maxpool",
        "AveragePooling1D": "avgpool",
        "AvgPool3d": "avgpool",
        "GlobalAveragePooling2D": "gap",
        "GlobalMaxPooling2D": "gmp",
        "AdaptiveAvgPool2d": "adaptavg",
        "BatchNormalization": "bn",
        "BatchNorm2d": "bn",
        "LayerNormalization": "ln",
        "GroupNorm": "gn",
        "InstanceNormalization": "instancenorm",
        "RMSNorm": "rmsnorm",
        "UnitNormalization": "l2norm",
        "LeakyReLU": "leaky",
        "swish": "silu",
        "Hardswish": "hardswish",
        "Linear": "dense",
        "fc": "dense",
        "Concatenate": "concat",
        "Multiply": "mul",
        "ZeroPadding2D": "pad",
        "Cropping2D": "crop",
        "UpSampling2D": "upsample",
        "Dropout2d": "dropout",
        "PixelShuffle": "depthtospace",
        "PixelUnshuffle": "spacetodepth",
        "reorg": "spacetodepth",
    }.items(),
)
def test_keras_and_pytorch_names_are_known(spelling: str, word: str) -> None:
    assert WORDS[spelling.lower()] == word


def test_post_words_are_the_activations_and_the_norms_that_need_no_number() -> None:
    activations = {word for word in LAYERS if issubclass(layer_class(word), Activation)}
    assert activations == ACTIVATIONS
    assert {"bn", "ln", "instancenorm", "rmsnorm"} == POST_WORDS - ACTIVATIONS


@each_class
def test_a_class_belongs_to_its_word_and_is_documented(layer: type[Layer]) -> None:
    assert LAYERS[layer.word].class_name
    assert layer.__doc__ is not None
    assert ">>>" in layer.__doc__
    assert "Source:" in layer.__doc__
    assert "__dataclass_params__" in dir(layer)
    assert layer.__dataclass_params__.frozen  # type: ignore[attr-defined]


@each_class
def test_every_argument_says_how_it_is_written(layer: type[Layer]) -> None:
    for field in dataclasses.fields(layer):  # type: ignore[arg-type]
        assert field.metadata["kind"] in get_args(Kind), field.name
        assert field.metadata["help"], field.name
        assert (field.metadata["kind"] == "choice") == ("choices" in field.metadata)


OWN_POST_WORDS = {"region": {"softmax"}, "detection": {"softmax"}}
"""Words that mean the layer's own option: a softmax over all numbers of all boxes would mean nothing."""


@each_class
def test_a_bare_word_sets_one_argument_only(layer: type[Layer]) -> None:
    bare = [
        word
        for field in dataclasses.fields(layer)  # type: ignore[arg-type]
        for word in (*field.metadata.get("choices", ()), *field.metadata.get("words", ()))
    ]
    assert len(bare) == len(set(bare))
    assert set(bare) & POST_WORDS == OWN_POST_WORDS.get(layer.word, set())


@each_class
def test_no_argument_spelling_means_two_arguments(layer: type[Layer]) -> None:
    declared = {field.metadata.get("name", field.name): field.metadata for field in dataclasses.fields(layer)}  # type: ignore[arg-type]
    spellings = [(*ARGUMENT_ALIASES.get(name, ()), *metadata.get("also", ())) for name, metadata in declared.items()]
    taken = [spelling for one in spellings for spelling in one if spelling not in declared]
    assert len(taken) == len(set(taken))


def test_a_spelling_of_one_layer_means_nothing_in_another() -> None:
    assert "pool_size" not in argument_spellings(layer_class("conv"))
    assert "size" not in argument_spellings(layer_class("conv"))


@pytest.mark.parametrize(
    ("word", "spelling", "name"),
    [
        ("conv", "strides", "stride"),
        ("conv", "kernel_size", "kernel_size"),
        ("conv", "out_channels", "filters"),
        ("conv", "dilation_rate", "dilation"),
        ("conv", "use_bias", "bias"),
        ("conv", "padding_mode", "fill"),
        ("maxpool", "pool_size", "kernel_size"),
        ("maxpool", "size", "kernel_size"),
        ("lrn", "alpha", "alpha"),
        ("leaky", "alpha", "slope"),
        ("dense", "units", "units"),
        ("dense", "out_features", "units"),
        ("dropout", "p", "rate"),
        ("avgpool", "count_include_pad", "countpad"),
        ("bn", "eps", "epsilon"),
        ("bn", "center", "shift"),
        ("dwconv", "depth_multiplier", "multiplier"),
        ("gn", "num_groups", "groups"),
        ("depthtospace", "upscale_factor", "factor"),
        ("spacetodepth", "block_size", "factor"),
        ("spacetodepth", "stride", "factor"),
    ],
)
def test_an_argument_is_known_by_the_names_frameworks_give_it(word: str, spelling: str, name: str) -> None:
    assert argument_spellings(layer_class(word))[spelling] == name


def test_a_variant_is_chosen_by_its_option() -> None:
    assert [layer_class("conv", option).__name__ for option in ("", "filter", "connect")] == [
        "Conv",
        "FilterConv",
        "ConnectedConv",
    ]


def test_a_word_loads_only_its_own_module() -> None:
    code = (
        "import sys; from cnncalc.layers.registry import layer_class; layer_class('dense');"
        "print(sorted(m for m in sys.modules if m.startswith('cnncalc.layers.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "cnncalc.layers.dense" in loaded
    assert "cnncalc.layers.conv" not in loaded
    assert "cnncalc.layers.pool" not in loaded
