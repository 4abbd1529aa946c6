"""A name may stand before its value or behind it, with shown work on either side: the whole line decides which."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.cli import main
from cnncalc.diagnostics import Source
from cnncalc.homework.questions import KeySheet
from cnncalc.homework.reading.answer_lines import reading_of
from cnncalc.net_files import checked

from .test_free_answers import said

SHEET = KeySheet(
    checked(
        Source(
            "key.txt",
            """input 28x28x1
conv1: conv 8 3x3 relu         => ? params ?
pool1: maxpool 2x2             => ?
conv2: conv 16 3x3 same relu   => ? params ?
bn1: bn                        => ? params ?
conv3: conv 32 3x3 stride=2    => ? params ?
pool2: maxpool 2x2             => ?
flat: flatten                  => ?
fc1: dense 256 relu            => ? params ?
out: dense 10 softmax          => ? params ?
total                          => params ?
answer 2a "receptive field of conv3" conv3.rf = ?
""",
        )
    )
)
CONV = {"conv1.shape": (26, 26, 8), "conv1.params": 80}
DENSE = {"fc1.shape": (256,), "fc1.params": 73984}
OUT = {"out.shape": (10,), "out.params": 2570}
COUNT = {"conv1.params": 80}
DENSE_COUNT = {"fc1.params": 73984}
TOTAL = {"total.params": 82474}

LINES: list[tuple[str, dict[str, object]]] = [
    # a name in front: what follows it is its value, worked out or not
    *(
        (f"fc1 => 256 {rest}", DENSE)
        for rest in (
            *("params 73984", "params = 73984", "params=73984 (with bias)", "# params: 73984", "# params 73984"),
            *("params (288+1)*256 = 73984", "params = (288+1)*256 = 73984", "params: (288+1)*256 = 73984"),
            *("# params: (288+1)*256 = 73984", "params 288*256 + 256 = 73984", "params 73728 + 256 = 73984"),
            *("params ( 288 + 1 ) x 256 = 73984", "params (288+1)·256 = 73 984", "params [(288+1)*256] = 73984"),
            *("neurons, params (288+1)*256 = 73984", "params (73984)", "(params: 73984)"),
        )
    ),
    *((f"{head} params (288+1)*256 = 73984", DENSE) for head in ("fc1 256", "fc1: 256", "fc1 = 256", "fc1 => (256)")),
    ("fc1: dense 256 relu => 256 params (288+1)*256 = 73984", DENSE),
    ("fc1 => params (288+1)*256 = 73984, shape 256", DENSE),
    *((f"out => 10 params {work}2570", OUT) for work in ("", "(256+1)*10=", "256*10 + 10 = ")),
    *(
        (f"conv1 => 26x26x8 {rest}", CONV)
        for rest in (
            *("params (3*3*1+1)*8 = 80", "params = (3*3*1+1)*8=80", "# params: 80", "#params: (3*3*1+1)*8 = 80"),
            *("params 3*3*1*8 + 8 = 80", "(params 80)", "output (params 80)"),
        )
    ),
    ("bn1 => 13x13x16 params 2*16 = 32", {"bn1.shape": (13, 13, 16), "bn1.params": 32}),
    ("total => params 80+1168+32+4640+73984+2570 = 82474", TOTAL),
    # a name behind: what stands before it is its value
    *(
        (f"conv1 => 26x26x8{rest}", CONV)
        for rest in (
            *(", 80 params", " 80 (params)", ", 80 (params)", " (80 params)", " (with 80 params)"),
            *(" (3*3*1+1)*8 = 80 params", ", (3*3*1+1)*8 = 80 params", " shape, 80 params"),
        )
    ),
    *((f"fc1 => 256{rest}", DENSE) for rest in (", 73984 params", " (73984 params)", " (288+1)*256 = 73984 params")),
    *((f"fc1 => 73984 params{rest}", DENSE_COUNT) for rest in (" = (288+1)*256", " (288+1)*256", " (= 289*256)")),
    ("fc1 => 288*256 + 256 = 73984 params", DENSE_COUNT),
    ("fc1 => 256 + 288*256 = 73984 params", DENSE_COUNT),
    *(
        (f"conv1 => 80 params{rest}", COUNT)
        for rest in (" (9+1)*8", " = (9+1)*8", " (72 without bias)", " (with bias)")
    ),
    ("total => 80+1168+32+4640+73984+2570 = 82474 params", TOTAL),
    ("total => 82474 params (80+1168+32+4640+73984+2570)", TOTAL),
]

# ------------------------------------------------------------------ sides with names, lists without spaces
LINES += [
    *(
        (f"conv1 => {sides}, params 80", CONV)
        for sides in (
            *("H = 26, W = 26, C = 8", "H=26 W=26 C=8", "W: 26, H: 26, C: 8", "height 26, width 26, channels 8"),
            *("26 (height) x 26 (width) x 8", "26(H)x26(W)x8(C)", "26 (h) x 26 (w) x 8 (depth)", "H 26 x W 26 x C 8"),
        )
    ),
    ("conv1: H = 26, W = 26, C = 8", {"conv1.shape": (26, 26, 8)}),
    ("conv1: shape: H = 26, W = 27, C = 8", {"conv1.shape": (26, 27, 8)}),
    ("conv1: W = 27, H = 26, C = 8", {"conv1.shape": (26, 27, 8)}),
    *((f"conv1{sign}26x26x8,80{unit}", CONV) for sign in (":", ": ", " => ") for unit in ("", " params")),
    ("conv2:13x13x16,1168", {"conv2.shape": (13, 13, 16), "conv2.params": 1168}),
    ("conv2: 13x13x1,024", {"conv2.shape": (13, 13, 1024)}),
    ("fc1:256,73984", DENSE),
    ("flat: 1,16384", {"flat.shape": (1, 16384)}),
    # a quantity joined to a label
    *((f"{name} = 80", COUNT) for name in ("conv1_params", "params_conv1", "conv1-params", "conv1.params")),
    ("conv1_output_shape = (26, 26, 8)\nconv1_params = 80", CONV),
    ("conv1_size_of_nothing = 80", {}),
    # digits that are no number of ours
    ("conv1 => 26x26x8 params 0x50", {"conv1.shape": (26, 26, 8), "conv1.params": "<0x50>"}),
    # numbers of questions in two pieces, and parts below a heading
    *((f"{number} 12", {"2a.rf": 12}) for number in ("2. a)", "2(a)", "2 (a)", "2(a):", "2.a)", "(2)(a)", "2) a)")),
    *((f"{number} 12", {"2a.rf": 12}) for number in ("Question 2 (a)", "Q2(a)", "Aufgabe 2. a)", "Problem 2, part a)")),
    *(
        (f"{heading}\n{part} 12 px", {"2a.rf": 12})
        for heading in (
            "2",
            "2.",
            "2)",
            "## 2",
            "Question 2",
            "Question 2:",
            "# Problem 2",
            "2. Receptive fields",
            "Q2\n",
        )
        for part in ("a)", "(a)", "a.")
    ),
    ("conv1 => 26x26x8 params 80\n2\na) 12", {**CONV, "2a.rf": 12}),
    ("2\na) 12\n3\na) 7", {"2a.rf": 12}),
    ("2\na) 12\nQuestion 3\na) 7", {"2a.rf": 12}),
    ("3\na) 12", {}),
    ("a) 12", {}),
    ("conv1 => 26x26x8 params\n80", CONV),
]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line for line, _ in LINES])
def test_a_name_belongs_to_the_value_that_the_whole_line_gives_it(line: str, expected: dict[str, object]) -> None:
    assert said(line, SHEET) == expected


TOTALS = (
    *("1 384 784", "1384784", "params 1 384 784", "1,384,784 params", "= 80 + 1384704 = 1384784"),
    "params: 80 + 1384704 = 1'384'784",
)


@pytest.mark.parametrize("total", TOTALS)
def test_a_total_in_any_spelling_is_checked_as_the_sum_of_what_the_lines_count(
    total: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """28*28*1 pixels: (3*3*1+1)*8 = 80 and (26*26*8+1)*256 = 1,384,704."""
    path = tmp_path / "hw.txt"
    path.write_text(
        "input 28x28x1\nconv1: conv 8 3x3 relu => 26x26x8 params 80\nfc1: dense 256 => 256 params 1384704\n"
        f"total => {total}\n"
    )
    assert main(["check", str(path), "--color", "never"]) == 0
    printed = capsys.readouterr()
    assert "5 right" in printed.out
    assert printed.err == "warning[answers-noted]: line 4: read as params 1384784\n"


def test_a_total_that_may_sum_several_quantities_is_not_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hw.txt"
    path.write_text("input 28x28x1\nconv1: conv 8 3x3 => 26x26x8 params 80 macs 48672\ntotal => 48 672\n")
    assert main(["check", str(path)]) == 2
    assert "answer-needs-name" in capsys.readouterr().err


def test_of_very_many_values_of_one_line_the_first_are_read_and_it_says_so() -> None:
    read = reading_of("conv1 => 26x26x8, params 80" + ", macs 7" * 80, SHEET)
    assert {piece.answer.given for piece in read.answers.values()} == {(26, 26, 8), 80}
    assert read.notes == ["line 1: of these answers the first 60 values are read"]


FILLED = {
    "conv1: conv 8 3x3 relu         => ? params ?": "conv1: conv 8 3x3 relu         => 26x26x8 params 80",
    'answer 2a "receptive field of conv3" conv3.rf = ?': 'answer 2a "receptive field of conv3" conv3.rf = 12',
}


def test_the_text_that_was_handed_out_answers_what_was_filled_in_and_nothing_else() -> None:
    text = SHEET.graph.source.text
    assert reading_of(text, SHEET).answered == 0
    for open_line, line in FILLED.items():
        text = text.replace(open_line, line)
    assert said(text, SHEET) == {**CONV, "2a.rf": 12}
