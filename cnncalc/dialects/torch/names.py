"""PyTorch's names: which of them mean the same, and which are no part of a model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.graph.pasted.torch_calls import LAYERS

CONTAINERS = frozenset(("Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "DataParallel"))
"""Modules that hold others, or parameters."""

WITHOUT_ROW = frozenset(
    (
        *("Module", "Unflatten", "GLU", "MultiheadAttention", "Embedding", "EmbeddingBag", "LSTM", "GRU", "RNN"),
        *("LSTMCell", "GRUCell", "RNNCell", "Transformer", "TransformerEncoder", "TransformerEncoderLayer"),
        *("TransformerDecoder", "TransformerDecoderLayer", "Bilinear", "Fold", "Unfold"),
        *("MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "FractionalMaxPool2d"),
        *("Softmin", "CosineSimilarity", "PairwiseDistance"),
    )
)
"""Classes of `torch.nn` that the table of layers does not have."""

CLASSES = frozenset((*LAYERS, *CONTAINERS, *WITHOUT_ROW))
"""The classes of `torch.nn` that are modules here."""

_MOVED = (
    ("torch.nn.modules.", "torch.nn."),
    ("torch.nn.parameter.", "torch.nn."),
    ("torch.nn.parallel.DataParallel", "torch.nn.DataParallel"),
    ("torch.nn.parallel.DistributedDataParallel", "torch.nn.DataParallel"),
    ("torch.functional.", "torch."),
    ("torch.linalg.", "torch."),
    ("torch.special.", "torch."),
    ("torch._C._nn.", "torch.nn.functional."),
    ("torchvision.ops.misc.", "torchvision.ops."),
    ("torchvision.ops.stochastic_depth.", "torchvision.ops."),
)
_SAME: Mapping[str, str] = {
    "torch.autograd.Variable": "torch.as_tensor",
    "torch.autograd.variable.Variable": "torch.as_tensor",
    "torch.nn.functional.StochasticDepth": "torch.nn.Identity",
    "torch.nn.UninitializedParameter": "torch.nn.Parameter",
    "torch.nn.functional.tanh": "torch.tanh",
    "torch.jit.ScriptModule": "torch.nn.Module",
    "torch.nn.Container": "torch.nn.Module",
    "torch.concat": "torch.cat",
    "torch.concatenate": "torch.cat",
    "torchvision.ops.StochasticDepth": "torch.nn.Identity",
    "torchvision.ops.DropBlock2d": "torch.nn.Identity",
    "pytorch_lightning.LightningModule": "torch.nn.Module",
    "lightning.LightningModule": "torch.nn.Module",
    "lightning.pytorch.LightningModule": "torch.nn.Module",
    "timm.models.layers.DropPath": "torch.nn.Identity",
    "timm.layers.DropPath": "torch.nn.Identity",
    "timm.models.layers.drop.DropPath": "torch.nn.Identity",
    "timm.models.layers.to_2tuple": "torch._to_2tuple",
    "timm.layers.to_2tuple": "torch._to_2tuple",
}
_CLASS_PATH = re.compile(r"torch\.nn\.[a-z_]+\.([A-Z]\w*)")

NO_PART = re.compile(
    r"torch\.(optim|utils\.(?!checkpoint)|distributed|cuda|backends|multiprocessing|onnx|profiler|random|amp|hub\.set|"
    r"nn\.(init|utils)|jit\.(?!is_|script|trace|Script))\b.*"
    r"|torch\.nn\.\w*(Loss|Criterion)\w*|torch\.nn\.functional\.\w*(loss|cross_entropy)\w*"
    r"|torchvision\.(transforms|datasets|utils|io|prototype)\b.*"
    r"|torch\.(manual_seed|seed|save|load|device|dtype|set_\w+|no_grad|enable_grad|inference_mode|autograd|get_\w+)\b.*"
)
"""What a program needs to train, load or show: no part of a model."""


def canonical(name: str) -> str:
    """The one name of what several names mean.

    >>> canonical("torch.nn.modules.conv.Conv2d"), canonical("torch.nn.modules.Module")
    ('torch.nn.Conv2d', 'torch.nn.Module')
    """
    for old, new in _MOVED:
        if name.startswith(old):
            name = new + name[len(old) :]
    found = _CLASS_PATH.fullmatch(name)
    return _SAME.get(name, f"torch.nn.{found[1]}" if found else name)
