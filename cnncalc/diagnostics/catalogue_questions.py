"""The rules of questions about numbers: `reconcile`, `solve`, `compare`, `sweep`, `memory`, `roofline`.

An example here is a command line that earns the code.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "no-question": Entry(
        "a question does not say what is asked, or what is known",
        "`cnncalc solve` needs a layer, the size that arrives (`--input`), and what is wanted: a size (`--output`) or "
        "a number of parameters (`--params`). What is asked for is written as `?`.",
        'cnncalc solve "conv 8 3x3 padding=?" --input 28x28x1',
    ),
    "unknown-not-solved": Entry(
        "a `?` is in a place where no number could be found",
        "`?` may be written for the filters, kernel, stride, padding, dilation, groups, units or factor of a layer. "
        "It cannot be a word, a name or a part of a number.",
        'cnncalc solve "conv 8 3x3 fill=?" --input 28x28x1 --output 26x26x8',
    ),
    "ranks-differ": Entry(
        "a size has more or fewer numbers than the layer has axes",
        "A kernel of 5x5 works on height and width, so a size is `28x28`, or `28x28x1` with its channels. A signal has "
        "one axis: `100`, or `100x3` with 3 channels.",
        'cnncalc solve "conv 8 5x5 padding=?" --input 28 --output 28',
    ),
    "too-many-unknowns": Entry(
        "more is asked at once than could be answered in a list",
        "With the kernel, the stride, the padding and the dilation all unknown, a question has thousands of answers "
        "that say nothing. At most three of those with a value on each axis may be asked for at once.",
        'cnncalc solve "conv 8 ? stride=? padding=? dilation=?" --input 28x28x1 --output 14x14x8',
    ),
    "unreadable-number": Entry(
        "what is written where a number is wanted cannot be read as one",
        "A number is digits with a unit: `4.11G`, `25.6M`, `25,557,032`, `98MB` (10^6 bytes), `93.2MiB` (2^20 bytes), "
        "`4.1 GFLOPs`. Decimals have a point, a comma groups three digits, and no count is negative.",
        "cnncalc reconcile lenet5 4,1k",
    ),
    "no-size-to-solve": Entry(
        "the network has no image, so there is no size of it to look for",
        "`cnncalc solve MODEL` looks for the input sizes that every layer and join accepts. A flat vector goes into "
        "dense layers, whose weights are made for its one size.",
        "cnncalc solve 784-100FC-10",
    ),
    "unclear-question": Entry(
        "`solve` was asked too much about a network at once, or too little",
        "About a whole network one thing is looked for: an input size that fits, the input size of one `--output`, or "
        "the width for one count, `--params` or `--macs`, as one constant `--set NAME=?` or as all widths together.",
        "cnncalc solve resnet18 --params 10M --macs 1G",
    ),
    "no-width-to-solve": Entry(
        "there is no width that could be looked for",
        "`cnncalc solve MODEL --params 10M` multiplies the widths of all hidden layers, and `--set NAME=?` looks for "
        "the value of one constant. A network whose layers name single channels, as in a table, has no other widths; a "
        "constant must be a number above 0.",
        "cnncalc solve lenet5-1998 --params 10M",
    ),
    "no-such-output": Entry(
        "no output of the network can have the size that is asked for",
        "`cnncalc solve MODEL --output SIZE` looks for the input sizes that make it. The size has as many numbers as "
        "the output has axes, or one for all of them; its channels do not depend on the input: they are the network's.",
        "cnncalc solve unet --output 388x388x3",
    ),
    "unknown-convention": Entry(
        "no tool or paper of this name has its rules here",
        "`--convention` takes the name of a way to count: mac, fvcore, thop, ptflops, ptflops-aten, torchinfo, "
        "calflops, torch, keras or onnx-tool. `cnncalc explain conventions` says what each of them counts.",
        "cnncalc summary lenet5 --convention fvcor",
    ),
    "training-not-asked": Entry(
        "an option is about training, and training was not asked for",
        "`--mixed` is a way to train: float16 weights and activations, and a float32 copy of the weights. Using a "
        "network in float16 is `--dtype float16`.",
        "cnncalc memory lenet5 --mixed",
    ),
    "training-type": Entry(
        "a network is not trained in numbers of this type",
        "Gradients are small fractions, so int8 cannot hold them; mixed precision has float16 and float32 numbers, and "
        "no third type.",
        "cnncalc memory lenet5 --train --dtype int8",
    ),
    "standard-input-twice": Entry(
        "two networks are to be read from standard input, which holds one",
        "`-` is standard input, and it can be read once. `cnncalc compare` takes `-` for one of its two networks; the "
        "other is a file or the name of a network that ships.",
        "cnncalc compare - -",
    ),
    "no-sweep": Entry(
        "a sweep does not say what is to vary",
        "`cnncalc sweep` counts a network at several values of something: input sizes (`--input`), constants of its "
        "text (`--set`), images at once (`--batch`). At least one of them must be given.",
        "cnncalc sweep lenet5",
    ),
    "bad-range": Entry(
        "a range or a list of values cannot be read, or has no end",
        "`A..B:STEP` are the numbers from A to B, both included, in steps of STEP (1 if it is not written); `A,B,C` "
        "is a list. B is not smaller than A, and the step is more than 0.",
        "cnncalc sweep mobilenet --input 96..320:0",
    ),
    "sweep-too-long": Entry(
        "a sweep would count too many networks",
        "The values of several options are all put together: 8 sizes, 4 widths and 3 batches are 96 networks. A sweep "
        "has at most 1,000.",
        "cnncalc sweep mobilenet --input 32..4096",
    ),
}
