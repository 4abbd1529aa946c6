"""Every network that ships, written as PyTorch, Keras and ONNX, and run by them with the same weights.

`--agreement FILE` writes the table: each network and notation, its operations and arrays, the largest difference.
"""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.conversion.converting import Asked, convert
from cnncalc.conversion.forms import form_named, forms
from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked
from cnncalc.runtime.peers.written_nets import install_hint
from cnncalc.runtime.proof_records import CLOSE
from cnncalc.sources import shipped, shipped_names

from .comparing import agreements

NOTATIONS = [name for name in ("torch", "keras", "onnx") if name in forms()]

OTHERS = {
    ("nin-cifar", "keras"): "Keras 3.15 on PyTorch counts uneven rows of padding in a mean, against its documentation",
    ("lenet5-1998", "torch"): "PyTorch has no table of connections: the program learns all of them and masks some",
}
"""Where a claim does not hold, and why."""


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("name", shipped_names())
def test_a_network_that_ships_is_the_same_when_it_is_written(name: str, notation: str) -> None:
    form = form_named(notation)
    if hint := install_hint(form.package):
        pytest.skip(hint)
    try:
        done = convert(analyse(checked(shipped(name))), Asked(form, prove=True))
    except InputError as refused:
        pytest.skip(refused.diagnostics[0].message)
    assert done.proof is not None
    if (name, notation) in OTHERS:
        assert not done.proof.holds, "now it is the same: take it out of OTHERS"
        pytest.skip(OTHERS[name, notation])
    assert [claim for claim in done.proof.claims if not claim.holds] == []
    assert done.proof.difference is not None
    assert np.isfinite(done.proof.difference)
    assert done.proof.difference <= CLOSE
    operations = f"{done.proof.operations} operations, {done.proof.arrays} arrays"
    agreements.append((f"{name}: {operations}", f"written, {done.proof.run_by}", done.proof.difference))


TWO = (
    "left: input 8x8x3\na: conv 4 3x3 same\nright: input 8x8x1\nb: conv 4 3x3 same\ns: sub a b\n"
    "g: gap\nscores: dense 3\nt: tanh from s\noutput scores t\n"
)
OWN = "input 8x8x4\nlayerscale\na: shift all\np: learned 8x8x4\nadd a p\nscale shared\nconv 3 1x1\n"


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("text", [TWO, OWN], ids=["two inputs and two outputs", "parameters of its own"])
def test_a_text_is_the_same_when_it_is_written(text: str, notation: str) -> None:
    form = form_named(notation)
    if hint := install_hint(form.package):
        pytest.skip(hint)
    done = convert(analyse(checked(Source("net.txt", text))), Asked(form, prove=True))
    assert done.proof is not None
    assert [claim for claim in done.proof.claims if not claim.holds] == []
