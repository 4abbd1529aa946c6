"""Notations a net can be read from and written in; each module has `read(source) -> Graph` and `write(graph) -> str`.

A dialect knows layers and graphs, no totals, and no other dialect: conversion is read, then write.
"""

from __future__ import annotations

NOTATIONS: dict[str, str] = {"spec": "native", "json": "json_model"}
"""The name of a notation -> its module here."""
