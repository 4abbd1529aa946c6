"""A net that is written in other notations from Python, as `cnncalc convert` does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.conversion.conversion_answer import ConversionAnswer
    from cnncalc.graph.ir import Graph


class Convertible:
    """What `cnncalc.Model` can do with other notations."""

    graph: Graph
    _settings: Mapping[str, str] | None
    _input_size: str | None

    if TYPE_CHECKING:

        @property
        def analysis(self) -> Analysis:
            """Every number about the net, which `Model` has."""

    def to(self, notation: str) -> str:
        """The net as text, with its blocks, names and comments where the notation has them.

        "spec" is our own language, "json" our JSON, "torch" and "keras" are programs, "darknet" is a .cfg, "mermaid"
        and "dot" are diagrams, "markdown" is a page.  Raises InputError; ONNX is no text, `convert` writes it.

        >>> import cnncalc
        >>> cnncalc.load("input 8x8x1\\nconv 4 3x3\\n").to("spec")
        'input 8x8x1\\nconv 4 3x3\\n'
        """
        from cnncalc.conversion.forms import form_named
        from cnncalc.conversion.net_texts import net_text
        from cnncalc.diagnostics import input_error

        form = form_named(notation)
        if form.is_binary:
            advice = f'write it to a file: net.convert("net{form.endings[0]}")'
            raise input_error("option-does-not-fit", f"{form.said} is no text", help=advice)
        return net_text(self.analysis, form, self._input_size, self._settings)

    def convert(
        self,
        path: str | os.PathLike[str],
        notation: str | None = None,
        weights: str | os.PathLike[str] | None = None,
        *,
        prove: bool = False,
        opset: int | None = None,
        external: bool = False,
        force: bool = False,
    ) -> ConversionAnswer:
        """Writes the net to a file in another notation, as `cnncalc convert` does; the name's end may say which.

        `weights` is a file of weights that are written too, in a second file or in the .onnx file; a net that brings
        its own needs none.  With `prove` what was written is read again and compared, and run where its framework is
        installed: `.proof` has every claim, and nothing is written where one does not hold.  Raises InputError.

        >>> import cnncalc, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     done = cnncalc.load("mnist-convnet").convert(f"{folder}/digits.json", prove=True)
        >>> done.proof.holds, done.proof.arrays, [file.rpartition("/")[2] for file in done.files]
        (True, 10, ['digits.json', 'digits.safetensors'])
        """
        from cnncalc.conversion.conversion_answer import written_conversion
        from cnncalc.conversion.converting import Asked
        from cnncalc.conversion.forms import chosen_form
        from cnncalc.diagnostics.python_words import python_words

        name, file = os.fspath(path), None if weights is None else os.fspath(weights)
        with python_words():
            form = chosen_form(notation, name)
            asked = Asked(form, name, file, prove, opset, external, self._input_size, self._settings)
            return written_conversion(self.analysis, asked, force=force)
