"""Nets with one thing different, made of the net itself: their counts are those of others who have it so."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.counting import net_figures
from cnncalc.diagnostics import Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.questions.near_nets import near_nets, with_side
from cnncalc.questions.rebuilt_nets import rebuilt
from cnncalc.sources import find

SMALL = """
let alpha = 1
input 32x32x3
conv 8*$alpha 3x3 padding=1 nobias bn relu
dwconv 3x3 stride=2 padding=1 bn relu
conv 16*$alpha 1x1 groups=2
gap
dense 1000
"""


def net(text: str) -> Graph:
    return checked(Source("net.txt", text))


def counts(graph: Graph) -> dict[str, tuple[int, int]]:
    """Params and MACs of each near net, by what is different."""
    figures = {one.claim: net_figures(one.net.graph) for one in near_nets(graph, None, {})}
    return {claim: (found.params, found.cost.macs) for claim, found in figures.items()}


def test_resnet50_with_the_stride_on_the_1x1_has_the_macs_of_keras() -> None:
    """3,857,973,248: Keras' own ResNet50, and the paper's 3.8 billion."""
    found = counts(checked(find("resnet50")))
    assert found["with the stride on the 1x1 convolution of each bottleneck"] == (25_557_032, 3_857_973_248)
    assert "with the stride on the 3x3 convolution of each bottleneck" not in found


def test_resnet50_of_keras_with_the_stride_on_the_3x3_has_the_macs_of_torchvision() -> None:
    found = counts(checked(find("resnet50-keras")))
    assert found["with the stride on the 3x3 convolution of each bottleneck"] == (25_583_592, 4_089_184_256)
    assert found["without biases in the convolutions"] == (25_557_032, 3_857_973_248)
    assert found["without the top (include_top=False: it ends with 7x7x2048)"][0] == 23_534_592


def test_vgg16_without_its_top_and_with_batch_norm_are_those_of_keras_and_torchvision() -> None:
    """14,714,688: Keras' VGG16(include_top=False); 138,365,992: torchvision's vgg16_bn."""
    found = counts(checked(find("vgg16")))
    assert found["without the top (include_top=False: it ends with 7x7x512)"] == (14_714_688, 15_346_630_656)
    assert found["with batch norm after every convolution"][0] == 138_365_992


def test_googlenet_without_its_other_outputs_is_the_one_without_classifiers_in_between() -> None:
    """6,624,904 parameters and 1,498,376,192 MACs: torchvision with aux_logits=False."""
    found = counts(checked(find("googlenet-aux")))
    assert found["without its other outputs than `main.softmax`"] == (6_624_904, 1_498_376_192)


def test_each_near_net_counts_what_its_own_text_would() -> None:
    """The same change written into the text gives the same counts."""
    found = counts(net(SMALL))
    texts = {
        "without batch norm": SMALL.replace(" bn", ""),
        "with batch norm folded into the convolutions' biases": SMALL.replace(" nobias bn", "").replace(" bn", ""),
        "with a bias in every convolution": SMALL.replace(" nobias", ""),
        "with 10 classes": SMALL.replace("1000", "10"),
        "with alpha=2": SMALL.replace("alpha = 1", "alpha = 2"),
        "with every grouped convolution as a plain one": SMALL.replace("dwconv", "conv 8").replace(" groups=2", ""),
        "without the top (include_top=False: it ends with 16x16x16)": SMALL.partition("gap")[0],
    }
    for claim, text in texts.items():
        whole = net_figures(net(text))
        assert (claim, *found[claim]) == (claim, whole.params, whole.cost.macs)


@pytest.mark.parametrize("side", [33, 64, 227])
def test_a_net_on_other_pictures_is_the_net_read_with_that_input(side: int) -> None:
    near = with_side(net(SMALL), side)
    assert near is not None
    other = checked(Source("net.txt", SMALL), str(side))
    assert net_figures(near.net.graph).cost == analyse(other).totals.figures.cost
    assert (near.claim, near.options) == (f"at {side}x{side}", f"--input {side}")


def test_a_size_that_does_not_fit_makes_no_net() -> None:
    assert with_side(net("input 32x32x3\nconv 4 31x31\n"), 28) is None
    assert with_side(net("input 100\ndense 10\n"), 64) is None


def test_a_net_put_together_again_has_the_same_figures_row_by_row() -> None:
    graph = net("input 16x16x3\nsplit\nbranch\nconv 4 3x3 same bn relu\nbranch\njoin concat\nflatten\ndense 5\n")
    again = rebuilt(graph)
    assert again is not None
    assert again.origins == tuple(range(len(graph.nodes)))
    one, other = analyse(graph), analyse(again.graph)
    assert [row.figures for row in one.rows] == [row.figures for row in other.rows]
    assert one.totals == other.totals


def test_the_figures_of_a_whole_net_are_those_of_its_analysis() -> None:
    for name in ("lenet5", "mobilenet-v2"):
        graph = checked(find(name))
        whole = analyse(graph).totals.figures
        assert net_figures(graph) == whole._replace(connections=0, activation_size=0, moved=0)


def test_stated_filters_are_left_as_they_are() -> None:
    """An image filter has no bias to add and no number of classes to change."""
    assert counts(net("input 8x8 gray\nconv filter=sharpen padding=1\n")).keys() <= {"at 28x28"} | {
        f"at {side}x{side}" for side in range(1025)
    }
