"""Diagrams as text: what is in them, where it stands, how it is folded; the viewers are asked in tests/against."""

from __future__ import annotations

import re
import time

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.pictures.diagrams.dot import digraph, dot_text
from cnncalc.pictures.diagrams.mermaid import escaped, flowchart, mermaid_text
from cnncalc.pictures.diagrams.net_diagram import Wanted, net_diagram
from cnncalc.sources import shipped_names
from tests.pictures.decks import analysis_of
from tests.pictures.hostile_words import HOSTILE, hostile_diagram
from tests.report.nets import analysis_of as shipped_analysis

SMALL = """title "Two ways"
block step width
  conv $width 3x3 same relu
  conv $width 3x3 same
end

input 8x8x3
first: conv 4 3x3 same bn relu
split
branch
  step 4
branch
join add relu
gap
dense 10 softmax
"""


def test_a_small_net_as_mermaid() -> None:
    begin, _, rest = mermaid_text(analysis_of(SMALL)).partition("flowchart TB\n")
    assert begin.startswith('---\ntitle: "Two ways: 466 params, 25,384 MACs"\nconfig:\n')
    assert rest.partition("  classDef")[0].splitlines() == [
        '  n_input1(["input 8x8x3"]):::input',
        '  n_first["first: conv 4 3x3 same<br/>bn relu<br/>8×8×4 · 120 params"]:::conv',
        '  subgraph f_step1["step 4&emsp;&emsp;&emsp;&emsp;"]',
        '    n_step1_conv1["conv 4 3x3 same<br/>relu<br/>8×8×4 · 148 params"]:::conv',
        '    n_step1_conv2["conv 4 3x3 same<br/>8×8×4 · 148 params"]:::conv',
        "  end",
        '  n_add1("add<br/>relu<br/>8×8×4"):::join',
        '  n_gap1["gap<br/>4"]:::pool',
        '  n_dense1["dense 10<br/>softmax<br/>10 · 50 params"]:::dense',
        "  n_input1 --> n_first",
        "  n_first --> n_step1_conv1",
        "  n_step1_conv1 --> n_step1_conv2",
        "  n_step1_conv2 --> n_add1",
        "  n_first -.-> n_add1",
        "  n_add1 --> n_gap1",
        "  n_gap1 --> n_dense1",
    ]
    assert "  classDef join fill:#ffe08a,stroke:#1b2733,color:#1b2733\n" in rest
    assert "  class n_dense1 output\n" in rest


def test_the_same_net_as_dot() -> None:
    text = dot_text(analysis_of(SMALL), direction="LR")
    assert text.startswith('digraph {\n  graph [label="Two ways: 466 params, 25,384 MACs", labelloc=t, rankdir=LR')
    assert '  subgraph cluster_f_step1 {\n    label="step 4"; labeljust=l; fontsize=11\n' in text
    assert (
        '    n_step1_conv1 [label="conv 4 3x3 same\\nrelu\\n8×8×4 · 148 params", fillcolor="#8dbdec"]\n'
        '    n_step1_conv2 [label="conv 4 3x3 same\\n8×8×4 · 148 params", fillcolor="#8dbdec"]\n  }\n'
    ) in text
    assert "  n_step1_conv2 -> n_add1\n  n_first -> n_add1 [style=dashed]\n  n_add1 -> n_gap1\n" in text


def lines_of_boxes(text: str) -> list[str]:
    """What the boxes of a flowchart say."""
    return re.findall(r'^ +[np]_\w+\W+"(.*?)"', text, re.MULTILINE)


def test_resnet50_is_folded_to_one_page_as_the_table_of_its_paper() -> None:
    """K. He and others 2015, table 1: stages of 3, 4, 6 and 3 blocks, the first of each with a convolution aside."""
    found = lines_of_boxes(mermaid_text(shipped_analysis("resnet50")))
    assert [one for one in found if one.startswith("bottleneck")] == [
        "bottleneck 64 stride=1<br/>56×56×256 · 75,008 params<br/>inside: bottleneck A",
        "bottleneck 64 ×2<br/>56×56×256 · 70,400 params each<br/>inside: bottleneck B",
        "bottleneck 128 stride=2<br/>28×28×512 · 379,392 params<br/>inside: bottleneck A",
        "bottleneck 128 ×3<br/>28×28×512 · 280,064 params each<br/>inside: bottleneck B",
        "bottleneck 256 stride=2<br/>14×14×1024 · 1,512,448 params<br/>inside: bottleneck A",
        "bottleneck 256 ×5<br/>14×14×1024 · 1,117,184 params each<br/>inside: bottleneck B",
        "bottleneck 512 stride=2<br/>7×7×2048 · 6,039,552 params<br/>inside: bottleneck A",
        "bottleneck 512 ×2<br/>7×7×2048 · 4,462,592 params each<br/>inside: bottleneck B",
    ]
    assert "conv 64 | 128 | 256 | 512 3x3 stride=1 padding=1 nobias<br/>bn relu" in found
    assert len(found) == 24


LARGER = (
    "resnet101",
    "resnet152",
    "densenet169",
    "densenet201",
    "nasnet-large",
    "inception-resnet-v2",
    "vgg13",
    "vgg16",
    "vgg19",
)
"""Made of what their smaller sisters have too."""

DRAWN = [name for name in shipped_names() if not name.startswith(LARGER)]


def test_with_every_copy_each_line_is_a_box_and_each_reading_an_arrow() -> None:
    for name in DRAWN:
        analysis = shipped_analysis(name)
        diagram = net_diagram(analysis, Wanted(every_copy=True))
        boxes = [box.key for box in diagram.boxes()]
        assert len(boxes) == len(set(boxes)) == len(analysis.rows), name
        assert {arrow.source for arrow in diagram.arrows} | {arrow.target for arrow in diagram.arrows} == set(boxes)
        row_of = {node: row.index for row in analysis.graph.rows for node in range(row.first, row.last + 1)}
        read = {
            (row_of[node], row.index)
            for row in analysis.graph.rows
            for one in analysis.graph.nodes[row.first : row.last + 1]
            for node in one.inputs
            if node < row.first
        }
        drawn = [(boxes.index(arrow.source), boxes.index(arrow.target)) for arrow in diagram.arrows]
        assert sorted(drawn) == sorted(read), name


def test_every_network_fits_what_mermaid_draws() -> None:
    """At most 500 arrows and 50,000 letters, and without a remark."""
    for name in (*DRAWN, "inception-resnet-v2"):
        text = mermaid_text(shipped_analysis(name))
        assert len(text) < 25_000, name
        assert text.count("-->") + text.count("-.->") < 250, name
        assert "%%" not in text, name
    for depth, more in ((0, False), (9, True)):
        text = mermaid_text(shipped_analysis("nasnet-large"), depth=depth)
        assert depth or (len(text) < 25_000 and text.count("-->") + text.count("-.->") < 250)
        assert ("arrows, of which Mermaid draws 500 unless maxEdges is set" in text) == more


def test_copies_are_one_box_only_where_each_reads_the_one_before() -> None:
    chain = "input 8x8x4\n" + "conv 4 3x3 same relu\n" * 5 + "gap\n"
    assert (
        lines_of_boxes(mermaid_text(analysis_of(chain)))[1] == "conv 4 3x3 same ×5<br/>relu<br/>8×8×4 · 148 params each"
    )
    again = (
        "input 8x8x4\nconv 4 3x3 same relu\n" + "a: conv 4 3x3 same relu\n" + "conv 4 3x3 same relu\n" * 3 + "add a\n"
    )
    found = lines_of_boxes(mermaid_text(analysis_of(again)))
    assert [one.partition("<")[0] for one in found] == [
        *("input 8x8x4", "conv 4 3x3 same", "a: conv 4 3x3 same", "conv 4 3x3 same ×3", "add a"),
    ]


def test_pairs_that_repeat_are_a_frame_that_says_how_often() -> None:
    text = mermaid_text(analysis_of("input 8x8x4\n" + "dwconv 3x3 same relu\nconv 4 1x1 relu\n" * 5 + "gap\n"))
    assert '["5 times&emsp;' in text
    assert lines_of_boxes(text)[1:3] == [
        "dwconv 3x3 same<br/>relu<br/>8×8×4 · 40 params",
        "conv 4 1x1<br/>relu<br/>8×8×4 · 20 params",
    ]
    assert len(lines_of_boxes(text)) == 4


def test_two_thousand_lines_are_few_boxes_with_a_remark() -> None:
    layers = "".join(f"l{n}: conv 4 {1 + n % 2}x1 same relu\n" for n in range(2000))
    start = time.perf_counter()
    text = mermaid_text(analysis_of(f"input 8x8x4\n{layers}"))
    assert time.perf_counter() - start < 8
    assert "%% 2,001 boxes are too many to be drawn: neighbours share one\n" in text
    assert len(lines_of_boxes(text)) <= 120
    assert len(text) < 50_000


def test_shared_weights_two_inputs_and_two_outputs_are_told() -> None:
    net = "a: input 8x8x3\nb: input 8x8x3\none: conv 4 3x3 from a\ntwo: conv 4 3x3 shared=one from b\noutput one two\n"
    text = mermaid_text(analysis_of(net))
    assert lines_of_boxes(text)[2:] == [
        "one: conv 4 3x3<br/>6×6×4 · 112 params<br/>its weights are shared",
        "two: conv 4 3x3<br/>6×6×4<br/>with the weights of one",
    ]
    assert "  class n_one,n_two output\n" in text


def test_a_line_that_reads_the_same_twice_says_so() -> None:
    assert '  n_a -->|"2 times"| n_add1\n' in mermaid_text(analysis_of("input 4x4x1\na: conv 2 1x1\nadd a a\n"))


def test_keys_stay_where_a_line_is_added_elsewhere() -> None:
    before = mermaid_text(analysis_of(SMALL)).splitlines()
    after = mermaid_text(analysis_of(SMALL.replace("gap\n", "dropout 0.5\ngap\n"))).splitlines()
    assert [line for line in after if line not in before] == [
        '  n_dropout1["dropout 0.5<br/>8×8×4"]:::other',
        "  n_add1 --> n_dropout1",
        "  n_dropout1 --> n_gap1",
        "  classDef other fill:#d3d9df,stroke:#1b2733,color:#1b2733",
    ]


def test_blocks_are_drawn_out_by_name_and_by_depth() -> None:
    googlenet = shipped_analysis("googlenet")
    assert "inside of inception (9 calls)" in mermaid_text(googlenet)
    for opened in (mermaid_text(googlenet, open_blocks=["inception"]), mermaid_text(googlenet, depth=1)):
        assert 'subgraph f_inception1["inception 64 96 128 16 32 32&emsp;' in opened
        assert "inside of" not in opened
    with pytest.raises(InputError, match="the network has no block `incepton` that could be drawn out"):
        dot_text(googlenet, open_blocks=["incepton"])


def test_what_means_something_to_mermaid_is_written_by_its_number() -> None:
    text = flowchart(hostile_diagram())
    for words in HOSTILE:
        assert re.search(f'"{re.escape(escaped(words))}(&emsp;)*"', text)
    assert not re.search(
        r'"[^"]*(["<>`\\%{}$]|#(?!\d+;))[^"]*"(\]|\||\))', text.replace("<br/>", "").partition("---\nf")[2]
    )


def test_dot_has_quotes_and_signs_escaped() -> None:
    text = digraph(hostile_diagram())
    assert r"""label="\"quotes\" and 'quotes'\nbelow" """.strip() in text
    assert r'label="#35; #quot; &amp;amp; &amp;lt;\nbelow"' in text
    assert r'label="back\\nslash \\l \\G \\"' in text
    assert '// note "x" %%{init}%%\N{REPLACEMENT CHARACTER}flow\n' in text
