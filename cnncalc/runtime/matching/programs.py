"""Whose file it is, as far as that is known, and how that program orders axes and the columns behind a flatten.

Most files say it.  NumPy's and safetensors do not; there some words of the names are one program's alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cnncalc.runtime.file_arrays import About, Program, program_of
from cnncalc.runtime.matching.file_modules import Described, last_word
from cnncalc.runtime.matching.match_records import Layout

_KERAS_WORDS = frozenset(("kernel", "moving_mean", "moving_variance", "depthwise_kernel", "pointwise_kernel"))
"""Last words that Keras, TensorFlow and Flax write; with them goes their order of axes."""

_IN_A_LIST = re.compile(r"(^|\.)[0-9]+\.")
"""`features.0.weight`: a place in PyTorch's Sequential."""


def stated_program(about: About, entries: Iterable[Described]) -> Program:
    """The program that the file names, or whose words for roles its arrays have."""
    if about.program:
        return about.program
    return "Keras" if any(last_word(entry.name) in _KERAS_WORDS for entry in entries) else ""


def likely_program(about: About, entries: Iterable[Described]) -> Program:
    """The same, and where nothing says it PyTorch, if the names are as its modules give them."""
    held = tuple(entries)
    stated = stated_program(about, held) or program_of(entry.name for entry in held)
    return stated or ("PyTorch" if any(_IN_A_LIST.search(entry.name) for entry in held) else "")


def layout_of(program: Program) -> Layout:
    """Keras stores channels last; so does TensorFlow.  Of a file that does not say whose it is, the flatten is open."""
    if program == "Keras":
        return Layout(keras=True, flatten="channels_last")
    return Layout(flatten="channels_first" if program else None)
