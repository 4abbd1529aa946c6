"""A traced number: its steps, the words behind the layer, and the pixels that it sees."""

from __future__ import annotations

import pytest

from cnncalc.analysis.by_hand import values
from cnncalc.analysis.seen_pixels import seen_pixels, seen_words
from cnncalc.analysis.traced_cell import traced
from cnncalc.analysis.worked_cells.addresses import address_of

SLIDE_000 = (
    "data image = [105 102 100 97 96; 103 99 103 101 102; 101 98 104 102 100; 99 101 106 104 99; 104 104 104 100 98]\n"
    "input from image\nconv filter=sharpen padding=1 relu"
)


def test_the_320_of_the_slide_with_its_pixels_and_the_padding_above_and_beside_them(analysed) -> None:
    """Deck 000: 105*5 - 102 - 103 = 320, under a row and beside a column of zeros."""
    analysis = analysed(SLIDE_000)
    row = analysis.rows[-1]
    cell = traced(analysis, row, address_of("1,1", row.output), values(analysis).get)
    assert [(work.word, work.result) for work in cell.works] == [("conv", 320), ("relu", 320)]
    assert [node.node.layer.word for node in cell.nodes] == ["conv", "relu"]
    assert cell.arriving[0][0][0][0] == [105, 102, 100, 97, 96]
    assert cell.made is not None
    assert cell.made[0][0][0] == [320, 206, 198, 188, 281]
    assert [(axis.name, axis.first, axis.last, axis.pads) for axis in cell.seen[0].axes] == [
        ("row", -1, 1, (1, 0)),
        ("column", -1, 1, (1, 0)),
    ]


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("conv 1 3x3", (0, 1, 4), "rows 2 to 4 of 9 and columns 5 to 7 of 9"),
        (
            "conv 1 3x3 same",
            (0, 0, 8),
            "rows 1 to 2 of 9 and columns 8 to 9 of 9, and padding: 1 row before the first, 1 column after the last",
        ),
        ("conv 1 1x1", (0, 0, 0), "row 1 of 9 and column 1 of 9"),
        ("conv 1 3x3 stride=2\nconv 1 3x3", (0, 1, 0), "rows 3 to 9 of 9 and columns 1 to 7 of 9"),
        ("gap", (0, 0, 0), "all 9 rows and all 9 columns"),
        ("upconv 1 1x1 stride=3", (0, 1, 0), "no pixel of the input"),
    ],
)
def test_the_pixels_of_a_place_in_words(analysed, line: str, place: tuple[int, int, int], words: str) -> None:
    """Counted by hand on squared paper."""
    analysis = analysed(f"input 9x9x1\n{line}")
    ((_, seen, _),) = seen_pixels(analysis, analysis.nodes[-1], place)
    assert seen_words(seen) == words
