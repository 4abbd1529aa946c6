"""The kernels: what computes a layer, by name.  An island: numpy and numba, and no import of the rest of the package.

A kernel gets arrays and resolved numbers (`cnncalc.kernels.contract`), slides its windows over what it was given and
returns what came out; it knows no formula for sizes.  Kernels never validate and never raise: what could go wrong was
refused when planning.  A NaN passes through every kernel to all that depends on it and to nothing else.

`compile_cache_dir` tells where compiled kernels are kept; `on_compile` announces a compilation; `use_threads` limits
the compiled loops to so many threads (BLAS has its own setting).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from cnncalc.kernels import activations, conv, dense, depthwise, local, merge, normalise, pool, shape, upconv
from cnncalc.kernels.contract import Kernel
from cnncalc.kernels.jit import compile_cache_dir, on_compile
from cnncalc.kernels.threads import thread_count, use_threads

__all__ = ["KERNELS", "Kernel", "compile_cache_dir", "on_compile", "thread_count", "use_threads"]


def _quiet(kernel: Kernel) -> Kernel:
    """The kernel without numpy's warnings: an overflow shows as inf or NaN in the result, where it can be seen."""
    return np.errstate(all="ignore")(kernel)


_LOUD: dict[str, Kernel] = {
    "conv": conv.conv,
    "conv_direct": conv.conv_direct,
    "connected_conv": conv.connected_conv,
    "dwconv": depthwise.dwconv,
    "sepconv": depthwise.sepconv,
    "upconv": upconv.upconv,
    "local": local.local,
    "maxpool": pool.maxpool,
    "avgpool": pool.avgpool,
    "sumpool": pool.sumpool,
    "l2pool": pool.l2pool,
    "subsample": pool.subsample,
    "global_avgpool": pool.global_avgpool,
    "global_maxpool": pool.global_maxpool,
    "adaptive_avgpool": pool.adaptive_avgpool,
    "adaptive_maxpool": pool.adaptive_maxpool,
    "flatten": shape.flatten,
    "reshape": shape.reshape,
    "dense": dense.dense,
    "bn": normalise.bn,
    "ln": normalise.ln,
    "gn": normalise.gn,
    "lrn": normalise.lrn,
    "scale": normalise.scale,
    "times": normalise.times,
    **activations.ACTIVATIONS,
    "identity": shape.identity,
    "pad": shape.pad,
    "crop": shape.crop,
    "upsample": shape.upsample,
    "slice": shape.slice_channels,
    "padchannels": shape.pad_channels,
    "shuffle": shape.shuffle,
    "space_to_depth": shape.space_to_depth,
    "depth_to_space": shape.depth_to_space,
    "add": merge.add,
    "mul": merge.mul,
    "concat": merge.concat,
}

KERNELS: Mapping[str, Kernel] = MappingProxyType({name: _quiet(kernel) for name, kernel in _LOUD.items()})
"""Every kernel by the name that a layer's `kernel_call` gives."""
