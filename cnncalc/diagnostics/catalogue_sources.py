"""The rules for what may be given on the command line: MODEL is a readable text, names exist, files fit the net.

An example here is a command line, since no line of a model can break these rules; a comment says what the file is.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "no-such-file": Entry(
        "there is neither a file nor a shipped network of this name",
        "MODEL is a path to a file, `-` for standard input, or the name of a network that ships with cnncalc. A file "
        "wins over a shipped name. The message offers the files and networks whose names come close.",
        "cnncalc summary lenett5",
    ),
    "is-a-directory": Entry(
        "a directory was given where a file is needed",
        "A model is one text file. The message names the text files inside the directory, if there are any.",
        "cnncalc summary .",
    ),
    "entry-not-wanted": Entry(
        "a model is chosen in a file that is no program",
        "`net.py:ResNet18` chooses one of the models that a Python program or a notebook defines. A text in "
        "cnncalc's own language, and any other notation, is one network, so nothing is chosen in it.",
        "cnncalc summary lenet5:LeNet",
    ),
    "no-permission": Entry(
        "the file exists, but its permissions forbid reading it",
        "The operating system refused to open the file. Its owner can allow it with `chmod u+r FILE`.",
        "cnncalc summary secret.txt   # a file of somebody else",
    ),
    "cannot-read": Entry(
        "the operating system failed to read the file",
        "The file could be found but not read: a broken disk, a network folder that is gone, a name that is too long. "
        "The message repeats what the system said.",
        "cnncalc summary $(printf 'long-name-%.0s' {1..30})",
    ),
    "no-size-to-replace": Entry(
        "the net has no input size that --input could replace",
        "`--input SIZE` takes the place of the size on the `input` line. A net that works on a `data` matrix of its "
        "own has none; edit the matrix instead. Of several inputs the first is meant, with all that have its shape; "
        "`--input NAME=SIZE` means the one of that label.",
        "cnncalc summary examples/slides/deck001.txt --input 9x9x1",
    ),
    "unknown-setting": Entry(
        "--set names a constant that the model does not have",
        "`--set NAME=VALUE` gives another value to a line `let NAME = VALUE` of the model, outside of its blocks and "
        "repeats. The message offers the nearest name, or lists them all.",
        "cnncalc summary lenet5 --set classes=10",
    ),
    "wrong-setting": Entry(
        "--set is not followed by a name, `=` and one value",
        "`--set classes=10` sets one constant; several are set by repeating the option. A value is what may "
        'follow `let classes =`: a number, arithmetic, a size or words: `--set act="bn relu"`.',
        "cnncalc summary lenet5 --set classes",
    ),
    "library-missing": Entry(
        "a file can only be read with a library that is not installed",
        "Texts, programs, pictures and plain arrays need no further library. Keras' files (.keras, .h5) need h5py "
        "and ONNX files onnx, the libraries made for these formats; both are installed on request, by `pip "
        "install 'cnncalc[keras]'` and `pip install 'cnncalc[onnx]'`.",
        "cnncalc summary net.keras   # where h5py is not installed",
    ),
    "file-too-large": Entry(
        "the file is far larger than the text of any network",
        "A network of ten thousand lines takes about 300 kB; anything above 5 MB is a log, a data set or a mistake. It "
        "is refused before it fills the memory.",
        "cnncalc summary training.log",
    ),
    "binary-file": Entry(
        "the file is of another kind than the text of a network",
        "What it is is seen from its first bytes, else from the end of its name: a picture, weights, a saved network "
        "of Keras or ONNX, a document, an archive, or a web page that was downloaded in its place. Pictures belong to "
        "`cnncalc run MODEL --image PICTURE`, weights to `--weights FILE`: they hold no layers, so a network is needed "
        "as well.",
        "cnncalc summary cat.png",
    ),
    "not-utf8": Entry(
        "the file is text in another encoding than UTF-8",
        "Old editors save letters like é or ä in Latin-1, where they are bytes that UTF-8 does not allow. The message "
        "points at the first such byte. Save the file as UTF-8, or convert it with iconv.",
        "cnncalc summary old.txt   # saved as Latin-1",
    ),
    "empty-file": Entry(
        "the file has no line that says anything",
        "There is nothing in the file, or only comments. A network starts with an input line such as `input 28x28x1`.",
        "echo '# my network' | cnncalc summary -",
    ),
    "no-such-model": Entry(
        "no network of this name ships with cnncalc",
        "`cnncalc models` lists the networks that ship; `cnncalc models NAME` prints the text of one of them. Your own "
        "files are read by the other commands.",
        "cnncalc models lenett5",
    ),
    "no-such-filter": Entry(
        "there is no built-in filter of this name",
        "`cnncalc filters` lists the image filters that are built in, with what they do and where they are printed. A "
        "model may define its own: `filter NAME = [0 1 0; 1 -4 1; 0 1 0]`.",
        "cnncalc filters sharpn",
    ),
    "unknown-column": Entry(
        "a summary has no column of this name",
        "`--columns` takes names with commas between; with a + in front they are shown next to the usual ones. "
        "`cnncalc summary --help` lists all names.",
        "cnncalc summary lenet5 --columns parms",
    ),
    "unknown-place": Entry(
        "the network has no line, label or layer of this name",
        "`cnncalc explain MODEL` takes the number of a line, a label from the text, or a layer's name such as conv2: "
        "the second conv of the net. `--columns name` shows the names.",
        "cnncalc explain lenet5 conv9",
    ),
    "not-included": Entry(
        "this cannot be included in a text",
        "`include` takes a network that ships, or a text in the language of cnncalc (or its JSON), found from the file "
        "that includes it. Other notations are converted first: `cnncalc convert net.py --to spec -o net.txt`. A text "
        "that is not read as a file of yours, such as a submission, includes nothing. Of a faulty file outside the "
        "folder of the text that includes it only the place of the fault is named: none of its lines is shown.",
        "printf 'include .' | cnncalc summary -",
    ),
    "include-of-itself": Entry(
        "a text includes itself, or one that leads back to it",
        "An include is replaced by the lines of the text that it names, so a circle of them would never end. The note "
        "shows the way that leads back.",
        "cnncalc summary circle.txt",
    ),
    "include-too-much": Entry(
        "too many texts are included, or too deep in each other",
        "A network may be made of 100 texts with 2,000,000 characters together, and texts may include one another to a "
        "depth of 16. Nobody writes more by hand.",
        "cnncalc summary deep0.txt",
    ),
    "included-outputs": Entry(
        "an included network has several outputs",
        "An include gives one result. Of a network with several outputs, such as a detector, the line says with "
        "which of its lines the included part ends: `until=LABEL`.",
        "printf 'include googlenet-aux' | cnncalc summary -",
    ),
    "included-inputs": Entry(
        "an included network has several inputs",
        "What arrives at an include takes the place of the network's `input` line, of which there must be one. Written "
        "as the first line, an include keeps its inputs, however many there are.",
        "printf 'input 8x8x1\\ninclude pair.txt' | cnncalc summary -",
    ),
    "included-channels": Entry(
        "an included network takes other channels than arrive",
        "What arrives at an include takes the place of the network's `input` line. Its size may be another one, since "
        "convolutions take any, but its channels and its number of axes must be those of the line.",
        "printf 'input 28x28x1\\ninclude resnet18' | cnncalc summary -",
    ),
    "nothing-to-explain": Entry(
        "this is no network and no word of the manual",
        "`cnncalc explain` takes a file, a shipped network, a word of the language or of the field, the name of a "
        "mistake, or the code that an error shows in brackets. The message offers the nearest of them, and `cnncalc "
        "explain` alone lists all.",
        "cnncalc explain maxpol",
    ),
    "unknown-notation": Entry(
        "networks cannot be written in this notation",
        "`--to spec` writes our own language, `--to json` a JSON that every program can read. Both are read again by "
        "all commands.",
        "cnncalc convert lenet5 --to yaml",
    ),
    "cannot-write": Entry(
        "the file cannot be written",
        "The folder does not exist, it or the file may not be written to, a link leads to nothing, or the disk is "
        "full. What was there before is unchanged: files are written next to their place and renamed when they are "
        "whole.",
        "cnncalc convert lenet5 --to json -o nowhere/lenet5.json",
    ),
    "not-a-file": Entry(
        "an output would replace something that is no file",
        "A device such as /dev/null, a pipe, a socket and a folder are never replaced by a file, by whatever link they "
        "are reached. Leave the option out to print the result, or give the name of a file.",
        "cnncalc convert lenet5 --to json -o /dev/null",
    ),
    "output-is-input": Entry(
        "an output would replace a file that the same command reads",
        "The model, the pictures, the weights, the key and the submissions of a command are never written over by it, "
        "also where the output's name is a link to one of them. Give the output another name.",
        "cnncalc convert model.txt --to json -o model.txt",
    ),
    "file-exists": Entry(
        "a file or a folder exists already and would be lost",
        "Grades, sheets and results are replaced when the same command is run again, and a text that would come out "
        "the same counts as nothing lost. Any other file is kept, since it may be your own work; `run --save` keeps "
        "every file. Give another name, or `--force` to replace it; a folder with other things in it is always kept.",
        "cnncalc convert lenet5 --to spec -o my-own-network.txt",
    ),
    "library-not-loaded": Entry(
        "numpy, numba or another library that the command needs cannot be loaded",
        "Networks are run with libraries that were installed together with cnncalc. One of them is missing or "
        "damaged, or the system gives this program too little memory to load it. The message repeats what was said.",
        "ulimit -v 200000; cnncalc run lenet5 --image digit.png",
    ),
    "out-of-memory": Entry(
        "the computer has not enough memory for what was asked",
        "A network's maps and weights, or a picture, take more memory than the system gives this program. Give a "
        "smaller input or a smaller batch, or close other programs.",
        "ulimit -v 100000; cnncalc run vgg16 --image photo.jpg",
    ),
    "input-not-needed": Entry(
        "a picture was given to a network whose input is in its text",
        "`input from NAME` takes the numbers of a `data` matrix of the same file, so nothing else can be put in. Write "
        "a size on the input line to run the network on pictures.",
        "cnncalc run by_hand.txt --image photo.jpg   # it says: input from picture",
    ),
    "several-inputs": Entry(
        "the network has several inputs, so one picture is not enough",
        "Each input line needs numbers of its own. A .npz file holds one array for each, under the label or the name "
        "of its line.",
        "cnncalc run two_inputs.txt --image photo.jpg",
    ),
    "comment-hides-layers": Entry(
        "a text on one line has a comment with a `;` in it",
        "A comment goes from `#` to the end of its line. In a text on one line, where `;` parts the layers, it would "
        "take all layers that follow with it. Leave it out, or write each layer on its own line.",
        "cnncalc summary 'input 8x8x1; conv 3 3x3;# edges; relu; dense 3'",
    ),
    "wrong-number": Entry(
        "an option holds something that is not a number",
        "--scale, --mean and --std take one number, or one for each channel with commas between. Fractions such as "
        "1/255 are read too.",
        "cnncalc run lenet5 --image digit.png --mean half",
    ),
    "labels-do-not-fit": Entry(
        "the file of class names has another number of lines than the network has outputs",
        "Labels are read one a line, in the order of the outputs. A missing or an extra line would give every class "
        "after it the wrong name. An empty line counts as one, except at the end of the file.",
        "cnncalc run lenet5 --image digit.png --labels imagenet.txt   # 1000 names for 10 outputs",
    ),
}
