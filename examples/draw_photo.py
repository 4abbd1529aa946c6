"""Draws examples/photo.jpg: a lake in the evening, 640x480, with the soft gradients, edges and grain of a photograph.

Everything is computed: sky, sun, three ranges of hills from layered noise, water that mirrors them, a boat and reeds.
Run it in this folder: `python draw_photo.py` (needs Pillow and numpy, which cnncalc brings).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).parent
WIDTH, HEIGHT, SHORE = 640, 480, 290
Array = npt.NDArray[np.float64]


def mixed(a: Array, b: Array, amount: Array) -> Array:
    """From colour a to colour b, by an amount for each pixel."""
    return a + (b - a) * amount[..., None]


def ridge(random: np.random.Generator, height: float, roughness: float) -> Array:
    """A skyline: sums of ever finer and lower waves."""
    x = np.arange(WIDTH) / WIDTH
    line = np.full(WIDTH, height)
    for octave in range(1, 8):
        waves = 2.0**octave
        line += roughness / waves * np.sin(2 * np.pi * (waves * 0.7 * x + random.random()))
    return line


def landscape(random: np.random.Generator) -> Array:
    """Sky, sun and hills down to the shore."""
    y, x = np.mgrid[0:SHORE, 0:WIDTH].astype(float)
    picture = mixed(np.array([38.0, 70.0, 140.0]), np.array([250.0, 178.0, 108.0]), (y / SHORE) ** 1.3)
    distance = np.hypot(x - 440, y - 175)
    picture = mixed(picture, np.array([255.0, 226.0, 160.0]), 0.75 * np.exp(-distance / 90))
    picture = mixed(picture, np.array([255.0, 248.0, 225.0]), np.clip(27 - distance, 0, 1))
    colours = [(118.0, 108.0, 142.0), (70.0, 84.0, 104.0), (30.0, 54.0, 46.0)]
    for colour, height, roughness in zip(colours, (190.0, 226.0, 262.0), (70.0, 52.0, 36.0), strict=True):
        line = ridge(random, height, roughness)
        texture = 1 + 0.10 * random.standard_normal((SHORE, WIDTH))
        inside = np.clip(y - line[None, :], 0, 1)
        picture = mixed(picture, np.array(colour), inside) * np.where(inside[..., None] > 0.5, texture[..., None], 1)
    return picture


def water(above: Array, random: np.random.Generator) -> Array:
    """The picture above the shore, mirrored, drawn out, darkened and broken by waves."""
    rows = np.arange(HEIGHT - SHORE)
    mirrored = above[np.clip(SHORE - 1 - (rows * 1.4).astype(int), 0, SHORE - 1)]
    shifted = np.empty_like(mirrored)
    for row in rows:
        shift = int(2 + row * 0.05) * np.sin(row * 0.9 + 3 * np.sin(row * 0.13)) + random.normal(0, 0.6)
        shifted[row] = np.roll(mirrored[row], int(shift), axis=0)
    glitter = (0.78 + 0.10 * np.sin(rows * 1.7))[:, None, None]
    return shifted * glitter + np.array([2.0, 10.0, 18.0])


def with_boat_and_reeds(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """A red boat with a white sail on the water, and reeds in front."""
    pen = ImageDraw.Draw(picture)
    pen.polygon([(150, 318), (246, 318), (228, 340), (168, 340)], fill=(158, 36, 32))
    pen.line([(198, 318), (198, 214)], fill=(70, 46, 30), width=4)
    pen.polygon([(203, 220), (203, 310), (262, 306)], fill=(240, 234, 220))
    pen.polygon([(193, 232), (193, 310), (152, 308)], fill=(214, 205, 196))
    pen.polygon([(168, 341), (228, 341), (214, 362), (180, 362)], fill=(84, 30, 34))
    for _ in range(110):
        foot = random.uniform(360, 640)
        top = random.uniform(60, 190) * (0.4 + 0.6 * (foot - 360) / 280)
        lean = random.normal(0, 14)
        green = int(random.uniform(40, 92))
        pen.line([(foot, HEIGHT), (foot + lean, HEIGHT - top)], fill=(green // 2, green, green // 3), width=2)
        if random.random() < 0.3:
            pen.ellipse((foot + lean - 3, HEIGHT - top - 20, foot + lean + 3, HEIGHT - top + 4), fill=(86, 56, 30))
    return picture


def main() -> None:
    """Writes photo.jpg."""
    random = np.random.default_rng(1998)
    above = landscape(random)
    scene = np.vstack([above, water(above, random)])
    picture = with_boat_and_reeds(Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8)), random)
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), dtype=float)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    corners = 1 - 0.30 * (((x - 320) / 400) ** 2 + ((y - 240) / 300) ** 2)[..., None] ** 1.5
    grain = random.normal(0, 4.0, (HEIGHT, WIDTH, 1))
    Image.fromarray(np.clip(soft * corners + grain, 0, 255).astype(np.uint8)).save(HERE / "photo.jpg", quality=82)


if __name__ == "__main__":
    main()
