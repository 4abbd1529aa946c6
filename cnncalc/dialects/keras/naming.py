"""Keras' names: which of them mean the same, which are no part of a model, and how Keras counts layers without a name.

Names of TensorFlow's Keras and of Keras' own insides are made the public name: `tensorflow.keras.layers.Conv2D`,
`keras.src.layers.Conv2D` and `keras.layers.convolutional.Conv2D` are `keras.layers.Conv2D`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from cnncalc.graph.pasted.keras_calls import LAYERS

ROOTS = frozenset(("keras", "tensorflow", "tf_keras", "keras_core"))
"""The packages whose names are Keras'."""

MERGES: Mapping[str, str] = {
    **{"Add": "add", "Multiply": "mul", "Average": "avg", "Maximum": "max", "Minimum": "min", "Subtract": "sub"},
    "Concatenate": "concat",
}
"""Layers that join several tensors -> our word."""

REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN", "LSTMCell", "GRUCell", "SimpleRNNCell"), ""),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Embedding"), ""),
    **dict.fromkeys(("Attention", "AdditiveAttention", "GroupQueryAttention"), ""),
    **dict.fromkeys(("Bidirectional", "StackedRNNCells", "CuDNNLSTM", "CuDNNGRU"), "a recurrent layer"),
    "TimeDistributed": "a layer put to each step of a sequence",
    **dict.fromkeys(("CategoryEncoding", "StringLookup", "IntegerLookup", "TextVectorization"), "which prepares words"),
    **dict.fromkeys(("Hashing", "HashedCrossing", "Discretization"), "which sorts numbers into classes"),
    **dict.fromkeys(("Masking", "Dot", "EinsumDense"), ""),
    **dict.fromkeys(("SpectralNormalization", "MelSpectrogram", "STFTSpectrogram"), ""),
    **dict.fromkeys(("MixUp", "CutMix", "RandAugment", "AugMix", "Solarization", "Equalization"), "an augmentation"),
    **dict.fromkeys(("ThresholdedReLU", "MaxoutDense", "GaussianMixture", "DiscreteCosineTransform"), ""),
}
"""Layers that are not read -> what they are, where that can be said in a few words."""

WITHOUT_ROW = frozenset(
    (
        "Lambda",
        "Permute",
        "RepeatVector",
        "CenterCrop",
        "RandomCrop",
        "MultiHeadAttention",
        "Normalization",
        "CustomScaleLayer",
        *MERGES,
        *REFUSED,
    )
)
"""Classes of `keras.layers` that the table of layers does not have."""

CLASSES = frozenset((*LAYERS, *WITHOUT_ROW))
"""The classes of `keras.layers` that are layers."""

ROOMS: Mapping[str, str] = {
    **dict.fromkeys(("Model", "Functional", "Network", "Container"), "keras.Model"),
    **dict.fromkeys(("Layer", "Wrapper"), "keras.Layer"),
    "Sequential": "keras.Sequential",
    "Input": "keras.Input",
}

USUAL: Mapping[str, str] = {
    **{"keras": "keras", "layers": "keras.layers", "models": "keras.models", "tf": "tensorflow", "K": "keras.backend"},
    **ROOMS,
    **{name: f"keras.layers.{name}" for name in CLASSES if name not in ("Input", "Dropout", "Identity")},
    "Dropout": "keras.layers.Dropout",
}
"""What pieces of programs take for granted."""

NO_PART = re.compile(
    r"(keras|tensorflow)\.(?:.*\.)?(optimizers|losses|metrics|callbacks|datasets|utils|preprocessing|initializers|regularizers|"
    r"constraints|random|train|data|io|saving|mixed_precision|distribute|config|summary|estimator|test|tree|autodiff|"
    r"debugging|compat|experimental|estimators|quantizers|dtype_policies|wrappers|visualization)\b.*"
)
"""What a program needs to train, load or show: no part of a model."""

NETWORK = re.compile(r"keras\.applications\.(?:\w+\.)*(?P<name>[A-Z]\w*)")

SHIPPED: Mapping[str, str] = {
    **{f"ResNet{depth}": f"resnet{depth}-keras" for depth in (50, 101, 152)},
    **{f"ResNet{depth}V2": f"resnet{depth}-v2" for depth in (50, 101, 152)},
    **{f"DenseNet{depth}": f"densenet{depth}" for depth in (121, 169, 201)},
    **{"VGG16": "vgg16", "VGG19": "vgg19", "Xception": "xception", "InceptionV3": "inception-v3-keras"},
    **{"InceptionResNetV2": "inception-resnet-v2", "MobileNet": "mobilenet", "MobileNetV2": "mobilenet-v2-keras"},
    **{"MobileNetV3Large": "mobilenet-v3", "NASNetLarge": "nasnet-large", "NASNetMobile": "nasnet-mobile"},
    **{"EfficientNetB0": "efficientnet-b0", "ConvNeXtTiny": "convnext-tiny"},
}
"""A net of `keras.applications` -> the shipped net with the same layers."""

_MOVED = (
    (re.compile(r"^(tensorflow\.(python\.|contrib\.)?keras|tf_keras|keras_core|keras\._tf_keras\.keras)\b"), "keras"),
    (re.compile(r"^tensorflow\.compat\.v[12]\b"), "tensorflow"),
    (re.compile(r"^keras\.(src|api|api\._v[12]\.keras)\b"), "keras"),
)
_SAME_CLASS = (("MaxPool#D", "MaxPooling#D"), ("AvgPool#D", "AveragePooling#D"), ("Convolution#D", "Conv#D"),
               ("GlobalMaxPool#D", "GlobalMaxPooling#D"), ("GlobalAvgPool#D", "GlobalAveragePooling#D"),
               ("SeparableConvolution#D", "SeparableConv#D"), ("Convolution#DTranspose", "Conv#DTranspose"),
               ("Deconvolution#D", "Conv#DTranspose"))  # fmt: skip
_CLASS = {old.replace("#", rank): new.replace("#", rank) for old, new in _SAME_CLASS for rank in "123"}


def canonical(name: str) -> str:
    """The one name of what several names mean.

    >>> canonical("tensorflow.keras.layers.Conv2D"), canonical("keras.engine.topology.Layer")
    ('keras.layers.Conv2D', 'keras.Layer')
    """
    for pattern, new in _MOVED:
        name = pattern.sub(new, name)
    room, _, last = name.rpartition(".")
    if not room.startswith("keras") or ".applications" in room:
        return name
    if ".layers" not in room and NO_PART.fullmatch(name):
        return name
    return ROOMS.get(last, f"keras.layers.{last}" if last in CLASSES else name)


def counted_as(cls: str) -> str:
    """What Keras calls a layer of the class that has no name, before it counts.

    >>> counted_as("BatchNormalization"), counted_as("MaxPool2D"), counted_as("PReLU")
    ('batch_normalization', 'max_pooling2d', 'p_re_lu')
    """
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", _CLASS.get(cls, cls))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


class LayerNames:
    """Keras' counting of layers without a name: `conv2d`, `conv2d_1`."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next(self, cls: str) -> str:
        """The name of one more layer of the class."""
        name = counted_as(cls)
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name}_{self._seen[name] - 1}"

    def restart(self) -> None:
        """What `clear_session()` does."""
        self._seen.clear()
