"""`cnncalc filter`: slides one filter, or all that are built in, over a picture and writes what comes out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, Force

if TYPE_CHECKING:
    from pathlib import Path

    from cnncalc.cli.filter_choice import Chosen
    from cnncalc.report.sheet import Fact
    from cnncalc.runtime.filtering import Slide

SLIDING = "How the filter is slid"


class PaddingChoice(StrEnum):
    """What is done at the border of the picture; `runtime.filtering` has the words of the language for each."""

    SAME = "same"
    VALID = "valid"
    FULL = "full"
    EDGE = "edge"
    REFLECT = "reflect"
    WRAP = "wrap"


Name = Annotated[
    str | None,
    typer.Option(
        "--filter",
        metavar="FILTER",
        help="A built-in filter by its name, a file with its numbers, or the numbers: '[0 -1 0; -1 5 -1; 0 -1 0]'. "
        "sobel combines both Sobel filters.",
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Write the picture to this file: .png, .jpg or .webp.",
    ),
]
Compare = Annotated[
    bool,
    typer.Option(
        "--compare", rich_help_panel=PRINTING, help="Show the picture before and after, and the kernel between."
    ),
]
PaddingWord = Annotated[
    PaddingChoice,
    typer.Option(
        rich_help_panel=SLIDING,
        metavar="WORD",
        help="What is beyond the border: 0 (same, full), nothing (valid), or pixels of the picture",
    ),
]
Stride = Annotated[
    int,
    typer.Option(
        metavar="N", min=1, max=10_000, rich_help_panel=SLIDING, help="How far the kernel moves; 1 if not given."
    ),
]
Flip = Annotated[
    bool,
    typer.Option("--flip", rich_help_panel=SLIDING, help="Turn the kernel by 180 degrees: the true convolution."),
]
Grey = Annotated[bool, typer.Option("--grey", rich_help_panel=SLIDING, help="Make the picture grey first.")]


def filter(  # noqa: A001 (a command is the function of its name)
    image: Annotated[str, typer.Argument(metavar="IMAGE", help="The picture: PNG, JPEG, WebP and other kinds.")],
    *,
    name: Name = None,
    every: Annotated[bool, typer.Option("--all", help="Show all built-in filters on one page.")] = False,
    output: Output,
    compare: Compare = False,
    padding: PaddingWord = PaddingChoice.SAME,
    stride: Stride = 1,
    flip: Flip = False,
    grey: Grey = False,
    force: Force = False,
) -> int:
    """Slide an image filter over a picture."""
    from pathlib import Path

    from cnncalc.cli.filter_choice import chosen_filter
    from cnncalc.cli.terminal import canvas, write
    from cnncalc.destinations import refuse_destination
    from cnncalc.report.layout import foot_lines
    from cnncalc.runtime.filtering import Slide
    from cnncalc.runtime.picture_files import may_be_picture, picture_format

    _refuse_both(name, every=every, compare=compare)
    chosen = None if name is None else chosen_filter(name)
    picture_format(output)
    inputs = [image, *([] if name is None else [name])]
    refuse_destination(output, inputs=inputs, force=force, known=may_be_picture)
    slide = Slide(padding.value, stride, flip)
    if chosen is None:
        facts = _write_all(Path(image), slide, output, grey=grey, force=force)
    else:
        facts = _write_one(Path(image), chosen, slide, output, compare=compare, grey=grey, force=force)
    write("".join(f"{line}\n" for line in foot_lines(facts, canvas())[1:]))
    return ExitStatus.FINE


def _refuse_both(name: str | None, *, every: bool, compare: bool) -> None:
    from cnncalc.diagnostics import input_error

    if (name is None) is not every:
        what = "both --filter and --all are given" if every else "no filter is named"
        advice = "leave one of them out" if every else "name one: --filter sharpen; `cnncalc filters` lists them"
        raise input_error("filter-not-named", what, help=advice)
    if every and compare:
        raise input_error(
            "filter-not-named",
            "--compare shows one filter, and --all shows each next to the picture already",
            help="leave --compare out, or name one filter: --filter sharpen",
        )


def _write_one(
    image: Path, chosen: Chosen, slide: Slide, output: str, *, compare: bool, grey: bool, force: bool
) -> tuple[Fact, ...]:
    """Writes the filtered picture; returns what is said about it."""
    from cnncalc.pictures.maps.filter_pictures import as_picture, as_result, compared
    from cnncalc.pictures.maps.greys import grey_picture, number
    from cnncalc.report.sheet import Fact
    from cnncalc.runtime.filtering import both_sobels, filtered, gradient, matrix_text, turned
    from cnncalc.runtime.images import picture_values
    from cnncalc.runtime.picture_files import write_picture

    values = picture_values(image, grey=grey)
    kernel = chosen.kernel
    after = gradient(values, slide) if kernel is None else filtered(values, kernel, slide)
    greys = as_result(after, kernel)
    shown = both_sobels() if kernel is None else kernel
    shown = turned(shown) if slide.flip else shown
    picture = grey_picture(greys.levels, greys.not_finite)
    if compare:
        names = (f"before, {_size(values)}", chosen.name, f"after, {_size(after)}")
        picture = compared(as_picture(values), greys, shown, names, _kernel_words(chosen, flip=slide.flip))
    write_picture(output, picture, inputs=[str(image)], force=force)
    numbers = matrix_text(shown)
    return (
        _picture_fact(image, values),
        Fact("Filter", f"{chosen.name}: {_kernel_words(chosen, flip=slide.flip)}"),
        *([Fact("", numbers)] if len(numbers) <= LONGEST_KERNEL else []),
        *_slide_facts(slide),
        Fact(
            "Values",
            f"from {number(float(after.min()))} to {number(float(after.max()))}, the picture's own from 0 to 1",
        ),
        Fact("Greys", greys.words),
        Fact("Written", f"{output}, {picture.width} x {picture.height} pixels"),
    )


LONGEST_KERNEL = 200
"""Letters of a kernel that are printed."""


def _write_all(image: Path, slide: Slide, output: str, *, grey: bool, force: bool) -> tuple[Fact, ...]:
    """Writes the page of all filters; returns what is said about it."""
    from cnncalc.cli.filter_choice import GRADIENT, Chosen
    from cnncalc.layers.filters import FILTERS
    from cnncalc.pictures.maps.filter_pictures import Tile, as_picture, as_result, filter_page, reduced
    from cnncalc.report.sheet import Fact
    from cnncalc.runtime.filtering import filtered, gradient
    from cnncalc.runtime.images import picture_values
    from cnncalc.runtime.picture_files import write_picture

    whole = picture_values(image, grey=grey)
    values = reduced(whole)
    tiles = [Tile("the picture", as_picture(values), "before any filter")]
    for name, one in FILTERS.items():
        greys = as_result(filtered(values, one.matrix, slide), one.matrix)
        words = _kernel_words(Chosen(name, one.matrix), flip=slide.flip)
        size = f"{one.matrix.rows}x{one.matrix.columns}"
        tiles.append(Tile(name, greys, f"{size}, {words}; {greys.words}"))
    greys = as_result(gradient(values, slide), None)
    tiles.append(Tile(GRADIENT, greys, f"{_kernel_words(Chosen(GRADIENT, None), flip=slide.flip)}; {greys.words}"))
    picture = filter_page(tiles)
    write_picture(output, picture, inputs=[str(image)], force=force)
    smaller = values.shape != whole.shape
    return (
        _picture_fact(image, whole),
        *([Fact("", f"made smaller first, to {_size(values)}, so that edges are seen")] if smaller else []),
        Fact("Filters", f"{len(tiles) - 1}, each named below its picture; `cnncalc filters` lists their numbers"),
        *_slide_facts(slide),
        Fact("Written", f"{output}, {picture.width} x {picture.height} pixels"),
    )


def _picture_fact(image: Path, values: Any) -> Fact:
    from cnncalc.report.sheet import Fact
    from cnncalc.runtime.picture_frames import first_of

    colours = "grey" if values.shape[1] == 1 else "in colour, each channel by itself"
    first = first_of(image)
    return Fact("Picture", f"{image}: {_size(values)} pixels, {colours}{f'; {first} alone is read' if first else ''}")


def _slide_facts(slide: Slide) -> tuple[Fact, ...]:
    from cnncalc.report.sheet import Fact
    from cnncalc.runtime.filtering import PADDINGS_SAID

    said = [PADDINGS_SAID[slide.padding], *([f"the kernel moves by {slide.stride}"] if slide.stride > 1 else [])]
    return (Fact("Border", "; ".join(said)),)


def _kernel_words(chosen: Chosen, *, flip: bool) -> str:
    from cnncalc.pictures.maps.filter_pictures import sum_words

    both = "the root of the sum of the squares of sobel_left and sobel_top"
    words = both if chosen.kernel is None else sum_words(chosen.kernel)
    return f"{words}; turned by 180 degrees" if flip else words


def _size(values: Any) -> str:
    """Width x height of `[1, c, 1, y, x]`."""
    return f"{values.shape[4]} x {values.shape[3]}"
