"""Every column of a printed table is added up again and held against the printed total."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import ChosenColumns
from cnncalc.report.layout import GAP, drawn, fitted
from cnncalc.report.ranking import Ranking
from cnncalc.report.sheet import Sheet, text_of
from cnncalc.report.summary import Choices, summary_sheet

from .nets import NAMES, ODD, analysis_of, analysis_of_text

ADDING = ("params", "buffers", "total_params", "macs", "flops", "connections")
COLUMNS = ChosenColumns(("layer", *ADDING), frozenset(ADDING))
VARIANTS = {
    "folded rows": Choices(COLUMNS),
    "all rows": Choices(COLUMNS, every_copy=True),
    "folded operations": Choices(COLUMNS, expand=True),
    "all operations": Choices(COLUMNS, expand=True, every_copy=True),
    "blocks": Choices(COLUMNS, depth=0),
    "half-open blocks": Choices(COLUMNS, depth=1),
    "the largest": Choices(COLUMNS, ranking=Ranking("params", 3)),
    "the largest operations": Choices(COLUMNS, ranking=Ranking("macs", 5), expand=True),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", NAMES)
def test_printed_lines_times_their_copies_add_up_to_the_printed_totals(name: str, variant: str) -> None:
    rows, totals = printed_numbers(summary_sheet(analysis_of(name), VARIANTS[variant]))
    assert [sum(column) for column in zip(*rows, strict=True)] == totals


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", ODD)
def test_odd_nets_add_up_too(name: str, variant: str) -> None:
    rows, totals = printed_numbers(summary_sheet(analysis_of_text(ODD[name]), VARIANTS[variant]))
    assert [sum(column) for column in zip(*rows, strict=True)] == totals


def printed_numbers(sheet: Sheet) -> tuple[list[list[int]], list[int]]:
    """The numbers of every line as drawn, times its copies and those of the blocks around it, and of the total.

    A header has its numbers in brackets: they are held against the lines below it.
    """
    lines = drawn(sheet, Canvas()).split("\n")
    _, widths = fitted(sheet, None)
    begin = sum(widths[: -len(ADDING)]) + len(GAP) * (len(widths) - len(ADDING)) - 1
    first, second = [n for n, line in enumerate(lines) if line.startswith("─")]
    found: list[list[int]] = []
    around: list[Header] = []
    for line in lines[first + 1 : second]:
        text, shown = line[:begin].rstrip(), line[begin:]
        indent = len(re.match("[ ├│✓✗?]*", text)[0])  # type: ignore[index]
        while around and text[around[-1].indent :][:2] != "  ":  # a branch beside it has its sign there
            around.pop().hold()
        copies = re.search(r" ×(\d+)$", text)
        factor = (int(copies[1]) if copies else 1) * (around[-1].factor if around else 1)
        if "(" in shown:
            around.append(Header(indent, factor, numbers(shown.replace("(", " ").replace(")", " ")), around[-1:]))
        elif shown.strip():
            found.append([number * factor for number in numbers(shown)])
            for header in around:
                header.add(found[-1])
    for header in reversed(around):
        header.hold()
    return found, numbers(lines[second + 1][begin:])


class Header:
    """The sums that a header claims, for its copies alone, and those of the lines below it."""

    def __init__(self, indent: int, factor: int, claimed: list[int], outer: list[Header]) -> None:
        self.indent = indent
        self.factor = factor
        self.claimed = [number * (outer[0].factor if outer else 1) for number in claimed]
        self.below = [0] * len(claimed)

    def add(self, line: list[int]) -> None:
        self.below = [a + b for a, b in zip(self.below, line, strict=True)]

    def hold(self) -> None:
        assert self.below == self.claimed


def numbers(text: str) -> list[int]:
    found = [int(word.replace(",", "")) for word in text.split()]
    assert len(found) == len(ADDING)
    return found


STATEMENTS = st.recursive(
    st.sampled_from(["conv 4 3x3 same", "conv 4 1x1 bn relu", "relu", "none", "one", "two", "conv 4 1x1 times 2"]),
    lambda inner: st.one_of(
        st.builds(
            "repeat {}\n{}\nend".format, st.integers(1, 4), st.lists(inner, min_size=1, max_size=3).map("\n".join)
        ),
        st.builds("{} times {}".format, st.sampled_from(["none", "one", "two"]), st.integers(1, 4)),
        st.lists(st.lists(inner, max_size=2), min_size=2, max_size=4).map(
            lambda branches: "split\n" + "".join("\n".join(["branch", *branch, ""]) for branch in branches) + "join add"
        ),
    ),
    max_leaves=12,
)
BLOCKS = (
    "block none\nend\nblock one\n  conv 4 3x3 same\n  relu\nend\n"
    "block two\n  split\n  branch\n    one\n    one times 2\n  branch\n  join add\n  conv 4 1x1 times 3\nend\n"
)


@settings(deadline=None, max_examples=100)
@given(st.lists(STATEMENTS, min_size=1, max_size=5), st.sampled_from(sorted(VARIANTS)))
def test_whatever_is_repeated_the_sums_hold(statements: list[str], variant: str) -> None:
    analysis = analysis_of_text("\n".join([f"{BLOCKS}input 6x6x4", *statements, ""]))
    rows, totals = printed_numbers(summary_sheet(analysis, VARIANTS[variant]))
    assert [sum(column) for column in zip(*rows, strict=True)] == totals


def test_the_adding_up_notices_a_line_that_is_missing() -> None:
    sheet = summary_sheet(analysis_of("lenet5"), Choices(COLUMNS))
    rows, totals = printed_numbers(sheet._replace(lines=sheet.lines[:-1]))
    assert [sum(column) for column in zip(*rows, strict=True)] != totals


def test_the_adding_up_notices_copies_that_are_not_said() -> None:
    sheet = summary_sheet(analysis_of("resnet50"), Choices(COLUMNS))
    silent = tuple(line._replace(cells=(line.cells[0]._replace(tail=""), *line.cells[1:])) for line in sheet.lines)
    with pytest.raises(AssertionError):
        printed_numbers(sheet._replace(lines=silent))


def test_the_totals_of_well_known_nets_are_printed() -> None:
    """The figures are the papers' and torchvision's; see design of the counting."""
    expected = {"lenet5": ("61,706", "416,520"), "resnet50": ("25,557,032", "4,089,184,256")}
    expected |= {"lenet5-1998": ("60,000", "325,680"), "vgg16": ("138,357,544", "15,470,264,320")}
    for name, (params, macs) in expected.items():
        total = summary_sheet(analysis_of(name)).totals[0]
        assert {params, macs} <= {text_of(cell) for cell in total.cells}
