"""What an `input` line says of pictures: how they are brought to its size, and how their pixels become numbers.

The usual sets of such numbers have names: `imagenet`, `minus1to1`, `caffe`.  Here is what each stands for, and which
words contradict each other; what is done to a picture is `cnncalc.runtime.images`' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.base import Formula, counted

if TYPE_CHECKING:
    from cnncalc.layers.input import Input


class UsualValues(NamedTuple):
    """What one word says of the values of a picture; `cuts`: its shorter side is made 8/7 of the input's first."""

    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...] = ()
    bgr: bool = False
    cuts: bool = False

    @property
    def text(self) -> str:
        """The same in the words of an input line."""
        said = f"scale={_number(self.scale)}"
        numbers = {"mean": self.mean, "std": self.std}
        return " ".join(
            [
                *(["bgr"] if self.bgr else []),
                said,
                *(f"{name}={','.join(f'{one:g}' for one in values)}" for name, values in numbers.items() if values),
            ]
        )


USUAL = {
    "imagenet": UsualValues(1 / 255, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), cuts=True),
    "minus1to1": UsualValues(1 / 127.5, (1.0,)),
    "caffe": UsualValues(1.0, (103.939, 116.779, 123.68), bgr=True),
}
"""By their words.  imagenet: torchvision's, the mean and deviation of ImageNet's pixels; 256 and 224 pixels give 8/7.
minus1to1 and caffe: Keras' `preprocess_input` of modes "tf" and "caffe"."""

DEEPEST_PIXEL = 255

_NAMED = frozenset(("preprocessing", "resize", "picture", "border", "interpolation", "scale", "mean", "std", "ink"))
_BARE = frozenset((*USUAL, "fit", "stretch", "crop", "bilinear", "bicubic", "bgr", "light", "dark"))


def is_picture_word(word: str) -> bool:
    """Whether a word of an input line is about pictures, and no part of its size: `imagenet`, `resize=256`."""
    name, equals, _ = word.lower().partition("=")
    return name in (_NAMED if equals else _BARE)


def shorter_side(line: Input, shape: Shape) -> int | None:
    """How many pixels a picture's shorter side gets before its middle is cut out; None where nothing is cut so."""
    if line.resize is not None:
        return line.resize
    usual = USUAL.get(line.preprocessing)
    if usual is None or not usual.cuts or line.picture or shape.rank != 2:
        return None
    return round(max(shape.spatial) * 8 / 7)


def pixel_formulas(line: Input, shape: Shape) -> tuple[Formula, ...]:
    """What a white pixel becomes in each channel of a picture; nothing where the line says nothing of it.

    An input in colour has red, green, blue, or the other way round with `bgr`.
    """
    usual = USUAL.get(line.preprocessing)
    if shape.rank != 2 or shape.channels not in (1, 3) or not (usual or line.scale or line.mean or line.std):
        return ()
    scale, mean, std = ((usual.scale,), usual.mean, usual.std) if usual else (line.scale, line.mean, line.std)
    names = ("white",) if shape.channels == 1 else ("red of white", "green of white", "blue of white")
    if usual.bgr if usual else line.bgr:
        names = names[::-1]
    each = [_of_channel(channel, scale or (1 / DEEPEST_PIXEL,), mean, std) for channel in range(shape.channels)]
    return tuple(Formula(name, *one) for name, one in zip(names, each, strict=True))


def _of_channel(
    channel: int, scale: tuple[float, ...], mean: tuple[float, ...], std: tuple[float, ...]
) -> tuple[str, str, str]:
    """The formula in symbols and in numbers, without the parts that the line leaves out, and its result."""
    factor, minus, divisor = (
        values[min(channel, len(values) - 1)] if values else default
        for values, default in ((scale, 1.0), (mean, 0.0), (std, 1.0))
    )
    symbols, numbers = "pixel * scale", f"{DEEPEST_PIXEL} * {_number(factor)}"
    if mean:
        symbols, numbers = f"{symbols} - mean", f"{numbers} - {_number(minus)}"
    if std:
        symbols, numbers = f"({symbols}) / std", f"({numbers}) / {_number(divisor)}"
    return symbols, numbers, f"{(DEEPEST_PIXEL * factor - minus) / divisor:.6g}"


def _number(value: float) -> str:
    """`0.485`, and `1/255` for what is read best as a part of one."""
    return f"1/{1 / value:g}" if 0 < value < 0.1 and f"{1 / value:g}".replace(".", "").isdigit() else f"{value:g}"


def refuse_picture_words(line: Input, shape: Shape) -> None:
    """Raise Refusal, with the guilty word, for what a picture cannot be made of, or what contradicts another word."""
    _refuse_other_inputs(line, shape)
    _refuse_two_values(line, shape)
    _refuse_two_ways(line, shape)
    for name in ("scale", "mean", "std"):
        values: tuple[float, ...] = getattr(line, name)
        if len(values) not in (0, 1, shape.channels):
            raise _unfit(
                f"{name} has {counted(len(values), 'number')} for {counted(shape.channels, 'channel')}",
                name,
                f"write one number, or {shape.channels} with commas between",
                label="one number for all channels, or one each",
            )
    if 0.0 in line.std:
        raise _unfit(
            "std is 0, and nothing can be divided by 0",
            "std",
            "write the standard deviation of the training pictures, or leave std out",
        )


def _refuse_other_inputs(line: Input, shape: Shape) -> None:
    """What only pictures have, for an input that is none, and what only some of them have."""
    channels = counted(shape.channels, "channel")
    if line.ink and shape.channels != 1:
        raise _unfit(
            f"ink={line.ink} is for gray pictures, but the input has {channels}",
            "ink",
            "leave ink out, or write a gray input: `input 28x28x1`",
        )
    words = {"resize": f"resize={line.resize}", "picture": line.picture, "interpolation": line.interpolation}
    written = next((name for name in words if getattr(line, name) not in ("", None)), "")
    if written and (shape.rank != 2 or line.data is not None):
        what = "a matrix of the text" if line.data is not None else f"{shape.text(line.order)}, which is no picture"
        raise _unfit(f"`{words[written]}` is for pictures, but the input is {what}", written, "leave it out")
    usual = USUAL.get(line.preprocessing)
    coloured = "preprocessing" if usual and len(usual.mean) == 3 else "bgr" if line.bgr else ""
    if coloured and (shape.channels != 3 or shape.rank != 2):
        word = line.preprocessing if coloured == "preprocessing" else "bgr"
        raise _unfit(f"`{word}` is for pictures in colour, but the input is {shape.text(line.order)}", coloured,
                     "leave it out, or write an input in colour: `input 224x224x3`")  # fmt: skip


def _refuse_two_values(line: Input, shape: Shape) -> None:
    usual = USUAL.get(line.preprocessing)
    other = next((name for name in ("scale", "mean", "std", "bgr") if getattr(line, name)), "")
    if usual is not None and other:
        side = shorter_side(line, shape)
        resize = f"resize={side} " if side is not None else ""
        raise _unfit(
            f"`{line.preprocessing}` says already how pixels become numbers",
            other,
            f"leave {other} out, or write in place of {line.preprocessing}: {resize}{usual.text}",
        )


def _refuse_two_ways(line: Input, shape: Shape) -> None:
    if line.resize is not None and line.picture:
        raise _unfit(
            f"`resize={line.resize}` cuts out the middle of a picture, `{line.picture}` does something else",
            "picture",
            "keep one of the two",
        )
    if line.resize is not None and line.resize < max(shape.spatial):
        needed = max(shape.spatial)
        raise _unfit(
            f"a picture with a shorter side of {line.resize} pixels does not fill {shape.spatial_text}",
            "resize",
            f"write resize={round(needed * 8 / 7)}, or any number from {needed}",
        )
    if line.border is None:
        return
    if line.picture in ("stretch", "crop") or shorter_side(line, shape) is not None:
        raise _unfit("no border is left around a picture that fills the input", "border", "leave border out")
    if not 0 <= line.border <= DEEPEST_PIXEL:
        raise _unfit(f"a border of {line.border:g} is no pixel", "border", "write a number from 0 (black) to 255")


def _unfit(message: str, argument: str, help: str, *, label: str = "") -> Refusal:
    return Refusal("preprocessing-does-not-fit", message, argument, label=label, help=help)
