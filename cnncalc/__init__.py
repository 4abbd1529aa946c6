"""The CNN calculator that proves its answers.

`cnncalc.load("model.txt")` reads a net; see `cnncalc.api.Model` for what it can do.  Importing the package costs
nothing: each part is imported when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing itself is not worth its import here

if TYPE_CHECKING:
    from cnncalc.api import Model, load
    from cnncalc.cell_magic import load_ipython_extension
    from cnncalc.diagnostics import InputError
    from cnncalc.library.net_layers import NetLayer
    from cnncalc.library.net_session import Session
    from cnncalc.questioning import compare, reconcile, solve, solve_net, sweep

__all__ = [
    "InputError",
    "Model",
    "NetLayer",
    "Session",
    "__version__",
    "compare",
    "load",
    "load_ipython_extension",
    "reconcile",
    "solve",
    "solve_net",
    "sweep",
]
__version__ = "0.1.0"

_HOMES = {
    "InputError": "cnncalc.diagnostics",
    "Model": "cnncalc.api",
    "NetLayer": "cnncalc.library.net_layers",
    "Session": "cnncalc.library.net_session",
    "compare": "cnncalc.questioning",
    "load": "cnncalc.api",
    "load_ipython_extension": "cnncalc.cell_magic",
    "reconcile": "cnncalc.questioning",
    "solve": "cnncalc.questioning",
    "solve_net": "cnncalc.questioning",
    "sweep": "cnncalc.questioning",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 (importing the package stays instant)

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
