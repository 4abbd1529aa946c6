"""The input of a net: a size with channels, a picture in colour or gray, or a matrix that the text states.

Every way to write it comes down to a Shape; `input 28x28` alone could mean two and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Order, Shape, Sizes, refuse_too_large, shape_of
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import (
    Formula,
    KernelCall,
    Layer,
    NamedMatrix,
    Notice,
    counted,
    file_order,
    flag,
    no_weights,
    operand,
    option,
)
from cnncalc.layers.picture_words import USUAL, pixel_formulas, refuse_picture_words

COLOURS = {"gray": 1, "grey": 1, "rgb": 3, "rgba": 4}
"""A colour word -> the channels of such a picture."""

SMALLEST_PICTURE = 8
"""A size that begins like channels and goes on with twice at least this much is taken for a picture, channels first."""


@dataclass(frozen=True, kw_only=True)
class Input(Layer):
    """What goes into the net; the number of its spatial sizes makes the net 1-D, 2-D or 3-D.

    Written `28x28x1` (the last number is the channels), `28x28 gray`, `224x224 rgb`, `1000 channels 8` (1-D),
    `16x112x112 channels 3` (3-D), `784` (a flat vector), or `from NAME` for a `data` matrix of the file.
    A picture is first multiplied by `scale`, then `mean` is subtracted and the result divided by `std`. Usual sets of
    these numbers are `imagenet`, `minus1to1` and `caffe`. `resize=256` makes its shorter side 256 pixels long and cuts
    out the middle, as torchvision does; `fit` keeps all of it within a border, `stretch` gives up its proportions.

    >>> Input(size=(28, 28, 1)).output_shape(()).text()
    '28x28x1'

    Source: Keras' channels_last; deck 000, image = height x width x channels.
    """

    word: ClassVar[str] = "input"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    smallest_inputs: ClassVar[int] = 0
    largest_inputs: ClassVar[int] = 0
    size: Sizes | None = operand("shape", "the size: `28x28x1`, `28x28 gray`, `1000 channels 8`, `784`", default=None)
    channels: int | None = option("count", None, "how many channels, when the size does not say it")
    colour: str = option("choice", "", "a picture's channels: gray 1, rgb 3, rgba 4", choices=tuple(COLOURS))
    scale: tuple[float, ...] = option("numbers", (), "multiplies a picture's 0..255, for instance `1/255`")
    mean: tuple[float, ...] = option("numbers", (), "subtracted after scaling, one number or one a channel")
    std: tuple[float, ...] = option("numbers", (), "divides after the mean is subtracted, one number or one a channel")
    preprocessing: str = option(
        "choice", "", "a usual set: `imagenet` (with its resize), `minus1to1`, `caffe`", choices=tuple(USUAL)
    )
    resize: int | None = option("count", None, "the shorter side of a picture before its middle is cut out")
    picture: str = option(
        "choice",
        "",
        "what is done to a picture of another size: `fit` as a whole, `stretch`, or `crop` the middle",
        choices=("fit", "stretch", "crop"),
    )
    border: float | None = option("number", None, "fills the rest of a picture that is fitted: 0 black, 255 white")
    interpolation: str = option(
        "choice", "", "how pixels are found in between: bilinear or bicubic", choices=("bilinear", "bicubic")
    )
    bgr: bool = flag(False, "blue comes first, then green and red", bgr=True)
    ink: str = option(
        "choice",
        "",
        "the writing a net knows: `light` on dark (as MNIST) or `dark` on light; other pictures are inverted",
        choices=("light", "dark"),
    )
    data: NamedMatrix | None = option("matrix", None, "the `data` matrix of the file that is the input")
    order: Order = file_order()

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = self._stated() if self.data is not None else self._written()
        refuse_too_large(shape, "the input", "size")
        refuse_picture_words(self, shape)
        return shape

    def _stated(self) -> Shape:
        assert self.data is not None
        matrix = self.data.matrix
        spatial = (matrix.columns,) if matrix.is_row else (matrix.rows, matrix.columns)
        shape = Shape(matrix.channels, spatial)
        if self.size is not None and self.size not in (shape.sizes(self.order), shape.spatial):
            raise Refusal(
                "sizes-disagree",
                f"`{self.data.name}` is {shape.text(self.order)}, not {'x'.join(map(str, self.size))}",
                "size",
                help=f"leave the size out: `input from {self.data.name}`",
            )
        return shape

    def _written(self) -> Shape:
        if self.size is None:
            raise Refusal(
                "input-needs-size", "the input has no size", help="write `input 28x28x1` or `input 224x224 rgb`"
            )
        if len(self.size) > 4:
            raise self._too_many()
        counts = {count for count in (self.channels, COLOURS.get(self.colour)) if count is not None}
        if len(counts) > 1:
            said = counted(COLOURS[self.colour], "channel")
            raise Refusal(
                "sizes-disagree",
                f"{self.colour} has {said}, but channels {self.channels} is written too",
                "channels",
                help="write one of them",
            )
        if counts:
            return self._with_channels(counts.pop())
        if len(self.size) == 2:
            raise self._ambiguous()
        if len(self.size) == 4:
            self._refuse_batch(*self.size)
        return shape_of(self.size, self.order)

    def _with_channels(self, channels: int) -> Shape:
        assert self.size is not None
        if self.colour and len(self.size) > 2 and shape_of(self.size, self.order).channels == channels:
            return shape_of(self.size, self.order)
        if len(self.size) > 3:
            raise self._too_many()
        written = shape_of(self.size, self.order).channels
        if self.colour and len(self.size) == 3 and written in COLOURS.values():
            raise Refusal(
                "sizes-disagree",
                f"{self.colour} has {counted(channels, 'channel')}, but {'x'.join(map(str, self.size))} has {written}",
                "colour",
                help="write one of them",
            )
        return Shape(channels, self.size)

    def _refuse_batch(self, one: int, first: int, second: int, third: int) -> None:
        """One picture with its batch, as programs print it, is also a 3-D input of a single plane."""
        channels, spatial = (third, (first, second)) if first == second else (first, (second, third))
        if one != 1 or channels not in COLOURS.values() or len(set(spatial)) > 1 or spatial[0] < SMALLEST_PICTURE:
            return
        picture = Shape(channels, spatial).text(self.order)
        volume = shape_of((one, first, second, third), self.order)
        kept = f"{volume.spatial_text} channels {volume.channels}"
        raise Refusal(
            "ambiguous-input",
            f"{one}x{first}x{second}x{third} could be a picture with its batch or a 3-D input of one plane",
            "size",
            label="is the 1 a batch?",
            help=f"write `{picture}` for a picture, `{kept}` for a 3-D input; --batch sets the number of images",
            values=(picture, kept),
        )

    def _too_many(self) -> Refusal:
        assert self.size is not None
        inner = "x".join(map(str, self.size[1:]))
        return Refusal(
            "too-many-sizes",
            f"{len(self.size)} sizes are more than a 3-D input has",
            "size",
            label="at most depth, height, width and channels",
            help=f"leave out the batch: write `{inner}`; --batch sets the number of images",
            values=(inner,) if len(self.size) == 5 else (),
        )

    def _ambiguous(self) -> Refusal:
        assert self.size is not None
        first, second = self.size
        signal = (second, first) if self.order == "channels_first" else (first, second)
        image = f"1x{first}x{second}" if self.order == "channels_first" else f"{first}x{second}x1"
        return Refusal(
            "ambiguous-input",
            f"{first}x{second} could be a picture or a 1-D signal with channels",
            "size",
            label="are there channels in this?",
            help=f"write `input {image}` (or `{first}x{second} gray`) for a picture, "
            f"`input {signal[0]} channels {signal[1]}` for a signal of length {signal[0]}",
            values=(image, f"{first}x{second} gray", f"{signal[0]} channels {signal[1]}"),
        )

    def notices(self, inputs: tuple[Shape, ...]) -> tuple[Notice, ...]:
        """A size such as 3x224x224 is read as it is written, and is most likely meant otherwise."""
        if self.order != "channels_last" or self.size is None or len(self.size) != 3 or self.channels or self.colour:
            return ()
        first, second, third = self.size
        if first not in (1, 3, 4) or second != third or second < SMALLEST_PICTURE:
            return ()
        size = f"{first}x{second}x{third}"
        message = f"`order channels_last` reads {size} as {first} high, {second} wide, with {third} channels"
        advice = "if the channels come first in it, write `order channels_first` above"
        return (Notice("channels-first-input", message, "size", help=advice),)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = self.output_shape(())
        text = shape.text()
        return (Formula("shape", "as written", text, text), *pixel_formulas(self, shape), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("identity", {})
