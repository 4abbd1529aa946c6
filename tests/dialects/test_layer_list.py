"""Lists of layers as programs that make VGG nets have them."""

from __future__ import annotations

import random

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph import load_graph
from cnncalc.net_files import checked, read, written

VGG16 = "[64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512, 'M']"
SEVERAL = f"cfgs = {{\n  'A': [64, 'M'],\n  'D': {VGG16},\n}}\n"


def params_of(text: str, entry: str = "", **settings: str) -> int:
    return analyse(checked(Source("net", text, entry), None, settings)).totals.figures.params


def test_vgg16_has_the_parameters_of_its_convolutions() -> None:
    """138,357,544 (Simonyan and Zisserman 2014, as torchvision counts) without the three dense layers."""
    classifier = (7 * 7 * 512 + 1) * 4096 + 4097 * 4096 + 4097 * 1000
    assert params_of(VGG16) == 138_357_544 - classifier == 14_714_688


def test_batch_norm_between_adds_two_numbers_a_channel() -> None:
    """torchvision's vgg16_bn has 138,365,992 parameters, 8,448 more."""
    assert params_of(VGG16, norm="bn") - params_of(VGG16) == 8_448


def test_a_number_is_a_convolution_with_padding_1_and_relu() -> None:
    graph = checked(Source("net", "[64, 'M', 'A']"), "32x32", {})
    assert [row.text for row in graph.rows] == [
        "input 32x32x3",
        "conv 64 3x3 padding=1 relu",
        "maxpool 2x2",
        "avgpool 2x2",
    ]
    assert "classifier" in graph.warnings[0].message


@pytest.mark.parametrize(
    "text", [VGG16, f"cfg = {VGG16}", VGG16.replace("'", '"'), f"# D\n{VGG16}", f"({VGG16[1:-1]})"]
)
def test_the_list_is_read_as_programs_write_it(text: str) -> None:
    assert params_of(text) == 14_714_688


def test_one_of_several_lists_is_chosen_by_its_name() -> None:
    assert params_of(SEVERAL, "D") == 14_714_688
    assert params_of(SEVERAL, "A") == 1_792


@pytest.mark.parametrize(
    ("text", "entry", "code", "advice"),
    [
        (SEVERAL, "", "which-list", "FILE:A, FILE:D"),
        (SEVERAL, "X", "which-list", "FILE:A, FILE:D"),
        ("cfg['D']", "", "which-list", "cnncalc summary vgg16"),
        ("cfgs['A']", "", "which-list", "cnncalc summary vgg11"),
        ("[64, 'M', 'X']", "", "unknown-unit", "'M'"),
        ("[64, 'M', 6.5]", "", "unknown-unit", "'M'"),
        ("[0, 'M']", "", "number-too-small", "64"),
        ("[64, 'M'", "", "unclosed-bracket", "`]`"),
        ("[64, 'M'] + $", "", "unknown-unit", "brackets"),
    ],
)
def test_a_fault_says_what_would_be_read(text: str, entry: str, code: str, advice: str) -> None:
    _, faults = read(Source("net", text, entry))
    assert faults[0].code == code
    assert advice in faults[0].help


def test_the_text_that_convert_writes_is_the_same_net() -> None:
    graph = checked(Source("net", VGG16))
    again, faults = load_graph(Source("spec", written(graph, "spec")))
    assert not faults
    assert [(node.layer, node.output) for node in again.nodes] == [(node.layer, node.output) for node in graph.nodes]


def test_mutants_give_a_net_or_our_own_error() -> None:
    chance = random.Random(11)
    for _ in range(2_000):
        text = list(chance.choice((VGG16, SEVERAL)))
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(text))
            text[place : place + chance.randint(0, 2)] = chance.choices(
                "0123456789'\"[](){},:=MA# \n.x", k=chance.randint(0, 2)
            )
        try:
            read(Source("net", "".join(text)), None, {"norm": "bn"} if chance.random() < 0.1 else None)
        except InputError:
            continue
