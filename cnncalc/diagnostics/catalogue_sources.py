"""The rules for what may be given as MODEL: a readable file that holds text.

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
    "no-permission": Entry(
        "the file exists, but its permissions forbid reading it",
        "The operating system refused to open the file. Its owner can allow it with `chmod u+r FILE`.",
        "cnncalc summary secret.txt   # a file of somebody else",
    ),
    "cannot-read": Entry(
        "the operating system failed to read the file",
        "The file could be found but not read: a broken disk, a network folder that is gone, a name that is too long. "
        "The message repeats what the system said.",
        "cnncalc summary " + "long-name-" * 4 + "...",
    ),
    "file-too-large": Entry(
        "the file is far larger than the text of any network",
        "A network of ten thousand lines takes about 300 kB; anything above 5 MB is a file of weights, a picture or a "
        "mistake. It is refused before it fills the memory.",
        "cnncalc summary vgg16_weights.h5",
    ),
    "binary-file": Entry(
        "the file holds binary data, not text",
        "Text never contains a zero byte; pictures, weights and archives do. Give the text file that describes the "
        "network. Pictures belong to `cnncalc run MODEL --image PICTURE`.",
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
}
