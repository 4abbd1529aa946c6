"""Running a net from Python: on arrays, on pictures, with weights of a file or drawn at random."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cnncalc.diagnostics.python_words import python_words
from cnncalc.library.net_numbers import NetNumbers
from cnncalc.library.read_net import file_name, refuse_whole

if TYPE_CHECKING:
    from cnncalc.library.array_types import File, Given, Outputs
    from cnncalc.library.net_session import Session
    from cnncalc.pictures.maps.run_maps import RunMaps
    from cnncalc.pictures.maps.why_answer import WhyAnswer
    from cnncalc.runtime.array_runs import ArrayRuns
    from cnncalc.runtime.prepared_runs import PreparedRuns


class NetRuns(NetNumbers):
    """What a net makes of arrays and pictures."""

    @python_words()
    def prepare(
        self,
        weights: File | None = None,
        seed: int | None = None,
        threads: int | None = None,
        batch: int | None = None,
        labels: File | None = None,
    ) -> Session:
        """The net made ready to run again and again: weights read or drawn, packed, the engine compiled and checked.

        `weights` is a file; without it those that ship with the net or are in its file, else they are drawn at random
        from `seed` (0).  `threads` is how many a run may use (None: one for each core), `batch` how many images are run
        at once (None: all that come), `labels` a file with the names of the classes.  Raises InputError.

        >>> import cnncalc
        >>> session = cnncalc.load("mnist-convnet").prepare(batch=1)
        >>> session.run([[0.0] * 28] * 28).shape
        (1, 10)
        """
        from cnncalc.library.net_session import Session
        from cnncalc.runtime.array_runs import loaded_weights
        from cnncalc.runtime.prepared_runs import PreparedRuns
        from cnncalc.stated_numbers import refuse_batch

        refuse_whole("seed", seed)
        refuse_whole("threads", threads)
        if batch is not None:
            refuse_batch(batch)
        names = self._class_names(file_name("labels", labels))
        loaded = loaded_weights(self.analysis, self._weights_file(weights, seed), seed or 0)
        runs = PreparedRuns(self.analysis, loaded, threads)
        runs.prepare(batch or 1)
        return Session(runs, self.layers, names, batch)

    @python_words()
    def run(self, array: Given | None = None, weights: File | None = None, seed: int | None = None) -> Outputs:
        """The net's output for an array of one image in the net's order, or of several with a batch axis in front.

        Weights come from a file, or are those that ship with the net, or are drawn at random (from `seed`, 0 without).
        The outputs have the same order and a batch axis; one output is one array, several are a tuple.  A net with
        several inputs takes a dict of arrays, each under its input's name.  The file of a picture is taken too, or a
        list of such files.  No array is needed where the text states the input.

        The first run with these weights and so many images is checked: where the engine and the readable kernels differ
        on the first image, a RuntimeWarning says so and the results are the readable kernels'.  The weights stay in
        memory for the next run, with what is ready for the last few numbers of images.

        >>> import cnncalc
        >>> net = cnncalc.load("input 2x2x1; conv 1 2x2 bias=[1] weights=[1 2; 3 4]")
        >>> net.run([[1, 0], [0, 1]]).tolist()
        [[[[6.0]]]]
        """
        from cnncalc.library.net_session import Session

        return Session(self._prepared(weights, seed), self.layers).run(array)

    @python_words()
    def maps(self, image: Given | None = None, weights: File | None = None, seed: int | None = None) -> RunMaps:
        """What every layer makes of an image, as pictures, and the filters of the first convolution.

        `image` is the name of a file, or an array as for `run`; of several images the first is shown.  A notebook shows
        the result; `.names` are the lines with maps, `maps["conv1"]` is the picture of one (a Pillow image), and
        `.save("maps")` writes all to a folder.
        """
        from cnncalc.library.given_inputs import given_inputs, picture_files
        from cnncalc.pictures.maps.run_maps import run_maps

        inputs = given_inputs(self.analysis, image)
        return run_maps(self.analysis, self._prepared(weights, seed).weights, inputs, *picture_files(image)[:1])

    @python_words()
    def why(
        self,
        image: Given | None = None,
        of: int | str | None = None,
        weights: File | None = None,
        seed: int | None = None,
        labels: File | None = None,
    ) -> WhyAnswer:
        """Which places of an image a class depends on: one part after the other is hidden, and the net run again.

        `image` is the name of a file, or an array as for `run`; `of` is the number of a class, or its name; without it
        the class with the highest score.  Names are those that ship with the net or are in its file, or of a file
        `labels`.  A notebook shows the map; `.scores`, `.text` and `.save("why.png")` are its numbers, words and file.
        """
        from cnncalc.library.given_inputs import given_inputs, picture_files
        from cnncalc.pictures.maps.explained_class import explained_class
        from cnncalc.pictures.maps.run_maps import own_preprocessing
        from cnncalc.pictures.maps.why_answer import WhyAnswer
        from cnncalc.pictures.maps.why_map import why_map

        names = self._class_names(file_name("labels", labels))
        asked = explained_class(self.analysis, None if of is None else str(of), names)
        inputs, files = given_inputs(self.analysis, image), picture_files(image)
        preprocessing = own_preprocessing(self.analysis) if files else None
        runs = self._prepared(weights, seed)
        exact = runs.run(inputs)
        found = why_map(self.analysis, runs.weights, inputs, asked, exact, labels=names, preprocessing=preprocessing)
        return WhyAnswer(self.analysis, inputs, found._replace(image="".join(files[:1])), preprocessing)

    def _prepared(self, weights: File | None, seed: int | None) -> PreparedRuns:
        """What is ready with these weights, or is made so.  Raises InputError."""
        refuse_whole("seed", seed)
        return self._runs.prepared(self._weights_file(weights, seed), seed or 0)

    def _class_names(self, labels: str | None) -> tuple[str, ...]:
        """Those of a file, else those that ship with the net or are in its own file."""
        from cnncalc.runtime.class_names import class_names

        return class_names(self.analysis, self.graph.source.name, labels, changed=self._is_changed)

    def _weights_file(self, weights: File | None, seed: int | None) -> str | None:
        """The file that was given, else that which ships with the net; None: they are drawn from the seed."""
        from cnncalc.sources import companion

        if weights is None and seed is None:
            return self.graph.weights_in or companion(self.graph.source.name, ".safetensors")
        file = file_name("weights", weights)
        if file is not None and seed is not None:
            from cnncalc.diagnostics import input_error

            message = f"weights are read from a file, and drawn from the seed {seed} as well"
            raise input_error("wrong-value", message, help="leave weights out, or seed")
        return file

    @cached_property
    def _runs(self) -> ArrayRuns:
        from cnncalc.runtime.array_runs import ArrayRuns

        return ArrayRuns(self.analysis)
