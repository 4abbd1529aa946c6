"""The shape of an array as Python has it, a tuple of whole numbers, whose axes have names too."""

from __future__ import annotations

from cnncalc.geometry import Order, Shape


class NamedShape(tuple[int, ...]):
    """The sizes of the axes of one image or map, in the net's own order, without the batch.

    It is a tuple, so that `numpy.zeros(net.input)` takes it.  A vector, as `flatten` gives it, has `channels` alone: it
    has no attribute `height`.

    >>> shape = NamedShape.of(Shape(6, (28, 30)), "channels_last")
    >>> shape, str(shape), shape.height, shape.width, shape.channels, shape.size
    ((28, 30, 6), '28x30x6', 28, 30, 6, 5040)
    >>> shape == (28, 30, 6), hasattr(NamedShape.of(Shape(120), "channels_last"), "height")
    (True, False)
    """

    _shape: Shape

    @classmethod
    def of(cls, shape: Shape, order: Order) -> NamedShape:
        """The sizes of a shape in that order."""
        found = cls(shape.sizes(order))
        found._shape = shape
        return found

    @property
    def channels(self) -> int:
        """How many maps there are; of a vector, how many numbers."""
        return self._shape.channels

    @property
    def width(self) -> int:
        """Columns; of a signal its length."""
        return self._axis(-1, "width")

    @property
    def height(self) -> int:
        """Rows."""
        return self._axis(-2, "height")

    @property
    def depth(self) -> int:
        """The slices of a volume."""
        return self._axis(-3, "depth")

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return self._shape.elements

    def _axis(self, place: int, name: str) -> int:
        if self._shape.rank < -place:
            raise AttributeError(f"a shape of {self} has no {name}")
        return self._shape.spatial[place]

    def __reduce__(self) -> tuple[object, ...]:
        order: Order = "channels_last" if tuple(self) == self._shape.sizes() else "channels_first"
        return NamedShape.of, (self._shape, order)

    def __str__(self) -> str:
        return "x".join(map(str, self))
