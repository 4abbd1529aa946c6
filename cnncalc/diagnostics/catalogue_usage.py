"""The rules of the command line itself: commands, options and values that exist.

An example here is a command line that earns the code.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "unknown-command": Entry(
        "the first word is not a command of cnncalc",
        "`cnncalc COMMAND` begins with one of the commands that `cnncalc --help` lists. The name of a network comes "
        "after the command: `cnncalc summary lenet5`, not `cnncalc lenet5`.",
        "cnncalc sumary lenet5",
    ),
    "no-such-option": Entry(
        "the command has no option of this name",
        "Options begin with `--`; `cnncalc COMMAND --help` lists those of a command. The message offers the option "
        "whose name comes close, or names the commands that have it.",
        "cnncalc run lenet5 --imgae digit.png",
    ),
    "missing-argument": Entry(
        "the command was given too few words",
        "A word in capitals in the usage line of `cnncalc COMMAND --help` must be given, unless it is in brackets.",
        "cnncalc summary",
    ),
    "extra-argument": Entry(
        "the command was given more words than it takes",
        "Most commands take one network. A name with spaces must be in quotes, or the shell makes several words of it.",
        "cnncalc summary lenet5 vgg16",
    ),
    "value-not-given": Entry(
        "an option that needs a value is the last word, or is followed by nothing",
        "An option with a word in capitals after its name needs a value: `--image FILE` is written "
        "`--image digit.png` or `--image=digit.png`.",
        "cnncalc run lenet5 --image",
    ),
    "wrong-value": Entry(
        "the value of an option is not one that it takes",
        "Some options take one of a few words, others a number between limits, others a share like 0.5, 1/2 or 50%. "
        "`cnncalc COMMAND --help` says which.",
        "cnncalc summary lenet5 --format tabel",
    ),
    "option-does-not-fit": Entry(
        "an option of `convert` does not go with the notation, or with where the result goes",
        "`--opset` and `--external` are about ONNX alone; weights and a proof need a notation that holds a whole "
        "network and is read again, which a diagram and a page do not; and a second file needs a name, which it gets "
        "from that of the first: `-o FILE`.",
        "cnncalc convert lenet5 --to json --opset 17",
    ),
    "not-written": Entry(
        "a part of the network that no output needs is not in what `convert` writes",
        "PyTorch, Keras, ONNX and Darknet compute what an output needs, so a line that leads to none is left out, and "
        "so is a module that a program makes and never calls. Totals and the proof are then those of what is written. "
        "Name the line in `output` to keep it.",
        "cnncalc convert two_ends.txt --to torch  # input 8x8x3, a: conv 4 3x3, conv 8 3x3, output a",
    ),
    "other-epsilon": Entry(
        "a .cfg is written without weights, and its batch norms add another number to a variance than the network's",
        "Darknet adds 1e-06 and has no option for it, most frameworks add 1e-05 or more. Where weights are written, "
        "too, the variances in them are larger by the difference, so that the network computes the same.",
        "cnncalc convert resnet18 --to darknet",
    ),
    "answers-kept": Entry(
        "a text is written with another input size or setting, and its answers are as before",
        "What follows `=>` is its author's: `convert` writes it again and never computes it. With another size "
        "most shapes and counts are other ones, so `cnncalc check` of what is written marks them wrong.",
        "cnncalc convert lenet5 --input 28 --to spec",
    ),
    "not-printed": Entry(
        "a network has weights, or states numbers, that the printed text does not hold",
        "A text that is printed has no second file for weights. With `-o FILE` they are written next to it, under the "
        "names that the written network has for them.",
        "cnncalc convert mnist-convnet --to torch",
    ),
    "two-formats": Entry(
        "the command was asked for two formats at once",
        "`--json` is the same as `--format json`, so it cannot be given with another format. A command prints one "
        "format; run it twice to have both.",
        "cnncalc summary lenet5 --json --format csv",
    ),
    "unknown-shell": Entry(
        "there is no completion for this shell, or it cannot be set up by itself",
        "`cnncalc --install-completion` completes command lines with the Tab key in bash, zsh, fish and PowerShell. "
        "It finds out from which of them it was called; `cnncalc --show-completion SHELL` prints the script for one.",
        "cnncalc --install-completion tcsh",
    ),
}
