"""A net that was read without a fault, and how it was read: what every room of the library begins with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, Self

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.graph.ir import Graph

NOT_PICKLED = "a {} is not pickled: give the other process the net's file, name or text, and {}"


class ReadNet:
    """A net with the settings and the size of its input that were asked for."""

    def __init__(self, graph: Graph, settings: Mapping[str, str] | None = None, input_size: str | None = None) -> None:
        self.graph = graph
        self._settings = settings
        self._input_size = input_size

    @property
    def name(self) -> str:
        """The title of the net, as its `repr` shows it; without one the name of its file or of the shipped network.

        >>> import cnncalc
        >>> cnncalc.load("lenet5").name, cnncalc.load('title "Small"; input 4x4x1; gap').name
        ('LeNet-5, the usual modern reading', 'Small')
        """
        return self.graph.heading or self.graph.source.shown

    @cached_property
    def analysis(self) -> Analysis:
        """Every number about the net (`cnncalc.analysis.model.Analysis`), for one image."""
        from cnncalc.analysis import analyse

        return analyse(self.graph)

    def _analysis_of(self, batch: int) -> Analysis:
        """The numbers for so many images at once.  Raises InputError."""
        if batch == 1 and type(batch) is int:
            return self.analysis
        from cnncalc.analysis import analyse
        from cnncalc.stated_numbers import refuse_batch

        refuse_batch(batch)
        return analyse(self.graph, batch)

    def __copy__(self) -> Self:
        return self  # nothing in a net changes

    def __deepcopy__(self, copied: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(NOT_PICKLED.format("net", "load it there with cnncalc.load"))

    @property
    def _is_changed(self) -> bool:
        """Whether it is another net than its text says: its settings or its size are others."""
        return bool(self._settings) or self.graph.has_other_size

    def _files(self, *others: str | None) -> list[str]:
        """The files that the net and what is made of it are read from."""
        return [self.graph.source.file or self.graph.source.name, *filter(None, others)]


def file_name(argument: str, given: object) -> str | None:
    """The name of a file that may be given; None where none is.  Raises InputError for what is no name."""
    name = os.fspath(given) if isinstance(given, (str, os.PathLike)) else given
    if name is None or isinstance(name, str):
        return name
    from cnncalc.diagnostics import input_error

    message = f"{argument} is {type(given).__name__}, which is no name of a file"
    advice = f'write {argument}="FILE", or a pathlib.Path'
    if argument == "weights" and isinstance(given, Mapping):
        advice = 'write them to a file first: torch.save(weights, "weights.pth"), then weights="weights.pth"'
    raise input_error("wrong-value", message, help=advice)


def refuse_whole(argument: str, value: object, least: int | None = None) -> None:
    """Raises InputError where the value is neither None nor a whole number, or is one below `least`."""
    is_whole = hasattr(value, "__index__") and not isinstance(value, bool)
    if value is None or (is_whole and (least is None or value >= least)):  # type: ignore[operator]  # it is a number
        return
    from cnncalc.diagnostics import input_error
    from cnncalc.diagnostics.letters import printable

    wanted = "whole number" if least is None else f"whole number from {least} on"
    message = f"{argument} is {printable(repr(value)[:40])}, which is no {wanted}"
    raise input_error("wrong-value", message, help=f"give a number, as {argument}={max(least or 0, 1)}, or None")
