"""What a net of Keras does to its own pictures is lines of its table, and its input then reads pixels as they are."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked, written

HEAD = "import keras\nfrom keras import layers\n"


def read(*layers: str, size: str = "(8, 8, 3)") -> Graph:
    body = ", ".join((f"keras.Input({size})", *layers))
    return checked(Source("net.py", f"{HEAD}model = keras.Sequential([{body}])\n", "model"))


def lines(graph: Graph) -> list[str]:
    """The rows as our language writes them, without their names."""
    return [line.partition(": ")[2] or line for line in written(graph, "spec").splitlines()[2:]]


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        ("layers.Rescaling(1 / 255)", "scale 1/255"),
        ("layers.Rescaling(1 / 127.5, offset=-1)", "affine 2/255 -1.0"),
        ("layers.Rescaling([0.5, 1.0, 2.0])", "affine 0.5,1.0,2.0"),
        ("layers.Rescaling(1.0, [0.0, 0.5, 1.0])", "affine offset=0.0,0.5,1.0"),
        ("layers.Resizing(5, 7, interpolation='nearest')", "upsample size=5x7 nearestexact"),
        ("layers.Resizing(5, 7)", "upsample size=5x7 bilinear"),
        ("layers.Normalization()", "bn epsilon=1e-14 noscale noshift"),
        ("layers.Normalization(mean=2.0, variance=4.0)", "affine 0.5 -1.0"),
        ("layers.Normalization(mean=2.0, variance=4.0, invert=True)", "affine 2.0 2.0"),
        ("layers.Normalization(mean=[0.0, 1.0, 2.0], variance=4.0)", "affine 0.5,0.5,0.5 -0.0,-0.5,-1.0"),
        ("layers.Normalization(mean=[[[0.0, 1.0, 2.0]]], variance=[[[4.0]]])", "affine 0.5,0.5,0.5 -0.0,-0.5,-1.0"),
    ],
)
def test_a_layer_that_prepares_pictures_is_a_line(layer: str, line: str) -> None:
    assert lines(read(layer))[1] == line


def test_statistics_that_a_normalization_took_from_data_are_buffers() -> None:
    """A mean and a variance for each of 3 channels; Keras counts a seventh number, of the images it has seen."""
    from cnncalc.analysis import analyse

    figures = analyse(read("layers.Normalization()")).totals.figures
    assert (figures.params, figures.buffers) == (0, 6)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (["layers.Rescaling(1 / 255)"], "input 8x8x3 scale=1"),
        (["layers.Rescaling(1 / 127.5, offset=-1)", "layers.Conv2D(2, 3)"], "input 8x8x3 scale=1"),
        (["layers.Rescaling(2.0, offset=-1)"], "input 8x8x3"),
        (["layers.Conv2D(2, 3)"], "input 8x8x3"),
        (["layers.Normalization()"], "input 8x8x3"),
    ],
)
def test_an_input_whose_pixels_are_rescaled_by_the_net_reads_them_as_they_are(layers: list[str], expected: str) -> None:
    assert lines(read(*layers))[0] == expected


def test_an_input_that_something_else_reads_too_stays_as_it_is() -> None:
    text = (
        f"{HEAD}x = keras.Input((8, 8, 3))\n"
        "model = keras.Model(x, layers.Concatenate()([layers.Rescaling(1 / 255)(x), x]))\n"
    )
    assert lines(checked(Source("net.py", text, "model")))[0] == "input 8x8x3"


def test_a_vector_of_numbers_is_no_picture() -> None:
    assert lines(read("layers.Rescaling(1 / 255)", size="(4,)"))[0] == "input 4"


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        ("layers.Normalization(mean=[1.0, 2.0], variance=[1.0, 2.0, 3.0])", "as many numbers as the mean has"),
        ("layers.Normalization(mean=1.0, variance=-1.0)", "from 0"),
        ("layers.Normalization(mean='a', variance=1.0)", "a number, or a list of numbers"),
        ("layers.Rescaling([1.0, 2.0])", "3 channels arrive, and factor has 2 numbers"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(layer: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read(layer)
    assert told in str(caught.value)


def test_the_scaled_sum_of_inception_resnet_is_read_from_a_saved_model() -> None:
    """x + 0.17 * y (keras/src/applications/inception_resnet_v2.py)."""
    import json

    def layer(kind: str, name: str, reads: list[Any], **more: Any) -> dict[str, Any]:
        return {"class_name": kind, "config": {"name": name, **more}, "name": name, "inbound_nodes": reads}

    joined = {
        **layer("CustomScaleLayer", "sum", [[["x", 0, 0, {}], ["act", 0, 0, {}]]], scale=0.17),
        **{"module": "keras.src.applications.inception_resnet_v2", "registered_name": "CustomScaleLayer"},
    }
    config = {
        "name": "net",
        "layers": [
            layer("InputLayer", "x", [], batch_shape=[None, 4, 4, 2]),
            layer("ReLU", "act", [[["x", 0, 0, {}]]]),
            joined,
        ],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["sum", 0, 0]],
    }
    graph = checked(Source("net.json", json.dumps({"class_name": "Functional", "config": config})))
    assert lines(graph) == ["input 4x4x2", "relu", "scale 0.17", "add x sum_"]
