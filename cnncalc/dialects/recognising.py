"""Which reader takes a text: by the end of its file's name, else by what stands in it.

The readers themselves are not imported here (`cnncalc.dialects.READERS` has their names).
"""

from __future__ import annotations

import os

from cnncalc.diagnostics import Source
from cnncalc.dialects import READERS
from cnncalc.spec.foreign_texts import notation


def dialect_of(source: Source) -> str | None:
    """The dialect that reads the text: by the end of the file's name, else by what stands in it; None for our own."""
    ending = source.notation or os.path.splitext(source.name)[1].lower()
    if ending in READERS:
        return READERS[ending]
    if source.text.lstrip().startswith('{"cnncalc_model"'):
        return None
    found = notation(source.text)
    return READERS.get(found[0].code) if found else None


def is_program(source: Source) -> bool:
    """Whether the text is a program of PyTorch or Keras, or a notebook."""
    return dialect_of(source) == "programs"
