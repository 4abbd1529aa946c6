"""An engine that is wrong on purpose: what holds it against the readable kernels must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cnncalc.runtime.engine import pipeline
from cnncalc.runtime.engine.ops.convolution import Convolution
from cnncalc.runtime.engine.ops.pool import Counting, Pool
from cnncalc.runtime.engine.ops.softmax import Softmax
from cnncalc.runtime.engine.passes.memory_plan import MemoryPlan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.engine.storage import BARE
from cnncalc.runtime.engine.weights import LayerArrays

Tamper = Callable[[pytest.MonkeyPatch], None]


def forget_folded_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch norms and factors that were to go into the weights before them go nowhere."""
    affine = LayerArrays.affine

    def wrong(arrays: LayerArrays, *, biased: bool = True) -> Any:
        arrays._folded = ()
        return affine(arrays, biased=biased)

    monkeypatch.setattr(LayerArrays, "affine", wrong)


def forget_to_divide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mean is the sum: its places have other factors."""
    lowered = pipeline.lowered

    def wrong(*given: Any) -> Iterator[Any]:
        for step in lowered(*given):
            op = replace(step.op, counting=Counting.ONE) if isinstance(step.op, Pool) else step.op
            yield replace(step, op=op)

    monkeypatch.setattr(pipeline, "lowered", wrong)


def make_not_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every output is NaN."""
    run = Session.run

    def wrong(session: Session, inputs: Mapping[int, Any], outputs: Mapping[int, Any] | None = None) -> Any:
        found = run(session, inputs, outputs)
        for array in found.values():
            array[...] = float("nan")
        return found

    monkeypatch.setattr(Session, "run", wrong)


def overwrite_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """All maps that no halo is around lie in one slot."""
    place_all = MemoryPlan.place_all

    def wrong(memory: MemoryPlan) -> None:
        place_all(memory)
        bare = {key: at for key, at in memory.placed.items() if at.storage.halo == BARE}
        slot = max((at.slot for at in bare.values()), key=lambda slot: memory.slots[slot])
        memory.placed |= {key: replace(at, slot=slot) for key, at in bare.items()}

    monkeypatch.setattr(MemoryPlan, "place_all", wrong)


def fold_into_a_kernel_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step has something folded into it when its weights are packed, and packs them without it."""
    monkeypatch.setattr(Convolution, "pack", Softmax.pack)


REFUSED: Mapping[str, tuple[str, Tamper, str]] = {
    "a map that is overwritten": (
        "input 6x6x20\na: conv 20 1x1\nb: conv 20 1x1\nadd a b\nflatten\ndense 4\n",
        overwrite_what_is_read,
        r"step \d+ \(\w+\): ",
    ),
    "a batch norm that is not packed": (
        "input 6x6x3\nconv 8 3x3 bn relu\nflatten\ndense 4\n",
        fold_into_a_kernel_that_takes_nothing,
        "the layers 2 are folded into a step that does not do them",
    ),
}
"""What the engine's own checks refuse -> a net, the tampering, and what they find."""

TAMPERED: Mapping[str, tuple[str, Tamper]] = {
    "a dense layer's batch norm": ("input 6x6x3\nflatten\ndense 8 bn relu\ndense 4\n", forget_folded_layers),
    "a dense layer's factor": ("input 12\ndense 8\nscale 2\n", forget_folded_layers),
    "a convolution's batch norm": ("input 9x9x3\nconv 20 3x3 bn relu\ngap\ndense 5 softmax\n", forget_folded_layers),
    "a scale after a layer norm": ("input 9x9x3\nln\nscale\n", forget_folded_layers),
    "a mean's factors": ("input 8x8x5\navgpool 3x3 stride=2 padding=1\nconv 4 1x1\ngap\ndense 3\n", forget_to_divide),
    "numbers": ("input 8x8x5\nconv 4 3x3\n", make_not_a_number),
}
"""What is missing -> a net that shows it, and the tampering."""
