"""Which letters of a stranger's text are shown: names of people whole, and nothing that steers or hides."""

from __future__ import annotations

import json

import pytest

from cnncalc.diagnostics.letters import escaped_json, printable, printable_lines


@pytest.mark.parametrize(
    "name",
    ["Ana Gómez", "علی\u200cرضا", "क्\u200dष", "李小龙", "Nguye\u0302\u0303n", "שָׁלוֹם", "O'Brien-Łoś"],
)
def test_a_name_is_kept_as_it_is_written(name: str) -> None:
    """The second and the third are spelled with joiners, which are not seen but belong to the word."""
    assert printable(name) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a�[31mb"),
        ("a\x9bb\x00\x7f", "a�b��"),
        ("\u202eevil\u2066\u061c", "�evil��"),
        ("a\u200bb\u200db\ufeff\u00ad", "a�b�b��"),
        ("a\r\nb\u2028c", "a��b�c"),
        ("\ue000\udcff\U000e0041", "���"),
        ("1\u00a0168\u202f0\u3000x\ty", "1 168 0 x y"),
        ("z" + "\u0301" * 30 + "a", "z" + "\u0301" * 8 + "a"),
    ],
    ids=ascii,
)
def test_what_steers_or_is_not_seen_is_replaced(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_lines_keep_their_ends_and_only_colours_that_are_wanted() -> None:
    text = "\x1b[1mtitle\x1b[0m\n\tpart\x1b]0;owned\x07\n"
    assert printable_lines(text, coloured=True) == "\x1b[1mtitle\x1b[0m\n\tpart�]0;owned�\n"
    assert printable_lines(text) == "�[1mtitle�[0m\n\tpart�]0;owned�\n"


def test_json_loses_nothing() -> None:
    text = "é \x7f\x9b\u202e\u200b\ue000\U000e0041 👩\u200d🔬"
    written = escaped_json(json.dumps({"a": text}, ensure_ascii=False, indent=2))
    assert json.loads(written) == {"a": text}
    assert written == '{\n  "a": "é \\u007f\\u009b\\u202e\\u200b\\ue000\\udb40\\udc41 👩\\u200d🔬"\n}'
