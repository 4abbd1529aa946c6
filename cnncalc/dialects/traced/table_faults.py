"""Faults of the tables of layers as faults of the program that is read, with the place where the layer is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cnncalc.diagnostics import Span
from cnncalc.graph.faults import Fault
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading


@contextmanager
def faults_of_the_table(notes: tuple[str, ...] = ()) -> Iterator[None]:
    """A `Fault` of the tables goes on as a `PythonFault` with these notes behind its own."""
    try:
        yield
    except Fault as fault:
        found = fault.diagnostic
        raise PythonFault(
            found.code, found.message, found.span, label=found.label, notes=(*found.notes, *notes), help=found.help
        ) from None


def made_at(span: Span | None, here: Reading) -> tuple[str, ...]:
    """The note that says where the layer is made, unless that is the place of the fault itself."""
    return () if span is None or span == here.span else (f"it is made in {here.line_words(span.line)}",)
