"""Functions that make a layer compute its weight from other arrays each time: refused, with what can be done."""

from __future__ import annotations

import re

from cnncalc.diagnostics import Span
from cnncalc.python.program_error import PythonFault

_REWRITING = re.compile(
    r"torch\.nn\.utils\.(parametrizations\.)?(?P<name>weight_norm|spectral_norm|orthogonal)"
    r"|torch\.nn\.utils\.parametrize\.(?P<other>register_parametrization)"
)
_REMOVED_BY = {"weight_norm": "remove_weight_norm", "spectral_norm": "remove_spectral_norm"}


def refuse_rewritten_weights(name: str, span: Span) -> None:
    """Raises PythonFault where a canonical name is that of such a function."""
    found = _REWRITING.fullmatch(name)
    if found is None:
        return
    old = _REMOVED_BY.get(found["name"] or "", "")
    removed = old if old and ".parametrizations." not in name else "parametrize.remove_parametrizations"
    raise PythonFault(
        "not-read-here",
        f"`{name}` is not read: its layer computes its weight from other arrays each time",
        span,
        help=f"write the layer without it, and save the weights after torch.nn.utils.{removed}",
    )
