"""Running a net from Python: on arrays, on pictures, with weights of a file or drawn at random."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics.python_words import python_words
from cnncalc.library.read_net import ReadNet

if TYPE_CHECKING:
    from cnncalc.pictures.maps.run_maps import RunMaps
    from cnncalc.pictures.maps.why_answer import WhyAnswer
    from cnncalc.runtime.array_runs import ArrayRuns


class NetRuns(ReadNet):
    """What a net makes of arrays and pictures."""

    def run(self, array: Any = None, weights: str | os.PathLike[str] | None = None, seed: int | None = None) -> Any:
        """The net's outputs for an array of one image in the net's order, or of several with a batch axis in front.

        Weights come from a file, or are those that ship with the net, or are drawn at random (from `seed`, 0 without).
        The outputs have the same order and a batch axis; one output is one array, several are a tuple.  A net with
        several inputs takes a dict of arrays, each under its input's name.  No array is needed where the text states
        the input.

        The first run with these weights and so many images is checked: where the engine and the readable kernels differ
        on the first image, a RuntimeWarning says so and the results are the readable kernels'.  The weights stay in
        memory for the next run.
        """
        return self._runs.outputs(array, self._weights_file(weights, seed), seed or 0)

    def maps(
        self, image: Any = None, weights: str | os.PathLike[str] | None = None, seed: int | None = None
    ) -> RunMaps:
        """What every layer makes of an image, as pictures, and the filters of the first convolution.

        `image` is the name of a file, or an array as for `run`; of several images the first is shown.  A notebook shows
        the result; `.names` are the lines with maps, `maps["conv1"]` is the picture of one (a Pillow image), and
        `.save("maps")` writes all to a folder.
        """
        from cnncalc.pictures.maps.run_maps import picture_input, run_maps

        file = os.fspath(image) if isinstance(image, (str, os.PathLike)) else ""
        inputs = picture_input(self.analysis, file) if file else self._runs.volumes(image)
        loaded = self._runs.weights(self._weights_file(weights, seed), seed or 0)
        return run_maps(self.analysis, loaded, inputs, file)

    def why(
        self,
        image: Any = None,
        of: int | str | None = None,
        weights: str | os.PathLike[str] | None = None,
        seed: int | None = None,
        labels: str | os.PathLike[str] | None = None,
    ) -> WhyAnswer:
        """Which places of an image a class depends on: one part after the other is hidden, and the net run again.

        `image` is the name of a file, or an array as for `run`; `of` is the number of a class, or its name; without it
        the class with the highest score.  Names are those that ship with the net or are in its file, or of a file
        `labels`.  A notebook shows the map; `.scores`, `.text` and `.save("why.png")` are its numbers, words and file.
        """
        from cnncalc.pictures.maps.explained_class import explained_class
        from cnncalc.pictures.maps.run_maps import own_preprocessing, picture_input
        from cnncalc.pictures.maps.why_answer import WhyAnswer
        from cnncalc.pictures.maps.why_map import why_map

        names = self._class_names(None if labels is None else os.fspath(labels))
        with python_words():
            asked = explained_class(self.analysis, None if of is None else str(of), names)
        file = os.fspath(image) if isinstance(image, (str, os.PathLike)) else ""
        inputs = picture_input(self.analysis, file) if file else self._runs.volumes(image)
        preprocessing = own_preprocessing(self.analysis) if file else None
        loaded = self._runs.weights(self._weights_file(weights, seed), seed or 0)
        exact = self._runs.results(inputs, loaded)
        found = why_map(self.analysis, loaded, inputs, asked, exact, labels=names, preprocessing=preprocessing)
        return WhyAnswer(self.analysis, inputs, found._replace(image=file), preprocessing)

    def _class_names(self, labels: str | None) -> tuple[str, ...]:
        """Those of a file, else those that ship with the net or are in its own file."""
        from cnncalc.runtime.class_names import class_names

        changed = bool(self._settings) or self.graph.has_other_size
        return class_names(self.analysis, self.graph.source.name, labels, changed=changed)

    def _weights_file(self, weights: str | os.PathLike[str] | None, seed: int | None) -> str | None:
        """The file that was given, else that which ships with the net; None: they are drawn from the seed."""
        from cnncalc.sources import companion

        if weights is None and seed is None:
            return self.graph.weights_in or companion(self.graph.source.name, ".safetensors")
        return None if weights is None else os.fspath(weights)

    @cached_property
    def _runs(self) -> ArrayRuns:
        from cnncalc.runtime.array_runs import ArrayRuns

        return ArrayRuns(self.analysis)
