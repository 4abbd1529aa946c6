"""Every command line in a text that users read is one that the command line takes: command, options and values."""

from __future__ import annotations

import pytest

from .commands_in_texts import all_mentions, fault_of, mentions_in

MENTIONS = all_mentions()

PROSE = tuple(
    f"cnncalc {word}"
    for word in (
        "ARGUMENTS",
        "alone reads",
        "computes",
        "does not",
        "failed",
        "from Python",
        "has",
        "itself",
        "quiz, edition",
        "reads",
    )
)
"""Sentences about the program, which are no command lines."""

WRONG_ON_PURPOSE = {
    "cnncalc lenet5": "a network where a command belongs",
    "cnncalc model.txt": "the same, with a file",
    "cnncalc smmary": "a word that is nearly a command",
}
"""Lines that a text gives as mistakes, each with what is wrong; those of the catalogue are run in
`tests/cli/test_diagnostic_examples.py`."""


def faults() -> dict[str, str]:
    """The wrong lines, each with its place and what is wrong."""
    found = {}
    for line, place in MENTIONS:
        if line.startswith(PROSE) or line in WRONG_ON_PURPOSE:
            continue
        if "catalogue" in place and line in EXAMPLES and fault_of(line):
            continue
        if fault := fault_of(line):
            found[line] = f"{place}: {fault}"
    return found


def _examples() -> set[str]:
    from cnncalc.diagnostics.catalogue import entries

    return {mention.line for entry in entries().values() for mention in mentions_in(entry.example, "")}


EXAMPLES = _examples()
"""The examples of diagnostics: they are wrong so that they earn their codes."""


def test_every_command_line_in_a_text_is_taken() -> None:
    assert faults() == {}
    assert len(MENTIONS) > 140


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("try `cnncalc run lenet5 --image a.png`", "cnncalc run lenet5 --image a.png"),
        ("for example: cnncalc summary lenet5", "cnncalc summary lenet5"),
        ("# cnncalc check hw.txt        what is right", "cnncalc check hw.txt"),
        ("$ cnncalc models | head", "cnncalc models | head"),
    ],
)
def test_a_command_line_is_found_where_it_stands(text: str, line: str) -> None:
    assert [one.line for one in mentions_in(text, "")] == [line]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("cnncalc run lenet5 --image a.png", ""),
        ("cnncalc summary X | head -n 3", ""),
        ("cnncalc summary - > table.txt", ""),
        ("cnncalc run X --imgae Y", "NoSuchOption"),
        ("cnncalc summary lenet5 --format tabel", "BadParameter"),
        ("cnncalc convert --to json", "MissingParameter"),
        ("cnncalc modles", "there is no command modles"),
        ("cat a | cnncalc fmtt -", "there is no command fmtt"),
    ],
)
def test_a_wrong_command_line_would_be_found(line: str, fault: str) -> None:
    assert fault_of(line).startswith(fault)
    assert bool(fault_of(line)) == bool(fault)
