"""The table of `summary --format darknet`, line by line as Darknet prints it.

The tables in darknet_tables/ are what Darknet f6afaab (pjreddie), compiled with gcc for the CPU, printed for its own
files of these names and for every-section.cfg beside them, without its lines on options that are not written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked
from cnncalc.report.darknet_table import darknet_table
from cnncalc.sources import find

from .cfg_nets import PUBLISHED

TABLES = Path(__file__).parent / "darknet_tables"


def printed(name: str) -> str:
    return (TABLES / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_cfg_has_the_lines_that_darknet_prints(name: str) -> None:
    assert darknet_table(analyse(checked(Source("net.cfg", PUBLISHED[name])))) == printed(name)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_shipped_text_has_the_lines_of_darknets_own_file(name: str) -> None:
    assert darknet_table(analyse(checked(find(name)))) == printed(name)


def test_every_kind_of_section_has_its_line() -> None:
    graph = checked(find(str(TABLES / "every-section.cfg")))
    assert darknet_table(analyse(graph)) == printed("every-section")


def test_a_net_that_darknet_cannot_say_has_no_table() -> None:
    with pytest.raises(InputError, match="Darknet cannot say this `avgpool`"):
        darknet_table(analyse(checked(Source("net.txt", "input 8x8x1\navgpool 2x2"))))
