"""Diagrams for other programs: Mermaid and DOT."""
