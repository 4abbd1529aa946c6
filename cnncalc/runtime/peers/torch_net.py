"""A net of ours as a PyTorch module, with the very weights of our run.

Each operation is named by the layer's kernel call and built by `torch_operations`; the arrays are shared, not copied.
Maps are `[n, c, y, x]` (of a net with volumes `[n, c, z, y, x]`) and flat vectors `[n, c]`, as a PyTorch user has them.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.layers.base import Weight
from cnncalc.layers.input import Input
from cnncalc.runtime.peers.torch_operations import BUILDERS, Built, Call
from cnncalc.runtime.planning import SPATIAL
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]
Builders = Mapping[str, Callable[[Call], Built]]


class Operation(nn.Module):
    """One operation: a function of the inputs and of its own tensors."""

    def __init__(self, built: Built) -> None:
        super().__init__()
        self.function = built.function
        for name, tensor in built.tensors.items():
            self.register_buffer(name, tensor)

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.function(*inputs, **self._buffers)


class TorchNet(nn.Module):
    """The whole net: the inputs that the text does not state, in order, to its outputs, in order."""

    def __init__(self, analysis: Analysis, weights: Weights, builders: Builders = BUILDERS) -> None:
        super().__init__()
        self.axes = 3 if any(node.output.rank == 3 for node in analysis.nodes) else 2
        self.open_inputs = [node.node.index for node in analysis.nodes if _is_open(node)]
        self.reads = [node.node.inputs for node in analysis.nodes]
        self.outputs = analysis.graph.outputs
        self.dying = _dying(self.reads, self.outputs)
        self.operations = nn.ModuleList(
            Operation(_built(node, weights, self.axes, builders)) for node in analysis.nodes if not _is_open(node)
        )

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        operations = iter(self.operations)
        living: dict[int, Tensor] = dict(zip(self.open_inputs, inputs, strict=True))
        images = len(inputs[0]) if inputs else 1
        for index, reads in enumerate(self.reads):
            if index not in living:
                made = next(operations)(*[living[read] for read in reads])
                living[index] = made if reads else made.expand(images, *made.shape[1:])
            for dead in self.dying[index]:
                del living[dead]
        return tuple(living[output] for output in self.outputs)

    def tensors(self, inputs: Mapping[str, Array], analysis: Analysis) -> tuple[Tensor, ...]:
        """Our inputs `[n, c, z, y, x]` by name as the module takes them."""
        nodes = (analysis.nodes[index] for index in self.open_inputs)
        return tuple(_unlifted(inputs[node.node.name], node.output.rank, self.axes) for node in nodes)


def arrays(outputs: Sequence[Any]) -> list[Array]:
    """What came out, as `[n, c, z, y, x]`."""
    plain = (np.asarray(output) for output in outputs)
    return [output.reshape(*output.shape[:2], *(1,) * (5 - output.ndim), *output.shape[2:]) for output in plain]


def channels_last(net: TorchNet) -> TorchNet:
    """The net with its weights laid out as `[n, y, x, c]`; its inputs must be laid out so too."""
    net.to(memory_format=torch.channels_last_3d if net.axes == 3 else torch.channels_last)
    return net


def frozen(net: TorchNet, inputs: tuple[Tensor, ...]) -> Any:
    """The net traced, frozen and optimised for inference: batch norms folded, oneDNN's own layouts."""
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # TorchScript is called deprecated and is still what folds and fuses
        return torch.jit.optimize_for_inference(torch.jit.trace(net.eval(), inputs, check_trace=False))


def forget_frozen() -> None:
    """Free the weights of frozen nets: TorchScript keeps every traced class, and what is frozen into it, for good.

    120 MB a net of ResNet-50's size, until no memory was left after forty networks.
    """
    with contextlib.suppress(AttributeError):  # no public function does it
        torch.jit._state._clear_class_state()
        torch._C._jit_clear_class_registry()


def _is_open(node: NodeAnalysis) -> bool:
    layer = node.node.layer
    return isinstance(layer, Input) and layer.data is None


def _dying(reads: Sequence[tuple[int, ...]], outputs: Sequence[int]) -> list[list[int]]:
    """For each node what nobody reads after it."""
    last = {index: index for index in range(len(reads))}
    for index, read in enumerate(reads):
        last |= dict.fromkeys(read, index)
    dying: list[list[int]] = [[] for _ in reads]
    for index, reader in last.items():
        if index not in outputs:
            dying[reader].append(index)
    return dying


def _built(node: NodeAnalysis, weights: Weights, axes: int, builders: Builders) -> Built:
    layer = node.node.layer
    if isinstance(layer, Input) and layer.data is not None:
        sizes = (1, node.output.channels, *_spatial(node.output.spatial, axes))
        stated = torch.tensor([float(value) for value in layer.data.matrix.values()]).reshape(sizes)
        return Built(lambda *, stated: stated, {"stated": stated})
    call = layer.kernel_call(node.inputs)
    tensors = {
        weight.name: torch.from_numpy(weights.arrays[f"{node.weights_name}.{weight.name}"]).reshape(
            _sizes(weight, axes)
        )
        for weight in node.weights
    }
    numbers = {name: value[-axes:] if _is_by_axis(value) else value for name, value in call.numbers.items()}
    if call.kernel not in builders:
        raise LookupError(f"`{layer.word}` is not translated to PyTorch")
    return builders[call.kernel](Call(numbers, tensors, node.inputs, node.output, axes))


def _is_by_axis(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 3 and all(isinstance(each, int) for each in value)


def _spatial(spatial: tuple[int, ...], axes: int) -> tuple[int, ...]:
    return (1,) * (axes - len(spatial)) + spatial if spatial else ()


def _sizes(weight: Weight, axes: int) -> list[int]:
    """The shape of a weight with as many spatial axes as the maps have; missing leading ones have one place."""
    sizes = dict(weight.axes)
    names = list(sizes)
    for family in SPATIAL:
        first = next((place for place, name in enumerate(names) if name in family), None)
        if first is not None:
            names[first:first] = [name for name in family[-axes:] if name not in names]
    return [sizes.get(name, 1) for name in names]


def _unlifted(array: Array, rank: int, axes: int) -> Tensor:
    flat = array.shape[:2] if rank == 0 else (*array.shape[:2], *array.shape[5 - axes :])
    return torch.from_numpy(np.ascontiguousarray(array)).reshape(flat)
