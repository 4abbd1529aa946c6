"""`cnncalc editor`: the extension folder is whole or not there, and nothing of somebody else's is replaced."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from cnncalc.cli.commands.editor import program_path
from cnncalc.editor.vscode.extension_folder import ENTRIES, extension_files
from cnncalc.editor.vscode.textmate_grammar import grammar

from .conftest import Command


@pytest.fixture(autouse=True)
def _elsewhere(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command
    monkeypatch.chdir(tmp_path)


def files(folder: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


def test_the_folder_is_ready(command: Command) -> None:
    assert command("editor", "--vscode", "ext").status == 0
    package = json.loads(Path("ext/package.json").read_text(encoding="utf-8"))
    language, colours = package["contributes"]["languages"][0], package["contributes"]["grammars"][0]
    assert "dependencies" not in package
    for path in (package["main"], language["configuration"], colours["path"]):
        assert (Path("ext") / path).is_file()
    assert colours["scopeName"] == json.loads((Path("ext") / colours["path"]).read_text(encoding="utf-8"))["scopeName"]
    assert package["cnncalc"]["command"] == program_path()


def test_every_command_that_vs_code_offers_is_carried_out() -> None:
    made = extension_files("")
    offered = {one["command"] for one in json.loads(made["package.json"])["contributes"]["commands"]}
    assert offered == set(re.findall(r'registerCommand\("([\w.]+)"', made["extension.js"]))


def test_every_setting_is_read() -> None:
    made = extension_files("")
    settings = json.loads(made["package.json"])["contributes"]["configuration"]["properties"]
    assert {f"cnncalc.{name}" for name in re.findall(r'setting\("(\w+)"\)', made["extension.js"])} == set(settings)


def test_the_server_that_is_started_is_the_one_that_wrote_the_folder() -> None:
    assert json.loads(extension_files("/opt/net tools/cnncalc")["package.json"])["cnncalc"] == {
        "command": "/opt/net tools/cnncalc"
    }


def test_lines_are_indented_as_shipped_nets_are() -> None:
    configuration = json.loads(extension_files("")["language-configuration.json"])
    rules = configuration["indentationRules"]
    more, less = re.compile(rules["increaseIndentPattern"]), re.compile(rules["decreaseIndentPattern"])
    for opening in ("block first width", "repeat 3 i", "  split", "  branch", "x: split", "if $a > 1", "else if $b"):
        assert more.match(opening), opening
    for closing in ("end", "  join add relu", "sum: join add", "branch", "else"):
        assert less.match(closing), closing
    for plain in ("conv 6 5x5", "end: conv 6 5x5", "block: dense 10", "branches", "joined 3", "split: conv 3 1x1"):
        assert not more.match(plain), plain
        assert not less.match(plain), plain


@pytest.mark.parametrize("line", ['title "LeNet"', "input 28x28x1", "input from picture", "# a net for cnncalc"])
def test_a_file_without_an_ending_is_known_by_its_first_line(line: str) -> None:
    language = json.loads(extension_files("")["package.json"])["contributes"]["languages"][0]
    assert re.search(language["firstLine"], line)
    assert not re.search(language["firstLine"], "input = open('x')")


def test_a_folder_that_is_there_is_not_replaced_unasked(command: Command) -> None:
    command("editor", "--vscode", "ext")
    Path("ext/extension.js").write_text("// cnncalc: mine\n", encoding="utf-8")
    refused = command("editor", "--vscode", "ext")
    assert refused.status == 2
    assert "file-exists" in refused.err
    assert Path("ext/extension.js").read_text(encoding="utf-8") == "// cnncalc: mine\n"
    assert command("editor", "--vscode", "ext", "--force").status == 0
    assert "class Client" in Path("ext/extension.js").read_text(encoding="utf-8")


def test_a_strangers_folder_is_never_replaced_and_other_files_stay(command: Command) -> None:
    Path("mine").mkdir()
    Path("mine/package.json").write_text('{"name": "my-thing"}\n', encoding="utf-8")
    Path("mine/notes.txt").write_text("mine", encoding="utf-8")
    assert command("editor", "--vscode", "mine", "--force").status == 2
    assert files("mine") == ["notes.txt", "package.json"]
    Path("mine/package.json").unlink()
    assert command("editor", "--vscode", "mine").status == 0
    assert len(files("mine")) == 1 + len(ENTRIES)


def test_a_folder_that_cannot_be_filled_is_not_there(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    assert command("editor", "--vscode", "ext").status == 2
    assert list(Path().iterdir()) == []


def test_the_grammar_alone(command: Command) -> None:
    assert command("editor", "--textmate", "net.tmLanguage.json").status == 0
    assert json.loads(Path("net.tmLanguage.json").read_text(encoding="utf-8")) == grammar()
    Path("net.tmLanguage.json").write_text('{"name": "cnncalc", "scopeName": "source.cnncalc"}', encoding="utf-8")
    assert command("editor", "--textmate", "net.tmLanguage.json").status == 0
    for mine in ("{}", "# my net, for cnncalc\ninput 8x8x3\n", "MIT License\n", '{"name": "mine", "cnncalc": 1}'):
        Path("other.txt").write_text(mine, encoding="utf-8")
        assert command("editor", "--textmate", "other.txt").status == 2
        assert Path("other.txt").read_text(encoding="utf-8") == mine


def test_it_is_said_what_can_be_written(command: Command) -> None:
    shown = command("editor")
    assert shown.status == 2
    assert "--vscode DIR or --textmate FILE is missing" in shown.err


def test_a_server_that_is_missing_is_said(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "pip install 'cnncalc[editor]'" in command("editor", "--vscode", "ext").err
