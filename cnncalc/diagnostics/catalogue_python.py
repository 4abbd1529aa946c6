"""The rules for reading programs in Python; the examples are programs."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "python-syntax": Entry(
        "Python itself could not read this line",
        "A program is read with Python's own grammar, so what Python refuses is refused here, with the place that "
        "Python names; the slip is there or just before. In a notebook, lines that begin with `%` or `!` are left out.",
        "model = nn.Sequential(\n    nn.Conv2d(3, 16, 3)\n    nn.ReLU(),\n)\n",
    ),
    "python-two": Entry(
        "the program is written for Python 2",
        "Statements such as `print x` and `except ValueError, error` ended with Python 2, and no Python 3 reads them. "
        "The tool `2to3` rewrites most of it.",
        "print model\n",
    ),
    "program-too-deep": Entry(
        "brackets or operators are nested deeper than can be read",
        "Python's own parser allows about a hundred brackets in each other, and a program of a model never needs that "
        "many. Give the parts names and use the names.",
        "x = " + "(" * 300 + ")" * 300 + "\n",
    ),
    "python-bound": Entry(
        "reading the program would take more than is allowed",
        "A program is worked out step by step and never run, and each limit is far above what a model needs: "
        "1,000,000 steps in all, 200,000 for a statement of the file, 100 calls in each other, lists of 100,000 "
        "entries, whole numbers of 18 digits. An endless loop ends here too.",
        "while True:\n    pass\n",
    ),
    "python-error": Entry(
        "Python would stop here with an error of its own",
        "A name is missing in an object, arguments do not fit a function, a number is divided by zero: the message "
        "says which. The program would stop at the same place if Python ran it.",
        "def block(width):\n    return width * 2\n\nsize = block(64, 3)\n",
    ),
    "program-raises": Entry(
        "the program itself refuses these values",
        "A `raise` or an `assert` of the program is reached, and no `try` of it catches the error. The message is the "
        "program's own.",
        'def block(stride):\n    if stride > 2:\n        raise ValueError("stride is 1 or 2")\n\nblock(3)\n',
    ),
    "unknown-value": Entry(
        "a size, a condition or a loop needs a value that is not known",
        "Options, files, times and everything else that only a running program has are not known when it is read. They "
        "do no harm until a layer, a branch or a loop depends on one; then the message says where it comes from.",
        'import os\n\nwidth = int(os.environ["WIDTH"])\nlayers = [64] * width\n',
    ),
    "not-read-here": Entry(
        "the program uses a part of Python or of a library that is not read",
        "`match`, `async` and classes that rewrite themselves are among them, and functions of a library that have no "
        "layer as a counterpart. Nothing is guessed: a model with such a part is refused.",
        "match size:\n    case 3:\n        kernel = 3\n",
    ),
    "unread-file": Entry(
        "a file that the program imports cannot be read",
        "Files next to the program are read when it imports them, as text in UTF-8. This one is not such a text, or "
        "may not be opened.",
        "from blocks import Block\n",
    ),
    "net-from-elsewhere": Entry(
        "the program gets its net ready made, from a library or the network",
        "The layers of `torchvision.models.resnet50()`, of timm and of torch.hub stand in files of those libraries, "
        "not in this program. Many of these nets are shipped with cnncalc, and the message says which; a library's own "
        "file can be read by its path.",
        "import torchvision\n\nmodel = torchvision.models.resnet50()\n",
    ),
}
