"""The anchors that YOLOv5 writes into its files of weights: those of the training win over those of the text.

Its last module has an array `anchors`, `[map, anchor, (width, height)]`, the finest map first, in places of each map.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.layers.detection import Yolo
from cnncalc.runtime.boxes.heads import Head, Heads
from cnncalc.runtime.weight_files.opening import opened

ARRAY = "anchors"


def with_file_anchors(heads: Heads, analysis: Analysis, path: Path) -> Heads:
    """The same heads, with the anchors of the file where it has some for every one of them; raises InputError."""
    lines = {head.output: head.layer for head in heads.heads if isinstance(head.layer, Yolo)}
    if len(lines) < len(heads.heads) or any(line.style != "v5" for line in lines.values()):
        return heads
    rows = {output: analysis.nodes[analysis.graph.outputs[output]].output.height for output in lines}
    finest_first = sorted(lines, key=lambda output: -rows[output])
    with opened(path) as file:
        shape = (len(lines), lines[finest_first[0]].boxes, 2)
        names = [one.name for one in file.entries if one.name.rpartition(".")[2] == ARRAY and one.shape == shape]
        if len(names) != 1:
            return heads
        every = np.asarray(file.read(names[0]), np.float64)
    if not (np.isfinite(every).all() and (every > 0).all()):
        return heads
    found = {
        output: tuple((anchors * heads.size.height / rows[output]).reshape(-1).tolist())
        for output, anchors in zip(finest_first, every, strict=True)
    }
    changed = tuple(Head(output, replace(line, anchors=found[output])) for output, line in lines.items())
    return heads._replace(heads=changed, said=f"{heads.said}, anchors of {names[0]} in the file of weights")
