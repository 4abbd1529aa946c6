"""Products of matrices by their definition: a row for each place of the last axis, a column for each channel."""

from __future__ import annotations

from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, sizes_of, volume


def matmul(step: Step) -> Volume:
    """Row i times column j, for every matrix of the axes in front; one that is alone meets all."""
    left, right = step.inputs
    turned = step.numbers["transpose"]
    columns = sizes_of(right)[2] if turned else len(right)
    depth, height = (max(a, b) for a, b in zip(sizes_of(left)[:2], sizes_of(right)[:2], strict=True))

    def value(j: int, place: Place) -> Number:
        row = [plane[place[0] % len(plane)][place[1] % len(plane[0])][place[2]] for plane in left]
        if turned:
            column = [plane[place[0] % len(plane)][place[1] % len(plane[0])][j] for plane in right]
        else:
            column = list(right[j][place[0] % len(right[j])][place[1] % len(right[j][0])])
        return sum(a * b for a, b in zip(row, column, strict=True))

    return volume(columns, (depth, height, sizes_of(left)[2]), value)
