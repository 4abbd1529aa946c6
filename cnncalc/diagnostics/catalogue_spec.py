"""The rules for reading a text: words, numbers, matrices, answers, blocks, and what is no model text at all."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    # ---------------------------------------------------------------- the text as a whole
    "empty-text": Entry(
        "the text holds nothing",
        "A model is a plain text with one layer a line. The file that was given is empty, or holds only spaces and "
        "blank lines. Begin with the size of the picture, for example `input 28x28x1`.",
        "\n",
    ),
    "text-too-long": Entry(
        "the text is longer than any model needs",
        "At most a million characters are read, so that a wrong file is refused at once instead of after minutes. "
        "Repeated layers are written once, as a block or with `times`.",
        "# " + "a" * 1_000_000,
    ),
    "line-too-long": Entry(
        "one line is longer than any layer needs",
        "At most 20,000 characters are read on one line. A large matrix may go on over many lines: a new line ends a "
        "row just as `;` does.",
        "input 28x28x1\nconv " + "1" * 20_000,
    ),
    "too-many-faults": Entry(
        "too much is wrong, so the rest is not read",
        "Every independent fault is reported, up to a hundred. Fix the first ones; many of the others often go with "
        "them. A file with this many faults may also be in another notation.",
        "input 28x28x1\n" + "conv 6,\n" * 101,
    ),
    "pasted-python": Entry(
        "the text is Python code, where a text in cnncalc's own language is needed",
        "Models in PyTorch and Keras programs are read by `summary`, `run`, `explain` and the other commands that take "
        "MODEL. `fmt` and homework keys take only cnncalc's own language: `cnncalc convert net.py --to spec` writes a "
        "program's model in it.",
        "import torch.nn as nn\nconv = nn.Conv2d(1, 6, 5)",
    ),
    "pasted-shorthand": Entry(
        "the text is a net in shorthand, where a text in cnncalc's own language is needed",
        "Every command that takes MODEL reads shorthand: `cnncalc summary 784-32C5-P2-10`. `fmt` and homework keys "
        "take only our own language: `cnncalc convert 784-32C5-P2-10 --to spec` writes the net in it.",
        "784-32C5-P2-10",
    ),
    "pasted-layer-list": Entry(
        "the text is a list of layers, where a text in cnncalc's own language is needed",
        "Lists such as `[64, 64, 'M', 128, 'M']` are read by every command that takes MODEL. `fmt` and homework keys "
        "take only our own language: `cnncalc convert FILE --to spec` writes the net in it.",
        "[64, 64, 'M', 128, 'M']",
    ),
    "pasted-notebook": Entry(
        "the text is a Jupyter notebook, where a text in cnncalc's own language is needed",
        "Models in notebooks are read by every command that takes MODEL: `cnncalc summary net.ipynb:model`. `fmt` and "
        "homework keys take only our own language: `cnncalc convert net.ipynb:model --to spec` writes it.",
        '{"cells": [{"cell_type": "code", "source": ["import keras"]}], "nbformat": 4}',
    ),
    "pasted-summary": Entry(
        "the text is a printed model summary",
        "A summary as Keras or torchsummary print it shows results, not how they came about: strides, padding and "
        "kernel sizes are missing, and several nets would give the same table. Write the layers themselves.",
        'Model: "sequential"\n_________________________________\nLayer (type)   Output Shape   Param #',
    ),
    "pasted-yaml": Entry(
        "the text is YAML",
        "Lists with `-` and names with `:` belong to YAML. A model text has one layer a line, with the layer word "
        "first and its sizes after it.",
        "backbone:\n  - [-1, 1, Conv, [64, 6, 2, 2]]",
    ),
    "pasted-darknet": Entry(
        "the text is a Darknet configuration, where a text in cnncalc's own language is needed",
        "Every command that takes MODEL reads .cfg files: `cnncalc summary yolov3.cfg`. `fmt` and homework keys take "
        "only our own language: `cnncalc convert yolov3.cfg --to spec` writes the net in it.",
        "[net]\nwidth=416\n[convolutional]\nfilters=32",
    ),
    "pasted-prototxt": Entry(
        "the text is a Caffe prototxt, where a text in cnncalc's own language is needed",
        "Every command that takes MODEL reads prototxt files: `cnncalc summary deploy.prototxt`. `fmt` and homework "
        "keys take only our own language: `cnncalc convert deploy.prototxt --to spec` writes the net in it.",
        'name: "LeNet"\nlayer {\n  type: "Convolution"\n}',
    ),
    "pasted-keras-json": Entry(
        "the text is the configuration of a Keras model, where a text in cnncalc's own language is needed",
        "Every command that takes MODEL reads what Keras' `model.to_json()` writes: `cnncalc summary model.json`. "
        "`fmt` and homework keys take only our own language: `cnncalc convert model.json --to spec` writes the net "
        "in it.",
        '{"class_name": "Sequential", "config": {"name": "net", "layers": []}}',
    ),
    "pasted-torch-print": Entry(
        "the text is what PyTorch's print(model) shows, where a text in cnncalc's own language is needed",
        "Every command that takes MODEL reads such prints, with the size of the image: `cnncalc summary print.txt "
        "--input 32x32x3`. `fmt` and homework keys take only our own language: `cnncalc convert print.txt --to spec` "
        "writes the net in it.",
        "Sequential(\n  (0): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))\n  (1): ReLU()\n)",
    ),
    "pasted-json": Entry(
        "the text is JSON, but not ours",
        'A net that this program has written as JSON begins with `{"cnncalc_model": 1`. Any other JSON says nothing '
        "that could be understood here.",
        '[{"layer": "conv"}]',
    ),
    "pasted-html": Entry(
        "the text is a web page",
        "The file begins as a web page does. Perhaps a link was saved instead of the text that it shows: open the page "
        "and save the model itself as plain text.",
        "<!DOCTYPE html>\n<html></html>",
    ),
    "pasted-binary": Entry(
        "the file is not a text",
        "It holds control characters that no text has. Perhaps it is a picture, saved weights or a word processor's "
        "document. A model is a plain text file.",
        "PK\x03\x04",
    ),
    # ---------------------------------------------------------------- words and marks
    "missing-word": Entry(
        "the line does not start with a layer word",
        "Every line starts with a layer word such as `conv`, or with a label and a layer word: `c1: conv 6 5x5`. "
        "Options, quoted texts and matrices come after it.",
        "input 28x28x1\nc1:",
    ),
    "unexpected-word": Entry(
        "a word follows where the line should have ended",
        "Some lines take nothing more: `end`, `split`, `branch`, `repeat N`. The word that is marked probably belongs "
        "on a line of its own.",
        "input 28x28x1\nsplit conv 6 5x5\nbranch\nbranch\njoin add",
    ),
    "stray-comma": Entry(
        "there is a comma between words",
        "Words are separated by spaces alone: `conv 6 5x5`. Commas belong inside a number (`1,000`), between the four "
        "sides of a padding (`0,1,0,1`), and in brackets.",
        "input 28x28x1\nconv 6, 5x5",
    ),
    "stray-equals": Entry(
        "a `=` has no name before it",
        "An option is a name, `=` and a value: `stride=2`. Here the name is missing.",
        "input 28x28x1\nconv 6 5x5 [1 2] = 2",
    ),
    "option-without-value": Entry(
        "an option has a name and `=`, but no value",
        "An option is a name, `=` and a value: `stride=2`. Nothing that could be a value follows here.",
        "input 28x28x1\nconv 6 5x5 stride=",
    ),
    "unclosed-quote": Entry(
        "a quoted text has no closing quote",
        'A title is written between two quotes on one line: `title "LeNet-5"`. Inside it `\\"` is a quote.',
        'title "LeNet-5\ninput 28x28x1',
    ),
    "unclosed-bracket": Entry(
        "a `(` is never closed",
        "A bracket that opens must be closed on the same line, as in `(28, 28, 6)` or `2*($in+1)`.",
        "input (28, 28, 1",
    ),
    "unexpected-bracket": Entry(
        "a bracket closes that was never opened",
        "There is a `)` or `]` too many on this line, or its `(` or `[` is missing.",
        "input 28x28x1\nconv 6 5x5)",
    ),
    # ---------------------------------------------------------------- numbers and matrices
    "bad-number": Entry(
        "something that is not a number is written where one is expected",
        "Numbers are written `7600`, `7,600`, `7_600`, `0.5`, `1.2e6`, `500K` or `138M`; in matrices also `-2` and "
        "`1/9`. Inside brackets a comma separates numbers, so digits cannot be grouped there.",
        "input 28x28x1\nconv 6 5x5 => 24x24x6 params many",
    ),
    "number-too-long": Entry(
        "a number has more than 18 digits",
        "No size and no count of any net is as large as that; probably a key was held down, or two numbers have run "
        "together.",
        "input 28x28x1\nconv 1234567890123456789 5x5",
    ),
    "power-not-read": Entry(
        "a power is written with `^` or `**`",
        "Sizes are whole numbers, and the arithmetic that is read has + - * / // and %. Write the number out, as "
        "`1000` or `1e3`.",
        "input 28x28x1\nconv 6 5x5 same times 10^2",
    ),
    "missing-count": Entry(
        "`times` or `repeat` has no number",
        "`times 3` and `repeat 3` say how often. The number may come from a block's parameter: `times $n`, where 0 "
        "leaves the line out.",
        "input 28x28x1\nconv 6 5x5 times",
    ),
    "unclosed-matrix": Entry(
        "a `[` is never closed",
        "A matrix may go on over several lines, which are its rows, until `]` closes it. Here the rows end, or "
        "something else begins, before that.",
        "filter f = [1 2\n3 4\ninput 28x28x1",
    ),
    "empty-matrix": Entry(
        "a matrix holds no numbers",
        "Between `[` and `]` are rows of numbers; a row ends with `;` or a new line: `[1 2; 3 4]`.",
        "filter f = []\ninput 28x28x1",
    ),
    "ragged-matrix": Entry(
        "rows or channels differ in size",
        "All rows of a matrix have the same length, and several matrices in a row, which are channels, all have the "
        "same size. Count the numbers of the row that is marked.",
        "filter f = [1 2; 3]\ninput 28x28x1",
    ),
    "bad-matrix": Entry(
        "brackets or commas of a matrix make no sense",
        "Write rows with `;` between them, or as Python does with inner brackets, `[[1, 2], [3, 4]]`, but not both in "
        "one place, and with a number between any two commas.",
        "filter f = [1,,2]\ninput 28x28x1",
    ),
    "missing-matrix": Entry(
        "`filter` or `data` is not followed by a matrix",
        "These lines give a matrix a name: `filter blur = 1/9 * [1 1 1; 1 1 1; 1 1 1]`.",
        "filter f = 3\ninput 28x28x1",
    ),
    # ---------------------------------------------------------------- names
    "missing-name": Entry(
        "a name is missing",
        "After `from` comes the label of a line, after `block`, `filter` and `data` the name that is defined, after "
        "`answer` the number of the question and the line it is about.",
        "input 28x28x1\nconv 6 5x5 from",
    ),
    "bad-name": Entry(
        "this cannot be a name",
        "Names of lines, blocks, parameters and matrices begin with a letter and go on with letters, digits, `_` and "
        "`-`; that of a line may have dots: `layer1.0.conv1`. A question's place is a label, a dot and what is asked: "
        "`conv2.rf`.",
        "input 28x28x1\n1a: conv 6 5x5",
    ),
    "reserved-name": Entry(
        "this name has a meaning already",
        "A block cannot be called `end` or `split`, since those words mean something at the start of a line, and a "
        "parameter or a `let` cannot be called `in`, since `$in` is the number of channels that arrive.",
        "block end\nconv 6 5x5\nend\ninput 28x28x1",
    ),
    "said-twice": Entry(
        "the same thing is said twice",
        "A file has one title and one total, a line one `from` and one `times`, and each quantity is answered once. "
        "Keep the one that is meant.",
        'title "a"\ntitle "b"\ninput 28x28x1',
    ),
    "label-not-here": Entry(
        "a label is written before a line without a result",
        "Labels name the result of a layer, a block's call or a `join`. Lines such as `end`, `split` or `title` have "
        "no result.",
        'a: title "LeNet"\ninput 28x28x1',
    ),
    "bad-directive": Entry(
        "a line about the whole file lacks its value, or has one that is unknown",
        "`title` and `homework` take a text, `order` takes channels_last or channels_first, `count` takes keras or "
        "torch, `epsilon` a number, `output` takes labels.",
        "order last\ninput 28x28x1",
    ),
    # ---------------------------------------------------------------- blocks, repeats, branches
    "unclosed-block": Entry(
        "a block has no `end`",
        "The lines from `block NAME` to `end` are the block. Without `end` nobody can know where it stops, and all "
        "that follows belongs to it.",
        "block two\nconv 6 5x5\ninput 28x28x1",
    ),
    "unclosed-repeat": Entry(
        "a repeat has no `end`",
        "The lines from `repeat N` to `end` are written out N times. Without `end` nobody can know which lines "
        "are meant.",
        "input 28x28x1\nrepeat 2\nconv 6 5x5",
    ),
    "unclosed-split": Entry(
        "a split has no `join`",
        "After `split` and its branches a line `join add`, `join concat` or `join mul` brings the branches together.",
        "input 28x28x1\nsplit\nbranch\nconv 6 5x5 same\nbranch",
    ),
    "unclosed-if": Entry(
        "an `if` has no `end`",
        "The lines from `if` to `end` count only where the condition holds; `else if` and `else` may come between "
        "them. Each `if` needs one `end`, however many `else if` it has.",
        "input 28x28x1\nif $in == 1\nconv 6 5x5",
    ),
    "missing-condition": Entry(
        "`if` is not followed by a condition",
        "A condition compares two numbers or words: `if $stride == 1`, `else if $in > 64 and $act == relu`. What is "
        "left when no condition holds follows a plain `else`.",
        "input 28x28x1\nif\nconv 6 5x5\nend",
    ),
    "unexpected-else": Entry(
        "an `else` has no `if`, or comes after the last one",
        "`else if COND` and `else` come between an `if` and its `end`; the plain `else` comes last, since it takes "
        "all that is left. Other languages write `elif` for `else if`, and brackets or a colon around the condition; "
        "here it is `else if $stride == 2`.",
        "input 28x28x1\nelse",
    ),
    "unexpected-end": Entry(
        "an `end` has nothing to end",
        "`end` closes a block, a repeat or an `if`. Here none is open: there is an `end` too many, or the line that "
        "should open the block is missing. A split is closed by `join`.",
        "input 28x28x1\nend",
    ),
    "unexpected-branch": Entry(
        "a `branch` has no split",
        "`branch` begins one of the paths of a `split`; a block or repeat that was opened inside must be ended first.",
        "input 28x28x1\nbranch",
    ),
    "unexpected-join": Entry(
        "a `join` has no split",
        "`join` closes a `split`. To join lines by their labels, write `add a b`, `concat a b` or `mul a b`.",
        "input 28x28x1\njoin add",
    ),
    "outside-branch": Entry(
        "there is a line between `split` and the first `branch`",
        "Every line between `split` and `join` belongs to a branch. Write `branch` above it, or move it before "
        "`split`.",
        "input 28x28x1\nsplit\nconv 6 5x5 same\nbranch\nbranch\njoin add",
    ),
    "too-few-branches": Entry(
        "a split has fewer than two branches",
        "A join brings at least two branches together. The shortcut of a residual block is a branch too: an empty one.",
        "input 28x28x1\nsplit\nbranch\nconv 1 5x5 same\njoin add",
    ),
    "unknown-join": Entry(
        "`join` does not say how, or in a way that is unknown",
        "Branches are joined by `add` (sum), `concat` (channels side by side) or `mul` (product); post words may "
        "follow: `join add relu`.",
        "input 28x28x1\nsplit\nbranch\nbranch\njoin",
    ),
    "nested-too-deeply": Entry(
        "more than 50 blocks, repeats, splits and ifs are inside each other",
        "No net needs that; probably `end` or `join` is missing many times over. Blocks that call blocks may be 50 "
        "deep, and 150 levels in all.",
        "input 28x28x1\n" + "repeat 2\n" * 51 + "end\n" * 51,
    ),
    "not-inside": Entry(
        "this line cannot be inside a block, repeat or branch",
        "What is said about the whole file (title, order, output, total, answers, filters, data, and blocks "
        "themselves) is written outside of every block, repeat and branch.",
        'block two\ntitle "a"\nconv 6 5x5\nend\ninput 28x28x1',
    ),
    # ---------------------------------------------------------------- answers
    "nothing-asked": Entry(
        "`=>` is not followed by an answer",
        "After `=>` comes a shape, a named count such as `params 156`, or `?` for a question that is still open. A "
        "`total` line always has one.",
        "input 28x28x1\nconv 6 5x5 =>",
    ),
    "unknown-quantity": Entry(
        "nothing of this name can be asked",
        "What can be asked is shape, params, macs, flops, size, rf, buffers, weights, connections and values.",
        "input 28x28x1\nconv 6 5x5 => 24x24x6 parms 156",
    ),
    "answer-needs-name": Entry(
        "a number does not say what it counts",
        "Only the shape, which comes first, is written without a name. Every count is named: `params 156 macs 117600`; "
        "on the `total` line all are.",
        "input 28x28x1\nconv 6 5x5 => 24x24x6 156",
    ),
    "missing-value": Entry(
        "a quantity is named without a value",
        "After `params` and the like comes a number, after `values` a matrix, after `worth` the points, after "
        "`let NAME =` the value of the name. Write `?` to leave a question open.",
        "input 28x28x1\nconv 6 5x5 => params",
    ),
    "bad-shape": Entry(
        "this is not a shape",
        "Shapes are written `28x28x6`, `28 x 28 x 6` or `(28, 28, 6)`; a batch axis in front, `(None, 28, 28, 6)` or "
        "`[-1, 28, 28, 6]`, is dropped.",
        "input 28x28x1\nconv 6 5x5 => (24, many, 6)",
    ),
    "bad-answer": Entry(
        "something that is no answer follows `=>`",
        "Answers come as a shape and then named counts; `each`, `all` and `worth` may follow. Anything else belongs "
        "before `=>`, or after a `#` as a comment.",
        'input 28x28x1\nconv 6 5x5 => "24x24x6"',
    ),
    "answer-not-here": Entry(
        "there are answers on a line without a result",
        "A shape or a count can be asked of a layer, of a block's call, of a `join` and of the `total`. Lines such as "
        "`split` or `title` have none.",
        "input 28x28x1\nsplit => 28x28x1\nbranch\nbranch\njoin add",
    ),
    "worth-without-answer": Entry(
        "there are more points than answers",
        "`worth 1 2` gives one number of points to each answer of the line, in order. Here points are left over.",
        "input 28x28x1\nconv 6 5x5 => 24x24x6 worth 1 2",
    ),
}
