"""What Keras calls the arrays in its files, as `inner/conv2d_2/kernel`: the names of layers around, then the role.

A .h5 names layers and weights in attributes, which keep the model's order.  A .weights.h5 counts instead: the layers
of each class in a model (`layers/conv2d_1`), the variables of each layer (`vars/0`); the configuration beside it in a
.keras, or the attribute `name`, says which layer is meant.  A role that cannot be known stays a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from cnncalc.dialects.json_text import Value
from cnncalc.dialects.keras.hdf5 import Hdf5File, damaged
from cnncalc.dialects.keras.naming import LayerNames, counted_as
from cnncalc.dialects.keras.own_layers.known_classes import OWN_CLASSES

_CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose",
                 "DepthwiseConv1D", "DepthwiseConv2D", "Dense", "EinsumDense")  # fmt: skip
_BIAS = ("bias", "use_bias")
_SCALE, _SHIFT = ("gamma", "scale"), ("beta", "center")

ROLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(map(counted_as, _CONVOLUTIONS), (("kernel", ""), _BIAS)),
    **dict.fromkeys(
        ("separable_conv1d", "separable_conv2d"), (("depthwise_kernel", ""), ("pointwise_kernel", ""), _BIAS)
    ),
    "batch_normalization": (_SCALE, _SHIFT, ("moving_mean", ""), ("moving_variance", "")),
    "layer_normalization": (_SCALE, _SHIFT),
    "group_normalization": (_SCALE, _SHIFT),
    "rms_normalization": (("scale", ""),),
    "p_re_lu": (("alpha", ""),),
    "normalization": (("moving_mean", ""), ("moving_variance", ""), ("count", "")),
    **{
        counted_as(name): tuple((role, "use_bias" if role == "bias" else "") for role in one.variables)
        for name, one in OWN_CLASSES.items()
        if one.variables
    },
}
"""A class as Keras counts it -> its variables in order, each with the setting that leaves it out when it is false."""

COUNTERS = ("seed_generator", "seed_generator_state", "count")
"""Variables that no layer computes with when a net is used: states of random numbers, a number of images."""

_NOT_THE_MODEL = ("optimizer", "_optimizer", "optimizer_weights", "metrics", "compile_metrics", "_metrics", "loss")
"""Groups at the top of a file that training needs."""

_CONTAINERS = ("layers", "_layer_checkpoint_dependencies")
"""What a model calls the list of its layers; the second is that of Keras 2.12 and 2.13."""

_MODELS = ("Model", "Functional", "Sequential")


class NamedArray(NamedTuple):
    """An array of a file: what it is called here, and its path in the file."""

    name: str
    path: str


class LayerPlace(NamedTuple):
    """A layer that is no model: its own name behind those around it, its class, its settings."""

    name: str
    kind: str
    settings: Mapping[str, Any]


def layer_places(root: Value) -> dict[str, LayerPlace]:
    """`layers/sequential/layers/conv2d` -> the layer that stands there, by a model's configuration, in its order."""
    return dict(_places(root, "", ""))


def _places(model: Value, place: str, around: str) -> Iterator[tuple[str, LayerPlace]]:
    counted = LayerNames()
    config = _member(model, "config")
    layers = config if isinstance(config.content, list) else _member(config, "layers")
    for layer in layers.content if isinstance(layers.content, list) else ():
        kind = str(_member(layer, "class_name").content)
        inner = _member(layer, "config")
        own = str(_member(inner, "name").content or _member(layer, "name").content)
        there, name = f"{place}layers/{counted.next(kind)}", f"{around}{own}"
        yield there, LayerPlace(name, kind, {key: one.content for key, one in _members(inner)})
        if kind in _MODELS:
            yield from _places(layer, f"{there}/", f"{name}/")


def _member(value: Value, name: str) -> Value:
    found = value.content.get(name) if isinstance(value.content, dict) else None
    return found if isinstance(found, Value) else Value(None, 0)


def _members(value: Value) -> Iterable[tuple[str, Value]]:
    return value.content.items() if isinstance(value.content, dict) else ()


def named_arrays(file: Hdf5File, places: Mapping[str, LayerPlace]) -> tuple[NamedArray, ...]:
    """The arrays that are weights of the model, each once; in its order where the file or `places` say that.

    Raises InputError where an array is named that is not there, or two have one name.
    """
    top = "model_weights" if "model_weights" in file.groups else ""
    layers = file.texts(top, "layer_names")
    found = tuple(_numbered(file, places) if layers is None else _listed(file, top, layers, places))
    if len({one.name for one in found}) != len(found):
        raise damaged(file.name, "two of its arrays have the same name")
    return found


# ---------------------------------------------------------------------- .h5
def _listed(file: Hdf5File, top: str, layers: Iterable[str], places: Mapping[str, LayerPlace]) -> Iterator[NamedArray]:
    """Layers and weights that attributes name, in their order."""
    inside = _inner_layers(places)
    for layer in layers:
        group = f"{top}/{layer}" if top else layer
        if group not in file.groups:
            raise damaged(file.name, f"the layer `{layer[:40]}` is named, but is not there")
        weights = [one for one in file.texts(group, "weight_names") or () if not _is_counter(one)]
        modules = _modules(layer, [one.rpartition("/")[0] for one in weights], inside.get(layer, ()))
        for weight in weights:
            stem, _, last = weight.rpartition("/")
            yield NamedArray(f"{modules[stem]}/{_role(last)}", f"{group}/{weight}")


def _inner_layers(places: Mapping[str, LayerPlace]) -> dict[str, list[str]]:
    """The name of a model in a model -> those of the layers with weights in it."""
    found: dict[str, list[str]] = {}
    for one in places.values():
        outer, _, inner = one.name.partition("/")
        if inner and counted_as(one.kind) in ROLES:
            found.setdefault(outer, []).append(one.name)
    return found


def _modules(layer: str, stems: list[str], inside: Iterable[str]) -> dict[str, str]:
    """How the parts of a layer are called here: the layer alone, a layer of a model in it, or a part of it."""
    different = list(dict.fromkeys(stems))
    names = list(inside)
    if names:
        by_last = {name.rpartition("/")[2]: name for name in names}
        lasts = [stem.rpartition("/")[2] for stem in different]
        if len(set(lasts)) == len(lasts) and all(last in by_last for last in lasts):
            return {stem: by_last[last] for stem, last in zip(different, lasts, strict=True)}
        if len(names) == len(different):
            return dict(zip(different, names, strict=True))
    if len(different) == 1:
        return {different[0]: layer}
    parts = [stem.split("/") for stem in different]
    same = 0
    while parts and all(len(part) > same + 1 and part[same] == parts[0][same] for part in parts):
        same += 1
    return {stem: "/".join((layer, *part[same:])) for stem, part in zip(different, parts, strict=True)}


def _role(weight: str) -> str:
    """The role in `kernel:0`, as TensorFlow writes it; Normalization has a batch norm's statistics in other words."""
    word = re.sub(r":\d{1,3}$", "", weight)
    return {"mean": "moving_mean", "variance": "moving_variance"}.get(word, word)


def _is_counter(weight: str) -> bool:
    return _role(weight.rpartition("/")[2]) in COUNTERS


# ---------------------------------------------------------------------- .weights.h5 and .keras
def _numbered(file: Hdf5File, places: Mapping[str, LayerPlace]) -> Iterator[NamedArray]:
    """`layers/conv2d_1/vars/0`: the class and a number, the layer's variables in order."""
    variables: dict[str, list[str]] = {}
    for path in file.arrays:
        group, _, last = path.rpartition("/")
        parts = _parts(group)
        if parts[-1] == "vars" and last.isdigit() and parts[0] not in _NOT_THE_MODEL and not set(parts) & {*COUNTERS}:
            variables.setdefault(group, []).append(last)
    order = {place: number for number, place in enumerate(places)}
    for group in sorted(variables, key=lambda group: (order.get(_place(group), len(order)), _natural(group))):
        numbers = sorted(variables[group], key=int)
        place = places.get(_place(group))
        module = place.name if place else _module(file, group)
        for role, number in zip(_roles(group, place, len(numbers)) or numbers, numbers, strict=True):
            if role not in COUNTERS:
                yield NamedArray(f"{module}/{role}" if module else f"vars/{role}", f"{group}/{number}")


def _parts(group: str) -> list[str]:
    return group.replace("\\", "/").split("/")  # Keras 2.12 wrote Windows' paths


def _place(group: str) -> str:
    """Where the configuration has the layer of a group of variables."""
    return "/".join("layers" if part in _CONTAINERS else part for part in _parts(group)[:-1])


def _module(file: Hdf5File, group: str) -> str:
    """The names of the layers around a group of variables: their attribute `name`, else their class and number."""
    names, path = [], ""
    for part in group.removesuffix("vars").removesuffix("/").split("/"):
        path = f"{path}/{part}" if path else part
        own = file.text(f"{path}/vars", "name") if f"{path}/vars" in file.groups else ""
        if own or part not in _CONTAINERS:
            names.append(own or part)
    return "/".join(names)


def _roles(group: str, place: LayerPlace | None, count: int) -> tuple[str, ...]:
    """The roles of a layer's variables by its class and what is left out of them; empty where they cannot be known."""
    counted = counted_as(place.kind) if place else re.sub(r"_\d+$", "", _parts(group)[-2])
    possible = ROLES.get(counted, ())
    optional = [flag for _, flag in possible if flag]
    missing = len(possible) - count
    left = [
        tuple(role for role, flag in possible if not flag or flag not in out)
        for out in combinations(optional, missing if 0 <= missing <= len(optional) else len(optional) + 1)
        if place is None or all(place.settings.get(flag, True) is (flag not in out) for flag in optional)
    ]
    return left[0] if len(left) == 1 else ()


def _natural(name: str) -> list[tuple[int, int, str]]:
    """`conv2d_10` behind `conv2d_2`."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]
