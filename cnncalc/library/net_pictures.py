"""The pictures of a net from Python: its drawing, its charts, its page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnncalc.diagnostics.python_words import python_words
from cnncalc.library.net_runs import NetRuns
from cnncalc.library.read_net import file_name

if TYPE_CHECKING:
    from cnncalc.library.array_types import File, Given
    from cnncalc.pictures.drawn_picture import DrawnPicture
    from cnncalc.pictures.page.page_run import PageRun


class NetPictures(NetRuns):
    """What a net looks like."""

    @python_words(open="opened")
    def draw(
        self,
        width: str | None = None,
        *,
        theme: str = "light",
        image: File | None = None,
        opened: Sequence[str] = (),
        inside: bool = True,
    ) -> DrawnPicture:
        """The picture of the net, as `cnncalc draw` makes it; a notebook shows it, `.save("net.pdf")` writes it.

        `width` is how wide it is on paper (`"17cm"`), `theme` "light" or "dark", `image` the file of a photo to lay on
        the input; of the blocks in `opened` the layers are drawn out, and `inside=False` leaves the inside of blocks
        out.  Raises InputError.
        """
        from cnncalc.pictures.drawn_picture import DrawnPicture
        from cnncalc.pictures.net_drawing import net_drawing

        photo = file_name("image", image)
        blocks = tuple(map(str, opened)) if isinstance(opened, (list, tuple)) else (str(opened),)
        drawn = net_drawing(
            self.analysis, None if width is None else str(width), image=photo, opened=blocks, inside=inside
        )
        return DrawnPicture(drawn, theme, self._files(photo))

    @python_words()
    def chart(self, name: str, width: str | None = None, *, theme: str = "light") -> DrawnPicture:
        """A chart of the net, as `cnncalc draw MODEL --chart NAME` makes it: "memory", "params", "macs", "flops",
        "size", "connections", "buffers" or "rf".  Raises InputError.

        >>> import cnncalc
        >>> cnncalc.load("lenet5").chart("memory").scene.title
        'Memory while each layer runs: LeNet-5, the usual modern reading'
        """
        from cnncalc.pictures.drawn_picture import DrawnPicture
        from cnncalc.pictures.net_drawing import chart_drawing

        return DrawnPicture(
            chart_drawing(self.analysis, str(name), None if width is None else str(width)), theme, self._files()
        )

    @python_words()
    def report(
        self,
        path: File,
        image: Given | None = None,
        weights: File | None = None,
        seed: int | None = None,
        labels: File | None = None,
        *,
        force: bool = False,
    ) -> None:
        """Writes the net as one page, as `cnncalc report` does.

        With an `image`, the name of a file or an array as for `run`, the page shows what the net makes of it; `labels`
        is a file with the names of the classes.  Raises InputError, before the run where the file exists.
        """
        from cnncalc.destinations import refuse_destination, write_file
        from cnncalc.pictures.page.page_file import refuse_other_ending
        from cnncalc.pictures.page.page_html import is_page, page_html
        from cnncalc.report.answer_marks import own_findings

        file = os.fspath(image) if isinstance(image, (str, os.PathLike)) else None
        listed = file_name("labels", labels)
        name, inputs = os.fspath(path), self._files(file, file_name("weights", weights), listed)
        refuse_other_ending(name)
        refuse_destination(name, inputs=inputs, force=force, known=is_page)
        changed = self._is_changed or self.graph.cut is not None
        ran = self._page_run(image, file, weights, seed, listed)
        page = page_html(self.analysis, ran, () if changed else own_findings(self.analysis))
        write_file(name, page, inputs=inputs, force=force)

    def _page_run(
        self, image: Given | None, file: str | None, weights: File | None, seed: int | None, labels: str | None
    ) -> PageRun | None:
        """The run that a page shows; None where nothing goes in."""
        if image is None and any(n.is_input and getattr(n.layer, "data", None) is None for n in self.graph.nodes):
            from cnncalc.pictures.page.page_run import refuse_options_of_run

            refuse_options_of_run(weights=weights, seed=seed, labels=labels)
            return None
        from cnncalc.library.given_inputs import given_inputs
        from cnncalc.pictures.page.page_input import fed_numbers, fed_picture
        from cnncalc.pictures.page.page_maps import page_run

        fed = fed_picture(self.analysis, file) if file else fed_numbers(given_inputs(self.analysis, image))
        loaded = self._prepared(weights, seed).weights
        return page_run(self.analysis, loaded, fed, labels=self._class_names(labels))
