"""What training takes: gradients, the optimizer's numbers, and which arrays the backward pass reads again."""

from __future__ import annotations

from dataclasses import replace

import pytest

import cnncalc
from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.analysis.net_memory import net_memory
from cnncalc.analysis.training import kept_by_row, training_memory
from cnncalc.diagnostics import InputError


def analysed(*lines: str) -> Analysis:
    return cnncalc.load("\n".join(lines) + "\n").analysis


def kept(*lines: str) -> list[tuple[int, int]]:
    """What each line keeps: bytes of one image, and of any batch."""
    return [tuple(one) for one in kept_by_row(analysed(*lines))]


MAP = 4 * 4 * 4
"""The bytes of a 4x4 map."""


@pytest.mark.parametrize(
    ("line", "of_conv", "own"),
    [
        ("relu", 0, 2 * MAP),  # what it makes
        ("sigmoid", 0, 2 * MAP),
        ("silu", 2 * MAP, 0),  # what it reads
        ("gelu", 2 * MAP, 0),
        ("relu6", 2 * MAP, 0),
        ("maxpool 2x2", 2 * MAP, 2 * 4 * 8),  # what it reads, and 8 bytes for the place of each largest number
        ("avgpool 2x2", 2 * MAP, 0),
        ("gap", 0, 0),
        ("dropout 0.5", 0, 2 * 16),  # a byte for each number
        ("dropout 0", 0, 0),
        ("flatten", 0, 0),
        ("conv 1 3x3", 2 * MAP, 0),
        ("dense 3", 2 * MAP, 0),
        ("upsample 2", 0, 0),
        ("mul c1", 2 * MAP, 0),
        ("add c1", 0, 0),
        ("concat c1", 0, 0),
    ],
)
def test_a_layer_keeps_what_pytorch_keeps_of_it(line: str, of_conv: int, own: int) -> None:
    """Measured with PyTorch 2.13 (torch.autograd.graph.saved_tensors_hooks), each module behind a convolution."""
    lines = [f"{line}"] if not line.startswith("dense") else ["flatten", line]
    found = kept("input 4x4x3", "c1: conv 2 3x3 same", *lines)
    assert found[1] == (of_conv, 0)
    assert sum(one[0] for one in found[2:]) == own


def test_batch_norm_keeps_its_input_and_two_numbers_a_channel_of_the_whole_batch() -> None:
    assert kept("input 4x4x3", "conv 2 3x3 same", "bn") == [(0, 0), (2 * MAP, 0), (0, 2 * 2 * 4)]


def test_an_array_that_two_layers_read_again_is_kept_once() -> None:
    """The ReLU's result is what the next convolution reads: one array."""
    assert kept("input 4x4x3", "conv 2 3x3 same relu", "conv 1 1x1")[1] == (2 * MAP, 0)


def test_a_dropout_writes_an_array_of_its_own_while_it_trains() -> None:
    """Its result, which dense reads again, and the mask; what the ReLU made is kept beside them."""
    assert kept("input 16", "dense 8 relu", "dropout 0.5", "dense 2")[1:3] == [(8 * 4, 0), (8 * 4 + 8, 0)]


def test_frozen_layers_before_the_first_trained_one_keep_nothing_and_have_no_gradients() -> None:
    lines = ("input 8x8x3", "conv 4 3x3 same relu", "maxpool 2x2", "conv 4 3x3 same relu", "flatten", "dense 10")
    graph = analysed(*lines).graph
    weights = {n.node.index: frozenset(w.name for w in n.weights) for n in analyse(graph).nodes}
    nodes = tuple(node._replace(frozen=weights[node.index] if node.index < 4 else frozenset()) for node in graph.nodes)
    analysis = analyse(replace(graph, nodes=nodes))
    found = training_memory(analysis, "adam")
    whole = training_memory(analyse(graph), "adam")
    assert [one.each > 0 for one in found.by_row] == [False, False, True, True, False, False]
    assert found.gradients == 4 * (4 * (3 * 3 * 4 + 1) + 10 * (64 + 1))
    assert found.state == 2 * found.gradients
    assert found.weights == whole.weights


@pytest.mark.parametrize(("optimizer", "states"), [("sgd", 0), ("momentum", 1), ("adam", 2), ("adamw", 2)])
def test_an_optimizer_keeps_its_numbers_for_each_trained_parameter(optimizer: str, states: int) -> None:
    found = training_memory(analysed("input 10", "dense 5"), optimizer)  # type: ignore[arg-type]
    assert (found.weights, found.gradients, found.state) == (55 * 4, 55 * 4, 55 * 4 * states)


def test_mixed_precision_with_adam_takes_16_bytes_a_parameter() -> None:
    """Rajbhandari et al. 2020 (ZeRO), section 3.1: 2 + 2 + 4 + 4 + 4."""
    found = training_memory(analysed("input 10", "dense 5"), "adam", mixed=True)
    assert found.weights + found.gradients + found.master + found.state == 16 * 55
    assert found.image == 2 * 10


def test_vgg16_keeps_what_pytorch_keeps_to_the_byte() -> None:
    """Torchvision's VGG-16 keeps 145,506,304 bytes of two images on a CPU (torchvision 0.28, PyTorch 2.13).

    It has an adaptive pool, whose result of 7x7x512 is kept as well, masks of 4 bytes a number (on a CPU), no softmax.
    """
    theirs = 145_506_304 - 2 * 4 * 25_088 - 2 * 3 * (4096 + 4096) + 2 * 4 * 1000
    assert training_memory(cnncalc.load("vgg16").analysis, "adam", batch=2).kept_activations == theirs


def test_the_batch_is_counted_once_and_statistics_do_not_grow_with_it() -> None:
    analysis = analysed("input 8x8x3", "conv 4 3x3 same bn relu")
    one, four = training_memory(analysis, "sgd"), training_memory(analysis, "sgd", batch=4)
    assert (one.images, four.images) == (4 * 192, 4 * 4 * 192)
    assert four.activations - one.activations == 3 * (2 * 4 * 256)
    assert four.total == one.fixed + 4 * one.each


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("memory", "lenet5", "--mixed"), "training-not-asked"),
        (("memory", "lenet5", "--train", "--dtype", "int8"), "training-type"),
        (("memory", "lenet5", "--train", "--mixed", "--dtype", "float16"), "training-type"),
    ],
)
def test_choices_that_do_not_go_together_are_refused(arguments: tuple[str, ...], code: str) -> None:
    from cnncalc.cli.command_line import run

    with pytest.raises(InputError) as caught:
        run(list(arguments))
    assert caught.value.diagnostics[0].code == code


def test_training_takes_what_the_forward_pass_needs_at_once_though_frozen_layers_keep_nothing() -> None:
    """PyTorch 2.13: 65,536 bytes of one image at the fullest (live storages, TorchDispatchMode), 64 kept at the end."""
    found = training_memory(
        analysed(
            "input 32x32x3",
            "conv 8 3x3 same frozen",
            "relu",
            "maxpool 2x2",
            "conv 16 3x3 same frozen relu",
            "gap",
            "dense 10",
        ),
        "sgd",
        batch=2,
    )
    assert (found.kept_activations, found.activations, found.fullest_row) == (2 * 64, 2 * 65_536, 2)
    assert found.total == found.fixed + 2 * (12_288 + 65_536)


def test_what_is_kept_and_what_is_alive_are_one_array_where_they_are_the_same() -> None:
    """PyTorch 2.13 has 1,474,624 bytes of two images at the fullest, while the join is made (TorchDispatchMode)."""
    volume = ("input 16x16x16 channels 1", "conv 8 3x3x3 same bn", "a: relu", "maxpool 2x2x2", "conv 16 3x3x3 same")
    rest = ("relu", "upconv 8 2x2x2 stride=2", "concat a", "conv 2 1x1x1", "softmax")
    found = training_memory(analysed(*volume, *rest), "sgd", batch=2)
    assert (found.kept_activations, found.activations) == (1_278_016, 1_474_624)


@pytest.mark.parametrize("name", ["vgg16", "unet", "densenet121", "lenet5"])
def test_training_a_frozen_net_takes_at_least_what_using_it_takes(name: str) -> None:
    graph = cnncalc.load(name).analysis.graph
    weights = (frozenset(w.name for w in n.weights) for n in analyse(graph).nodes)
    frozen = (node._replace(frozen=names) for node, names in zip(graph.nodes, weights, strict=True))
    analysis = analyse(replace(graph, nodes=tuple(frozen)))
    assert training_memory(analysis, "sgd").total >= net_memory(analysis).inference


@pytest.mark.parametrize(("line", "held"), [("conv 2 3x3 same", MAP), ("upconv 2 2x2 stride=2", MAP), ("dense 16", 0)])
def test_a_frozen_convolution_keeps_its_input_and_a_frozen_dense_layer_does_not(line: str, held: int) -> None:
    """Measured with PyTorch 2.13: convolution_backward saves the input whenever a gradient goes through."""
    found = kept("input 4x4x3", "conv 1 3x3 same", *(["flatten"] if "dense" in line else []), f"{line} frozen")
    assert sum(one[0] for one in found) == held


@pytest.mark.parametrize(
    ("line", "of_conv", "own"),
    [
        ("l2norm", 2 * MAP, 2 * MAP),  # two maps of one channel beside its input
        ("function exp", 0, 2 * MAP),
        ("function sqrt", 0, 2 * MAP),
        ("function log", 2 * MAP, 0),
        ("function floor", 0, 0),
        ("reduce max channels", 0, 8 * 16),  # the places alone
        ("reduce max height,width", 2 * MAP, 2 * 4),
        ("l2pool 2x2", 2 * MAP, 2 * MAP + 4 * 2 * 4 * 4),
    ],
)
def test_a_function_keeps_what_its_derivative_is_written_with(line: str, of_conv: int, own: int) -> None:
    """Measured with PyTorch 2.13 (torch.autograd.graph.saved_tensors_hooks)."""
    found = kept("input 4x4x3", "c1: conv 2 3x3 same", line)
    assert (found[1][0], found[2][0]) == (of_conv, own)
