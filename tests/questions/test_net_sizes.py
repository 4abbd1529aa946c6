"""Which input sizes fit a net: every size of a range against the net of the text with that size in it."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.net_files import read
from cnncalc.questions.asked_net import asked_net
from cnncalc.questions.net_question import is_found
from cnncalc.questions.net_sizes import NetSizes, net_sizes
from cnncalc.questions.output_sizes import output_sizes
from cnncalc.questions.size_rules import SizeRule, found_rule
from cnncalc.questions.size_verdicts import is_square
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.net_sizes_report import net_sizes_sheet
from cnncalc.sources import find

SAME_UNET = """\
input 32x32x1
a: conv 2 3x3 same
maxpool 2x2
b: conv 2 3x3 same
maxpool 2x2
conv 2 3x3 same
upconv 2 2x2 stride=2
concat b
upconv 2 2x2 stride=2
concat a
conv 1 1x1
"""
VALID_UNET = """\
input 44x44x1
a: conv 2 3x3
maxpool 2x2
b: conv 2 3x3
maxpool 2x2
conv 2 3x3
upconv 2 2x2 stride=2
concat b crop
upconv 2 2x2 stride=2
concat a crop
conv 1 1x1
"""
PYRAMID = """\
input 32x48x3
a: conv 4 3x3 stride=2 padding=1
b: conv 4 3x3 stride=2 padding=1
upsample 2
add a
maxpool 3x3 stride=3
"""
RESIDUAL = """\
input 32x32x3
conv 4 7x7 stride=2 padding=3
maxpool 3x3 stride=2 padding=1
split
branch
  conv 8 3x3 stride=2 padding=1
branch
  conv 8 1x1 stride=2
join add
gap
dense 10
"""
ODD = """\
input 40x40x3
conv 4 3x3 stride=2
split
branch
  maxpool 3x3 stride=2
branch
  conv 4 3x3 stride=2
join concat
avgpool 2x3
"""
SIGNAL = """\
input 64 channels 1
conv 4 9 stride=4
maxpool 2
conv 4 3 dilation=2
"""
TWO_INPUTS = """\
left: input 24x24x1
conv 2 3x3 same
maxpool 2x2
a: upsample 2
right: input 24x24x1
conv 2 3x3 same
concat a
"""
CASES = {
    "same_unet": SAME_UNET,
    "valid_unet": VALID_UNET,
    "pyramid": PYRAMID,
    "residual": RESIDUAL,
    "odd": ODD,
    "signal": SIGNAL,
    "two_inputs": TWO_INPUTS,
}
SIZES = range(1, 34)


def fits_and_loses(text: str, size: str) -> tuple[bool, bool]:
    """Whether the text with this size is a net without a fault, and whether some window's end is before the map's."""
    graph, faults = read(Source("net.txt", text), size)
    if faults:
        return False, False
    lost = False
    for node in graph.nodes:
        if isinstance(node.layer, SlidingWindow):
            arriving = graph.nodes[node.inputs[0]].output
            window = node.layer.window((arriving,))
            assert isinstance(window, tuple)
            lost |= any(
                kernel > 1 and one.last(made - 1) < size - 1
                for kernel, one, made, size in zip(
                    node.layer.kernels(arriving.rank), window, node.output.spatial, arriving.spatial, strict=True
                )
            )
    return True, lost


@pytest.mark.parametrize("name", CASES)
def test_every_size_is_judged_as_the_text_with_that_size_is(name: str) -> None:
    answer = net_sizes(asked_net(Source("net.txt", CASES[name])))
    for size in SIZES:
        sizes = [size + 3 * n for n in range(len(answer.asked))]
        fits, loses = fits_and_loses(CASES[name], "x".join(map(str, sizes)))
        rules = [(axis.fitting, axis.lossless) for axis in answer.axes]
        assert all(fitting is not None and lossless is not None for fitting, lossless in rules)
        said = all(fitting.holds(n) for (fitting, _), n in zip(rules, sizes, strict=True) if fitting)
        kept = all(lossless.holds(n) for (_, lossless), n in zip(rules, sizes, strict=True) if lossless)
        assert (said, kept) == (fits, fits and not loses), sizes


def shipped_answer(name: str, asked: str | None = None) -> NetSizes:
    net = asked_net(find(name), None, asked)
    return net_sizes(net, asked)


def test_the_papers_unet_loses_nothing_at_12_more_than_multiples_of_16_from_188_on() -> None:
    # The paper (section 2): "it is important to select the input tile size such that all 2x2 max-pooling operations are
    # applied to a layer with an even x- and y-size"; its own 572 = 16 * 35 + 12.
    answer = shipped_answer("unet", "760x540")
    for axis in answer.axes:
        assert axis.lossless is not None
        assert (axis.lossless.start, axis.lossless.period, axis.lossless.remainders) == (188, 16, (12,))
        assert axis.lossless.holds(572)
    assert [one.sizes for one in answer.nearest] == [(748, 540), (764, 540)]
    assert answer.smallest is not None
    assert answer.smallest.outputs[0].spatial == (4, 4)
    lost = [(one.node.origin.span.line, one.arriving, one.left) for one in answer.axes[0].asked.losses]
    assert lost == [(17, 183, 1), (19, 87, 1)]  # 760 - 4 = 756, 378 - 4 = 374, 187 - 4 = 183; 91 - 4 = 87


def test_a_text_whose_own_size_does_not_fit_is_asked_all_the_same() -> None:
    text = SAME_UNET.replace("32x32", "358x358")
    net = asked_net(Source("net.txt", text))
    answer = net_sizes(net)
    assert not answer.fits
    assert answer.refused is not None
    assert answer.refused.line == 8
    assert [one.sizes for one in answer.nearest] == [(356, 356), (360, 360)]


def test_yolov3_at_600_is_refused_where_its_maps_meet_and_608_is_divided_without_rounding() -> None:
    answer = shipped_answer("yolov3", "600")
    assert answer.refused is not None
    assert answer.refused.line == 55
    even = answer.axes[0].even
    assert even is not None
    assert (even.period, even.remainders) == (32, (0,))
    assert (even.below(600), even.above(600)) == (576, 608)


def test_what_is_no_image_has_no_size_to_look_for() -> None:
    with pytest.raises(InputError, match="is a flat vector"):
        net_sizes(asked_net(Source("net.txt", "input 784\ndense 10\n")))


def test_a_rule_is_the_smallest_period_that_the_sizes_show() -> None:
    rule = found_rule(lambda n: n in (3, 5) or (n >= 20 and n % 6 in (1, 4)))
    assert rule == SizeRule(22, 3, (1,), (3, 5), 259)
    assert rule.first_ones(3) == (22, 25, 28)
    assert (rule.below(22), rule.above(22), rule.below(5), rule.smallest) == (5, 25, 3, 3)


def test_what_shows_no_rule_has_none() -> None:
    squares = {n * n for n in range(100)}
    assert found_rule(lambda n: n in squares) is None


def test_the_sizes_that_make_an_output_are_all_of_them() -> None:
    # U-Net's paper: 572 in, 388 out; the last pool before the turn drops up to 15 more rows.
    (unet,) = output_sizes(asked_net(find("unet")), "388")
    assert [[one.size for one in axis.found] for axis in unet.axes] == [list(range(572, 588))] * 2
    assert [one.size for one in unet.axes[0].found if one.loses_nothing] == [572]
    assert unet.whole is not None
    assert unet.whole.sizes == (572, 572)


def test_where_the_output_is_flat_the_last_map_is_asked() -> None:
    (vgg,) = output_sizes(asked_net(find("vgg16")), "7x7x512")
    assert not vgg.is_output
    assert vgg.node.origin.span.line == 23
    assert [(axis.found[0].size, axis.found[-1].size, len(axis.found)) for axis in vgg.axes] == [(224, 255, 32)] * 2


@pytest.mark.parametrize("name", CASES)
def test_the_sizes_of_every_output_are_those_of_the_text_read_again(name: str) -> None:
    text = CASES[name] if name != "residual" else CASES[name].partition("gap")[0]
    net = asked_net(Source("net.txt", text))
    rank = net.graph.nodes[0].output.rank
    made: dict[int, list[int]] = {}
    for size in SIZES:
        graph, faults = read(Source("net.txt", text), "x".join([str(size)] * rank))
        if not faults:
            made.setdefault(graph.nodes[graph.outputs[0]].output.spatial[0], []).append(size)
    for wanted in [one for one in sorted(made) if one < max(made)][:4]:
        answer = output_sizes(net, str(wanted))[0]
        if is_square(net.graph):
            assert [one.size for one in answer.axes[0].found] == made[wanted], wanted


def test_an_output_that_no_size_makes_is_between_two_that_some_do() -> None:
    (answer,) = output_sizes(asked_net(find("unet")), "389")
    axis = answer.axes[0]
    assert answer.whole is None
    assert axis.below is not None
    assert axis.above is not None
    assert (axis.found, axis.below.size, axis.below.outputs, axis.above.size) == ((), 587, (388,), 588)


@pytest.mark.parametrize("asked", ["389x388x3", "1x2x3x4"])
def test_an_output_that_the_net_cannot_have_is_refused(asked: str) -> None:
    with pytest.raises(InputError, match="its output is 388x388x2"):
        output_sizes(asked_net(find("unet")), asked)


def test_weights_of_a_dense_layer_serve_the_sizes_that_the_last_pool_makes_equal() -> None:
    # VGG-16's five pools halve 224 to 7; up to 255 rows they drop the rest.
    answer = shipped_answer("vgg16")
    assert answer.kept is not None
    assert (answer.kept.node.origin.span.line, answer.kept.ranges) == (25, ((224, 255), (224, 255)))
    assert shipped_answer("resnet18").kept is None


PROGRAM = """\
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 5)
        self.fc = nn.Linear(6 * 5 * 5, 10)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.fc(x.view(-1, 6 * 5 * 5))
net = Net()
net(torch.zeros(1, 3, 14, 14))
"""


def test_a_program_whose_dense_layer_fixes_the_size_is_read_again_and_says_why() -> None:
    answer = net_sizes(asked_net(Source("net.py", "import torch\n" + PROGRAM)))
    axis = answer.axes[0]
    assert answer.is_reread
    assert axis.fitting is not None
    assert (axis.fitting.others, axis.fitting.remainders) == ((14, 15), ())
    assert axis.beyond is not None
    assert axis.beyond.refused is not None
    assert (axis.beyond.size, axis.beyond.refused.line) == (16, 11)
    assert "1x6x6x6 = 216 numbers" in axis.beyond.refused.reason


DYNAMIC = """\
import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.up = nn.ConvTranspose2d(4, 4, 2, stride=2)
    def forward(self, x):
        a = self.conv(x)
        b = self.up(F.max_pool2d(a, 2))
        rows = a.size(2) - b.size(2)
        columns = a.size(3) - b.size(3)
        return torch.cat([a, F.pad(b, [0, columns, 0, rows])], 1)
net = Net()
net(torch.zeros(1, 3, 16, 16))
"""


def test_a_program_that_pads_by_sizes_it_works_out_fits_every_size() -> None:
    answer = net_sizes(asked_net(Source("net.py", DYNAMIC)))
    axis = answer.axes[0]
    assert answer.is_reread
    assert axis.fitting is not None
    assert (axis.fitting.start, axis.fitting.period) == (2, 1)
    assert axis.lossless is not None
    assert (axis.lossless.start, axis.lossless.period, axis.lossless.remainders) == (2, 2, (0,))


TWO_SIZES = """\
fine: input 64x64x3
conv 2 3x3 same
maxpool 2x2
a: conv 2 3x3 same
coarse: input 32x32x3
conv 2 3x3 same
concat a
maxpool 2x2
"""


def test_inputs_of_which_only_one_pair_fits_grow_together() -> None:
    answer = net_sizes(asked_net(Source("net.txt", TWO_SIZES)), "70")
    axis = answer.axes[0]
    assert axis.fitting is not None
    assert axis.lossless is not None
    assert (axis.fitting.period, axis.fitting.remainders, axis.lossless.period) == (2, (0,), 4)
    assert [one.sizes for one in answer.nearest] == [(68, 68), (72, 72)]
    for size in range(2, 24):
        faults = read(Source("net.txt", TWO_SIZES), f"fine={size},coarse={size // 2}")[1]
        assert axis.fitting.holds(size) == (not faults and size % 2 == 0), size


def test_a_size_of_a_second_input_that_is_asked_is_the_one_that_is_looked_at() -> None:
    answer = net_sizes(asked_net(Source("net.txt", TWO_SIZES)), "fine=100,coarse=25")
    assert not answer.fits
    assert answer.axes[0].fitting is not None
    assert answer.axes[0].fitting.others == (50, 51)


def test_every_axis_of_a_volume_has_its_own_rule() -> None:
    text = "input 16x64x64x1\nconv 2 3x3x3 same\nmaxpool 1x2x2\nconv 2 3x3x3\nmaxpool 2x2x2\n"
    answer = net_sizes(asked_net(Source("net.txt", text)), "17x61x62")
    rules = [axis.lossless for axis in answer.axes]
    assert [(rule.period, rule.remainders) for rule in rules if rule] == [(2, (0,)), (4, (0,)), (4, (0,))]
    # 17 - 2 = 15 planes, 61 rows and 62 / 2 - 2 = 29 columns are odd
    assert [[one.left for one in axis.asked.losses] for axis in answer.axes] == [[1], [1], [1]]


def test_a_size_far_too_small_still_finds_those_that_fit() -> None:
    answer = shipped_answer("lenet5", "1")
    assert answer.refused is not None
    assert answer.refused.line == 7
    assert [one.sizes for one in answer.nearest] == [(16, 16)]


def sizes_of(text: str, asked: str | None = None) -> NetSizes:
    return net_sizes(asked_net(Source("net.txt", text), None, asked), asked)


def test_zeros_around_a_map_of_one_pixel_are_no_spreading() -> None:
    """7 makes 3 and 1; `summary --input 7x7` counts 3x3x16."""
    answer = sizes_of("input 32x32x3\na: conv 8 3x3 stride=2\nb: conv 8 3x3\nconcat a b pad\n", "7x7")
    assert answer.fits
    assert answer.smallest is not None
    assert answer.smallest.sizes == (7, 7)


def test_a_stride_that_keeps_one_pixel_rounds() -> None:
    """1 by stride 2 is 1/2, which is rounded to 1; 4k is divided twice."""
    even = sizes_of("input 8x8x3\nconv 8 3x3 stride=2 padding=1\nconv 8 3x3 stride=2 padding=1\n").axes[0].even
    assert even is not None
    assert [n for n in range(1, 13) if even.holds(n)] == [4, 8, 12]


TWO = "x: input 64x64x3\ny: input 64x64x1\np: conv 8 3x3 stride=2 padding=1 from x\n"
TWO += "q: conv 8 3x3 stride=2 padding=1 from y\nadd p q\n"


def test_inputs_that_grow_together_are_named_as_the_option_takes_them() -> None:
    answer = sizes_of(TWO, "65x70")
    text = drawn(net_sizes_sheet(answer), Canvas(100))
    assert "Use           --input x=65x70,y=65x70: every layer fits" in text
    assert "grow with x: y is as large" in text
    assert read(Source("net.txt", TWO), "x=65x70,y=65x70")[1] == ()


def test_a_net_that_no_size_fits_has_no_answer() -> None:
    answer = sizes_of("input 32x32x3\na: conv 8 3x3 same\nmaxpool 2x2\nconv 8 3x3 same\nmul a\n")
    assert not is_found(answer)
    assert "no size up to 2304 fits\n" in drawn(net_sizes_sheet(answer), Canvas(100))
