"""An engine that is wrong on purpose: what holds it against the readable kernels must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cnncalc.runtime.engine import planning
from cnncalc.runtime.engine.packing import LayerArrays
from cnncalc.runtime.engine.sessions import Session

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
    lowered = planning.lowered

    def wrong(*given: Any) -> Iterator[Any]:
        for step in lowered(*given):
            numbers = {**step.numbers, "counting": "one"} if "counting" in step.numbers else step.numbers
            yield replace(step, numbers=numbers)

    monkeypatch.setattr(planning, "lowered", wrong)


def make_not_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every output is NaN."""
    run = Session.run

    def wrong(session: Session, inputs: Mapping[int, Any], outputs: Mapping[int, Any] | None = None) -> Any:
        found = run(session, inputs, outputs)
        for array in found.values():
            array[...] = float("nan")
        return found

    monkeypatch.setattr(Session, "run", wrong)


TAMPERED: Mapping[str, tuple[str, Tamper]] = {
    "a dense layer's batch norm": ("input 6x6x3\nflatten\ndense 8 bn relu\ndense 4\n", forget_folded_layers),
    "a dense layer's factor": ("input 12\ndense 8\nscale 2\n", forget_folded_layers),
    "a convolution's batch norm": ("input 9x9x3\nconv 20 3x3 bn relu\ngap\ndense 5 softmax\n", forget_folded_layers),
    "a scale after a layer norm": ("input 9x9x3\nln\nscale\n", forget_folded_layers),
    "a mean's factors": ("input 8x8x5\navgpool 3x3 stride=2 padding=1\nconv 4 1x1\ngap\ndense 3\n", forget_to_divide),
    "numbers": ("input 8x8x5\nconv 4 3x3\n", make_not_a_number),
}
"""What is missing -> a net that shows it, and the tampering."""
