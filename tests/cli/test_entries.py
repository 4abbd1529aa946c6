"""MODEL with a colon: the file, and which of its models is meant; other notations go to the dialect that reads them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cnncalc import load, net_files
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects import READERS
from cnncalc.graph import load_graph
from cnncalc.sources import companion, find, is_model, parted

PROGRAM = "class Net:\n    pass\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "resnet.py").write_text(PROGRAM)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "path", "entry"),
    [
        ("models/resnet.py:ResNet18(num_classes=10)", "models/resnet.py", "ResNet18(num_classes=10)"),
        ("models/resnet.py:Net({'a': 1})", "models/resnet.py", "Net({'a': 1})"),
        ("models/resnet.py", "models/resnet.py", ""),
        ("missing.ipynb:model@7", "missing.ipynb", "model@7"),
        ("C:\\nets\\net.py", "C:\\nets\\net.py", ""),
        ("C:\\nets\\net.py:Net", "C:\\nets\\net.py", "Net"),
        ("-", "-", ""),
        ("-:Net", "-", "Net"),
        ("lenet5:Net", "lenet5", "Net"),
        ("https://example.org/net", "https://example.org/net", ""),
        (":", ":", ""),
        ("", "", ""),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_stands_behind_the_colon_of_a_file_is_its_entry(name: str, path: str, entry: str) -> None:
    assert parted(name) == (path, entry)


@pytest.mark.skipif(os.name == "nt", reason="no name of a file has a colon there")
def test_a_file_whose_own_name_has_a_colon_wins(folder: Path) -> None:
    (folder / "net.py:Net").write_text("input 3\n")
    (folder / "net.py").write_text(PROGRAM)
    assert parted("net.py:Net") == ("net.py:Net", "")
    assert parted("net.py:Net:Part") == ("net.py:Net", "Part")
    assert parted("net.py:Other") == ("net.py", "Other")


@pytest.mark.usefixtures("folder")
def test_the_text_of_a_program_is_found_with_its_entry() -> None:
    source = find("models/resnet.py:ResNet18()")
    assert (source.name, source.entry, source.text) == ("models/resnet.py", "ResNet18()", PROGRAM)
    assert is_model("models/resnet.py:ResNet18()")
    assert not is_model("models:ResNet18")
    assert companion("models/resnet.py:lenet5", ".safetensors") is None


@pytest.mark.usefixtures("folder")
def test_a_missing_program_is_named_without_its_entry() -> None:
    with pytest.raises(InputError) as caught:
        find("models/resnett.py:ResNet18")
    (fault,) = caught.value.diagnostics
    assert fault.message == "there is no file and no shipped network called `models/resnett.py`"
    assert fault.help == "did you mean models/resnet.py?"


def test_nothing_is_chosen_in_a_text_of_our_own() -> None:
    with pytest.raises(InputError) as caught:
        net_files.read(find("lenet5:Net"))
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.help) == ("entry-not-wanted", "leave it out: lenet5")


def test_a_long_name_of_colons_is_looked_at_in_bounded_time() -> None:
    assert parted(":" * 1_000_000) == (":" * 1_000_000, "")


@pytest.fixture
def dialect(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Source, str | None, object]]:
    """A dialect of Python programs that keeps what it was asked."""
    asked: list[tuple[Source, str | None, object]] = []

    def read(source: Source, input_size: str | None, settings: object) -> object:
        asked.append((source, input_size, settings))
        return load_graph(Source(source.name, "input 8x8x3\nconv 2 3x3\n"))

    module = ModuleType("cnncalc.dialects.asked")
    vars(module)["read"] = read
    monkeypatch.setitem(sys.modules, "cnncalc.dialects.asked", module)
    for key in (".py", ".ipynb", "pasted-python", "pasted-notebook"):
        monkeypatch.setitem(READERS, key, "asked")
    return asked


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("net.py", "x\n"),
        ("NET.PY", "input 8x8x3\n"),
        ("net.ipynb", "{}"),
        ("<stdin>", "import torch\n"),
        ("net.txt", "\n\nclass Net(nn.Module):\n    pass\n"),
        ("<stdin>", '{\n "cells": [\n  {\n   "cell_type": "code"}]}'),
    ],
)
def test_a_program_goes_to_its_dialect_by_its_name_or_by_its_text(
    dialect: list[tuple[Source, str | None, object]], name: str, text: str
) -> None:
    graph, faults = net_files.read(Source(name, text, "Net"), "8x8x3", {"n": "1"})
    assert (len(graph.rows), faults) == (2, ())
    assert dialect == [(Source(name, text, "Net"), "8x8x3", {"n": "1"})]


@pytest.mark.parametrize("text", ["input 8x8x3\nimport torch\n", "conv 3 3x3\n", '{"cnncalc_model": 2, "lines": []}'])
def test_our_own_texts_go_to_no_dialect(dialect: list[object], text: str) -> None:
    assert net_files.read(Source("net.txt", text))[1] != ()
    assert dialect == []


def test_load_takes_an_entry_and_a_size(dialect: list[tuple[Source, str | None, object]], folder: Path) -> None:
    model = load("models/resnet.py:ResNet18()", input_size="8x8x3", settings={"n": 4})
    assert model.analysis.totals.figures.params == 3 * 9 * 2 + 2
    assert dialect == [(Source("models/resnet.py", PROGRAM, "ResNet18()"), "8x8x3", {"n": "4"})]
