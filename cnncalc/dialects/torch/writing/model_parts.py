"""Small modules for what `torch.nn` has no layer for, printed above a net that needs them.

Those that `cnncalc.dialects.torch.own_modules` knows are read as the layers that they are written for.
"""

from __future__ import annotations

from collections.abc import Mapping

_FIXED = '''\
class FixedConv{axes}(nn.Module):
    """Each channel with a filter that is not learned: one for all channels, or one each."""

    def __init__(self, channels, filters, **options):
        super().__init__()
        self.filters, self.options = filters, options
        weight = torch.tensor(filters).float(){stored}
        self.weight = nn.Buffer(weight.repeat(channels // len(filters), {ones}))

    def forward(self, x):
        weight = self.weight{read}
        return F.conv{function}(x, weight, groups=len(weight), **self.options)
'''

_AXIS_OF_ONE = ".unsqueeze(1)"

_FIXED_CLASSES: Mapping[str, str] = {
    f"FixedConv{rank}d": _FIXED.format(
        axes=f"{rank}d", stored="", read=_AXIS_OF_ONE, ones=", ".join("1" * rank), function=f"{rank}d"
    )
    for rank in (1, 2, 3)
} | {
    f"FixedConvTranspose{rank}d": _FIXED.format(
        axes=f"Transpose{rank}d",
        stored=_AXIS_OF_ONE,
        read="",
        ones=", ".join("1" * (rank + 1)),
        function=f"_transpose{rank}d",
    )
    for rank in (1, 2, 3)
}
"""By their names: a convolution's filters have no axis of one channel, as our own have none."""

HELPERS: Mapping[str, str] = {
    "Scale": '''\
class Scale(nn.Module):
    """A learned factor for each channel, or one for all."""

    def __init__(self, channels, axes, start=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))
        self.shape = (channels, *[1] * axes)

    def forward(self, x):
        return x * self.weight.reshape(self.shape)
''',
    "Shift": '''\
class Shift(nn.Module):
    """A learned number to add to each channel, or one for all."""

    def __init__(self, channels, axes):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))
        self.shape = (channels, *[1] * axes)

    def forward(self, x):
        return x + self.bias.reshape(self.shape)
''',
    "ElementScale": '''\
class ElementScale(nn.Module):
    """A learned factor for each number of a map."""

    def __init__(self, *sizes):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(sizes))

    def forward(self, x):
        return x * self.weight
''',
    "ElementShift": '''\
class ElementShift(nn.Module):
    """A learned number to add to each number of a map."""

    def __init__(self, *sizes):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(sizes))

    def forward(self, x):
        return x + self.bias
''',
    "ChannelLayerNorm": '''\
class ChannelLayerNorm(nn.LayerNorm):
    """A layer norm over the channels of each place."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)
''',
    "ChannelRMSNorm": '''\
class ChannelRMSNorm(nn.RMSNorm):
    """An RMS norm over the channels of each place."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)
''',
    "Subsample": '''\
class Subsample(nn.Module):
    """The sum of each window, times a factor and plus a number for each channel."""

    def __init__(self, channels, kernel_size, stride):
        super().__init__()
        self.pool = nn.AvgPool2d(kernel_size, stride, divisor_override=1)
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return self.pool(x) * self.weight[:, None, None] + self.bias[:, None, None]
''',
    "ConnectedConv2d": '''\
class ConnectedConv2d(nn.Module):
    """A convolution of which each filter sees the channels with a 1 in its row of a table."""

    def __init__(self, table, kernel_size, stride=1, padding=0, bias=True):
        super().__init__()
        self.stride, self.padding = stride, padding
        ones = sum(map(sum, table))
        self.table = table
        self.weight = nn.Parameter(0.1 * torch.randn(ones, *kernel_size))
        self.bias = nn.Parameter(torch.zeros(len(table))) if bias else None

    def forward(self, x):
        seen = torch.tensor(self.table, dtype=torch.bool, device=x.device)
        weight = x.new_zeros(*seen.shape, *self.weight.shape[1:])
        weight[seen] = self.weight
        return F.conv2d(x, weight, self.bias, self.stride, self.padding)
''',
    "LocalConv2d": '''\
class LocalConv2d(nn.Module):
    """A convolution that has weights of its own for each place of its result, `size`."""

    def __init__(
        self,
        in_channels,
        out_channels,
        size,
        kernel_size,
        stride=1,
        padding=0,
        bias=True,
    ):
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        shape = (*size, out_channels)
        self.weight = nn.Parameter(
            0.01 * torch.randn(*shape, in_channels, *kernel_size)
        )
        self.bias = nn.Parameter(torch.zeros(*shape)) if bias else None

    def forward(self, x):
        height, width, filters = self.weight.shape[:3]
        weight = self.weight.reshape(height * width, filters, -1)
        x = F.unfold(x, self.kernel_size, padding=self.padding, stride=self.stride)
        x = torch.einsum("ncp,pfc->nfp", x, weight).unflatten(2, (height, width))
        return x if self.bias is None else x + self.bias.permute(2, 0, 1)
''',
    "Yolo": '''\
class Yolo(nn.Module):
    """Boxes for each anchor: a sigmoid of x, y, objectness and classes."""

    def __init__(self, anchors, classes, stretch=1.0, sigmoid_sizes=False):
        super().__init__()
        self.anchors, self.classes = anchors, classes
        self.stretch, self.sigmoid_sizes = stretch, sigmoid_sizes

    def forward(self, x):
        found = []
        for box in x.chunk(len(self.anchors) // 2, 1):
            places, sizes, others = box.split([2, 2, 1 + self.classes], 1)
            places = self.stretch * torch.sigmoid(places) - (self.stretch - 1) / 2
            sizes = torch.sigmoid(sizes) if self.sigmoid_sizes else sizes
            found += [places, sizes, torch.sigmoid(others)]
        return torch.cat(found, 1)
''',
    "Region": '''\
class Region(nn.Module):
    """Boxes for each anchor: a sigmoid of x, y and objectness; a softmax of the classes."""

    def __init__(self, anchors, classes, softmax=True):
        super().__init__()
        self.anchors, self.classes, self.softmax = anchors, classes, softmax

    def forward(self, x):
        found = []
        for box in x.chunk(len(self.anchors) // 2, 1):
            places, sizes, objectness, classes = box.split([2, 2, 1, self.classes], 1)
            classes = (
                torch.softmax(classes, 1) if self.softmax else torch.sigmoid(classes)
            )
            found += [torch.sigmoid(places), sizes, torch.sigmoid(objectness), classes]
        return torch.cat(found, 1)
''',
    "Detection": '''\
class Detection(nn.Module):
    """The classes of each cell, the objectness of its boxes, and the boxes."""

    def __init__(self, side, boxes, classes, softmax=False, square_roots=False):
        super().__init__()
        self.side, self.boxes, self.classes = side, boxes, classes
        self.softmax, self.square_roots = softmax, square_roots

    def forward(self, x):
        if not self.softmax:
            return x
        cells = self.side * self.side
        classes, boxes = x.tensor_split([cells * self.classes], 1)
        classes = classes.unflatten(1, (cells, self.classes)).softmax(2).flatten(1)
        return torch.cat([classes, boxes], 1)
''',
    "Affine": '''\
class Affine(nn.Module):
    """A factor and an offset for each channel."""

    def __init__(self, factors, offsets, axes):
        super().__init__()
        sizes = (-1, *[1] * axes)
        self.factors = nn.Buffer(torch.tensor(factors).reshape(sizes), persistent=False)
        self.offsets = nn.Buffer(torch.tensor(offsets).reshape(sizes), persistent=False)

    def forward(self, x):
        return x * self.factors + self.offsets
''',
    "ElementPReLU": '''\
class ElementPReLU(nn.Module):
    """A PReLU with a slope for each number of a map."""

    def __init__(self, *sizes):
        super().__init__()
        self.weight = nn.Parameter(torch.full(sizes, 0.25))

    def forward(self, x):
        return torch.where(x < 0, x * self.weight, x)
''',
    "Attention": '''\
class Attention(nn.MultiheadAttention):
    """Attention between the places of maps: of one, or of one that asks another."""

    def __init__(self, channels, heads, bias=True, causal=False, **options):
        super().__init__(channels, heads, bias=bias, batch_first=True, **options)
        self.heads, self.has_bias, self.causal = heads, bias, causal

    def forward(self, *maps):
        asked = (maps[0], maps[min(1, len(maps) - 1)], maps[-1])
        rows = [x.reshape(*x.shape[:2], -1).transpose(1, 2) for x in asked]
        mask = None
        if self.causal:
            mask = rows[0].new_ones(rows[0].shape[1], rows[1].shape[1]).triu(1).bool()
        found = super().forward(*rows, attn_mask=mask, need_weights=False)[0]
        return found.transpose(1, 2).reshape(maps[0].shape)
''',
    **_FIXED_CLASSES,
    "stated": '''\
def stated(layer, weight=None, bias=None):
    """A layer whose weights begin at these numbers."""
    if weight is not None:
        layer.weight = nn.Parameter(torch.tensor(weight).float())
    if bias is not None:
        layer.bias = nn.Parameter(torch.tensor(bias).float())
    return layer
''',
    "center_crop": '''\
def center_crop(x, size):
    """The middle of a map, with so many places along each axis."""
    for axis, length in enumerate(size, start=2):
        first = (x.shape[axis] - length) // 2
        x = x.narrow(axis, first, length)
    return x
''',
}
"""By the name that pieces call; a function or a class as it is printed."""
