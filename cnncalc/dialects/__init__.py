"""Notations a net can be written in, and those that it can be read from.

Our own notation is what they have in common.  Each module of NOTATIONS has `write(graph) -> str`, each of READERS
`read(source, input_size, settings) -> (graph, faults)`; none is imported before it is needed.  A dialect knows layers
and graphs, no totals, and no other dialect.
"""

from __future__ import annotations

NOTATIONS: dict[str, str] = {
    "spec": "native",
    "json": "json_model",
    "darknet": "darknet.cfg_writer",
    "torch": "torch.writing.module_text",
    "keras": "keras.writing.model_text",
}
"""The name of a notation -> its module here."""

CODE = ("torch", "keras")
"""Those that are programs: their `write(graph, facts)` also takes lines that the program says of itself."""

READERS: dict[str, str] = {
    ".py": "programs",
    ".ipynb": "programs",
    "pasted-python": "programs",
    "pasted-notebook": "programs",
    "pasted-keras-json": "keras.config",
    "keras-saved": "keras.saved",
    "pasted-torch-print": "torch.printed",
    "pasted-summary": "printed_summary",
    "pasted-shorthand": "shorthand",
    "pasted-layer-list": "layer_list",
    "pasted-prototxt": "caffe",
    ".prototxt": "caffe",
    "onnx": "onnx.reading_graph",
    "pasted-darknet": "darknet.cfg_net",
    ".cfg": "darknet.cfg_net",
}
"""How a file's name ends, what `cnncalc.spec.notations` recognises in a text, or a `Source.notation` -> its reader."""
