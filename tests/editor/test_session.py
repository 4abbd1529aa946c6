"""The real process spoken to as an editor does: what comes back for what is typed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

pytest.importorskip("pygls")

from .protocol_client import Editor, insertion

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


@pytest.mark.parametrize("offered", [["utf-8", "utf-16", "utf-32"], ["utf-32", "utf-8", "utf-16"], ["utf-8"]])
def test_columns_are_counted_as_agreed_whatever_else_an_editor_offers(offered: list[str]) -> None:
    with Editor(capabilities={"general": {"positionEncodings": offered}}) as editor:
        assert editor.abilities["positionEncoding"] == "utf-16"
        editor.open('title "é 😀"\ninput 28×28×1\nconv 32 3×3 relu  # 😀 conv\n')
        editor.change([insertion(2, 12, "bn ")])
        editor.change([insertion(0, 11, "×")])  # right of the emoji, which counts as two
        assert editor.underlined() == []
        assert editor.hints() == {2: "26x26x32 · 384 params"}
        editor.change([insertion(0, 11, "", 1), insertion(2, 12, "rbn ", 3)])
        assert [(one["code"], one["range"]["start"]["character"]) for one in editor.underlined()] == [
            ("unknown-word", 12)
        ]
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


def test_settings_that_say_nothing_leave_what_was_chosen() -> None:
    with Editor({"hints": ["macs"], "answers": "right"}) as editor:
        for settings in ({}, {"editor": {}}, {"cnncalc": {}}, None):
            editor.tell("workspace/didChangeConfiguration", {"settings": settings})
        editor.open("input 28x28x1\nconv 6 5x5 => params 150\n")
        assert editor.hints() == {1: "✗ · 86,400 MACs"}
        editor.tell("workspace/didChangeConfiguration", {"settings": {"cnncalc": {"answers": "marks", "hints": True}}})
        assert editor.hints() == {1: "✗ · 24x24x6"}
        assert editor.leave() == 0


def test_only_texts_of_ours_are_read(editor: Editor) -> None:
    document = {"uri": "file:///nowhere/a.txt", "languageId": "plaintext", "version": 1, "text": "Dear all,\nhello\n"}
    editor.tell("textDocument/didOpen", {"textDocument": document})
    assert editor.hints(uri="file:///nowhere/a.txt") == {}
    assert editor.open(LENET, "file:///nowhere/b.txt", "plaintext") == []
    assert editor.hints(uri="file:///nowhere/b.txt")[2] == "12x12x6"
    assert not [one for one in editor.heard if one.get("params", {}).get("uri") == "file:///nowhere/a.txt"]
    assert editor.leave() == 0


def test_a_closed_pipe_ends_the_process(editor: Editor) -> None:
    editor.open(LENET)
    assert editor.process.stdin is not None
    editor.process.stdin.close()
    assert editor.process.wait(10) == 1


def test_an_editor_that_stops_listening_ends_the_process_without_more_words() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cnncalc", "lsp", "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    body = (
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}'
    )
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    process.stdin.close()
    assert process.wait(20) == 1
    said = process.stderr.read().decode()
    process.stderr.close()
    assert "Exception ignored" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_at_once(editor: Editor, number: signal.Signals) -> None:
    editor.open(LENET)
    editor.process.send_signal(number)
    assert editor.process.wait(10) == -number


def test_without_streams_there_is_nobody_to_speak_to() -> None:
    command = [sys.executable, "-m", "cnncalc", "lsp"]
    shell = ["sh", "-c", '"$@" <&- >&-', "sh", *command]
    assert subprocess.run(shell, timeout=30, check=False, capture_output=True).returncode == 1
    assert (
        subprocess.run(command, timeout=30, check=False, stdin=subprocess.DEVNULL, capture_output=True).returncode == 1
    )


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


BLOCKS = """\
let classes = 10
block two f
  conv $f 3x3 relu
  x: conv $f 3x3
end
input 32x32x3
a: two 8
b: two f=16
concat b crop
gap
dense $classes
"""


def test_definition_references_and_highlights(editor: Editor) -> None:
    editor.open(BLOCKS.replace("concat b crop\n", "conv 4 1x1 from a\n"))
    assert editor.at("definition", 7, 4)["range"]["start"] == {"line": 1, "character": 6}
    assert editor.at("definition", 8, 16)["range"]["start"] == {"line": 6, "character": 0}
    found = editor.at("references", 1, 7, context={"includeDeclaration": False})
    assert [one["range"]["start"]["line"] for one in found] == [6, 7]
    shown = editor.at("documentHighlight", 2, 9)
    assert [(one["range"]["start"]["line"], one["range"]["start"]["character"], one["kind"]) for one in shown] == [
        (1, 10, 3),
        (2, 8, 2),
        (3, 11, 2),
        (7, 7, 2),
    ]
    assert editor.at("definition", 9, 1) is None
    assert editor.leave() == 0


def edited(text: str, edits: list[dict[str, object]]) -> str:
    """A text with the edits of an answer made, the last first; columns of these texts are letters."""
    lines = text.split("\n")
    for one in sorted(edits, key=lambda one: str(one["range"]["start"]["line"]).zfill(6), reverse=True):  # type: ignore[index]
        start, end = one["range"]["start"], one["range"]["end"]  # type: ignore[index]
        assert start["line"] == end["line"]
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + str(one["newText"]) + line[end["character"] :]
    return "\n".join(lines)


def test_a_name_is_changed_everywhere_and_refused_where_it_is_taken(editor: Editor) -> None:
    editor.open(BLOCKS)
    uri = "file:///nowhere/net.txt"
    assert editor.at("prepareRename", 2, 9) == {
        "start": {"line": 2, "character": 8},
        "end": {"line": 2, "character": 9},
    }
    assert editor.at("prepareRename", 9, 1) is None
    parameter = editor.at("rename", 2, 9, newName="filters")["changes"][uri]
    assert edited(BLOCKS, parameter) == BLOCKS.replace("two f\n", "two filters\n").replace("$f", "$filters").replace(
        "f=16", "filters=16"
    )
    constant = editor.at("rename", 10, 8, newName="$count")["changes"][uri]
    assert edited(BLOCKS, constant) == BLOCKS.replace("classes", "count")
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 7}}
    for new, said in (
        ("conv", "`conv` is a word of the language"),
        ("3a", "`3a` cannot be the name: letters, digits, _ and -, a letter first"),
    ):
        error = editor.answer_to("textDocument/rename", {**place, "newName": new})["error"]
        assert (error["code"], error["message"]) == (-32803, said)
    place["position"] = {"line": 6, "character": 0}
    error = editor.answer_to("textDocument/rename", {**place, "newName": "b"})["error"]
    assert error["message"] == "`b` is the name of another label, in line 8"
    assert editor.leave() == 0
    assert editor.errors == []


def test_hover_has_the_formula_with_the_numbers_of_its_line(editor: Editor) -> None:
    editor.open(BLOCKS)
    line = editor.at("hover", 10, 1)["contents"]
    assert line["kind"] == "markdown"
    assert "- params = `(n + 1) * units` = `(32 + 1) * 10` = **330**" in line["value"]
    assert "Connects every unit" in line["value"]
    call = editor.at("hover", 7, 4)["contents"]["value"]
    assert "block `two`, line 2" in call
    assert "- settings: `f` = 16" in call
    assert "constant `classes`, line 1 = 10" in editor.at("hover", 10, 9)["contents"]["value"]
    assert "negative numbers become 0" in editor.at("hover", 2, 15)["contents"]["value"]
    editor.write("input 8x8x1\nconv 3 3x3 stride=2 paddin=3\n")
    assert "**stride=** of `conv`: how far the window moves" in editor.at("hover", 1, 13)["contents"]["value"]
    assert "**unknown-option**" in editor.at("hover", 1, 22)["contents"]["value"]
    assert editor.at("hover", 0, 11) is None or "28" not in str(editor.at("hover", 0, 11))
    assert editor.leave() == 0


def labels(items: list[dict[str, object]]) -> list[object]:
    return [one["label"] for one in items]


def test_completion_knows_where_it_is(editor: Editor) -> None:
    editor.open(BLOCKS + "\n\n")
    first = {one["label"]: one for one in editor.at("completion", 11, 0)}
    assert {"conv", "two", "split", "include"} <= first.keys()
    assert first["conv"]["textEdit"]["newText"] == "conv ${1:32} ${2:5x5}"
    assert first["conv"]["insertTextFormat"] == 2
    assert first["two"]["textEdit"]["newText"] == "two ${1:f}"
    editor.change([insertion(11, 0, "conv 4 3x3 str")])
    options = {one["label"]: one for one in editor.at("completion", 11, 14)}
    assert {"stride=", "same", "relu", "from", "times"} <= options.keys()
    assert options["stride="]["textEdit"]["range"]["start"] == {"line": 11, "character": 11}
    editor.change([insertion(11, 11, "padding=", 3)])
    assert {"same", "half", "causal"} <= set(labels(editor.at("completion", 11, 19)))
    editor.change([insertion(11, 11, "from ", 8)])
    assert labels(editor.at("completion", 11, 16)) == ["a", "b"]
    editor.change([insertion(11, 0, "dense 4*$c", 16)])
    found = {one["label"]: one for one in editor.at("completion", 11, 10)}
    assert found.keys() == {"$classes", "$in"}
    assert found["$classes"]["textEdit"]["range"]["start"] == {"line": 11, "character": 8}
    editor.change([insertion(11, 0, "include ", 10)])
    assert "resnet50" in labels(editor.at("completion", 11, 8))
    editor.change([insertion(11, 0, "gap => ", 8)])
    assert "params" in labels(editor.at("completion", 11, 7))
    editor.change([insertion(11, 0, "gap # a", 7)])
    assert editor.at("completion", 11, 7) == []
    assert editor.leave() == 0


def test_an_editor_without_snippets_gets_plain_words() -> None:
    with Editor(capabilities={}) as editor:
        editor.open(BLOCKS + "\n")
        found = {one["label"]: one for one in editor.at("completion", 11, 0)}
        assert found["conv"]["textEdit"]["newText"] == "conv"
        assert editor.leave() == 0


def test_operands_are_marked_one_after_the_other(editor: Editor) -> None:
    editor.open("input 8x8x1\nconv 4 \n")
    found = editor.at("signatureHelp", 1, 7)
    assert (found["signatures"][0]["label"], found["activeParameter"]) == ("conv FILTERS KERNEL_SIZE", 1)
    assert editor.at("signatureHelp", 0, 3) is None
    assert editor.leave() == 0


def test_a_fix_is_offered_and_ends_its_fault(editor: Editor) -> None:
    text = "input 28x28x1\nconvv 6 5x5\nMaxPool2D 2x2\n"
    fault = editor.open(text)[0]
    about = {"textDocument": {"uri": "file:///nowhere/net.txt"}, "range": fault["range"]}
    offered = editor.ask("textDocument/codeAction", {**about, "context": {"diagnostics": [fault]}})
    fixes = [one for one in offered if one["kind"] == "quickfix"]
    assert [(one["title"], one["diagnostics"][0]["code"]) for one in fixes] == [("Write `conv`", "unknown-word")]
    fixed = edited(text, fixes[0]["edit"]["changes"]["file:///nowhere/net.txt"])
    assert editor.write(fixed) == []
    only = {"diagnostics": [], "only": ["source"]}
    offered = editor.ask("textDocument/codeAction", {**about, "context": only})
    assert [one["title"] for one in offered] == ["Write the text in canonical spelling"]
    spelled = edited(fixed, offered[0]["edit"]["changes"]["file:///nowhere/net.txt"])
    assert spelled == "input 28x28x1\nconv 6 5x5\nmaxpool 2x2\n"
    assert editor.leave() == 0


ONLY = [
    (["quickfix"], ["Write `relu`"]),
    (["quick"], []),
    (["refactor"], ["Write this line in canonical spelling"]),
    (["refactor.rewrite"], ["Write this line in canonical spelling"]),
    (["source"], ["Write the text in canonical spelling"]),
    (["source.cnncalc.canonical"], ["Write the text in canonical spelling"]),
    (["source.fixAll", "quickfix"], ["Write `relu`"]),
    ([""], ["Write `relu`", "Write this line in canonical spelling", "Write the text in canonical spelling"]),
]


def test_fixes_of_one_kind_can_be_asked_for(editor: Editor) -> None:
    editor.open("input 32x32x3\nconv 8 3x3 rellu\nconv   8 3x3\nRELU\n")
    place = {"start": {"line": 1, "character": 12}, "end": {"line": 2, "character": 3}}
    about = {"textDocument": {"uri": "file:///nowhere/net.txt"}, "range": place}
    for only, titles in ONLY:
        offered = editor.ask("textDocument/codeAction", {**about, "context": {"diagnostics": [], "only": only}})
        assert [one["title"] for one in offered] == titles, only
    assert editor.leave() == 0


def test_formatting_is_that_of_fmt(editor: Editor) -> None:
    text = "INPUT 28 x 28 x 1\r\n  Conv2D 6 (5,5) activation=relu\r\n"
    editor.open(text)
    about = {"textDocument": {"uri": "file:///nowhere/net.txt"}, "options": {"tabSize": 2, "insertSpaces": True}}
    edits = editor.ask("textDocument/formatting", about)
    assert edited(text.replace("\r\n", "\n"), edits) == "input 28x28x1\nconv 6 5x5 relu\n"
    editor.write('input 28x28x1\nconv 6 "5x5\n')
    assert editor.ask("textDocument/formatting", about) == []
    assert editor.leave() == 0


def test_the_parts_of_a_text_are_listed_and_fold(editor: Editor) -> None:
    editor.open("# one\n# two\n" + BLOCKS)
    about = {"textDocument": {"uri": "file:///nowhere/net.txt"}}
    found = editor.ask("textDocument/documentSymbol", about)
    assert [(one["name"], [inner["name"] for inner in one["children"]]) for one in found] == [
        ("classes", []),
        ("two", ["x"]),
        ("a", []),
        ("b", []),
    ]
    assert found[1]["range"] == {"start": {"line": 3, "character": 0}, "end": {"line": 6, "character": 3}}
    folded = editor.ask("textDocument/foldingRange", about)
    assert [(one["startLine"], one["endLine"], one["kind"]) for one in folded] == [
        (0, 1, "comment"),
        (3, 6, "region"),
    ]
    assert editor.leave() == 0
