"""The rules for reading a net from JSON; the examples are JSON texts."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "broken-json": Entry(
        "the text is not JSON from here on",
        "Names and texts stand in double quotes, members and items are separated by commas, and what opens must be "
        "closed. The place that is marked is where reading stopped; the slip is there or just before.",
        '{"cnncalc_model": 1, "lines": [}',
    ),
    "foreign-json": Entry(
        "this JSON is not a net of ours",
        "Only what `cnncalc convert --to json` writes is read, and it begins with its version. JSON of other programs "
        "has other names for other things.",
        '{"layers": []}',
    ),
    "unfit-value": Entry(
        "a value is of another kind than this place needs",
        "Counts are whole numbers, sizes are lists of them, a padding is valid, same, full or pairs of rows before and "
        "after. The message says what is expected.",
        '{"cnncalc_model": 1, "lines": [{"operations": 3}]}',
    ),
    "unknown-member": Entry(
        "an object has a member that means nothing here",
        "Each object has a fixed set of names, and a layer has the arguments that `cnncalc explain WORD` lists. An "
        "unknown name is never passed over, since it may be a slip that changes the net.",
        '{"cnncalc_model": 1, "layer": []}',
    ),
    "missing-member": Entry(
        "an object lacks a member that it needs",
        "Each operation has a name and a word, each line its operations, and a layer the arguments that have no "
        "default.",
        '{"cnncalc_model": 1, "lines": [{"operations": [{"word": "input"}]}]}',
    ),
    "unknown-layer": Entry(
        "an operation names a layer that does not exist",
        "The words are those of the model language in their canonical spelling, such as `conv` and `maxpool`.",
        '{"cnncalc_model": 1, "lines": [{"operations": [{"name": "a", "word": "convv"}]}]}',
    ),
    "unknown-input": Entry(
        "an operation reads something that does not exist",
        "The first operation of a line reads the last operations of lines above, by name; the others read the one "
        "before them. Nothing can be read before it is computed.",
        '{"cnncalc_model": 1, "lines": [{"operations": [{"name": "a", "word": "relu", "inputs": ["b"]}]}]}',
    ),
    "unknown-matrix": Entry(
        "a matrix is named that the file does not hold",
        "Filters, data and given weights stand under `matrices` at the top of the file, as planes of rows; arguments "
        "name them.",
        '{"cnncalc_model": 1, "lines": [{"operations": [{"name": "a", "word": "input", "arguments": '
        '{"data": "picture"}}]}]}',
    ),
}
