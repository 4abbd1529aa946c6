"""The rules for reading ONNX files; the examples are commands."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "onnx-damaged": Entry(
        "an ONNX file is no whole network",
        "Its parts do not fit together: the copy was broken off, a node reads what nothing makes, sizes and numbers "
        "disagree. The lines that are shown are the file's nodes, one a line, in its own order; line 12 is node 12.",
        "cnncalc summary damaged.onnx",
    ),
    "onnx-not-read": Entry(
        "an ONNX file has something that no layer here does",
        "Networks go forward from pictures to numbers, in floats. Recurrent layers, loops, conditions and quantised "
        "numbers have no layer here, and neither have some ways of rarer operators. All operators of a file that are "
        "not read are named at once; often another way to export the network, or an earlier result as its output, "
        "helps.",
        "cnncalc summary recurrent.onnx",
    ),
    "not-in-onnx": Entry(
        "ONNX, or the opset that is asked for, has no operators for a layer",
        "Nearly every layer is an operator of ONNX, or several that compute the same. The message says what is the "
        "reason, and the first opset that has the operator where one does: `--opset 19`.",
        "cnncalc convert places.txt --to onnx  # input 8x8x1, then upsample size=9x9 start=-3 step=2",
    ),
    "onnx-external": Entry(
        "an ONNX file keeps its numbers in a file of another folder",
        "Large networks have their weights in a second file, whose name the first one states. It is read only where it "
        "is a plain file in the same folder or below it: no link, no path with `..`, none that begins at the root. "
        "So a file of a stranger cannot make other files be read.",
        "cnncalc run elsewhere.onnx --image cat.png",
    ),
}
