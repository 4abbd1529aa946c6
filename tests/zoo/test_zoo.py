"""Every layer of every shipped network against figures that others counted (the .tsv files name their sources).

The tables hold one line for each line of the network: its word, output shape, parameters and multiply-accumulates;
the last one the totals, with the shape of every output.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.report.answer_marks import own_findings
from cnncalc.sources import find
from cnncalc.spec.parsing import parse

HERE = Path(__file__).parent
ZOO = HERE.parents[1] / "cnncalc" / "zoo"
EXAMPLES = HERE.parents[1] / "examples"
NETS = sorted(path.stem for path in ZOO.glob("*.txt"))


def analysed(name: str) -> Analysis:
    graph, faults = load_graph(find(name))
    assert not faults, faults
    return analyse(graph)


def table(name: str) -> list[tuple[str, str, int, int]]:
    source, head, *lines = (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    assert source.startswith("# ")
    assert head.split("\t") == ["word", "output", "params", "macs"]
    rows = [line.split("\t") for line in lines]
    return [(word, output, int(params), int(macs)) for word, output, params, macs in rows]


def test_every_network_that_ships_has_a_table() -> None:
    assert sorted({path.stem for path in HERE.glob("*.tsv")} - {"totals"}) == NETS


@pytest.mark.parametrize("name", NETS)
def test_every_line_has_the_counts_that_others_find(name: str) -> None:
    *expected, _ = table(name)
    analysis = analysed(name)
    found = [(row.row.word, row.output.text(), row.figures.params, row.figures.cost.macs) for row in analysis.rows]
    assert found == expected


@pytest.mark.parametrize("name", NETS)
def test_the_totals_are_the_published_ones(name: str) -> None:
    _, output, params, macs = table(name)[-1]
    totals = analysed(name).totals
    assert ([shape.text() for shape in totals.outputs], totals.figures.params, totals.figures.cost.macs) == (
        output.split(),
        params,
        macs,
    )


@pytest.mark.parametrize("name", NETS)
def test_the_answers_written_into_a_network_are_right(name: str) -> None:
    judged = own_findings(analysed(name))
    assert len(judged) >= 10
    assert [answer for answer in judged if answer.status != "right"] == []


@pytest.mark.parametrize("name", NETS)
def test_a_network_that_ships_is_spelled_canonically(name: str) -> None:
    source = find(name)
    assert formatted(parse(source)[0]) == source.text


@pytest.mark.parametrize("name", sorted({path.stem for path in (EXAMPLES / "nets").glob("*.txt")} & set(NETS)))
def test_a_network_to_edit_is_the_one_that_ships(name: str) -> None:
    assert (EXAMPLES / "nets" / f"{name}.txt").read_text(encoding="utf-8") == find(name).text


def test_resnet50_has_as_many_running_statistics_as_keras_counts() -> None:
    """53,120 non-trainable parameters: keras.applications.ResNet50's summary, the same batch norms."""
    assert analysed("resnet50").totals.figures.buffers == 53120


@pytest.mark.parametrize(
    ("name", "row", "size", "jump"),
    [
        # VGG-16: 1 + 2*(2*1 + 2*2 + 3*4 + 3*8 + 3*16) + (1 + 2 + 4 + 8 + 16) = 212, as Araujo, Norris and Sim print it
        # ("Computing receptive fields of convolutional neural networks", 2019); 16 less before the last pooling.
        ("vgg16", 17, 196, 16),
        ("vgg16", 18, 212, 32),
        ("alexnet", 8, 195, 32),  # the same source
        # 7 + 2*2 + 3*8 + 8 + 3*16 + 16 + 5*32 + 32 + 2*64; their 483 is the net with the stride at a block's end.
        ("resnet50", 70, 427, 32),
    ],
)
def test_receptive_fields_are_the_published_ones(name: str, row: int, size: int, jump: int) -> None:
    field = analysed(name).rows[row].receptive_field
    assert field is not None
    assert (field.size, field.jump) == ((size, size), (jump, jump))


def test_lenet_of_1998_has_the_connections_of_the_paper() -> None:
    """Section II.B: 122,304, 5,880, 151,600, 2,000, 48,120 and 10,164; with the 840 of the fixed output 340,908."""
    analysis = analysed("lenet5-1998")
    connections = [row.figures.connections for row in analysis.rows if row.figures.connections]
    assert connections == [122304, 5880, 151600, 2000, 48120, 10164]
    assert analysis.totals.figures.connections + 840 == 340908


def test_vgg16_holds_15_million_numbers_and_not_24() -> None:
    """Input, all activations and three dense outputs; a well-known set of lecture notes prints 24M and 93 MB."""
    assert analysed("vgg16").totals.figures.activation_size == 15_237_608


def test_alexnet_ends_in_6x6x256_and_not_in_7x7x512() -> None:
    """The last volume before the dense layers; the other one is VGG's."""
    shapes = {name: analysed(name).rows for name in ("alexnet", "vgg16")}
    last = {name: [row.output.text() for row in rows if row.output.rank][-1] for name, rows in shapes.items()}
    assert last == {"alexnet": "6x6x256", "vgg16": "7x7x512"}


def test_a_wrong_answer_in_a_network_would_be_seen() -> None:
    text = find("lenet5").text.replace("params 2416", "params 1516")
    graph, _ = load_graph(Source("lenet5", text))
    assert [answer.asked for answer in own_findings(analyse(graph)) if answer.status == "wrong"] == ["params"]
