"""The weights of a net that was cut (`--until`) in a file of the whole net: the rest of its arrays are not needed.

How arrays are matched is not known here (`cnncalc.runtime.matching`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError
from cnncalc.graph.ir import Cut
from cnncalc.runtime.matching.match_records import Match


def match_of_part(analysis: Analysis, cut: Cut, matched: Callable[[Analysis], Match]) -> Match:
    """The match of the whole net for the weights of a part; a file of the part alone is read as well.

    Raises the InputError of the whole net where the file fits neither.
    """
    try:
        match = matched(analyse(cut.whole))
    except InputError as of_the_whole:
        try:
            return matched(analysis)
        except InputError:
            raise of_the_whole from None
    owned = [(node, cut.owners.get(node.node.name, node.node.name)) for node in analysis.nodes if node.lender is None]
    names = {f"{node.node.name}.{one.name}": f"{old}.{one.name}" for node, old in owned for one in node.weights}
    found = {name: match.found[old] for name, old in names.items() if old in match.found}
    stated = tuple(name for name, old in names.items() if old in match.stated)
    return replace(match, found=found, stated=stated, remarks=(), unused=())
