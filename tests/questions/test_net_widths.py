"""Which width makes a net count so much: against the text with the widths written, and against shipped relatives."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis.counting import net_figures
from cnncalc.diagnostics import InputError, Refusal, Source
from cnncalc.net_files import checked
from cnncalc.questions.net_widths import all_widths, constant_widths, wish
from cnncalc.questions.scaled_net import HiddenWidths
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.net_answers import net_answer_sheet
from cnncalc.sources import find

RESIDUAL = """\
input 16x16x3
conv {a} 3x3 padding=1 nobias bn relu
a: conv {b} 3x3 stride=2 padding=1
conv {b} 3x3 padding=1 groups=4
add a
dwconv 3x3 padding=1
conv {c} 1x1
concat a
gap
dense {d} relu
dense 10
"""


def net(text: str) -> Source:
    return Source("net.txt", text)


@pytest.mark.parametrize("factor", [Fraction(1, 2), Fraction(1), Fraction(5, 4), Fraction(3)])
def test_multiplied_widths_count_what_the_text_with_these_widths_counts(factor: Fraction) -> None:
    written = {"a": 8, "b": 16, "c": 24, "d": 32}
    scaled = {name: int(width * factor) for name, width in written.items()}
    found = net_figures(HiddenWidths(checked(net(RESIDUAL.format(**written)))).times(factor))
    assert found == net_figures(checked(net(RESIDUAL.format(**scaled))))


def test_a_width_is_rounded_to_a_whole_number_of_its_groups_and_is_never_none() -> None:
    widths = HiddenWidths(checked(net(RESIDUAL.format(a=8, b=16, c=24, d=32))))
    assert [widths.width(16, Fraction(n, 8)) for n in (1, 3, 5, 7)] == [4, 8, 12, 16]  # 2, 6, 10, 14 in steps of 4
    assert [widths.width(24, Fraction(n, 48)) for n in (1, 3, 35)] == [1, 2, 18]  # 0.5 and 17.5 are rounded up


def test_half_of_yolov5s_is_yolov5n_to_the_unit() -> None:
    # Ultralytics' yolov5s.yaml and yolov5n.yaml differ in width_multiple alone: 0.50 and 0.25.
    half = net_figures(HiddenWidths(checked(find("yolov5s"))).times(Fraction(1, 2)))
    assert (half.params, half) == (1_872_157, net_figures(checked(find("yolov5n"))))


def test_what_leaves_the_net_and_what_is_added_to_its_input_keeps_its_width() -> None:
    text = "a: input 8x8x3\nconv 16 3x3 same relu\nconv 3 3x3 same\nadd a\nconv 8 1x1\nconv 5 1x1\nsoftmax\n"
    widths = HiddenWidths(checked(net(text)))
    assert [node.name for node in widths.scaled] == ["conv1", "conv3"]
    assert [node.name for node in widths.kept] == ["conv2", "conv4"]


def test_empty_channels_of_a_shortcut_fill_up_to_the_multiplied_width() -> None:
    twice = HiddenWidths(checked(find("resnet20-cifar"))).times(Fraction(2))  # 16, 32, 64 become 32, 64, 128
    convolutions = 9 * (3 * 32 + 6 * 32 * 32 + 32 * 64 + 5 * 64 * 64 + 64 * 128 + 5 * 128 * 128)
    norms, dense = 2 * (7 * 32 + 6 * 64 + 6 * 128), 128 * 10 + 10
    assert net_figures(twice).params == convolutions + norms + dense == 1_073_962


def test_the_width_of_a_constant_is_the_nearest_of_all_that_were_read() -> None:
    text = "let w = 4\ninput 12x12x3\nconv $w 3x3\nconv 2*$w 3x3\ngap\ndense 10\n"
    counts = {n: net_figures(checked(net(text), None, {"w": str(n)})).params for n in range(1, 40)}
    for target in (700, 2_000, 9_999):
        answer = constant_widths(net(text), "w", wish("params", str(target)), {}, None)
        assert answer.nearest is not None
        best = min(counts, key=lambda n: abs(counts[n] - target))
        assert (answer.nearest.value, answer.count(answer.nearest)) == (best, counts[best])


def test_a_constant_that_takes_decimals_is_looked_for_in_hundredths() -> None:
    text = "let w = 1\ninput 12x12x3\nconv round(100*$w) 3x3\ngap\ndense 10\n"
    answer = constant_widths(net(text), "w", wish("params", "2000"), {}, None)  # 28 c + 10 c + 10
    assert answer.nearest is not None
    assert (answer.nearest.value, answer.nearest.figures.params) == (Fraction(52, 100), 38 * 52 + 10)


def test_resnet50_has_10_million_parameters_at_61_hundredths_of_its_widths() -> None:
    answer = all_widths(checked(find("resnet50")), wish("params", "10M"))
    assert answer.nearest is not None
    assert (answer.nearest.value, answer.nearest.figures.params) == (Fraction(61, 100), 10_000_102)
    assert answer.own.figures.params == 25_557_032  # torchvision's count


def test_a_wish_that_no_width_meets_says_on_which_side_it_is() -> None:
    answer = all_widths(checked(find("lenet5")), wish("params", "5"))
    assert answer.below is None
    assert answer.nearest == answer.above


def test_widths_that_a_table_fixes_are_refused() -> None:
    with pytest.raises(InputError, match="cannot all be multiplied: with twice as many channels C3 refuses"):
        all_widths(checked(find("lenet5-1998")), wish("params", "1M"))
    with pytest.raises(Refusal):
        HiddenWidths(checked(find("lenet5-1998"))).times(Fraction(2))


@pytest.mark.parametrize(
    ("counted", "text", "said"),
    [("params", "98MB", "is one of bytes"), ("macs", "4.1GFLOPs", "is one of flops"), ("params", "-3", "params")],
)
def test_a_wish_that_counts_something_else_is_refused(counted: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wish(counted, text)


@pytest.mark.parametrize(("value", "said"), [('"bn relu"', "only a number above 0"), ("-1", "only a number above 0")])
def test_a_constant_that_is_no_number_above_0_is_refused(value: str, said: str) -> None:
    text = f"let w = {value}\ninput 12x12x3\nconv 4 3x3\n"
    with pytest.raises(InputError, match=said):
        constant_widths(net(text), "w", wish("params", "1k"), {}, None)


def test_python_prints_what_the_command_prints() -> None:
    text = str(cnncalc.solve_net(cnncalc.load("lenet5"), output=(5, 5)))
    assert "Asked of  avgpool 2x2 (line 10), the last map: the output of the network is flat" in text
    assert "height and width       5  32 to 35  32" in text
    assert "factor" in str(cnncalc.solve_net("lenet5", params=10_000))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"params": "1k", "macs": "1k"}, "params and macs are asked for at once"),
        ({"params": "1k", "output": "5"}, "params and output are asked for at once"),
        ({"settings": {"alpha": "?", "beta": "?"}}, "alpha and beta are asked for at once"),
        ({"settings": {"alpha": "?"}}, "It is not said what the network is to have with it"),
    ],
)
def test_a_question_that_is_not_clear_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        cnncalc.solve_net("mobilenet", **asked)


def test_of_factors_that_count_the_same_the_simplest_is_the_nearest() -> None:
    """4 times 8 filters are 32: 3 * 3 * 32 + 32 and 10 * 32 + 10 parameters; so are 4.03 times."""
    answer = all_widths(checked(net("input 8x8x1\nconv 8 3x3\ngap\ndense 10\n")), wish("params", "650"))
    assert answer.nearest is not None
    assert answer.nearest.value == 4


def test_the_end_of_the_search_is_no_answer_of_its_own() -> None:
    answer = all_widths(checked(net("input 8x8x1\nconv 8 3x3\ngap\ndense 10\n")), wish("params", "10T"))
    assert answer.nearest is not None
    assert (answer.nearest.value, answer.above, answer.coarse) == (1000, None, ())
    shown = drawn(net_answer_sheet(answer), Canvas(100))
    assert "1000 is the largest value that was tried: it counts less than wanted" in shown
