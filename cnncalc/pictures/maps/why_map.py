"""From a net and a picture to its occlusion map with words, and to the picture of it: for `run` and for Python."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.maps.explained_class import Explained
from cnncalc.pictures.maps.heat_picture import HeatWords, heat_picture
from cnncalc.pictures.maps.input_photo import numbers_as_photo, photo_of
from cnncalc.report.outputs import meaningless
from cnncalc.report.why_lines import WhyMap, patch_words, result_words
from cnncalc.runtime.occlusion import Asked, mean_fill, occlusion, only_input

if TYPE_CHECKING:
    from cnncalc.runtime.images import Preprocessing
    from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]


def why_map(
    analysis: Analysis,
    weights: Weights,
    inputs: Mapping[str, Array],
    asked: Explained,
    exact: Mapping[str, Array],
    *,
    labels: Sequence[str] = (),
    preprocessing: Preprocessing | None = None,
    threads: int | None = None,
) -> WhyMap:
    """The map of one class for the first image of `inputs`, the net's only input.

    `exact` are the outputs of a run that was confirmed; `preprocessing` is what was done to a picture, if it was one.
    """
    array = only_input(analysis, inputs)
    name = asked.output.node.name
    whole = exact[name][0].reshape(-1)
    number = int(whole.argmax()) if asked.number is None else asked.number
    question = Asked(name, number, mean_fill(array, preprocessing))
    found = occlusion(analysis, weights, array, question, exact=exact, threads=threads)
    is_probability = asked.output.node.layer.word == "softmax"
    label = labels[number] if number < len(labels) else ""
    spread = 1.0 if is_probability else float(whole.max() - whole.min()) or abs(float(whole[0])) or 1.0
    several = name if len(exact) > 1 else ""
    return WhyMap(found, label, is_probability, spread, "random" in weights.origin, len(array), several)


def why_picture(
    analysis: Analysis, inputs: Mapping[str, Array], why: WhyMap, preprocessing: Preprocessing | None
) -> Image.Image:
    """The map beside the picture that the net saw, with words that explain both."""
    array = only_input(analysis, inputs)
    photo = numbers_as_photo(array[0, :, 0])[0] if preprocessing is None else photo_of(array, preprocessing)
    return heat_picture(photo, why.found, _words(analysis, why), drawn=not why.is_empty)


def _words(analysis: Analysis, why: WhyMap) -> HeatWords:
    """What is written round the pictures."""
    name = os.path.basename(why.image)
    net = analysis.graph.heading or os.path.basename(analysis.graph.source.shown)
    title = f"{f'{name}: ' if name else ''}the places that {net} needs for {why.class_words}"
    most = why.points(why.found.hottest)
    lines = [*_signs(why, most), *result_words(why), patch_words(why)]
    lines += [meaningless("places").text.strip("()")] if why.is_random else []
    return HeatWords(
        title,
        f"what the network sees, {why.found.size[0]}x{why.found.size[1]} pixels",
        f"where hiding a part lowers the {why.kind}, {why.score(why.found.before)}, of {why.class_words}",
        ("does not fall", f"falls by {most}"),
        tuple(f"{line[0].upper()}{line[1:]}." for line in lines),
    )


def _signs(why: WhyMap, most: str) -> Iterator[str]:
    """What the colour, the line and the frame mean, where they are drawn."""
    frame = "the dashed frame is the patch that lowers it most"
    if why.is_empty:
        return
    if why.found.hottest > 0:
        red = f"red: by how much the {why.kind} falls on average of the patches that hide a pixel, at most {most}"
        yield f"{red}; inside the thin line at least half of that; {frame}"
    else:
        yield f"nothing is red: on average of the patches that hide a pixel the {why.kind} does not fall; {frame}"
