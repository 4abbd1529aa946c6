"""Arrays without names, as `numpy.savez(file, *model.get_weights())` saves those of Keras: `arr_0`, `arr_1` and so on.

Only their order says what they are: layer after layer, and in each layer as Keras makes its variables.  Of nets with
branches Keras orders the layers by their depth, which is not known here; so a net must be one chain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.matching.by_shapes import Answer, Pairing
from cnncalc.runtime.matching.file_modules import Described, natural
from cnncalc.runtime.matching.match_records import Layout, Module, Need, Part
from cnncalc.runtime.matching.module_fit import fitting

_NUMBERED = re.compile(r"arr_\d+")


def are_unnamed(entries: Sequence[Described]) -> bool:
    """Whether all arrays have numpy's names for arrays without one."""
    return bool(entries) and all(_NUMBERED.fullmatch(entry.name) for entry in entries)


def in_order_of_chain(
    analysis: Analysis, needs: Sequence[Need], entries: Sequence[Described], layout: Layout
) -> Answer:
    """The arrays one after the other as the weights of the net's lines, if each fits and the net is one chain."""
    counted = sorted(entries, key=lambda entry: natural(entry.name))
    arrays = iter([Part(entry.name, entry.shape) for entry in counted])
    if not _is_chain(analysis) or len(entries) != sum(len(need.parts) for need in needs):
        return Answer(None)
    modules = tuple(Module(need.name, "other", {role: next(arrays) for role in need.parts}) for need in needs)
    fits = all(fitting(need, module, layout) is not None for need, module in zip(needs, modules, strict=True))
    return Answer(Pairing(modules) if fits else None)


def _is_chain(analysis: Analysis) -> bool:
    """Whether every line reads the one before it and nothing else."""
    return all(node.node.inputs == ((place - 1,) if place else ()) for place, node in enumerate(analysis.nodes))
