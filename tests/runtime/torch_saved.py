"""Files as torch.save writes them, put together opcode by opcode: no PyTorch is needed, and no file is too strange.

The opcodes are those of `pickletools`; what is between them is what PyTorch 2.13 writes into a zip.  In a stream it
writes a sixth part of each storage, the view, which is None for all of it and may be left out here.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np

MAGIC = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19"
"""0x1950a86a20f9469cfc6c as LONG1."""

NONE, FALSE, TRUE, EMPTY_LIST, EMPTY_DICT, EMPTY_TUPLE = b"N", b"\x89", b"\x88", b"]", b"}", b")"
REDUCE, NEWOBJ, BUILD, PERSISTENT, STOP = b"R", b"\x81", b"b", b"Q", b"."
PROTOCOL = b"\x80\x02"
BYTES = {"FloatStorage": 4, "DoubleStorage": 8, "HalfStorage": 2, "BFloat16Storage": 2, "LongStorage": 8,
         "IntStorage": 4, "ShortStorage": 2, "CharStorage": 1, "ByteStorage": 1, "BoolStorage": 1}  # fmt: skip


def text(letters: str) -> bytes:
    return b"X" + struct.pack("<I", len(letters.encode())) + letters.encode()


def whole(number: int) -> bytes:
    content = number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(content)]) + content


def named(module: str, attribute: str) -> bytes:
    return f"c{module}\n{attribute}\n".encode()


def several(*parts: bytes) -> bytes:
    """A tuple."""
    return b"(" + b"".join(parts) + b"t"


def sizes(numbers: Sequence[int]) -> bytes:
    return several(*map(whole, numbers))


def pairs(entries: Mapping[str, bytes]) -> bytes:
    """A dict."""
    return b"}(" + b"".join(text(key) + value for key, value in entries.items()) + b"u"


def called(module: str, attribute: str, *arguments: bytes) -> bytes:
    return named(module, attribute) + several(*arguments) + REDUCE


def storage(key: str, count: int, kind: str = "FloatStorage", view: bytes = b"") -> bytes:
    return several(text("storage"), named("torch", kind), text(key), text("cpu"), whole(count), view) + PERSISTENT


def tensor(
    key: str,
    shape: Sequence[int],
    steps: Sequence[int] | None = None,
    offset: int = 0,
    count: int | None = None,
    kind: str = "FloatStorage",
) -> bytes:
    """An array in a storage of so many numbers; without steps its numbers follow each other."""
    if steps is None:
        steps = [int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))]
    count = int(np.prod(shape)) if count is None else count
    view = (whole(offset), sizes(shape), sizes(steps), FALSE, EMPTY_DICT)
    return called("torch._utils", "_rebuild_tensor_v2", storage(key, count, kind), *view)


def module(of: tuple[str, str], parameters: bytes, modules: bytes = EMPTY_DICT, buffers: bytes = EMPTY_DICT) -> bytes:
    """A module that was saved as a whole."""
    state = {"training": TRUE, "_parameters": parameters, "_buffers": buffers, "_modules": modules}
    return named(*of) + EMPTY_TUPLE + NEWOBJ + pairs(state) + BUILD


def zipped(
    top: bytes,
    storages: Mapping[str, bytes],
    more: Sequence[tuple[str, bytes]] = (("byteorder", b"little"), ("version", b"3\n")),
    packing: int = zipfile.ZIP_STORED,
) -> bytes:
    """The zip format: a pickle, then a part for each storage; `top` without its protocol and its end."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")  # names that are there twice are meant
        archive.writestr("net/data.pkl", PROTOCOL + top + STOP)
        for key, content in storages.items():
            archive.writestr(f"net/data/{key}", content, packing)
        for name, content in more:
            archive.writestr(f"net/{name}", content)
    return file.getvalue()


def streamed(top: bytes, storages: Mapping[str, bytes], size: int = 4, keys: Sequence[str] | None = None) -> bytes:
    """The format before: five pickles, then each storage after its count; `size` is that of every number."""
    machine = {"protocol_version": whole(1001), "little_endian": TRUE}
    parts = (MAGIC, whole(1001), pairs(machine), top, EMPTY_LIST + b"(" + b"".join(map(text, keys or storages)) + b"e")
    numbers = (struct.pack("<q", len(content) // size) + content for content in storages.values())
    return b"".join(PROTOCOL + part + STOP for part in parts) + b"".join(numbers)
