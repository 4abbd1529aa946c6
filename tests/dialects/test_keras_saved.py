"""A model that Keras has saved is a net: layers from its configuration, one a line, and the weights beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnncalc.api import load
from cnncalc.diagnostics import InputError

from ..runtime.keras_saved import layer, numbers, sequential, write_h5, write_keras, write_numbered

CONV = {"kernel_size": [3, 3], "strides": [1, 1], "padding": "valid", "activation": "relu"}
CONFIG = sequential(
    layer("InputLayer", "picture", batch_shape=[None, 6, 6, 1]),
    layer("Conv2D", "first", filters=2, **CONV),
    layer("Flatten", "flatten"),
    layer("Dense", "last", units=3, activation="softmax", use_bias=False),
    name="tiny",
)
GROUPS = {
    "layers/conv2d": ("first", [numbers(3, 3, 1, 2), numbers(2)]),
    "layers/dense": ("last", [numbers(32, 3)]),
}
LAYERS = {
    "first": {"first/kernel": numbers(3, 3, 1, 2), "first/bias": numbers(2)},
    "last": {"last/kernel": numbers(32, 3)},
}


def message(path: Path, **options: str) -> str:
    with pytest.raises(InputError) as caught:
        load(path, **options)  # type: ignore[arg-type]
    return str(caught.value).replace(str(path.parent) + "/", "")


@pytest.mark.parametrize("name", ["net.keras", "net.h5", "net.hdf5"])
def test_a_saved_model_is_a_net_with_the_weights_of_its_file(name: str, tmp_path: Path) -> None:
    """20 + 96 parameters: 2 filters of 3x3x1 with bias, 4 * 4 * 2 numbers to 3 units without."""
    path = tmp_path / name
    write_keras(path, CONFIG, GROUPS) if name == "net.keras" else write_h5(path, LAYERS, CONFIG)
    net = load(path)
    assert net.analysis.totals.figures.params == 116
    assert [node.name for node in net.graph.nodes] == [
        *("picture", "first", "first.relu", "flatten", "last", "last.softmax"),
    ]
    assert (net.graph.heading, net.graph.weights_in) == ("tiny", str(path))


def tiny(path: Path) -> Path:
    """A convolution of names as Keras 2 allowed them, and a dense layer behind a flatten."""
    config = sequential(
        layer("Conv2D", "block1/conv", batch_input_shape=[None, 2, 2, 1], filters=2, kernel_size=[1, 1]),
        layer("Flatten", "flatten"),
        layer("Dense", "last.one", units=1, use_bias=False),
    )
    kernel = np.array([2, 3], np.float32).reshape(1, 1, 1, 2)
    bias, rows = np.array([1, -1], np.float32), np.array([[10.0**n] for n in range(8)], np.float32)
    if path.suffix == ".keras":
        return write_keras(path, config, {"layers/conv2d": ("", [kernel, bias]), "layers/dense": ("", [rows])})
    layers = {
        "block1/conv": {"block1/conv/kernel:0": kernel, "block1/conv/bias:0": bias},
        "flatten": {},
        "last.one": {"last.one/kernel:0": rows},
    }
    return write_h5(path, layers, config)


@pytest.mark.parametrize("name", ["net.keras", "net.h5"])
def test_a_saved_model_runs_with_the_numbers_of_its_file(name: str, tmp_path: Path) -> None:
    """Pixels 0, 1, 2, 0 give 2p + 1 and 3p - 1 each, so 1 -1, 3 2, 5 5, 1 -1, which the dense layer reads as digits."""
    net = load(tiny(tmp_path / name))
    found = net.run(np.array([0, 1, 2, 0], np.float32).reshape(2, 2, 1))
    assert found.ravel().tolist() == [1 - 10 + 300 + 2000 + 50_000 + 500_000 + 1_000_000 - 10_000_000]


def test_a_file_is_found_from_the_folder_of_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads HDF5 is asked about further files, and stays in the folder in which it was started."""
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        tiny(folder / f"{name}.h5")
        monkeypatch.chdir(folder)
        assert load(f"{name}.h5").analysis.totals.figures.params == 12


def test_a_run_says_that_the_weights_are_those_of_the_file(tmp_path: Path) -> None:
    from cnncalc.runtime.weights import load as loaded

    path = tiny(tmp_path / "net.keras")
    assert (
        loaded(path, load(path).analysis).origin.replace(f"{tmp_path}/", "")
        == "from net.keras (Keras; matched by name)"
    )


def test_a_fault_has_the_line_of_its_layer_in_the_configuration(tmp_path: Path) -> None:
    inner = sequential(layer("Conv2D", "deep", filters=2, **{**CONV, "kernel_size": [9, 9]}), name="inner")
    config = sequential(layer("InputLayer", "picture", batch_shape=[None, 6, 6, 1]), inner)
    path = write_keras(tmp_path / "net.keras", config, {})
    said = message(path)
    assert said.startswith("error[kernel-too-large]: a 9x9 kernel does not fit a 6x6 input\n")
    assert "--> config.json in net.keras:4:" in said


@pytest.mark.parametrize("suffix", [".weights.h5", ".h5"])
def test_weights_alone_are_no_model(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"net{suffix}"
    write_numbered(path, GROUPS) if suffix == ".weights.h5" else write_h5(path, LAYERS)
    assert message(path) == (
        f"error[weights-without-model]: {path} holds the weights of a Keras model, not its layers\n"
        f" = help: give a model, and the file to `cnncalc run MODEL --weights {path}`; in Python, "
        "model.save('net.keras') saves both"
    ).replace(f"{path.parent}/", "")


def test_an_open_size_is_asked_for_and_given(tmp_path: Path) -> None:
    config = sequential(
        layer("InputLayer", "picture", batch_shape=[None, None, None, 3]), layer("Conv2D", "first", filters=2, **CONV)
    )
    path = write_keras(tmp_path / "net.keras", config, {})
    assert "error[input-size]: the size of the model's input is not in it" in message(path)
    assert load(path, input_size="8x8x3").analysis.totals.outputs[0].text() == "6x6x2"


@pytest.mark.parametrize(
    ("foreign", "said"),
    [
        (layer("Lambda", "trick", function=["4wEAAAA=", None, None]), "the model has a Lambda, whose function is not"),
        (layer("MyAttention", "trick"), "the model has `MyAttention`, a class of a program"),
        (
            {**layer("Conv2D", "trick", filters=2, **CONV), "module": "mine", "registered_name": "mine>Conv2D"},
            "the model has `mine>Conv2D`, a class of a program",
        ),
        (
            {"module": "os", "class_name": "system", "config": {"command": "touch here"}},
            "the model has `system`, a class of a program",
        ),
    ],
)
def test_what_only_a_program_knows_is_refused_by_its_name_and_never_looked_up(
    foreign: dict[str, object], said: str, tmp_path: Path
) -> None:
    config = sequential(layer("InputLayer", "picture", batch_shape=[None, 6, 6, 1]), foreign)
    found = message(write_keras(tmp_path / "net.keras", config, {}))
    assert found.startswith(f"error[keras-config]: {said}")
    assert "--> config.json in net.keras:3:" in found


def test_a_model_of_a_class_of_its_own_is_refused_by_its_name(tmp_path: Path) -> None:
    config = {"module": "mine", "class_name": "MyNet", "config": {}, "registered_name": "mine>MyNet"}
    assert "error[keras-config]: `MyNet` is no model of Keras' own" in message(
        write_keras(tmp_path / "net.keras", config, {})
    )


def test_settings_of_training_are_not_read(tmp_path: Path) -> None:
    config = {**CONFIG, "compile_config": {"optimizer": {"module": "os", "class_name": "system"}}}
    assert load(write_keras(tmp_path / "net.keras", config, GROUPS)).analysis.totals.figures.params == 116


def test_an_entry_is_not_chosen_in_a_saved_model(tmp_path: Path) -> None:
    path = write_keras(tmp_path / "net.keras", CONFIG, GROUPS)
    with pytest.raises(InputError, match="`:Net` chooses a model of a Python program"):
        load(f"{path}:Net")


def test_a_missing_library_is_needed_for_a_h5_and_not_for_the_layers_of_a_keras_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = write_keras(tmp_path / "net.keras", CONFIG, GROUPS)
    plain = write_h5(tmp_path / "net.h5", LAYERS, CONFIG)
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    assert load(archive).analysis.totals.figures.params == 116
    assert message(plain) == (
        "error[library-missing]: reading net.h5 needs the library h5py, which is not installed\n"
        " = help: install it: pip install 'cnncalc[keras]'"
    )
