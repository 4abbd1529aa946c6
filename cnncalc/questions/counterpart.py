"""Of which sizes a convolution with the numbers of a transposed one makes what arrives there."""

from __future__ import annotations

from cnncalc.geometry import Padding, Shape
from cnncalc.layers.base import Layer
from cnncalc.layers.conv import Conv
from cnncalc.layers.upconv import Transposed
from cnncalc.questions.layer_search import Range, made_by, sizes_that_give


def undone_sizes(layer: Layer, arriving: Shape) -> dict[str, Range]:
    """For each axis the sizes of which the convolution makes what arrives at a transposed one; none for other layers.

    >>> from cnncalc.layers.upconv import UpConv
    >>> undone_sizes(UpConv(filters=1, kernel_size=(11,), stride=(3,)), Shape(1, (80,)))
    {'width': (248, 250)}
    """
    found: dict[str, Range] = {}
    for axis in layer.axes(arriving) if isinstance(layer, Transposed) else ():
        conv = Conv(
            filters=1,
            kernel_size=(axis.kernel,),
            stride=(axis.stride,),
            padding=Padding("explicit", ((axis.before, axis.after),)),
            dilation=(axis.dilation,),
        )
        sizes = sizes_that_give(made_by(conv, 1), axis.size)
        if sizes is not None:
            found[axis.name] = sizes
    return found
