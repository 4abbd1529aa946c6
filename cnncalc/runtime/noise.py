"""A net run on noise, only to have its analysis confirmed: for nets that nobody has a picture for.

The noise and the weights come from a seed.  Inputs whose numbers stand in the text keep them.
"""

from __future__ import annotations

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.confirmation import Confirmation, confirm
from cnncalc.runtime.planning import array_shape, precision
from cnncalc.runtime.weights import seeded


def tried(analysis: Analysis, seed: int = 0) -> Confirmation:
    """Every shape, count and receptive field of the net measured, and `values` answers held against what came out."""
    noise = np.random.default_rng(seed)
    dtype = precision(analysis)
    inputs = {
        node.node.name: noise.random(array_shape(node.output, 1), np.float32).astype(dtype)
        for node in analysis.nodes
        if node.node.is_input and getattr(node.node.layer, "data", None) is None
    }
    return confirm(analysis, seeded(analysis, seed, dtype), inputs, verify=True)
