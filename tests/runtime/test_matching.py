"""Which array of a file is which weight: names and shapes of real networks, in every order, and what is refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import InputError
from cnncalc.graph.stored import Step, Stored
from cnncalc.net_files import checked
from cnncalc.runtime.file_arrays import About, Entry
from cnncalc.runtime.matching import Match, declared, matched
from cnncalc.runtime.taking import shape_after
from cnncalc.sources import find
from tests.time_limits import allowed

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


OF_VIT = {"encoder1.ln1": "encoder_layer_0.ln_1", "encoder12.ln2": "encoder_layer_11.ln_2", "ln1": "encoder.ln"}
"""Of ViT-B/16: in the tree of names the last norm is nearer to the positions than the norms of the blocks."""


@pytest.mark.parametrize("last", ["encoder.ln", "norm"])
def test_the_last_norm_of_a_transformer_is_no_blocks(last: str) -> None:
    arrays = names.vit_b_16(last=last)
    found = match(shipped("vit-b16"), arrays)
    for line, module in OF_VIT.items():
        assert pairs(found)[f"{line}.weight"].endswith(f"{last if line == 'ln1' else module}.weight")
    assert found.doubts == ()


def test_in_the_order_of_letters_it_is_found_with_a_doubt() -> None:
    found = match(shipped("vit-b16"), sorted(names.vit_b_16()), LETTERS)
    assert all(pairs(found)[f"{line}.bias"].endswith(f"{module}.bias") for line, module in OF_VIT.items())
    assert [doubt.code for doubt in found.doubts] == ["weights-unsure"]


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
    assert time.process_time() - start < allowed(1)  # 0.03 s where nothing else runs


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
    assert time.process_time() - start < allowed(10)


# ---------------------------------------------------------------------- layouts
def stored(text: str, arrays: Named, about: About) -> dict[str, tuple[str, list[tuple[str, tuple[int, ...]]]]]:
    """Each weight's array and what is done to it."""
    found = match(analysed(text), arrays, about).found
    return {name: (one.entry, [(step.kind, step.numbers) for step in one.steps]) for name, one in found.items()}


def test_kerass_axes_are_put_in_the_order_of_the_net() -> None:
    """h w in out, h w in multiplier, h w out in, in out: Keras' shapes of `kernel`."""
    text = "input 9x9x3\nconv 4 3x2\ndwconv 3x3 multiplier=2\nupconv 5 2x2 stride=2\ngap\ndense 6\n"
    arrays: Named = [
        ("conv2d/kernel", (3, 2, 3, 4)), ("conv2d/bias", (4,)),
        ("depthwise_conv2d/kernel", (3, 3, 4, 2)), ("depthwise_conv2d/bias", (8,)),
        ("conv2d_transpose/kernel", (2, 2, 5, 8)), ("conv2d_transpose/bias", (5,)),
        ("dense/kernel", (5, 6)), ("dense/bias", (6,)),
    ]  # fmt: skip
    found = stored(text, arrays, KERAS)
    assert found["conv1.weight"] == ("conv2d/kernel", [("transpose", (3, 2, 0, 1))])
    assert found["dwconv1.weight"] == (
        "depthwise_conv2d/kernel", [("transpose", (2, 3, 0, 1)), ("reshape", (8, 3, 3))]
    )  # fmt: skip
    assert found["upconv1.weight"] == ("conv2d_transpose/kernel", [("transpose", (3, 2, 0, 1))])
    assert found["dense1.weight"] == ("dense/kernel", [("transpose", (1, 0))])
    assert found["dense1.bias"] == ("dense/bias", [])


def test_a_learned_table_is_the_first_numbered_variable_of_keras_layer() -> None:
    text = "input 5 channels 8\nx: conv 4 1\np: learned 5x4\nadd x p\nflatten\ndense 3\n"
    arrays = [("places/dense/0", (8, 4)), ("places/dense/1", (4,)), ("places/embedding/0", (5, 4))]
    arrays += [("dense/kernel", (20, 3)), ("dense/bias", (3,))]
    found = match(analysed(text), arrays, About("Keras", ordered=False))
    assert pairs(found)["p.weight"] == "places/embedding/0"
    assert found.found["p.weight"].steps == ()


def test_a_separable_convolution_is_one_layer_in_keras_and_two_in_pytorch() -> None:
    text = "input 9x9x3\nsepconv 4 3x3\nbn\n"
    one: Named = [("s/depthwise_kernel", (3, 3, 3, 1)), ("s/pointwise_kernel", (1, 1, 3, 4)), ("s/bias", (4,))]
    numbered: Named = [("s/vars/0", (3, 3, 3, 1)), ("s/vars/1", (1, 1, 3, 4)), ("s/vars/2", (4,))]
    two = names.conv("s.depth", 3, 1, 3) + names.conv("s.point", 4, 3, 1, bias=True)
    bn = names.bn("n", 4)
    assert pairs(match(analysed(text), one + bn, KERAS))["sepconv1.pointwise_weight"] == "s/pointwise_kernel"
    assert pairs(match(analysed(text), numbered + bn, KERAS))["sepconv1.depthwise_weight"] == "s/vars/0"
    found = pairs(match(analysed(text), two + bn))
    assert found["sepconv1.depthwise_weight"] == "s.depth.weight"
    assert found["sepconv1.bias"] == "s.point.bias"


def test_a_dense_layer_is_a_convolution_of_one_place_and_one_over_the_whole_map() -> None:
    text = "order channels_first\ninput 3x4x4\nconv 2 1x1\nflatten\ndense 5\n"
    arrays: Named = [("a.weight", (2, 3)), ("a.bias", (2,)), ("b.weight", (5, 2, 4, 4)), ("b.bias", (5,))]
    found = stored(text, arrays, TORCH)
    assert found["conv1.weight"] == ("a.weight", [("reshape", (2, 3, 1, 1))])
    assert found["dense1.weight"] == ("b.weight", [("reshape", (5, 32))])


def test_slopes_and_offsets_of_other_axes_are_taken() -> None:
    """Keras keeps axes of size 1 for the places that share a slope, PyTorch one number for all channels."""
    text = "input 4x4x3\nprelu\nlayerscale\n"
    keras: Named = [("p/alpha", (1, 1, 3)), ("g/gamma", (3,))]
    torch: Named = [("p.weight", (1,)), ("block.gamma", (3, 1, 1))]
    assert stored(text, keras, KERAS)["prelu1.weight"] == ("p/alpha", [("reshape", (3,))])
    found = stored(text, torch, TORCH)
    assert found["prelu1.weight"] == ("p.weight", [("reshape", (1,)), ("spread", (3,))])
    assert found["layerscale1.weight"] == ("block.gamma", [("reshape", (3,))])


def test_two_arrays_of_one_role_under_one_path_are_both_seen() -> None:
    """`alpha` usually is a slope, the only array of its layer; beside a `weight` it is one array too many."""
    arrays = names.conv("a", 4, 3, 3)
    assert refusal(analysed("input 4x4x3\nconv 4 3x3 nobias\n"), [*arrays, ("a.alpha", (4,))]) == (
        "weights-mismatch",
        "the file goes on where the net ends: a.alpha",
    )


def test_equal_axes_of_another_meaning_do_not_fit() -> None:
    """One filter for three channels is not three filters for one channel, though both have 27 numbers."""
    assert refusal(analysed("input 4x4x1\nconv 3 3x3 nobias\n"), names.conv("a", 1, 3, 3))[1] == (
        "0 of 1 lines fit; then expected conv1.weight 3x1x3x3, found a.weight 1x3x3x3"
    )


COLUMNS = [("reshape", (3, 2, 4, 4)), ("transpose", (0, 2, 3, 1)), ("reshape", (3, 32))]
"""Of a dense layer of 3 units that reads 4x4x2: from channels first to channels last."""


@pytest.mark.parametrize("between", ["", "dropout 0.5\n", "relu\n", "dropout 0.5\nrelu\n"])
def test_columns_after_a_flatten_are_put_in_the_order_of_the_net(between: str) -> None:
    text = f"input 4x4x2\nflatten\n{between}dense 3\n"
    arrays = names.dense("classifier.1", 3, 32)
    assert stored(text, arrays, TORCH)["dense1.weight"] == ("classifier.1.weight", COLUMNS)
    first = "order channels_first\n" + text.replace("4x4x2", "2x4x4")
    assert stored(first, arrays, TORCH)["dense1.weight"] == ("classifier.1.weight", [])
    found = match(analysed(text), arrays)
    assert found.remarks == ("weights of dense1 put in the order of this net's flatten",)


def test_keras_columns_are_put_in_the_order_of_a_net_that_flattens_channels_first() -> None:
    text = "order channels_first\ninput 2x4x4\nflatten\ndense 3\n"
    steps = [("transpose", (1, 0)), ("reshape", (3, 4, 4, 2)), ("transpose", (0, 3, 1, 2)), ("reshape", (3, 32))]
    assert stored(text, [("d/kernel", (32, 3)), ("d/bias", (3,))], KERAS)["dense1.weight"] == ("d/kernel", steps)


KERNEL = [("d/kernel", (32, 3)), ("d/bias", (3,))]
TURNED = [("transpose", (1, 0))]


@pytest.mark.parametrize(
    ("text", "arrays", "about", "array", "steps"),
    [
        ("order channels_first\ninput 2x4x4\nflatten channels_last\ndense 3\n", None, TORCH, "d.weight", []),
        ("input 4x4x2\nflatten channels_first\ndense 3\n", KERNEL, KERAS, "d/kernel", TURNED),
        ("input 4x4x2\nflatten channels_first\ndense 3\n", None, TORCH, "d.weight", []),
        ("order channels_first\ninput 2x4x4\nflatten channels_last\ndense 3\n", KERNEL, KERAS, "d/kernel", TURNED),
    ],
)
def test_columns_stay_as_they_are_where_the_flatten_says_an_order_of_its_own(
    text: str, arrays: Named | None, about: About, array: str, steps: list[tuple[str, tuple[int, ...]]]
) -> None:
    """`x.permute(0, 2, 3, 1).flatten(1)` of PyTorch and `Permute` before Keras' Flatten: the file's columns are so too.

    Values of such nets were compared with PyTorch 2.13 and Keras 3.
    """
    found = match(analysed(text), arrays or names.dense("d", 3, 32), about)
    assert stored(text, arrays or names.dense("d", 3, 32), about)["dense1.weight"] == (array, steps)
    assert found.remarks == ()
    unlike = ("channels_last" in text) == (about is TORCH)
    assert [one.code for one in found.doubts] == (["weights-order-unknown"] if unlike else [])


def test_rows_before_a_reshape_with_an_order_of_its_own_stay_as_they_are() -> None:
    """PyTorch's `fc(x).view(-1, 4, 4, 2).permute(0, 3, 1, 2)`."""
    text = "order channels_first\ninput 5\ndense 32\nreshape 4x4x2 channels_last\nconv 1 1x1\n"
    arrays = [*names.dense("fc", 32, 5), *names.conv("c", 1, 2, 1, bias=True)]
    assert stored(text, arrays, TORCH)["dense1.weight"] == ("fc.weight", [])


def test_a_batch_norm_between_flatten_and_dense_is_put_in_that_order_too() -> None:
    found = stored("input 4x4x2\nflatten\nbn\ndense 3\n", names.bn("n", 32) + names.dense("d", 3, 32), TORCH)
    assert found["bn1.running_var"] == (
        "n.running_var", [("reshape", (2, 4, 4)), ("transpose", (1, 2, 0)), ("reshape", (32,))]
    )  # fmt: skip
    assert found["dense1.weight"] == ("d.weight", COLUMNS)


def test_rows_of_a_dense_layer_before_a_reshape_are_put_in_the_order_of_the_net() -> None:
    """As a generator begins: PyTorch's `view(-1, 2, 4, 4)` reads the row channel after channel."""
    found = stored("input 5\ndense 32\nrelu\nreshape 4x4x2\nconv 1 1x1\n", [
        *names.dense("fc", 32, 5), *names.conv("c", 1, 2, 1, bias=True)
    ], TORCH)  # fmt: skip
    assert found["dense1.weight"] == (
        "fc.weight", [("reshape", (2, 4, 4, 5)), ("transpose", (1, 2, 0, 3)), ("reshape", (32, 5))]
    )  # fmt: skip
    assert found["dense1.bias"][1] == [("reshape", (2, 4, 4)), ("transpose", (1, 2, 0)), ("reshape", (32,))]


# ---------------------------------------------------------------------- what shapes cannot say
def doubts(text: str, arrays: Named, about: About) -> list[tuple[str, str]]:
    return [(doubt.code, doubt.message) for doubt in match(analysed(text), arrays, about).doubts]


def test_a_file_of_an_unknown_program_leaves_the_order_of_columns_open() -> None:
    text, arrays = "input 4x4x2\nflatten\ndense 3\n", names.dense("last", 3, 32)
    assert doubts(text, arrays, LETTERS) == [(
        "weights-order-unknown",
        "the file does not say whose it is, and the order of the weights of dense1 depends on it",
    )]  # fmt: skip
    assert doubts(text, arrays, TORCH) == []
    assert doubts("order channels_first\n" + text.replace("4x4x2", "2x4x4"), arrays, LETTERS) == []
    assert doubts(text, names.dense("classifier.1", 3, 32), LETTERS) == []  # a place in PyTorch's Sequential
    assert doubts(text, names.dense("dense1", 3, 32), LETTERS) == []  # the net's own names


def test_several_flattened_maps_in_one_row_are_taken_as_the_file_has_them() -> None:
    text = "input 4x4x2\nsplit\nbranch\n  flatten\nbranch\n  flatten\njoin concat\ndense 3\n"
    arrays = names.dense("last", 3, 64)
    assert [code for code, _ in doubts(text, arrays, TORCH)] == ["weights-order-unknown"]
    assert doubts(text, arrays, KERAS._replace(program="ONNX")) != []
    assert doubts("order channels_first\n" + text.replace("4x4x2", "2x4x4"), arrays, TORCH) == []


STRIDED = "epsilon 0.001\ninput 8x8x3\nconv 4 3x3 stride=2 same nobias\nbn\n"
PADDED = "input 8x8x3\nconv 4 3x3 stride=2 padding=1 nobias\nbn\n"


def test_pytorchs_file_for_a_text_of_keras_is_a_warning() -> None:
    arrays = names.conv("0", 4, 3, 3) + names.bn("1", 4)
    assert doubts(STRIDED, arrays, TORCH) == [
        (
            "weights-padding",
            (
                "the file is PyTorch's, but `same` pads 0 rows before and 1 after here, as Keras does; PyTorch pads "
                "both sides equally, which gives the same shapes and other numbers"
            ),
        ),
        ("weights-epsilon", "the file is PyTorch's, but batch norm here adds 0.001, as Keras' usually does"),
    ]
    assert doubts(PADDED, arrays, TORCH) == []
    assert doubts(STRIDED.replace("stride=2 ", ""), arrays, TORCH)[0][0] == "weights-epsilon"


def test_keras_file_for_a_text_with_pytorchs_epsilon_is_a_warning() -> None:
    arrays: Named = [("c/kernel", (3, 3, 3, 4)), ("n/gamma", (4,)), ("n/beta", (4,))]
    arrays += [("n/moving_mean", (4,)), ("n/moving_variance", (4,))]
    assert doubts(PADDED, arrays, KERAS) == [
        ("weights-epsilon", "the file is Keras', but batch norm here adds 1e-5, as PyTorch's usually does")
    ]
    assert doubts(STRIDED, arrays, KERAS) == []


def test_torchvisions_networks_with_the_epsilon_of_keras_are_no_warning() -> None:
    """Inception v3 and GoogLeNet have 0.001 there too, and their texts never say `same`."""
    found = match(shipped("googlenet"), names.googlenet(aux=False))
    assert found.doubts == ()
    assert found.remarks == ("batch norms add this net's 0.001, where PyTorch's usual number is 1e-5",)


def test_an_epsilon_that_the_program_has_by_itself_or_a_warning_names_is_no_remark() -> None:
    """timm's MobileNetV3 has all shapes of torchvision's and 1e-5 for its 0.001: 0.19 off, and nothing in the file."""
    arrays = names.conv("0", 4, 3, 3) + names.bn("1", 4)
    assert match(analysed(PADDED), arrays).remarks == ()
    assert match(analysed(STRIDED), arrays).remarks == ()
    assert len(match(analysed(f"epsilon 0.01\n{PADDED}"), arrays).remarks) == 1


def test_a_file_with_the_nets_own_names_is_not_doubted() -> None:
    arrays = names.conv("conv1", 4, 3, 3) + names.bn("bn1", 4)
    found = match(analysed(STRIDED), arrays)
    assert (found.way, found.doubts) == ("matched by name", ())


def test_what_stands_in_front_of_all_names_is_no_part_of_them() -> None:
    arrays = [(f"module.net.{name}", shape) for name, shape in names.conv("conv1", 4, 3, 3) + names.bn("bn1", 4)]
    assert match(analysed(STRIDED), arrays).way == "matched by name"


# ---------------------------------------------------------------------- names and order against each other
TWO = "order channels_first\ninput 3x9x9\nconv 3 3x3\nconv 3 3x3\n"


def three_by_three(*called: str) -> Named:
    return [array for name in called for array in names.conv(name, 3, 3, 3, bias=True)]


def test_names_of_the_net_count_more_than_the_order_of_a_file_with_heads_besides() -> None:
    arrays = three_by_three("conv2", "conv1", "auxiliary.conv")
    found = match(analysed(TWO), arrays)
    assert pairs(found)["conv1.weight"] == "conv1.weight"
    assert (found.way, found.unused) == ("matched by name", ("auxiliary",))


def test_numbers_in_names_that_count_down_in_the_file_are_not_taken_in_its_order() -> None:
    """Layers are called in the order of their numbers more often than in the order in which they were made."""
    found = match(analysed(TWO), three_by_three("layer2", "layer1"))
    assert pairs(found)["conv1.weight"] == "layer1.weight"


def test_a_file_in_the_order_of_the_net_is_taken_so_whatever_names_say() -> None:
    found = match(analysed(TWO), three_by_three("stem", "body"))
    assert (pairs(found)["conv1.weight"], found.doubts) == ("stem.weight", ())


def test_a_part_of_a_series_is_never_left_out() -> None:
    """Which of three equal blocks should be missing?"""
    assert refusal(analysed(TWO), three_by_three("block.0", "block.1", "block.2"))[1] == (
        "the file goes on where the net ends: block.2"
    )


def test_of_two_parts_that_could_be_left_out_neither_is_guessed() -> None:
    arrays = three_by_three("left.a", "left.b", "right.a", "right.b")
    assert refusal(analysed(TWO), arrays) == (
        "weights-ambiguous",
        "conv1 could be right.a or left.a: both have its shapes",
    )


# ---------------------------------------------------------------------- equal names
NORMS = "input 4x4x16\nconv2d: conv 16 3x3 same\nlayer_normalization: layernorm\nconv2d_1: conv 16 3x3 same\n"
NORMS += "group_normalization: groupnorm 4\n"


@pytest.mark.parametrize("numbers", [("", ""), ("_3", "_1")], ids=["a session of its own", "after other models"])
def test_a_norm_is_that_of_its_kind_though_convolutions_are_counted_on(numbers: tuple[str, str]) -> None:
    """Of a .weights.h5 in the order of letters, from a session that had made a convolution before."""
    layer, group = f"layer_normalization{numbers[0]}", f"group_normalization{numbers[1]}"
    arrays: Named = [
        *((f"conv2d_{number}/{role}", shape) for number in (1, 2) for role, shape in KERNEL_AND_BIAS),
        *((f"{name}/{role}", (16,)) for name in (group, layer) for role in ("gamma", "beta")),
    ]
    found = match(analysed(NORMS), arrays, About("Keras", ordered=False))
    assert {name: entry for name, entry in pairs(found).items() if name.endswith(".weight")} == {
        "conv2d.weight": "conv2d_1/kernel",
        "layer_normalization.weight": f"{layer}/gamma",
        "conv2d_1.weight": "conv2d_2/kernel",
        "group_normalization.weight": f"{group}/gamma",
    }
    assert found.doubts == ()


KERNEL_AND_BIAS = (("kernel", (3, 3, 16, 16)), ("bias", (16,)))


def test_keras_layers_that_only_the_order_of_names_tells_apart_are_a_doubt_with_a_way_out() -> None:
    arrays: Named = [(f"{name}/{role}", shape) for name in ("second", "first") for role, shape in KERNEL_AND_BIAS]
    (doubt,) = match(analysed("input 9x9x16\nconv 16 3x3\nconv 16 3x3\n"), arrays, About("Keras", ordered=False)).doubts
    assert doubt.code == "weights-unsure"
    assert doubt.help == "save the whole model: model.save('net.keras'), which keeps its layers in their order"


def test_a_file_without_any_module_is_refused() -> None:
    text = "order channels_first\ninput 3x9x9\nconv 4 3x3\n"
    assert refusal(analysed(text), []) == ("weights-mismatch", "nothing in the file looks like a layer")


def test_a_file_all_of_whose_modules_are_the_nets_and_that_lacks_one_is_refused() -> None:
    text = "order channels_first\ninput 3x9x9\nstem: conv 4 3x3\nhead: conv 2 3x3\n"
    assert refusal(analysed(text), names.conv("stem", 4, 3, 3, bias=True)) == (
        "weights-mismatch",
        "the net has 2 lines with weights, the file 1 module; the first line without one: head, head.weight 2x4x3x3",
    )


# ---------------------------------------------------------------------- files that say nothing of their program
CHAIN = "input 4x4x3\nconv 8 3x3\nbn\nflatten\ndense 5\n"
UNNAMED = [(3, 3, 3, 8), (8,), (8,), (8,), (8,), (8,), (32, 5), (5,)]
"""What `get_weights()` gives of that net in Keras: kernel, bias; gamma, beta, mean, variance; kernel, bias."""


def unnamed(shapes: Sequence[tuple[int, ...]]) -> Named:
    return [(f"arr_{place}", shape) for place, shape in enumerate(shapes)]


def test_arrays_without_names_are_those_of_keras_get_weights() -> None:
    found = match(analysed(CHAIN), unnamed(UNNAMED), About(form="NumPy arrays"))
    assert pairs(found) == {
        "conv1.weight": "arr_0",
        "conv1.bias": "arr_1",
        "bn1.weight": "arr_2",
        "bn1.bias": "arr_3",
        "bn1.running_mean": "arr_4",
        "bn1.running_var": "arr_5",
        "dense1.weight": "arr_6",
        "dense1.bias": "arr_7",
    }
    assert found.program == "Keras"
    assert found.found["conv1.weight"].steps == (Step("transpose", (3, 2, 0, 1)),)


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        (CHAIN, UNNAMED[:-1]),
        (CHAIN, [*UNNAMED, (5,)]),
        ("input 4x4x3\na: conv 3 1x1 nobias\nb: conv 3 1x1 nobias\nadd a\n", [(1, 1, 3, 3)] * 2),
    ],
    ids=["one too few", "one too many", "branches"],
)
def test_arrays_without_names_that_are_not_those_of_a_chain_are_refused_with_a_way_out(
    text: str, shapes: Sequence[tuple[int, ...]]
) -> None:
    with pytest.raises(InputError) as error:
        match(analysed(text), unnamed(shapes), About(form="NumPy arrays"))
    assert error.value.diagnostics[0].help.endswith("save them with their names: model.save_weights('net.weights.h5')")


def test_a_file_that_fits_only_with_keras_axes_is_one_of_keras() -> None:
    arrays: Named = [("stem/weight", (3, 3, 2, 8)), ("stem/bias", (8,)), ("head/weight", (8, 5)), ("head/bias", (5,))]
    found = match(analysed("input 3x3x2\nconv 8 3x3\nflatten\ndense 5\n"), arrays, About(form="NumPy arrays"))
    assert found.program == "Keras"
    assert found.found["conv1.weight"] == Stored("stem/weight", (Step("transpose", (3, 2, 0, 1)),))
    assert found.found["dense1.weight"] == Stored("head/weight", (Step("transpose", (1, 0)),))


def test_another_number_of_classes_alone_is_said_with_both_numbers() -> None:
    text = "order channels_first\ninput 3x3x3\nconv1: conv 8 3x3\nflatten\nfc: dense 7\n"
    arrays = names.conv("conv1", 8, 3, 3, bias=True) + names.dense("fc", 9, 8)
    with pytest.raises(InputError) as error:
        match(analysed(text), arrays)
    assert error.value.diagnostics[0].help == (
        "fc has 9 outputs in the file and 7 in this net: give the net as many classes as the file has"
    )


def test_the_array_that_is_shown_where_nothing_fits_is_the_first_of_its_kind() -> None:
    arrays = names.conv("conv1", 16, 3, 3) + names.conv("g", 16, 4, 3, bias=True)
    arrays += names.bn("bn", 16)
    assert refusal(analysed("order channels_first\ninput 1x9x9\nconv 6 5x5\nconv 3 1x1\n"), arrays)[1] == (
        "0 of 2 lines fit; then expected conv1.weight 6x1x5x5, found conv1.weight 16x3x3x3"
    )


def test_the_attention_of_keras_with_inputs_of_different_sizes_is_said_not_to_be_read() -> None:
    parts = ("query", "key", "value", "attention_output")
    arrays: Named = [(f"mha/{part}/{role}", (4, 2, 2) if not role else (2, 2)) for part in parts for role in range(2)]
    with pytest.raises(InputError) as error:
        match(analysed("input 3x3x4\nattention heads=2\n"), arrays, KERAS)
    assert error.value.diagnostics[0].help == (
        "Keras' MultiHeadAttention is read where its query, key and value have one size"
    )


# ---------------------------------------------------------------------- damaged lists of names
def damaged(random: Random, arrays: Named) -> Named:
    """The list with a few arrays renamed, moved, left out, doubled or of other sizes."""
    made = list(arrays)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(made))
        name, shape = made[place]
        change = random.randrange(6)
        if change == 0:
            made[place] = (random.choice([name + "x", name.replace(".", ""), "." + name, name[:3], "", "0"]), shape)
        elif change == 1:
            made.insert(random.randrange(len(made)), made.pop(place))
        elif change == 2 and len(made) > 1:
            del made[place]
        elif change == 3:
            made.append((f"{name}.{random.randrange(3)}", shape))
        else:
            made[place] = (name, random.choice([shape[::-1], (*shape, 1), shape[1:], (0, *shape), (2, *shape[1:])]))
    return list({name: (name, shape) for name, shape in made}.values())


SMALL = {"resnet18": names.resnet18, "squeezenet": names.squeezenet, "vgg16": names.vgg16}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("about", [TORCH, KERAS, LETTERS], ids=["PyTorch", "Keras", "letters"])
def test_of_a_damaged_list_all_weights_are_found_in_their_shapes_or_it_is_refused(name: str, about: About) -> None:
    analysis, random = shipped(name), Random(f"{name} {about}")
    wanted = {name: weight.shape for name, weight in declared(analysis).items()}
    for _ in range(8):
        arrays = damaged(random, SMALL[name]())
        try:
            found = match(analysis, arrays, about).found
        except InputError:
            continue
        shapes = dict(arrays)
        assert {name: shape_after(shapes[one.entry], one.steps) for name, one in found.items()} == wanted
        assert len({one.entry for one in found.values()}) == len(wanted)
