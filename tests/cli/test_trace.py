"""`trace` works one number out as on the slides, and a run computes the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.kernels import Kernel
from cnncalc.runtime import execution
from cnncalc.runtime.planning import Step

from .conftest import Command

SLIDES = Path(__file__).parents[2] / "examples" / "slides"


TEXTS = {
    "deck000.txt 13[1,1]": """conv filter=sharpen padding=1 from image_in   line 13
row 1, column 1 of 5x5x1, worked out:
    window         kernel
    (0) (0) (0)     0 -1  0
    (0) 105 102    -1  5 -1
    (0) 103  99     0 -1  0
  ( ) marks the padding, which holds zeros
  0*0 + 0*(-1) + 0*0 + 0*(-1) + 105*5 + 102*(-1) + 0*0 + 103*(-1) + 99*0 = 320
Receptive field: rows 1 to 2 of 5 and columns 1 to 2 of 5, and padding: 1 row
before the first, 1 column before the first.
A run computes 320 here too: confirmed.
""",
    "deck001.txt 14[2,1]": """conv filter=sharpen padding=1 stride=2 from p   line 14
row 2, column 1 of 3x3x1, worked out:
    window     kernel
    (0) 0 1     0 -1  0
    (0) 1 0    -1  5 -1
    (0) 0 1     0 -1  0
  ( ) marks the padding, which holds zeros
  0*0 + 0*(-1) + 1*0 + 0*(-1) + 1*5 + 0*(-1) + 0*0 + 0*(-1) + 1*0 = 5
Receptive field: rows 2 to 4 of 5 and columns 1 to 2 of 5, and padding: 1 column
before the first.
A run computes 5 here too: confirmed.
""",
    "deck004.txt conv1[3]": """conv filter=h full flip   line 8
column 3 of 5x1, worked out:
    window     kernel, flipped
    -2 0 -3    1/3 1/3 1/3
  (-2)*(1/3) + 0*(1/3) + (-3)*(1/3) = -5/3
Receptive field: all 3 columns.
A run computes -1.666666667 here too: confirmed.
""",
}


@pytest.mark.parametrize("place", TEXTS)
def test_a_number_of_a_slide_as_it_is_printed(command: Command, place: str) -> None:
    """Deck 000's 320, the stride example of deck 001 (its second row begins with 5), the signal of deck 004."""
    deck, at = place.split()
    outcome = command("trace", str(SLIDES / deck), "--at", at, "--width", "80")
    assert (outcome.status, outcome.out, outcome.err) == (0, TEXTS[place], "")


@pytest.mark.parametrize("at", ["14[2,1]", "conv3[2,1]", " 14 [ 2 , 1 ] ", "14[2,1,1]", "14[2,1"])
def test_a_line_is_named_by_its_number_or_its_name(command: Command, at: str) -> None:
    assert (
        command("trace", str(SLIDES / "deck001.txt"), "--at", at, "--width", "80").out == TEXTS["deck001.txt 14[2,1]"]
    )


def test_an_input_has_nothing_to_work_out(command: Command) -> None:
    outcome = command("trace", str(SLIDES / "deck004.txt"), "--at", "pixel[1,1]")
    assert (outcome.status, "it is an input" in outcome.err) == (2, True)


@pytest.mark.parametrize(
    ("line", "said"), [("learned 2x2x1", "an array of learned numbers"), ("constant 2x2x1 0.5", "a constant")]
)
def test_numbers_that_read_nothing_are_not_called_an_input(
    command: Command, tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / "net.txt").write_text(f"i: input 2x2x1\np: {line}\nmul i p\n", encoding="utf-8")
    outcome = command("trace", str(tmp_path / "net.txt"), "--at", "p[1,1]")
    assert f"nothing is worked out at p: it is {said} = help" in " ".join(outcome.err.split())


def test_a_wrong_kernel_is_reported(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that adds 1 to everything: 321 in place of the slide's 320; a named filter slides over each channel."""
    known = execution.kernel_of

    def kernel_of(step: Step) -> Kernel:
        kernel = known(step)
        return (lambda *given: kernel(*given) + 1) if step.kernel == "dwconv" else kernel

    monkeypatch.setattr(execution, "kernel_of", kernel_of)
    outcome = command("trace", str(SLIDES / "deck000.txt"), "--at", "13[1,1]")
    assert outcome.status == 1
    assert outcome.out.endswith("conv: worked out is 320, but a run computes 321.\n")
    assert "confirmed" not in outcome.out


NEARLY_ONE = 1000 + 1e-4 * np.random.default_rng(0).normal(size=(6, 6, 2)).astype(np.float32)
CENTRED = np.random.default_rng(0).normal(size=(4, 4, 1))


@pytest.mark.parametrize(
    ("net", "numbers"),
    [
        ("input 4x4x1\nc: gap\n", CENTRED - CENTRED.mean()),  # 7e-9 of numbers of about 1; the kernel says 0
        ("input 4x4x1\nc: avgpool 4x4\n", CENTRED - CENTRED.mean()),
        ("input 4x4x1\nc: conv 1 4x4 nobias\n", CENTRED),
        ("input 6x6x2\nc: instancenorm\n", NEARLY_ONE),
        ("input 6x6x2\ninstancenorm\nc: gap\n", NEARLY_ONE),
        ("input 6x6x2\nc: ln\n", NEARLY_ONE),
        ("input 1000\nc: softmax\n", np.arange(1000.0) - 900),  # e^-999 is 0 in float32
    ],
)
def test_what_rounding_leaves_where_numbers_cancel_is_confirmed(
    command: Command, tmp_path: Path, net: str, numbers: np.ndarray
) -> None:
    given = net_of(tmp_path, net, numbers.shape, c_weight=np.ones((1, 1, 4, 4), np.float32))
    np.save(tmp_path / "x.npy", numbers.astype(np.float32))
    command_line = given if "conv" in net else given[:3]
    outcome = command("trace", *command_line, "--at", "c")
    assert outcome.out.endswith(" here too: confirmed.\n")
    assert outcome.status == 0


def test_of_stated_numbers_that_cancel_what_float64_leaves_is_confirmed(command: Command, tmp_path: Path) -> None:
    """0.1 + 0.2 - 0.3: 0 as fractions, 5.6e-17 in float64; also behind the sum, where nothing is larger."""
    net = tmp_path / "net.txt"
    net.write_text("data x = [0.1 0.2 0.3]\ninput from x\nconv filter=[1 1 -1]\nr: relu\n", encoding="utf-8")
    traced = command("trace", str(net), "--at", "r")
    assert traced.out.endswith("A run computes 5.551115123e-17 here too: confirmed.\n")
    assert command("run", str(net)).status == 0


@pytest.mark.parametrize(
    ("net", "kernel", "at"),
    [
        ("c: conv 4 3x3", "conv", "c[2,2,4]"),
        ("c: instancenorm", "gn", "c[2,2,1]"),
        ("c: gap", "global_avgpool", "c"),
        ("c: ln", "ln", "c[2,2,1]"),
        ("flatten\nc: dense 5", "dense", "c[2]"),
        ("flatten\nc: softmax", "softmax", "c"),
    ],
)
def test_a_kernel_that_is_a_thousandth_off_is_not_confirmed(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, net: str, kernel: str, at: str
) -> None:
    """Rounding is some millionth of what is added; a mistake is more."""
    known = execution.kernel_of

    def kernel_of(step: Step) -> Kernel:
        right = known(step)
        return (lambda *given: right(*given) * np.float32(1.001)) if step.kernel == kernel else right

    monkeypatch.setattr(execution, "kernel_of", kernel_of)
    outcome = command("trace", *net_of(tmp_path, f"input 6x6x2\n{net}\n", (6, 6, 2))[:3], "--at", at)
    assert outcome.status == 1
    assert "but a run computes" in outcome.out


def net_of(folder: Path, text: str, shape: tuple[int, ...], **weights: np.ndarray) -> list[str]:
    """The arguments for a net, an input of random numbers, and weights."""
    (folder / "net.txt").write_text(text, encoding="utf-8")
    np.save(folder / "x.npy", np.random.default_rng(1).random(shape, np.float32))
    np.savez(folder / "w.npz", **{name.replace("_", "."): array for name, array in weights.items()})
    return [str(folder / "net.txt"), "--input-array", str(folder / "x.npy"), "--weights", str(folder / "w.npz")]


def test_a_number_of_a_volume_is_numpys_own_sum(command: Command, tmp_path: Path) -> None:
    kernel = np.random.default_rng(2).random((2, 2, 2, 3, 3), np.float32)
    given = net_of(tmp_path, "input 3x4x5x2\nc: conv 2 2x3x3 nobias\n", (3, 4, 5, 2), c_weight=kernel)
    outcome = command("trace", *given, "--at", "c[2,1,3,2]", "--json")
    found = json.loads(outcome.out)
    window = np.load(tmp_path / "x.npy")[1:3, 0:3, 2:5].astype(np.float64)
    assert found["result"] == pytest.approx(float((window * kernel[1].transpose(1, 2, 3, 0)).sum()), rel=1e-5)
    assert found["cell"] == {"channel": 2, "slice": 2, "row": 1, "column": 3}
    assert [axis["axis"] for axis in found["sees"]] == ["slice", "row", "column"]
    assert "channel 2, slice 2:" in command("trace", *given, "--at", "c[2,1,3,2]").out


def test_of_many_channels_the_three_that_weigh_most_are_shown_and_all_parts_add_up(
    command: Command, tmp_path: Path
) -> None:
    """Weights n in channel n of seven: channels 5, 6 and 7 weigh most on an even picture."""
    kernel = np.broadcast_to(np.arange(1, 8, dtype=np.float32).reshape(1, 7, 1, 1), (1, 7, 3, 3)).copy()
    given = net_of(
        tmp_path, "input 3x3x7\nc: conv 1 3x3\n", (3, 3, 7), c_weight=kernel, c_bias=np.array([0.25], np.float32)
    )
    np.save(tmp_path / "x.npy", np.full((3, 3, 7), 0.5, np.float32))
    lines = command("trace", *given, "--at", "c", "--width", "500").out.splitlines()
    shown = [line.strip() for line in lines]
    assert "of 7 channels these weigh most: 5, 6, 7" in shown
    assert [line for line in shown if line.startswith("channel") and " = " in line] == [
        f"channel {n}: {' + '.join([f'0.5*{n}'] * 9)} = {4.5 * n:g}" for n in (5, 6, 7)
    ]
    assert shown[shown.index("the other 4 channels together: 45") + 1] == (
        "22.5 + 27 + 31.5 + 45 (the other 4 channels) + 0.25 (bias) = 126.25"
    )
    assert sum(line.endswith("kernel") for line in shown) == 3


def test_a_long_sum_shows_its_heaviest_terms_and_what_all_others_add(command: Command, tmp_path: Path) -> None:
    """Ones, a hundred of them, times 1, but 9 in six places: 6 * 9 + 94 = 148."""
    weights = np.ones((1, 100), np.float32)
    weights[0, [3, 20, 21, 50, 77, 99]] = 9
    bias = np.zeros(1, np.float32)
    given = net_of(tmp_path, "input 100\nd: dense 1\n", (100,), d_weight=weights, d_bias=bias)
    np.save(tmp_path / "x.npy", np.ones(100, np.float32))
    said = command("trace", *given, "--at", "d", "--width", "500").out
    assert "of 100 numbers that arrive these weigh most: 4, 21, 22, 51, 78, 100" in said
    assert f"{' + '.join(['1*9'] * 6)} + 94 (the other 94 products) + 0 (bias) = 148" in said


def test_a_picture_is_prepared_as_the_options_of_run_say(command: Command, tmp_path: Path) -> None:
    """A picture of 255: scaled by 1/51 it is 5, less 1 and divided by 2 it is 2; under three ones that is 6."""
    (tmp_path / "net.txt").write_text("input 1x3x1\nconv 1 1x3 weights=[1 1 1] nobias\n", encoding="utf-8")
    Image.new("L", (3, 1), 255).save(tmp_path / "x.png")
    given = ("trace", str(tmp_path / "net.txt"), "--at", "conv1", "--image", str(tmp_path / "x.png"))
    outcome = command(*given, "--scale", "1/51", "--mean", "1", "--std", "2", "--resize", "stretch")
    assert "2*1 + 2*1 + 2*1 = 6" in outcome.out
    assert command(*given, "--resize", "nonsense").status == 2


def test_a_number_of_a_run_is_numpys_own_sum(command: Command, tmp_path: Path) -> None:
    (tmp_path / "net.txt").write_text("input 6x6x2\nc: conv 3 3x3 padding=1 stride=2\n", encoding="utf-8")
    random = np.random.default_rng(1)
    picture = random.random((6, 6, 2), np.float32)
    kernel, bias = random.random((3, 2, 3, 3), np.float32), random.random(3, np.float32)
    np.save(tmp_path / "x.npy", picture)
    np.savez(tmp_path / "w.npz", **{"c.weight": kernel, "c.bias": bias})
    outcome = command(
        *("trace", str(tmp_path / "net.txt"), "--at", "c[2,1,3]", "--json"),
        *("--input-array", str(tmp_path / "x.npy"), "--weights", str(tmp_path / "w.npz")),
    )
    found = json.loads(outcome.out)
    window = np.pad(picture, ((1, 1), (1, 1), (0, 0)))[2:5, 0:3].astype(np.float64)
    right = float((window * kernel[2].transpose(1, 2, 0)).sum() + bias[2])
    assert (found["result"], found["steps"][0]["computed"]) == (pytest.approx(right, rel=1e-5),) * 2
    assert (found["confirmed"], found["cell"]) == (True, {"channel": 3, "row": 2, "column": 1})
    assert [(axis["first"], axis["last"], axis["padding"]) for axis in found["sees"]] == [
        (2, 4, [0, 0]),
        (0, 2, [1, 0]),
    ]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("conw1[1,1]", "did you mean `conv1`?"),
        ("conv1[29,1]", "there is no row 29: the result has rows 1 to 28"),
        ("conv1[999999999999,1]", "there is no row 999999999999: the result has rows 1 to 28"),
        ("conv1[9999999999999999999999,1]", "there is no row 9999999999999999999999: the result"),
        ("conv1[" + "9" * 50 + ",1]", f"there is no row {'9' * 40}...: the result"),
        ("conv1[2,3]x", "`--at conv1[2,3]x` is no cell: it takes whole numbers with commas between"),
        ("conv1[2,x", "`--at conv1[2,x` is no cell"),
        ("conv1[1,1,1,1,1]", "`--at conv1[1,1,1,1,1]` has 5 numbers, a cell here has 2 or, with its channel, 3"),
        ("conv1[", "`--at conv1[` is no cell"),
        ("conv1[0,1]", "write --at 'conv1[row,column,channel]', counted from 1: here from --at 'conv1[1,1]' to --at"),
        (
            "dense1[1,1]",
            "write --at 'dense1[number]', counted from 1: here from --at 'dense1[1]' to --at 'dense1[120]'",
        ),
        ("[", "no line is named"),
        ("", "no line is named"),
        ("x" * 100_000, f"no line, label or layer called `{'x' * 60}...`"),
        ("conv1[" + "1," * 50_000 + "1]", "has 50001 numbers"),
        ("conv1[\x1b[31m1,1]", "`--at conv1[\N{REPLACEMENT CHARACTER}[31m1,1]` is no cell"),
        ("\x1b]0;x\x07\u202e[1,1]", "called `\N{REPLACEMENT CHARACTER}]0;x"),
        ("conv1[1,1]", "cnncalc trace --at 'conv1[1,1]' lenet5 --image PICTURE"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_with_a_way_out(command: Command, at: str, said: str) -> None:
    outcome = command("trace", "lenet5", "--at", at)
    assert outcome.status == 2
    assert said in " ".join(outcome.err.split())
    assert "\x1b" not in outcome.err
    assert len(outcome.err) < 1000
