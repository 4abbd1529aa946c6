"""The manual knows every word that the program knows: the parser's, the answers', the table's, the layers'."""

from __future__ import annotations

import re

import pytest

from cnncalc.asked import NAMES
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.explaining import explained_subject, explained_subjects, known_subjects
from cnncalc.diagnostics.catalogue import entries
from cnncalc.geometry import PADDING_WORDS
from cnncalc.graph.arithmetic import FUNCTIONS
from cnncalc.graph.other_layers import KINDS
from cnncalc.homework.formula_steps import LETTERS
from cnncalc.homework.quiz.kinds import KINDS as QUIZ_KINDS
from cnncalc.layers.registry import ARGUMENT_ALIASES, JOINS, LAYERS, POST_WORDS, WORDS
from cnncalc.manual import Table, pages, pages_called
from cnncalc.report.canvas import Canvas
from cnncalc.report.columns import COLUMNS
from cnncalc.spec.statements import OTHER_BRANCHES, STRUCTURAL

ON = Canvas(80)
ASKED = re.findall(
    r"\S+",
    """block end split branch join repeat times let if else from input output total answer data filter title order count
    epsilon shared worth homework student question => $in $name ? ~ # stride padding same half valid full causal
    dilation groups kernel receptive-field jump start MACs FLOPs params buffers trainable connections weights size peak
    activations cross-correlation batch channels_last label each all values tolerance follows python counting columns
    terminal files language quiz slips terms words codes nobias flip 1x1 skip-connection dropout""",
)
"""Words that a user may ask for, some of them under other names than their pages have."""


def text_of(name: str) -> str:
    return " ".join((explained_subject(name, ON) or "").split())


@pytest.mark.parametrize(
    "word", sorted({*STRUCTURAL, "from", "times", "worth", "each", "all", "shared", *OTHER_BRANCHES})
)
def test_every_word_of_the_parser_has_a_page(word: str) -> None:
    meant = {"elseif": "else", "elsif": "else", "endif": "end", "elif": "else"}.get(word, word)
    assert pages_called(meant)


@pytest.mark.parametrize("word", [*ASKED, *WORDS, *NAMES, *PADDING_WORDS, *COLUMNS, *JOINS, *KINDS, *entries()])
def test_every_word_that_the_program_knows_is_explained(word: str) -> None:
    assert explained_subject(word, ON)


@pytest.mark.parametrize(
    "option", sorted({*ARGUMENT_ALIASES, *(one for many in ARGUMENT_ALIASES.values() for one in many)})
)
def test_every_option_of_a_layer_is_explained(option: str) -> None:
    assert explained_subject(option, ON)


def cells_of(page: str) -> str:
    return " ".join(row[0] for part in pages()[page].parts if isinstance(part, Table) for row in part.rows[1:])


def test_the_table_of_layer_words_has_every_layer_once() -> None:
    listed = [word for word in cells_of("layer-words").replace("`", " ").split() if word.isalnum()]
    assert sorted(word for word in listed if word in LAYERS) == sorted(LAYERS)


def test_the_table_of_exit_statuses_has_every_status() -> None:
    numbers = [word for word in cells_of("exit-status").split() if word.isdecimal()]
    assert numbers == ["0", "1", "2", "70", "130", "141"] == [str(int(status)) for status in ExitStatus]


def test_the_table_of_columns_has_every_column() -> None:
    assert sorted(cells_of("columns").replace(",", " ").split()) == sorted(COLUMNS)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("post-words", POST_WORDS),
        ("join", JOINS),
        ("=>", NAMES),
        ("arithmetic", FUNCTIONS),
        ("quiz", QUIZ_KINDS),
    ],
)
def test_a_page_lists_all_that_there_is(page: str, words: dict[str, object] | frozenset[str] | tuple[str, ...]) -> None:
    said = text_of(page).replace(",", " ").replace(".", " ").replace("`", " ").split()
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(
    ("word", "first", "other"),
    [
        ("pad", "Adds rows and columns around the image", "padding"),
        ("conv", "Slides `filters` kernels over the input", "cross-correlation"),
        ("dropout", "Switches off a share of the numbers", "training"),
        ("maxpool", "Keeps the largest number of each window", "pooling"),
    ],
)
def test_a_word_that_is_a_layer_and_a_term_prints_the_layer_and_names_the_term(
    word: str, first: str, other: str
) -> None:
    page = explained_subject(word, ON)
    assert page is not None
    assert page.startswith(f"{word}\n\n{first}")
    assert page.endswith(f"\nMore about it: `cnncalc explain {other}`\n")
    assert "More about it" not in text_of(other)


@pytest.mark.parametrize("word", ["LSTM", "multi_head_attention", "Embedding", "transformer"])
def test_a_layer_of_other_nets_is_explained_with_its_formula(word: str) -> None:
    assert "cnncalc computes convolutional nets and has no such layer." in text_of(word)
    assert "params in " in text_of(word)


@pytest.mark.parametrize("word", ["stochastic_depth", "DropPath", "drop-connect"])
def test_a_layer_that_does_nothing_when_it_is_used_says_what_to_write(word: str) -> None:
    assert "Leave the line out, or write `dropout` or `identity` in its place" in text_of(word)


def test_nothing_is_suggested_that_has_no_page() -> None:
    assert [name for name in known_subjects() if explained_subject(name, ON) is None] == []


def test_no_code_and_no_option_page_is_hidden_behind_a_page_of_another_kind() -> None:
    assert [code for code in entries() if pages_called(code) or code in WORDS] == []


def test_the_page_of_letters_has_every_letter_of_the_formulas() -> None:
    assert {*LETTERS} - set(cells_of("letters").split()) == set()


def test_several_words_are_one_name_or_several_pages() -> None:
    both = explained_subjects(("stride", "padding"), ON)
    assert both == f"{explained_subject('stride', ON)}\n\n{explained_subject('padding', ON)}"
    conv = explained_subjects(("conv", "stride"), ON)
    assert conv == f"{explained_subject('conv', ON)}\n\n{explained_subject('stride', ON)}"
    assert explained_subjects(("receptive", "field"), ON) == explained_subject("rf", ON)
    assert explained_subjects(("stride", "maxpol"), ON) is None
