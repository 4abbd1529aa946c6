"""What colour each role of a drawing has, on white paper and on a dark screen.

In grey print a convolution, a pool and an up-sampling are equally light; what tells them apart there is the hatch
(`hatches`) and the words.  Nothing here knows a shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

_ROLES = {  # each light and dark
    "paper": ("#ffffff", "#12161b"),
    "ink": ("#1b2733", "#eef1f4"),
    "soft": ("#56616d", "#a9b4bf"),
    "line": ("#4a5663", "#9aa7b4"),
    "skip": ("#b3401a", "#ff9d76"),
    "rise": ("#1b7a57", "#7bdcb5"),
    "panel": ("#f4f6f8", "#1b2128"),
    "node": ("#ffffff", "#232b34"),
    "rule": ("#c9d0d7", "#39434e"),
    "mark": ("#d1495b", "#ff7b8a"),
}
_KINDS = {
    # kind of layer: (light, dark)
    "input": ("#e6e9ed", "#59636e"),
    "conv": ("#8dbdec", "#3b7fc4"),
    "pool": ("#f4b26b", "#c57a2c"),
    "up": ("#78c9a8", "#2f9470"),
    "dense": ("#bfa3dd", "#8a67b8"),
    "join": ("#ffe08a", "#b08f22"),
    "flat": ("#d3d9df", "#59636e"),
    "block": ("#5f9bd8", "#2c66a6"),
    "other": ("#d3d9df", "#59636e"),
}
_FACES: dict[Theme, tuple[tuple[str, str, float], ...]] = {
    "light": (
        (".face", "#ffffff", 0),
        (".top", "#ffffff", 0.42),
        (".side", "#000000", 0.16),
        (".node", "#ffffff", 0.5),
    ),
    "dark": ((".face", "#ffffff", 0), (".top", "#ffffff", 0.2), (".side", "#000000", 0.32), (".node", "#12161b", 0.5)),
}
"""The faces of a volume: what is added to the kind's name, what its colour is mixed with, and how much of that."""


@cache
def colours(theme: Theme) -> Mapping[str, str]:
    """Role -> colour as "#rrggbb"; for each kind of layer also its .face .top .side .node.

    >>> colours("light")["conv.face"]
    '#8dbdec'
    """
    column = THEMES.index(theme)
    kinds = {kind: both[column] for kind, both in _KINDS.items()}
    faces = {
        kind + face: _mixed(colour, other, share)
        for kind, colour in kinds.items()
        for face, other, share in _FACES[theme]
    }
    return {role: both[column] for role, both in _ROLES.items()} | kinds | faces


def css_properties(theme: Theme) -> str:
    """The theme as custom properties of CSS, `--p-conv-face:#8dbdec;`, for a page that shows one drawing in both."""
    return "".join(f"--p-{css_name(role)}:{colour};" for role, colour in colours(theme).items())


def css_name(role: str) -> str:
    """A role as a class or a property of CSS names it."""
    return role.replace(".", "-")


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
