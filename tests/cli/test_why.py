"""`run --why`: the place that an answer depends on, in words, in a picture and as JSON; what cannot be is refused."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from PIL import Image

from .conftest import Command

CORNER = "input 12x12x1\nflatten\ndense 2 nobias\n"
"""With the weights below class 1 is the brightness of the pixel in the third row and the tenth column."""

ROW, COLUMN = 2, 9


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with that net, its weights, and a picture that is white in the left half and in that pixel alone."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.txt").write_text(CORNER, encoding="utf-8")
    weight = np.zeros((2, 144), np.float32)
    weight[1, ROW * 12 + COLUMN] = 1
    np.savez(tmp_path / "w.npz", **{"dense1.weight": weight})
    pixels = np.zeros((12, 12), np.uint8)
    pixels[:, :6] = 255
    pixels[ROW, COLUMN] = 255
    Image.fromarray(pixels).save(tmp_path / "p.png")
    return tmp_path


WORDS = ("run", "net.txt", "--weights", "w.npz", "--image", "p.png", "--why")


def json_of(command: Command, *words: str) -> Any:
    found = json.loads(command(*WORDS, "why.png", *words, "--json").out)
    schema = json.loads(files("cnncalc.report").joinpath("summary.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return found["why"]


def test_the_foot_says_where_the_score_falls_most_and_from_what_to_what(command: Command, net: Path) -> None:
    """The mean of 73 white pixels of 144 is 129.27 of 255: where the patch lies the score is 129 / 255."""
    lines = command(*WORDS, "why.png", columns=200).out.split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("Why"))
    assert [line.removeprefix("Why").strip() for line in lines[first : first + 3]] == [
        "class 1 of p.png: 121 runs, each with a patch of 2x2 pixels of grey 129 at another place",
        (
            "the score falls most, from 1 to 0.5059, with the patch on rows 2 to 3, columns 9 to 10 of 12x12 (the "
            "first of 4 equal places)"
        ),
        "drawn in why.png",
    ]


def test_the_picture_has_the_heat_and_the_frame_where_the_patch_was(command: Command, net: Path) -> None:
    """12 pixels are enlarged 37 times.  Red (178, 0, 32) lies at 85 % on the white pixel that the net reads, and at a
    quarter of that on the black one beside it, which one of its four patches hides together with it (black is 150
    here); the frame of 2x2 pixels begins at that one.
    """
    command(*WORDS, "why.png")
    with Image.open(net / "why.png") as picture:
        sheet = np.asarray(picture.convert("RGB"))
    heat = sheet[55 : 55 + 12 * 37, 480 : 480 + 12 * 37]
    middles = heat[18::37, 18::37].tolist()
    assert middles[ROW][COLUMN] == [190, 38, 65]
    assert middles[1][8] == [156, 118, 125]
    assert middles[0][8] == [150, 150, 150]
    assert middles[0][0] == [255, 255, 255]
    assert sum(pixel != [grey] * 3 for row in middles for pixel in row for grey in pixel[:1]) == 9
    assert heat[37, 8 * 37 : 8 * 37 + 12].tolist() == [[0, 0, 0]] * 6 + [[255, 255, 255]] * 6
    assert heat[3 * 37 - 1, 8 * 37].tolist() in ([0, 0, 0], [255, 255, 255])


def test_json_has_every_score_and_what_is_needed_to_check_one(command: Command, net: Path) -> None:
    found = json_of(command)
    assert (found["class"], found["score"], found["before"], found["size"]) == (1, "score", 1, [12, 12])
    assert found["patch"] == {
        "height": 2,
        "width": 2,
        "values": [pytest.approx(129 / 255)],
        "pixel": [129],
    }
    assert found["rows"] == found["columns"] == list(range(1, 12))
    lower = {(row, column) for row in (2, 3) for column in (9, 10)}
    for row, scores in zip(found["rows"], found["scores"], strict=True):
        for column, score in zip(found["columns"], scores, strict=True):
            assert score == pytest.approx(129 / 255 if (row, column) in lower else 1)
    assert found["random_weights"] is False


def test_a_score_is_that_of_the_picture_with_the_patch_painted_in(command: Command, net: Path) -> None:
    """The second row of places begins at row 2, the ninth column at column 9."""
    score = json_of(command)["scores"][1][8]
    with Image.open(net / "p.png") as picture:
        picture.paste(129, (8, 1, 10, 3))
        picture.save(net / "painted.png")
    painted = json.loads(command(*WORDS[:4], "--image", "painted.png", "--why", "x.png", "--json").out)
    assert painted["why"]["before"] == score == pytest.approx(129 / 255)


def test_a_class_without_any_weight_has_no_place_and_a_picture_without_red(command: Command, net: Path) -> None:
    outcome = command(*WORDS, "why.png", "--why-class", "0", columns=200)
    assert "no place matters: wherever the patch is, the score does not fall below 0\n" in outcome.out
    with Image.open(net / "why.png") as picture:
        sheet = np.asarray(picture.convert("RGB")).astype(int)
    assert int((sheet[..., 0] - sheet[..., 1]).max()) < 1


def test_a_class_is_named_by_one_of_its_names_in_any_letters(command: Command, net: Path) -> None:
    (net / "names.txt").write_text("crane, bird\ntabby, tabby cat\n", encoding="utf-8")
    outcome = command(*WORDS, "why.png", "--why-class", "Tabby Cat", "--labels", "names.txt")
    assert "class 1 (tabby, tabby cat) of p.png" in outcome.out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2", "there is no class 2: the network has 2 outputs"),
        ("9" * 5000, f"there is no class {'9' * 20}"),
        ("tabbi", "did you mean `tabby`?"),
        ("cat", "`cat` is the name of classes 0, 1"),
        ("-1", "no class is called `-1`"),
    ],
)
def test_a_class_that_is_none_is_refused(command: Command, net: Path, asked: str, said: str) -> None:
    (net / "names.txt").write_text("cat, crane\ntabby, cat\n" if asked == "cat" else "dog\ntabby\n", encoding="utf-8")
    outcome = command(*WORDS, "why.png", f"--why-class={asked}", "--labels", "names.txt", columns=400)
    assert outcome.status == 2
    assert "[no-such-class]" in outcome.err
    assert said in outcome.err
    assert outcome.out == ""
    assert not (net / "why.png").exists()


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("input 8x8x1\nconv 2 3x3\n", "gives 6x6x2, which is no vector with a number for each class", "dense 10"),
        ("input 64\ndense 2\n", "the input of net.txt is a flat vector (64)", "input 28x28x1"),
        ("input 64 channels 1\nconv 2 3\nflatten\ndense 2\n", "is a signal (64x1)", "input 28x28x1"),
        ("a: input 8x8x1\nb: input 8x8x1\nadd a b\nflatten\ndense 2\n", "net.txt has 2 inputs: a, b", "one input"),
    ],
)
def test_a_net_without_such_a_map_is_refused_before_anything_is_read(
    command: Command, net: Path, text: str, words: str, said: str
) -> None:
    (net / "net.txt").write_text(text, encoding="utf-8")
    outcome = command("run", "net.txt", "--image", "nowhere.png", "--why", "why.png", columns=400)
    assert outcome.status == 2
    assert "[no-occlusion-map]" in outcome.err
    assert words in outcome.err
    assert said in outcome.err


def test_numbers_are_drawn_as_greys_and_hidden_with_their_mean(command: Command, net: Path) -> None:
    numbers = np.zeros((12, 12), np.float32)
    numbers[ROW, COLUMN] = 288
    np.save(net / "n.npy", numbers)
    outcome = command(*WORDS[:4], "--input-array", "n.npy", "--why", "why.png", columns=200)
    assert "class 1: 121 runs, each with a patch of 2x2 pixels of the number 2 at another place" in outcome.out
    assert "from 288 to 2, with the patch on rows 2 to 3, columns 9 to 10 of 12x12" in outcome.out


def test_of_several_pictures_the_first_is_meant_and_that_is_said(command: Command, net: Path) -> None:
    Image.new("L", (12, 12)).save(net / "black.png")
    outcome = command(*WORDS, "why.png", "--image", "black.png", columns=200)
    assert "class 1 of p.png, the first of 2 images; give another one alone: 121 runs" in outcome.out


def test_random_weights_mean_nothing_in_the_words_and_in_the_picture(command: Command, net: Path) -> None:
    outcome = command("run", "net.txt", "--image", "p.png", "--why", "why.png", columns=200)
    assert "(the weights are random, so these places mean nothing)" in outcome.out
    assert json.loads(command("run", "net.txt", "--image", "p.png", "--why", "why.png", "--force", "--json").out)[
        "why"
    ]["random_weights"]


def test_scores_that_are_not_finite_make_no_picture_and_valid_json(command: Command, net: Path) -> None:
    weight = np.zeros((2, 144), np.float32)
    weight[1, 0] = np.inf
    np.savez(net / "w.npz", **{"dense1.weight": weight})
    assert "no map of p.png: a score is not finite" in command(*WORDS, "why.png", columns=200).out
    assert not (net / "why.png").exists()
    found = json_of(command)
    assert (found["file"], found["before"]) == (None, None)


def test_a_file_that_is_there_is_kept_without_force(command: Command, net: Path) -> None:
    (net / "why.png").write_text("mine", encoding="utf-8")
    outcome = command(*WORDS, "why.png")
    assert outcome.status == 2
    assert "--force to replace it" in outcome.err
    assert (net / "why.png").read_text(encoding="utf-8") == "mine"
    assert command(*WORDS, "why.png", "--force").status == 0


@pytest.mark.parametrize(("name", "code"), [("why.svg", "draw-no-picture"), ("p.png", "output-is-input")])
def test_a_name_that_cannot_be_written_is_refused(command: Command, net: Path, name: str, code: str) -> None:
    outcome = command(*WORDS, name, "--force")
    assert outcome.status == 2
    assert f"[{code}]" in outcome.err


@pytest.mark.parametrize("words", [("--maps", "one.png"), ("--save", "./one.png"), ("--save-weights", "one.png")])
def test_two_outputs_at_one_place_are_refused_before_the_run(
    command: Command, net: Path, words: tuple[str, str]
) -> None:
    outcome = command(*WORDS, "one.png", *words, columns=200)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("error[outputs-share-place]: ")
    assert "would both write" in outcome.err
    assert not (net / "one.png").exists()


def test_a_run_that_is_broken_off_leaves_no_picture(
    command: Command, net: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(what: str, done: int, _total: int) -> None:
        if what == "hiding places" and done:
            raise KeyboardInterrupt

    monkeypatch.setattr("cnncalc.runtime.occlusion.say_done", broken)
    before = sorted(path.name for path in net.iterdir())
    assert command(*WORDS, "why.png").status == 130
    assert sorted(path.name for path in net.iterdir()) == before


def test_a_strangers_names_are_bounded_and_steer_nothing(command: Command, net: Path) -> None:
    (net / "names.txt").write_text("a\n\x1b[31m\u202e" + "x" * 100_000 + "\n", encoding="utf-8")
    outcome = command(*WORDS, "why.png", "--labels", "names.txt", "--top", "1")
    why = outcome.out[outcome.out.index("\nWhy") :]
    assert "\x1b" not in outcome.out
    assert len(why) < 1000
    with Image.open(net / "why.png") as picture:
        assert max(picture.size) < 1000


@pytest.mark.parametrize(("content", "said"), [("", "names.txt is empty"), ("p.png", "not a list of names")])
def test_labels_that_are_none_are_refused_in_words_about_labels(
    command: Command, net: Path, content: str, said: str
) -> None:
    (net / "names.txt").write_bytes((net / content).read_bytes() if content else b"")
    outcome = command(*WORDS, "why.png", "--labels", "names.txt", columns=200)
    assert outcome.status == 2
    assert said in outcome.err
    assert "help: the labels are a text with the name of a class on each line" in outcome.err
    assert "network" not in outcome.err
