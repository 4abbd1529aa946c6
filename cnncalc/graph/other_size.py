"""`--input SIZE`: the net of a text with another size on its first `input` line.

The size is read by the same rules as one in a file; what is wrong with it is said of the option, where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span, input_error
from cnncalc.spec.document import Call, Document, Token

OPTION = "--input "
_PLAIN = "write all sizes, the channels too: --input 224x224x3"


def resized(call: Call, size: str) -> Call:
    """The `input` line with another size in the place of the written one."""
    written = _size_of(call)
    if written is None:
        return call
    arguments = tuple(replace(written, text=size) if one is written else one for one in call.arguments)
    return replace(call, arguments=arguments, text=call.text.replace(written.text, size, 1))


def replaced_size(document: Document, size: str) -> Token:
    """The size that `--input` takes the place of; raises InputError where there is none, or none is given."""
    if not size.strip():
        raise InputError((Diagnostic("wrong-operand", "a size is expected after --input", help=_PLAIN),))
    calls = (one for one in document.statements if isinstance(one, Call) and one.word.text.lower() == "input")
    sizes = (_size_of(call) for call in calls if not call.sources)
    found = next((size for size in sizes if size is not None), None)
    if found is None:
        raise input_error(
            "no-size-to-replace",
            f"{document.source.name} has no `input` line with a size that --input could replace",
            help="leave --input out",
        )
    return found


def refuse_size(faults: Iterable[Diagnostic], written: Token, size: str) -> None:
    """Raise the faults found at the written size as faults of the option's."""
    place = Span(1, len(OPTION) + 1, max(1, len(size)))
    of_size = [
        replace(fault, span=place, help=fault.help if fault.code == "too-large" else _PLAIN)
        for fault in faults
        if fault.span == written.span
    ]
    if of_size:
        raise InputError(tuple(of_size[:1]), Source("command line", OPTION + size))


def _size_of(call: Call) -> Token | None:
    return next((one for one in call.arguments if isinstance(one, Token)), None)
