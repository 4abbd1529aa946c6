"""Answers in the words and signs of many countries: each is read as what it says, and never as something else."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import own_claims
from cnncalc.homework.questions import KeySheet
from cnncalc.net_files import checked

from .test_free_answers import read, said

NET = KeySheet(checked(Source("key.txt", "input 32x32x3\nc1: conv 8 5x5 => ? params ?\n")))  # (5*5*3 + 1) * 8 = 608
COUNT = KeySheet(checked(Source("key.txt", "input 7x7x512\nc1: conv 4096 7x7 => params ?\n")))  # 25,089 * 4,096

SHAPE = {"c1.shape": (28, 28, 8)}
PARAMS = {"c1.params": 608}
BOTH = SHAPE | PARAMS

LINES: list[tuple[str, dict[str, object]]] = [
    # names of quantities in other languages, in front of a value and behind it
    *((f"parámetros{sign}608", PARAMS) for sign in (" ", ": ", " = ")),
    *((f"{name} 608", PARAMS) for name in ("paramètres", "Parametri", "параметры", "参数", "参数：", "파라미터 수")),
    *((f"28x28x8, {name} 608", BOTH) for name in ("parámetros", "paramètres:", "Parameteranzahl =", "參數量")),
    *((f"28x28x8, 608 {name}", BOTH) for name in ("parámetros", "paramètres", "параметров", "参数")),
    ("número de parámetros: 608", PARAMS),
    ("Anzahl der Parameter: 608", PARAMS),
    ("salida 28x28x8, parámetros 608", BOTH),
    ("Ausgabe: 28x28x8; Parameter: 608", BOTH),
    # a word that nobody knows makes neither a shape nor a count
    *((text, {"c1.shape": f"<{text}>"}) for text in ("memory 6272", "P=2", "foo 608")),
    ("28x28x8 memory 6272", {"c1.shape": "<28x28x8 memory 6272>"}),
    # sizes with their names, with units between them, with a square, and the number of maps in front
    *((text, SHAPE) for text in ("H=28 W=28 C=8", "H: 28, W: 28, C: 8", "C = 8, H = 28, W = 28", "h=28, w=28, d=8")),
    *((text, SHAPE) for text in ("28 pixels x 28 pixels x 8", "28px × 28px × 8", "28²x8", "28² × 8", "28^2 x 8")),
    ("H=28 W=28 C=8 params 608", BOTH),
    ("28 px x 28 px x 8 channels, 608 params", BOTH),
    *(
        (f"8 {maps} 28x28", {"c1.shape": (8, 28, 28)})
        for maps in (
            "feature maps of size",
            "maps of",
            "feature maps of",
            "channels of size",
        )
    ),
]


@pytest.mark.parametrize(("written", "expected"), LINES, ids=[written for written, _ in LINES])
def test_a_line_says_the_same_in_every_language(written: str, expected: dict[str, object]) -> None:
    assert said(f"c1 => {written}", NET) == expected


def test_a_value_that_has_an_unknown_name_is_noted() -> None:
    assert read("c1 => 28x28x8, memory 6272", NET).notes == [
        "line 1: `memory 6272` is not read: it does not say what it counts: write its name in front, as in `params 80`"
    ]


ROUNDED = ("608 = 0.6K", "608 ≈ 0.6K", "608 = 0,6K", "(5*5*3+1)*8 = 608 ≈ 0.61K ≈ 0.6K", "608 (0.6K)", "0.6K = 608")


@pytest.mark.parametrize("written", ROUNDED)
def test_of_a_number_and_its_rounding_the_exact_one_counts(written: str) -> None:
    assert said(f"c1 => params {written}", NET) == PARAMS


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("102764544 = 102.8M", 102764544),
        ("102,764,544 ≈ 102.8M", 102764544),
        ("4096*25088 + 4096 = 102764544 ≈ 1.03e8", 102764544),
        ("102764544 = 102.9M", 102900000),  # 102.76 rounds to 102.8: two numbers that differ, and the last counts
        ("100000000 + 2764544 = 102764544", 102764544),
        ("102764544 = 392 MiB", 102764544),  # bytes are no count
        ("1.2 x 10^8", 120000000),
        ("1.2 × 10^8", 120000000),
    ],
)
def test_the_last_number_counts_where_it_is_no_rounding(written: str, value: int) -> None:
    assert said(f"c1 => {written}", COUNT) == {"c1.params": value}


ABOUT = (
    *("~", "≈", "about", "approx.", "approximately", "ca.", "circa", "ungefähr", "env.", "environ", "aprox.", "etwa"),
    *("rund", "cerca", "roughly", "around"),
)


@pytest.mark.parametrize("about", ABOUT)
def test_a_word_for_about_is_the_sign_for_about(about: str) -> None:
    (piece,) = read(f"c1 => params {about} 103M", COUNT).answers.values()
    assert (piece.answer.given, piece.answer.approximate, piece.fault) == (103000000, True, "")


def judged(text: str) -> list[str]:
    """What became of each answer of a text."""
    key = analyse(checked(Source("hw.txt", text)))
    return [finding.status for finding in findings(key, own_claims(key))]


SHARE = "input 2x2x1\nflatten\na: dense 15 => share {}\nb: dense 1 nobias\n"  # 15*4 + 15 = 75 and 15: 75 of 90
VALUES = "data x = [{}]\ninput from x\n{} => {}\n"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        # a batch of one image in front of a shape
        ("input 32x32x3\nconv 8 5x5 => (1, 28, 28, 8)\n", "right"),
        ("input 32x32x3\nconv 8 5x5 => (2, 28, 28, 8)\n", "wrong"),
        # a share in percent, in words
        *(
            (SHARE.format(share), "right")
            for share in ("83%", "83 %", "83 percent", "83 Prozent", "83.3 percent", "83")
        ),
        (SHARE.format("85 percent"), "wrong"),
        # decimals that were written: sigmoid(15) = 0.9999997, tanh(-5) = -0.99991, exp(-15) = 3e-7
        *(
            (VALUES.format("15", "sigmoid", value), "right")
            for value in ("values 1.00", "values [1.000]", "values[1] 1.00")
        ),
        *((VALUES.format("15", "sigmoid", value), "wrong") for value in ("values 1", "values [1]", "values[1] 1")),
        *((VALUES.format("-5", "tanh", value), "right") for value in ("values -1.00", "values [-1.0]")),
        (VALUES.format("-5", "tanh", "values -1.0000000"), "wrong"),
        (VALUES.format("-15", "sigmoid", "values 0.000"), "right"),
        (VALUES.format("-15 15", "sigmoid", "values [0.00 1.00]"), "right"),
    ],
)
def test_an_answer_is_compared_as_it_was_written(text: str, status: str) -> None:
    (found,) = judged(text)
    assert ("wrong" if found == "slip" else found) == status
