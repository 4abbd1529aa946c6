"""Drawings of nets, charts, maps and cells, and the page that has them all."""
