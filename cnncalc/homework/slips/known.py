"""Every slip that has a name, each once, in the order in which they are listed and tried."""

from __future__ import annotations

from cnncalc.homework.slips.edits import Slip
from cnncalc.homework.slips.on_counts import ANOTHER_QUANTITY, COPY_SLIPS, COUNT_SLIPS
from cnncalc.homework.slips.on_fields import FIELD_SLIPS
from cnncalc.homework.slips.on_kinds import KIND_SLIPS
from cnncalc.homework.slips.on_nets import NET_SLIPS
from cnncalc.homework.slips.on_sizes import SIZE_SLIPS
from cnncalc.homework.slips.on_values import VALUE_SLIPS
from cnncalc.homework.slips.on_weights import WEIGHT_SLIPS

LAYER_SLIPS: tuple[Slip, ...] = (*WEIGHT_SLIPS, *SIZE_SLIPS, *KIND_SLIPS)
"""Every slip that is made on one line by asking its layer differently."""

SLIPS: tuple[Slip, ...] = (
    *(*LAYER_SLIPS, *COUNT_SLIPS, *COPY_SLIPS, ANOTHER_QUANTITY),
    *(*VALUE_SLIPS, *FIELD_SLIPS, *NET_SLIPS),
)
"""Every slip."""

HINTS: dict[str, str] = {slip.name: slip.hint for slip in SLIPS}

SLIP_NAMED: dict[str, Slip] = {slip.name: slip for slip in SLIPS}
