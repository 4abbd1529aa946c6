"""Numbers that a net states, written into its program: fixed filters, and weights that begin at given values.

A fixed filter is a buffer of a small class of ours; stated weights are parameters of PyTorch's own layers.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.dialects.torch.writing.torch_saying import Place, Said
from cnncalc.dialects.written_code.literal_numbers import literals_of
from cnncalc.dialects.written_code.pieces import Argument, Made, Value
from cnncalc.layers.base import Weight

_WITH_WEIGHTS = ("nn.Conv", "nn.Linear")
_OF_FILTERS = frozenset(("stride", "padding", "output_padding", "dilation"))


def with_fixed_filters(place: Place, said: Said) -> Said:
    """The convolution of each channel by itself as one whose filters are no parameters."""
    (weight,) = place.layer.weights(place.shapes)
    filters = literals_of(weight)
    if filters is None:
        return said
    channels = Argument("", place.shape.channels, name="channels")

    def fixed(made: Made) -> Made:
        kept = (one for one in made.arguments if one.keyword in _OF_FILTERS)
        callee = made.callee.replace("nn.", "Fixed")
        return Made(callee, (channels, Argument("", filters, name="filters"), *kept))

    return _each(said, fixed)


def with_stated_weights(place: Place, said: Said) -> Said:
    """The layer with the weights at which the net says that it begins."""
    layer = place.layer
    if not {"weights_given", "bias_given"} & vars(layer).keys() or place.node.shares is not None:
        return said
    weights = layer.weights(place.shapes)
    given: list[tuple[str, Value]] = [(one.name, literals_of(one, _stored(place, one))) for one in weights]
    stated = tuple(Argument(name, values) for name, values in given if values is not None)
    return _each(said, lambda made: Made("stated", (Argument("", made), *stated))) if stated else said


def _stored(place: Place, weight: Weight) -> tuple[int, ...]:
    """The sizes that PyTorch has for it: a depthwise convolution has a filter of one channel for each result."""
    is_depthwise = place.layer.word == "dwconv" and weight.name == "weight"
    return (place.output.channels, 1, *weight.shape[-place.rank :]) if is_depthwise else weight.shape


def _each(said: Said, change: Callable[[Made], Made]) -> Said:
    """What is said with its layer that has weights changed."""

    def changed(made: Made) -> Made:
        return change(made) if made.callee.startswith(_WITH_WEIGHTS) else made

    return said._replace(made=tuple(map(changed, said.made)), chained=tuple(map(changed, said.chained)))
