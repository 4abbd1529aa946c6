"""The TextMate grammar: every word of the language's tables has its colour, and every pattern is read by editors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cnncalc.asked import spellings
from cnncalc.editor.vscode.grammar_words import option_words, plain_words
from cnncalc.editor.vscode.textmate_grammar import grammar
from cnncalc.layers.registry import JOINS, LAYERS, POST_WORDS, WORDS
from cnncalc.sources import shipped_names

from .textmate import tokenized

ZOO = Path(__file__).parents[2] / "cnncalc" / "zoo"


def scopes(text: str) -> dict[str, str]:
    """Each piece of a text and its innermost scope."""
    return {
        piece.text: piece.scopes[-1] if piece.scopes else "" for line in tokenized(grammar(), text) for piece in line
    }


def patterns(rule: Any) -> Iterator[str]:
    """Every pattern in the grammar."""
    for key, value in rule.items() if isinstance(rule, dict) else enumerate(rule if isinstance(rule, list) else ()):
        if key in ("match", "begin", "end") and isinstance(value, str):
            yield value
        else:
            yield from patterns(value)


SAMPLE = """\
title "U-Net" # a comment
let classes = 10*2
block first width stride=1 act=relu
  stem.0: conv 4*$width 3x3 strides=$stride padding=half nobias bn $act
  if $in(x) == $width and not $stride > 1
  else if $a
end
join add relu
input 1,000x1 channels 8 imagenet => ? params ~138M each worth 2
first 64 width=3 times 2
maxpool 2 from stem.0 x3
filter edges = 1/9 * [1 -2; # more
  4 5]
conv filter=edges => values [7
 8] rf 3
total => macs 416_520 same[conv1]
include resnet18 until=stage4 frozen
"""


@pytest.mark.parametrize(
    ("piece", "scope"),
    [
        ("title", "keyword.other.directive"),
        ('"U-Net"', "string.quoted.double"),
        ("# a comment", "comment.line.number-sign"),
        ("let", "storage.type.let"),
        ("classes", "variable.other.constant"),
        ("block", "storage.type.block"),
        ("width", "variable.parameter"),
        ("act", "variable.parameter"),
        ("stem.0", "variable.other.label"),
        ("conv", "support.function.layer"),
        ("$width", "variable.other.value"),
        ("strides", "variable.parameter.option"),
        ("half", "constant.language"),
        ("nobias", "constant.language"),
        ("bn", "support.function.post"),
        ("if", "keyword.control"),
        ("$in", "variable.language"),
        ("==", "keyword.operator.comparison"),
        ("not", "keyword.operator.logical"),
        ("else if", "keyword.control"),
        ("end", "keyword.control"),
        ("join", "keyword.control"),
        ("add", "support.function.layer"),
        ("1,000x1", "constant.numeric"),
        ("imagenet", "constant.language"),
        ("=>", "keyword.operator.answer"),
        ("?", "constant.language.open"),
        ("params", "support.type.property-name"),
        ("~138M", "constant.numeric"),
        ("each", "keyword.other.answer"),
        ("worth", "keyword.other.answer"),
        ("first", "entity.name.function.call"),
        ("times", "keyword.other.line"),
        ("from", "keyword.other.line"),
        ("x3", "keyword.other.line"),
        ("-2", "constant.numeric"),
        ("# more", "comment.line.number-sign"),
        ("8", "constant.numeric"),
        ("rf", "support.type.property-name"),
        ("416_520", "constant.numeric"),
        ("conv1", "variable.other.label"),
        ("include", "keyword.control.import"),
        ("until", "variable.parameter.option"),
        ("frozen", "constant.language"),
    ],
)
def test_the_parts_of_a_text_have_their_scopes(piece: str, scope: str) -> None:
    assert scopes(SAMPLE)[piece] == scope


def test_a_label_and_a_block_are_named_where_they_are_made() -> None:
    assert scopes("stem.0: conv 64 7x7")["stem.0"] == "entity.name.label"
    assert scopes("block first width")["first"] == "entity.name.function.block"


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_layer_word_is_coloured_in_any_case(word: str) -> None:
    assert scopes(word)[word] == "support.function.layer"
    assert scopes(f"a.b: {word.upper()} 3 # {word}")[word.upper()] == "support.function.layer"


@pytest.mark.parametrize("word", JOINS)
def test_every_join_is_coloured(word: str) -> None:
    assert scopes(f"join {word}") == {"join": "keyword.control", word: "support.function.layer"}


@pytest.mark.parametrize("word", sorted(word for word, layer in WORDS.items() if layer in POST_WORDS))
def test_every_word_that_may_follow_a_layer_is_coloured(word: str) -> None:
    assert scopes(f"conv 6 5x5 {word}")[word] == "support.function.post"


@pytest.mark.parametrize("word", sorted(option_words()))
def test_every_option_is_coloured(word: str) -> None:
    assert scopes(f"conv 6 5x5 {word}=2")[word] == "variable.parameter.option"


@pytest.mark.parametrize("word", sorted(plain_words() - {word for word in WORDS if WORDS[word] in POST_WORDS}))
def test_every_word_without_a_value_is_coloured(word: str) -> None:
    assert scopes(f"conv 6 5x5 {word}")[word] == "constant.language"


@pytest.mark.parametrize("word", sorted(spellings()))
def test_every_question_is_coloured(word: str) -> None:
    assert scopes(f"conv 6 5x5 => 28x28x6 {word} 156")[word] == "support.type.property-name"


def test_the_tables_are_not_empty() -> None:
    assert len(LAYERS) > 70 < len(option_words())
    assert {"same", "nobias", "bilinear", "countpad", "frozen"} <= plain_words()


def test_no_word_of_a_shipped_net_is_taken_for_a_block_unless_it_is_one() -> None:
    for name in shipped_names():
        text = (ZOO / f"{name}.txt").read_text(encoding="utf-8")
        blocks = set(re.findall(r"^\s*block (\S+)", text, re.MULTILINE))
        called = {
            piece.text
            for line in tokenized(grammar(), text)
            for piece in line
            if piece.scopes[-1:] == ("entity.name.function.call",)
        }
        assert {one for one in called if not one.startswith("$")} <= blocks, name


def test_a_quote_that_is_never_closed_colours_no_other_line() -> None:
    assert scopes('title "U-Net\nconv 6 5x5')["conv"] == "support.function.layer"


def test_patterns_mean_the_same_in_python_and_in_oniguruma() -> None:
    """What one of the two reads differently is not used: classes with brackets inside, POSIX classes, `\\h`, `\\G`."""
    found = list(patterns(grammar()))
    assert len(found) > 40
    for one in found:
        re.compile(one)
        assert not re.search(r"\\[hHGRXKkpPAZz]|\[:|\(\?P|\(\?>|[*+?]\+|&&", one), one


def test_every_rule_that_is_included_exists() -> None:
    text = str(grammar())
    assert set(re.findall(r"'include': '#(\w+)'", text)) <= set(grammar()["repository"])
