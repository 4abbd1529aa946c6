"""Attention: each place of a map is a mean of all places, weighed by how well its question fits their answers."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape, Window
from cnncalc.layers.backward import Kept
from cnncalc.layers.base import (
    ChannelSight,
    Cost,
    Formula,
    KernelCall,
    Layer,
    Weight,
    flag,
    learned,
    option,
    product,
    unchanged,
    with_bias,
)


@dataclass(frozen=True, kw_only=True)
class Attention(Layer):
    """Weighs all places of a map for each place, in `heads` ways at once: `attention heads=12`.

    `attention q kv heads=8` asks with the places of q and reads those of kv; `attention q k v heads=8` names all three.
    A head has `key` numbers for its questions and keys and `value` for its values, C / heads unless written; with
    `causal` a place reads only itself and those before it.
    Output: as the first line.  Weights: for questions, keys and values (C + 1) * heads * key (the last: value), and
    (heads * value + 1) * C for the output; the 1 is the bias.
    MACs for n places that read m: those of the four dense layers at every place, and n * m * (key + value) a head.
    Other work: the softmax over m for each place and head, a multiply for each number of a question.

    >>> layer, shape = Attention(heads=12), Shape(768, (197,))
    >>> sum(weight.count for weight in layer.weights((shape,))), layer.cost((shape,)).macs
    (2362368, 524391936)

    Source: Vaswani et al. 2017; PyTorch's MultiheadAttention, Keras' MultiHeadAttention (key_dim, value_dim).
    """

    word: ClassVar[str] = "attention"
    largest_inputs: ClassVar[int] = 3
    heads: int = option("count", 1, "how many ways of weighing at once", also=("num_heads",))
    key: int | None = option("count", None, "numbers of a head's questions and keys", also=("key_dim",))
    value: int | None = option("count", None, "numbers of a head's values; as many as its keys", also=("value_dim",))
    bias: bool = flag(True, "add a learned number to each result of the four dense layers", bias=True, nobias=False)
    causal: bool = flag(False, "a place reads only itself and those before it", causal=True)

    def sources(self, inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
        """The shapes of questions, keys and values; refuses keys and values of different numbers of places."""
        query, keys, values = inputs[0], inputs[min(1, len(inputs) - 1)], inputs[-1]
        if keys.spatial != values.spatial:
            raise Refusal(
                "shapes-differ",
                f"attention cannot weigh {values.text()} by keys of {keys.text()}",
                "input",
                label=f"{keys.text()} and {values.text()} meet here",
                notes=("each key belongs to one value, so both have the same places",),
                help="name lines with equal maps as keys and values",
            )
        return query, keys, values

    def sizes(self, query: Shape) -> tuple[int, int]:
        """The numbers of a head's keys and of its values."""
        if self.key is None and query.channels % self.heads:
            raise Refusal(
                "groups-do-not-divide",
                f"{query.channels} channels cannot be split into {self.heads} equal heads",
                "heads",
                notes=(
                    (
                        f"{query.channels} / {self.heads} = {query.channels // self.heads}, "
                        f"remainder {query.channels % self.heads}"
                    ),
                ),
                help="choose heads that divide the channels, or write `key=` for the numbers of a head",
            )
        key = query.channels // self.heads if self.key is None else self.key
        return key, key if self.value is None else self.value

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        self.sources(inputs)
        self.sizes(inputs[0])
        return inputs[0]

    def projections(self, inputs: tuple[Shape, ...]) -> tuple[tuple[str, int, int], ...]:
        """The dense layers: their names, the numbers they read and those they make."""
        query, keys, values = self.sources(inputs)
        key, value = (self.heads * size for size in self.sizes(query))
        return (
            ("q", query.channels, key),
            ("k", keys.channels, key),
            ("v", values.channels, value),
            ("out", value, query.channels),
        )

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        """As PyTorch keeps them: one array for questions, keys and values that read as many channels, else three."""
        *reading, (_, value, made) = self.projections(inputs)
        whole = sum(size for _, _, size in reading)
        if len({channels for _, channels, _ in reading}) == 1:
            found = [_dense("in_proj_weight", whole, reading[0][1])]
        else:
            found = [_dense(f"{name}_proj_weight", size, channels) for name, channels, size in reading]
        if self.bias:
            found.append(Weight("in_proj_bias", (("results", whole),), initial="zeros"))
        found.append(_dense("out_proj.weight", made, value))
        if self.bias:
            found.append(Weight("out_proj.bias", (("results", made),), initial="zeros"))
        return tuple(found)

    def places(self, inputs: tuple[Shape, ...]) -> tuple[int, int]:
        """How many places ask, and how many are read."""
        query, keys, _ = self.sources(inputs)
        return prod(query.spatial), prod(keys.spatial)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        asking, read = self.places(inputs)
        key, value = self.sizes(inputs[0])
        at = (asking, read, read, asking)
        dense = [
            (count, channels, made) for count, (_, channels, made) in zip(at, self.projections(inputs), strict=True)
        ]
        softmax = Cost(compare=read - 1, add=2 * read - 1, exp=read, divide=read) * (asking * self.heads)
        return softmax + Cost(
            macs=sum(map(prod, dense)) + asking * read * self.heads * (key + value),
            add=sum(count * made for count, _, made in dense) if self.bias else 0,
            multiply=asking * self.heads * key,
        )

    def windows(self, inputs: tuple[Shape, ...]) -> tuple[Window | None, ...]:
        everywhere: Window | None = "everywhere"
        return (everywhere,) if len(inputs) == 1 else (None, *(everywhere,) * (len(inputs) - 1))

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        asking, read = self.places(inputs)
        (key, value), dense = self.sizes(inputs[0]), self.projections(inputs)
        one = " + 1" if self.bias else ""
        params = " + ".join(product(with_bias(f"{channels:,}", self.bias), made) for _, channels, made in dense)
        at = (asking, read, read, asking)
        macs = [product(count, channels, made) for count, (_, channels, made) in zip(at, dense, strict=True)]
        symbols = "n * C_q * h * key + m * C_k * h * key + m * C_v * h * value + n * h * value * C_q"
        return (
            unchanged(inputs[0]),
            Formula(
                "params",
                f"(C_q{one}) * h * key + (C_k{one}) * h * key + (C_v{one}) * h * value + (h * value{one}) * C_q",
                params,
                learned(self.weights(inputs)),
            ),
            Formula(
                "macs",
                f"{symbols} + n * m * h * (key + value)",
                f"{' + '.join(macs)} + {product(asking, read, self.heads)} * ({key} + {value})",
                self.cost(inputs).macs,
            ),
        )

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """Its inputs; questions, keys, values, their weighted sums, and the weight of each place for each other."""
        asking, read = self.places(inputs)
        at = (asking, read, read)
        made = sum(count * size for count, (_, _, size) in zip(at, self.projections(inputs)[:3], strict=True))
        summed = asking * self.heads * self.sizes(inputs[0])[1]
        return Kept(inputs=True, numbers=made + summed + self.heads * asking * read)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        key, value = self.sizes(inputs[0])
        return KernelCall("attention", {"heads": self.heads, "key": key, "value": value, "causal": self.causal})


def _dense(name: str, made: int, channels: int) -> Weight:
    return Weight(name, (("results", made), ("channels", channels)), fan_in=channels)
