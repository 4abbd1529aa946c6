"""Exercises on what layers own, compute and hand on: parameters, multiply-accumulates, activations."""

from __future__ import annotations

from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, Line
from cnncalc.homework.quiz.kinds.drafts import FILTERS, MACS, PARAMS, SIZE, Draft


def params(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Parameters to be learned, weights and biases."""
    first, second, units = draws.one_of(FILTERS), draws.one_of(FILTERS), draws.one_of((10, 12, 20, 30))
    kernel, depth = draws.one_of((3, 5)), draws.one_of((3, 6, 8))
    side = draws.one_of((12, 14, 16, 18, 20))
    lines = [Line(f"input {side}x{side}x{depth}")]
    if level == "hard":
        groups = draws.one_of((2, 4))
        lines[0] = Line(f"input {side}x{side}x{4 * draws.between(2, 4)}")
        lines += [
            Line(f"dwconv {kernel}x{kernel} same", PARAMS, (2,)),
            Line(f"conv {first * 4} 1x1 nobias bn relu", PARAMS, (2,)),
            Line(f"conv {second * groups} 3x3 groups={groups} relu", PARAMS, (2,)),
            Line("gap"),
            Line(f"dense {units} nobias", PARAMS, (1,)),
        ]
    else:
        lines += [
            Line(f"conv {first} {kernel}x{kernel} relu", PARAMS, (2,)),
            Line("maxpool 2x2", PARAMS, (1,)),
            Line(f"conv {second} 3x3{' same nobias' if level == 'medium' else ''} relu", PARAMS, (2,)),
        ]
    if level == "medium":
        lines += [Line("flatten"), Line(f"dense {units} softmax", PARAMS, (2,))]
    return Draft("Parameters. How many numbers does each line learn, biases included?", tuple(lines))


def macs(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Multiply-accumulates for one image."""
    first, second, side = draws.one_of((4, 6, 8)), draws.one_of((4, 8, 10)), draws.one_of((8, 10, 12, 14, 16))
    kernel, units = draws.one_of((3, 5)), draws.one_of((10, 20))
    lines = [Line(f"input {side}x{side}x{draws.one_of((1, 2, 3))}")]
    if level == "easy":
        lines.append(Line(f"conv {first} {kernel}x{kernel} relu", MACS, (2,)))
        lines += [Line("flatten"), Line(f"dense {units}", MACS, (1,))]
    elif level == "medium":
        lines += [
            Line(f"conv {first} {kernel}x{kernel} same{draws.one_of(('', ' stride=2'))} relu", MACS, (2,)),
            Line("maxpool 2x2", MACS, (1,)),
            Line(f"conv {second} 1x1 relu", MACS, (2,)),
        ]
    else:
        lines += [
            Line(f"conv {first * 2} {kernel}x{kernel} same relu", MACS, (2,)),
            Line("dwconv 3x3 same stride=2", MACS, (2,)),
            Line(f"conv {second} 1x1 relu", MACS, (2,)),
            Line(f"upconv {first} 2x2 stride=2", MACS, (2,)),
        ]
    task = "Work. How many multiply-accumulates does each line take for one image (padding counts as multiplied)?"
    return Draft(task, tuple(lines))


def memory(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Activations: the numbers that each line hands on, which have to be kept for training."""
    first, second, side = draws.one_of(FILTERS), draws.one_of(FILTERS), draws.one_of((16, 20, 24, 28, 32))
    kernel = draws.one_of((3, 5))
    texts = [f"conv {first} {kernel}x{kernel} relu", "maxpool 2x2"]
    if level != "easy":
        texts[0] = f"conv {first} {kernel}x{kernel} same relu"
        texts.append(f"conv {second} 3x3 stride=2 padding=1 relu")
    if level == "hard":
        texts += [f"upconv {first} 2x2 stride=2", "gap"]
    task = (
        "Memory. How many numbers come out of each line for one image? (They are kept for training; each takes 4 bytes "
        "as a 32-bit number.)"
    )
    start = Line(f"input {side}x{side}x{draws.one_of((1, 3))}")
    return Draft(task, (start, *(Line(text, SIZE, (1,)) for text in texts)))


def depthwise(draws: Draws, level: Difficulty, number: int) -> Draft:
    """What a depthwise separable convolution costs, beside the plain one that it stands for."""
    channels, filters = draws.one_of((4, 8, 12, 16)), draws.one_of((8, 16, 24, 32))
    side, kernel = draws.one_of((8, 10, 12, 14)), draws.one_of((3, 5))
    ending = "" if level == "easy" else " nobias" if level == "medium" else " stride=2 nobias"
    picture = f"in{number}"
    asked = PARAMS if level == "easy" else PARAMS + MACS
    worth = (1,) * len(asked)
    task = (
        "Depthwise. A plain convolution (first line) against a depthwise one and a 1x1 convolution after it (the "
        "other two), on the same input. How many parameters does each line have"
        f"{'?' if level == 'easy' else ', and how many multiply-accumulates does it take for one image?'}"
    )
    lines = (
        Line(f"{picture}: input {side}x{side}x{channels}"),
        Line(f"conv {filters} {kernel}x{kernel} same{ending} from {picture}", asked, worth),
        Line(f"dwconv {kernel}x{kernel} same{ending} from {picture}", asked, worth),
        Line(f"conv {filters} 1x1{ending.replace(' stride=2', '')}", asked, worth),
    )
    return Draft(task, lines)


def parts(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """What a count of parameters is made of: biases, the weights of one filter, the connections of one neuron."""
    first, second, units = draws.one_of(FILTERS), draws.one_of(FILTERS), draws.one_of((10, 12, 20))
    kernel, depth, side = draws.one_of((3, 5)), draws.one_of((3, 6, 8)), draws.one_of((12, 14, 16))
    texts: list[tuple[str, tuple[str, ...]]] = [(f"conv {first} {kernel}x{kernel} relu", ("kernel", "biases"))]
    if level == "easy":
        texts.append((f"conv {second} 3x3 relu", ("kernel", "weights")))
    elif level == "medium":
        texts += [("maxpool 2x2", ()), ("flatten", ()), (f"dense {units} relu", ("fan_in", "biases"))]
    else:
        texts += [
            (f"conv {2 * second} 3x3 groups=2 same relu", ("kernel", "biases")),
            ("dwconv 3x3 same relu", ("kernel", "weights")),
        ]
    start = Line(f"input {side}x{side}x{depth if level != 'hard' else 3}")
    if level == "hard":
        texts[0] = (texts[0][0].replace(f"conv {first} ", f"conv {2 * first} "), texts[0][1])
    task = (
        "Parts of a count. Of each line that is asked about: how many weights has one filter (without its bias), how "
        "many biases or weights has the whole line, how many connections has one neuron (without its bias)?"
    )
    return Draft(task, (start, *(Line(text, asked, (1,) * len(asked)) for text, asked in texts)))
