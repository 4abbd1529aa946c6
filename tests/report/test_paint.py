"""Colours can be read on dark and on light grounds, and end where they began."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from cnncalc.report.paint import OF_16, OF_256, Style, paint_of_16, paint_of_256

GROUNDS = {
    "black": (0, 0, 0),
    "VS Code dark": (30, 30, 30),
    "Solarized dark": (0, 43, 54),
    "Solarized light": (253, 246, 227),
    "white": (255, 255, 255),
}
ENOUGH = 3.0
"""WCAG 2.1, 1.4.11: the least contrast of signs; two colours cannot reach 4.5 on black and on white alike by far."""


def rgb(number: int) -> tuple[int, ...]:
    """Colour 16 to 255 of xterm: a cube of 6x6x6, then 24 greys."""
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    steps = (0, 95, 135, 175, 215, 255)
    cube = number - 16
    return steps[cube // 36], steps[cube // 6 % 6], steps[cube % 6]


def luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("style", OF_256)
def test_every_colour_can_be_read_on_every_ground(style: Style, ground: str) -> None:
    if found := re.search(r"38;5;(\d+)", OF_256[style]):
        dark, light = sorted((luminance(rgb(int(found[1]))), luminance(GROUNDS[ground])))
        assert (light + 0.05) / (dark + 0.05) >= ENOUGH


def test_every_style_but_plain_has_its_codes() -> None:
    assert set(OF_256) == set(OF_16) == set(get_args(Style)) - {"plain"}


@pytest.mark.parametrize("paint", [paint_of_16, paint_of_256])
def test_a_text_ends_its_own_colour_and_an_empty_one_has_none(paint) -> None:
    for style in OF_256:
        assert re.fullmatch(r"\x1b\[[\d;]+mtext\x1b\[0m", paint("text", style))
        assert paint("   ", style) == "   "
    assert paint("text", "plain") == "text"
