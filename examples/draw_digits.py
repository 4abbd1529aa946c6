"""Draws examples/digits: ten handwritten-like digits, 28x28, white on black as in MNIST, and one photographed one.

Each digit is a pen stroke through a few points, drawn sixteen times too large and made smaller, which gives the grey
edges of a scanned pen.  Run it in this folder: `python draw_digits.py` (needs Pillow and numpy, which cnncalc brings).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).parent
SIDE, FINE = 28, 16

# Points on a 20x20 sheet (x to the right, y down), joined by a smooth curve; a digit may take several strokes.
STROKES: dict[int, list[list[tuple[float, float]]]] = {
    0: [
        [(11, 1.5), (5, 4), (3.6, 10), (5.5, 17), (10, 18.6), (15.2, 15.5), (16.4, 9), (14.6, 3.4), (10.4, 1.4), (8, 2)]
    ],
    1: [[(7, 5.5), (10.8, 1.8), (10.4, 8), (10, 13), (9.6, 18.6)]],
    2: [[(4.2, 5.6), (6.6, 2), (11, 1.4), (14.6, 4.2), (13.4, 9), (8.4, 14), (3.6, 18), (9, 17.4), (16.6, 18)]],
    3: [[(4.6, 3), (9.6, 1.4), (14, 3.8), (12.6, 8), (8.4, 9.6), (13.4, 11), (15, 15), (11, 18.4), (4.4, 17.4)]],
    4: [[(9.4, 1.4), (6, 7), (3.2, 12.6), (9, 12.4), (17, 12)], [(13, 6.4), (12.6, 12), (12, 18.8)]],
    5: [[(15.4, 1.8), (6.4, 2.2), (5.6, 8.8), (10, 7.6), (14.8, 10.4), (14, 16), (9.4, 18.6), (4, 17)]],
    6: [[(13.4, 1.4), (7.4, 6), (4.4, 12.6), (6.4, 17.8), (11.4, 18.4), (14.8, 14.8), (12, 11), (7.6, 12), (5, 15)]],
    7: [[(3.4, 3), (9, 2.4), (16, 2.2), (12.6, 8), (9.6, 13), (7.8, 18.8)], [(6.4, 10.4), (10, 10), (13.6, 9.8)]],
    8: [
        [
            (13.6, 4.6),
            (10, 1.4),
            (6, 4),
            (8, 8),
            (12.6, 11.4),
            (13.8, 16),
            (9.6, 18.8),
            (5.6, 16),
            (7.6, 11),
            (12, 7.6),
            (13.6, 4.4),
        ]
    ],
    9: [
        [(14.4, 5.4), (10.4, 1.6), (5.6, 4.2), (6, 8.8), (10.6, 9.8), (14.2, 5.8), (13.8, 11), (12.4, 15), (10.6, 18.8)]
    ],
}


def smooth(points: list[tuple[float, float]], steps: int = 24) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through all points."""
    padded = np.array([points[0], *points, points[-1]])
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for t in np.linspace(0, 1, steps, endpoint=False):
            cubic = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
            curve.append(0.5 * (2 * b + (c - a) * t + cubic))
    return [(float(x), float(y)) for x, y in [*curve, padded[-1]]]


def drawn(digit: int, width: float, slant: float = 0.08) -> Image.Image:
    """The digit in white on black, centred, with a pen of `width` pixels."""
    large = Image.new("L", (SIDE * FINE, SIDE * FINE))
    pen = ImageDraw.Draw(large)
    for stroke in STROKES[digit]:
        places = [((x + 4 + slant * (10 - y)) * FINE, (y + 4) * FINE) for x, y in smooth(stroke)]
        for x, y in places:
            radius = width * FINE / 2
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return large.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def photographed(digit: int) -> Image.Image:
    """The digit in blue ink on paper, as a telephone would see it: uneven light, grain, a slight turn; 160x200."""
    random = np.random.default_rng(7)
    ink = drawn(digit, 1.9).resize((140, 140), Image.Resampling.BICUBIC).rotate(7, Image.Resampling.BICUBIC)
    amount = np.zeros((200, 160, 1))
    amount[32:172, 10:150, 0] = np.asarray(ink.filter(ImageFilter.GaussianBlur(0.8)), dtype=float) / 255
    y, x = np.mgrid[0:200, 0:160]
    light = (0.98 - 0.16 * x / 160 - 0.12 * (y / 200) ** 2)[..., None]
    paper = np.array([236.0, 231.0, 218.0]) * light
    picture = paper * (1 - 0.86 * amount) + np.array([30.0, 44.0, 110.0]) * 0.86 * amount
    grain = random.normal(0, 3.0, (200, 160, 1))
    return Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8))


def main() -> None:
    """Writes digits/0.png to digits/9.png and digits/photographed-4.jpg."""
    folder = HERE / "digits"
    folder.mkdir(exist_ok=True)
    for digit in STROKES:
        drawn(digit, 2.6).save(folder / f"{digit}.png", optimize=True)
    photographed(4).save(folder / "photographed-4.jpg", quality=88)


if __name__ == "__main__":
    main()
