"""What `net.roofline(...)` gives in Python: times as exact numbers, the table as a text, and the chart."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.roofline import LineTime, Roofline
from cnncalc.pictures.drawn_picture import DrawnPicture
from cnncalc.pictures.net_drawing import roofline_drawing
from cnncalc.report.printed_answers import PrintedTable
from cnncalc.report.roofline_report import roofline_sheet
from cnncalc.report.sheet import Sheet


@dataclass(frozen=True, repr=False)
class RooflineAnswer(PrintedTable):
    """The least times of a net on a machine, exact fractions of a second."""

    analysis: Analysis
    roofline: Roofline

    @property
    def lines(self) -> tuple[LineTime, ...]:
        """Line by line: FLOPs, bytes, seconds, and what bounds it."""
        return self.roofline.lines

    @property
    def seconds(self) -> Fraction:
        """The least time of all lines for the whole batch."""
        return self.roofline.total.seconds

    @property
    def images_per_second(self) -> Fraction | None:
        """The most images in a second; None where nothing takes time."""
        return self.roofline.images_per_second

    @property
    def ridge(self) -> Fraction:
        """FLOPs a byte from which on arithmetic is the bound."""
        return self.roofline.machine.ridge

    def chart(self, width: str | None = None, *, theme: str = "light") -> DrawnPicture:
        """The roofline with every line on it, as `cnncalc roofline` draws it.  Raises InputError."""
        return DrawnPicture(roofline_drawing(self.analysis, self.roofline, width), theme, self._inputs)

    @property
    def _inputs(self) -> list[str]:
        source = self.analysis.graph.source
        return [source.file or source.name]

    def __repr__(self) -> str:
        return f"<cnncalc roofline: at least {float(self.seconds):.3g} s for {self.roofline.batch} images>"

    def _sheet(self) -> Sheet:
        return roofline_sheet(self.analysis, self.roofline)
