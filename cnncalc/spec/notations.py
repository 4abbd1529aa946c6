"""What texts of other notations look like: Python, printed models, Darknet, prototxt, JSON, YAML, web pages.

Only a text without an `input` line of our own is held against this table, so it is imported only then.  Which of them
are read, and by what, is known in `cnncalc.dialects.READERS`, by the codes; the messages here are for whoever takes a
text of our own alone (`cnncalc fmt`).
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from cnncalc.short_nets import LIST_TEXT, SHORTHAND_TEXT

BY_HAND = "write one layer a line: input 28x28x1, then conv 32 3x3 relu, maxpool 2x2, flatten, dense 10"
"""How a model is written, for whoever brought something else."""

Where = Literal["line", "first line", "text"]


class Kind(NamedTuple):
    """A notation: what one of its lines, its first line or its whole text looks like, without spaces around it."""

    code: str
    pattern: re.Pattern[str]
    message: str
    help: str
    where: Where = "line"


def _kind(code: str, pattern: str, message: str, help: str, where: Where = "line") -> Kind:
    return Kind(code, re.compile(pattern, re.IGNORECASE), message, help, where)


_CONVERTED = "`cnncalc convert FILE --to spec` reads it and writes the same net in that language"
_JSON_WITH = r"\{(?=[\s\S]{0,20000}\"%s\"\s*:)"
"""JSON in whose beginning there is a member of such a name."""

KINDS = (
    _kind("pasted-layer-list", LIST_TEXT, "this is a list of layers as programs have it", _CONVERTED, "text"),
    _kind(
        "pasted-shorthand",
        SHORTHAND_TEXT,
        "this is a net in shorthand, not a text in cnncalc's own language",
        _CONVERTED,
        "text",
    ),
    _kind(
        "pasted-notebook",
        _JSON_WITH % "(?:cell_type|nbformat)",
        "this is a Jupyter notebook, not a text in cnncalc's own language",
        _CONVERTED,
        "text",
    ),
    _kind(
        "pasted-torch-print",
        r"\([\w.-]{1,100}\): (?:\d+ x )?[A-Za-z_]\w*\(.*",
        "this is a model as PyTorch prints it, not a text in cnncalc's own language",
        _CONVERTED,
    ),
    _kind(
        "pasted-summary",
        r"Model: \"|Layer \((?:type|name)|Total params:|Output Shape\b|[_=-]{20,}$|[┏┡├└┌╒│┃]",
        "this is a printed model summary, which shows a net's result but not how it is built",
        "strides and padding cannot be seen in it; " + BY_HAND,
    ),
    _kind(
        "pasted-python",
        r"import\s+\w+|from\s+[\w.]+\s+import\b|def\s+\w+\s*\(|class\s+\w+.*:$|(?:model|net)(?:\s*=|\.(?!add\()\w+\()"
        r"|(?:\w+\s*=\s*)?(?:self\.\w+\(|models\.\w+|super\()|.*\bSequential\(|.*\w\($|return\s|>>> ",
        "this is Python code, not a text in cnncalc's own language",
        _CONVERTED,
    ),
    _kind(
        "pasted-darknet",
        r"\[(?:net|network|convolutional|maxpool|avgpool|route|shortcut|upsample|yolo|region|connected|dropout|softmax)\]$",
        "this is a Darknet configuration, not a text in cnncalc's own language",
        _CONVERTED,
    ),
    _kind(
        "pasted-prototxt",
        r"layers?\s*\{|input_dim:|name:\s*\"[^\"]*\"$",
        "this is a Caffe prototxt, not a text in cnncalc's own language",
        _CONVERTED,
    ),
    _kind(
        "pasted-keras-json",
        _JSON_WITH % "class_name",
        "this is the configuration of a Keras model, not a text in cnncalc's own language",
        _CONVERTED,
        "text",
    ),
    _kind(
        "pasted-json",
        r"[{\[]",
        "this is JSON",
        'JSON is read only as cnncalc writes it, beginning with {"cnncalc_model": 1; ' + BY_HAND,
        "first line",
    ),
    _kind(
        "pasted-yaml",
        r"---$|-\s+(?:\[|\w+:(?:\s|$))|(?:layers|backbone|head|model|network|architecture):$",
        "this is YAML",
        "this notation is not read; " + BY_HAND,
    ),
    _kind(
        "pasted-html",
        r"<(?:!doctype|html|\?xml|svg)",
        "this is a web page, not a model",
        "save the model as plain text; " + BY_HAND,
        "first line",
    ),
)
