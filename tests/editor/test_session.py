"""The real process spoken to as an editor does: what comes back for what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from .protocol_client import Editor, insertion, uri_of

LENET = "input 28x28x1\nconv 6 5x5 tanh\navgpool 2x2\ngap\ndense 10 softmax\n"


@pytest.fixture
def editor() -> Iterator[Editor]:
    with Editor() as one:
        yield one


def test_a_sound_text_has_hints_and_no_faults(editor: Editor) -> None:
    assert editor.open(LENET) == []
    assert editor.hints() == {
        1: "24x24x6 · 156 params",
        2: "12x12x6",
        3: "6",
        4: "10 · 70 params",
    }
    assert editor.leave() == 0


def test_faults_come_and_go_while_a_text_is_typed(editor: Editor) -> None:
    assert [one["code"] for one in editor.open("")] == ["empty-text"]
    editor.change([insertion(0, 0, LENET)])
    assert editor.underlined() == []
    editor.change([insertion(1, 4, "v")])  # convv
    found = editor.underlined()
    assert [(one["code"], one["severity"], one["range"]) for one in found] == [
        ("unknown-word", 1, {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 5}})
    ]
    assert "help: did you mean `conv`?" in found[0]["message"]
    editor.change([insertion(1, 4, "", 1), insertion(1, 7, "50x50", 3)])
    found = editor.underlined()
    assert [one["code"] for one in found] == ["kernel-too-large"]
    assert found[0]["range"]["start"] == {"line": 1, "character": 7}
    assert [one["message"] for one in found[0]["relatedInformation"]] == ["height = floor((28 - 50) / 1) + 1 = -21"]
    editor.change([insertion(1, 7, "5x5", 5)])
    assert editor.underlined() == []
    assert editor.leave() == 0


def test_letters_of_all_widths_and_other_line_ends(editor: Editor) -> None:
    text = 'title "é 😀 ×"\r\ninput 28×28×1\r\nconv 6 5×5  # 😀\r\n'
    assert editor.open(text) == []
    assert editor.hints() == {2: "24x24x6 · 156 params"}
    editor.change([insertion(2, 16, " 😀")])
    editor.change([insertion(2, 10, " reluu")])
    found = editor.underlined()
    assert [one["range"] for one in found] == [
        {"start": {"line": 2, "character": 11}, "end": {"line": 2, "character": 16}}
    ]
    editor.change([insertion(0, 10, " 😀 conv")])  # behind the first emoji, which counts as two
    editor.change([insertion(2, 15, "", 1)])
    assert editor.underlined() == []
    assert editor.leave() == 0


def test_a_wrong_answer_is_marked_and_the_right_one_kept_back(editor: Editor) -> None:
    found = editor.open("input 28x28x1\nconv 6 5x5 => 24x24x6 params 150\ndense 10 => ? params ?\n")
    answer = [one for one in found if one["code"] == "answer-wrong"]
    assert [(one["severity"], one["range"]["start"]["character"]) for one in answer] == [(3, 22)]
    assert not any("156" in one["message"] for one in found)
    assert editor.hints() == {1: "✗", 2: "?"}
    settings = {"cnncalc": {"answers": "right", "hints": ["macs"]}}
    editor.tell("workspace/didChangeConfiguration", {"settings": settings})
    shown = [one["message"] for one in editor.underlined() if one["code"] == "answer-wrong"]
    assert shown == ["params: not 150, but 156"]
    assert editor.hints() == {1: "✗ · 86,400 MACs", 2: "? · 34,560 MACs"}
    assert editor.leave() == 0


def test_only_texts_of_ours_are_read(editor: Editor) -> None:
    document = {"uri": "file:///nowhere/a.txt", "languageId": "plaintext", "version": 1, "text": "Dear all,\nhello\n"}
    editor.tell("textDocument/didOpen", {"textDocument": document})
    assert editor.hints(uri="file:///nowhere/a.txt") == {}
    assert editor.open(LENET, "file:///nowhere/b.txt", "plaintext") == []
    assert editor.hints(uri="file:///nowhere/b.txt")[2] == "12x12x6"
    assert not [one for one in editor.heard if one.get("params", {}).get("uri") == "file:///nowhere/a.txt"]
    assert editor.leave() == 0


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


def test_a_closed_pipe_ends_the_process(editor: Editor) -> None:
    editor.open(LENET)
    assert editor.process.stdin is not None
    editor.process.stdin.close()
    assert editor.process.wait(10) == 1


def test_an_unknown_request_and_broken_ones_leave_it_alive(editor: Editor) -> None:
    editor.open(LENET)
    assert editor.answer_to("textDocument/nonsense", {})["error"]["code"] == -32601
    editor.tell("textDocument/didChange", {"textDocument": {"uri": "file:///none", "version": 2}, "contentChanges": []})
    editor.tell("textDocument/didChange", {"textDocument": 3})
    assert editor.hints()[2] == "12x12x6"
    assert editor.leave() == 0


def test_an_editor_that_shows_no_related_places_gets_the_arithmetic_in_the_message() -> None:
    with Editor(capabilities={"textDocument": {}}) as editor:
        found = editor.open("input 3x3x1\nconv 6 5x5\n")
        assert "note: height = floor((3 - 5) / 1) + 1 = -1" in found[0]["message"]
        assert editor.leave() == 0
