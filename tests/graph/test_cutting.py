"""A net that ends with one of its lines: what stays, what goes, and what each of its lines is called."""

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.flat_text import flat_text
from cnncalc.graph.cutting import cut
from cnncalc.net_files import checked
from cnncalc.report.foot import net_facts
from cnncalc.runtime.weights import load
from cnncalc.sources import companion, shipped

LINES = """title "two branches"
input 32x32x3
a: conv 8 3x3 same relu
split
branch
conv 8 3x3 same
branch
b: conv 8 5x5 same => 32x32x8 params 1608
conv 8 3x3 same times 3
join add
block pair n
conv $n 3x3 same
conv $n 3x3 same
end
c: pair 16
gap
dense 10 softmax
total => params 7000
answer 1 c.params = 1
answer 2 b.params = 1608
"""


def net(until=None, text=LINES):
    return checked(Source("net.txt", text), None, None, until)


def names(graph):
    return [node.name for node in graph.nodes]


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("a", ["input1", "a", "a.relu"]),
        ("b", ["input1", "a", "a.relu", "b"]),
        ("8", ["input1", "a", "a.relu", "b"]),
        ("conv1", ["input1", "a", "a.relu", "conv1"]),
        ("conv3", ["input1", "a", "a.relu", "b", "conv2", "conv3"]),
        ("c.conv1", ["input1", "a", "a.relu", "conv1", "b", "conv2", "conv3", "conv4", "add1", "c.conv1"]),
        ("input1", ["input1"]),
    ],
)
def test_what_the_line_needs_is_kept_under_its_own_name(place, kept):
    found = net(place)
    assert names(found) == kept
    assert found.outputs == (len(kept) - 1,)


@pytest.mark.parametrize("place", ["c", "15", "c.conv2"])
def test_a_label_a_number_and_a_name_mean_the_same_line(place):
    assert names(net(place))[-1] == "c.conv2"


def test_what_is_said_of_the_whole_goes_and_what_is_said_of_its_lines_stays():
    found = net("b")
    assert found.totals == ()
    assert [one.number for one in found.questions] == ["2"]
    assert [row.answers != () for row in found.rows] == [False, False, True]
    assert analyse(found).totals.figures.params == 224 + 1608  # (3*3*3 + 1) * 8 and (5*5*8 + 1) * 8


def test_of_a_repeated_line_the_copies_up_to_there_are_kept():
    found = net("conv3")
    assert [(row.copy, row.copies) for row in found.rows[-2:]] == [(1, 2), (2, 2)]


def test_the_call_of_a_block_that_is_cut_is_shown_open():
    inner, whole = net("c.conv1"), net("c")
    assert [group.complete for group in inner.groups] == [False]
    assert [group.complete for group in whole.groups] == [True]
    assert "c" not in inner.labels
    assert "c" in whole.labels


def test_the_foot_says_that_the_net_was_cut():
    facts = {fact.name: fact.text for fact in net_facts(analyse(net("b")), "channels_last")}
    assert facts["--until"] == "the net ends with b: 3 of its 12 lines, those that are needed"


def test_the_last_line_is_the_whole_net():
    assert net("dense1") == net()
    assert net("dense1").document is not None


def test_lists_of_classes_belong_to_the_whole_net():
    assert checked(shipped("resnet18"), None, None, "stage4").classes == ""
    assert checked(shipped("resnet18"), None, None, "dense1").classes == "imagenet"


def test_resnet18_without_its_head_has_the_parameters_of_torchvision():
    """sum(p.numel() for p in resnet18().parameters()) less those of fc, with torchvision 0.24."""
    found = analyse(checked(shipped("resnet18"), None, None, "stage4"))
    assert found.totals.figures.params == 11_176_512
    assert found.totals.outputs[0].text() == "7x7x512"


def test_weights_whose_owner_goes_belong_to_the_first_line_that_uses_them():
    text = "x: input 8x8x1\na: conv 4 3x3 frozen\nb: conv 4 3x3 shared=a from x\nc: conv 4 3x3 shared=a from x\nadd b\n"
    found = net("add1", text)
    assert names(found) == ["x", "b", "c", "add1"]
    assert [node.shares for node in found.nodes] == [None, None, 1, None]
    assert found.cut.owners == {"b": "a"}
    assert (analyse(found).totals.figures.params, analyse(found).totals.figures.frozen) == (40, 40)


@pytest.mark.parametrize(("name", "rows"), [("googlenet", (15, 24)), ("unet", (4, 19)), ("resnet18", (6, 11))])
def test_a_cut_at_any_line_is_a_net_that_a_text_says(name, rows):
    whole = checked(shipped(name))
    for row in (whole.rows[one] for one in rows):
        found = cut(whole, row.last, "here")
        again = checked(Source("again", flat_text(found)))
        assert [(node.layer, node.inputs) for node in again.nodes] == [(n.layer, n.inputs) for n in found.nodes]
        assert sum(one.figures.params for one in analyse(found).rows) == analyse(again).totals.figures.params


@pytest.mark.parametrize("place", ["conv9", "", "0", "4", "99", "1e9", "-1", "x" * 5000, "\x1b[31m"])
def test_a_line_that_is_not_there_is_one_clear_error(place):
    with pytest.raises(InputError) as caught:
        net(place)
    (found,) = caught.value.diagnostics
    assert found.code == "unknown-place"
    assert "\x1b" not in found.message
    assert len(found.message) < 200
    assert "a name: a, b, c, input1" in found.help or "did you mean" in found.help


def test_a_file_of_the_whole_net_has_the_weights_of_a_part_of_it():
    found = analyse(checked(shipped("mnist-convnet"), None, None, "conv2"))
    weights = load(Path(companion("mnist-convnet", ".safetensors")), found)
    assert list(weights.arrays) == ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"]
