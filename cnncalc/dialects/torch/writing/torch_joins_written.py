"""Where branches meet, in PyTorch's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.dialects.torch.writing.torch_saying import Place, Said, function, sides
from cnncalc.geometry import Shape, Sizes

SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def join(place: Place) -> Said:
    """Number by number, or channels behind channels."""
    names = _fitted(place)
    word = place.layer.word
    if word in SIGNS:
        return function(f" {SIGNS[word]} ".join(names))
    if word == "avg":
        return function(f"({' + '.join(names)}) / {len(names)}")
    if word == "absdiff":
        return function(f"({names[0]} - {names[1]}).abs()")
    if word == "concat":
        names = [for_each_image(place, name, at) for at, name in enumerate(names)]
        return function(f"torch.cat([{', '.join(names)}], 1)")
    code = names[0]
    for name in names[1:]:
        code = f"torch.{'maximum' if word == 'max' else 'minimum'}({code}, {name})"
    return function(code)


def _fitted(place: Place) -> list[str]:
    """The code of each map that meets, of one size with the others."""
    layer: Any = place.layer
    is_fitted = layer.crop or layer.pad
    found = []
    for at, shape in enumerate(place.shapes):
        name = f"{{x{at}}}"
        if place.layer.word != "concat" and shape.rank < place.output.rank:
            name += f"[:, :{', None' * place.output.rank}]"
        elif is_fitted and shape.spatial != place.output.spatial and not _spreads(place, shape):
            name = _resized(name, shape.spatial, place.output.spatial)
        found.append(name)
    return found


def _spreads(place: Place, shape: Shape) -> bool:
    return place.layer.word != "concat" and all(size == 1 for size in shape.spatial)


def _resized(name: str, arriving: Sizes, wanted: Sizes) -> str:
    """The middle of a larger map, or a smaller one amid zeros."""
    if any(n > most for n, most in zip(arriving, wanted, strict=True)):
        firsts = [(n - most) // 2 for n, most in zip(arriving, wanted, strict=True)]
        return f"center_crop({name}, {tuple(wanted)})" if firsts else name
    more = [most - n for n, most in zip(arriving, wanted, strict=True)]
    rows = sides([count // 2 for count in more], [count - count // 2 for count in more])
    return f"F.pad({name}, {rows})"


def concat_along(place: Place) -> Said:
    """One after the other along an axis of the map."""
    if place.call.kernel == "concat":
        return join(place)
    axis = 2 + place.axes("axis").index(1)
    names = ", ".join(for_each_image(place, f"{{x{at}}}", at) for at in range(len(place.shapes)))
    return function(f"torch.cat([{names}], {axis})")


def for_each_image(place: Place, name: str, at: int) -> str:
    """Numbers of the net's own once for each image, which stand in a row with those of the images."""
    if not place.own[at] or all(place.own):
        return name
    others = f"{{x{place.own.index(False)}}}"
    return f"{name}.expand({others}.shape[0]{', -1' * (1 + place.shapes[at].rank)})"


JOINED: Mapping[str, Callable[[Place], Said]] = {
    **dict.fromkeys(("add", "sub", "mul", "div", "max", "min", "avg", "absdiff", "concat"), join),
    "ConcatAlong": concat_along,
}
"""By layer word, or by the class of a variant."""
