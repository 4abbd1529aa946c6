"""The kinds of exercises: what each asks for, easy, medium and hard, with numbers that fit on paper.

A kind draws lines of our language; whether they make a sane net is seen by analysing them, not here.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty
from cnncalc.homework.quiz.kinds.by_hand import cell, matrix
from cnncalc.homework.quiz.kinds.drafts import Draft
from cnncalc.homework.quiz.kinds.fields_of_view import receptive_field
from cnncalc.homework.quiz.kinds.layer_counts import depthwise, macs, memory, params, parts
from cnncalc.homework.quiz.kinds.map_sizes import dilation, exact, padding, sizes, total_padding, transposed
from cnncalc.homework.quiz.kinds.paper_tables import table

KINDS: dict[str, Callable[[Draws, Difficulty, int], Draft]] = {
    "sizes": sizes,
    "params": params,
    "macs": macs,
    "rf": receptive_field,
    "matrix": matrix,
    "padding": padding,
    "table": table,
    "memory": memory,
    "depthwise": depthwise,
    "transposed": transposed,
    "dilation": dilation,
    "parts": parts,
    "exact": exact,
    "total-padding": total_padding,
    "cell": cell,
}
"""What `--kinds` may name, in the order in which a quiz asks them."""
