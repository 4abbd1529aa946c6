"""Nets held against patterns: with which numbers they fit, and the first layer that does not."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from itertools import product
from time import process_time

import pytest

from cnncalc import load
from cnncalc.analysis.net_pattern import parsed
from cnncalc.analysis.pattern_match import Fit, Misfit, matched
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph
from tests.time_limits import allowed

SLIDES = "Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> (FC -> ReLU)*k -> FC"
CS231N = "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC"

SIGNS = {"c": "conv 1 1x1", "r": "relu", "p": "maxpool 1x1", "f": "dense 4", "t": "tanh"}


def graph_of(letters: str) -> Graph:
    """A net of layers by their first letters; the input is first, and a flatten before the first dense."""
    lines, flat = ["input 4x4x1"], False
    for one in letters:
        lines += ["flatten"] if one == "f" and not flat else []
        flat = flat or one == "f"
        lines.append(SIGNS[one])
    return load_graph(Source("net", "\n".join(lines)))[0]


def fit(letters: str, pattern: str = SLIDES) -> Fit:
    found = matched(graph_of(letters), parsed(pattern))
    assert isinstance(found, Fit)
    return found


def misfit(letters: str, pattern: str = SLIDES) -> Misfit:
    found = matched(graph_of(letters), parsed(pattern))
    assert isinstance(found, Misfit)
    return found


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("crpff", ()),
        ("crpf", ((1, 1, 0),)),
        ("crpfrf", ((1, 1, 1),)),
        ("crpcrpfrfrf", ((1, 2, 2),)),
        # CS231n: INPUT -> [CONV -> RELU -> CONV -> RELU -> POOL]*3 -> [FC -> RELU]*2 -> FC
        ("crcrp" * 3 + "frfrf", ((1, 6, 2), (2, 3, 2))),
        # CS231n: INPUT -> FC, a linear classifier
        ("f", ((0, 0, 0),)),
        # CS231n: INPUT -> CONV -> RELU -> FC
        ("crf", ((1, 1, 0),)),
        ("crcrf", ((1, 2, 0), (2, 1, 0))),
    ],
)
def test_every_way_to_count_is_found_the_least_first(letters: str, ways: tuple[tuple[int, ...], ...]) -> None:
    if ways:
        assert fit(letters).letters == ("n", "m", "k")
        assert fit(letters).ways == ways
        assert fit(letters, CS231N).ways == ways
    else:
        assert misfit(letters).before is not None


def test_a_letter_may_have_another_number_in_each_round() -> None:
    """VGG16 (Simonyan and Zisserman 2014, table 1, D): 2, 2, 3, 3 and 3 convolutions between pools."""
    found = matched(load("vgg16").graph, parsed(SLIDES))
    assert isinstance(found, Fit)
    assert found.rounds == ((2, 2, 3, 3, 3), (5,), (2,))
    assert found.ways == ((1, 13, 2),)


def test_one_letter_is_one_number_wherever_it_is_written() -> None:
    assert fit("crpfrf", "Inp -> (Conv -> ReLU -> Pool)*n -> (FC -> ReLU)*n -> FC").ways == ((1,),)
    assert fit("crpfrfrf", "Inp -> (Conv -> ReLU -> Pool)*n -> (FC -> ReLU)*n -> FC").ways == ()


def test_what_is_not_named_is_not_looked_at() -> None:
    found = matched(load("mnist-convnet").graph, parsed(SLIDES))
    assert isinstance(found, Fit)
    assert found.ways == ((1, 3, 1),)
    assert found.skipped == ("flatten", "softmax")
    named = "Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> flatten -> (FC -> ReLU)*k -> FC -> softmax"
    assert isinstance(matched(load("mnist-convnet").graph, parsed(named)), Fit)


def test_the_first_layer_that_does_not_fit_is_named_with_what_is_expected() -> None:
    found = misfit("crctpf")
    assert found.row is not None
    assert (found.row.text, found.expected, found.ends_here) == ("tanh", ("ReLU",), False)
    assert found.before is not None
    assert found.before.layer.word == "conv"
    pooled = misfit("crpt")
    assert set(pooled.expected) == {"Conv", "Pool", "FC"}


def test_a_net_may_end_too_early_or_go_on_too_long() -> None:
    early = misfit("crp")
    assert (early.row, early.node) == (None, None)
    assert set(early.expected) == {"Conv", "Pool", "FC"}
    late = misfit("ft")
    assert late.row is not None
    assert (late.row.text, late.ends_here) == ("tanh", True)


@pytest.mark.parametrize(
    ("pattern", "expression"),
    [
        ("Inp -> (Conv | ReLU)* -> Pool", "(?:c|r)*p"),
        ("Inp -> ((Conv -> ReLU?)+ -> Pool)*", "(?:(?:cr?)+p)*"),
        ("Inp -> (Conv*)*", "(?:c*)*"),
        ("Inp -> (Conv*2 -> Pool?)*", "(?:ccp?)*"),
        ("Inp -> ((Conv -> ReLU)*n -> Pool?)*m", "(?:(?:cr)*p?)*"),
        ("Inp -> (Conv -> (ReLU | Pool -> Pool)?)*n -> Conv?", "(?:c(?:r|pp)?)*c?"),
    ],
)
def test_what_fits_is_what_a_regular_expression_takes(pattern: str, expression: str) -> None:
    states = parsed(pattern)
    for length in range(5):
        for letters in map("".join, product("crp", repeat=length)):
            found = isinstance(matched(graph_of(letters), states), Fit)
            assert found == (re.fullmatch(expression, letters) is not None), letters


@pytest.mark.parametrize(
    ("pattern", "column", "advice"),
    [
        ("Inp -> (Conv -> ReLU", 8, "write `)`"),
        ("Inp -> Convv", 8, "did you mean `Conv`?"),
        ("Inp Conv", 5, "write `->`"),
        ("Inp -> -> Conv", 8, "Inp -> (("),
        ("Inp -> Conv)", 12, "Inp -> (("),
        ("Inp -> Conv $", 13, "Inp -> (("),
        ("Inp -> (Conv]", 13, "write `)`"),
        ("", 1, "Inp -> (("),
        ("Inp -> Conv*99999", 1, "Inp -> (("),
        ("(" * 50 + "Conv", 41, "Inp -> (("),
    ],
)
def test_a_pattern_that_cannot_be_read_has_a_fault_with_its_place(pattern: str, column: int, advice: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(pattern)
    (fault,) = caught.value.diagnostics
    assert fault.span is not None
    assert fault.span.column == column
    assert advice in fault.help


LONG = load_graph(Source("net", "input 9x9x1\n" + "relu\n" * 10_000))[0]
PAIRS = load_graph(Source("net", "input 9x9x1\n" + "conv 1 1x1 relu\n" * 5_000))[0]


@pytest.mark.parametrize(
    "pattern",
    [
        "Inp -> ((ReLU*)*)*",
        "Inp -> ((ReLU*a)*b)*c",
        "Inp -> (ReLU | ReLU)*n",
        "Inp -> ((ReLU?)*)*m -> Conv",
        "Inp -> " + "(" * 39 + "ReLU" + "*)" * 39 + "*",
        "Inp -> " + "(ReLU? -> " * 30 + "ReLU?" + ")*" * 30,
        "Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> (FC -> ReLU)*k -> FC",
        "Inp -> (((Conv -> ReLU)*n -> Pool?)*m)*k",
    ],
)
@pytest.mark.parametrize("graph", [LONG, PAIRS], ids=["long", "pairs"])
def test_hostile_patterns_on_long_nets_end_in_bounded_time(graph: Graph, pattern: str) -> None:
    states, begun = parsed(pattern), process_time()
    matched(graph, states)
    assert process_time() - begun < allowed(5)


def test_a_long_net_is_counted_exactly_where_there_is_one_way() -> None:
    assert matched(PAIRS, parsed("Inp -> (Conv -> ReLU)*n")).ways == ((5_000,),)  # type: ignore[union-attr]


def test_mutants_of_patterns_are_read_or_refused() -> None:
    chance = random.Random(3)
    graph = graph_of("crpcrpfrf")
    for _ in range(2_000):
        text = list(chance.choice((SLIDES, CS231N)))
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(text))
            text[place : place + chance.randint(0, 3)] = chance.choices("()[]*?+|->nmk 3CR", k=chance.randint(0, 2))
        with suppress(InputError):
            matched(graph, parsed("".join(text)))
