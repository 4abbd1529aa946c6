"""The classic image filters, exact, each with the lecture deck that prints it.

`conv filter=sharpen` finds them by name.  All are written as they are slid over the image, without a flip: decks 000
and 001 print the same Sobel matrix, one as a convolution, one as a filter.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from cnncalc.layers.base import NamedMatrix
from cnncalc.matrices import Matrix, matrix


class ImageFilter(NamedTuple):
    """A filter with what it does and where it is printed."""

    name: str
    matrix: Matrix
    meaning: str
    source: str

    @property
    def named(self) -> NamedMatrix:
        """As a layer's argument."""
        return NamedMatrix(self.name, self.matrix)

    @property
    def total(self) -> Fraction:
        """The sum of its numbers: 1 keeps the brightness, 0 leaves only edges."""
        return sum(self.matrix.values(), Fraction(0))


def _filter(name: str, rows: list[list[int]], meaning: str, source: str, divisor: int = 1) -> ImageFilter:
    scaled = [[Fraction(value, divisor) for value in row] for row in rows]
    return ImageFilter(name, matrix(tuple(tuple(row) for row in scaled)), meaning, source)


def _box(size: int) -> list[list[int]]:
    return [[1] * size for _ in range(size)]


FILTERS: dict[str, ImageFilter] = {
    found.name: found
    for found in (
        _filter(
            "identity",
            [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
            "changes nothing",
            "Gonzalez and Woods, chapter 3; deck 004, delta * f = f",
        ),
        _filter(
            "sharpen",
            [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
            "makes every pixel differ more from its four neighbours",
            "Gonzalez and Woods, chapter 3; decks 000, 001 and 004",
        ),
        _filter(
            "laplacian",
            [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
            "second derivative: 0 where the brightness is even or changes evenly",
            "Gonzalez and Woods, chapter 3; deck 001; with the opposite sign in deck 002",
        ),
        _filter(
            "laplacian_negative",
            [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
            "the Laplacian with a positive centre",
            "Gonzalez and Woods, chapter 3; deck 002; with the opposite sign in deck 001",
        ),
        _filter(
            "outline",
            [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
            "edges in every direction, also called edge detection",
            "Powell 2015, Image Kernels; deck 001; decks 002, 003 and 004, edge detection",
        ),
        _filter(
            "emboss",
            [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
            "a relief: what is brighter is raised, with light from the top left",
            "Powell 2015, Image Kernels; decks 001 and 003",
        ),
        _filter(
            "sobel_top",
            [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
            "horizontal edges, bright above dark",
            "Sobel and Feldman 1968; deck 001, top sobel; deck 000, Gy",
        ),
        _filter(
            "sobel_left",
            [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
            "vertical edges, bright left of dark",
            "Sobel and Feldman 1968; deck 001, left sobel; deck 000, Gx",
        ),
        _filter("box3", _box(3), "the mean of 3x3 pixels", "Gonzalez and Woods, chapter 3; deck 002, box blur", 9),
        _filter("box5", _box(5), "the mean of 5x5 pixels", "Gonzalez and Woods, chapter 3; deck 004, 5x5 mean", 25),
        _filter(
            "gauss3",
            [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
            "a soft blur that weighs near pixels more",
            "Gonzalez and Woods, chapter 3; deck 003, rounded to two digits",
            16,
        ),
        _filter(
            "blur_rounded",
            [[6, 12, 6], [12, 25, 12], [6, 12, 6]],
            "gauss3 rounded to two digits: sums to .97, so the image gets darker",
            "Gonzalez and Woods, chapter 3, rounded; deck 003, blurring kernel as printed",
            100,
        ),
        _filter(
            "hlines",
            [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
            "horizontal lines one pixel high",
            "Gonzalez and Woods, chapter 10; deck 002",
        ),
        _filter(
            "curve",
            [
                [0, 0, 0, 0, 0, 30, 0],
                [0, 0, 0, 0, 30, 0, 0],
                [0, 0, 0, 30, 0, 0, 0],
                [0, 0, 0, 30, 0, 0, 0],
                [0, 0, 0, 30, 0, 0, 0],
                [0, 0, 0, 30, 0, 0, 0],
                [0, 0, 0, 0, 0, 0, 0],
            ],
            "answers strongly to one curve",
            "Deshpande 2016; deck 000, whose `no edge` slide shows an eighth row by mistake",
        ),
        _filter(
            "identity5",
            [[0] * 5, [0] * 5, [0, 0, 1, 0, 0], [0] * 5, [0] * 5],
            "changes nothing, 5x5",
            "Gonzalez and Woods, chapter 3; deck 004",
        ),
    )
}
"""Name -> filter, in the order in which `cnncalc filters` lists them."""
