"""Sums over any lines of a net: what a table says of several lines at once is counted here."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.analysis.counting import NOTHING, Counts, added, figures
from cnncalc.analysis.liveness import is_view
from cnncalc.analysis.model import Analysis, Figures


def sum_of(several: Iterable[Figures]) -> Figures:
    """The sum of some figures; of none, zeros."""
    every = list(several)
    work, unknown = sum(one.work for one in every), sum(one.unknown_work for one in every)
    return figures(added([NOTHING, *map(_counts, every)]))._replace(work=work, unknown_work=unknown)


def sum_of_rows(analysis: Analysis, rows: Iterable[int]) -> Figures:
    """The sum over the rows with these indexes, as a block call's: a view (flatten) holds no memory of its own."""
    return sum_of(_held(analysis, row) for row in rows)


def _held(analysis: Analysis, row: int) -> Figures:
    own = analysis.rows[row].figures
    return own._replace(activation_size=0) if is_view(analysis.graph, analysis.rows[row].row) else own


def _counts(one: Figures) -> Counts:
    cost = one.cost
    work = (cost.macs, cost.add, cost.compare, cost.exp, cost.divide, cost.multiply)
    again = (one.frozen, one.torch_more, one.caffe_more, one.local_params, one.dense_params)
    sizes = (one.params, one.buffers, one.connections, one.activation_size)
    return (*sizes, *work, one.dense_connections, one.moved, *again)
