"""Exercises on sizes: of maps, of what padding adds, of transposed and dilated convolutions."""

from __future__ import annotations

from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, Line
from cnncalc.homework.quiz.kinds.drafts import FIELD, FILTERS, PADDING, SHAPE, Draft


def sizes(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Output shapes, line by line."""
    first, second = draws.one_of(FILTERS), draws.one_of(FILTERS)
    if level == "easy":
        side, kernel = draws.one_of((24, 28, 32, 36, 40)), draws.one_of((3, 5))
        texts = [
            f"input {side}x{side}x{draws.one_of((1, 3))}",
            f"conv {first} {kernel}x{kernel} relu",
            "maxpool 2x2",
            f"conv {second} 3x3 relu",
        ]
    elif level == "medium":
        side, kernel, padding = draws.between(28, 48), draws.one_of((3, 5)), draws.between(1, 2)
        texts = [
            f"input {side}x{side}x3",
            f"conv {first} {kernel}x{kernel} stride=2 padding={padding} relu",
            draws.one_of(("maxpool 2x2", "maxpool 3x3 stride=2", "avgpool 2x2")),
            f"conv {second} 3x3 same relu",
            "flatten",
        ]
    else:
        height, width = draws.between(30, 48), draws.between(50, 70)
        texts = [
            f"input {height}x{width}x3",
            f"conv {first} {draws.one_of(('3x5', '5x3', '4x4', '2x6'))} stride=2 padding=1 relu",
            f"conv {second} 3x3 dilation={draws.one_of((2, 3))} relu",
            draws.one_of(("maxpool 3x3 stride=2 ceil", "maxpool 2x2 ceil", "avgpool 3x2 stride=2")),
            f"upconv {first} {draws.one_of((2, 3, 4))}x{draws.one_of((2, 3))} stride=2",
        ]
    task = "Sizes. Which shape comes out of each line (height x width x channels, or the length of a vector)?"
    return Draft(task, (Line(texts[0]), *(Line(text, SHAPE, (1,)) for text in texts[1:])))


def padding(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """The padding that `same` and `full` mean."""
    side, filters = draws.between(20, 40), draws.one_of(FILTERS)
    kernel, other = draws.one_of((3, 5, 7, 9)), draws.one_of((3, 5, 7))
    if level == "easy":
        texts = [f"conv {filters} {kernel}x{kernel} same"]
        task = "Find the padding: how many rows and columns of zeros are on each side, so that the size stays?"
    elif level == "medium":
        texts = [f"conv {filters} {other}x{other} dilation=2 same", f"conv {filters} {kernel}x{kernel} full"]
        task = (
            "Find the padding: how many rows and columns of zeros are on each side? `same` keeps the size; `full` "
            "pads so that every window is seen which touches the picture at all."
        )
    else:
        texts = [f"conv {filters} {kernel}x{other} same", f"conv {filters} {other}x{other} stride=2 same"]
        task = (
            "Find the padding of `same`, as Keras pads: the output has ceil(n / stride) rows, and an odd row of zeros "
            "goes to the bottom, an odd column to the right. Write 2 where all sides have as many, 1x2 for 1 above and "
            "below and 2 left and right, or all four: top,bottom,left,right (0,1,0,1)."
        )
    asked = tuple(Line(text, PADDING, (2,)) for text in texts)
    return Draft(task, (Line(f"input {side}x{side}x{draws.one_of((1, 3))}"), *asked))


def transposed(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Sizes of transposed convolutions, which make maps larger."""
    first, second = draws.one_of(FILTERS), draws.one_of(FILTERS)
    side, kernel = draws.between(5, 12), draws.one_of((2, 3, 4))
    if level == "easy":
        texts = [f"upconv {first} {kernel}x{kernel} stride=2"]
    elif level == "medium":
        texts = [f"upconv {first} {kernel}x{kernel} stride=2", f"upconv {second} 4x4 stride=2 padding=1"]
    else:
        width = draws.between(8, 14)
        texts = [
            f"upconv {first} {kernel}x{draws.one_of((3, 5))} stride=3",
            f"upconv {second} 3x3 stride=2 padding=1 output_padding=1",
            "conv 3 3x3 same",
        ]
        lines = (Line(f"input {side}x{width}x{draws.one_of((8, 16))}"), *(Line(text, SHAPE, (2,)) for text in texts))
        return Draft(_TRANSPOSED, lines)
    return Draft(_TRANSPOSED, (Line(f"input {side}x{side}x8"), *(Line(text, SHAPE, (2,)) for text in texts)))


_TRANSPOSED = (
    "Transposed convolutions (`upconv`) make maps larger. Which shape comes out of each line "
    "(height x width x channels)?"
)


def dilation(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Size and receptive field of dilated convolutions."""
    filters, kernel = draws.one_of((4, 6, 8)), draws.one_of((3, 5))
    rate = draws.one_of((2, 3))
    if level == "easy":
        texts = [f"conv {filters} {kernel}x{kernel} dilation={rate} from picture"]
    elif level == "medium":
        texts = [
            f"conv {filters} {kernel}x{kernel} from picture",
            f"conv {filters} 3x3 dilation={rate}",
        ]
    else:
        texts = [
            f"conv {filters} 3x3 padding=1 from picture",
            "conv 4 3x3 dilation=2 padding=2",
            f"conv 4 3x3 dilation={draws.one_of((3, 4))}",
        ]
    task = (
        "Dilation d spreads a kernel: d - 1 pixels are left out between two neighbours. Which shape comes out of each "
        "line that is asked about, and how large is its receptive field?"
    )
    asked = {0, len(texts) - 1}
    lines = (Line(text, SHAPE + FIELD, (1, 2)) if n in asked else Line(text) for n, text in enumerate(texts))
    return Draft(task, tuple(lines))


def exact(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """The size before it is rounded, where a stride does not fit."""
    side, kernel, filters = 2 * draws.between(12, 24), draws.one_of((3, 5, 7)), draws.one_of(FILTERS)
    stride = 2 if level == "easy" else draws.one_of((2, 4))
    padding = 0 if level == "easy" else draws.between(0, 2)
    texts = [f"conv {filters} {kernel}x{kernel} stride={stride}{f' padding={padding}' if padding else ''}"]
    if level == "hard":
        texts.append(f"maxpool 3x3 stride={draws.one_of((2, 4))}")
    task = (
        "Before rounding. Which shape comes out of each line, and which size does the formula (n + 2p - k) / s + 1 "
        "give for one side of its square map before it is rounded down (as 12.5)?"
    )
    start = Line(f"input {side}x{side}x{draws.one_of((1, 3))}")
    return Draft(task, (start, *(Line(text, (*SHAPE, "exact"), (1, 1)) for text in texts)))


def total_padding(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """The padding of both sides together, for stride 1 and, where it is odd, for other strides."""
    side, filters = draws.between(20, 40), draws.one_of(FILTERS)
    kernels = (3, 5, 7) if level == "easy" else (2, 4, 6, 3)
    kernel, other = draws.one_of(kernels), draws.one_of(kernels)
    texts = [f"conv {filters} {kernel}x{kernel} same"]
    if level != "easy":
        texts.append(f"conv {filters} {other}x{other} stride=2 same")
    if level == "hard":
        texts.append(f"conv {filters} 3x3 dilation={draws.one_of((2, 3))} same")
    task = (
        "Padding in all. How many rows of zeros does `same` put above and below together (as Keras pads: the output "
        "has ceil(n / stride) rows)?"
    )
    start = Line(f"input {side}x{side}x{draws.one_of((1, 3))}")
    return Draft(task, (start, *(Line(text, ("padding-total",), (2,)) for text in texts)))
