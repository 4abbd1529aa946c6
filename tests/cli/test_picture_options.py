"""What `run` is told about pictures and classes stands above what the text says of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.sources import LABEL_LISTS, find_file, shipped_labels

from .conftest import Command

NET = "{labels}input 8x8x3 {words}\nconv 2 3x3\ngap\ndense {classes} softmax\n"


@pytest.fixture
def picture(tmp_path: Path) -> str:
    Image.fromarray(np.arange(12 * 16 * 3, dtype=np.uint8).reshape(12, 16, 3)).save(tmp_path / "p.png")
    return str(tmp_path / "p.png")


def net(tmp_path: Path, words: str = "", classes: int = 5, labels: str = "") -> str:
    (tmp_path / "net.txt").write_text(NET.format(words=words, classes=classes, labels=labels))
    return str(tmp_path / "net.txt")


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        ("imagenet", (), "shorter side resized to 9, the middle 8x8 cut out; values 0..1, minus (0.485,"),
        ("imagenet", ("--resize", "10"), "shorter side resized to 10, the middle 8x8 cut out; values 0..1, minus"),
        ("imagenet", ("--resize", "stretch", "--mean", "0"), "stretched to 8x8; values 0..1, divided by (0.229"),
        ("imagenet", ("--picture", "caffe resize=12"), "shorter side resized to 12, the middle 8x8 cut out; blue,"),
        ("scale=1", ("--picture", ""), "fitted into 8x8 as a whole, the rest black; values 0..1"),
    ],
)  # fmt: skip
def test_options_stand_above_the_words_of_the_line(
    command: Command, tmp_path: Path, picture: str, words: str, options: tuple[str, ...], said: str
) -> None:
    outcome = command("run", net(tmp_path, words), "--image", picture, *options)
    assert outcome.status == 0, outcome.err
    assert f"p.png: {said}" in " ".join(outcome.out.split())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--resize", "fitt"), "--resize fitt is no way to resize a picture"),
        (("--resize", "0"), "--resize 0 is no way to resize a picture"),
        (("--resize", "7"), "a picture with a shorter side of 7 pixels does not fill 8x8"),
        (("--picture", "imagenet caffe"), "preprocessing is given twice"),
        (("--picture", "imagenet relu"), "--picture takes words of an input line, and `imagenet relu` is more"),
        (("--picture", "imagenet\nconv 3 3x3"), "--picture takes words of an input line"),
        (("--picture", "9x9x3"), "`9x9x3` is one too many for input"),
        (("--scale", "x"), "--scale x is not a number"),
    ],
)
def test_options_that_say_nothing_are_refused(
    command: Command, tmp_path: Path, picture: str, options: tuple[str, ...], message: str
) -> None:
    outcome = command("run", net(tmp_path), "--image", picture, *options)
    assert outcome.status == 2
    assert message in " ".join(outcome.err.split())


def test_a_wrong_word_is_shown_in_the_option_that_has_it(command: Command, tmp_path: Path, picture: str) -> None:
    outcome = command("run", net(tmp_path), "--image", picture, "--picture", "bgr imagenett")
    assert "--> command line:1:15\n" in outcome.err
    assert " 1 | --picture bgr imagenett\n   |               ^^^^^^^^^\n" in outcome.err


@pytest.mark.parametrize(("name", "count", "first", "last"), [
    ("imagenet", 1000, "tench", "toilet tissue"),
    ("coco", 80, "person", "toothbrush"),
    ("voc", 20, "aeroplane", "tvmonitor"),
])  # fmt: skip
def test_each_list_of_names_ships_whole(name: str, count: int, first: str, last: str) -> None:
    """The order of torchvision.models._meta; Keras' imagenet_class_index.json has the same."""
    path = shipped_labels(name)
    assert path is not None
    names = find_file(path).text.splitlines()
    assert (len(names), names[0], names[-1]) == (count, first, last)
    assert name in LABEL_LISTS


def test_imagenet_calls_the_285th_class_egyptian_cat() -> None:
    path = shipped_labels("imagenet")
    assert path is not None
    names = find_file(path).text.splitlines()
    assert (names[285], names[967], names[282]) == ("Egyptian cat", "espresso", "tiger cat")


def test_a_net_names_its_list_and_the_option_stands_above_it(command: Command, tmp_path: Path, picture: str) -> None:
    named = net(tmp_path, classes=20, labels="labels voc\n")
    assert "  diningtable" in command("run", named, "--image", picture, "--top", "20").out
    found = json.loads(command("run", named, "--image", picture, "--top", "20", "--json").out)
    assert "sheep" in [one["label"] for one in found["outputs"][0]["results"][0]["top"]]
    (tmp_path / "own.txt").write_text("".join(f"kind {n}\n" for n in range(20)))
    assert (
        "  kind 7"
        in command("run", named, "--image", picture, "--top", "20", "--labels", str(tmp_path / "own.txt")).out
    )
    plain = net(tmp_path, classes=20)
    assert "  tvmonitor" in command("run", plain, "--image", picture, "--top", "20", "--labels", "VOC").out


def test_one_output_more_than_the_list_is_the_background(command: Command, tmp_path: Path, picture: str) -> None:
    shown = command("run", net(tmp_path, classes=21), "--image", picture, "--top", "21", "--labels", "voc").out
    assert "class 0  background" in shown
    assert "class 1  aeroplane" in shown


def test_a_list_that_does_not_fit_is_refused(command: Command, tmp_path: Path, picture: str) -> None:
    outcome = command("run", net(tmp_path, classes=5, labels="labels imagenet\n"), "--image", picture)
    assert outcome.status == 2
    assert "imagenet has 1,000 names, but" in outcome.err
    assert "has 5 outputs" in outcome.err


def test_a_net_with_another_number_of_classes_than_its_text_has_no_names(
    command: Command, tmp_path: Path, picture: str
) -> None:
    text = "let classes = 20\n" + NET.format(words="", classes="$classes", labels="labels voc\n")
    (tmp_path / "net.txt").write_text(text)
    outcome = command("run", str(tmp_path / "net.txt"), "--image", picture, "--set", "classes=3")
    assert outcome.status == 0
    assert "class 2" in outcome.out
    assert "aeroplane" not in outcome.out


@pytest.mark.parametrize("notation", ["spec", "json"])
def test_the_names_of_classes_stay_in_every_notation(command: Command, tmp_path: Path, notation: str) -> None:
    text = net(tmp_path, "imagenet bicubic", classes=1000, labels="LABELS ImageNet\n")
    written = command("convert", text, "--to", notation).out
    (tmp_path / "other").write_text(written)
    again = command("convert", str(tmp_path / "other"), "--to", "spec").out
    assert again.splitlines()[:2] == ["labels imagenet", "input 8x8x3 imagenet bicubic"]
