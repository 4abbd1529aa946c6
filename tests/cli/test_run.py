"""`run` confirms what is right, refuses what it cannot run, and says so when something differs."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

import cnncalc

from .conftest import Command
from .pictures import gray_ramp

SCHEMA = json.loads(files("cnncalc.report").joinpath("summary.schema.json").read_text(encoding="utf-8"))


def test_a_net_whose_input_stands_in_its_text_runs_without_a_picture(command: Command) -> None:
    outcome = command("run", "by_hand.txt")
    lines = outcome.out.split("\n")
    assert outcome.status == 0
    assert [line.split() for line in lines if line.startswith("Output conv1")] == [["Output", "conv1", "3", "3", "-2"]]
    assert lines[-2] == "CONFIRMED     3 shapes, 3 parameter counts: every one as predicted"


def test_verify_counts_and_proves(command: Command, tmp_path: Path) -> None:
    outcome = command("run", "small.txt", "--image", str(gray_ramp(tmp_path / "ramp.png")), "--verify")
    row = next(line for line in outcome.out.split("\n") if line.startswith("c1: conv"))
    assert row.split("  ")[0] == "c1: conv 8 5x5 stride=2 same bn relu"
    assert row.split()[8:13] == ["14x14x8", "14x14x8", "224", "39,200", "5x5"]
    assert row.endswith("✓")
    used = r"\nRun +one image in float32, \S+ m?s; weights, maps and workspace took up to \S+ MB"
    assert re.search(used, outcome.out)
    assert "5 MAC counts, 1 pool count, 4 receptive fields: every one as predicted\n" in outcome.out
    assert outcome.status == 0


def test_a_wrong_prediction_fails_the_confirmation(command: Command, tmp_path: Path) -> None:
    """The claimed values are wrong, which the kernels find out by themselves."""
    text = Path("by_hand.txt").read_text().replace("[3 3 -2;", "[3 3 -1;")
    outcome = command("run", "-", stdin=text.encode())
    assert outcome.status == 1
    assert "NOT CONFIRMED" in outcome.out
    assert "✗" in outcome.out


def test_a_kernel_that_makes_another_shape_fails_the_confirmation(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnncalc.kernels import KERNELS
    from cnncalc.runtime import execution

    def cut(*arguments: object) -> np.ndarray:
        return np.ascontiguousarray(KERNELS["dwconv"](*arguments)[..., :2])

    monkeypatch.setattr(execution, "KERNELS", {**KERNELS, "dwconv": cut})
    outcome = command("run", "by_hand.txt")
    assert outcome.status == 1
    assert "shape: predicted 3x3x1, measured 3x2x1" in outcome.out


def test_the_json_of_a_run_keeps_to_the_schema(command: Command, tmp_path: Path) -> None:
    picture = str(gray_ramp(tmp_path / "ramp.png"))
    outcome = command("run", "small.txt", "--image", picture, "--verify", "--json")
    found = json.loads(outcome.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert found["confirmed"] is True
    assert found["memory"]["dtype"] == found["run"]["dtype"] == "float32"
    measured = found["layers"][1]["measured"]
    assert {key: measured[key] for key in ("output", "params", "macs")} == {
        "output": [14, 14, 8],
        "params": 224,
        "macs": 39200,
    }
    assert len(found["outputs"][0]["results"][0]["top"]) == 5


def test_several_pictures_follow_one_option(command: Command, tmp_path: Path) -> None:
    one, two = gray_ramp(tmp_path / "one.png"), gray_ramp(tmp_path / "two.png", 20)
    outcome = command("run", "small.txt", "--image", str(one), str(two), "--top", "1")
    assert [line.split()[0] for line in outcome.out.split("\n") if " %  class " in line] == ["one.png", "two.png"]


def test_labels_name_the_classes(command: Command, tmp_path: Path) -> None:
    (tmp_path / "digits.txt").write_text("".join(f"digit {n}\n" for n in range(10)))
    picture = str(gray_ramp(tmp_path / "ramp.png"))
    outcome = command("run", "small.txt", "--image", picture, "--labels", str(tmp_path / "digits.txt"))
    assert "  digit " in outcome.out
    (tmp_path / "digits.txt").write_text("one\ntwo\n")
    outcome = command("run", "small.txt", "--image", picture, "--labels", str(tmp_path / "digits.txt"))
    assert outcome.status == 2
    assert "digits.txt has 2 names, but small.txt has 10 outputs" in outcome.err


def test_outputs_are_saved_and_read_again_as_weights_are(command: Command, tmp_path: Path) -> None:
    picture, saved = str(gray_ramp(tmp_path / "ramp.png")), tmp_path / "out.npz"
    assert command("run", "small.txt", "--image", picture, "--save", str(saved)).status == 0
    with np.load(saved) as arrays:
        assert [array.shape for array in arrays.values()] == [(1, 10)]


CONVOLUTIONS = {
    "net.txt": ("input 28x28x1\nconv 2 3x3 pad=same\n", (28, 28, 1), (1, 28, 28, 2)),
    "net.py": (
        (
            "import torch\nfrom torch import nn\n\nnet = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1))\n"
            "net(torch.zeros(1, 1, 64, 96))\n"
        ),
        (1, 64, 96),
        (1, 2, 64, 96),
    ),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_saved_outputs_are_those_of_a_run_in_python_and_are_read_as_inputs(
    command: Command, tmp_path: Path, name: str
) -> None:
    """Keras puts the channels last, PyTorch first; both have a batch axis in front."""
    text, size, made = CONVOLUTIONS[name]
    (tmp_path / name).write_text(text)
    net, image, saved = tmp_path / name, np.random.default_rng(1).random(size, np.float32), tmp_path / "out.npz"
    np.save(tmp_path / "x.npy", image)
    assert command("run", str(net), "--input-array", str(tmp_path / "x.npy"), "--save", str(saved)).status == 0
    with np.load(saved) as arrays:
        (values,) = arrays.values()
    assert values.shape == made
    np.testing.assert_allclose(values, cnncalc.load(net).run(image), rtol=1e-6, atol=1e-6)
    order = "order channels_first\n" if name == "net.py" else ""
    (tmp_path / "next.txt").write_text(f"{order}input {'x'.join(map(str, made[1:]))}\nrelu\n")
    assert command("run", str(tmp_path / "next.txt"), "--input-array", str(saved)).status == 0


def test_an_array_stands_in_for_a_picture(command: Command, tmp_path: Path) -> None:
    ramp = gray_ramp(tmp_path / "ramp.png")
    with Image.open(ramp) as picture:
        np.save(tmp_path / "ramp.npy", np.asarray(picture, np.float32)[..., None] / 255)
    array, picture_run = (
        command("run", "small.txt", option, str(path))
        for option, path in (("--input-array", tmp_path / "ramp.npy"), ("--image", ramp))
    )
    assert array.status == picture_run.status == 0
    assert re.findall(r"[0-9.]+ %  class \d", array.out) == re.findall(r"[0-9.]+ %  class \d", picture_run.out)


def test_the_same_seed_gives_the_same_result(command: Command, tmp_path: Path) -> None:
    picture = str(gray_ramp(tmp_path / "ramp.png"))
    runs = [command("run", "small.txt", "--image", picture, "--seed", seed).out for seed in ("1", "1", "2")]
    classes = [[line for line in run.split("\n") if " %  class " in line] for run in runs]
    assert classes[0] == classes[1] != classes[2]


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        (
            ["small.txt"],
            "error[input-missing]: small.txt needs a picture of 28x28x1 to run on",
            " = help: cnncalc run small.txt --image PICTURE",
        ),
        (
            ["by_hand.txt", "--image", "x.png"],
            "error[input-not-needed]: the input of by_hand.txt is in its text",
            " = help: leave --image and --input-array out, or write a size on the input line: `input 28x28x1`",
        ),
        (
            ["small.txt", "--image", "nets.png", "--mean", "half"],
            "error[wrong-number]: --mean half is not a number",
            " = help: write --mean 0.5 or --mean 0.5,0.4,0.3",
        ),
        (
            ["small.txt", "--image", "x.png", "--input-array", "x.npy"],
            "error[input-given-twice]: both a picture and an array are given",
            " = help: leave --image or --input-array out",
        ),
        (
            ["small.txt", "--image", "x.png", "--labels", "nosuch"],
            "error[no-such-file]: there is no file called `nosuch`",
            " = help: check the spelling and the folder",
        ),
    ],
)
def test_what_cannot_be_run_is_refused(command: Command, arguments: list[str], message: str, help: str) -> None:
    outcome = command("run", *arguments)
    assert outcome.err == f"{message}\n{help}\n"
    assert (outcome.status, outcome.out) == (2, "")


def test_a_picture_that_is_none(command: Command, tmp_path: Path) -> None:
    (tmp_path / "fake.png").write_text("no picture")
    outcome = command("run", "small.txt", "--image", str(tmp_path / "fake.png"))
    assert outcome.status == 2
    assert outcome.err.startswith("error[")
    assert "fake.png" in outcome.err


def test_nothing_moves_on_standard_error_without_a_terminal(command: Command) -> None:
    assert command("run", "by_hand.txt").err == ""


def _of_numbers(command: Command, tmp_path: Path, last: str, *more: str) -> list[str]:
    np.save(tmp_path / "x.npy", np.linspace(-1, 1, 20, dtype=np.float32))
    text = f"input 20\ndense 3\n{last}\n".encode()
    outcome = command("run", "-", "--input-array", str(tmp_path / "x.npy"), *more, stdin=text)
    assert outcome.status == 0
    return outcome.out[outcome.out.index("x.npy  ") :].split("\n")


def test_the_numbers_of_a_detection_head_are_no_classes(command: Command, tmp_path: Path) -> None:
    """YOLO's 1,715 flat numbers are boxes and scores."""
    lines = _of_numbers(command, tmp_path, "dense 1715")
    assert lines[0].startswith("x.npy      1,715 numbers from -")
    assert lines[1].lstrip().startswith("highest: ")
    assert lines[1].count("(number ") == 5
    assert lines[2].strip() == "(the weights are random, so these numbers mean nothing)"


def test_few_numbers_that_nothing_calls_classes_are_written_out(command: Command, tmp_path: Path) -> None:
    assert len(_of_numbers(command, tmp_path, "dense 2")[0].split()) == 3


def test_a_softmax_or_a_name_for_each_makes_classes(command: Command, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("cat\ndog\n")
    assert "class 1" in _of_numbers(command, tmp_path, "dense 2 softmax")[1]
    assert "  cat" in "".join(_of_numbers(command, tmp_path, "dense 2", "--labels", str(tmp_path / "names.txt"))[:2])


def test_one_of_a_kind_has_no_plural(command: Command, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((4, 4, 4), dtype=np.float32))
    arguments = ("run", "-", "--input-array", str(tmp_path / "x.npy"), "--verify")
    outcome = command(*arguments, stdin=b"input 4x4x4\nconv 1 1x1\n")
    assert "2 MAC counts, 1 receptive field: every one as predicted" in outcome.out


def test_upper_bounds_are_marked_as_such(command: Command, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((4, 4, 4), dtype=np.float32))
    text = b"input 4x4x4\nspacetodepth 2\ndepthtospace 2\n"
    outcome = command("run", "-", "--input-array", str(tmp_path / "x.npy"), "--verify", stdin=text)
    assert "≤2x2" in outcome.out
    assert "2 receptive fields (1 of them at most this large): every one as predicted" in outcome.out
    assert "at most 2x2 pixels of 4x4 at the end" in command("summary", "-", stdin=text).out
    found = json.loads(command("summary", "-", "--json", stdin=text).out)
    assert [layer["receptive_field"].get("at_most") for layer in found["layers"]] == [None, None, True]
    jsonschema.Draft202012Validator(SCHEMA).validate(found)


def test_a_field_says_which_of_several_inputs_it_is_about(command: Command) -> None:
    text = b"a: input 8x8x1\nb: input 6x6x1\nconv 2 3x3 from a\nconcat b\n"
    assert "3x3 pixels of 8x8 (of the first input, a) at the end" in command("summary", "-", stdin=text).out
    assert "3 positions of 9 at the end" in command("summary", "-", stdin=b"input 9 channels 1\nconv 1 3\n").out


def test_warnings_stand_in_the_order_of_the_text(command: Command) -> None:
    text = b"block b w\nconv $w 3x3 stride=4\nend\ninput 56x56x4\nmaxpool 3x3 stride=1\nb 8\n"
    lines = [line for line in command("summary", "-", stdin=text).out.split("\n") if line.startswith("Warning")]
    assert [line.split()[2] for line in lines] == ["2:", "5:"]


def test_a_run_shows_block_calls_and_branches_as_a_summary_does(command: Command, tmp_path: Path) -> None:
    text = (
        b"block unit w\nsplit\nbranch\nconv $w 3x3 same\nbranch\nconv $w 1x1\njoin add relu\nend\n"
        b"input 8x8x3\nunit 4 times 2\ngap\n"
    )
    np.save(tmp_path / "x.npy", np.zeros((8, 8, 3), dtype=np.float32))
    outcome = command("run", "-", "--input-array", str(tmp_path / "x.npy"), stdin=text)
    lines = outcome.out.split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith("\u2500")) + 1
    shown = [re.split(r"(?<=\S)  ", line)[0] for line in lines[first : first + 9]]
    assert shown == [
        "input 8x8x3",
        "unit 4 times 2",
        *("  \u251c conv 4 3x3 same", "  \u251c conv 4 1x1", "  add relu") * 2,
        "gap",
    ]


def test_a_plan_is_printed_without_a_picture_and_without_running(command: Command) -> None:
    outcome = command("run", "small.txt", "--plan")
    assert outcome.status == 0
    first, _, head, _, row, *_, last = outcome.out.splitlines()
    assert first.startswith("Plan for 1 image in float32, vectors of ")
    assert head.split() == ["#", "nodes", "kernel", "shape", "reads", "writes", "slot"]
    assert "c1 + bn + relu" in row
    assert re.fullmatch(r"Memory  \d slots of [\d,]+ bytes, packed weights [\d,]+ bytes, workspace [\d,]+ bytes", last)


def test_the_plan_of_a_net_checked_by_hand_names_its_plain_loops(command: Command) -> None:
    outcome = command("run", "by_hand.txt", "--plan")
    assert outcome.out.startswith("Plan for 1 image in float64\n\n#  node   kernel  algorithm  reads")


def test_a_run_says_that_it_takes_no_noise(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "noisy.py"
    path.write_text(
        "import torch\nfrom torch import nn\n\n\nclass Noisy(nn.Module):\n    def forward(self, x):\n"
        "        return x + torch.randn_like(x)\n\n\nnet = Noisy()\nnet(torch.zeros(1, 3))\n"
    )
    np.save(tmp_path / "x.npy", np.array([1.0, 2.0, 3.0]))
    outcome = command("run", str(path), "--input-array", str(tmp_path / "x.npy"))
    assert (outcome.status, outcome.err.split(":")[0]) == (0, "warning[noise-left-out]")
    assert "1  2  3" in " ".join(outcome.out.split()).replace(" ", "  ")
