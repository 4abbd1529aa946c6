"""The built-in filters: their numbers as the decks print them, their sums, and the slips the decks made."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.layers.filters import FILTERS


def rows(name: str) -> list[list[Fraction]]:
    return [list(row) for row in FILTERS[name].matrix.planes[0]]


@pytest.mark.parametrize(
    ("name", "printed"),
    {
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        "outline": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
        "sobel_top": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
        "sobel_left": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
        "hlines": [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
    }.items(),
)
def test_a_filter_is_as_the_decks_print_it(name: str, printed: list[list[int]]) -> None:
    assert rows(name) == printed


@pytest.mark.parametrize(
    ("name", "total"),
    {
        "identity": 1,
        "identity5": 1,
        "sharpen": 1,
        "laplacian": 0,
        "laplacian_negative": 0,
        "outline": 0,
        "emboss": 1,
        "sobel_top": 0,
        "sobel_left": 0,
        "hlines": 0,
        "box3": 1,
        "box5": 1,
        "gauss3": 1,
        "blur_rounded": Fraction(97, 100),
        "curve": 180,
    }.items(),
)
def test_a_filter_sums_exactly(name: str, total: Fraction) -> None:
    assert FILTERS[name].total == total


def test_all_filters_have_a_sum_test_a_meaning_and_a_deck() -> None:
    assert len(FILTERS) == 15
    assert all(found.meaning and "deck" in found.source for found in FILTERS.values())


def test_the_laplacian_of_deck_002_is_the_negative_of_deck_001() -> None:
    assert rows("laplacian_negative") == [[-value for value in row] for row in rows("laplacian")]


def test_deck_003_prints_the_gaussian_rounded() -> None:
    """.06 .12 .25 are 1/16, 2/16, 4/16 to two digits; rounding 0.0625 and 0.125 down loses 3 %."""
    for exact, printed in zip(FILTERS["gauss3"].matrix.values(), FILTERS["blur_rounded"].matrix.values(), strict=True):
        assert abs(exact - printed) <= Fraction(1, 200)
    assert FILTERS["gauss3"].total - FILTERS["blur_rounded"].total == Fraction(3, 100)


def test_the_curve_filter_answers_6600_to_its_own_curve() -> None:
    """Deck 000: 50*30 + 50*30 + 50*30 + 20*30 + 50*30."""
    patch = [[0, 0, 0, 0, 0, 0, 30], [0, 0, 0, 0, 50, 50, 50], [0, 0, 0, 20, 50, 0, 0]] + [[0, 0, 0, 50, 50, 0, 0]] * 4
    seen = [value for row in patch for value in row]
    assert sum(a * b for a, b in zip(FILTERS["curve"].matrix.values(), seen, strict=True)) == 6600
