"""Nets for the dialects: every shipped one, the examples of the language, and one of every layer word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cnncalc.diagnostics import Source, Span
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph, Origin
from cnncalc.spec.document import Answer

ROOT = Path(__file__).parents[2]
NOWHERE = Span(1, 1)

HOMEWORK = """
homework "HW1: \\"shapes\\""
student "Ana Gomez" 12345
title "a net with everything"
input 32x32x3
conv1: conv 8 5x5 relu                   => 28x28x8  params 608  worth 1 2
pool1: maxpool 2x2                       => (None, 14, 14, 8)  params ?
conv2: conv 16 5x5 bn epsilon=0.001 silu => 10x10x16
conv 16 3x3 same nobias times 3          => params 2,304 each
block two n
  a: conv $n 1x1 relu
  conv $n 1x1 from a
end
split
branch
branch
  x: dwconv 3x3 padding=1 leaky 0.2
  repeat 2
    conv 16 1x1 nobias relu6
  end
j: join concat gelu                      => params ~1.2K
s: slice 0:16
mul s s
t: two 16                                => 10x10x16 params 544 rf 14
two 16 times 2
concat x s conv1 crop
gap
fc3: dense 120 nobias
dropout 0.3
dense 10 softmax                         => 10
output fc3 j
total                                    => params ?  macs 1.2e6  worth 2
answer 2a "receptive field of conv2" conv2.rf = 14x15  worth 1
answer 2b t.params = 544
"""

WORDS = """
order channels_first
count keras
data sig = [1 2 3 4 5 6 7 8]
data w = [1 0; 0 1] [1/9 2; 3 4]
filter avg = 1/3 * [1 1 1]
data table = [1 0 1; 0 1 1]
a: input from sig
f: conv filter=avg same flip
b: conv 2 2 weights=[1 2; 3 4] bias=[0.5 -1] from a
conv 3 1 connect=table
upconv 3 2 stride=2 output_padding=1
input 2x9x9
conv 1 2x2 weights=w nobias
input 16x16x16 channels 3
conv 4 3 dilation=2
conv 4 3x1x1 groups=2 full
input 3x20x20 mean=0.485,0.456,0.406 std=0.229,0.224,0.225 scale=1/255
conv 4 3x3 padding=0,1,0,1 reflect
sepconv 6 3x3 multiplier=2 same elu 0.5
local 4 3x3 stride=2 nobias selu
pad 1x2 edge
crop 0,1,1,0
upsample 2 bilinear
subsample 2x2 tanh
l2pool 2x2 ceil
sumpool 2 stride=1 same sigmoid
avgpool 3x3 stride=1 same countpad hardswish
ln all
gn 2
lrn 3 bias=2 alpha=0.0002
scale
prelu
hardsigmoid
mish
softplus
shuffle 2
identity
upsample 2
spacetodepth 2
depthtospace 2
padchannels 0,16
adaptmax 3x2
adaptavg 2
gmp
reshape 20x1x1
flatten
dense 3
input 2x3x784
reshape 3x2x784
"""


def net(text: str) -> Graph:
    graph, faults = load_graph(Source("model.txt", text))
    assert not faults, faults
    return graph


def named_nets() -> dict[str, str]:
    paths = sorted(
        path for folder in ("tests/models", "cnncalc/zoo", "examples") for path in ROOT.glob(f"{folder}/*.txt")
    )
    texts = {f"{path.parent.name}-{path.stem}": path.read_text(encoding="utf-8") for path in paths}
    return {"homework": HOMEWORK, "words": WORDS, **texts}


NETS = named_nets()


def unplaced(graph: Graph, *, digits: bool = True) -> Graph:
    """The graph without everything that says where it stood in a text; without `digits`, nor how its numbers ended."""
    origin = Origin(NOWHERE)

    def answer_of(answer: Answer) -> Answer:
        return answer._replace(span=NOWHERE, digits=answer.digits if digits else None)

    def answers(given: tuple[Answer, ...]) -> tuple[Answer, ...]:
        return tuple(map(answer_of, given))

    return replace(
        graph,
        source=Source("", ""),
        nodes=tuple(node._replace(origin=origin) for node in graph.nodes),
        rows=tuple(row._replace(origin=origin, answers=answers(row.answers)) for row in graph.rows),
        groups=tuple(group._replace(origin=origin, answers=answers(group.answers)) for group in graph.groups),
        totals=answers(graph.totals),
        totals_origin=None,
        questions=tuple(one._replace(origin=origin, answer=answer_of(one.answer)) for one in graph.questions),
        warnings=(),
    )


def flattened(graph: Graph) -> tuple[object, ...]:
    """What a flat text keeps of a net: operations, connections, rows, answers; no names, blocks or spellings."""

    def claims(answers: tuple[Answer, ...]) -> list[object]:
        return [(one.asked, one.given, one.approximate and one.given is not None, one.scope) for one in answers]

    return (
        [(node.layer, node.inputs, node.output) for node in graph.nodes],
        [(row.first, row.last, row.word, row.copy, row.copies, claims(row.answers), row.worth) for row in graph.rows],
        *(graph.outputs, graph.title, graph.order, graph.count, graph.homework, graph.student),
        *(claims(graph.totals), graph.totals_worth),
        [(one.number, one.text, claims((one.answer,)), one.worth) for one in graph.questions],
    )
