"""The rules for checking homework: what a table of answers may be and where its rows belong.

An example here is a command line, since no line of a model can break these rules; a comment says what the file is.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "nothing-to-check": Entry(
        "there is no answer that could be checked",
        "Answers are written after a line and `=>`, on a `total` line or on an `answer` line; `?` asks without "
        "answering. With --answers they come from a table, which must answer something about the lines of the network.",
        "cnncalc check lenet.txt   # a model without answers",
    ),
    "answer-wrong": Entry(
        "an answer that is written in the text is not right",
        "An editor marks it, as a table does with a cross. What is right is not said there unless the settings of the "
        "editor ask for it: students have the same editor as their teachers. `cnncalc check` gives hints.",
        "cnncalc lsp   # with the line `conv 6 5x5 => params 150` in the text",
    ),
    "answers-not-a-table": Entry(
        "the file given with --answers holds no answers",
        "Answers are lines such as `conv1 => 26x26x8 params 80`, or a table: CSV (commas, semicolons or tabs), "
        "Markdown, or what Keras' summary(), torchsummary or torchinfo print. A table needs a line of headings, "
        "such as layer, shape, params, or rows of a name, a shape and a number.",
        "cnncalc check net.txt --answers essay.txt",
    ),
    "answers-noted": Entry(
        "something in the file given with --answers was not understood",
        "A column whose heading means nothing here is not read, a table without headings is read by what its cells "
        "look like, and a text in another encoding may show wrong letters. All else in the file is checked.",
        "cnncalc check net.txt --answers table.csv   # with a column `Foo`",
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
        "the names mean nothing here. What fits no line is reported and not judged; so is a layer of a "
        "program that the key lacks.",
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
        "Only the first faults of a table are shown one by one, so that a wrong file does not fill the screen. Fix "
        "those and check again to see the rest.",
        "cnncalc check net.txt --answers other-network.csv",
    ),
    "no-such-cell": Entry(
        "the result has no number at this address",
        "`--at` counts from 1 and is `row,column` of a map, `row,column,channel` where it has several channels, "
        "`column` of a signal, and the number alone of a flat vector. It is a number of one line's result: "
        "`cnncalc explain FILE LINE --at 2,1`.",
        "cnncalc explain picture.txt edges --at 9,1",
    ),
    "values-unknown": Entry(
        "the numbers that should be worked out are not known",
        "A number is worked out where everything on the way to it is stated in the text: the picture as `data`, every "
        "weight by `filter=`, `weights=` or a layer that has none. What is random, read from a file or very large is "
        "computed by `cnncalc run`.",
        "cnncalc explain lenet5 conv1 --at 1,1",
    ),
    "at-without-steps": Entry(
        "--at was given to `check` without --steps",
        "A number that is worked out shows what is right, so `check` does it only where --steps asks for it.",
        "cnncalc check net.txt --at 2,1",
    ),
    "cannot-watch": Entry(
        "standard input cannot be watched for changes",
        "--watch looks at a file again and again and checks it whenever it was saved. What comes through a pipe comes "
        "once. Save it in a file first.",
        "cnncalc check - --watch",
    ),
    "no-submissions": Entry(
        "there is nothing that could be graded",
        "After the key come folders, zip archives as a learning platform packs them, or single files. A folder that "
        "cannot be listed, a damaged archive and an empty folder hold no submissions.",
        "cnncalc grade key.txt empty-folder/",
    ),
    "too-many-submissions": Entry(
        "a folder or an archive holds far more files than a class hands in",
        "A folder with tens of thousands of files is a data set or a mistake, and listing it would fill the memory. "
        "Give the folder of the homework itself, or grade a very large class in parts.",
        "mkdir crowd; touch crowd/{1..20001}.txt; cnncalc grade key.txt crowd",
    ),
    "submission-not-graded": Entry(
        "one student's submission could not be read or answers nothing",
        "The message says why: it is empty, no text, too large, a link, encrypted, or holds no answer to anything that "
        "the key asks. It gets 0 points; all others are graded, and the exit status is 1.",
        "cnncalc grade key.txt submissions/   # one of them is a picture",
    ),
    "submission-noted": Entry(
        "a submission was graded, but somebody should look at it",
        "Two submissions with one id, no id at all, answers about lines that the key does not have, another encoding, "
        "or several files of one student: the marks count, and the note says what to look at.",
        "cnncalc grade key.txt submissions/   # two of them have one id",
    ),
    "worksheet-without-column": Entry(
        "a platform's table has no column for the points",
        "Moodle's grading worksheet has a column `Grade`, and a gradebook of Canvas one with the assignment's name and "
        "its number, `HW2 (12345)`. Where it has another name, give its title with --points-column. No other column is "
        "changed.",
        "printf 'id,name\\n12345,Ana\\n' > class.csv; cnncalc grade key.txt submissions/ --moodle class.csv",
    ),
    "key-asks-nothing": Entry(
        "the key asks for nothing",
        "A key is a model whose lines end in `=> ?`, `params ?` and the like, with `worth 1 2` for the points. What is "
        "right is worked out from the model, so nothing needs to be filled in.",
        "cnncalc grade lenet.txt submissions/   # a network without questions",
    ),
    "key-without-points": Entry(
        "the key gives points for some questions and none for others",
        "Where no line says `worth`, every answer is worth one point. As soon as one line does, an answer without "
        "points of its own is graded for 0 points, which is rarely meant.",
        "cnncalc grade key.txt submissions/   # `=> ? params ? worth 1` gives points for the shape alone",
    ),
    "key-not-known": Entry(
        "the key asks for something that the formulas do not say",
        "The numbers that come out of a layer are known only where the input and all weights are stated and the net is "
        "small. Such a question is left out of the grading, so that nobody loses points by it.",
        "cnncalc grade key.txt submissions/   # `=> values ?` after a layer with learned weights",
    ),
    "key-answers-wrong": Entry(
        "an answer that the key itself gives is wrong",
        "A key may hold answers as well as question marks. They are never taken for the truth, but one that disagrees "
        "with the model shows that the model or the answer is not what its author meant.",
        "cnncalc grade key.txt submissions/   # the key says 416 where 3,216 is right",
    ),
    "bad-pattern": Entry(
        "a pattern of layers cannot be read",
        "A pattern has words such as Conv, ReLU, Pool and FC with arrows between, brackets, `?` for a part that may be "
        "left out, `*n` for one that comes n times and `|` between choices.",
        "cnncalc check lenet5 --pattern 'Inp -> (Conv -> ReLU'",
    ),
    "pattern-too-large": Entry(
        "a pattern of layers is longer than is read",
        "A pattern has at most 2,000 characters, 40 brackets inside each other and 4,000 parts when its numbers are "
        "written out. `*n` says any number without writing it out.",
        "cnncalc check lenet5 --pattern 'Inp -> (Conv -> ReLU)*99999'",
    ),
    "pattern-does-not-fit": Entry(
        "a net does not have the layers of the pattern",
        "Layers are compared in the order of their lines. The place that is marked is the first layer that no way of "
        "reading the pattern takes. flatten, dropout, softmax and their like are not looked at unless the pattern "
        "names them.",
        "cnncalc check lenet5 --pattern 'Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> FC'",
    ),
}
