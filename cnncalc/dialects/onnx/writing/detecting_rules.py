"""The last lines of detectors: logistics of some numbers of each box, and a softmax over classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.writing.layer_site import LayerSite

X_Y, W_H, OBJECT, CLASSES = (0, 2), (2, 4), (4, 5), 5
"""Where the numbers of a box are."""


def _boxes(site: LayerSite) -> tuple[str, int]:
    """The channels as boxes, each with so many numbers."""
    boxes = site.numbers["boxes"]
    each = site.shape.channels // boxes
    return site.reshaped(site.x, [0, boxes, each, *site.shape.spatial]), each


def _part(site: LayerSite, box: str, part: tuple[int, int]) -> str:
    return site.sliced(box, [2], [part[0]], [part[1]])


def _logistic(site: LayerSite, box: str, part: tuple[int, int]) -> str:
    return site.put("Sigmoid", _part(site, box, part))


def _together(site: LayerSite, parts: list[str]) -> str:
    return site.reshaped(site.put("Concat", *parts, axis=2), site.dims(site.output))


def _yolo(site: LayerSite) -> str:
    box, each = _boxes(site)
    stretch = float(site.numbers["stretch"])
    places = _logistic(site, box, X_Y)
    if stretch != 1:
        places = site.put("Mul", places, site.number(stretch))
        places = site.put("Add", places, site.number(-(stretch - 1) / 2))
    sizes = _logistic(site, box, W_H) if site.numbers["all"] else _part(site, box, W_H)
    return _together(site, [places, sizes, _logistic(site, box, (OBJECT[0], each))])


def _region(site: LayerSite) -> str:
    box, each = _boxes(site)
    classes = _part(site, box, (CLASSES, each))
    by_softmax = site.numbers["softmax"]
    classes = _softmax(site, classes, 2, 2 + site.rank) if by_softmax else site.put("Sigmoid", classes)
    parts = [_logistic(site, box, X_Y), _part(site, box, W_H), _logistic(site, box, OBJECT), classes]
    return _together(site, parts)


def _softmax(site: LayerSite, x: str, axis: int, last: int) -> str:
    """Before opset 13 along all axes from one on, so that one is put last."""
    if site.opset >= 13 or axis == last:
        return site.put("Softmax", x, axis=axis)
    order = list(range(last + 1))
    order[axis], order[last] = last, axis
    return site.turned(site.put("Softmax", site.turned(x, order), axis=last), order)


def _detection(site: LayerSite) -> str:
    """The vector begins with the classes of all cells."""
    cells, classes = site.numbers["cells"], site.numbers["classes"]
    first = site.sliced(site.x, [1], [0], [cells * classes])
    each = site.put("Softmax", site.reshaped(first, [0, cells, classes]), axis=2)
    rest = site.sliced(site.x, [1], [cells * classes], [site.shape.channels])
    return site.put("Concat", site.reshaped(each, [0, cells * classes]), rest, axis=1)


RULES: Mapping[str, Callable[[LayerSite], str]] = {"yolo": _yolo, "region": _region, "detection": _detection}
