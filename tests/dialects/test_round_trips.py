"""Every notation reads back what it wrote: over the shipped nets, over one of every word, over random nets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics import Source
from cnncalc.dialects import NOTATIONS
from cnncalc.dialects.flat_text import flat_text
from cnncalc.net_files import checked, written

from ..written import INPUT, LINES
from .nets import NETS, WORDS, flattened, net, unplaced
from .reading import canonical, graph_of, json_of, text_of


@pytest.mark.parametrize("notation", NOTATIONS)
def test_each_notation_is_written_and_read(notation: str) -> None:
    text = written(net("input 8x8x1\nconv 2 3x3 relu"), notation)
    assert checked(Source("again", text)).nodes[-1].output.text() == "6x6x2"


@pytest.mark.parametrize("line", [line for lines in LINES.values() for line in lines])
def test_every_layer_as_it_is_written_comes_back(line: str) -> None:
    text = f"{INPUT}\n{line}\n"
    graph = net(canonical(text))
    assert unplaced(graph_of(json_of(text))) == unplaced(graph)
    assert flattened(net(flat_text(graph))) == flattened(graph)


@pytest.mark.parametrize("name", NETS)
def test_json_reads_back_the_same_text_and_the_same_net(name: str) -> None:
    """Blocks, repeats, ifs, lets, labels, comments, blank lines, answers and matrices: all of the text."""
    text = json_of(NETS[name])
    assert text_of(text) == canonical(NETS[name])
    assert unplaced(graph_of(text)) == unplaced(net(canonical(NETS[name])))
    assert json_of(text_of(text)) == text


@pytest.mark.parametrize("name", NETS)
def test_flat_text_binds_to_an_equal_net(name: str) -> None:
    graph = net(NETS[name])
    text = flat_text(graph)
    assert flattened(net(text)) == flattened(graph)
    assert flat_text(net(text)) == text


def test_flat_text_names_only_what_is_read_from_afar() -> None:
    residual = "split\nbranch\nconv 4 3x3 same relu\nbranch\njoin add relu"
    text = f"input 8x8x4\n{residual}\nblock b\nq: conv 2 1x1\nend\nb times 2"
    assert flat_text(net(text)) == (
        "line1: input 8x8x4\nconv 4 3x3 same relu\nadd line1 relu\nq: conv 2 1x1\nconv 2 1x1\n"
    )


def test_flat_text_is_in_canonical_spelling() -> None:
    text = flat_text(net(WORDS))
    assert canonical(text) == text


SIMPLE = (
    "conv 4 3x3 same",
    "conv 4 1x1 nobias bn relu",
    "relu",
    "dropout 0.25",
    "conv 4 3x3 padding=1 leaky 0.1 times 2",
)


@st.composite
def random_texts(draw: st.DrawFn) -> str:
    """A text with labels, splits, joins by label and answers in which every line keeps 8x8x4."""
    lines = ["start: input 8x8x4"]
    labels = ["start"]
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(("plain", "label", "from", "add", "split", "answer")))
        word = draw(st.sampled_from(SIMPLE))
        if kind == "label":
            labels.append(f"l{number}")
            lines.append(f"l{number}: {word}")
        elif kind == "from":
            lines.append(f"{word.removesuffix(' times 2')} from {draw(st.sampled_from(labels))}")
        elif kind == "add":
            named = draw(st.lists(st.sampled_from(labels), min_size=1, max_size=3))
            lines.append(
                f"{draw(st.sampled_from(('add', 'mul')))} {' '.join(named)}{draw(st.sampled_from(('', ' relu')))}"
            )
        elif kind == "split":
            branches = draw(st.lists(st.lists(st.sampled_from(SIMPLE), max_size=2), min_size=2, max_size=3))
            lines += ["split", *(line for branch in branches for line in ("branch", *branch)), "join add"]
        elif kind == "answer":
            lines.append(f"{word} => 8x8x4 params {draw(st.integers(0, 999))}{' all' if 'times' in word else ''}")
        else:
            lines.append(word)
    if draw(st.booleans()):
        lines.append(f"output {' '.join(draw(st.lists(st.sampled_from(labels), min_size=1, max_size=3, unique=True)))}")
    return "\n".join(lines)


@given(random_texts())
def test_any_net_goes_through_both_notations(text: str) -> None:
    json_text = json_of(text)
    assert text_of(json_text) == canonical(text)
    assert unplaced(graph_of(json_text)) == unplaced(net(canonical(text)))
    assert flattened(net(flat_text(net(text)))) == flattened(net(text))
