"""Models that Keras saves, in each of its formats: its parameters and its values, with the weights of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.api import load

from .comparing import CLOSE, Array

pytestmark = pytest.mark.filterwarnings("ignore")  # Keras' and its backends' own

FORMATS = (".keras", ".h5", ".weights.h5")


def every_kind(keras: Any) -> Any:
    """Each kind of layer that has weights, and what prepares pictures."""
    k = keras.layers
    x = picture = k.Input((16, 16, 3), name="picture")
    x = k.Rescaling(1 / 127.5, offset=-1)(x)
    x = k.Conv2D(4, 3, padding="same", activation="relu")(x)
    x = k.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same")(x)
    x = k.BatchNormalization(scale=False)(x)
    x = k.SeparableConv2D(6, 3, padding="same", depth_multiplier=2)(x)
    x = k.PReLU(shared_axes=[1, 2])(x)
    x = k.Conv2DTranspose(4, 3, strides=2, padding="same", use_bias=False)(x)
    x = k.PReLU()(x)
    x = k.LayerNormalization()(x)
    x = k.GroupNormalization(groups=2)(x)
    x = k.Conv2D(4, (1, 5), groups=2, padding="same")(x)
    x = k.Dense(5, activation="gelu")(x)
    x = k.Dropout(0.5)(x)
    x = k.Flatten()(x)
    return keras.Model(picture, k.Dense(10, activation="softmax")(x), name="every_kind")


def shared_and_nested(keras: Any) -> Any:
    """A layer used twice, a model in a model, and one in that."""
    k = keras.layers
    deep = keras.Sequential([k.Input((8, 8, 4)), k.Conv2D(4, 3, padding="same", name="conv")], name="deep")
    inner = keras.Sequential([k.Input((8, 8, 4)), deep, k.BatchNormalization(name="norm")], name="inner")
    picture = k.Input((8, 8, 4))
    shared = k.Conv2D(4, 3, padding="same", name="shared")
    x = k.Add()([inner(shared(picture)), shared(shared(picture))])
    return keras.Model(picture, k.Dense(3, name="last")(k.GlobalAveragePooling2D()(x)), name="nested")


def frozen(keras: Any) -> Any:
    """Layers that are not trained: Keras then lists their weights behind those of others."""
    model = shared_and_nested(keras)
    model.get_layer("inner").get_layer("deep").trainable = False
    model.get_layer("shared").trainable = False
    return model


def of_one_axis(keras: Any) -> Any:
    k = keras.layers
    return keras.Sequential(
        [
            k.Input((20, 3)),
            k.Conv1D(4, 3, dilation_rate=2, activation="relu"),
            k.SeparableConv1D(6, 3),
            k.Conv1DTranspose(4, 3),
            k.GlobalMaxPooling1D(),
            k.Dense(2),
        ]
    )


def of_three_axes(keras: Any) -> Any:
    k = keras.layers
    return keras.Sequential(
        [
            k.Input((6, 7, 8, 2)),
            k.Conv3D(3, (2, 3, 1)),
            k.Conv3DTranspose(2, 2),
            k.AveragePooling3D(2),
            k.Flatten(),
            k.Dense(2),
        ]
    )


def adapted(keras: Any) -> Any:
    """Statistics taken from data, and stated ones."""
    k = keras.layers
    first = k.Normalization()
    first.adapt(np.random.default_rng(3).normal(5, 3, (50, 6, 6, 3)))
    second = k.Normalization(mean=[0.5, 1.0, 1.5], variance=[4.0, 1.0, 0.25])
    return keras.Sequential([k.Input((6, 6, 3)), first, second, k.Conv2D(2, 3)])


MODELS: dict[str, Callable[[Any], Any]] = {
    "every kind": every_kind,
    "shared and nested": shared_and_nested,
    "frozen": frozen,
    "one axis": of_one_axis,
    "three axes": of_three_axes,
    "adapted": adapted,
}


def drawn(model: Any) -> None:
    """Weights that are not those of a beginning: no zeros, no ones."""
    chance = np.random.default_rng(7)
    for variable in model.variables:
        if "float" in str(variable.dtype) and variable.path.rpartition("/")[2] not in ("mean", "variance"):
            variable.assign(chance.uniform(0.3, 1.2, variable.shape) * (1 if len(variable.shape) == 1 else 0.3))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", MODELS)
def test_a_saved_model_has_keras_parameters_and_values(name: str, suffix: str, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras", reason="Keras is not installed (pip install keras)")
    keras.backend.clear_session()
    model = MODELS[name](keras)
    drawn(model)
    path, whole = tmp_path / f"net{suffix}", tmp_path / "whole.keras"
    model.save(whole)
    model.save_weights(path) if suffix == ".weights.h5" else model.save(path)
    net = load(whole if suffix == ".weights.h5" else path)
    images: Array = np.random.default_rng(1).uniform(0, 255, (2, *model.input_shape[1:])).astype(np.float32)
    expected = keras.ops.convert_to_numpy(model(images, training=False))
    ours = net.run(images, weights=path)
    counters = sum(1 for variable in model.variables if variable.path.endswith("/count"))
    assert net.analysis.totals.figures.total_params == model.count_params() - counters
    assert np.abs(ours.reshape(expected.shape) - expected).max() / np.abs(expected).max() <= CLOSE


def test_a_model_of_mixed_precision_computes_in_float32(tmp_path: Path) -> None:
    """Keras itself rounds to float16 on the way, so the values are 1e-3 alike."""
    keras = pytest.importorskip("keras", reason="Keras is not installed (pip install keras)")
    k = keras.layers
    model = keras.Sequential([k.Input((6, 6, 2)), k.Conv2D(4, 3, dtype="mixed_bfloat16"), k.Flatten(), k.Dense(3)])
    model.save(tmp_path / "net.keras")
    images = np.random.default_rng(1).uniform(-1, 1, (1, 6, 6, 2)).astype(np.float32)
    expected = keras.ops.convert_to_numpy(model(images))
    ours = load(tmp_path / "net.keras").run(images)
    assert np.abs(ours.reshape(expected.shape) - expected).max() / np.abs(expected).max() < 0.02
