"""Tables of answers: every notation, every spelling of a cell, placed by label, name, kind or order; nothing hangs."""

from __future__ import annotations

import re
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.api import load
from cnncalc.cli import main
from cnncalc.diagnostics import InputError
from cnncalc.dialects.printed_rows import without_colours
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import Claim
from cnncalc.homework.reading.answer_cells import cell_answer
from cnncalc.homework.reading.handed_in import claims_of_parts
from cnncalc.homework.reading.row_claims import Placed
from cnncalc.homework.reading.submission_parts import parts_of, parts_of_text
from cnncalc.homework.reading.tables import MOST_ROWS
from cnncalc.report.column_choice import ChosenColumns
from cnncalc.report.columns import EVERYTHING
from cnncalc.report.exports import comma_separated, markdown
from cnncalc.report.keras_print import keras_print
from cnncalc.report.summary import Choices, summary_sheet
from tests.time_limits import allowed

from .checking import analysed

MNIST = """input 28x28x1
conv 32 3x3 relu
maxpool 2x2
conv 64 3x3 relu
maxpool 2x2
conv 64 3x3 relu
flatten
dense 64 relu
dense 10 softmax
"""
KEY = analysed(MNIST)

KERAS_2 = """Model: "sequential"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 conv2d (Conv2D)             (None, 26, 26, 32)        320

 max_pooling2d (MaxPooling2D  (None, 13, 13, 32)       0
 )

 conv2d_1 (Conv2D)           (None, 11, 11, 64)        18496

 max_pooling2d_1 (MaxPooling  (None, 5, 5, 64)         0
 2D)

 conv2d_2 (Conv2D)           (None, 3, 3, 64)          36928

 flatten (Flatten)           (None, 576)               0

 dense (Dense)               (None, 64)                36928

 dense_1 (Dense)             (None, 10)                650

=================================================================
Total params: 93,322
Trainable params: 93,322
Non-trainable params: 0
_________________________________________________________________
"""

KERAS_3 = """Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                 │ (None, 26, 26, 32)     │           320 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ max_pooling2d (MaxPooling2D)    │ (None, 13, 13, 32)     │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ conv2d_1 (Conv2D)               │ (None, 11, 11,         │        18,496 │
│                                 │ 64)                    │               │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ max_pooling2d_1 (MaxPooling2D)  │ (None, 5, 5, 64)       │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ conv2d_2 (Conv2D)               │ (None, 3, 3, 64)       │        36,928 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ flatten (Flatten)               │ (None, 576)            │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 64)             │        36,928 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_1 (Dense)                 │ (None, 10)             │           650 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 93,322 (364.54 KB)
 Trainable params: 93,322 (364.54 KB)
 Non-trainable params: 0 (0.00 B)
"""

TORCHSUMMARY = """----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1           [-1, 32, 26, 26]             320
              ReLU-2           [-1, 32, 26, 26]               0
         MaxPool2d-3           [-1, 32, 13, 13]               0
            Conv2d-4           [-1, 64, 11, 11]          18,496
              ReLU-5           [-1, 64, 11, 11]               0
         MaxPool2d-6             [-1, 64, 5, 5]               0
            Conv2d-7             [-1, 64, 3, 3]          36,928
              ReLU-8             [-1, 64, 3, 3]               0
           Linear-9                   [-1, 64]          36,928
          Dropout-10                   [-1, 64]               0
           Linear-11                   [-1, 10]             650
================================================================
Total params: 93,322
Input size (MB): 0.00
"""

TORCHINFO = """==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
Net                                      [1, 10]                   --
├─Sequential: 1-1                        [1, 64, 3, 3]             --
│    └─Conv2d: 2-1                       [1, 32, 26, 26]           320
│    └─ReLU: 2-2                         [1, 32, 26, 26]           --
│    └─MaxPool2d: 2-3                    [1, 32, 13, 13]           --
│    └─Conv2d: 2-4                       [1, 64, 11, 11]           18,496
│    └─MaxPool2d: 2-5                    [1, 64, 5, 5]             --
│    └─Conv2d: 2-6                       [1, 64, 3, 3]             36,928
├─Flatten: 1-2                           [1, 576]                  --
├─Linear: 1-3                            [1, 64]                   36,928
├─Linear: 1-4                            [1, 10]                   650
==========================================================================================
Total params: 93,322
Trainable params: 93,322
Total mult-adds (M): 2.79
"""

TORCHINFO_BOTH = """==========================================================================================
Layer (type (var_name):depth-idx)        Input Shape          Output Shape         Param #
==========================================================================================
Net (Net)                                [1, 1, 28, 28]       [1, 10]              --
├─Sequential (features): 1-1             [1, 1, 28, 28]       [1, 64, 3, 3]        --
│    └─Conv2d (0): 2-1                   [1, 1, 28, 28]       [1, 32, 26, 26]      320
│    └─MaxPool2d (2): 2-3                [1, 32, 26, 26]      [1, 32, 13, 13]      --
│    └─Conv2d (3): 2-4                   [1, 32, 13, 13]      [1, 64, 11, 11]      18,496
│    └─MaxPool2d (5): 2-5                [1, 64, 11, 11]      [1, 64, 5, 5]        --
│    └─Conv2d (6): 2-6                   [1, 64, 5, 5]        [1, 64, 3, 3]        36,928
├─Flatten (flat): 1-2                    [1, 64, 3, 3]        [1, 576]             --
├─Linear (fc1): 1-3                      [1, 576]             [1, 64]              36,928
├─Linear (fc2): 1-4                      [1, 64]              [1, 10]              650
==========================================================================================
Total params: 93,322
"""

KERAS_FUNCTIONAL = """Model: "model"
__________________________________________________________________________________________________
 Layer (type)                Output Shape                 Param #   Connected to
==================================================================================================
 input_1 (InputLayer)        [(None, 28, 28, 1)]          0         []

 conv2d (Conv2D)             (None, 26, 26, 32)           320       ['input_1[0][0]']

 max_pooling2d (MaxPooling2  (None, 13, 13, 32)           0         ['conv2d[0][0]']
 D)

 conv2d_1 (Conv2D)           (None, 11, 11, 64)           18496     ['max_pooling2d[0][0]']

 max_pooling2d_1 (MaxPoolin  (None, 5, 5, 64)             0         ['conv2d_1[0][0]']
 g2D)

 conv2d_2 (Conv2D)           (None, 3, 3, 64)             36928     ['max_pooling2d_1[0][0]']

 flatten (Flatten)           (None, 576)                  0         ['conv2d_2[0][0]']

 dense (Dense)               (None, 64)                   36928     ['flatten[0][0]']

 dense_1 (Dense)             (None, 10)                   650       ['dense[0][0]']

==================================================================================================
Total params: 93322 (364.54 KB)
"""

COURSE = """| layer | activation shape | activation size | # parameters |
|:------|:----------------:|----------------:|-------------:|
| Input | (28,28,1) | 784 | 0 |
| CONV1 (f=3, s=1) | (26,26,32) | 21632 | 320 |
| POOL1 | (13,13,32) | 5,408 | 0 |
| CONV2 | 11 x 11 x 64 | 7744 | 18,496 |
| POOL2 | 5×5×64 | 1600 | 0 |
| CONV3 | `3x3x64` | 576 | 36,928 params |
| FC1 | 64 | 64 | 36928 |
| FC2 | 10 | 10 | 650 |
| total | | | ~93K |
"""


def placed(text: str, key=KEY) -> Placed:
    parts = parts_of_text(text)
    found = (*parts.tables, *parts.prints)
    return Placed(*claims_of_parts(parts, key), found[0].notation if found else "")


def places(text: str) -> dict[tuple[int, str], object]:
    return {(claim.index, claim.answer.asked): claim.answer.given for claim in placed(text).claims}


COLOURED = re.sub("[0-9,]+ (?=│)", "\x1b[38;5;34m\\g<0>\x1b[0m", KERAS_3.replace("None", "\x1b[38;5;45mNone\x1b[0m"))

PRINTS = {
    "keras 3, coloured": COLOURED,
    "keras 3, colours without their sign": COLOURED.replace("\x1b", ""),
    "keras 2, a batch of 32": KERAS_2.replace("(None,", "(32,"),
    "torchsummary, a batch of 64": TORCHSUMMARY.replace("[-1,", "[64,"),
    "torchinfo, a batch of 64": TORCHINFO.replace("[1,", "[64,"),
    "torchinfo, a batch of 64, both shapes": TORCHINFO_BOTH.replace("[1,", "[64,"),
    "two prints": KERAS_2 + "\nAnd once more, with colours:\n" + COLOURED,
    "keras 2": KERAS_2,
    "keras 3": KERAS_3,
    "torchsummary": TORCHSUMMARY,
    "torchinfo": TORCHINFO,
    "torchinfo, both shapes": TORCHINFO_BOTH,
    "keras functional": KERAS_FUNCTIONAL,
    "course": COURSE,
}


@pytest.mark.parametrize("name", PRINTS)
def test_a_print_of_the_right_net_is_all_right(name: str) -> None:
    found = placed(without_colours(PRINTS[name]))
    assert found.faults == ()
    judged = findings(KEY, found.claims)
    assert {one.status for one in judged} == {"right"}
    asked = {(one.place.label, one.asked) for one in judged}
    assert {
        ("conv1", "shape"),
        ("conv3", "params"),
        ("maxpool2", "shape"),
        ("dense2", "params"),
        ("total", "params"),
    } <= asked


def test_our_own_keras_print_is_read_back() -> None:
    found = placed(keras_print(KEY))
    assert {one.status for one in findings(KEY, found.claims)} == {"right"}
    assert len(found.claims) == 20  # shape and params of nine lines, and the total: all and those that are trained


def test_a_torch_print_is_channels_first_and_says_so() -> None:
    (first, *_) = findings(KEY, placed(TORCHSUMMARY).claims)
    assert "channels first" in first.verdict.remark
    assert "batch" in first.verdict.remark


def test_a_wrong_cell_of_a_print_is_found_with_its_slip() -> None:
    judged = findings(KEY, placed(TORCHSUMMARY.replace("18,496", "   640")).claims)
    (wrong,) = [one for one in judged if one.status not in ("right", "follows")]
    assert (wrong.place.label, wrong.asked, wrong.slips) == ("conv2", "params", ("depth-forgotten",))


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_by_name(sign: str) -> None:
    rows = [["layer", "shape", "params"], ["dense2", "10", "650"], ["conv2", "11x11x64", '"18,496"']]
    assert places("\n".join(sign.join(row) for row in rows)) == {
        (8, "shape"): (10,),
        (8, "params"): Fraction(650),
        (3, "shape"): (11, 11, 64),
        (3, "params"): Fraction(18496),
    }


def test_labels_go_before_kinds() -> None:
    key = analysed("input 28x28x1\na: conv 4 3x3\nconv2: conv 8 3x3\nb: conv 16 3x3\n")
    found = placed("name,params\nconv2,296\nb,1168\na,40\n", key)
    assert [(claim.index, claim.answer.given) for claim in found.claims] == [(2, 296), (3, 1168), (1, 40)]
    assert found.faults == ()


def test_names_that_mean_nothing_are_read_in_order() -> None:
    text = "layer,shape\nC1,26x26x32\nS2,13x13x32\nC3,11x11x64\n"
    assert places(text) == {(1, "shape"): (26, 26, 32), (2, "shape"): (13, 13, 32), (3, "shape"): (11, 11, 64)}
    assert places("shape,params\n26x26x32,320\n13x13x32,0\n") == {
        (1, "shape"): (26, 26, 32),
        (1, "params"): Fraction(320),
        (2, "shape"): (13, 13, 32),
        (2, "params"): Fraction(0),
    }


def test_a_line_of_conv_and_batch_norm_has_the_parameters_of_both() -> None:
    key = analysed("input 8x8x4\nconv 8 3x3 nobias bn relu\n")
    text = TORCHSUMMARY.partition("            Conv2d-1")[0] + (
        "            Conv2d-1              [-1, 8, 6, 6]             288\n"
        "       BatchNorm2d-2              [-1, 8, 6, 6]              16\n"
        "              ReLU-3              [-1, 8, 6, 6]               0\n"
    )
    assert {(claim.answer.asked, claim.answer.given) for claim in placed(text, key).claims} == {
        ("shape", (8, 6, 6)),
        ("params", Fraction(304)),
    }


def test_a_batch_norm_that_the_key_lacks_is_said_and_a_dropout_is_not() -> None:
    found = placed("layer,params\nconv1,320\ndropout,0\nbatch_normalization,128\n")
    assert [(fault.code, fault.span.line) for fault in found.faults] == [("no-such-line", 4)]


def test_a_label_that_does_not_exist_is_said_and_not_guessed() -> None:
    found = placed("layer,params\nconv1,320\nconv9,5\nblock7,1\n")
    assert [(fault.code, fault.span.line) for fault in found.faults] == [("no-such-line", 3), ("no-such-line", 4)]
    assert "`conv9`" in found.faults[0].message
    assert [claim.index for claim in found.claims] == [1]


def test_a_label_like_the_keys_own_is_never_taken_for_another_line() -> None:
    key = analysed("input 8\nfc1: dense 4\nfc2: dense 2\n")
    found = placed("layer,params\nfc1,36\nfc7,10\n", key)
    assert [claim.index for claim in found.claims] == [1]
    assert ["`fc7`" in fault.message for fault in found.faults] == [True]


def test_a_line_answered_twice_counts_once() -> None:
    found = placed("layer,params\nconv1,320\nconv1,321\n")
    assert [claim.answer.given for claim in found.claims] == [320]
    assert [fault.code for fault in found.faults] == ["answered-twice"]


def test_many_rows_that_fit_nowhere_are_told_in_ten_lines() -> None:
    found = placed("layer,params\nconv1,320\n" + "".join(f"x{n},1\n" for n in range(1000)))
    assert len(found.faults) == 11
    assert found.faults[-1].message.startswith("990 more rows")


CELLS = [
    ("shape", "28x28x6", (28, 28, 6)),
    ("shape", "28 x 28 x 6", (28, 28, 6)),
    ("shape", "(28,28,6)", (28, 28, 6)),
    ("shape", "(28, 28, 6,)", (28, 28, 6)),
    ("shape", "(None, 28, 28, 6)", (28, 28, 6)),
    ("shape", "[(None, 28, 28, 6)]", (28, 28, 6)),
    ("shape", "[-1, 6, 28, 28]", (6, 28, 28)),
    ("shape", "28×28×6", (28, 28, 6)),
    ("shape", "28*28*6", (28, 28, 6)),
    ("shape", "28 28 6", (28, 28, 6)),
    ("shape", "1,600", (1600,)),
    ("shape", "(None, 1600)", (1600,)),
    ("params", "7,600", 7600),
    ("params", "7600 parameters", 7600),
    ("params", "320 (1.25 KB)", 320),
    ("params", "138M", 138_000_000),
    ("params", "138 M", 138_000_000),
    ("params", "~500K", 500_000),
    ("macs", "1.2e6", 1_200_000),
    ("rf", "14", 14),
    ("rf", "14x14", 14),
    ("rf", "14x10", (14, 10)),
    ("params", "?", None),
]


@pytest.mark.parametrize(("asked", "cell", "value"), CELLS, ids=[cell for _, cell, _ in CELLS])
def test_cells_are_read_in_every_spelling(asked: str, cell: str, value: object) -> None:
    read = cell_answer(asked, cell, 1)
    assert read is not None
    assert (read[0].given, read[1]) == (value, "")


@pytest.mark.parametrize("cell", ["", "-", "--", "n/a", "  "])
def test_an_empty_cell_says_nothing(cell: str) -> None:
    assert cell_answer("params", cell, 1) is None


BAD_CELLS = [
    ("params", "NaN", "not a number"),
    ("params", "608 apples", "not a number"),
    ("params", "=cmd|' /C calc'!A0", "not a number"),
    ("params", "1" * 500, "a number with far too many digits"),
    ("params", "9" * 1_000_000, "far too long for an answer"),
    ("params", "1e999999999", "a number with far too many digits"),
    ("shape", "inf", "not a shape"),
    ("shape", "28x28x-6", "not a shape"),
    ("shape", "[(None, 5), (None, 6)]", "not a shape"),
    ("values", "[1 2; 3", "not a matrix"),
    ("values", "[1] params 5", "not a matrix"),
]


@pytest.mark.parametrize(("asked", "cell", "fault"), BAD_CELLS, ids=[cell[:20] for _, cell, _ in BAD_CELLS])
def test_a_cell_that_is_no_answer_is_kept_with_the_reason(asked: str, cell: str, fault: str) -> None:
    read = cell_answer(asked, cell, 1)
    assert read is not None
    assert (read[0].given, read[1]) == (None, fault)
    assert len(read[0].text) <= 41
    (finding,) = findings(KEY, [Claim("row", 1, *read)])
    assert (finding.status, finding.fault) == ("unreadable", fault)


def test_a_matrix_may_stand_in_a_cell() -> None:
    read = cell_answer("values", "[1 2; 3 4]", 1)
    assert read is not None
    assert list(read[0].given.values()) == [1, 2, 3, 4]


NO_TABLES = ["", "\n\n", "hello", "I think the answer is 28x28x6.\nBut who knows?\n", "a,b,c\n1,2,3\n", '"unclosed,x\n']


@pytest.mark.parametrize("text", NO_TABLES)
def test_what_is_no_table_has_none(text: str) -> None:
    parts = parts_of_text(text)
    assert (parts.tables, parts.prints, parts.text) == ((), (), text)


@pytest.mark.parametrize(
    "text", ["layer,params\n" + "conv1,320\n" * 1_000_000, "layer,params\nconv1," + "9" * 4_000_000]
)
def test_of_a_table_far_too_long_the_first_rows_are_read_in_a_moment(text: str) -> None:
    started = time.process_time()
    parts = parts_of_text(text)
    assert parts.is_long
    assert sum(len(table.rows) for table in parts.tables) in (0, MOST_ROWS)
    assert time.process_time() - started < allowed(20)


def test_the_longest_table_is_read_in_a_moment() -> None:
    key = analysed("input 8x8x4\n" + "conv 4 3x3 same\n" * 3000)
    text = "layer,shape,params\n" + "".join(f"Conv2d-{n},[{n}],{n}\n" for n in range(MOST_ROWS - 1))
    started = time.process_time()
    found = placed(text, key)
    assert len(found.claims) == 6000
    assert time.process_time() - started < allowed(5)


PIECES = [
    "layer",
    "shape",
    "params",
    "Output Shape",
    "Param #",
    "conv1",
    "conv2d (Conv2D)",
    "Conv2d-1",
    "28x28x1",
    "[-1, 6, 28, 28]",
]
PIECES += [
    "(None, 5)",
    "650",
    "7,600",
    "|",
    "---",
    "│",
    "┃",
    "├─",
    ",",
    ";",
    "\t",
    "\n",
    "\n",
    '"',
    "Total params: 5",
    "?",
    "total",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60).map(" ".join))
def test_any_text_gives_claims_or_our_own_error(text: str) -> None:
    try:
        found = placed(text)
    except InputError:
        return
    for finding in findings(KEY, found.claims):
        assert finding.status in ("right", "follows", "slip", "wrong", "none", "unknown", "unreadable")


@pytest.mark.parametrize(
    ("net", "format"),
    [
        *((net, name) for net in ("lenet5", "vgg16") for name in ("table", "markdown", "json", "keras")),
        ("resnet18", "json"),
        ("resnet18", "keras"),
    ],
)
def test_what_summary_prints_is_all_right_as_answers(net: str, format: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", net, "--format", format]) == 0
    parts = parts_of(capfd.readouterr().out.encode(), "summary.txt")
    key = load(net).analysis
    claims, faults = claims_of_parts(parts, key)
    assert faults == ()
    assert {finding.status for finding in findings(key, claims, explain=False)} == {"right"}
    assert len(claims) > len(key.graph.rows)


def test_our_own_csv_and_markdown_are_read_as_answers() -> None:
    """What `summary --format csv` and `--format markdown` print says of every line what is right."""
    csv = comma_separated(summary_sheet(KEY, Choices(columns=ChosenColumns(EVERYTHING), plain_digits=True)))
    for text, notation in ((csv, "CSV"), (markdown(summary_sheet(KEY)), "Markdown")):
        read = placed(text)
        found = findings(KEY, read.claims)
        assert read.notation == notation
        assert read.faults == ()
        assert {finding.status for finding in found} == {"right"}
        assert len(found) > 20


def test_a_row_without_a_known_name_is_the_next_line_and_never_one_that_is_told_already() -> None:
    assert places("layer,shape\nconv 1,26x26x32\n2,13x13x32\n") == {
        (1, "shape"): (26, 26, 32),
        (2, "shape"): (13, 13, 32),
    }
