"""Damaged, lying and exploding pictures in every format that is read.

PNG and JPEG are taken apart into their chunks and segments, TIFF into its directory; the others have numbers of their
headers replaced.  Then some bytes are damaged.
"""

from __future__ import annotations

import functools
import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

from .chance import ODD_NUMBERS, Chance, damaged, patched, shuffled

ORIENTATION = 0x0112


# ---------------------------------------------------------------------- sound pictures
@functools.cache
def picture(mode: str, size: tuple[int, int]) -> Image.Image:
    """Noise in one of Pillow's modes."""
    random = np.random.default_rng(len(mode) + size[0])
    noise = Image.fromarray(random.integers(0, 256, (size[1], size[0], 4), np.uint8))
    if mode == "I;16":
        return Image.fromarray(random.integers(0, 65536, (size[1], size[0]), np.uint16))
    return noise.convert("RGB").convert(mode) if mode != "RGBA" else noise


@functools.cache
def saved(kind: str, mode: str, size: tuple[int, int], options: tuple[tuple[str, Any], ...] = ()) -> bytes:
    """The picture as a file; `frames` of several, `orientation` as a camera notes it."""
    chosen = dict(options)
    frames = chosen.pop("frames", 1)
    if "orientation" in chosen:
        exif = Image.Exif()
        exif[ORIENTATION] = chosen.pop("orientation")
        chosen["exif"] = exif
    if frames > 1:
        others = [picture(mode, size).rotate(90 * turn) for turn in range(1, frames)]
        chosen |= {"save_all": True, "append_images": others}
    file = io.BytesIO()
    picture(mode, size).save(file, kind, **chosen)
    return file.getvalue()


def _size(chance: Chance) -> tuple[int, int]:
    return chance.one((8, 8), (1, 1), (5, 9), (40, 17), (64, 2))


# ---------------------------------------------------------------------- PNG
CHUNKS = (
    *(b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"gAMA", b"cHRM", b"tRNS", b"PLTE", b"acTL", b"fcTL", b"fdAT"),
    *(b"sRGB", b"pHYs", b"tIME", b"bKGD", b"abcd", b"ABCD", b"\0\0\0\0", b"IHDR", b"IDAT", b"IEND"),
)


def png(chance: Chance) -> bytes:
    """Chunks with numbers replaced, bombs and foreign ones put between them, checksums right or wrong."""
    if chance.some(0.001):
        return pixel_bomb(chance.one("RGBA", "1", "RGB"))
    mode = chance.one("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
    options = {"optimize": True} if chance.some(0.1) else {}
    if chance.some(0.2):
        options |= {"orientation": chance.randrange(11)}
    if chance.some(0.1) and mode != "I;16":
        options |= {"frames": 3}
    chunks = _chunks(saved("PNG", mode, _size(chance), tuple(options.items())))
    for _ in range(chance.randint(1, 3)):
        chunks = chance.made(
            lambda: _with_header(chance, chunks),
            lambda: _with_header(chance, chunks),
            lambda: _with_chunk(chance, chunks),
            lambda: _with_chunk(chance, chunks),
            lambda: [(kind, damaged(chance, data) if chance.some(0.3) else data) for kind, data in chunks],
            lambda: _rearranged(chance, chunks),
            lambda: _packed_anew(chance, chunks),
        )
    content = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(chance, kind, data) for kind, data in chunks)
    return damaged(chance, content, 2) if chance.some(0.2) else content


Chunks = list[tuple[bytes, bytes]]


def _chunks(content: bytes) -> Chunks:
    found, place = [], 8
    while place < len(content):
        (length,) = struct.unpack_from(">I", content, place)
        found.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += length + 12
    return found


def _chunk(chance: Chance, kind: bytes, data: bytes) -> bytes:
    length = len(data) if chance.some(0.99) else chance.choice(ODD_NUMBERS) % 2**32
    checksum = zlib.crc32(kind + data) ^ (chance.some(0.01) and 1)
    return struct.pack(">I", length) + kind + data + struct.pack(">I", checksum)


def _with_header(chance: Chance, chunks: Chunks) -> Chunks:
    """Sizes, bits, colour type, compression, filter and interlacing, of which some are replaced."""
    fields = list(struct.unpack(">IIBBBBB", chunks[0][1])) if len(chunks[0][1]) == 13 else [8, 8, 8, 2, 0, 0, 0]
    place = chance.randrange(7)
    many: tuple[int, ...] = (chance.choice(ODD_NUMBERS) % 2**32, chance.randint(1, 70), 20_000)
    fields[place] = chance.choice(many) if place < 2 else chance.one(0, 1, 2, 3, 4, 6, 8, 16, 255, 7)
    return [(b"IHDR", struct.pack(">IIBBBBB", *fields)), *chunks[1:]]


def _with_chunk(chance: Chance, chunks: Chunks) -> Chunks:
    """One more chunk, somewhere."""
    kind = chance.choice(CHUNKS)
    content = chance.made(
        lambda: chance.randbytes(chance.randint(0, 60)),
        lambda: b"key\0\0" + text_bomb(),
        lambda: b"key\0\1\0\0\0" + text_bomb(),
        lambda: b"key\0" + b"x" * chance.one(10, 100_000),
        lambda: _exif(chance),
        lambda: struct.pack(">IIIIIHHBB", *(chance.choice(ODD_NUMBERS) % 2**32 for _ in range(5)), 1, 0, 9, 9),
        lambda: chance.odd(4) + chance.odd(4),
        lambda: b"",
    )
    place = chance.randint(0, len(chunks))
    return [*chunks[:place], (kind, content), *chunks[place:]]


def _rearranged(chance: Chance, chunks: Chunks) -> Chunks:
    places = shuffled(chance, [bytes([place]) for place in range(len(chunks))])
    return [chunks[place[0]] for place in places]


def _packed_anew(chance: Chance, chunks: Chunks) -> Chunks:
    """The pixels packed again: shorter, longer, of another filter, with more behind."""
    rows = chance.made(
        lambda: bytes(chance.randint(0, 3000)), lambda: chance.randbytes(300), lambda: b"\5" * 300, lambda: b""
    )
    packed = zlib.compress(rows, chance.one(0, 9)) + chance.one(b"", b"more")
    half = chance.randrange(len(packed))
    parts = [(b"IDAT", packed[:half]), (b"IDAT", packed[half:])] if chance.some(0.3) else [(b"IDAT", packed)]
    return [(kind, data) for kind, data in chunks if kind not in (b"IDAT", b"IEND")] + [*parts, (b"IEND", b"")]


@functools.cache
def text_bomb() -> bytes:
    return zlib.compress(bytes(20_000_000), 9)


@functools.cache
def pixel_bomb(mode: str) -> bytes:
    """Nearly as many pixels as are decoded, in a few hundred kilobytes."""
    file = io.BytesIO()
    Image.new(mode, (10_000, 6_400)).save(file, "PNG")
    return file.getvalue()


def _exif(chance: Chance) -> bytes:
    """What a camera notes, rightly or not."""
    entries = b"".join(
        struct.pack("<HHII", chance.one(ORIENTATION, 0x8769, 0x0100, 0x8825, 0xA005), chance.randrange(15),
                    chance.choice(ODD_NUMBERS) % 2**32, chance.one(3, 6, 8, 99, chance.choice(ODD_NUMBERS) % 2**32))
        for _ in range(chance.randint(0, 4))
    )  # fmt: skip
    count = len(entries) // 12 if chance.some(0.8) else 65535
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + struct.pack("<I", chance.one(0, 8, 10**9))


# ---------------------------------------------------------------------- JPEG
def jpeg(chance: Chance) -> bytes:
    """Segments with numbers replaced: sizes, components, tables, what cameras and Adobe's programs note."""
    mode = chance.one("L", "RGB", "RGB", "CMYK")
    options = {"progressive": True} if chance.some(0.3) else {"quality": chance.one(1, 50, 100)}
    if chance.some(0.2):
        options |= {"orientation": chance.randrange(11)}
    segments = _segments(saved("JPEG", mode, _size(chance), tuple(options.items())))
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(segments))
        segments = chance.made(
            lambda: _with_frame(chance, segments),
            lambda: [*segments[:place], patched(chance, segments[place]), *segments[place + 1 :]],
            lambda: shuffled(chance, segments),
            lambda: [*segments[:1], _note(chance), *segments[1:]],
        )
    content = b"".join(segments)
    return damaged(chance, content) if chance.some(0.3) else content


def _segments(content: bytes) -> list[bytes]:
    """The start, each segment with its marker, and the packed pixels."""
    found, place = [content[:2]], 2
    while content[place + 1] != 0xDA:
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        found.append(content[place : place + length])
        place += length
    return [*found, content[place:]]


def _with_frame(chance: Chance, segments: list[bytes]) -> list[bytes]:
    """The frame header with another precision, height, width, or number of components."""

    def changed(segment: bytes) -> bytes:
        if segment[:1] != b"\xff" or segment[1:2] not in (b"\xc0", b"\xc1", b"\xc2"):
            return segment
        fields = list(struct.unpack(">BHHB", segment[4:10]))
        place = chance.randrange(4)
        fields[place] = chance.one(0, 1, 2, 3, 4, 8, 12, 255) if place in (0, 3) else chance.one(0, 1, 9, 5000, 65535)
        return segment[:4] + struct.pack(">BHHB", *fields) + segment[10:]

    return [changed(segment) for segment in segments]


def _note(chance: Chance) -> bytes:
    """An application segment."""
    said = chance.made(
        lambda: b"Exif\0\0" + _exif(chance),
        lambda: b"Adobe\0d" + chance.randbytes(5),
        lambda: b"JFIF\0" + chance.randbytes(9),
        lambda: b"ICC_PROFILE\0" + chance.randbytes(20),
        lambda: b"MPF\0" + _exif(chance),
        lambda: b"http://ns.adobe.com/xap/1.0/\0" + b"<a " * 3000,
        lambda: b"Photoshop 3.0\x008BIM" + chance.randbytes(30),
        lambda: chance.randbytes(chance.randint(0, 50)),
    )
    marker = chance.one(0xE1, 0xE0, 0xEE, 0xE2, 0xED, 0xFE, 0xDD, 0xDB, 0xC4)
    length = len(said) + 2 if chance.some(0.9) else chance.choice(ODD_NUMBERS) % 65536
    return bytes([0xFF, marker]) + length.to_bytes(2, "big") + said


# ---------------------------------------------------------------------- TIFF
TAGS = (
    256,
    257,
    258,
    259,
    262,
    266,
    273,
    274,
    277,
    278,
    279,
    284,
    317,
    320,
    322,
    323,
    324,
    325,
    338,
    339,
    347,
    330,
    34665,
    700,
)


def tiff(chance: Chance) -> bytes:
    """A directory whose tags, types, counts and values are replaced; or two directories."""
    mode = chance.one("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F")
    packing = chance.one(None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg" if mode in ("L", "RGB") else None)
    options = {"compression": packing} if packing else {}
    if chance.some(0.1):
        options |= {"frames": 2}
    if chance.some(0.1) and not packing:
        options |= {"orientation": chance.randrange(11)}
    content = saved("TIFF", mode, _size(chance), tuple(options.items()))
    for _ in range(chance.randint(1, 3)):
        content = chance.made(
            lambda: _with_entry(chance, content),
            lambda: _with_entry(chance, content),
            lambda: patched(chance, content),
            lambda: damaged(chance, content, 2),
        )
    return content


def _with_entry(chance: Chance, content: bytes) -> bytes:
    """One field of one entry of the first directory replaced."""
    if len(content) < 10:
        return content
    start = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[start : start + 2], "little")
    place = start + 2 + 12 * chance.randrange(min(count, 40) + 1)
    what = chance.randrange(5)
    offset, size = ((0, 2), (2, 2), (4, 4), (8, 4), (8, 2))[what]
    values = (TAGS, range(18), ODD_NUMBERS, ODD_NUMBERS, (0, 1, 2, 3, 5, 6, 7, 8, 32773, 34712, 50000, 65535))[what]
    number = chance.choice(values) % 2 ** (8 * size)
    return content[: place + offset] + number.to_bytes(size, "little") + content[place + offset + size :]


# ---------------------------------------------------------------------- formats with numbers in fixed places
def gif(chance: Chance) -> bytes:
    """Screen and frame sizes, palettes, delays, the packed pixels; one frame or several."""
    options = {"frames": 3, "disposal": chance.randrange(4)} if chance.some(0.5) else {}
    options |= {"transparency": chance.randrange(256)} if chance.some(0.2) else {}
    return _changed(chance, saved("GIF", chance.one("1", "L", "P", "RGB"), _size(chance), tuple(options.items())), 60)


def bmp(chance: Chance) -> bytes:
    """The header's size, width, height, bits, packing and colours."""
    return _changed(chance, saved("BMP", chance.one("1", "L", "P", "RGB", "RGBA"), _size(chance)), 60)


def webp(chance: Chance) -> bytes:
    """Lossy, lossless, animated, with alpha and with a camera's notes."""
    options = {"lossless": True} if chance.some(0.4) else {"quality": 50}
    options |= {"frames": 3} if chance.some(0.3) else {}
    options |= {"orientation": chance.randrange(11)} if chance.some(0.2) else {}
    return _changed(chance, saved("WEBP", chance.one("RGB", "RGBA", "L"), _size(chance), tuple(options.items())), 80)


def tga(chance: Chance) -> bytes:
    """Type, palette, sizes, bits and direction; with run lengths or without."""
    options = {"compression": "tga_rle"} if chance.some(0.4) else {}
    return _changed(
        chance, saved("TGA", chance.one("L", "P", "RGB", "RGBA"), _size(chance), tuple(options.items())), 20
    )


def ico(chance: Chance) -> bytes:
    """A directory of icons, each a PNG or a BMP."""
    options = {"bitmap_format": "bmp"} if chance.some(0.5) else {}
    return _changed(chance, saved("ICO", "RGBA", (32, 32), (("sizes", ((16, 16), (32, 32))), *options.items())), 70)


def jpeg2000(chance: Chance) -> bytes:
    """Boxes, or a bare stream of code."""
    options = {"no_jp2": True} if chance.some(0.4) else {}
    return _changed(chance, saved("JPEG2000", chance.one("L", "RGB", "RGBA"), (16, 16), tuple(options.items())), 120)


def _changed(chance: Chance, content: bytes, header: int) -> bytes:
    for _ in range(chance.randint(1, 3)):
        content = chance.made(
            lambda: patched(chance, content, within=header),
            lambda: patched(chance, content, within=header),
            lambda: damaged(chance, content, 3),
        )
    return content


# ---------------------------------------------------------------------- Netpbm
WORDS = (
    *("8", "8", "1", "9", "255", "255", "65535", "65536", "0", "-1", "1e3", "-1.0", "1.0", "nan", "#", "# note\n"),
    *("#" + "x" * 99_999, "9" * 100_000, "10000", "\0", "", "99999999999", "20000"),
)


def ppm(chance: Chance) -> bytes:
    """A magic, sizes and a brightest value, of which some are odd; pixels as bytes or as words."""
    magic = chance.one("P1", "P2", "P3", "P4", "P5", "P6", "P7", "Pf", "PF", "P0", "Pg", "Py")
    brightest = ("-1.0",) if magic in ("Pf", "PF") else ("255", "255", "65535", "1", "100")
    numbers = ["8", "8"] if magic in ("P1", "P4") else ["8", "8", chance.one(*brightest)]
    for _ in range(chance.one(0, 0, 1, 1, 2)):
        numbers[chance.randrange(len(numbers))] = chance.choice(WORDS)
    head = "".join(f"{word}{chance.one(' ', chr(10), chr(9))}" for word in (magic, *numbers))
    words = " ".join(str(chance.randrange(2 if magic == "P1" else 300)) for _ in range(chance.one(64, 192, 10)))
    body = words.encode() if magic in ("P1", "P2", "P3") else chance.randbytes(chance.one(64, 192, 384, 256, 768, 8))
    content = head.encode() + body
    return damaged(chance, content, 2) if chance.some(0.3) else content
