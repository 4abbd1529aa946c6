"""Which array of a file is which weight: names and shapes of real networks, in every order, and what is refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.api import checked
from cnncalc.diagnostics import InputError
from cnncalc.runtime.matching import Match, matched
from cnncalc.runtime.weight_files.arrays import About, Entry
from cnncalc.sources import find

from . import file_names as names
from .file_names import Named
from .nets import analysed

TORCH, KERAS, LETTERS = About("PyTorch"), About("Keras"), About(form="safetensors")


def shipped(name: str) -> Analysis:
    return analyse(checked(find(name)))


def match(analysis: Analysis, arrays: Named, about: About = TORCH) -> Match:
    return matched(Path("w.pth"), analysis, [Entry(name, shape, "F32") for name, shape in arrays], about)


def pairs(found: Match) -> dict[str, str]:
    return {name: stored.entry for name, stored in found.found.items()}


def refusal(analysis: Analysis, arrays: Named, about: About = TORCH) -> tuple[str, ...]:
    """The code and the notes of the error."""
    with pytest.raises(InputError) as error:
        match(analysis, arrays, about)
    (found,) = error.value.diagnostics
    assert found.help
    return (found.code, *found.notes)


NETS: dict[str, tuple[str, Callable[[], Named]]] = {
    "resnet18": ("resnet18", names.resnet18),
    "mobilenet_v2": ("mobilenet-v2", names.mobilenet_v2),
    "vgg16": ("vgg16", names.vgg16),
    "vgg16_bn": ("vgg16-bn", lambda: names.vgg16(norm=True)),
    "squeezenet1_0": ("squeezenet", names.squeezenet),
    "densenet121": ("densenet121", names.densenet121),
    "googlenet": ("googlenet", lambda: names.googlenet(aux=False)),
    "googlenet with aux": ("googlenet", lambda: names.googlenet(aux=True)),
    "inception_v3": ("inception-v3", names.inception_v3),
}
"""torchvision's networks -> our name, their arrays."""


@pytest.mark.parametrize("name", NETS)
def test_torchvisions_arrays_are_found_as_they_were_made_and_in_the_order_of_letters(name: str) -> None:
    ours, arrays = NETS[name]
    analysis = shipped(ours)
    made, letters = match(analysis, arrays()), match(analysis, sorted(arrays()), LETTERS)
    assert pairs(made) == pairs(letters)
    assert made.way == "matched by names and shapes"
    assert made.doubts == ()
    assert [doubt.code for doubt in letters.doubts] == (["weights-unsure"] if name == "inception_v3" else [])


@pytest.mark.parametrize("name", [name for name in NETS if name != "inception_v3"])
def test_a_file_that_was_written_backwards_gives_the_same(name: str) -> None:
    ours, arrays = NETS[name]
    analysis = shipped(ours)
    assert pairs(match(analysis, arrays()[::-1])) == pairs(match(analysis, arrays()))


def test_inception_written_backwards_is_refused_as_its_branches_have_equal_shapes() -> None:
    assert refusal(shipped("inception-v3"), names.inception_v3()[::-1]) == (
        "weights-ambiguous",
        "mixed51.conv1 could be Mixed_5b.branch3x3dbl_1.conv or Mixed_5b.branch1x1.conv: both have its shapes",
    )


LAYERS = {
    "mixed51.conv1": "Mixed_5b.branch1x1.conv",
    "mixed51.conv2": "Mixed_5b.branch5x5_1.conv",
    "mixed51.conv4": "Mixed_5b.branch3x3dbl_1.conv",
    "mixed51.conv7": "Mixed_5b.branch_pool.conv",
    "mixed61.conv1": "Mixed_6b.branch1x1.conv",
    "mixed61.conv10": "Mixed_6b.branch_pool.conv",
}
"""Of Inception v3: convolutions that a flat list of shapes gives to one another's lines."""


def test_inceptions_equal_shapes_go_to_the_branches_that_they_are_of() -> None:
    found = pairs(match(shipped("inception-v3"), names.inception_v3()))
    assert {line: found[f"{line}.weight"].removesuffix(".weight") for line in LAYERS} == LAYERS


def test_heads_for_training_are_left_out_and_named() -> None:
    assert match(shipped("googlenet"), names.googlenet(aux=True)).unused == ("aux1", "aux2")
    assert match(shipped("inception-v3"), names.inception_v3()).unused == ("AuxLogits",)


def test_a_file_with_batch_norms_is_never_taken_by_a_net_without_them() -> None:
    assert refusal(shipped("vgg16"), names.vgg16(norm=True)) == (
        "weights-mismatch",
        "1 of 16 lines fit; then expected conv2.weight 64x64x3x3, found features.1.weight 64",
    )
    two = analysed("order channels_first\ninput 3x8x8\nconv 4 3x3\nconv 4 3x3\n")
    one_norm = names.conv("a", 4, 3, 3, bias=True) + names.bn("norm", 4) + names.conv("b", 4, 4, 3, bias=True)
    assert refusal(two, one_norm)[1] == "the file has more than the net: norm"


def test_another_number_of_classes_is_the_difference_that_is_told() -> None:
    assert refusal(shipped("resnet18"), names.resnet18(classes=10)) == (
        "weights-mismatch",
        "40 of 41 lines fit; then expected dense1.weight 1000x512, found fc.weight 10x512",
    )


def test_a_deeper_net_is_told_by_the_first_line_that_differs() -> None:
    assert refusal(shipped("resnet34"), names.resnet18())[1] == (
        "10 of 73 lines fit; then expected stage1.basic3.conv1.weight 64x64x3x3, found layer2.0.conv1.weight 128x64x3x3"
    )


def test_a_bias_that_only_one_of_them_has_is_told() -> None:
    net = "input 8x8x3\nconv 4 3x3{}\nconv 5 3x3\n"
    arrays = names.conv("conv1", 4, 3, 3) + names.conv("out", 5, 4, 3, bias=True)
    assert refusal(analysed(net.format("")), arrays)[1] == (
        "0 of 2 lines fit; then conv1 has a bias, the file's conv1 has none (4x3x3x3 both)"
    )
    arrays = names.conv("conv1", 4, 3, 3, bias=True) + names.conv("out", 5, 4, 3, bias=True)
    assert refusal(analysed(net.format(" nobias")), arrays)[1] == (
        "0 of 2 lines fit; then the file's conv1 has a bias, conv1 has none (4x3x3x3 both)"
    )


def test_a_file_that_goes_on_where_the_net_ends_is_told() -> None:
    text = "order channels_first\ninput 3x32x32\nconv 4 3x3\nflatten\ndense 5\n"
    arrays = names.conv("features.0", 4, 3, 3, bias=True) + names.dense("classifier.0", 5, 3600)
    more = names.dense("classifier.3", 5, 5) + names.dense("classifier.6", 5, 5) + names.dense("classifier.8", 5, 5)
    assert refusal(analysed(text), arrays + more) == (
        "weights-mismatch",
        "the file goes on where the net ends: classifier.3 and 2 more",
    )


def test_a_file_that_ends_before_the_net_is_told_with_both_counts() -> None:
    text = "input 8x8x3\nconv 4 3x3\nconv 4 3x3\n"
    assert refusal(analysed(text), names.conv("0", 4, 3, 3, bias=True)) == (
        "weights-mismatch",
        "the net has 2 lines with weights, the file 1 module; the first line without one: conv2, conv2.weight 4x4x3x3",
    )


def test_another_program_and_another_net_are_told_by_a_first_line() -> None:
    assert refusal(shipped("squeezenet"), names.resnet18())[1] == (
        "0 of 26 lines fit; then expected conv1.weight 96x3x7x7, found conv1.weight 64x3x7x7"
    )


def test_names_in_common_do_not_stop_the_other_ways() -> None:
    """ResNet's own `conv1.weight` is called so here as well; nothing else is."""
    assert "conv1.weight" in dict(names.resnet18())
    assert pairs(match(shipped("resnet18"), names.resnet18()))["conv1.weight"] == "conv1.weight"


def test_a_hundred_and_fifty_layers_are_matched_in_a_moment() -> None:
    analysis, arrays = shipped("densenet121"), names.densenet121()
    match(analysis, arrays)
    start = time.process_time()
    match(analysis, arrays)
    assert time.process_time() - start < 1  # 0.03 s where nothing else runs


@pytest.mark.parametrize("arrays", [
    [(f"{'abcdefgh'[n % 8]}{n}x", (4, 4)) for n in range(4000)],
    [(f"layer.{'ab' * n}.weight", (4, 4, 3, 3)) for n in range(600)],
    [(".".join("x" * 200) + f".{n}.weight", (4,)) for n in range(2000)],
    [(f"{'.' * (n % 50)}{n}", ()) for n in range(3000)],
    [("", (1,)), (".", (2,)), ("/", (3,)), (":0", (4,)), ("weight", (4, 4, 3, 3)), ("0", (4,))],
])  # fmt: skip
def test_names_made_to_be_slow_are_refused_in_bounded_time(arrays: Sequence[tuple[str, tuple[int, ...]]]) -> None:
    net = analysed("input 40x40x4\n" + "conv 4 3x3 same nobias\n" * 60 + "dense 3\n")
    start = time.process_time()
    assert refusal(net, list(arrays), LETTERS)[0].startswith("weights-")
    assert time.process_time() - start < 10
