"""Every command that takes MODEL takes a program or a notebook of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Command
from .program_texts import LENET, MNIST, write_programs

DIGIT = Path(__file__).parents[2] / "examples" / "digits" / "7.png"
KEY = """input 28x28x1
conv 32 3x3 relu => 26x26x32 params 320
maxpool 2x2 => 13x13x32
flatten => 5408
dropout 0.5
dense 10 softmax => 10 params 54090
"""


@pytest.fixture(autouse=True)
def _folder(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_programs(tmp_path))
    (tmp_path / "key.txt").write_text(KEY, encoding="utf-8")


def test_the_table_of_a_pytorch_class(command: Command) -> None:
    done = command("summary", "lenet.py:LeNet", "--input", "28x28x1", columns=80)
    assert done.status == 0, done.err
    assert done.out.split("\n")[:18] == [
        "LeNet",
        "lenet.py",
        "",
        "                                  kernel",
        "layer                   output    /stride pad  params              MACs",
        "─" * 79,
        "input 1x28x28           1x28x28                     0                 0",
        "features: Sequential    6x14x14                  (156) ▏       (117,600) █▊",
        "  conv 6 5x5 padding=2  6x28x28   5x5 pad 2       156  ▏        117,600  █▊",
        "  tanh                  6x28x28                     0                 0",
        "  avgpool 2x2           6x14x14   2x2 /2            0                 0",
        "conv2: conv 16 5x5      16x10x10  5x5           2,416  ▎        240,000  ███▌",
        "tanh                    16x10x10                    0                 0",
        "avgpool 2x2             16x5x5    2x2 /2            0                 0",
        "flatten                 400                         0                 0",
        "fc1: dense 120          120                    48,120  ████▋     48,000  ▊",
        "tanh                    120                         0                 0",
        "fc2: dense 84           84                     10,164  █         10,080  ▏",
    ]
    assert "total                   10                     61,706           416,520\n" in done.out


def test_an_entry_may_have_arguments_and_the_order_may_be_turned(command: Command) -> None:
    asked = ("summary", "lenet.py:LeNet(classes=5)", "--input", "28x28x1", "--order", "channels_last", "--depth", "0")
    done = command(*asked, columns=80)
    assert "features: Sequential  14x14x6 " in done.out
    assert "fc3: dense 5          5 " in done.out


@pytest.mark.parametrize("model", ["mnist.ipynb", "mnist.ipynb:model", "mnist.ipynb:model@2", "-"])
def test_a_notebook_shows_cells_and_lines(command: Command, model: str) -> None:
    done = command("summary", model, "--columns", "line,params", stdin=MNIST.encode())
    assert done.status == 0, done.err
    assert [line.split() for line in done.out.split("\n")[7:9]] == [
        ["conv2d:", "conv", "32", "3x3", "relu", "cell", "2:3", "320"],
        ["max_pooling2d:", "maxpool", "2x2", "cell", "2:4", "0"],
    ]


def test_a_program_from_standard_input(command: Command) -> None:
    done = command("summary", "-:LeNet", "--input", "28x28x1", "--json", stdin=LENET.encode())
    found = json.loads(done.out)
    assert (found["source"], found["entry"], found["totals"]["params"]) == ("<stdin>", "LeNet", 61706)
    assert [(one["line"], one["file"]) for one in found["layers"][1:3]] == [(10, "<stdin>"), (11, "<stdin>")]


def test_a_program_in_a_text_file_is_a_program(command: Command, tmp_path: Path) -> None:
    (tmp_path / "net.txt").write_text(LENET, encoding="utf-8")
    assert "61,706" in command("summary", "net.txt", "--input", "28x28x1").out


def test_a_run_confirms_a_program(command: Command) -> None:
    done = command("run", "lenet.py:LeNet", "--input", "28x28x1", "--image", str(DIGIT), "--verify", columns=80)
    assert done.status == 0, done.err + done.out
    confirmed = "13 shapes, 13 parameter counts, 13 MAC counts, 2 pool counts, 12"
    assert confirmed in done.out


def test_a_line_of_the_program_is_explained(command: Command) -> None:
    done = command("explain", "lenet.py", "21", "--input", "28x28x1", columns=80)
    assert done.out.startswith(
        "conv2: conv 16 5x5\n"
        "called      line 21: x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2)\n"
        "made        line 14: self.conv2 = nn.Conv2d(6, 16, 5)\n"
        "arrives     6x14x14\n"
    )
    assert "\navgpool: avgpool 2x2\n" in done.out


@pytest.mark.parametrize("place", ["2:3", "conv2d"])
def test_a_line_of_a_cell_is_explained(command: Command, place: str) -> None:
    done = command("explain", "mnist.ipynb", place, columns=80)
    assert done.out.startswith(
        "conv2d: conv 32 3x3 relu\nmade        line 3 of cell 2: layers.Conv2D(32, 3, activation='relu'),\n"
    )


def test_converted_to_our_language_it_is_the_same_net(command: Command) -> None:
    written = command("convert", "lenet.py:LeNet", "--to", "spec", "--input", "28x28x1")
    assert written.status == 0, written.err
    assert "features.0: conv 6 5x5 padding=2\n" in written.out
    done = command("summary", "-", "--json", stdin=written.out.encode())
    assert json.loads(done.out)["totals"]["params"] == 61706


def test_a_table_of_answers_about_a_notebook(command: Command, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("layer,shape,params\nconv2d,26x26x32,320\ndense,10,54000\n")
    done = command("check", "mnist.ipynb", "--answers", "answers.csv", columns=80)
    assert done.status == 1
    assert "✓  cell 2:3  conv2d: conv 32 3x3 relu  shape   26x26x32\n" in done.out
    assert "✗                                      params  54000\n" in done.out
    found = json.loads(command("check", "mnist.ipynb", "--answers", "answers.csv", "--json").out)["answers"][0]
    assert (found["line"], found["file"], found["cell"]) == (3, "mnist.ipynb", 2)


def test_a_program_is_held_against_the_key_of_a_homework(command: Command) -> None:
    right = command("check", "key.txt", "--answers", "mnist.ipynb", columns=80)
    assert (right.status, "14 right" in right.out) == (0, True)
    wrong = command("check", "key.txt", "--answers", "lenet.py:LeNet", columns=80)
    assert wrong.status == 1
    assert "✗  2  conv1: conv 32 3x3 relu   shape      (28, 28, 6)\n" in wrong.out


def test_a_layer_of_a_program_that_the_key_lacks_is_said_and_no_advice_to_rename_it(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "short.txt").write_text("input 28x28x1\nconv 32 3x3 relu\n")
    done = command("check", "short.txt", "--answers", "mnist.ipynb", columns=80)
    assert done.status == 1
    assert "warning[no-such-line]: the key has no layer for `dense` of the program" in done.err
    assert "did you mean" not in done.err


def test_a_program_without_a_table_has_no_answers(command: Command) -> None:
    done = command("check", "mnist.ipynb", columns=80)
    assert (done.status, "give them as a table: --answers table.csv" in done.err) == (2, True)


@pytest.mark.parametrize(("name", "code"), [("lenet.py", "pasted-python"), ("mnist.ipynb", "pasted-notebook")])
def test_fmt_says_how_a_program_becomes_a_text(command: Command, name: str, code: str) -> None:
    done = command("fmt", name)
    assert done.status == 2
    assert f"error[{code}]: " in done.err
    assert f"`cnncalc convert {name} --to spec` reads it" in done.err


def test_fmt_takes_files_alone(command: Command) -> None:
    assert "give the file alone: lenet.py" in command("fmt", "lenet.py:LeNet").err


def test_a_program_is_not_overwritten_by_its_own_conversion(command: Command) -> None:
    asked = ("convert", "lenet.py:LeNet", "--to", "spec", "--input", "28x28x1", "-o", "lenet.py", "--force")
    assert command(*asked).status == 2
    assert Path("lenet.py").read_text() == LENET


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("lenet.py",), "give --input 28x28x1"),
        (("lenet.py:LeNet5",), "did you mean `LeNet`?"),
        (("lenet.py:LeNet", "--input", "28x28x3"), "lenet.py:20:13"),
        (("lenet.py:LeNet", "--input", "28x28x1", "--set", "size=3"), "lenet.py has no name `size`"),
        (("lenett.py:LeNet",), "did you mean lenet.py?"),
    ],
)
def test_what_is_wrong_has_its_place_and_a_way_out(command: Command, asked: tuple[str, ...], said: str) -> None:
    done = command("summary", *asked)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
