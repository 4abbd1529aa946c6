"""Which way the arrows of a diagram lead."""

from __future__ import annotations

from typing import Literal, get_args

Direction = Literal["TB", "LR", "BT", "RL"]
"""From the top to the bottom, from left to right, and the other ways round."""

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
