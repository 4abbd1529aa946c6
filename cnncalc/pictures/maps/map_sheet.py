"""The maps of one line as a picture that is understood alone: which line, what shape, how values became greys.

Each map has the number of its channel below it, where there is room.
"""

from __future__ import annotations

import io
from math import ceil

from PIL import Image, ImageDraw, PngImagePlugin

from cnncalc.pictures.maps.map_tiles import Tiles
from cnncalc.pictures.maps.montage import columns_of
from cnncalc.pictures.maps.picture_letters import drawn_letters, font_of

MOST, TILE = 64, 96
"""Maps on a sheet, and the pixels of the longer side of one at most."""

MARGIN, GAP = 12, 6
TITLE, WORDS, NUMBER = 16, 12, 10
"""Pixels of letters: the line, how values became greys, the numbers of channels."""

NARROWEST = 480
"""Pixels of a sheet, so that words have room beside few small maps."""

LONGEST = 400
"""Letters of a text; a name of a stranger's net may be of any length."""

SMALLEST_NAMED = 18
"""Pixels of a map that has room for its number."""

PAPER, INK, SOFT, FRAME = (255, 255, 255), (0, 0, 0), (85, 85, 85), (150, 150, 150)
"""A frame shows where a map ends that is white at its border."""

WRITTEN_BY = b"cnncalc run --maps"
"""Stands in every such file, so that it is known as one when it is to be replaced."""


def map_sheet(title: str, tiles: Tiles) -> Image.Image:
    """The title, the words and the tiles with their numbers, on white."""
    width, height = tiles.pictures[0].size
    named = bool(tiles.names) and len(tiles.pictures) > 1 and width >= SMALLEST_NAMED
    step = width + GAP, height + (NUMBER + GAP if named else 0) + GAP
    across = columns_of(len(tiles.pictures), *step)
    inside = max(NARROWEST - 2 * MARGIN, across * step[0] - GAP)
    across = max(across, min(len(tiles.pictures), (inside + GAP) // step[0]))
    words = f"{tiles.words}; {tiles.naming}" if named else tiles.words
    lines = [
        *((line, TITLE, INK) for line in wrapped_letters(title, TITLE, inside)),
        *((line, WORDS, SOFT) for line in wrapped_letters(words, WORDS, inside)),
    ]
    top = MARGIN + sum(line_height(letters) for _, letters, _ in lines) + GAP
    down = ceil(len(tiles.pictures) / across)
    sheet = Image.new("RGB", (inside + 2 * MARGIN, top + down * step[1] - GAP + MARGIN), PAPER)
    draw = ImageDraw.Draw(sheet)
    y = MARGIN
    for line, letters, colour in lines:
        draw.text((MARGIN, y), line, fill=colour, font=font_of(letters))
        y += line_height(letters)
    numbers = font_of(NUMBER)
    for place, picture in enumerate(tiles.pictures):
        row, column = divmod(place, across)
        x, y = MARGIN + column * step[0], top + row * step[1]
        draw.rectangle((x - 1, y - 1, x + width, y + height), outline=FRAME)
        sheet.paste(picture, (x, y))
        if named:
            draw.text((x + width // 2, y + height + 1), tiles.names[place], fill=INK, font=numbers, anchor="ma")
    return sheet


def png_bytes(sheet: Image.Image) -> bytes:
    """The sheet as a file, in greys where it has no other colour."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Software", WRITTEN_BY.decode())
    red, green, blue = sheet.convert("RGB").split()
    grey = red.tobytes() == green.tobytes() == blue.tobytes()
    file = io.BytesIO()
    (red if grey else sheet).save(file, "PNG", pnginfo=notes)
    return file.getvalue()


def is_map_sheet(beginning: bytes) -> bool:
    """Whether a file that begins so was written here."""
    return is_png(beginning) and WRITTEN_BY in beginning


def is_png(beginning: bytes) -> bool:
    """Whether a file that begins so is a picture of this kind, whoever wrote it."""
    return beginning.startswith(b"\x89PNG\r\n\x1a\n")


def line_height(letters: int) -> int:
    """The pixels from line to line of letters of so many pixels."""
    return letters + letters // 3


def wrapped_letters(text: str, letters: int, width: int) -> list[str]:
    """Lines no wider than that; a word that is wider is cut."""
    font = font_of(letters)
    shown = drawn_letters(text[: LONGEST + 1])
    shown = f"{shown[:LONGEST]}..." if len(shown) > LONGEST else shown
    lines = [""]
    for word in shown.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
        while font.getlength(lines[-1]) > width:
            fits = next(n for n in range(len(lines[-1]) - 1, -1, -1) if n < 2 or font.getlength(lines[-1][:n]) <= width)
            lines[-1:] = [lines[-1][: max(1, fits)], lines[-1][max(1, fits) :]]
    return lines
