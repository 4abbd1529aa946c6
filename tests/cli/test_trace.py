"""`trace` works one number out as on the slides, and a run computes the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from .conftest import Command

SLIDES = Path(__file__).parents[2] / "examples" / "slides"


@pytest.mark.parametrize(
    ("deck", "at", "end"),
    [
        ("deck000.txt", "13[1,1]", "105*5 + 102*(-1) + 0*0 + 103*(-1) + 99*0 = 320"),
        ("deck004.txt", "conv1[3]", "(-2)*(1/3) + 0*(1/3) + (-3)*(1/3) = -5/3"),
        ("deck004.txt", "pixel[1,1]", None),
    ],
)
def test_the_numbers_of_the_slides(command: Command, deck: str, at: str, end: str | None) -> None:
    """Deck 000: 320; deck 004: the third value of the signal, -1.667; an input has nothing to work out."""
    outcome = command("trace", str(SLIDES / deck), "--at", at)
    if end is None:
        assert (outcome.status, "it is an input" in outcome.err) == (2, True)
        return
    assert outcome.status == 0
    assert end in outcome.out
    assert outcome.out.rstrip().endswith("here too: confirmed.")


def test_a_number_of_a_run_is_numpys_own_sum(command: Command, tmp_path: Path) -> None:
    (tmp_path / "net.txt").write_text("input 6x6x2\nc: conv 3 3x3 padding=1 stride=2\n", encoding="utf-8")
    random = np.random.default_rng(1)
    picture = random.random((6, 6, 2), np.float32)
    kernel, bias = random.random((3, 2, 3, 3), np.float32), random.random(3, np.float32)
    np.save(tmp_path / "x.npy", picture)
    np.savez(tmp_path / "w.npz", **{"c.weight": kernel, "c.bias": bias})
    outcome = command(
        *("trace", str(tmp_path / "net.txt"), "--at", "c[2,1,3]", "--json"),
        *("--input-array", str(tmp_path / "x.npy"), "--weights", str(tmp_path / "w.npz")),
    )
    found = json.loads(outcome.out)
    window = np.pad(picture, ((1, 1), (1, 1), (0, 0)))[2:5, 0:3].astype(np.float64)
    right = float((window * kernel[2].transpose(1, 2, 0)).sum() + bias[2])
    assert (found["result"], found["steps"][0]["computed"]) == (pytest.approx(right, rel=1e-5),) * 2
    assert (found["confirmed"], found["cell"]) == (True, {"channel": 3, "row": 2, "column": 1})
    assert [(axis["first"], axis["last"], axis["padding"]) for axis in found["sees"]] == [
        (2, 4, [0, 0]),
        (0, 2, [1, 0]),
    ]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("conw1[1,1]", "did you mean `conv1`?"),
        ("conv1[29,1]", "there is no row 29: the result has row 1 to 28"),
        ("conv1[1,1]", "cnncalc trace --at conv1[1,1] lenet5 --image PICTURE"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_with_a_way_out(command: Command, at: str, said: str) -> None:
    outcome = command("trace", "lenet5", "--at", at)
    assert outcome.status == 2
    assert said in outcome.err
