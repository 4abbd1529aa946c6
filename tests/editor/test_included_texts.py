"""Texts that include others, in the real process: as they are in the editor, else as they are on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from .protocol_client import Editor, insertion, uri_of


@pytest.fixture
def editor() -> Iterator[Editor]:
    with Editor() as one:
        yield one


def test_what_is_included_is_found_from_the_text(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "head.txt").write_text("input 8x8x3\nconv 4 3x3\n")
    text = "include head.txt\nconv 5 99x99\n"
    (tmp_path / "net.txt").write_text("")
    found = editor.open(text, uri_of(tmp_path / "net.txt"))
    assert [(one["code"], one["range"]["start"]["line"]) for one in found] == [("kernel-too-large", 1)]
    (tmp_path / "head.txt").write_text("input 8x8x3\nconvv 4 3x3\n")
    editor.tell("textDocument/didSave", {"textDocument": {"uri": uri_of(tmp_path / "head.txt")}})
    found = editor.underlined(uri_of(tmp_path / "net.txt"))
    assert [(one["code"], one["range"]["start"]["line"]) for one in found] == [("unknown-word", 0)]
    assert [one["location"]["uri"] for one in found[0]["relatedInformation"]] == [uri_of(tmp_path / "head.txt")]
    assert editor.leave() == 0


def test_an_included_text_counts_as_it_is_in_the_editor(editor: Editor, tmp_path: Path) -> None:
    head, net = tmp_path / "head.txt", tmp_path / "net.txt"
    head.write_text("input 8x8x3\nconv 4 3x3\n")
    net.write_text("include head.txt\nconv 5 3x3\n")
    assert editor.open(net.read_text(), uri_of(net)) == []
    assert editor.hints(uri=uri_of(net))[1] == "4x4x5 · 185 params"
    assert editor.at("definition", 0, 10, uri=uri_of(net))["uri"] == uri_of(head)
    assert editor.open(head.read_text(), uri_of(head)) == []
    editor.change([insertion(1, 5, "6", 1)], uri_of(head))
    assert editor.underlined(uri_of(net)) == []
    assert editor.hints(uri=uri_of(net))[1] == "4x4x5 · 275 params"
    assert editor.leave() == 0


def test_an_included_text_counts_as_it_is_on_disk_once_it_is_closed(editor: Editor, tmp_path: Path) -> None:
    stem, net = tmp_path / "stem.txt", tmp_path / "net.txt"
    stem.write_text("input 8x8x3\nconv 4 3x3\n")
    net.write_text('include "stem.txt"\nconv 5 3x3\n')
    assert editor.open(net.read_text(), uri_of(net)) == []
    assert editor.open(stem.read_text(), uri_of(stem)) == []
    editor.change([insertion(1, 4, "v")], uri_of(stem))
    assert [one["code"] for one in editor.underlined(uri_of(net))] == ["unknown-word"]
    editor.tell("textDocument/didClose", {"textDocument": {"uri": uri_of(stem)}})
    assert editor.underlined(uri_of(net)) == []
    stem.write_text("input 8x8x3\nconvv 4 3x3\n")
    editor.tell("textDocument/didSave", {"textDocument": {"uri": uri_of(net)}})
    assert [one["code"] for one in editor.underlined(uri_of(net))] == ["unknown-word"]
    stem.write_text("input 8x8x3\nconv 6 3x3\n")
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(stem), "type": 2}]})
    assert editor.underlined(uri_of(net)) == []
    assert editor.hints(uri=uri_of(net)) == {0: "6x6x6 · 168 params", 1: "4x4x5 · 275 params"}
    assert editor.leave() == 0


def test_texts_that_are_not_written_yet_include_each_other(editor: Editor, tmp_path: Path) -> None:
    stem, net, fresh = tmp_path / "stem.txt", tmp_path / "net.txt", tmp_path / "fresh.txt"
    stem.write_text("conv 4 3x3\n")
    text = 'input 8x8x3\ninclude "stem.txt"\ninclude "fresh.txt"\n'
    assert [one["range"]["start"]["line"] for one in editor.open(text, uri_of(net))] == [2]
    assert editor.open("conv 5 3x3\n", uri_of(fresh)) != []  # it has no input line
    assert editor.underlined(uri_of(net)) == []
    assert editor.hints(uri=uri_of(net)) == {1: "6x6x4 · 112 params", 2: "4x4x5 · 185 params"}
    assert editor.leave() == 0


def test_a_network_that_ships_is_opened_from_its_name(editor: Editor) -> None:
    editor.open("include lenet5\n")
    assert editor.at("definition", 0, 10)["uri"].endswith("/zoo/lenet5.txt")
    assert editor.leave() == 0
