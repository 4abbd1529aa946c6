"""What every file of weights is to its readers: named arrays, looked at before they are read, and who wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

Array = np.ndarray[Any, Any]

MOST_ENTRIES = 20_000
"""More arrays in a file are refused: the deepest published nets have a few thousand."""

Program = Literal["", "PyTorch", "Keras", "Darknet", "ONNX"]
"""Whose layouts the arrays have; "" where the file does not tell: our own, or numpy's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One array of a file, as its header describes it; `kind` is the type of its numbers in the file's own letters."""

    name: str
    shape: tuple[int, ...]
    kind: str

    @property
    def count(self) -> int:
        return prod(self.shape)


class About(NamedTuple):
    """What is known of a file as a whole.

    `program` decides the layouts; `form` names the format in words ("a PyTorch state dict"); `remark` is what a user
    should know ("from a whole module, resnet.ResNet, whose code was not run"); `ordered` says whether `entries` stand
    in the order in which the layers were made (else it is that of letters, or chance).
    """

    program: Program = ""
    form: str = ""
    remark: str = ""
    ordered: bool = True


def from_bfloat16(bits: Array) -> Array:
    """float32 numbers from bfloat16's bits, as uint16: their upper halves; the lower ones are zero.

    >>> from_bfloat16(np.array([0x3F80, 0xC0E0], np.uint16)).tolist()
    [1.0, -7.0]
    """
    wide = bits.astype(np.uint32)
    wide <<= 16
    return wide.view(np.float32)


def program_of(names: Iterable[str]) -> Program:
    """Who wrote a file that does not say it: a batch norm's counter of batches is PyTorch's.

    >>> program_of(["bn1.weight", "bn1.num_batches_tracked"]), program_of(["conv1.weight"])
    ('PyTorch', '')
    """
    return "PyTorch" if any(name.rpartition(".")[2] == "num_batches_tracked" for name in names) else ""


class WeightFile(Protocol):
    """An open file of named arrays."""

    entries: tuple[Entry, ...]
    about: About

    def read(self, name: str) -> Array:
        """The array of that name, in C order; its numbers as the file has them, bfloat16 as float32."""
