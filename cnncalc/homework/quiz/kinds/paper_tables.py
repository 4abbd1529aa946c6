"""Exercises that read the table of a paper: a small network like a published one, with its numbers left blank."""

from __future__ import annotations

from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, Line
from cnncalc.homework.quiz.kinds.drafts import PARAMS, SHAPE, Draft


def table(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """LeNet-5, VGG or MobileNet, each with sizes of its own."""
    if level == "easy":
        return _lenet(draws)
    return _vgg(draws) if level == "medium" else _mobilenet(draws)


def _draft(table: str, texts: list[str]) -> Draft:
    """The table in words, and a line for each row: rows that learn are asked for their parameters too."""
    start, *rows = texts
    lines = [Line(start)]
    for text in rows:
        word = text.split()[0]
        learns = word in ("conv", "dwconv", "dense")
        asked = () if word == "flatten" else SHAPE + PARAMS if learns else SHAPE
        lines.append(Line(text, asked, (1,) * len(asked)))
    task = (
        f"A table of a paper. {table} Fill in its columns: the output shape (height x width x channels, or the length) "
        "of each row, and the parameters of rows that learn, biases included."
    )
    return Draft(task, tuple(lines))


def _lenet(draws: Draws) -> Draft:
    """C1, S2, C3, S4 and F6 of LeNet-5 (LeCun et al., 1998), as it is built today, with maximum pooling."""
    side, first, second = draws.one_of((28, 32)), draws.one_of((4, 6, 8)), draws.one_of((12, 16))
    units = draws.one_of((40, 60, 84))
    table = (
        f"Like LeNet-5 (LeCun et al., 1998): C1 has {first} maps and 5x5 kernels, S2 halves the size, C3 has {second} "
        f"maps and 5x5 kernels, S4 halves the size, F6 has {units} units; the picture is {side}x{side}, grey."
    )
    texts = [
        f"input {side}x{side}x1",
        f"conv {first} 5x5 tanh",
        "maxpool 2x2",
        f"conv {second} 5x5 tanh",
        "maxpool 2x2",
        "flatten",
        f"dense {units} tanh",
    ]
    return _draft(table, texts)


def _vgg(draws: Draws) -> Draft:
    """Columns of VGG's table 1 (Simonyan and Zisserman, 2015): conv3-64 is a 3x3 convolution with 64 filters."""
    first, units, side = draws.one_of((4, 8, 12)), draws.one_of((20, 32, 50)), draws.one_of((16, 24, 32))
    table = (
        f"Like VGG (Simonyan and Zisserman, 2015): conv3-{first}, conv3-{first}, maxpool, conv3-{2 * first}, "
        f"maxpool, FC-{units}; conv3-N is a 3x3 convolution with N filters that keeps the size, maxpool is 2x2 with "
        f"stride 2, and the picture is {side}x{side} in RGB."
    )
    texts = [
        f"input {side}x{side}x3",
        f"conv {first} 3x3 same relu",
        f"conv {first} 3x3 same relu",
        "maxpool 2x2",
        f"conv {2 * first} 3x3 same relu",
        "maxpool 2x2",
        "flatten",
        f"dense {units} relu",
    ]
    return _draft(table, texts)


def _mobilenet(draws: Draws) -> Draft:
    """Rows of MobileNet's table 1 (Howard et al., 2017): Conv dw / s2 is a depthwise convolution with stride 2."""
    first, second = draws.one_of((8, 16)), draws.one_of((24, 32))
    side = draws.one_of((32, 40, 48))
    table = (
        f"Like MobileNet (Howard et al., 2017): Conv / s2 with 3x3x3x{first}, Conv dw / s1 with 3x3x{first}, "
        f"Conv / s1 with 1x1x{first}x{second}, Conv dw / s2 with 3x3x{second}, Avg Pool; s is the stride, dw is "
        f"depthwise, no row has biases, and the picture is {side}x{side} in RGB."
    )
    texts = [
        f"input {side}x{side}x3",
        f"conv {first} 3x3 stride=2 padding=1 nobias relu",
        "dwconv 3x3 padding=1 nobias relu",
        f"conv {second} 1x1 nobias relu",
        "dwconv 3x3 stride=2 padding=1 nobias relu",
        "gap",
    ]
    return _draft(table, texts)
