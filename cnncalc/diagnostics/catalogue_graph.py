"""The rules for making a net of the lines of a text: words, values, names, blocks and their bounds."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "unknown-word": Entry(
        "a word that is neither a layer, a block of this file nor anything that may be written here",
        "Every line begins with a layer word (`cnncalc explain words` lists them) or with the name of a block "
        "defined in the same file; after it come its sizes, its options and post words such as `bn` and `relu`. "
        "The message offers the nearest word it knows. Upper and lower case make no difference.",
        "input 28x28x1\nconvv 6 5x5",
    ),
    "unknown-option": Entry(
        "the layer or block has no option of this name",
        "Options are written `name=value`. Every spelling that Keras, PyTorch or the slides use is read when it "
        "can mean only one thing; a name that is near but unknown is never guessed, since a wrong guess would "
        "change the numbers silently.",
        "input 28x28x1\nconv 6 5x5 strid=2",
    ),
    "wrong-operand": Entry(
        "a value of another kind is expected here",
        "Counts are whole numbers, sizes are written `5x5` (height x width) or `5`, a padding is valid, same, "
        "full or the rows a side. The message says what is expected at this place and what was found.",
        "input 28x28x1\nconv 5x5 6",
    ),
    "missing-operand": Entry(
        "the layer or block lacks a value that it needs",
        "A convolution needs the number of its filters and the size of its kernel, a dense layer its units, a "
        "block every parameter that has no default. Nothing is guessed: without the number there is no shape.",
        "input 28x28x1\nconv 6",
    ),
    "too-many-operands": Entry(
        "there is one value more than the layer or block takes",
        "The words after a layer are read in order: first the sizes it needs, then options by name. One value is "
        "left over; often a stride or a padding was meant, which are written `stride=2` and `padding=1`.",
        "input 28x28x1\nconv 6 5x5 2",
    ),
    "given-twice": Entry(
        "the same thing is said twice on one line",
        "Two values for one option cannot both hold. Keep the one that is meant; `same` and `padding=1` are both "
        "paddings.",
        "input 28x28x1\nconv 6 5x5 same padding=1",
    ),
    "number-too-small": Entry(
        "a size, count or stride is smaller than anything that makes sense",
        "Sizes, counts, strides and dilations are at least 1; paddings are at least 0. A dilation of 1 is a "
        "contiguous kernel (some lecture notes call that dilation 0).",
        "input 28x28x1\nconv 6 5x5 stride=0",
    ),
    "number-too-large": Entry(
        "a number is beyond every real network",
        "No size, count, stride or padding may be above 1,000,000,000. The bound keeps a slip of the keyboard, or "
        "a hostile file, from asking for more memory than there is.",
        "input 99999999999x28x1",
    ),
    "inexact-division": Entry(
        "a division leaves a remainder",
        "Sizes and channels are whole numbers, so `$in/2` must divide exactly. Rounding would make a net that is "
        "not the one you meant, so the division is refused and the remainder shown. `$in//2` rounds down, and says "
        "so.",
        "block half\n  conv $in/2 1x1\nend\ninput 28x28x3\nhalf",
    ),
    "not-whole": Entry(
        "arithmetic gives a fraction where a whole number is needed",
        "Sizes and channels are whole numbers, and `0.75*$in` is one only for some `$in`. Say how it is rounded: "
        "`floor(0.75*$in)` down, `ceil(...)` up, `round(...)` to the nearest, `divisible(0.75*$in, 8)` as MobileNet "
        "does it, to a multiple of 8.",
        "input 28x28x1\nconv 0.75*$in 3x3",
    ),
    "unknown-function": Entry(
        "arithmetic calls a function that does not exist",
        "There are `min(a, b)`, `max(a, b)`, `floor(a)`, `ceil(a)`, `round(a)` and `divisible(a, 8)`, which is the "
        "nearest multiple of 8, but never more than 10 % below a.",
        "input 28x28x1\nconv 2*sqrt($in) 3x3",
    ),
    "not-a-condition": Entry(
        "what follows `if` cannot be true or false",
        "A condition compares two numbers or words by `== != < <= > >=`. Conditions are joined by `and`, `or` and "
        "`not`, with brackets where needed: `$stride == 1 and ($in(x) == $width or $in == 64)`.",
        "input 28x28x1\nif $in\n  relu\nend",
    ),
    "unlike-values": Entry(
        "a condition compares a word with a number, or asks which of two words is larger",
        "Two numbers can be compared in every way, two words only by `==` and `!=`. A name without `$` is a word: "
        "`stride == 1` compares the word stride with 1, `$stride == 1` compares its value.",
        "input 28x28x1\nif in == 1\n  relu\nend",
    ),
    "unknown-parameter": Entry(
        "`$name` has no value here",
        "`$name` is a parameter of the block around the line, a constant (`let name = 64` above), the counter of a "
        "repeat (`repeat 3 i` gives `$i`), or `$in`, the channels that arrive. A `let` inside a block or repeat holds "
        "to its end, one outside to the end of the file.",
        "block twice filters\n  conv $filter 3x3\nend\ninput 28x28x1\ntwice 8",
    ),
    "unknown-label": Entry(
        "no line above carries this label",
        "A label is written in front of a line, `skip: conv 64 3x3`, and can be used by the lines below it with "
        "`from skip`, `add skip` or `concat skip`. The labels inside a block are its own; to use one from "
        "outside, pass it as a parameter.",
        "input 28x28x1\nconv 6 5x5 from skip",
    ),
    "unknown-filter": Entry(
        "no filter or data of this name is known",
        "`conv filter=NAME` uses a filter that ships (`cnncalc filters` lists them) or one that the file defines "
        "above the line: `filter blur = 1/9 * [1 1 1; 1 1 1; 1 1 1]`.",
        "data p = [1 2; 3 4]\ninput from p\nconv filter=sharpn",
    ),
    "unknown-data": Entry(
        "the input names data that the file does not define above it",
        "`input from picture` takes its numbers from a line such as `data picture = [0 1; 1 0]`, which must "
        "come above it.",
        "input from picture",
    ),
    "used-twice": Entry(
        "a name is given to two things",
        "A label, a block, a filter and a data matrix each need a name of their own, or a line that uses the name "
        "could mean either.",
        "input 28x28x1\na: conv 6 5x5\na: conv 6 5x5",
    ),
    "name-taken": Entry(
        "a block has the name of a layer",
        "A block called `conv` would change what every `conv` line means. Choose a name that no layer has.",
        "block conv\n  relu\nend\ninput 28x28x1",
    ),
    "recursive-block": Entry(
        "a block calls itself",
        "A block is written out where it is called; one that calls itself, directly or through another, would "
        "never end. Use `times N` or `repeat N` for layers that come several times.",
        "block a\n  a\nend\ninput 28x28x1\na",
    ),
    "too-many-layers": Entry(
        "the file writes out more operations than any real network has",
        "Repeats and blocks are written out, and a net may have 100,000 operations. The number is worked out "
        "before anything is written out, so that `times 1000000000` is refused at once.",
        "input 28x28x1\nrelu times 1000000000",
    ),
    "missing-input": Entry(
        "a layer comes before any `input` line",
        "Shapes are worked out from the picture's size on, so the first layer line says it: `input 28x28x1` is "
        "height x width x channels.",
        "conv 6 5x5",
    ),
    "missing-label": Entry(
        "a joining line has only one result to join",
        "`add a b` joins two labelled lines, `add a` joins the line before with `a`; alone, it has nothing to add.",
        "input 28x28x1\nadd",
    ),
    "empty-model": Entry(
        "the file has no layer",
        "A model needs at least an `input` line. Comments, titles and empty lines are fine but are no layers.",
        "# nothing but a comment",
    ),
    # ---------------------------------------------------------------- spellings and pasted calls
    "python-call": Entry(
        "Python code that is no single call of a layer",
        "A call of PyTorch or Keras with its numbers written out is read, `nn.Conv2d(1, 6, 5)` or `Conv2D(6, 5)`. "
        "Nothing is executed, so a call inside a call, a name whose value is set elsewhere, or a function of your own "
        "cannot be. In our own words: `conv 6 5x5`.",
        "input 28x28x1\nx = F.relu(self.conv1(x))",
    ),
    "two-meanings": Entry(
        "the line could mean two things",
        "Some spellings are read in two ways: `avgpool` alone may have a 2x2 window or take the mean of the whole map, "
        "`LeakyReLU()` has another slope in PyTorch than in Keras. Both ways are written out in the help: choose one.",
        "input 28x28x1\navgpool",
    ),
    "arriving-differs": Entry(
        "the line says that something else arrives",
        "PyTorch's layers say what they read: `nn.Conv2d(3, 64, 3)` reads 3 channels, `nn.Linear(400, 120)` 400 "
        "numbers, and Conv2d a picture. Here these follow from the lines above, so they are only checked. In PyTorch "
        "the net would stop with an error at this layer.",
        "input 28x28x1\nnn.Conv2d(3, 64, 3)",
    ),
    "no-counterpart": Entry(
        "a pasted call has an argument that is not computed here",
        "Nearly all arguments of PyTorch's and Keras' layers are read. One that would change the result and cannot be "
        "said in our words is refused, so that no number is wrong without a word.",
        "input 28x28x1\nnn.MaxPool2d(2, return_indices=True)",
    ),
    "no-such-layer": Entry(
        "a layer of another kind of net",
        "cnncalc computes convolutional nets. Recurrent layers, embeddings and attention are no part of it; the "
        "message gives the formula for their parameters, with the numbers of the line put in where it has them.",
        "input 28x28x1\nlstm 128",
    ),
    "shared-weights-differ": Entry(
        "the weights of a line or block call do not fit the one that wants to share them",
        "`conv 64 3x3 shared=tower` computes with the weights of the line labelled `tower`, so both need the same "
        "layer word, filters, kernel, groups and bias, and as many channels must arrive. The layers of a block call "
        "must be the same one by one. The message names the first that differs. Stride, padding and dilation of a "
        "line are its own, and activations may differ.",
        "input 28x28x3\na: conv 8 3x3 relu\nconv 8 3x3 shared=a",
    ),
    "nothing-to-share": Entry(
        "a layer without weights cannot share any",
        "Only layers with weights share them: convolutions, dense layers, batch norms, prelu and the like. Pools, "
        "activations and joins have none; `explain` says what a layer has.",
        "input 28x28x1\na: conv 8 3x3\nmaxpool 2 shared=a",
    ),
    "shared-with-itself": Entry(
        "a line names itself as the owner of its weights",
        "`shared=` names a line above whose weights are used once more. A line's own weights are its own without a "
        "word.",
        "input 28x28x1\na: conv 8 3x3 shared=a",
    ),
    "joined-with-itself": Entry(
        "a join reads the same result twice",
        "`add res` joins what arrives with the line `res`. Where `res` is the line right above, both are the same, "
        "and the result is two times the line. In a residual block the label is on the line before the block.",
        "input 8x8x4\nres: conv 4 3x3 same\nadd res",
    ),
    "flatten-implied": Entry(
        "a map was flattened before a dense layer",
        "A dense layer reads a flat vector. Where a map arrives it is flattened first, and the table shows the row, "
        "but the text does not: write `flatten` on the line before, or `gap` if you mean one mean a channel.",
        "input 28x28x1\ndense 10",
    ),
    "padding-unsaid": Entry(
        "VGG's spelling of a convolution, without VGG's padding",
        "`conv3-64` is how VGG's paper writes 64 filters of 3x3, and there every such layer pads by 1, so that the "
        "size stays. Here nothing is padded unless the line says so: write `conv3-64 same` for VGG, else `valid`.",
        "input 224x224x3\nconv3-64 relu",
    ),
}
