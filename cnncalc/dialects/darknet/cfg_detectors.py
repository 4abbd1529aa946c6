"""Darknet's sections that end a detector: `yolo`, `region` and `detection`, as layers of ours.

Most of their options are about the training; which anchors a box has, how many classes there are and whether they go
through a softmax is what a net needs that is used.
"""

from __future__ import annotations

from cnncalc.dialects.darknet.cfg_layers import Kind, alone
from cnncalc.dialects.darknet.cfg_text import Section
from cnncalc.dialects.net_rows import Made, own_layer
from cnncalc.graph.faults import Fault

_TRAINING = (
    *("jitter", "rescore", "thresh", "ignore_thresh", "truth_thresh", "random", "max", "object_scale"),
    *("noobject_scale", "class_scale", "coord_scale", "mask_scale", "bias_match", "absolute", "log", "forced"),
    *("iou_thresh", "cls_normalizer", "iou_normalizer", "obj_normalizer", "delta_normalizer", "iou_loss", "nms_kind"),
    *("beta_nms", "max_delta", "resize", "objectness_smooth", "label_smooth_eps", "focal_loss", "counters_per_class"),
    *("iou_thresh_kind", "show_details", "embedding_layer", "track_history_size", "sim_thresh", "dets_for_track"),
    *("dets_for_show", "track_ciou_norm", "classfix", "map", "joint", "reorg"),
)
_LARGEST_COUNT = 10_000


def _counts(section: Section, **keys: int) -> list[str]:
    """Options of ours that are counts, by Darknet's name and default."""
    return [f"{key}={_count(section, key, otherwise)}" for key, otherwise in keys.items()]


def _count(section: Section, key: str, otherwise: int) -> int:
    count = section.whole(key, otherwise, least=1)
    if count > _LARGEST_COUNT:
        raise Fault("number-too-large", f"{key} is at most {_LARGEST_COUNT:,}, not {count:,}", section.place(key))
    return count


def _anchors(section: Section) -> list[float]:
    """Widths and heights, two for each of `num` boxes; half a cell or pixel where none are written, as in Darknet."""
    boxes = _count(section, "num", 1)
    found = section.reals("anchors") or [0.5] * (2 * boxes)
    if len(found) < 2 * boxes:
        message = f"{boxes} boxes need {2 * boxes} numbers of anchors, and {len(found)} are written"
        raise Fault("unfit-value", message, section.place("anchors"), help=f"write num={len(found) // 2 or 1}")
    return found[: 2 * boxes]


def _refuse_coords(section: Section) -> None:
    if section.whole("coords", 4) != 4:
        raise Fault("no-such-layer", "only boxes of 4 coordinates are read", section.place("coords"), help="coords=4")


def _yolo(section: Section) -> Made:
    anchors = _anchors(section)
    boxes = len(anchors) // 2
    mask = section.wholes("mask") or [(number, section.span) for number in range(boxes)]
    for number, place in mask:
        if not 0 <= number < boxes:
            message = f"the mask names anchor {number}, and there are anchors 0 to {boxes - 1}"
            raise Fault("unfit-value", message, place, help="take numbers of anchors that there are")
    chosen = [size for number, _ in mask for size in anchors[2 * number : 2 * number + 2]]
    stretch = section.real("scale_x_y", 1.0)
    words = [f"stretch={stretch:.9g}"] if stretch != 1 else []
    return _made(section, "yolo", _listed(chosen), *_counts(section, classes=20), *words)


def _region(section: Section) -> Made:
    _refuse_coords(section)
    words = ["softmax"] if section.flag("softmax") else []
    return _made(section, "region", _listed(_anchors(section)), *_counts(section, classes=20), *words)


def _detection(section: Section) -> Made:
    coords = section.find("coords")
    if coords is not None:
        _refuse_coords(section)
    counts = [*_counts(section, side=7, classes=1), f"boxes={_count(section, 'num', 1)}"]
    return _made(section, "detection", *counts, *(word for word in ("softmax", "sqrt") if section.flag(word)))


def _made(section: Section, word: str, *arguments: str) -> Made:
    places = {"anchors": section.place("anchors"), "classes": section.place("classes"), "boxes": section.place("num")}
    return [(own_layer(word, *arguments, place=section.span), {**places, "side": section.place("side")})]


def _listed(numbers: list[float]) -> str:
    return "anchors=" + ",".join(f"{number:.9g}" for number in numbers)


DETECTORS: dict[str, Kind] = {
    "yolo": Kind(alone(_yolo), ("anchors", "mask", "num", "classes", "scale_x_y"), _TRAINING, ("new_coords",)),
    "region": Kind(
        alone(_region), ("anchors", "num", "classes", "coords", "softmax"), (*_TRAINING, "sqrt"), ("tree", "background")
    ),
    "detection": Kind(alone(_detection), ("side", "num", "classes", "coords", "softmax", "sqrt"), _TRAINING),
}
