"""Notations a net can be written in; each module has `write(graph) -> str`.

Our own notation is what they have in common: another one is put into its words and then read as a text is, with faults
at their places in what was read.  A dialect knows layers and graphs, no totals, and no other dialect.
"""

from __future__ import annotations

NOTATIONS: dict[str, str] = {"spec": "native", "json": "json_model"}
"""The name of a notation -> its module here."""
