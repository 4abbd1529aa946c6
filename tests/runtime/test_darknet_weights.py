"""Darknet's .weights: the order of the numbers, both headers, files of other nets, and what Darknet itself computes."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc import load as load_model
from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked
from cnncalc.runtime.matching.darknet_order import DarknetOrder
from cnncalc.runtime.weight_files.darknet_files import open_file, write_darknet
from cnncalc.runtime.weights import load, seeded
from cnncalc.sources import find

Array = np.ndarray[Any, Any]

HEAD = "[net]\nwidth=8\nheight=8\nchannels=3\n"
NET = f"""{HEAD}
[convolutional]
batch_normalize=1
filters=8
size=3
pad=1
activation=leaky
[maxpool]
size=2
stride=1
[convolutional]
filters=8
size=3
stride=2
pad=1
groups=2
activation=linear
[shortcut]
from=-2
activation=relu
[upsample]
stride=2
[route]
layers=-1,0
[reorg]
stride=2
[maxpool]
size=3
stride=2
[convolutional]
batch_normalize=1
filters=14
size=1
activation=logistic
[region]
anchors=1,2,3,4
num=2
classes=2
softmax=1
[connected]
batch_normalize=1
output=4
activation=tanh
[softmax]
"""


def of_text(text: str, name: str = "net.cfg") -> Analysis:
    return analyse(checked(Source(name, text)))


def write(path: Path, numbers: Array, head: bytes = struct.pack("<3iq", 0, 2, 0, 0)) -> Path:
    path.write_bytes(head + np.asarray(numbers, "<f4").tobytes())
    return path


def loaded(path: Path, analysis: Analysis) -> dict[str, list[Any]]:
    return {name: array.tolist() for name, array in load(path, analysis).arrays.items()}


def error_of(path: Path, analysis: Analysis) -> str:
    with pytest.raises(InputError) as caught:
        load(path, analysis)
    return str(caught.value)


def of_darknet(analysis: Analysis) -> Array:
    """Numbers that follow a rule, as those that Darknet was given; variances are above 0."""
    order = DarknetOrder(analysis)
    numbers = ((np.arange(order.numbers, dtype=np.int64) * 7919 % 1009) / 1009 - 0.3).astype("<f4")
    at = 0
    for array in (array for layer in order.layers for array in layer.arrays):
        if array.name.endswith("running_var"):
            numbers[at : at + array.numbers] = np.abs(numbers[at : at + array.numbers]) + np.float32(0.5)
        at += array.numbers
    return numbers


def test_a_net_gives_what_darknet_itself_gives(tmp_path: Path) -> None:
    """Darknet f6afaab (pjreddie), compiled with gcc, on its CPU: the softmax of this net with these weights."""
    path = write(tmp_path / "net.weights", of_darknet(of_text(NET)))
    (tmp_path / "net.cfg").write_text(NET)
    picture = ((np.arange(192) * 31 % 97) / 97).astype(np.float32).reshape(3, 8, 8)
    *_boxes, softmax = load_model(tmp_path / "net.cfg").run(np.moveaxis(picture, 0, -1), weights=path)
    assert softmax[0] == pytest.approx([0.392403, 0.297009, 0.22146, 0.0891276], rel=2e-5)


def test_a_convolution_with_batch_norm_has_the_norms_arrays_first(tmp_path: Path) -> None:
    text = "[net]\nwidth=1\nheight=1\nchannels=2\n[convolutional]\nfilters=2\nbatch_normalize=1\nactivation=linear\n"
    path = write(tmp_path / "net.weights", np.arange(12))
    assert loaded(path, of_text(text)) == {
        "layer0.weight": [[[[8.0]], [[9.0]]], [[[10.0]], [[11.0]]]],
        "layer0.bn.weight": [2.0, 3.0],
        "layer0.bn.bias": [0.0, 1.0],
        "layer0.bn.running_mean": [4.0, 5.0],
        "layer0.bn.running_var": [6.0, 7.0],
    }


def test_a_dense_layer_has_its_weights_before_the_norms_factors(tmp_path: Path) -> None:
    text = "[net]\ninputs=2\n[connected]\noutput=1\nbatch_normalize=1\nactivation=linear\n"
    path = write(tmp_path / "net.weights", np.arange(6))
    assert loaded(path, of_text(text)) == {
        "layer0.weight": [[1.0, 2.0]],
        "layer0.bn.weight": [3.0],
        "layer0.bn.bias": [0.0],
        "layer0.bn.running_mean": [4.0],
        "layer0.bn.running_var": [5.0],
    }


def test_a_layer_without_shared_weights_has_its_biases_filter_by_filter(tmp_path: Path) -> None:
    text = "[net]\nwidth=2\nheight=1\nchannels=1\n[local]\nfilters=2\nactivation=linear\n"
    path = write(tmp_path / "net.weights", np.arange(8))
    arrays = load(path, of_text(text)).arrays
    assert arrays["layer0.bias"].tolist() == [[[0.0, 2.0], [1.0, 3.0]]]
    assert arrays["layer0.weight"].reshape(-1).tolist() == [4.0, 5.0, 6.0, 7.0]


def test_columns_go_where_the_flatten_of_a_text_puts_them(tmp_path: Path) -> None:
    """Darknet reads a map channel by channel: 2 channels of 1x2 are 0 1 | 2 3."""
    path = write(tmp_path / "net.weights", [9, 0, 1, 2, 3])
    last = of_text("input 1x2x2\nflatten\ndense 1", "net.txt")
    first = of_text("input 1x2x2\nflatten channels_first\ndense 1", "net.txt")
    assert load(path, last).arrays["dense1.weight"].tolist() == [[0.0, 2.0, 1.0, 3.0]]
    assert load(path, first).arrays["dense1.weight"].tolist() == [[0.0, 1.0, 2.0, 3.0]]
    with open_file(path) as file:
        assert file.laid_out(last).remarks == ("columns of dense1.weight put in this net's order",)


@pytest.mark.parametrize(
    ("head", "weight"),
    [
        (struct.pack("<3iq", 0, 2, 0, 32_013_312), [[2.0, 3.0], [4.0, 5.0]]),
        (struct.pack("<3ii", 0, 1, 0, 7), [[2.0, 3.0], [4.0, 5.0]]),
        # above 1000 dense weights are turned, and the count of images is short
        (struct.pack("<3ii", 1001, 0, 0, 7), [[2.0, 4.0], [3.0, 5.0]]),
        (struct.pack("<3ii", 0, 2000, 0, 7), [[2.0, 4.0], [3.0, 5.0]]),
    ],
)
def test_the_version_says_how_long_the_header_is(tmp_path: Path, head: bytes, weight: list[list[float]]) -> None:
    path = write(tmp_path / "net.weights", np.arange(6), head)
    assert load(path, of_text("input 2\ndense 2", "net.txt")).arrays["dense1.weight"].tolist() == weight


@pytest.mark.parametrize("text", ["yolov3-tiny", NET], ids=["yolov3-tiny", "small"])
def test_weights_written_and_read_are_equal(tmp_path: Path, text: str) -> None:
    analysis = analyse(checked(find(text))) if text == "yolov3-tiny" else of_text(text)
    drawn = seeded(analysis, 3).arrays
    path = tmp_path / "net.weights"
    with path.open("wb") as stream:
        write_darknet(analysis, drawn, stream)
    read = load(path, analysis).arrays
    assert drawn.keys() == read.keys()
    assert all(np.array_equal(drawn[name], read[name]) for name in drawn)


def test_a_shipped_text_takes_the_file_of_the_cfg_of_its_name(tmp_path: Path) -> None:
    from ..dialects.cfg_nets import YOLOV3_TINY

    ours, theirs = analyse(checked(find("yolov3-tiny"))), of_text(YOLOV3_TINY)
    with (tmp_path / "net.weights").open("wb") as stream:
        write_darknet(theirs, seeded(theirs).arrays, stream)
    pairs = zip(load(tmp_path / "net.weights", ours).arrays.values(), seeded(theirs).arrays.values(), strict=True)
    assert all(np.array_equal(mine, other) for mine, other in pairs)


def test_what_is_written_begins_with_darknets_version() -> None:
    stream = io.BytesIO()
    analysis = of_text("input 2\ndense 1", "net.txt")
    arrays = {"dense1.weight": np.array([[2, 3]], np.float32), "dense1.bias": np.array([1], np.float32)}
    write_darknet(analysis, arrays, stream)
    assert stream.getvalue() == struct.pack("<3iq3f", 0, 2, 0, 0, 1, 2, 3)


LONE = "[net]\nwidth=1\nheight=1\nchannels=1\n[batchnorm]\n"


@pytest.mark.parametrize(("numbers", "bias"), [([5, 2, 3, 4], 5.0), ([2, 3, 4], 0.0)])
def test_a_batch_norm_of_its_own_may_come_without_biases(tmp_path: Path, numbers: list[float], bias: float) -> None:
    """AlexeyAB/darknet writes them, pjreddie/darknet does not."""
    found = loaded(write(tmp_path / "net.weights", np.array(numbers)), of_text(LONE))
    assert found == {
        "layer0.weight": [2.0],
        "layer0.bias": [bias],
        "layer0.running_mean": [3.0],
        "layer0.running_var": [4.0],
    }


class TestRefusals:
    def test_a_file_of_another_net_is_told_by_its_count(self, tmp_path: Path) -> None:
        path = write(tmp_path / "yolov3.weights", np.zeros(1000))
        said = error_of(path, analyse(checked(find("yolov3-tiny"))))
        assert "yolov3-tiny has 8,858,734 weights, the file 1,000" in said

    def test_a_file_that_ends_with_a_layer_says_where(self, tmp_path: Path) -> None:
        path = write(tmp_path / "net.conv.1", np.zeros(8 * 4 + 216))
        said = error_of(path, of_text(NET))
        assert f"`{path}` ends before layer2 (line 15)" in said
        assert "it has the weights of the first 1 of 4 layers that have any" in said

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"\0\0\0\0\2\0\0\0\0\0\0\0\0\0", "it is too short for the header of Darknet's weights"),
            (struct.pack("<3iq", 0, 2, 0, 0)[:18], "it ends within a number"),
            (struct.pack("<3iq", 0, 2, 0, 0) + b"\0\0\0", "it ends within a number"),
            (struct.pack("<3iq", -1, 2, 0, 0), "it does not begin with the version of Darknet's weights"),
            (struct.pack(">3iq", 0, 2, 0, 0), "it does not begin with the version of Darknet's weights"),
        ],
        ids=["short", "header cut", "number cut", "negative", "other byte order"],
    )
    def test_a_damaged_file_says_what_is_wrong(self, tmp_path: Path, content: bytes, reason: str) -> None:
        path = tmp_path / "net.weights"
        path.write_bytes(content)
        assert f"`{path}` is damaged: {reason}" in error_of(path, of_text(LONE))

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("prelu", "prelu1 cannot be in a file of Darknet's weights: Darknet has no layer with such weights"),
            ("conv 1 1x1 nobias", "conv1 cannot be in a file of Darknet's weights: in Darknet such a layer has a bias"),
            (
                "conv 1 1x1 nobias bn noshift",
                "conv1.bn cannot be in a file of Darknet's weights: Darknet's batch norms",
            ),
        ],
    )
    def test_a_net_that_darknet_cannot_hold_names_its_line(self, tmp_path: Path, line: str, reason: str) -> None:
        said = error_of(write(tmp_path / "net.weights", np.zeros(3)), of_text(f"input 4x4x1\n{line}", "net.txt"))
        assert reason in said
        assert "net.txt:2:1" in said


def test_a_file_is_known_by_its_version_whatever_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "darknet53.conv.74", np.arange(2))
    assert loaded(path, of_text("input 1\ndense 1", "net.txt")) == {"dense1.weight": [[1.0]], "dense1.bias": [0.0]}


def test_before_a_net_is_met_a_file_is_one_row_of_numbers(tmp_path: Path) -> None:
    with open_file(write(tmp_path / "net.weights", np.arange(5))) as file:
        assert [(entry.name, entry.shape) for entry in file.entries] == [("all numbers", (5,))]
        assert file.read("all numbers").tolist() == [0, 1, 2, 3, 4]
