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
}
