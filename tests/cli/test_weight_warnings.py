"""What a weight file cannot say is a warning of the run: on standard error, in the JSON, and in Python."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cnncalc import api

from .conftest import Command

TEXT = "epsilon 0.001\ninput 8x8x3\nconv 4 3x3 stride=2 same nobias bn\n"
PADDING = (
    "warning[weights-padding]: the file is PyTorch's, but `same` pads 0 rows before and 1 after here, as Keras does; "
    "PyTorch pads both sides equally, which gives the same shapes and other numbers\n"
)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """A text of Keras with a file of PyTorch and numbers to run on."""
    (tmp_path / "net.txt").write_text(TEXT, encoding="utf-8")
    norm = {f"1.{role}": np.ones(4, np.float32) for role in ("weight", "bias", "running_mean", "running_var")}
    np.savez(tmp_path / "w.npz", **{"0.weight": np.ones((4, 3, 3, 3), np.float32)}, **norm)
    np.save(tmp_path / "x.npy", np.ones((8, 8, 3), np.float32))
    return tmp_path


def arguments(net: Path) -> tuple[str, ...]:
    return "run", str(net / "net.txt"), "--weights", str(net / "w.npz"), "--input-array", str(net / "x.npy")


def test_warnings_about_the_weights_are_on_standard_error_with_their_line(net: Path, command: Command) -> None:
    ran = command(*arguments(net))
    assert ran.status == 0
    assert ran.err.startswith(PADDING)
    assert f"--> {net / 'net.txt'}:3:1" in ran.err
    assert "warning[weights-epsilon]" in ran.err
    assert f"from {net / 'w.npz'} (PyTorch; matched by names and shapes)" in " ".join(ran.out.split())


def test_warnings_about_the_weights_are_in_the_json(net: Path, command: Command) -> None:
    found = json.loads(command(*arguments(net), "--json").out)["warnings"]
    assert [(one["code"], one["line"]) for one in found[-2:]] == [("weights-padding", 3), ("weights-epsilon", 3)]


def test_warnings_about_the_weights_are_warnings_in_python(net: Path) -> None:
    loaded = api.load(net / "net.txt")
    with pytest.warns(RuntimeWarning) as found:
        loaded.run(np.ones((8, 8, 3), np.float32), weights=str(net / "w.npz"))
    assert [str(one.message).partition(",")[0] for one in found] == ["the file is PyTorch's"] * 2
    assert {one.filename for one in found} == {__file__}
