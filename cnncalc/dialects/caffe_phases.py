"""Which layers of a prototxt are used: its rules of phases, levels and stages.

include { phase: TRAIN }     exclude { stage: "deploy" }
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.dialects.prototxt_text import Message

_PHASES = {"0": "TRAIN", "1": "TEST"}


class State(NamedTuple):
    """What the net is made for; the level is 0."""

    phase: str
    stage: str


def is_used(layer: Message, state: State) -> bool:
    """Whether a layer's rules let it be: one of its `include`, or none of its `exclude`."""
    if "include" in layer:
        return any(_is_met(rule, state) for rule in layer.messages("include"))
    return not any(_is_met(rule, state) for rule in layer.messages("exclude"))


def _is_met(rule: Message, state: State) -> bool:
    phase = rule.text("phase", state.phase).upper()
    levels = [*rule.signed("min_level")[-1:], 0], [*rule.signed("max_level")[-1:], 0]
    return (
        _PHASES.get(phase, phase) == state.phase
        and levels[0][0] <= 0 <= levels[1][0]
        and all(stage == state.stage for stage in rule.texts("stage"))
        and state.stage not in rule.texts("not_stage")
    )
