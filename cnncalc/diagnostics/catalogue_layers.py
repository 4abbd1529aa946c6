"""The rules that a layer keeps about its own numbers: windows that fit, groups that divide, shapes that meet."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "kernel-too-large": Entry(
        "a kernel or window is larger than the image it should slide over",
        "The output size floor((n + pads - k) / s) + 1 would be 0 or less: there is no place for the window. It "
        "happens at the end of deep nets, where every convolution without padding and every pool has made the image "
        "smaller. Pad with `same`, use a smaller window, or start from a larger image.",
        "input 3x3x16\nconv 16 5x5",
    ),
    "needs-volume": Entry(
        "a layer that slides over an image got a flat vector",
        "Convolutions, pools, padding and upsampling work on height x width x channels. After `flatten`, `gap` or "
        "`dense` there is only a row of numbers without neighbours. Move the line up, or give the numbers a shape "
        "again with `reshape`.",
        "input 784\nconv 6 5x5",
    ),
    "dense-needs-flat": Entry(
        "a dense layer got a volume",
        "A dense layer connects every unit with every number of a flat vector, so our own `dense 10` after a map "
        "flattens it. A pasted `Dense(10)` is refused there: Keras applies the layer at every place, which is a 1x1 "
        "convolution, and most people mean a `flatten` in between. Write the one that you mean.",
        "input 28x28x1\nDense(10)",
    ),
    "groups-do-not-divide": Entry(
        "the channels cannot be split into that many equal groups",
        "With `groups=g` the input channels and the filters are split into g equal parts, each convolved by itself; "
        "`gn` and `shuffle` split the channels in the same way. So g must divide them without a remainder.",
        "input 28x28x6\nconv 16 3x3 groups=4",
    ),
    "wrong-rank": Entry(
        "the number of sizes is not the number of spatial axes",
        "The input makes the net 1-D, 2-D or 3-D, and every window, stride and padding has one number for all axes "
        "or one for each: `3` or `3x3` for a picture, `3x3x3` for a volume, `3` for a signal.",
        "input 28x28x1\nconv 6 3x3x3",
    ),
    "anchors-do-not-fit": Entry(
        "the numbers that arrive are not those of the boxes of a detector",
        "`yolo` and `region` read 5 + classes numbers for each anchor at every place: x, y, width, height, objectness "
        "and one for each class. So the convolution before them has anchors * (5 + classes) filters, 255 for 3 anchors "
        "and 80 classes. `detection` reads side * side * (classes + 5 * boxes) numbers of a vector.",
        "input 13x13x512\nconv 250 1x1\nyolo anchors=10,14,23,27,37,58 classes=80",
    ),
    "weights-do-not-fit": Entry(
        "the given weights are not as many as the layer has",
        "`weights=` and `bias=` give every number of a layer: filter by filter, then channel by channel, then row "
        "by row (for `upconv` channel by channel first). A fixed `filter=` is one matrix for all channels, or one "
        "for each.",
        "input 5x5x1\nfilter k = [1 2; 3 4]\nconv 2 2x2 weights=k",
    ),
    "table-does-not-fit": Entry(
        "the table of connections does not match the channels and filters",
        "`connect=` takes a table of 0 and 1 with a row for each input channel and a column for each filter; 1 "
        "means that the filter sees the channel. Every filter must see at least one. LeNet-5's third layer is the "
        "example.",
        "input 14x14x3\ndata t = [1 0; 0 1]\nconv 2 5x5 connect=t",
    ),
    "padding-covers-window": Entry(
        "a pooling window could lie entirely inside the padding",
        "A window that sees no pixel has nothing to take the maximum or the mean of. The padding of a pool must be "
        "smaller than its window; half the window per side is the most that PyTorch allows.",
        "input 8x8x4\nmaxpool 2x2 padding=2",
    ),
    "padding-word-unfit": Entry(
        "this padding has no meaning for this layer or this input",
        "`causal` puts d(k-1) zeros before a signal and none after it, so that no output sees what comes later: it "
        "is for 1-D nets. `half`, `causal` and `same_lower` are for layers that slide a window over their input, not "
        "for transposed convolutions, where padding takes rows away from the output.",
        "input 28x28x1\nconv 4 3x3 causal",
    ),
    "upsample-size-unfit": Entry(
        "upsampling makes the map smaller",
        "`upsample size=89x89` names the size of the result; `upsample 2` makes a map two times as large. In Keras' "
        "UpSampling2D `size` means a factor, so a size that makes the map smaller is often a mistake. Where it is "
        "meant, single pixels are taken or mixed and the others are left out; `adaptavg` takes the mean of all.",
        "input 44x44x3\nupsample size=2x2",
    ),
    "corners-unfit": Entry(
        "`corners` is written for a way of upsampling that cannot have it",
        "With `corners` the corner pixels of the result are those of the map, and the others are mixed in between "
        "(PyTorch's align_corners=True). `nearest` mixes nothing, and `catmullrom`, TensorFlow's cubic, has no such "
        "form.",
        "input 8x8x3\nupsample 2 nearest corners",
    ),
    "no-such-axis-here": Entry(
        "what arrives has no such axis",
        "A signal has a width, a picture height and width, a volume depth, height and width; all have channels. After "
        "`flatten`, `gap` or a reduction the axes that are gone cannot be named any more.",
        "input 100 channels 4\nreduce mean height",
    ),
    "pattern-unfit": Entry(
        "the axes of `rearrange` do not fit what arrives, or each other",
        "Both sides of the arrow name the same axes, each once. The left side has as many axes as arrive, in the order "
        "of the file: `h w c` for a picture with the channels last. Of an axis that is split, `(h a=2)`, one size may "
        "be left open.",
        'input 8x8x3\nrearrange "h w -> w h"',
    ),
    "matrices-do-not-fit": Entry(
        "two maps cannot be multiplied as matrices",
        "`matmul a b` multiplies n rows of k channels by k rows of m channels; with `transpose` the second one has m "
        "rows of k. Axes in front of the last one are as many products, and must be equal or 1.",
        "a: input 5 channels 4\nb: input 6 channels 4\nmatmul a b",
    ),
    "unbiased-unfit": Entry(
        "`unbiased` is written where nothing is divided by n - 1",
        "The unbiased variance divides the sum of the squared deviations by n - 1 instead of n; it needs at least two "
        "numbers. Only `var` and `std` have it.",
        "input 8x8x3\nreduce mean channels unbiased",
    ),
    "padding-too-wide": Entry(
        "the image is too small to fill that much padding",
        "`reflect` mirrors the image without repeating its edge, so it has n - 1 rows to give; `wrap` starts again "
        "at the other side and has n. Zeros and `edge` can fill any width.",
        "input 3x3x1\npad 3 reflect",
    ),
    "padding-cuts-all": Entry(
        "the padding of a transposed convolution leaves nothing",
        "A transposed convolution undoes the size change of a convolution: what padding adds there, it takes away "
        "here, (n - 1) * s - p_before - p_after + k. With that much padding nothing is left.",
        "input 2x2x4\nupconv 4 3x3 padding=3",
    ),
    "output-padding-too-large": Entry(
        "output_padding must be smaller than the stride",
        "A convolution with stride s makes s different input sizes equal; output_padding says which of them a "
        "transposed convolution should give back, so it runs from 0 to s - 1. `same` already fixes the size at n * "
        "s.",
        "input 7x7x8\nupconv 8 3x3 stride=2 output_padding=2",
    ),
    "stride-leaves-pixels": Entry(
        "the stride does not come out even: some rows or columns are never read",
        "(n + pads - k) / s is not whole, and rounding down drops what is left over at the bottom and right. The "
        "net works, but those pixels have no influence. Padding, another kernel or another image size makes it "
        "even (AlexNet needs 227 for its 11x11 with stride 4, not 224). A stride of 2 that leaves less than a tenth "
        "over is not warned about, nor is a 1x1 kernel with a stride, which leaves out rows on purpose (the shortcuts "
        "of ResNet).",
        "input 10x10x1\nconv 4 3x3 stride=2",
    ),
    "lopsided-padding": Entry(
        "`same` pads one row more at one end, in a net whose other strided layers pad both sides equally",
        "When the padding that `same` needs is odd, Keras and TensorFlow put the odd row at the bottom and right. With "
        "stride 1 PyTorch's padding='same' does so too; with another stride it has no `same`, and its code pads k//2 "
        "on both sides: the shapes agree, the values do not. A net that has both was probably put together from two "
        "sources. `half` pads (k-1)//2 on both sides; four sides such as `padding=0,1,0,1` say anything outright.",
        "input 28x28x1\nconv 4 3x3 stride=2 padding=1\nconv 4 3x3 stride=2 same",
    ),
    "overlapping-pool": Entry(
        "a pool moves by single pixels, so its windows overlap and the map hardly shrinks",
        "A pool without a stride moves by its own window. Written with stride 1 and without padding it only trims the "
        "map, which is rarely meant. Windows of 3x3 with stride 2 overlap on purpose (AlexNet) and are not warned "
        "about.",
        "input 13x13x4\nmaxpool 2x2 stride=1",
    ),
    "channels-first-input": Entry(
        "an input size looks as if its channels came first",
        "Sizes are read as height x width x channels, as Keras writes them. A size such as 3x224x224, as PyTorch has "
        "it, would be a picture 3 high and 224 wide with 224 channels. `order channels_first` on a line of its own, "
        "above the input, makes every shape of the file be read and written with the channels in front.",
        "input 3x224x224\nconv 8 3x3\n",
    ),
    "ambiguous-input": Entry(
        "an input of two sizes could be a picture or a signal with channels",
        "`28x28` could be a gray picture of 28 x 28, or a signal of length 28 with 28 channels, and the parameter "
        "counts differ. Say the channels: `28x28x1` or `28x28 gray` for the picture, `28 channels 28` for the "
        "signal.",
        "input 28x28",
    ),
    "input-needs-size": Entry(
        "the input line says no size",
        "Every shape follows from the size of the input. Write height x width x channels, a size and a colour word, "
        "or the name of a `data` matrix after `from`.",
        "input gray\nconv 4 3x3",
    ),
    "sizes-disagree": Entry(
        "the input line says its size or its channels twice, and differently",
        "A colour word fixes the channels (gray 1, rgb 3, rgba 4), `channels N` states them, and a `data` matrix "
        "has a size of its own. When two of them are written they must agree; it is best to write one.",
        "input 28x28 gray channels 3",
    ),
    "too-many-sizes": Entry(
        "more sizes than a shape can have",
        "A shape has at most depth, height, width and channels. The batch is not part of it: `(None, 28, 28, 1)` of "
        "a Keras table is `28x28x1` here, and `--batch` says how many images there are.",
        "input 1x16x112x112x3",
    ),
    "too-large": Entry(
        "more numbers than any machine could hold",
        "A shape or a weight would have more than 10^12 numbers, or an axis longer than 10^9. It is refused before "
        "anything is computed; mostly a digit too many was typed, or a dense layer follows a large image.",
        "input 999999999x999999999x1",
    ),
    "preprocessing-does-not-fit": Entry(
        "what an input line says of pictures does not fit its size, or contradicts itself",
        "A picture's numbers are multiplied by `scale`, then `mean` is subtracted and the result divided by `std`. "
        "Each is one number for all channels or one for each, and std is never 0. A set of such numbers (`imagenet`, "
        "`minus1to1`, `caffe`) takes the place of all three. `resize=N` cuts the middle out of a picture whose shorter "
        "side has N pixels, so N is at least as large as the input. `explain pictures` has all words.",
        "input 8x8 rgb mean=0.5,0.5",
    ),
    "reshape-does-not-fit": Entry(
        "the new shape holds more or fewer numbers than arrive",
        "Reshape only writes the same numbers in another shape, so the product of the new sizes must equal the "
        "number of values that arrive. The message shows both products.",
        "input 100\nreshape 7x7x2",
    ),
    "rate-out-of-range": Entry(
        "a dropout rate is a share between 0 and 1",
        "The rate is the share of numbers that is switched off while training: 0.25 for a quarter. It is at least 0 "
        "and less than 1, since with 1 nothing would be left.",
        "input 28x28x1\ndropout 25",
    ),
    "needs-sides": Entry(
        "pad, crop and padchannels need a number for each side",
        "`same`, `valid` and `full` mean something only together with a kernel. Here the rows are added or cut off "
        "as they are written: `1` on every side, `1x2` for height and width, or four sides. Channels lie on one axis: "
        "`padchannels 8` adds 8 on either side, `padchannels 0,16` adds 16 after them.",
        "input 28x28x1\npad same",
    ),
    "crop-too-large": Entry(
        "cropping leaves nothing of the image",
        "Crop takes rows off both ends of every axis: n - before - after is what is left, and at least one row must "
        "be. The message shows the arithmetic with the sizes of this line.",
        "input 4x4x1\ncrop 2",
    ),
    "slice-out-of-range": Entry(
        "the channels to keep are not among those that arrive",
        "`slice 0:48` keeps the first 48: A:B are channels A, A + 1, up to B - 1, counted from 0 as in Python. A must "
        "be smaller than B, and B at most the number of channels.",
        "input 28x28x8\nslice 4:12",
    ),
    "factor-does-not-divide": Entry(
        "rows, columns or channels do not divide evenly",
        "`spacetodepth 2` cuts the image into blocks of 2 x 2, so its height and width must be even; "
        "`depthtospace 2` makes a block of 2 x 2 out of 4 channels, so the channels must be divisible by 4. The "
        "message shows the remainder.",
        "input 13x13x64\nspacetodepth 2",
    ),
    "shapes-differ": Entry(
        "branches that should be joined have different shapes",
        "concat needs equal images (their channels are put one after the other), the other joins equal shapes; but "
        "what has size 1 along an axis, or one channel, is spread: a factor for each channel, a gate for each place. "
        "Branches differ by a stride, a padding or a number of filters; change it, or cut the larger with `crop`.",
        "input 8x8x4\na: conv 4 3x3\nconv 4 3x3\nadd a",
    ),
}
