"""A PDF and a PNG show what the SVG shows, with the fonts that ship: letters, corners, hatches, slanted pictures."""

import re
import subprocess
import zlib
from functools import reduce
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest
from PIL import Image as Picture

from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import is_known, text_width
from cnncalc.pictures.scene.rounded_corners import rounded_rectangle
from cnncalc.pictures.scene.shapes import Image, Polygon, Rectangle, Scene
from cnncalc.pictures.writers.pdf import pdf
from cnncalc.pictures.writers.png import png
from cnncalc.pictures.writers.shipped_fonts import FACES, FIXED_FAMILY, NOT_FIXED, font_path, in_shipped_letters
from cnncalc.pictures.writers.svg import svg

SIDES = [((40, -10), (0, 60)), ((50, 0), (20, 60)), ((50, 0), (-20, 60)), ((30, 20), (-25, 50)), ((0, -40), (50, 0))]
"""An input's face, a picture that leans to each side, a turned one, and one that is turned by a quarter."""

SIGNS = "≤ ≥ → Σ × − · … αβγΩ ő Łódź Привет"

Matrix = tuple[float, ...]


def photo() -> bytes:
    """Four squares, each with another colour: red, green, blue, white."""
    picture = Picture.frombytes("RGB", (2, 2), bytes.fromhex("ff0000 008000 0000ff ffffff"))
    file = BytesIO()
    picture.resize((60, 60), Picture.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def painted(data: bytes) -> str:
    """What a PDF's page paints."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)
    return next(text for text in map(unpacked, streams) if " re" in text or " m\n" in text)


def unpacked(stream: bytes) -> str:
    try:
        return zlib.decompress(stream).decode("latin-1")
    except zlib.error:
        return ""


def times(a: Matrix, b: Matrix) -> Matrix:
    """First a, then b, as PDF has it."""
    rows = ((a[0], a[1], 0), (a[2], a[3], 0), (a[4], a[5], 1))
    flat = [x * b[0] + y * b[2] + z * b[4] for x, y, z in rows], [x * b[1] + y * b[3] + z * b[5] for x, y, z in rows]
    return tuple(value for pair in zip(*flat, strict=True) for value in pair)


@pytest.mark.parametrize(("across", "down"), SIDES)
def test_a_picture_is_laid_on_its_parallelogram_in_a_pdf(
    across: tuple[float, float], down: tuple[float, float]
) -> None:
    text = painted(pdf(Scene((Image(60, 50, across, down, photo()),), 200, 150)))
    before = text[: text.index(" Do")]
    matrices = [tuple(map(float, found.split())) for found in re.findall(r"((?:-?[\d.]+ ){6})cm", before)]
    a, b, c, d, e, f = reduce(times, reversed(matrices))
    unit, high = 0.75, 150 * 0.75
    assert (e, high - f) == pytest.approx(((60 + down[0]) * unit, (50 + down[1]) * unit), abs=0.05)  # its lower left
    assert (a, -b) == pytest.approx((across[0] * unit, across[1] * unit), abs=0.05)
    assert (-c, d) == pytest.approx((down[0] * unit, down[1] * unit), abs=0.05)


def test_an_image_has_the_outline_in_a_pdf_that_it_has_in_an_svg() -> None:
    image = Image(20, 30, (40, -10), (0, 60), photo())
    assert 'points="20,30 60,20 60,80 20,90"' in svg(Scene((image,), 200, 150))
    behind = painted(pdf(Scene((image,), 200, 150))).partition(" Do")[2]
    assert behind.count(" l") == 3
    assert "15.00 90.00 m" in behind  # (20, 30) in points from the lower left corner


def test_a_rectangle_has_round_corners_in_a_pdf_however_narrow_it_is() -> None:
    narrow = Rectangle(100, 20, 12, 40, 6)
    outline = rounded_rectangle(narrow)
    assert min(x for x, _ in outline) == 100
    assert pytest.approx(min(outline, key=lambda point: point[1])) == (106, 20)
    assert (100, 20) not in outline
    assert painted(pdf(Scene((narrow,), 200, 150))).count(" l") > 40


def letters_of(face: str) -> dict[str, int]:
    """Letter -> width in thousandths, as the font has it."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    font = TTFont(font_path(face))
    return {chr(code): round(font["hmtx"][glyph][0] * 1000 / 2048) for code, glyph in font.getBestCmap().items()}


@pytest.mark.parametrize(("family", "style"), FACES)
def test_each_letter_that_the_layout_knows_is_in_the_fonts_and_as_wide(family: str, style: str) -> None:
    fixed = family == FIXED_FAMILY
    for letter, width in letters_of(FACES[family, style]).items():
        known = text_width(letter, 1000, bold=style == "B", fixed=fixed)
        if style != "I" or letter.isascii():  # some Greek and Cyrillic letters have another form in italics
            assert known == pytest.approx(width, abs=1), letter
        assert in_shipped_letters(letter, fixed=fixed) == letter
    from cnncalc.pictures.scene.letter_widths import REGULAR

    assert REGULAR.keys() - letters_of(FACES[family, style]).keys() == (NOT_FIXED if fixed else set())


def test_the_fonts_that_ship_take_less_than_200_000_bytes() -> None:
    assert sum(font_path(face).stat().st_size for face in FACES.values()) < 200_000


def test_a_png_has_the_signs_of_arithmetic_and_of_other_alphabets_without_a_font_of_the_machine() -> None:
    assert is_known(SIGNS)  # so that the fonts of the machine are not read
    shown = {letter: png(text_scene(letter)) for letter in [*SIGNS.replace(" ", ""), "\ufffd"]}
    assert len({*shown.values()}) == len(shown)
    assert png(text_scene("0.25", fixed=True)) != png(text_scene("0.25"))


def test_a_pdf_embeds_the_fonts_of_its_letters_alone() -> None:
    data = pdf(text_scene(SIGNS))
    assert re.findall(rb"/FontName /\w+\+(\w+)", data) == [b"Arimo"]
    assert b"/FontFile2" in data
    assert re.findall(rb"/FontName /\w+\+(\w+)", pdf(text_scene("1/3", fixed=True))) == [b"Cousine"]


def text_scene(text: str, *, fixed: bool = False) -> Scene:
    drawing = Drawing()
    drawing.text(4, 20, text, 14, anchor="start", fixed=fixed)
    return drawing.scene(300, 30)


def test_letters_that_no_font_has_become_the_nearest_ones_or_a_question_mark() -> None:
    assert in_shipped_letters("×3 ≤ 4… ő ǟ 層") == "×3 ≤ 4… ő a ?"
    assert in_shipped_letters("x₁", fixed=True) == "x1"


@pytest.mark.skipif(which("pdftoppm") is None, reason="pdftoppm (poppler-utils), which paints a PDF, is not installed")
def test_a_pdf_and_a_png_of_a_drawing_look_alike(tmp_path: Path) -> None:
    drawing = Drawing()
    for n, (across, down) in enumerate(SIDES):
        drawing.add(Image(40 + 75 * n, 60, across, down, photo()))
    drawing.add(
        Polygon(((10, 140), (50, 130), (50, 170)), "conv.face"), Rectangle(70, 140, 60, 40, 8, "up.face", hatch="up")
    )
    drawing.add(Rectangle(150, 140, 12, 40, 6, "pool.face", hatch="pool", dash="3 2"))
    drawing.line([(180, 140), (230, 140), (230, 180)], line_width=3)
    drawing.text(240, 150, SIGNS, anchor="start")
    drawing.text(240, 170, "residual first ×3", anchor="start", bold=True)
    drawing.text(240, 190, "0.25 · 1/3", anchor="start", fixed=True)
    scene = drawing.scene(440, 200)
    (tmp_path / "a.pdf").write_bytes(pdf(scene))
    subprocess.run(["pdftoppm", "-r", "96", "-png", "-singlefile", "a.pdf", "a"], cwd=tmp_path, check=True)
    one, two = Picture.open(BytesIO(png(scene, scale=1))).convert("L"), Picture.open(tmp_path / "a.png").convert("L")
    assert one.size == two.size == (440, 200)
    pairs = zip(one.tobytes(), two.tobytes(), strict=True)
    assert sum(abs(a - b) > 90 for a, b in pairs) < 0.004 * 440 * 200  # nothing but the edges of letters
