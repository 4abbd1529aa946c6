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
        "Most of them need only brackets, `print(x)`, and `except ValueError as error`.",
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
        'import os\nimport torch.nn as nn\n\nwidth = int(os.environ["WIDTH"])\n'
        "net = nn.Sequential(nn.Conv2d(3, width, 3))\n",
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
        "The layers of `torchvision.models.resnet50()`, of timm and of torch.hub are in files of those libraries, "
        "not in this program. Many of these nets are shipped with cnncalc, and the message says which; a library's own "
        "file can be read by its path.",
        "import torchvision\n\nmodel = torchvision.models.resnet50()\n",
    ),
    "which-model": Entry(
        "it is not clear which model of the program is meant",
        "A model is named after a colon, `net.py:ResNet18` or `net.py:ResNet(Block, [2, 2])`. Without a name it is "
        "the variable that holds a model, else what the file itself tries out, else the one class or function that "
        "needs no argument. Where several may be meant, or none has that name, the message lists them.",
        "import torch.nn as nn\n\nsmall = nn.Sequential(nn.Linear(784, 10))\n"
        "large = nn.Sequential(nn.Linear(784, 500), nn.ReLU(), nn.Linear(500, 10))\n",
    ),
    "input-size": Entry(
        "the size of the model's input is not known",
        "A model of PyTorch does not say how large its images are. The size is taken from `--input`, from the model, "
        "or from a test in the file such as `net(torch.randn(1, 3, 32, 32))`; it is never guessed. Write height, "
        "width and channels, in this order for every framework.",
        "import torch.nn as nn\n\nnet = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU())\n",
    ),
    "strides-not-shown": Entry(
        "a printed summary does not say how the net is built",
        "`model.summary()` shows names, sizes and parameters. The kernel of a convolution follows from its parameters; "
        "its stride and padding are taken only where one pair gives the printed size. What joins several layers, and "
        "activations inside layers, cannot be seen in it. Read the program that makes the model.",
        "Layer (type)      Output Shape        Param #\n==============================================\n"
        "img (InputLayer)  (None, 28, 28, 1)   0\nseen (MyLayer)    (None, 26, 26, 8)   80\n",
    ),
    "keras-config": Entry(
        "the configuration of a Keras model is not as Keras writes it, or does not hold the whole model",
        "What `model.to_json()` writes is read where all of its layers are Keras' own. A class of a program and the "
        "function of a Lambda are not in it: read the program that makes the model, `cnncalc summary net.py:model`. "
        "A part that is missing was cut off: write the file again.",
        '{"class_name": "Sequential", "config": {"name": "net", "layers": [{"class_name": "MyLayer", "config": {}}]}}',
    ),
    "module-in-itself": Entry(
        "a module holds itself, directly or through another one",
        "Its parameters would have names without an end, and PyTorch would fail as soon as it looked for them. To keep "
        "the holder of a part at hand, put it into a list: `self.parent = [parent]`.",
        "import torch.nn as nn\n\nnet = nn.Sequential(nn.Conv2d(3, 16, 3))\nnet.inner = net\n",
    ),
    "image-in-several-rows": Entry(
        "the numbers of one image come into several rows, as if they were several images",
        "`x.view(-1, 400)` lets PyTorch choose the number of rows: where an image has 800 numbers it becomes two rows, "
        "and the error shows only when the loss compares the number of images. Name the axis of the images instead, "
        "`x.view(x.size(0), -1)`, or write `x.flatten(1)`.",
        "import torch.nn as nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x.view(-1, 1024)\n",
    ),
    "no-such-axis": Entry(
        "a tensor has no axis or entry of that number",
        "Axes are counted from 0, the images first, or from the end with negative numbers: a map of PyTorch has the "
        "axes 0 to 3, and 4 is none. An entry must be less than the size of its axis.",
        "import torch\n\nclass Net(torch.nn.Module):\n    def forward(self, x):\n        return x.transpose(1, 4)\n",
    ),
    "data-dependent": Entry(
        "what happens depends on the numbers in a tensor",
        "Reading a program knows the sizes of tensors and none of their numbers. A condition, a loop, a size or an "
        "index that depends on the numbers of an image cannot be followed, and other images could make another net "
        "of it.",
        "import torch.nn as nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        if x:\n"
        "            return x\n        return -x\n",
    ),
    "not-a-notebook": Entry(
        "the file ends in .ipynb and is no notebook",
        "A notebook is a text in JSON with a list of cells, and this one is something else: it may have been cut "
        "off, or the page that shows it was saved in its place. Save it again in Jupyter.",
        '{"cells": [\n',
    ),
    "names-assumed": Entry(
        "a name that the program does not import is taken for what it usually is",
        "Pieces of programs are often pasted without their imports. Names that are always the same, such as `nn`, `F`, "
        "`layers` and `tf`, are then taken for what they usually mean, and the warning says for what.",
        "model = nn.Sequential(nn.Linear(784, 10))\n",
    ),
    "noise-left-out": Entry(
        "a model draws random numbers as it is called, and they are taken as 0",
        "A variational autoencoder adds noise to what it has found about an image: `mu + eps * std`. Sizes, weights "
        "and multiply-adds do not depend on the noise. A run takes 0 for it, the mean of `randn`, so that one image "
        "always gives the same result.",
        "import torch\nfrom torch import nn\n\n\nclass Noisy(nn.Module):\n    def forward(self, x):\n"
        "        return x + torch.randn_like(x)\n\n\nnet = Noisy()\nnet(torch.zeros(1, 4))\n",
    ),
    "training-unclear": Entry(
        "a line says which weights training changes, and it depends on something that is not read",
        "`requires_grad = False` in PyTorch and `trainable = False` in Keras freeze weights. Where the condition above "
        "it, or the value that is set, comes from a library that is not read here, nobody knows which weights are "
        "meant. Sizes, params and MACs do not depend on it; the counts of trainable and of frozen params do, and are "
        "those without this line. Write the condition with Python's own words: `if name.startswith('layer1')`.",
        "import re\nfrom torch import nn\n\nnet = nn.Sequential(nn.Linear(8, 4), nn.Linear(4, 2))\n"
        "for name, p in net.named_parameters():\n    if re.match('0', name):\n        p.requires_grad = False\n",
    ),
    "model-kept": Entry(
        "the name of the model is assigned to once more, and what it is then is not known",
        "Programs load their model again after training, or hand it to a function that wraps it. What a file or "
        "another library makes of it cannot be read, so the model is kept as it was before that line. Where that line "
        "adds layers, the figures are those without them.",
        "from keras import layers, models\n\nmodel = models.Sequential([layers.Input((8,)), layers.Dense(4)])\n"
        "model = models.load_model('best.keras')\n",
    ),
}
