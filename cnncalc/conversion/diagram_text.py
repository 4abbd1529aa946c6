"""A net as a diagram in words: Mermaid's or Graphviz', which others draw."""

from __future__ import annotations

from importlib import import_module

from cnncalc.analysis.model import Analysis


def diagram(analysis: Analysis, name: str) -> str:
    """The net as a diagram in the words of Mermaid or Graphviz."""
    text: str = getattr(import_module(f"cnncalc.pictures.diagrams.{name}"), f"{name}_text")(analysis)
    return text
