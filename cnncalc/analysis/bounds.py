"""Where a receptive field is only an upper bound, because a map's channels do not all see the same.

A field is kept for a place of a map, over all its channels: after `spacetodepth`, or a `concat` of branches with
different kernels, each channel alone sees a part of it.  A layer that mixes the channels makes the field of every
channel that large.  One that takes some of them (`slice`, `depthtospace`, `reshape`) before that sees at most as much.
Which channels a layer reads it says itself; no layer is known by name here.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis.receptive_field import Fields
from cnncalc.graph.ir import Node
from cnncalc.layers.base import ChannelSight


def upper_bounds(nodes: Sequence[Node], fields: Sequence[Fields | None], sights: Sequence[ChannelSight]) -> list[bool]:
    """For each node whether its fields are upper bounds; in the order of the nodes."""
    alike: list[bool] = []
    bounds: list[bool] = []
    for node, sight in zip(nodes, sights, strict=True):
        read = node.inputs
        equal = all(alike[i] for i in read)
        everywhere = equal and all(_same_everywhere(fields[i]) for i in read)
        left_out = (sight == "some" and not equal) or (sight == "dealt" and not everywhere)
        bounds.append(left_out or any(bounds[i] for i in read))
        if sight == "beside":
            alike.append(equal and len(read) > 1 and all(fields[i] == fields[read[0]] for i in read))
        else:
            alike.append(sight == "all" or (everywhere if sight in ("spread", "dealt") else equal))
    return bounds


def _same_everywhere(fields: Fields | None) -> bool:
    """Whether every place sees the same part of the picture, or none sees any."""
    return fields is None or all(field.everywhere for field in fields)
