"""`run --boxes` lists what a detector finds in pixels of the picture, `--draw` draws it, JSON has it.

The detector has 2 x 2 places and weights that are 0, so that its biases say what it finds: at every place a box of
20 x 10 pixels, objectness 0.9, classes 0.1 and 0.9.
"""

from __future__ import annotations

import json
from importlib.resources import files
from math import log
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from .conftest import Command

NET = "input 64x64x3\navgpool 32x32\nconv 7 1x1\nyolo anchors=20,10 classes=2\n"
SURE = log(9)
"""What a logistic makes 0.9 of."""


@pytest.fixture
def detector(tmp_path: Path) -> list[str]:
    """The words of a run of the detector on a picture of 128 x 64: twice as wide as the input, and fitted into it."""
    (tmp_path / "net.txt").write_text(NET, encoding="utf-8")
    bias = np.array([0, 0, 0, 0, SURE, -SURE, SURE], np.float32)
    np.savez(tmp_path / "w.npz", **{"conv1.weight": np.zeros((7, 3, 1, 1), np.float32), "conv1.bias": bias})
    Image.new("RGB", (128, 64), (128, 128, 128)).save(tmp_path / "wide.png")
    words = ["run", str(tmp_path / "net.txt"), "--weights", str(tmp_path / "w.npz")]
    return [*words, "--image", str(tmp_path / "wide.png")]


def foot(text: str) -> list[str]:
    """The lines from the word Boxes on."""
    lines = text.split("\n")
    first = next(at for at, line in enumerate(lines) if line.startswith("Boxes"))
    return [" ".join(line.split()) for line in lines[first:] if line]


def test_boxes_are_listed_in_pixels_of_the_picture(command: Command, detector: list[str]) -> None:
    """Centres at 16 and 48 of the input; the picture lies in rows 16 to 48 at half its size: (6 - 0) / 0.5 = 12."""
    outcome = command(*detector, "--boxes", columns=120)
    assert outcome.status == 0
    assert foot(outcome.out)[:-1] == [
        "Boxes 1 yolo line; confidence at least 25 %, overlap within a class at most 45 %",
        "wide.png 81.00 % class 1 x 12 y 0 40 x 10",
        "81.00 % class 1 x 76 y 0 40 x 10",
        "81.00 % class 1 x 12 y 54 40 x 10",
        "81.00 % class 1 x 76 y 54 40 x 10",
    ]


def test_without_the_option_the_numbers_are_numbers(command: Command, detector: list[str]) -> None:
    assert "Boxes" not in command(*detector).out


def test_json_has_the_boxes_and_keeps_to_the_schema(command: Command, detector: list[str], tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("cat\ndog\n", encoding="utf-8")
    outcome = command(*detector, "--boxes", "--json", "--labels", str(tmp_path / "names.txt"))
    found = json.loads(outcome.out)
    schema = json.loads(files("cnncalc.report").joinpath("summary.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    (picture,) = found["boxes"]
    assert picture["image"] == detector[-1]
    assert len(picture["boxes"]) == 4
    last = picture["boxes"][-1]
    assert last.pop("confidence") == pytest.approx(0.81, abs=1e-5)
    assert last == {"class": 1, "label": "dog", "x": 76, "y": 54, "width": 40, "height": 10}


@pytest.mark.parametrize(("way", "wanted"), [("stretch", "x 12 y 11 40 x 10"), ("crop", "x 38 y 11 20 x 10")])
def test_the_way_of_resizing_is_undone(command: Command, detector: list[str], way: str, wanted: str) -> None:
    """Stretched: columns at half, rows as they are.  Cut: the middle 64 columns as they are."""
    assert foot(command(*detector, "--boxes", "--resize", way, columns=120).out)[1].endswith(f"class 1 {wanted}")


def test_names_are_shown_and_limits_hold(command: Command, detector: list[str], tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("cat\ndog\n", encoding="utf-8")
    named = [*detector, "--labels", str(tmp_path / "names.txt")]
    assert foot(command(*named, "--confidence", "0.8").out)[1].startswith("wide.png 81.00 % dog x 12")
    assert foot(command(*named, "--confidence", "0.82").out)[1] == "wide.png no box"


@pytest.mark.parametrize(("overlap", "boxes"), [("0.45", 1), ("1", 4)])
def test_of_boxes_that_overlap_one_is_kept(
    command: Command, detector: list[str], tmp_path: Path, overlap: str, boxes: int
) -> None:
    text = NET.replace("anchors=20,10", "anchors=2000,1000")
    (tmp_path / "net.txt").write_text(text, encoding="utf-8")
    found = json.loads(command(*detector, "--overlap", overlap, "--json").out)["boxes"][0]["boxes"]
    assert [(box["x"], box["y"], box["width"], box["height"]) for box in found] == [(0, 0, 128, 64)] * boxes


def test_the_picture_is_drawn_with_its_boxes(command: Command, detector: list[str], tmp_path: Path) -> None:
    outcome = command(*detector, "--draw", str(tmp_path / "out.png"))
    assert outcome.status == 0
    assert f"Drawn {tmp_path}/out.png" in " ".join(outcome.out.split())
    with Image.open(tmp_path / "out.png") as drawn:
        assert drawn.size == (128, 64)
        colours = [drawn.getpixel(place) for place in ((12, 60), (51, 60), (11, 60), (52, 60), (76, 60))]
    green, gray = (60, 180, 75), (128, 128, 128)
    assert colours == [green, green, gray, gray, green]


def test_a_jpeg_is_drawn_where_its_ending_says_so(command: Command, detector: list[str], tmp_path: Path) -> None:
    assert command(*detector, "--draw", str(tmp_path / "out.jpg")).status == 0
    with Image.open(tmp_path / "out.jpg") as drawn:
        assert drawn.format == "JPEG"


def test_nothing_is_replaced_by_a_drawing_unless_that_is_asked_for(
    command: Command, detector: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.png"
    out.write_text("mine", encoding="utf-8")
    outcome = command(*detector, "--draw", str(out))
    assert (outcome.status, out.read_text(encoding="utf-8")) == (2, "mine")
    assert command(*detector, "--draw", str(out), "--force").status == 0
    assert command(*detector, "--draw", str(out)).status == 0  # the same picture
    Image.new("L", (1, 1)).save(out)
    assert command(*detector, "--draw", str(out)).status == 2
    assert command(*detector, "--draw", detector[-1], "--force").status == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--draw", "out.txt"], "draw-no-picture"),
        (["--draw", "out.png", "--image", "wide.png"], "draw-one-picture"),
    ],
)
def test_what_cannot_be_drawn_is_refused(command: Command, detector: list[str], words: list[str], code: str) -> None:
    outcome = command(*detector, *words)
    assert outcome.status == 2
    assert f"[{code}]" in outcome.err


def test_several_pictures_have_their_own_boxes(command: Command, detector: list[str], tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "square.png")
    lines = foot(command(*detector, str(tmp_path / "square.png"), "--boxes", columns=120).out)
    assert [line for line in lines if ".png" in line] == [
        "wide.png 81.00 % class 1 x 12 y 0 40 x 10",
        "square.png 81.00 % class 1 x 6 y 11 20 x 10",
    ]


def test_boxes_of_an_array_are_in_pixels_of_the_input(command: Command, detector: list[str], tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((64, 64, 3), np.float32))
    outcome = command(*detector[:-2], "--input-array", str(tmp_path / "x.npy"), "--boxes", columns=120)
    assert foot(outcome.out)[1] == "x.npy 81.00 % class 1 x 6 y 11 20 x 10"


def test_what_is_not_a_number_gives_no_boxes(command: Command, detector: list[str], tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.full((64, 64, 3), np.nan, np.float32))
    outcome = command(*detector[:-2], "--input-array", str(tmp_path / "x.npy"), "--boxes")
    assert "no result: its values are not finite" in " ".join(outcome.out.split())
    assert "81.00" not in outcome.out


def test_many_boxes_are_cut_short_in_the_table_alone(command: Command, detector: list[str], tmp_path: Path) -> None:
    """8 x 8 places."""
    (tmp_path / "net.txt").write_text(NET.replace("32x32", "8x8").replace("20,10", "4,4"), encoding="utf-8")
    lines = foot(command(*detector, "--boxes", "--resize", "stretch").out)
    assert "... and 44 more (all of them: --format json)" in lines
    assert (
        len(json.loads(command(*detector, "--boxes", "--resize", "stretch", "--json").out)["boxes"][0]["boxes"]) == 64
    )


def test_boxes_of_random_weights_are_said_to_mean_nothing(command: Command, detector: list[str]) -> None:
    outcome = command(*detector[:2], *detector[4:], "--boxes")
    assert "the weights are random, so these boxes mean nothing" in " ".join(outcome.out.split())


def test_a_net_without_boxes_is_refused_before_it_is_run(command: Command, detector: list[str]) -> None:
    outcome = command("run", "lenet5", *detector[4:], "--boxes")
    assert outcome.status == 2
    assert "[no-boxes]" in outcome.err


def exported(path: Path, rows: int, numbers: int, *, numbers_first: bool, box: list[float]) -> str:
    """An ONNX file whose only output is ready boxes: the seventh is `box`, all others are 0, whatever the picture."""
    onnx = pytest.importorskip("onnx")
    table = np.zeros((rows, numbers), np.float32)
    table[7] = box
    table = table.T if numbers_first else table
    nodes = [
        onnx.helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        onnx.helper.make_node("Flatten", ["mean"], ["flat"]),
        onnx.helper.make_node("Gemm", ["flat", "w", "b"], ["numbers"]),
        onnx.helper.make_node("Reshape", ["numbers", "shape"], ["output0"]),
    ]
    held = {
        "w": np.zeros((3, table.size), np.float32),
        "b": table.reshape(-1),
        "shape": np.array([1, *table.shape], np.int64),
    }
    graph = onnx.helper.make_graph(
        nodes,
        "detector",
        [onnx.helper.make_tensor_value_info("images", 1, [1, 3, 64, 64])],
        [onnx.helper.make_tensor_value_info("output0", 1, [1, *table.shape])],
        [onnx.numpy_helper.from_array(array, name) for name, array in held.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    onnx.helper.set_model_props(model, {"names": "{0: 'cat', 1: 'dog'}"})
    onnx.save(model, str(path))
    return str(path)


@pytest.mark.parametrize(
    ("rows", "numbers_first", "box", "said"),
    [
        (84, True, [32, 32, 20, 10, 0.1, 0.9], "YOLOv8's or later boxes: 84 of x, y, width, height and 2 classes"),
        (
            252,
            False,
            [32, 32, 20, 10, 0.9, 0.1, 1],
            "YOLOv5's or YOLOv7's boxes: 252 of x, y, width, height, objectness and 2 classes",
        ),
    ],
)
def test_an_exported_detector_has_its_boxes_and_its_names(
    command: Command, detector: list[str], tmp_path: Path, rows: int, numbers_first: bool, box: list[float], said: str
) -> None:
    """64 / 8, / 16, / 32: 84 places; the picture lies in rows 16 to 48 at half its size: (22 - 0) / 0.5 = 44."""
    model = exported(tmp_path / "net.onnx", rows, len(box), numbers_first=numbers_first, box=box)
    lines = foot(command("run", model, *detector[4:], "--boxes", columns=200).out)
    assert lines[0].startswith(f"Boxes the output taken for {said}; ")
    assert lines[1] == "wide.png 90.00 % dog x 44 y 22 40 x 20"


def test_a_list_that_the_net_has_finished_is_read_as_it_is(
    command: Command, detector: list[str], tmp_path: Path
) -> None:
    """The picture lies in rows 16 to 48 at half its size: (22 - 0) / 0.5 = 44, and (27 - 16) / 0.5 = 22."""
    model = exported(tmp_path / "net.onnx", 300, 6, numbers_first=False, box=[22, 27, 42, 37, 0.9, 1])
    lines = foot(command("run", model, *detector[4:], "--boxes", columns=200).out)
    assert lines[0] == (
        "Boxes the output taken for boxes from which overlapping ones were taken out: 300 of left, top, right, bottom, "
        "confidence and class; confidence at least 25 %"
    )
    assert lines[1] == "wide.png 90.00 % dog x 44 y 22 40 x 20"
