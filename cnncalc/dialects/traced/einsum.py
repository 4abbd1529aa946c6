"""`einsum("bhid,bhjd->bhij", q, k)` of two tensors: a matrix product with views before and after it.

Names that both tensors and the result have count the products, those that only the tensors share are summed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import prod
from typing import Any

from cnncalc.dialects.traced.arithmetic import product
from cnncalc.dialects.traced.joins import known
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import permuted, reshaped
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading, Unknown

LONGEST_EQUATION = 200

_EQUATION = re.compile(r"\s*([\w ]+?)\s*,\s*([\w ]+?)\s*->\s*([\w ]+?)\s*")


def summed_products(equation: Any, tensors: Sequence[Any], here: Reading) -> Tensor:
    """What einsum makes of two tensors; raises PythonFault for other sums than those of a matrix product."""
    if isinstance(equation, Unknown):
        raise equation.needed("the equation of einsum", here.span)
    is_read = isinstance(equation, str) and len(equation) <= LONGEST_EQUATION
    found = _EQUATION.fullmatch(equation) if is_read else None
    operands = known(tensors, here)
    if found is None or len(operands) != 2:
        raise PythonFault("not-read-here", "einsum is read for two tensors and an equation with `->`", here.span)
    names = [side.split() if " " in side else list(side) for side in found.groups()]
    sizes = _sizes(names[:2], operands, here)
    left, right, result = names
    images = {side[one.batch] for side, one in zip(names, operands, strict=False) if one.batch is not None}
    batch = [name for name in result if name in images]
    batch += [name for name in result if name in left and name in right and name not in images]
    inner = [name for name in left if name in right and name not in result]
    rows = [name for name in left if name not in right and name not in batch]
    columns = [name for name in right if name not in left and name not in batch]
    is_whole = sorted(result) == sorted([*batch, *rows, *columns]) and all(
        len(set(side)) == len(side) for side in names
    )
    if not is_whole or not inner:
        raise PythonFault("no-such-layer", f"no layer here does what einsum `{equation}` would", here.span)
    first = _as_matrices(operands[0], left, (batch, rows, inner), sizes, here)
    second = _as_matrices(operands[1], right, (batch, inner, columns), sizes, here)
    made = reshaped(product(first, second, here), [sizes[name] for name in (*batch, *rows, *columns)], here)
    order = [*batch, *rows, *columns]
    return made if order == result else permuted(made, [order.index(name) for name in result], here)


def _sizes(names: Sequence[list[str]], tensors: Sequence[Tensor], here: Reading) -> dict[str, int]:
    """The size of each name; raises PythonFault where two tensors do not agree."""
    sizes: dict[str, int] = {}
    for side, tensor in zip(names, tensors, strict=True):
        if len(side) != len(tensor.dims):
            message = f"einsum names {len(side)} axes, and the tensor is {tensor.text}"
            raise PythonFault("shapes-differ", message, here.span)
        for name, size in zip(side, tensor.dims, strict=True):
            if sizes.setdefault(name, size) != size:
                message = f"`{name}` of einsum is {sizes[name]} in one tensor and {size} in the other"
                raise PythonFault("shapes-differ", message, here.span)
    return sizes


def _as_matrices(
    tensor: Tensor, names: list[str], order: tuple[list[str], ...], sizes: dict[str, int], here: Reading
) -> Tensor:
    """The tensor as matrices: the axes of the products, then one of rows and one of columns."""
    order = ([name for name in order[0] if name in names], *order[1:])
    wanted = [name for part in order for name in part]
    if wanted != names:
        tensor = permuted(tensor, [names.index(name) for name in wanted], here)
    batch, *matrix = order
    dims = [*(sizes[name] for name in batch), *(prod(sizes[name] for name in part) for part in matrix)]
    return reshaped(tensor, dims, here)
