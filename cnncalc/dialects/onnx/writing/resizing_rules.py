"""Maps made larger or smaller by Resize: the word of ONNX that means the places which a layer states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import floor

from cnncalc.dialects.onnx.resizing_operators import COORDINATES, ROUNDINGS, Axis, Places, rounded
from cnncalc.dialects.onnx.writing.layer_site import LayerSite

WORDS = ("asymmetric", "half_pixel", "align_corners", "pytorch_half_pixel")


def _upsample(site: LayerSite) -> str:
    """Pixels repeated, or mixed of their neighbours, so many times."""
    scales = [1.0, 1.0, *map(float, site.axes("factor"))]
    if site.numbers["mode"] == "nearest":
        return _resized(site, scales=scales, mode="nearest", coordinates="asymmetric", rounding="floor")
    return _resized(site, scales=scales, mode="linear", coordinates="half_pixel")


def _resized(
    site: LayerSite,
    *,
    mode: str,
    coordinates: str,
    rounding: str | None = None,
    scales: Sequence[float] = (),
    sharpness: float | None = None,
) -> str:
    none = "" if site.opset >= 13 else site.floats([])
    attributes = {"mode": mode, "coordinate_transformation_mode": coordinates, "nearest_mode": rounding}
    cubic = {"cubic_coeff_a": sharpness, "exclude_outside": 1 if sharpness == -0.5 else None}
    if scales:
        return site.put("Resize", site.x, none, site.floats(scales), **attributes, **cubic)
    sizes = site.put("Concat", _images(site), site.wholes([site.output.channels, *site.output.spatial]), axis=0)
    return site.put("Resize", site.x, none, none, sizes, **attributes, **cubic)


def _images(site: LayerSite) -> str:
    """How many images there are, which Resize is told with the other sizes."""
    return site.sliced(site.put("Shape", site.x), [0], [0], [1])


def _resize(site: LayerSite) -> str:
    """By the factor where a layer states one that leaves a part of a pixel over, else by the sizes."""
    sizes = list(zip(site.shape.spatial, site.output.spatial, strict=True))
    stated = site.numbers["places"][3 - site.rank :]
    places = [Places(Fraction(offset, unit), Fraction(slope, unit)) for slope, offset, unit in stated]
    factors = [1 / place.step if place.step else Fraction(m, n) for place, (n, m) in zip(places, sizes, strict=True)]
    by_factor = [floor(n * factor) for factor, (n, _) in zip(factors, sizes, strict=True)]
    is_left = any(n * factor != m for factor, (n, m) in zip(factors, sizes, strict=True))
    if is_left and by_factor == [m for _, m in sizes]:
        axes = [Axis(n, m, factor) for factor, (n, m) in zip(factors, sizes, strict=True)]
        found = _said(site, list(zip(axes, places, strict=True)), [1.0, 1.0, *map(float, factors)])
        if found is not None:
            return found
    axes = [Axis(n, m, Fraction(m, n)) for n, m in sizes]
    found = _said(site, list(zip(axes, places, strict=True)), [])
    if found is None:
        site.refuse("no coordinate_transformation_mode of Resize means these places")
    return found


def _said(site: LayerSite, pairs: Sequence[tuple[Axis, Places]], scales: Sequence[float]) -> str | None:
    """Resize in the first of its words that mean the places of the layer; None where none does."""
    mode = site.numbers["mode"]
    words = [word for word in WORDS if not scales or word != "align_corners"]
    if mode == "nearest":
        for word, rounding in product(words, ROUNDINGS):
            if all(_takes_the_same(axis, place, word, rounding) for axis, place in pairs):
                return _resized(site, mode="nearest", coordinates=word, rounding=rounding, scales=scales)
        return None
    sharpness = {"bicubic": -0.75, "catmullrom": -0.5}.get(mode)
    cubic = "linear" if sharpness is None else "cubic"
    for word in words:
        if all(_moves_alike(axis, place, word) for axis, place in pairs):
            return _resized(site, mode=cubic, coordinates=word, sharpness=sharpness, scales=scales)
    return None


def _takes_the_same(axis: Axis, place: Places, word: str, rounding: str) -> bool:
    theirs = rounded(rounding, COORDINATES[word](axis))
    return all(theirs.pixel(o, axis) == place.pixel(o, axis) for o in range(axis.outputs))


def _moves_alike(axis: Axis, place: Places, word: str) -> bool:
    theirs = COORDINATES[word](axis)
    return theirs == place or (axis.outputs == 1 and theirs.start == place.start)


RULES: Mapping[str, Callable[[LayerSite], str]] = {"upsample": _upsample, "resize": _resize}
