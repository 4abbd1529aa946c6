"""Exercises on receptive fields: how much of the picture one value depends on."""

from __future__ import annotations

from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, Line
from cnncalc.homework.quiz.kinds.drafts import FIELD, Draft


def receptive_field(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """The side of the patch of the picture that one value depends on."""
    kernels = [draws.one_of((3, 5)) for _ in range(3)]
    pool = draws.one_of(("maxpool 2x2", "maxpool 3x3 stride=2", "avgpool 2x2"))
    texts = [f"conv 4 {kernels[0]}x{kernels[0]} from picture", f"conv 4 {kernels[1]}x{kernels[1]}"]
    if level == "easy":
        texts += [f"conv 4 {kernels[2]}x{kernels[2]}"] * draws.between(0, 1)
    elif level == "medium":
        texts += [pool, f"conv 4 {kernels[2]}x{kernels[2]}"]
    else:
        texts[0] = f"conv 4 {kernels[0]}x{kernels[0]} stride=2 padding=1 from picture"
        texts[1] = f"conv 4 3x3 dilation={draws.one_of((2, 3))}"
        texts += [pool, f"conv 4 {draws.one_of((2, 3))}x3", "conv 4 1x1"]
    asked = {len(texts) - 1, len(texts) // 2} - {0}
    lines = tuple(Line(text, FIELD, (2,)) if i in asked else Line(text) for i, text in enumerate(texts))
    task = (
        "Receptive field. How many pixels of the picture, on each side of a square (or height x width), does one value "
        "of this line depend on?"
    )
    return Draft(task, lines)
