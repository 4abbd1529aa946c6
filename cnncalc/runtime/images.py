"""Pictures from files as the arrays a net reads: decoded, turned, resized and scaled.

A picture is judged by its header before a pixel is decoded, and everything that can be wrong with it is one InputError
that names the file and the way out.  `Preprocessing` says what is done to the values; it can be put in words.  Files
of plain numbers (.npy, .npz) are `cnncalc.runtime.numeric_inputs`' business.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.reasons import plain_reason
from cnncalc.file_kinds import LONGEST_HEAD, PICTURE, PLACEHOLDERS, kind_of
from cnncalc.geometry import Shape
from cnncalc.layers.input import Input
from cnncalc.layers.picture_words import USUAL, shorter_side
from cnncalc.runtime.decoded_formats import opened_picture
from cnncalc.runtime.files import refuse_unreadable
from cnncalc.runtime.free_memory import refuse_too_much
from cnncalc.runtime.handwriting import Ink, centred_writing, is_inverted
from cnncalc.runtime.picture_frames import first_of
from cnncalc.runtime.placement import Resize, placed, resized_size
from cnncalc.runtime.silence import silenced

Array = np.ndarray[Any, Any]

LARGEST_PICTURE = 65_000_000
"""Pixels, as many as the largest sensors of common cameras have.  More are refused by the header alone."""

BYTES_A_PIXEL = 16
"""What a pixel of the file may take while it is decoded: four bytes, each time it is stored in another form."""

BYTES_A_VALUE = 20
"""What a value of the input takes while a picture is scaled: itself and what stands in between, as float32."""

ORIENTATION = 0x0112
"""The entry of a photograph's notes that says how the camera was held; from 5 on it lay on its side."""

OWN_CHANNELS = 0
"""Asks for one channel of a grey picture, for three of any other."""

GREY_MODES = ("1", "L", "LA")
"""What Pillow calls pictures without colours, with up to 8 bits a pixel."""

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
"""Channels the net wants -> Pillow's name for such pictures."""

logging.getLogger("PIL").addHandler(logging.NullHandler())  # else Python prints what Pillow notes of damaged files

RESIZING: dict[Resize, str] = {
    "fit": "fitted into {size} as a whole, the rest {border}",
    "stretch": "stretched to {size}",
    "crop": "cut from the middle to {size}",
}
CUT = "shorter side resized to {side}, the middle {size} cut out"


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How a picture becomes numbers: value = (pixel * scale - mean) / std, channel by channel, pixels being 0..255.

    Without a scale it is 1/255: values 0..1.  One number holds for all channels; with `bgr` blue is the first of them.
    `fit` keeps the whole picture and leaves a border (pixels of that value; without one the mean, or black: 0 after
    scaling), `crop` fills the input and cuts what hangs over, `stretch` gives up the proportions.  A number is the
    length that the shorter side gets before the middle is cut out, bit for bit as torchvision's Resize and CenterCrop.
    Deeper pictures are brought to 0..255 first, without rounding.  `ink` is what the net knows of writing: a gray
    picture with dark writing for light, or the reverse, is inverted (`cnncalc.runtime.handwriting`).
    """

    resize: Resize = "fit"
    scale: tuple[float, ...] = ()
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    ink: Ink = ""
    bgr: bool = False
    bicubic: bool = False
    border: float | None = None

    @classmethod
    def of(cls, line: Input, shape: Shape, resize: Resize | None = None) -> Preprocessing:
        """What an `input` line of that shape says about it; `resize` takes the place of what it says of that."""
        usual = USUAL.get(line.preprocessing)
        return cls(
            resize or shorter_side(line, shape) or cast("Resize", line.picture or "fit"),
            (usual.scale,) if usual else line.scale,
            usual.mean if usual else line.mean,
            usual.std if usual else line.std,
            cast("Ink", line.ink),
            usual.bgr if usual else line.bgr,
            line.interpolation == "bicubic",
            line.border,
        )

    def text(self, shape: Shape) -> str:
        """In words, for the line above a run's table."""
        border = "black" if self.border is None else f"filled with {self.border:g} of 255"
        border = "filled with the mean" if any(self.mean) and self.border is None else border
        way = RESIZING.get(self.resize, CUT)
        resized = way.format(side=self.resize, size=shape.spatial_text, border=border)
        smooth = " (bicubic)" if self.bicubic else ""
        colours = "blue, green, red; " if self.bgr else ""
        tops = tuple(round(255 * scale, 6) for scale in self.scale) or (1.0,)
        minus = f", minus {_listed(self.mean)}" if any(self.mean) else ""
        divided = f", divided by {_listed(self.std)}" if any(value != 1 for value in self.std) else ""
        return f"{resized}{smooth}; {colours}values 0..{_listed(tops)}{minus}{divided}"


PLAIN = Preprocessing()
"""The whole picture, black borders, values 0..1."""


def read(path: Path, shape: Shape, preprocessing: Preprocessing = PLAIN) -> Array:
    """The picture as float32 `[1, c, 1, y, x]`, ready for an input of that shape."""
    return _read(path, shape, preprocessing)[0]


def prepared_pictures(paths: Sequence[Path], shape: Shape, preprocessing: Preprocessing) -> tuple[Array, str]:
    """The pictures as `[n, c, y, x]`, and in words what was done to them.  Raises InputError."""
    array, turned = read_batch(paths, shape, preprocessing)
    text = preprocessing.text(shape)
    if turned:
        ground = "dark on light" if preprocessing.ink == "light" else "light on dark"
        which = "" if len(turned) == len(paths) else f" ({', '.join(path.name for path in turned)})"
        text += f"; {ground}, so inverted, cut to the writing and centred{which}"
    parts = {path: part for path in paths if (part := first_of(path))}
    if parts:
        which = "" if len(parts) == len(paths) else f" ({', '.join(path.name for path in parts)})"
        text += f"; {' or '.join(dict.fromkeys(parts.values()))} alone is read{which}"
    return array, text


def read_batch(
    paths: Sequence[Path], shape: Shape, preprocessing: Preprocessing = PLAIN
) -> tuple[Array, tuple[Path, ...]]:
    """Several pictures, one after the other along the first axis, and those of them that were turned round."""
    refuse_too_much(2 * 4 * len(paths) * shape.elements, "the input, one picture after the other,")
    found = [_read(path, shape, preprocessing) for path in paths]
    turned = tuple(path for path, (_, is_turned) in zip(paths, found, strict=True) if is_turned)
    return np.concatenate([values for values, _ in found]), turned


def _read(path: Path, shape: Shape, preprocessing: Preprocessing) -> tuple[Array, bool]:
    """`[1, c, 1, y, x]`, and whether the picture was turned round."""
    refuse_preprocessing(preprocessing, shape)
    _refuse_shape(path, shape)
    refuse_too_much(BYTES_A_VALUE * shape.elements, f"a picture of {shape.text()}")
    picture, brightest = _decoded(path, shape.channels)
    turned = bool(preprocessing.ink) and is_inverted(picture, preprocessing.ink)
    if turned:
        gray = picture.point(lambda value: value * 255 / brightest).convert("L")
        picture, brightest = centred_writing(gray, preprocessing.ink, (shape.width, shape.height)), 255.0
    way: Resize = "fit" if turned else preprocessing.resize
    resized = np.asarray(_resized(path, picture, shape, way, bicubic=preprocessing.bicubic), np.float32)
    values = _normalised(_with_channels(resized, shape.channels, brightest), preprocessing, brightest)
    canvas = np.empty((1, shape.channels, 1, shape.height, shape.width), np.float32)
    canvas[...] = _border(preprocessing, shape.channels)
    top, left = (shape.height - values.shape[0]) // 2, (shape.width - values.shape[1]) // 2
    canvas[0, :, 0, top : top + values.shape[0], left : left + values.shape[1]] = values.transpose(2, 0, 1)
    return canvas, turned


def upright(path: Path) -> Image.Image:
    """The picture as people look at it, in colours of 8 bits."""
    picture, brightest = _decoded(path, 3)
    if brightest != 255:
        picture = picture.point(lambda value: value * 255 / brightest).convert("L")
    return picture.convert("RGB")


def picture_values(path: Path, *, grey: bool = False) -> Array:
    """The picture in its own size, values 0..1 as float32 `[1, c, 1, y, x]`: one channel if it is grey, else three."""
    picture, brightest = _decoded(path, 1 if grey else OWN_CHANNELS)
    values = np.asarray(picture, np.float32).reshape(picture.height, picture.width, -1) / np.float32(brightest)
    return np.ascontiguousarray(values.transpose(2, 0, 1))[np.newaxis, :, np.newaxis]


def upright_size(path: Path) -> tuple[int, int]:
    """(width, height) of the picture as people look at it; it was read before, so nothing is refused here."""
    with opened_picture(path) as picture:
        turned = picture.getexif().get(ORIENTATION) in (5, 6, 7, 8)
        return (picture.height, picture.width) if turned else picture.size


def refuse_preprocessing(preprocessing: Preprocessing, shape: Shape) -> None:
    """Raise an InputError unless the numbers can be used, and fit the size and the channels."""
    side = preprocessing.resize
    if isinstance(side, int) and side < max(shape.spatial, default=0):
        raise _unfit(
            f"a picture with a shorter side of {side} pixels does not fill {shape.spatial_text}",
            f"give a number of at least {max(shape.spatial)}",
        )
    for name in ("scale", "mean", "std"):
        values = getattr(preprocessing, name)
        if len(values) not in (0, 1, shape.channels):
            raise _unfit(
                f"{name} has {len(values)} values, but the input has {shape.channels} channels",
                "write one value, or one for each channel",
            )
    if not all(np.isfinite((*preprocessing.scale, *preprocessing.mean, *preprocessing.std))):
        raise _unfit("scale, mean and std must be plain numbers", "leave them out for values 0..1")
    if any(value <= 0 for value in preprocessing.std):
        raise _unfit("std must be larger than 0: values are divided by it", "write std=1 to leave them as they are")


def _unfit(message: str, hint: str) -> InputError:
    return input_error("preprocessing-does-not-fit", message, help=hint)


def takes_pictures(shape: Shape) -> bool:
    """Whether a picture can be put into an input of this shape."""
    return shape.rank == 2 and shape.channels in MODES


def _refuse_shape(path: Path, shape: Shape) -> None:
    if shape.rank != 2:
        kind = {0: "a flat vector", 1: "1-D", 3: "3-D"}[shape.rank]
        raise input_error(
            "input-is-no-picture",
            f"the input of this net is {kind} ({shape.text()}); the picture `{path}` cannot be put in",
            help=f"give the numbers as a .npy file of shape {shape.text()}",
        )
    if shape.channels not in MODES:
        raise input_error(
            "input-is-no-picture",
            f"the input of this net has {shape.channels} channels; a picture has 1, 3 or 4 (`{path}`)",
            help=f"give the numbers as a .npy file of shape {shape.text()}",
        )


def _no_picture(path: Path) -> InputError:
    """The error of a file that is something else, which is named where it is known: a web page, say."""
    with path.open("rb") as file:
        kind = kind_of(file.read(LONGEST_HEAD), path.name)
    if kind is None or kind == PICTURE:
        return input_error("picture-unknown", f"`{path}` is not a picture", help="give a PNG or JPEG file")
    advice = kind.model if kind in PLACEHOLDERS else "give a PNG or JPEG file"
    return input_error("picture-unknown", f"`{path}` is {kind.what}, not a picture", help=advice)


def _decoded(path: Path, channels: int) -> tuple[Image.Image, float]:
    """The first frame, upright, with the channels that are asked for, and the value of its brightest pixel."""
    refuse_unreadable(path, "picture", "give a PNG or JPEG file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd metadata; the bound here is ours
            with opened_picture(path) as picture:
                _refuse_size(path, picture.size)
                with silenced() if picture.format == "TIFF" else contextlib.nullcontext():
                    picture.load()
                ImageOps.exif_transpose(picture, in_place=True)
                return _converted(path, picture, channels)
    except Image.DecompressionBombError:
        raise _too_large(path, "far more pixels than can be decoded") from None
    except UnidentifiedImageError:
        raise _no_picture(path) from None
    except InputError:
        raise
    except MemoryError:
        raise _too_large(path, "more pixels than the memory of this machine holds") from None
    except Exception as error:  # noqa: BLE001 - decoders meet damaged data in too many ways to list
        reason = plain_reason(error) or type(error).__name__
        raise input_error(
            "picture-damaged",
            f"`{path}` is damaged: {reason}",
            help="open it in an image editor and save it again as PNG",
        ) from None


def _refuse_size(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if width * height > LARGEST_PICTURE:
        raise _too_large(
            path, f"its header says {width:,} x {height:,} pixels = {width * height / 1e6:,.0f} megapixels"
        )
    refuse_too_much(BYTES_A_PIXEL * width * height, f"decoding `{path}`")


def _too_large(path: Path, reason: str) -> InputError:
    return input_error(
        "picture-too-large",
        f"`{path}` is too large: {reason}",
        notes=(f"at most {LARGEST_PICTURE // 10**6} megapixels are decoded",),
        help="make it smaller first, with any image editor",
    )


def _converted(path: Path, picture: Image.Image, channels: int) -> tuple[Image.Image, float]:
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _deep(path, picture), 65535.0
    channels = channels or (1 if picture.mode in GREY_MODES else 3)
    if picture.has_transparency_data and channels in (1, 3):
        whole = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        picture = Image.new("RGB", whole.size, (255, 255, 255))
        picture.paste(whole, mask=whole)
    if picture.mode not in ("L", "LA", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture.convert(MODES[channels]), 255.0


def _deep(path: Path, picture: Image.Image) -> Image.Image:
    """A picture of 16 bits a pixel as floating-point gray, so that resizing keeps them all."""
    values = np.asarray(picture).astype(np.float32)
    if picture.mode == "F" or values.max() > 65535 or values.min() < 0:
        raise input_error(
            "picture-unknown",
            f"`{path}` holds numbers, and does not say which one is the brightest",
            help="save it with 8 or 16 bits a pixel, or give the numbers as a .npy file",
        )
    return Image.fromarray(values)


def _resized(path: Path, picture: Image.Image, shape: Shape, resize: Resize, *, bicubic: bool) -> Image.Image:
    """The picture, at most as large as the input."""
    size = shape.width, shape.height
    smooth = Image.Resampling.BICUBIC if bicubic else Image.Resampling.BILINEAR
    if isinstance(resize, int):
        return _cut(path, picture, shape, resize, smooth)
    if resize == "crop":
        return ImageOps.fit(picture, size, smooth)
    size = resized_size(picture.size, shape, resize)
    return picture if picture.size == size else picture.resize(size, smooth)


def _cut(path: Path, picture: Image.Image, shape: Shape, side: int, smooth: Image.Resampling) -> Image.Image:
    """Resized until the shorter side has so many pixels, then the middle cut out, as torchvision's."""
    width, height = size = resized_size(picture.size, shape, side)
    if width * height > LARGEST_PICTURE:
        raise _too_large(path, f"with a shorter side of {side:,} pixels the longer one would have {max(size):,}")
    refuse_too_much(BYTES_A_PIXEL * width * height, f"resizing `{path}`")
    resized = picture if picture.size == size else picture.resize(size, smooth)
    place = placed(picture.size, shape, side)
    left, top = round(-place.left), round(-place.top)
    return resized.crop((left, top, left + shape.width, top + shape.height))


def _with_channels(values: Array, channels: int, brightest: float) -> Array:
    """`[y, x, channels]`; gray is repeated for colours, and what has no alpha is opaque."""
    if values.ndim == 3:
        return values
    colours = np.repeat(values[:, :, np.newaxis], channels, axis=2)
    if channels in (2, 4):
        colours[:, :, -1] = brightest
    return colours


def _normalised(pixels: Array, preprocessing: Preprocessing, brightest: float) -> Array:
    """Divided by what makes 255 of the scale out of the brightest pixel: a scale of 1/127.5 divides by 127.5 itself."""
    with np.errstate(divide="ignore"):
        divisors = brightest / (255 * np.asarray(preprocessing.scale or (1 / 255,), np.float64))
    mean = np.asarray(preprocessing.mean or (0.0,), np.float32)
    std = np.asarray(preprocessing.std or (1.0,), np.float32)
    ordered = pixels[:, :, ::-1] if preprocessing.bgr else pixels
    return (ordered / divisors.astype(np.float32) - mean) / std


def _border(preprocessing: Preprocessing, channels: int) -> Array:
    """What stands beside a picture that is fitted, `[channels, 1, 1, 1]`."""
    if preprocessing.border is None:
        return np.zeros((1, 1, 1, 1), np.float32)
    return pixel_values((preprocessing.border,) * channels, preprocessing).reshape(channels, 1, 1, 1)


def pixel_values(pixel: Sequence[float], preprocessing: Preprocessing) -> Array:
    """The numbers that a pixel becomes, in the net's order of channels; its levels, from 0 to 255, have red first."""
    levels = np.asarray(pixel, np.float32).reshape(1, 1, -1)
    return _normalised(levels, preprocessing, 255.0).reshape(-1)


def pixel_levels(values: Array, preprocessing: Preprocessing) -> Array:
    """The reverse: levels `[c, y, x]`, red first, of the numbers of an input; 0 where a scale of 0 left nothing."""
    std, mean, scale = (
        np.array(numbers or (usual,)).reshape(-1, 1, 1)
        for numbers, usual in ((preprocessing.std, 1.0), (preprocessing.mean, 0.0), (preprocessing.scale, 1 / 255))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        levels: Array = np.nan_to_num((values.astype(np.float64) * std + mean) / scale)
    return levels[::-1] if preprocessing.bgr else levels


def _listed(values: tuple[float, ...]) -> str:
    return f"{values[0]:g}" if len(set(values)) == 1 else f"({', '.join(f'{value:g}' for value in values)})"
