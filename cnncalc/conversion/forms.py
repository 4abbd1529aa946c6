"""The notations that a net is converted to: their names, how their files end, and what their weights are written as.

Those that are no diagrams and no page are written by the modules of `cnncalc.dialects`.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.nearest import did_you_mean


class Form(NamedTuple):
    """A notation.  Its files end in `endings`, its weights, where it has any, are written in a file with that ending.

    `package` is the framework that runs it, as Python imports it; a form without one that has weights is run by our own
    executor.  `is_shared`: other notations have the same ending, so that the ending alone does not say it.
    """

    name: str
    said: str
    endings: tuple[str, ...]
    weights: str = ""
    package: str = ""
    is_binary: bool = False
    is_shared: bool = False

    @property
    def is_read(self) -> bool:
        """Whether it holds the whole net, and is read again by every command."""
        return bool(self.weights)


_ALL = (
    Form("spec", "the language of cnncalc", (".txt",), ".safetensors"),
    Form("json", "JSON", (".json",), ".safetensors"),
    Form("torch", "a PyTorch program", (".py",), ".safetensors", "torch", is_shared=True),
    Form("keras", "a Keras program", (".py",), ".weights.h5", "keras", is_shared=True),
    Form("onnx", "ONNX", (".onnx",), ".onnx", "onnxruntime", is_binary=True),
    Form("darknet", "a .cfg of Darknet", (".cfg",), ".weights"),
    Form("mermaid", "a Mermaid diagram", (".mmd", ".mermaid")),
    Form("dot", "a Graphviz diagram", (".dot", ".gv")),
    Form("markdown", "a page in Markdown", (".md",)),
)


def forms() -> dict[str, Form]:
    """The notations by name."""
    return {form.name: form for form in _ALL}


def form_named(name: str) -> Form:
    """The notation of this name; raises InputError."""
    known = forms()
    if name in known:
        return known[name]
    listed = f"the notations are: {', '.join(known)}"
    raise input_error("unknown-notation", f"there is no notation `{name}`", help=did_you_mean(str(name), known, listed))


def form_of_file(path: str) -> Form | None:
    """The notation of a file by the end of its name; None where several, or none, have that ending.

    >>> form_of_file("net.json").name, form_of_file("net.py")
    ('json', None)
    """
    ending = os.path.splitext(path)[1].lower()
    return next((form for form in forms().values() if ending in form.endings and not form.is_shared), None)


def chosen_form(name: str | None, path: str | None) -> Form:
    """The notation that is asked for, by its name or by that of the file; raises InputError where neither says it."""
    if name is not None:
        return form_named(name)
    form = None if path is None else form_of_file(path)
    if form is not None:
        return form
    raise _unsaid(path)


def _unsaid(path: str | None) -> InputError:
    message, advice = "`cnncalc convert` needs --to", "for example: cnncalc convert lenet5 --to json -o lenet5.json"
    if path is None:
        return input_error("missing-argument", message, help=advice)
    ending = os.path.splitext(path)[1].lower()
    shared = [form.name for form in forms().values() if ending in form.endings]
    if shared:
        return input_error(
            "missing-argument", f"{message}: {path} may be {' or '.join(shared)}", help=f"write --to {shared[0]}"
        )
    known = [f"{form.endings[0]} ({form.name})" for form in forms().values() if not form.is_shared]
    return input_error(
        "missing-argument",
        f"{message}, since the name {path} does not say the notation",
        help=f"say it, or end the name with {', '.join(known[:-1])} or {known[-1]}",
    )


def beside(path: str, form: Form) -> str:
    """The file of the weights that belongs to the file of a net: it has the same name with another ending.

    >>> beside("nets/lenet5.py", form_named("spec"))
    'nets/lenet5.safetensors'
    """
    return os.path.splitext(path)[0] + form.weights
