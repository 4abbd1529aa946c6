"""What cannot be read gets one clear error on standard error, word for word, and exit status 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import sources

from .conftest import Command

CODE_STATUS = 2


def check(command: Command, arguments: list[str], expected: str, stdin: bytes = b"") -> None:
    outcome = command(*arguments, stdin=stdin)
    assert outcome.err == expected
    assert outcome.out == ""
    assert outcome.status == CODE_STATUS


def test_a_missing_file_offers_the_nearest_names(command: Command) -> None:
    check(
        command,
        ["summary", "smal.txt"],
        "error[no-such-file]: there is no file and no shipped network called `smal.txt`\n"
        " = help: did you mean small.txt?\n",
    )
    check(
        command,
        ["summary", "vgg-16"],
        "error[no-such-file]: there is no file and no shipped network called `vgg-16`\n"
        " = help: did you mean vgg16 (ships with cnncalc)?\n",
    )


def test_a_missing_file_with_nothing_near_says_what_can_be_given(command: Command) -> None:
    check(
        command,
        ["summary", "qqqqqq"],
        "error[no-such-file]: there is no file and no shipped network called `qqqqqq`\n"
        " = help: `cnncalc init -o model.txt` writes a text to start from; "
        "`cnncalc models` lists the networks that ship\n",
    )


def test_a_folder_is_no_model(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "a.txt").write_text("input 28x28x1\n")
    monkeypatch.chdir(tmp_path)
    check(
        command,
        ["summary", "nets"],
        "error[is-a-directory]: nets is a directory, not a file\n = help: give a file in it: nets/a.txt\n",
    )


def test_a_file_that_may_not_be_read(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("cnncalc.reading.os.open", refuse)
    check(
        command,
        ["summary", "small.txt"],
        "error[no-permission]: small.txt exists, but you are not allowed to read it\n"
        " = help: try: chmod u+r small.txt\n",
    )


def test_a_file_that_the_system_cannot_read(command: Command) -> None:
    name = "x" * 300
    check(command, ["summary", name], f"error[cannot-read]: {name} cannot be read: File name too long\n")


def test_a_binary_file(command: Command) -> None:
    check(
        command,
        ["summary", "-"],
        "error[binary-file]: <stdin> is a picture, not the text of a network\n"
        " = help: a picture is what a network runs on: `cnncalc run MODEL --image FILE`\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    )


def test_latin_1_shows_the_first_bad_byte(command: Command) -> None:
    check(
        command,
        ["summary", "-"],
        "error[not-utf8]: <stdin> is not UTF-8 text: byte 0xE9 (`é` in Latin-1) at line 2, column 6\n"
        "   --> <stdin>:2:6\n"
        "   |\n"
        " 2 | # caf� au lait\n"
        "   |      ^ the first byte that is not UTF-8\n"
        "   |\n"
        "   = help: save it as UTF-8, or convert it on the way: iconv -f ISO-8859-1 -t UTF-8\n",
        "input 28x28x1\r\n# café au lait\r\n".encode("latin-1"),
    )


def test_utf_16_is_named(command: Command) -> None:
    check(
        command,
        ["summary", "-"],
        "error[not-utf8]: <stdin> is written in UTF-16, not in UTF-8\n"
        " = help: save it as UTF-8, or convert it on the way: iconv -f UTF-16 -t UTF-8\n",
        "input 28x28x1\n".encode("utf-16"),
    )


@pytest.mark.parametrize(
    ("text", "what"), [(b"", "is empty"), (b" \n\n", "is empty"), (b"# a\n # b\n", "has only comments")]
)
def test_a_file_that_says_nothing(command: Command, text: bytes, what: str) -> None:
    check(
        command,
        ["summary", "-"],
        f"error[empty-file]: <stdin> {what}\n"
        " = help: a network starts with a line like `input 28x28x1`; `cnncalc init` prints one to start from\n",
        text,
    )


def test_an_enormous_file_is_refused_before_it_is_read(command: Command) -> None:
    check(
        command,
        ["summary", "/dev/zero"],
        "error[file-too-large]: /dev/zero has more than 5 MB; the text of a network is far smaller\n"
        " = help: give the file that holds the network's lines, not its weights or its pictures\n",
    )


@pytest.mark.parametrize(
    "text",
    [b"\xef\xbb\xbfinput 28x28x1\nflatten\n", b"input 28x28x1\r\nflatten\r\n", b"input 28x28x1\rflatten\r"],
    ids=["byte-order mark", "CRLF", "CR"],
)
def test_marks_and_line_ends_of_other_systems_are_read(command: Command, text: bytes) -> None:
    outcome = command("summary", "-", "--format", "csv", "--columns", "line,output", stdin=text)
    assert outcome.out.split() == ["layer,line,output", "input", "28x28x1,1,28x28x1", "flatten,2,784"]


def test_a_file_wins_over_a_shipped_network(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lenet5").write_text("input 3x3x1\n")
    monkeypatch.chdir(tmp_path)
    assert command("summary", "lenet5").out.startswith("lenet5\n\nlayer        output")


def test_capitals_of_a_shipped_name_do_not_matter(command: Command) -> None:
    assert command("summary", "LeNet5").out == command("summary", "lenet5").out


def test_control_characters_do_not_reach_the_terminal(command: Command) -> None:
    outcome = command("summary", "-", stdin=b'title "a\x1b[31mb"\ninput 3x3x1\n')
    assert "\x1b" not in outcome.out + outcome.err


def test_faults_of_a_model_come_after_the_table_up_to_the_first(command: Command) -> None:
    outcome = command("summary", "two_faults.txt")
    assert "maxpool 3x3" in outcome.out
    assert outcome.out.endswith("... the table ends here: see the error\n\n")
    assert [line for line in outcome.err.split("\n") if line.startswith("error")] == [
        "error[kernel-too-large]: a 7x7 kernel does not fit a 5x5 input",
        "error[unknown-word]: `cnov` is not a layer word",
    ]


def test_unknown_columns(command: Command) -> None:
    check(
        command,
        ["summary", "small.txt", "--columns", "rf,parms"],
        "error[unknown-column]: there is no column `parms`\n = help: did you mean `params`?\n",
    )


def test_answers_are_about_the_input_of_the_text_and_no_other(command: Command) -> None:
    assert "Answers" in command("summary", "small.txt").out
    assert "Answers" not in command("summary", "small.txt", "--input", "56").out


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ("abc", "error[wrong-operand]: `abc` is no size"),
        ("0x5x1", "error[wrong-operand]: `0x5x1` has a size of 0"),
        ("28x28x3", "error[wrong-operand]: `28x28x3` does not fit: the input of small.txt is a picture of 28x28x1"),
        ("1x1x28x28", "error[wrong-operand]: `1x1x28x28` does not fit: the input of small.txt is a picture of 28x28x1"),
    ],
)
def test_a_wrong_size_is_underlined_where_it_was_given(command: Command, size: str, message: str) -> None:
    outcome = command("summary", "small.txt", "--input", size)
    lines = outcome.err.split("\n")
    assert (outcome.status, outcome.out, lines[0]) == (2, "", message)
    assert lines[1:4] == ["   --> command line:1:9", "   |", f" 1 | --input {size}"]
    assert lines[4].startswith(f"   |         {'^' * len(size)}")
    instance = "write for instance --input 200 or --input 200x300: the channels stay 1"
    ways = "write --input 28x28x1" if size == "1x1x28x28" else instance  # a batch and channels in front
    assert lines[-2] == f"   = help: {ways}"


def test_an_empty_size_is_not_overlooked(command: Command) -> None:
    outcome = command("summary", "small.txt", "--input", "")
    assert (outcome.status, outcome.err.split("\n")[0]) == (
        2,
        "error[wrong-operand]: a size is expected after --input",
    )


def test_a_net_that_states_its_input_has_no_size_to_replace(command: Command) -> None:
    outcome = command("summary", "by_hand.txt", "--input", "9x9x1")
    assert outcome.status == 2
    assert "error[no-size-to-replace]: by_hand.txt has no `input` line with a size" in outcome.err


def test_nothing_of_that_name_in_the_net(command: Command) -> None:
    check(
        command,
        ["explain", "small.txt", "conv9"],
        "error[unknown-place]: small.txt has no line, label or layer called `conv9`\n"
        " = help: give a label, a name like dense1, or the number of a line from 1 to 7\n",
    )


def test_a_chapter_that_a_book_does_not_have(command: Command) -> None:
    for words in (["language", "9"], ["language9"], ["language-0"]):
        outcome = command("explain", *words)
        assert outcome.err.endswith(" = help: `language` has chapters 1 to 7\n")
        assert (outcome.out, outcome.status) == ("", 2)


def test_a_missing_roster_is_a_missing_file(command: Command) -> None:
    check(
        command,
        ["quiz", "--students", "smal.txt"],
        "error[no-such-file]: there is no file called `smal.txt`\n = help: did you mean small.txt?\n",
    )


@pytest.mark.parametrize("names", ["", " ", ",", "+,+"])
def test_an_empty_list_of_columns(names: str, command: Command) -> None:
    check(
        command,
        ["summary", "small.txt", "--columns", names],
        "error[unknown-column]: --columns names no column\n"
        " = help: write names with commas between, --columns rf,params: `cnncalc explain columns` lists them\n",
    )


@pytest.mark.parametrize(
    ("name", "ours"),
    [("receptive", "rf"), ("Receptive-Field", "rf"), ("parameters", "params"), ("shape", "output"), ("mac", "macs")],
)
def test_a_column_by_the_name_that_others_give_it(name: str, ours: str, command: Command) -> None:
    assert command("summary", "small.txt", "--columns", name).err == (
        f"error[unknown-column]: there is no column `{name.lower()}`\n = help: did you mean `{ours}`?\n"
    )


def test_nothing_to_explain(command: Command) -> None:
    check(
        command,
        ["explain", "maxpol"],
        "error[nothing-to-explain]: `maxpol` is no file, no shipped network and no word of the manual\n"
        " = help: did you mean `maxpool`?\n",
    )


def test_unknown_filter_and_unknown_model(command: Command) -> None:
    check(
        command,
        ["filters", "sharpn"],
        "error[no-such-filter]: there is no built-in filter `sharpn`\n = help: did you mean `sharpen`?\n",
    )
    check(
        command,
        ["models", "lenett5"],
        "error[no-such-model]: no network called `lenett5` ships with cnncalc\n"
        " = help: did you mean lenet5 (ships with cnncalc)?\n",
    )


def test_unknown_notation(command: Command) -> None:
    check(
        command,
        ["convert", "small.txt", "--to", "jason"],
        "error[unknown-notation]: there is no notation `jason`\n = help: did you mean `json`?\n",
    )


def test_the_bound_on_files_is_above_the_largest_net_that_is_read() -> None:
    assert sources.LARGEST_FILE >= 50 * 100_000


def test_json_has_a_short_name(command: Command) -> None:
    assert command("summary", "small.txt", "--json") == command("summary", "small.txt", "--format", "json")


def test_warnings_of_the_lines_above_a_fault_are_printed_with_it(command: Command) -> None:
    """10 rows under a 3x3 kernel with stride 2: (10 - 3)/2 is not whole.  No warning asks about lines that are lost."""
    text = b"input 10x10x1\na: conv 4 3x3 stride=2\nconv 4 9x9\nflatten\ndense 10\n"
    outcome = command("summary", "-", stdin=text)
    assert [line for line in outcome.err.split("\n") if line.startswith(("warning", "error"))] == [
        (
            "warning[stride-leaves-pixels]: (10 - 3)/2 is not whole: the stride leaves 1 row and 1 column of the input "
            "unused"
        ),
        "error[kernel-too-large]: a 9x9 kernel does not fit a 4x4 input",
    ]


@pytest.mark.parametrize("given", ["hw", "HW", "HW.TXT", "hw.text"])
def test_a_file_is_found_by_its_stem_and_in_any_case_before_networks_of_a_near_name(
    command: Command, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hw.txt").write_text("input 8x8x1\n")
    assert " = help: did you mean hw.txt?\n" in command("summary", given).err


def test_a_file_of_the_name_wins_over_shipped_networks_of_a_near_name(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.txt").write_text("input 8x8x1\n")
    assert " = help: did you mean net.txt?\n" in command("summary", "net").err
