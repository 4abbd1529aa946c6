"""cnncalc from Python: `load` reads a net, `Model` answers about it.

Nothing heavy is imported before it is needed: a summary needs no numpy, only `run` does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from cnncalc.conversion.convertible import Convertible
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.python_words import python_words
from cnncalc.library.net_pictures import NetPictures

LONGEST = 60
"""Letters of a net's name in its `repr`."""


@python_words(input="input_size")
def load(
    path_or_text: str | os.PathLike[str],
    settings: Mapping[str, object] | None = None,
    input_size: str | int | Sequence[int] | None = None,
    until: str | int | None = None,
) -> Model:
    """The net of a file, of a shipped network's name, or of a text.

    A text may be on one line, with `;` between its layers; a path (`pathlib.Path`), and what is the name of a file or
    looks like one, is never a text.  A program may be followed by its model: `net.py:ResNet18(num_classes=10)`.  A
    model that Keras has saved (.keras, .h5) brings its weights, which `run` then uses.

    `settings` are other values for its constants (`let NAME = VALUE`), by name; `input_size` is another size for its
    input (`"32x32x3"`, or its numbers: `(32, 32, 3)`); `until` is the line with which the net ends (a label, a line's
    number, a layer's name).  Raises InputError, whose text shows every fault with its place.

    >>> load("input 32x32x1\\nconv 6 5x5\\n").params
    156
    >>> load("let n = 6; input 32x32x1; conv $n 5x5", settings={"n": 16}).params
    416
    """
    from cnncalc.net_files import checked

    source = source_of(path_or_text)
    values = setting_texts(settings)
    size = None if input_size is None else size_text(input_size)
    return Model(checked(source, size, values, None if until is None else str(until)), values, size)


def source_of(path_or_text: object) -> Source:
    """The text that `load` reads; raises InputError where there is none."""
    from cnncalc.short_nets import is_written_out, lines_of
    from cnncalc.sources import find, find_path

    if isinstance(path_or_text, str):
        if "\n" not in path_or_text:
            return find(path_or_text)
        text = path_or_text.replace("\r\n", "\n").replace("\r", "\n")
        on_one_line = "\n" not in text.strip() and is_written_out(text)
        return Source("<text>", lines_of(text) if on_one_line else text)
    path = os.fspath(path_or_text) if isinstance(path_or_text, os.PathLike) else None
    if not isinstance(path, str):
        from cnncalc.diagnostics import input_error

        message = (
            f"a network is a text, the name of a file or of a network that ships, not {type(path_or_text).__name__}"
        )
        advice = 'write cnncalc.load("net.txt") or cnncalc.load("lenet5")'
        if hasattr(path_or_text, "state_dict"):  # a module of PyTorch
            name = type(path_or_text).__name__
            advice = f'give the program that makes it: cnncalc.load("program.py:{name}()")'
        raise input_error("wrong-value", message, help=advice)
    return find_path(path)


def setting_texts(settings: object) -> dict[str, str]:
    """The values of constants by their names, as `--set` has them.  Raises InputError for what names no values."""
    if settings is None:
        return {}
    if not isinstance(settings, Mapping):
        from cnncalc.diagnostics import input_error

        advice = 'write names with their values: settings={"alpha": 0.5}'
        raise input_error("wrong-setting", f"settings is {str(settings)[:40]}, which names no values", help=advice)
    return {str(name): str(value) for name, value in settings.items()}


def size_text(size: object, argument: str = "input_size") -> str:
    """A size as `--input` has it; a tuple or a list of whole numbers stands in the same order."""
    if isinstance(size, str):
        return size
    numbers = list(size) if isinstance(size, (tuple, list)) else [size]
    if not numbers or not all(isinstance(one, int) and not isinstance(one, bool) for one in numbers):
        from cnncalc.diagnostics import input_error

        raise input_error(
            "wrong-operand",
            f"{argument} is {str(size)[:40] or 'empty'}, which is no size",
            help=f'write height, width and channels: {argument}=(28, 28, 1) or {argument}="28x28x1"',
        )
    return "x".join(map(str, numbers))


class Model(NetPictures, Convertible):
    """A net that was read without a fault: its numbers, its layers, its table, its runs and its pictures.

    `print(net)` is the table; a notebook shows it with the picture of the net.

    >>> net = load("input 28x28x1; conv 8 3x3 relu; maxpool 2x2; flatten; dense 10 softmax")
    >>> net
    <cnncalc.Model '<text>': 13,610 params, 62,192 MACs>
    >>> [(layer.name, layer.output, layer.params) for layer in net.layers][1:3]
    [('conv1', (26, 26, 8), 80), ('maxpool1', (13, 13, 8), 0)]
    """

    def __repr__(self) -> str:
        name = printable((self.graph.heading or self.graph.source.shown)[:LONGEST])
        return f"<cnncalc.Model {name!r}: {self.params:,} params, {self.macs:,} MACs>"

    def _repr_html_(self) -> str:
        from cnncalc.pictures.drawn_picture import shown_scene
        from cnncalc.pictures.net_drawing import net_drawing
        from cnncalc.report.notebook import folded, html
        from cnncalc.report.summary import summary_sheet

        return html(summary_sheet(self.analysis)) + folded("Picture", shown_scene(net_drawing(self.analysis).scene))
