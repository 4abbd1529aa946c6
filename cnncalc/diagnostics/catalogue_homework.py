"""The rules for checking homework: what a table of answers may be and where its rows belong.

An example here is a command line, since no line of a model can break these rules; a comment says what the file is.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "nothing-to-check": Entry(
        "there is no answer that could be checked",
        "Answers stand behind a line after `=>`, on a `total` line or on an `answer` line; `?` asks without answering. "
        "With --answers they come from a table, which must answer something about the lines of the network.",
        "cnncalc check lenet.txt   # a model without answers",
    ),
    "answers-not-a-table": Entry(
        "the file given with --answers is no table",
        "A table is CSV (commas, semicolons or tabs), Markdown, or what Keras' summary(), torchsummary or torchinfo "
        "print. CSV and Markdown need a first line with headings, such as layer, shape, params.",
        "cnncalc check net.txt --answers essay.txt",
    ),
    "answers-too-long": Entry(
        "the table has far more rows, or a far longer line, than a network has layers",
        "A table of answers has one row for each layer. A file of thousands of rows is a log, a data set or a mistake; "
        "it is refused before any time is spent on it.",
        "cnncalc check net.txt --answers training-log.csv",
    ),
    "no-such-line": Entry(
        "a row of the table belongs to no line of the network",
        "Rows are matched by label, by name (conv1, dense2), by the kind of layer that a print names, or in order when "
        "the names mean nothing here. What fits nowhere is reported and not judged.",
        "cnncalc check net.txt --answers table.csv   # with a row for conv9",
    ),
    "answered-twice": Entry(
        "two rows of the table answer the same question",
        "The first row counts and the later one is left out, so that nobody can answer twice and be right once. Keep "
        "one row for each layer.",
        "cnncalc check net.txt --answers table.csv   # with two rows for conv1",
    ),
    "more-of-the-same": Entry(
        "there are more faults like those shown above",
        "Only the first faults of a table are shown one by one, so that a wrong file does not flood the screen. Mend "
        "those and check again to see the rest.",
        "cnncalc check net.txt --answers other-network.csv",
    ),
    "cannot-watch": Entry(
        "standard input cannot be watched for changes",
        "--watch looks at a file again and again and checks it whenever it was saved. What comes through a pipe comes "
        "once. Save it in a file first.",
        "cnncalc check - --watch",
    ),
}
