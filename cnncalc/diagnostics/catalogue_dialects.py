"""The rules for reading a net from JSON; the examples are JSON texts."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "broken-json": Entry(
        "the text is not JSON from here on",
        "Names and texts are written in double quotes, members and items are separated by commas, and what opens must "
        "be closed. The place that is marked is where reading stopped; the slip is there or just before.",
        '{"cnncalc_model": 1, "lines": [}',
    ),
    "foreign-json": Entry(
        "this JSON is not a net of ours",
        "Only what `cnncalc convert MODEL --to json` writes is read, and it says its version: 2 today, 1 from earlier "
        "versions. JSON of other programs has other names for other things.",
        '{"layers": []}',
    ),
    "unfit-value": Entry(
        "a value is of another kind than this place needs",
        "An argument is a number, a word as a text has it (`3x3`, `$width`, `same`), an object for an option, or a "
        "matrix; what holds other statements is a list. The message says what is expected.",
        '{"cnncalc_model": 2, "lines": [{"call": "conv", "arguments": 3}]}',
    ),
    "unknown-member": Entry(
        "an object has a member that means nothing here",
        "Each kind of statement has a fixed set of names. An unknown name is never ignored, since it may be a slip "
        "that changes the net; the options of a layer are in its `arguments`.",
        '{"cnncalc_model": 2, "lines": [{"call": "conv", "arguments": [6, "5x5"], "stride": 2}]}',
    ),
    "missing-member": Entry(
        "an object lacks a member that it needs",
        "A block and a repeat have `lines`, a split its `join`, a `let` its `value`; in flat JSON (version 1) each "
        "operation has a name and a word, and a layer the arguments that have no default.",
        '{"cnncalc_model": 2, "lines": [{"repeat": 3}]}',
    ),
    "unknown-layer": Entry(
        "an operation names a layer that does not exist",
        "The words of flat JSON (version 1) are those of the model language in canonical spelling, such as `conv` and "
        "`maxpool`.",
        '{"cnncalc_model": 1, "lines": [{"operations": [{"name": "a", "word": "convv"}]}]}',
    ),
    "unknown-input": Entry(
        "an operation reads something that does not exist",
        "In flat JSON (version 1) the first operation of a line reads the last operations of lines above, by name; the "
        "others read the one before them. Nothing can be read before it is computed.",
        '{"cnncalc_model": 1, "lines": [{"operations": [{"name": "a", "word": "relu", "inputs": ["b"]}]}]}',
    ),
    "unknown-matrix": Entry(
        "a matrix is named that the file does not hold",
        "In flat JSON (version 1) filters, data and given weights are listed under `matrices` at the top of the file, "
        "as planes of rows; arguments name them.",
        '{"cnncalc_model": 1, "lines": [{"operations": [{"name": "a", "word": "input", "arguments": '
        '{"data": "picture"}}]}]}',
    ),
    "assumed-meaning": Entry(
        "a short notation leaves something open, and the usual meaning is taken",
        "A shorthand says filters, kernels and units; padding, activations and the stride of pools are left to the "
        "reader. The message lists each assumption with the option that says it otherwise, such as "
        "`--set padding=same`. `cnncalc convert MODEL --to spec` writes all of it line by line.",
        "cnncalc summary 784-32C5-P2-64C5-P2-64C5-10",
    ),
    "unknown-unit": Entry(
        "a unit of a shorthand or of a list of layers means nothing",
        "A unit has numbers and letters: filters, C and the kernel (`32C5`), a pool and its window (`MP2`), units and "
        "FC or N (`512FC`), or a word such as `relu`. The size of the input is the first unit.",
        "cnncalc summary 784-32Q5-P2-10",
    ),
    "pattern-not-a-net": Entry(
        "a pattern with letters for numbers is given where a net is needed",
        "`((Conv -> ReLU)*n -> Pool?)*m` describes many nets; `cnncalc explain pattern` says how a net is "
        "compared with it. A net has numbers: `2x(2x32C3-P2)`.",
        "cnncalc summary 'Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> FC'",
    ),
    "which-list": Entry(
        "it is not clear which list of layers is meant",
        "A text may hold several lists with names; `FILE:D` chooses the list `D`. A name alone, such as `cfg['D']`, "
        "is no list: write the list itself.",
        "cnncalc summary cfg[D]",
    ),
    "broken-prototxt": Entry(
        "the text is no prototxt from here on",
        "A field is `name: value` or `name { ... }`; what opens must be closed, and texts are in quotes. The place "
        "that is marked is where reading stopped.",
        "cnncalc summary broken.prototxt  # layer { name: }",
    ),
    "broken-cfg": Entry(
        "the text is no Darknet configuration from here on",
        "A .cfg begins with [net] and has one section for each layer; below the name of a section, in brackets on a "
        "line of its own, each option is `key=value`. Lines that begin with # or ; are skipped.",
        "cnncalc summary broken.cfg  # [convolutional] comes before [net]",
    ),
    "unused-field": Entry(
        "an option of a Darknet section that Darknet takes no notice of",
        "Darknet ignores options whose names it does not know, and of an option that is written twice it takes the "
        "first. The layer then has the default, which for a misspelt `filters` is 1. Only names near to a known one "
        "are reported, since many programs put options of their own into these files.",
        "cnncalc summary misspelt.cfg  # filter=16 where filters=16 is meant",
    ),
    "not-in-darknet": Entry(
        "a layer is none of Darknet's sections",
        "A .cfg has a section for each layer that Darknet knows, and few options for it: square kernels, the same "
        "padding on all sides, batch norms with a fixed epsilon. The message says what is the reason.",
        "cnncalc convert pooled.txt --to darknet  # input 8x8x1, then avgpool 2x2",
    ),
    "not-in-torch": Entry(
        "PyTorch has no words for a layer",
        "Nearly every layer is written in PyTorch's own, or as a small module above the net. A few do what PyTorch "
        "does nowhere; the message says which part of the line it is.",
        "cnncalc convert turned.txt --to torch  # input 8x8x1, then conv 4 3x3 flip",
    ),
    "not-in-keras": Entry(
        "Keras has no layer for a line, and no few lines of a program say it",
        "Nearly all of the language is written as Keras 3, what Keras lacks as a small class of the program. Left are "
        "kernels that are turned, pools with a dilation, a stride together with a dilation, and maps made larger with "
        "`corners`. The message says which, and what to write instead.",
        "cnncalc convert turned.txt --to keras  # input 8x8x1, then conv 4 3x3 flip",
    ),
    "not-the-same-part": Entry(
        "a line uses the weights of another one in a way that a program cannot say",
        "Programs share weights by calling the same part twice, which has one stride, one padding and all its weights. "
        "A line that has other arguments than the one whose weights it uses, or some weights of its own, is another "
        "part.",
        "cnncalc convert net.txt --to keras  # a: conv 8 3x3, then conv 8 3x3 dilation=2 shared=a",
    ),
    "left-out": Entry(
        "layers that only serve the training are left out",
        "Losses, accuracies and their like have no part in a net that is used: they are not counted and not shown. The "
        "message names them.",
        "cnncalc summary trained.prototxt  # a loss, and a layer that works on a blob nobody makes",
    ),
    "weights-without-model": Entry(
        "a file holds the weights of a model, and MODEL needs its layers",
        "Keras' `save_weights` writes arrays alone: no layer's stride, padding or activation, and not what reads what. "
        "Such a file is given next to a model, with `--weights`. `model.save('net.keras')` writes both into one file.",
        "cnncalc summary net.weights.h5",
    ),
    "order-assumed": Entry(
        "the parts of a printed module are taken one after the other",
        "print(model) shows which layers a module holds, not how its forward calls them. Of a Sequential the order is "
        "certain; of any other module it is taken from the print, and residual sums, joins and functions without "
        "weights are missing. The program itself leaves no doubt.",
        "Net(\n  (conv1): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n  (act): ReLU()\n)",
    ),
    "pasted-print-cut": Entry(
        "the text is no whole print of a model",
        "Each line of print(model) is one module, `(name): Module(...)`, or a closing bracket; what a module holds is "
        "indented under it. Something is missing, or something else is between.",
        "Net(\n  (conv1): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))",
    ),
}
