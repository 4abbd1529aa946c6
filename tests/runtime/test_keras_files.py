"""Keras' files of weights: each array under the name of its layer and its role, whatever way Keras wrote them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from cnncalc.diagnostics import InputError
from cnncalc.runtime.weight_files.opening import opened
from cnncalc.runtime.weights import load

from .keras_saved import Array, layer, numbers, sequential, write_h5, write_keras, write_numbered
from .nets import analysed

CONV, BIAS, DENSE = numbers(3, 3, 1, 2), numbers(2, first=50), numbers(8, 4, first=90)
CONFIG = sequential(
    layer("InputLayer", "picture", batch_shape=[None, 4, 4, 1]),
    layer("Conv2D", "first", filters=2, kernel_size=[3, 3], use_bias=True),
    layer("Flatten", "flatten"),
    layer("Dense", "last", units=4, use_bias=False),
)


def names(path: Path) -> list[str]:
    with opened(path) as file:
        return [entry.name for entry in file.entries]


def test_a_whole_model_of_keras_2_has_its_weights_in_the_order_of_its_layers(tmp_path: Path) -> None:
    """A module is called as its layer, not as the stem of its weights (`conv2d_1_1/kernel:0`)."""
    weights = {
        "z_first": {"conv2d_1_1/kernel:0": CONV, "conv2d_1_1/bias:0": BIAS},
        "flatten": {},
        "a_last": {"dense/kernel:0": DENSE},
    }
    with opened(write_h5(tmp_path / "net.h5", weights, CONFIG)) as file:
        described = [(entry.name, entry.shape, entry.kind) for entry in file.entries]
        assert described == [
            ("z_first/kernel", (3, 3, 1, 2), "<f4"),
            ("z_first/bias", (2,), "<f4"),
            ("a_last/kernel", (8, 4), "<f4"),
        ]
        assert file.about == ("Keras", "a Keras model", "", True)
        assert (file.read("z_first/bias") == BIAS).all()
        assert (file.read("a_last/kernel") == DENSE).all()


def test_names_of_layers_may_be_cut_into_several_attributes(tmp_path: Path) -> None:
    """Keras does so above 64,512 bytes (hdf5_format.save_attributes_to_hdf5_group)."""
    path = write_h5(tmp_path / "net.h5", {"b": {"b/kernel": DENSE}, "a": {"a/kernel": DENSE}})
    with h5py.File(path, "r+") as file:
        del file.attrs["layer_names"]
        file.attrs["layer_names0"], file.attrs["layer_names1"] = ["b"], ["a"]
    assert names(path) == ["b/kernel", "a/kernel"]


def test_variables_get_their_roles_from_the_class_that_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "net.weights.h5"
    four = [numbers(2, first=n) for n in range(4)]
    write_numbered(
        path,
        {
            "layers/conv2d_10": ("late", [CONV]),
            "layers/conv2d_2": ("early", [CONV, BIAS]),
            "layers/batch_normalization": ("norm", four),
            "layers/batch_normalization_1": ("plain", four[:2]),
            "layers/batch_normalization_2": ("half", four[:3]),
            "layers/separable_conv2d": ("sep", [CONV, DENSE, BIAS]),
            "layers/p_re_lu": ("act", [numbers(1, 1, 2)]),
            "layers/layer_normalization": ("ln", [BIAS]),
            "layers/dropout/seed_generator": ("seed_generator", [np.zeros(2, np.uint32)]),
            "optimizer": ("adam", [BIAS]),
        },
    )
    assert names(path) == [
        *("norm/gamma", "norm/beta", "norm/moving_mean", "norm/moving_variance"),
        *("plain/moving_mean", "plain/moving_variance"),
        *("half/0", "half/1", "half/2"),  # without gamma or without beta: only the configuration can tell
        *("early/kernel", "early/bias", "late/kernel"),
        "ln/0",
        *("act/alpha", "sep/depthwise_kernel", "sep/pointwise_kernel", "sep/bias"),
    ]


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_keras_file_names_its_layers_by_its_configuration(tmp_path: Path, packing: int) -> None:
    """Files of Keras before 3.8 have no attribute with the layer's name."""
    norm = [numbers(2, first=n) for n in range(3)]
    inner = sequential(
        layer("BatchNormalization", "norm", scale=False, center=True),
        layer("Conv2D", "deep", use_bias=False),
        name="inner",
    )
    config = sequential(layer("Dense", "z"), inner, layer("Dense", "a", use_bias=False))
    path = write_keras(
        tmp_path / "net.keras",
        config,
        {
            "layers/dense_1": ("", [DENSE]),
            "layers/dense": ("", [DENSE, BIAS]),
            "layers/sequential/layers/conv2d": ("", [CONV]),
            "layers/sequential/layers/batch_normalization": ("", norm),
        },
        packing,
    )
    with opened(path) as file:
        assert [entry.name for entry in file.entries] == [
            *("z/kernel", "z/bias"),
            *("inner/norm/beta", "inner/norm/moving_mean", "inner/norm/moving_variance"),
            *("inner/deep/kernel", "a/kernel"),
        ]
        assert (file.read("inner/norm/moving_variance") == norm[2]).all()
        assert (file.read("inner/deep/kernel") == CONV).all()


@pytest.mark.parametrize(
    ("written", "config", "expected"),
    [
        (["inner/conv/kernel", "inner/norm/gamma"], True, ["inner/conv/kernel", "inner/norm/gamma"]),
        (["conv/kernel:0", "norm/gamma:0"], True, ["inner/conv/kernel", "inner/norm/gamma"]),
        (["conv_3/kernel:0", "norm_3/gamma:0"], True, ["inner/conv/kernel", "inner/norm/gamma"]),
        (["inner/conv/kernel", "inner/norm/gamma"], False, ["inner/conv/kernel", "inner/norm/gamma"]),
        (["conv/kernel:0"], False, ["inner/kernel"]),
    ],
)
def test_a_model_in_a_model_has_the_names_of_its_layers(
    tmp_path: Path, written: list[str], config: bool, expected: list[str]
) -> None:
    model = sequential(sequential(layer("Conv2D", "conv"), layer("BatchNormalization", "norm"), name="inner"))
    layers: dict[str, dict[str, Array]] = {"inner": dict.fromkeys(written, BIAS)}
    assert names(write_h5(tmp_path / "net.h5", layers, model if config else None)) == expected


def test_half_precision_and_whole_numbers_keep_their_kind(tmp_path: Path) -> None:
    path = write_h5(tmp_path / "net.h5", {"a": {"a/kernel": DENSE.astype(np.float16), "a/bias": np.arange(4)}})
    with opened(path) as file:
        assert [entry.kind for entry in file.entries] == ["<f2", "<i8"]
        assert file.read("a/kernel").dtype == np.float16


def test_an_hdf5_file_of_another_program_has_no_weights_of_keras(tmp_path: Path) -> None:
    path = tmp_path / "measured.h5"
    with h5py.File(path, "w") as file:
        file["experiment/temperature"] = DENSE
    with pytest.raises(InputError, match="is an HDF5 file without the weights of a Keras model"):
        names(path)


def test_a_file_without_a_model_in_it_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "other.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", "{}")
    with pytest.raises(InputError, match=r"is a zip without `model.weights.h5`, so it is no model of Keras'"):
        names(path)


QUERY, KEY, VALUE = (numbers(4, 2, 2, first=first) for first in (0, 100, 200))
OUT = numbers(2, 2, 4, first=300)
OF_ATTENTION = {
    "mha/query/kernel": QUERY,
    "mha/query/bias": numbers(2, 2, first=1),
    "mha/key/kernel": KEY,
    "mha/key/bias": numbers(2, 2, first=11),
    "mha/value/kernel": VALUE,
    "mha/value/bias": numbers(2, 2, first=21),
    "mha/attention_output/kernel": OUT,
    "mha/attention_output/bias": numbers(4, first=31),
}
"""Of Keras' MultiHeadAttention(2, 2) on 4 channels: [in, heads, width], [heads, width], [heads, width, out], [out]."""


def test_query_key_and_value_of_attention_stand_side_by_side(tmp_path: Path) -> None:
    """Columns are those of the first head, then those of the second, for query, key and value."""
    with opened(write_h5(tmp_path / "net.h5", {"mha": OF_ATTENTION})) as file:
        assert [(entry.name, entry.shape) for entry in file.entries] == [
            ("mha/in_proj_weight", (4, 12)),
            ("mha/out_proj/weight", (4, 4)),
            ("mha/in_proj_bias", (12,)),
            ("mha/out_proj/bias", (4,)),
        ]
        assert file.read("mha/in_proj_weight")[0].tolist() == [0, 1, 2, 3, 100, 101, 102, 103, 200, 201, 202, 203]
        assert file.read("mha/in_proj_bias").tolist() == [1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24]
        assert file.read("mha/out_proj/weight")[1].tolist() == [304, 305, 306, 307]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("key/kernel", (3, 2, 2)),
        ("attention_output/kernel", (2, 3, 4)),
        ("attention_output/kernel", (4,)),
        ("query/kernel", (4, 4)),
        ("value/bias", (2, 3)),
        ("attention_output/bias", (5,)),
    ],
)
def test_attention_whose_arrays_do_not_fit_together_stays_as_it_is_in_the_file(
    name: str, shape: tuple[int, ...], tmp_path: Path
) -> None:
    other = {**OF_ATTENTION, f"mha/{name}": numbers(*shape)}
    assert names(write_h5(tmp_path / "net.h5", {"mha": other})) == list(OF_ATTENTION)


def test_attention_of_matrices_is_none_of_keras(tmp_path: Path) -> None:
    parts = {f"mha/{part}/kernel": numbers(2, 2) for part in ("query", "key", "value")}
    parts["mha/attention_output/kernel"] = numbers(2)
    assert names(write_h5(tmp_path / "net.h5", {"mha": parts})) == list(parts)


def test_the_attention_of_keras_is_that_of_the_net(tmp_path: Path) -> None:
    arrays = [("query", QUERY), ("key", KEY), ("value", VALUE), ("output", OUT)]
    groups = {
        f"layers/multi_head_attention/{part}_dense": ("attention_output" if part == "output" else part, [array])
        for part, array in arrays
    }
    groups["layers/multi_head_attention"] = ("mha", [])
    path = tmp_path / "net.weights.h5"
    write_numbered(path, groups)
    loaded = load(path, analysed("input 3 channels 4\nmha: attention heads=2 nobias\n")).arrays
    assert loaded["mha.in_proj_weight"][:, 0].tolist() == [0, 1, 2, 3, 100, 101, 102, 103, 200, 201, 202, 203]
    assert loaded["mha.out_proj.weight"][0].tolist() == [300, 304, 308, 312]
