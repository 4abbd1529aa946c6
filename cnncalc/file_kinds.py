"""What a file is that is no text of ours, by its first bytes and by its name, and what can be done with it here.

Nothing is opened and nothing is unpacked; the content is looked at as bytes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST_HEAD = 65_536
"""Bytes at the start of a file that are looked at."""

LONGEST_MARKUP = 1000
"""Bytes in which a web page says that it is one."""


class FileKind(NamedTuple):
    """`what` says with its article what the file is, `model` what helps where the text of a net is wanted.

    `weights` says whether such a file may hold a net's weights; `notation` is its name among the READERS of
    `cnncalc.dialects` where it is a whole net.
    """

    what: str
    model: str
    weights: bool = False
    notation: str = ""


_WRITE = "write its layers as a text, one a line (`cnncalc init` prints one to start from)"
_RUN = "these are numbers, not layers: give a model, and the file to `cnncalc run MODEL --weights {file}`"
_PICTURE = "a picture is what a network runs on: `cnncalc run MODEL --image {file}`"
_COPY = "copy the lines of the network into a plain text file, such as model.txt"
_AS_FILE = "it is read as a file where MODEL is: `cnncalc summary net.keras`"
_UNPACK = "unpack it, and give the text file that describes the network"

ONNX = FileKind("an ONNX model", "name it .onnx, and it is read as a whole network", weights=True, notation="onnx")
HDF5 = FileKind("an HDF5 file, as Keras saves networks and weights", _AS_FILE, weights=True, notation="keras-saved")
KERAS = FileKind("a network that Keras has saved", _AS_FILE, weights=True, notation="keras-saved")
TORCH = FileKind("a file of PyTorch's weights", _RUN, weights=True)
PICKLE = FileKind(
    "a Python pickle",
    f"a pickle holds no layers: {_WRITE}; its weights are for `cnncalc run MODEL --weights {{file}}`",
    weights=True,
)
NUMPY = FileKind("a file of NumPy arrays", _RUN, weights=True)
SAFETENSORS = FileKind("a file of weights (safetensors)", _RUN, weights=True)
DARKNET = FileKind("a file of Darknet's weights", _RUN, weights=True)
CAFFE = FileKind("a file of Caffe's weights", f"Caffe's weights are not read yet: {_WRITE}", weights=True)
TENSORFLOW = FileKind("a TensorFlow model", f"TensorFlow's models are not read yet: {_WRITE}", weights=True)
MATLAB = FileKind("a MATLAB file", f"MATLAB's files are not read: {_WRITE}", weights=True)
NOTEBOOK = FileKind("a Jupyter notebook", "its networks are read where MODEL is: `cnncalc summary {file}`")
PDF = FileKind("a PDF document", _COPY)
WORD = FileKind("a Word document", _COPY)
EXCEL = FileKind("an Excel table", _COPY)
POWERPOINT = FileKind("a PowerPoint presentation", _COPY)
OPEN_DOCUMENT = FileKind("a LibreOffice document", _COPY)
PAGES = FileKind("a document of Apple's Pages or Numbers", _COPY)
OFFICE = FileKind("an Office document", _COPY)
RICH_TEXT = FileKind("a rich text document", _COPY)
ARCHIVE = FileKind("an archive", _UNPACK)
PROGRAM = FileKind("a program", "give the text file that describes the network")
PICTURE = FileKind("a picture", _PICTURE)
WEB_PAGE = FileKind(
    "a web page", "download the file itself: the link led to a page about it, or to one that says why not"
)
LFS_POINTER = FileKind(
    "a git-lfs pointer, a few lines that name the file", "fetch the file itself: run `git lfs pull` in its folder"
)
PLACEHOLDERS = (WEB_PAGE, LFS_POINTER)
"""What is found where another file was meant, whichever; `model` says what helps for every one."""

_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"\x89HDF\r\n\x1a\n", HDF5),
    (b"\x93NUMPY", NUMPY),
    (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", TORCH),
    (b"%PDF-", PDF),
    (b"{\\rtf", RICH_TEXT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE),
    (b"\x89PNG\r\n\x1a\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"\x7fELF", PROGRAM),
    (b"MZ\x90\0", PROGRAM),
    (b"MATLAB 5.0 MAT-file", MATLAB),
)

_DARKNET_MINORS = (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05")
"""Darknet's files begin with their version, 0.1.0 to 0.5.0, as three numbers of 4 bytes."""

_IN_A_ZIP: tuple[tuple[bytes, FileKind], ...] = (
    (b"/data.pkl", TORCH),
    (b"model.weights.h5", KERAS),
    (b"metadata.json", KERAS),
    (b"word/document.xml", WORD),
    (b"xl/workbook.xml", EXCEL),
    (b"ppt/presentation.xml", POWERPOINT),
    (b"vnd.oasis.opendocument", OPEN_DOCUMENT),
    (b"[Content_Types].xml", OFFICE),
)
"""A name among the parts of a zip -> what the whole is."""

_HEADER_LENGTH, _HEADER_START = slice(4, 8), slice(8, 10)
"""safetensors: 8 bytes of the header's length, of which the lowest may look like any mark, then the header."""

_NAME_IN_ZIP = slice(30, 330)
"""Where the name of a zip's first part is (PKWARE's APPNOTE 4.3.7)."""

_A_STORAGE = re.compile(rb"[^/]+/data/\d+")
"""The first part of a zip of TorchScript, which has its table of contents after all numbers."""

_DOCUMENTS = {
    **dict.fromkeys(("odt", "ods", "odp"), OPEN_DOCUMENT),
    **dict.fromkeys(("pages", "numbers"), PAGES),
}
"""Documents that are zips whose parts do not always say what they are."""

_ENDINGS = {
    **dict.fromkeys(("h5", "hdf5"), HDF5),
    **dict.fromkeys(("pt", "pth", "ckpt"), TORCH),
    **dict.fromkeys(("pkl", "pickle", "joblib"), PICKLE),
    **dict.fromkeys(("npz", "npy"), NUMPY),
    **dict.fromkeys(("pb", "tflite"), TENSORFLOW),
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "ico", "heic"), PICTURE),
    **dict.fromkeys(("zip", "tar", "gz", "tgz", "7z", "rar"), ARCHIVE),
    "onnx": ONNX,
    "keras": KERAS,
    "safetensors": SAFETENSORS,
    "weights": DARKNET,
    "caffemodel": CAFFE,
    "mat": MATLAB,
    "pdf": PDF,
    "doc": WORD,
    "docx": WORD,
    **_DOCUMENTS,
}
"""What a binary file probably is by the end of its name, where its first bytes do not say it."""


def kind_of(head: bytes, name: str) -> FileKind | None:
    """What a file is, by its first bytes, else by its name; None for text, and for bytes that nothing is known of.

    >>> kind_of(b"\\x89PNG\\r\\n\\x1a\\n", "scan").what, kind_of(b"input 28x28x1", "net.onnx")
    ('a picture', None)
    """
    head = head[:LONGEST_HEAD]
    if head[_HEADER_LENGTH] == bytes(4) and head[_HEADER_START] in (b'{"', b"{}"):
        return SAFETENSORS
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None) or _structured(head)
    ending = name.rpartition(".")[2].lower()
    if found is ARCHIVE:
        return _DOCUMENTS.get(ending, ARCHIVE)
    return found or (_ENDINGS.get(ending) if _is_binary(head) else None)


def _structured(head: bytes) -> FileKind | None:
    """The kind of a file whose first bytes have a form, but no fixed mark of their own."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_a_zip(head)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:LONGEST_MARKUP].lower()
    opens = start[:1] == b"{"
    forms = (
        (start.startswith((b"<!doctype html", b"<html")), WEB_PAGE),
        (start.startswith(b"<?xml") and (b"<html" in start or b"<error>" in start), WEB_PAGE),
        (start.startswith(b"version https://git-lfs"), LFS_POINTER),
        (head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05", TORCH if b"torch" in head else PICKLE),
        (head[4:8] == b"TFL3", TENSORFLOW),
        (head[:4] == bytes(4) and head[4:5] in _DARKNET_MINORS and head[5:12] == bytes(7), DARKNET),
        (head[:4] == b"RIFF" and head[8:12] == b"WEBP", PICTURE),
        (head[257:262] == b"ustar", ARCHIVE),
        (opens and (b'"nbformat"' in head or b'"cell_type"' in head), NOTEBOOK),
    )
    return next((kind for holds, kind in forms if holds), None)


def _in_a_zip(head: bytes) -> FileKind:
    first = head[_NAME_IN_ZIP][: int.from_bytes(head[26:28], "little")]
    if _A_STORAGE.fullmatch(first):
        return TORCH
    if b".npy" in head[_NAME_IN_ZIP].partition(b"\x93")[0]:
        return NUMPY
    return next((kind for part, kind in _IN_A_ZIP if part in head), ARCHIVE)


def _is_binary(head: bytes) -> bool:
    if any(byte < 9 for byte in head):
        return True
    try:
        head.decode()
    except UnicodeDecodeError as fault:
        return fault.start < len(head) - 3
    return False
