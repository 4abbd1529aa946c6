"""Every column of a printed table is added up again and held against the printed total."""

from __future__ import annotations

import pytest

from cnncalc.report.columns import ChosenColumns
from cnncalc.report.layout import GAP, Canvas, drawn, fitted
from cnncalc.report.sheet import Sheet, text_of
from cnncalc.report.summary import Choices, summary_sheet

from .nets import NAMES, analysis_of

ADDING = ("params", "buffers", "total_params", "macs", "flops", "connections")
COLUMNS = ChosenColumns(("layer", *ADDING), frozenset(ADDING))
VARIANTS = {
    "rows": Choices(COLUMNS),
    "operations": Choices(COLUMNS, expand=True),
    "blocks": Choices(COLUMNS, depth=0),
    "half-open blocks": Choices(COLUMNS, depth=1),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", NAMES)
def test_printed_columns_add_up_to_the_printed_totals(name: str, variant: str) -> None:
    rows, totals = printed_numbers(summary_sheet(analysis_of(name), VARIANTS[variant]))
    assert [sum(column) for column in zip(*rows, strict=True)] == totals


def printed_numbers(sheet: Sheet) -> tuple[list[list[int]], list[int]]:
    """The numbers of every line as drawn, and those of the total; the header above a block has none."""
    lines = drawn(sheet, Canvas()).split("\n")
    _, widths = fitted(sheet, None)
    begin = sum(widths[: -len(ADDING)]) + len(GAP) * (len(widths) - len(ADDING))
    first, second = [n for n, line in enumerate(lines) if line.startswith("─")]
    layers = (line for line in lines[first + 1 : second] if line[begin:].strip() and "(" not in line[begin - 1 :])
    found = [numbers(line[begin:]) for line in layers]
    return found, numbers(lines[second + 1][begin:])


def numbers(text: str) -> list[int]:
    found = [int(word.replace(",", "")) for word in text.split()]
    assert len(found) == len(ADDING)
    return found


def test_the_adding_up_notices_a_line_that_is_missing() -> None:
    sheet = summary_sheet(analysis_of("lenet5"), Choices(COLUMNS))
    rows, totals = printed_numbers(sheet._replace(lines=sheet.lines[:-1]))
    assert [sum(column) for column in zip(*rows, strict=True)] != totals


def test_the_totals_of_well_known_nets_are_printed() -> None:
    """The figures are the papers' and torchvision's; see design of the counting."""
    expected = {"lenet5": ("61,706", "416,520"), "resnet50": ("25,557,032", "4,089,184,256")}
    expected |= {"lenet5-1998": ("60,000", "325,680"), "vgg16": ("138,357,544", "15,470,264,320")}
    for name, (params, macs) in expected.items():
        total = summary_sheet(analysis_of(name)).totals[0]
        assert {params, macs} <= {text_of(cell) for cell in total.cells}
