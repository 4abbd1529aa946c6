"""No message shows an object as Python prints it: every faulty text of the tests, and calls drawn at random."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.diagnostics.catalogue import entries
from cnncalc.diagnostics.reasons import plain_reason
from cnncalc.diagnostics.rendering import rendered
from cnncalc.graph import load_graph

TESTS = Path(__file__).parents[1]
OBJECT = re.compile(
    r" object at 0x|<class |<\w+ \w+=|\b(?:PythonCall|Name|Given|Span|Token|Fraction|Shape|Padding)\(\w*"
)

NAMES = [
    "Conv2D", "nn.Conv2d", "MaxPool2D", "nn.MaxPool2d", "Dense", "nn.Linear", "BatchNormalization",
    "nn.BatchNorm2d", "nn.Upsample", "Dropout", "UpSampling2D", "LeakyReLU", "nn.LeakyReLU", "ZeroPadding2D",
    "Input", "Flatten", "Reshape", "Concatenate", "torch.cat", "torch.flatten", "add", "F.interpolate",
    "nn.AdaptiveAvgPool2d", "F.softmax", "PReLU", "nn.LayerNorm", "nn.GroupNorm", "Activation", "x.view",
    "nn.Sequential", "conv",
]  # fmt: skip
VALUES = [
    "f(2)", "x.y", "a[0]", "(1,f(2))", "((1,2),(3,g(x)))", "-f(1)", "'zz'", "None", "True", "3.5", "l2(0.01)",
    "lambda x: x", "[x for x in y]", "{'a':1}", "f'{x}'", "1 if a else 2", "b'x'", "...", "3j", "not x",
    "(f(1),)", "[[1]]", "*a", "2**3", "f(g(1))", "(1,2)", "x[1:2]", "~3", "{1,2}", "{}", "10**20", "1e400", "3",
    "8",
]  # fmt: skip
OPTIONS = [
    "padding", "kernel_size", "strides", "activation", "name", "size", "shape", "momentum", "units", "p", "dim",
    "output_size", "eps", "bias",
]  # fmt: skip


def texts() -> Iterator[str]:
    for corpus in ("spec/faults.txt", "graph/slips.txt"):
        for case in (TESTS / corpus).read_text(encoding="utf-8").split("\n=== ")[1:]:
            yield case.partition("\n")[2].partition("\n--- output")[0]
    yield from (entry.example for entry in entries().values())
    draw = random.Random(7)
    for _ in range(1500):
        given = [draw.choice(VALUES) for _ in range(draw.randint(0, 3))]
        given += [f"{draw.choice(OPTIONS)}={draw.choice(VALUES)}" for _ in range(draw.randint(0, 2))]
        yield f"input 28x28x8\n{draw.choice(NAMES)}({', '.join(given)}){draw.choice(['', '', '(x)', '([a, b])'])}"


def test_no_message_of_any_text_shows_an_object() -> None:
    found = []
    for text in texts():
        source = Source("model.txt", text)
        for fault in load_graph(source)[1]:
            said = " ".join((fault.message, fault.label, fault.help, *fault.notes))
            written = text.replace(" ", "")
            shown = [one for one in OBJECT.findall(said) if one.replace(" ", "") not in written]
            found += [rendered(fault, source)] if shown else []
    assert found == []


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("File <ZipInfo filename='a.npy' compress_type=deflate> is encrypted.", "File a.npy is encrypted"),
        ("cannot identify image file <_io.BytesIO object at 0x7f3a>", "cannot identify image file a part of it"),
        ("File is not a zip file", "File is not a zip file"),
    ],
)
def test_the_reason_of_a_library_names_no_object(said: str, plain: str) -> None:
    assert plain_reason(ValueError(said)) == plain
