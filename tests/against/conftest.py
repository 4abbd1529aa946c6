"""`--agreement FILE`: the table of how far we are from PyTorch, Keras and ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from .comparing import agreements


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """PyTorch's threads wait for each other by spinning: beside other tests two take ten times as long as one."""
    if find_spec("torch"):
        import torch

        torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def agreement_table(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    path = request.config.getoption("--agreement")
    if path and agreements:
        room = max(len(what) for what, _, _ in agreements if not _is_layer(what))
        rows = [("net or layer", "against", "largest relative difference")]
        rows += [(what, whom, f"{found:.1e}") for what, whom, found in sorted(agreements, key=_nets_first)]
        Path(path).write_text("".join(f"{what.ljust(room)}  {whom.ljust(24)}  {found}\n" for what, whom, found in rows))


def _is_layer(what: str) -> bool:
    return what.startswith("layer: ")


def _nets_first(row: tuple[str, str, float]) -> tuple[bool, str, str]:
    return _is_layer(row[0]), row[0], row[1]
