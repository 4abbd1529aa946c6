"""Damaged and lying .npy, .npz and .safetensors files, most of them almost right.

A header is put together from pieces that the formats allow, almost allow, or forbid; what is left sound is about the
net `input 4x4x1, conv 2 3x3`, so that many mutants get as far as their numbers.
"""

from __future__ import annotations

import functools
import io
import json
import struct
import warnings
import zipfile
from math import prod

import numpy as np

from .chance import ODD_NUMBERS, Chance, damaged, patched

SHAPES = (
    *("(4, 4, 1)", "(4, 4)", "(1, 4, 4)", "(2, 4, 4, 1)", "(2, 1, 3, 3)", "(2,)"),
    *("(True, 4, 4, 1)", "(4, 4, True)", "(False, 4, 4, 1)", "(4.0, 4, 1)", "(4e0, 4, 1)", "(-4, 4, 1)", "(-4, -4, 1)"),
    *("(4611686018427387904, 4, 1)", "(18446744073709551616,)", "(99999999999999999999, 0)", "(0, 4, 4, 1)", "(0,)"),
    *("((4, 4), 1)", "None", "[4, 4, 1]", "4", "()", "('4', 4, 1)", "(4j, 4, 1)", "(0x4, 0b100, 0o1)", "{4, 1}"),
    *("(4L, 4L, 1L)", "(4, 4, 1", "(4, 4, 1))", "(lambda: 4,)", "(4 if 1else 4, 4, 1)", "(1_6,)", "(4, 4, 1, )"),
    *("(" + "1, " * 70 + ")", "(" * 300 + ")" * 300, "(" + "9" * 100_000 + ",)", "(1e400, 4)", "(2 + 2, 4, 1)"),
    *("(2 + 2j, 4)", "b'4'", "(...)", "'\\ud800'", "f'{4}'", "(4, 4, 1) * 2", "(nan,)", "(4,) and (4, 4, 1)"),
)
TYPES = (
    *("'<f4'", "'>f4'", "'=f4'", "'|f4'", "'<f8'", "'>f8'", "'<f2'", "'>f2'", "'<f16'", "'<g'", "'<e'", "'f'"),
    *("'<i1'", "'|i1'", "'|u1'", "'>i2'", "'<u4'", "'<i8'", "'>u8'", "'|b1'", "'?'", "'<c8'", "'<c16'", "'|O'"),
    *("'|S5'", "'|S0'", "'<U3'", "'|V4'", "'|V0'", "'|V2147483647'", "'<M8[ns]'", "'<m8[us]'", "'<M8'", "'<f3'"),
    *("''", "'<f4,<f4'", "'float32'", "'f4, (2,2)f4'", "None", "4", "b'<f4'", "['<f4']", "True", "('<f4', (2,))"),
    *("('<f4', (2147483647, 2147483647))", "[('a', '<f4')]", "[('a', '<f4'), ('a', '<f8')]", "[('', '<f4')]"),
    *("[('a', '|O')]", "[('a', [('b', '|O')])]", "[('a', '<f4', (1099511627776,))]", "[]", "'\\u4e2d'", "'\\x00'"),
    *("{'names': ['a'], 'formats': ['<f4']}", "'" + "<f4," * 20_000 + "'", "'T'", "'O8'", "'a4'", "(" * 90 + ")" * 90),
)
ORDERS = ("False", "False", "True", "True", "None", "1", "0", "'False'", "()", "1.0")
SIZES = {"f": 4, "e": 2, "d": 8}


def npy(chance: Chance) -> bytes:
    """An .npy file: a header of likely and unlikely pieces, a body of about the right length, and some damage."""
    descr = chance.choice(TYPES[:12] if chance.some(0.6) else TYPES)
    shape = chance.choice(SHAPES[:4] if chance.some(0.6) else SHAPES)
    order = chance.choice(ORDERS[:4] if chance.some(0.9) else ORDERS)
    members = [f"'descr': {descr}", f"'fortran_order': {order}", f"'shape': {shape}"]
    if chance.some(0.1):
        members = chance.made(
            lambda: [*members, chance.one("'extra': 1", f"'shape': {shape}", "0: 0", "**{}", "'a'")],
            lambda: chance.sample(members, 2),
            lambda: chance.sample(members, 3),
            lambda: [member.replace("'", '"', 2) for member in members],
        )
    text = (
        "{"
        + ", ".join(members)
        + chance.one("", ", ")
        + "}"
        + ((chance.some(0.05) and chance.one("}", " or 0", ")")) or "")
    )
    content = _headed(chance, text) + _body(chance, descr, shape)
    return damaged(chance, content) if chance.some(0.3) else content


def _headed(chance: Chance, text: str) -> bytes:
    """The magic, a version, the header's length and the header, padded as numpy pads it or not at all."""
    version = chance.one(b"\1\0", b"\1\0", b"\2\0", b"\3\0")
    if chance.some(0.05):
        version = chance.one(b"\0\0", b"\4\0", b"\1\1", b"\xff\xff")
    wide = version[0] >= 2
    raw = text.encode("utf-8" if version == b"\3\0" else "latin-1", "replace")
    raw += b" " * chance.one(0, 0, -(len(raw) + 11) % 64, 70_000 if chance.some(0.05) else 1) + chance.one(b"\n", b"")
    length = len(raw) if chance.some(0.9) else max(0, len(raw) + chance.one(-1, 1, 64, -64))
    if chance.some(0.03):
        length = chance.choice(ODD_NUMBERS)
    bits = 32 if wide else 16
    return b"\x93NUMPY" + version + struct.pack("<I" if wide else "<H", length % 2**bits) + raw


def _body(chance: Chance, descr: str, shape: str) -> bytes:
    """Numbers, some of them odd, of about the length that the header asks for."""
    try:
        sizes = [int(size) for size in shape.strip("(), ").split(",") if size.strip()]
        width = np.dtype(descr.strip("'")).itemsize
    except (ValueError, TypeError, SyntaxError):
        sizes, width = [16], 4
    wanted = max(0, prod(sizes) * width)
    length = wanted if wanted <= 2048 and chance.some(0.9) else max(0, min(wanted, 2048) + chance.one(-1, 1, 8))
    return numbers(chance, length)


def numbers(chance: Chance, length: int) -> bytes:
    """Bytes that are small numbers, or NaN, infinite, huge, denormal in one of the types."""
    kinds = (
        lambda: bytes(length),
        lambda: chance.randbytes(length),
        lambda: np.full(length // 4 + 1, chance.random(), "<f4").tobytes()[:length],
        lambda: np.full(length // 8 + 1, chance.one(1e308, -1e300, np.nan, np.inf, 5e-324), "<f8").tobytes()[:length],
        lambda: np.full(length // 16 + 1, np.longdouble("1e4000"), np.longdouble).tobytes()[:length],
        lambda: b"\xff" * length,
        lambda: b"\x02" * length,
    )
    return chance.made(*kinds)


# ---------------------------------------------------------------------- .npz
WEIGHTS = {"conv1.weight": (2, 1, 3, 3), "conv1.bias": (2,)}
NAMES = (
    *("conv1.weight", "conv1.bias", "input1", "x", "", ".npy", "a/b", "../x", "/x", "conv1.weight.npy", "ä", "a\0b"),
    *("C:x", "x" * 60_000, "\u202e", "conv1.bias/"),
)
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2,
            zipfile.ZIP_LZMA)  # fmt: skip
RECORDS = {b"PK\x03\x04": 30, b"PK\x01\x02": 46, b"PK\x05\x06": 22, b"PK\x06\x06": 56, b"PK\x07\x08": 16}
"""The signatures of a zip's records and how many bytes their numbers take."""


def npz(chance: Chance) -> bytes:
    """A zip of .npy files whose names, sizes, flags and places may be wrong."""
    if chance.some(0.01):
        return bomb(chance.randrange(4))
    members = {name: _sound(chance, shape) for name, shape in WEIGHTS.items()}
    if chance.some(0.3):
        members = {"input1": _sound(chance, (4, 4, 1))}
    if chance.some(0.4):
        members[chance.choice(NAMES)] = chance.made(lambda: npy(chance), lambda: _sound(chance, (2,)), lambda: b"")
    content = zipped(chance, members)
    for _ in range(chance.one(0, 0, 1, 1, 1, 2)):
        content = chance.made(
            lambda: patched_record(chance, content),
            lambda: damaged(chance, content, 2),
            lambda: chance.randbytes(chance.randint(1, 40)) + content,
            lambda: content + content[: chance.randrange(len(content))],
        )
    return content


def _sound(chance: Chance, shape: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    array = np.frombuffer(numbers(chance, 8 * prod(shape)), chance.one("<f8", "<f8", ">i8", "<u8"))
    array = array if chance.some(0.3) else np.ones(array.shape, chance.one("<f4", "<f2", "|b1", ">f8"))
    np.save(file, np.asarray(array.reshape(shape), order=chance.one("C", "F")), allow_pickle=False)
    return file.getvalue()


class _Pipe(io.BytesIO):
    """A stream that cannot go back: a zip written to it has the sizes behind the data (data descriptors)."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: int) -> int:
        raise OSError


def zipped(chance: Chance, members: dict[str, bytes]) -> bytes:
    """The members packed one way or another; one may stand there twice."""
    file = _Pipe() if chance.some(0.15) else io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", chance.choice(PACKINGS)) as archive:
        warnings.simplefilter("ignore")  # names that stand twice are meant
        for name, content in members.items():
            for _ in range(1 + chance.some(0.05)):
                archive.writestr(name if name in NAMES[6:] else f"{name}.npy", content)
        if chance.some(0.05):
            archive.comment = chance.randbytes(chance.randint(1, 99))
    return file.getvalue()


def patched_record(chance: Chance, content: bytes) -> bytes:
    """One number in one of the zip's records replaced."""
    signature = chance.choice(tuple(RECORDS))
    places = [place for place in range(len(content)) if content.startswith(signature, place)]
    if not places:
        return content
    start = chance.choice(places)
    end = start + RECORDS[signature]
    return content[:start] + patched(chance, content[start:end]) + content[end:]


@functools.cache
def bomb(kind: int) -> bytes:
    """A zip that claims little and holds much: long members, a long listing, one member many times over."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 0)[kind]) as archive:
        if kind == 3:
            for number in range(30_000):
                archive.writestr(f"{number}.npy", b"")
        else:
            archive.writestr("conv1.weight.npy", bytes(40_000_000))
            archive.writestr("conv1.bias.npy", _header_of((2,)) + bytes(40_000_000))
    return file.getvalue()


def _header_of(shape: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return file.getvalue()


# ---------------------------------------------------------------------- .safetensors
TENSOR_TYPES = (
    "F32",
    "F64",
    "F16",
    "BF16",
    "I64",
    "U8",
    "BOOL",
    "I8",
    "F8_E4M3",
    "F4",
    "C64",
    "f32",
    "",
    "F32\u0000",
    None,
    4,
)
TENSOR_SHAPES: tuple[object, ...] = (
    *([2, 1, 3, 3], [2], [4, 4, 1], [], [0], [-2], [2.0], [True, 2], [2**63], [2**64], [2**32, 2**32], [10**30]),
    *(None, 2, "2", [[2]], [1] * 3000, [2, None]),
)


def safetensors(chance: Chance) -> bytes:
    """The length, the header and the data of a .safetensors file, each right or nearly."""
    tensors, data = {}, b""
    wanted = dict(WEIGHTS) if chance.some(0.9) else {**WEIGHTS, "x": (3,)}
    for name, shape in wanted.items():
        kind = chance.one("F32", "F32", "F64", "F16", "I64", "BOOL", "U8", "I32")
        size = prod(shape) * {"F32": 4, "F64": 8, "F16": 2, "I64": 8, "BOOL": 1, "U8": 1, "I32": 4}[kind]
        tensors[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(data), len(data) + size]}
        data += numbers(chance, size)
    for _ in range(chance.one(0, 1, 1, 2)):
        _change(chance, tensors[chance.choice(tuple(tensors))], len(data))
    if chance.some(0.2):
        tensors["__metadata__"] = chance.one({"format": "pt"}, {"a": 1}, None, [], {"\ud800": "\ud800"}, {"a": None})
    text = json.dumps(tensors, ensure_ascii=chance.some(0.9))
    if chance.some(0.2):
        text = _retold(chance, text)
    raw = text.encode("utf-8", "surrogatepass") + b" " * chance.one(0, 0, 7, 1000)
    length = len(raw) if chance.some(0.9) else chance.one(len(raw) - 1, len(raw) + 1, *ODD_NUMBERS) % 2**64
    content = struct.pack("<Q", length) + raw + (data if chance.some(0.9) else data[: chance.randrange(len(data) + 1)])
    return damaged(chance, content) if chance.some(0.3) else content


def _change(chance: Chance, tensor: dict[str, object], size: int) -> None:
    def number() -> object:
        return chance.one(*ODD_NUMBERS, -1, 1.5, 1e400, float("nan"), True, None, "0", size, size + 1, 10**30)

    chance.made(
        lambda: tensor.update(dtype=chance.choice(TENSOR_TYPES)),
        lambda: tensor.update(shape=chance.choice(TENSOR_SHAPES)),
        lambda: tensor.update(data_offsets=[number(), number()]),
        lambda: tensor.update(data_offsets=chance.one([], [0], [0, 0, 0], None, "0", {}, [size, 0])),
        lambda: tensor.update(data_offsets=[0, size]),
        lambda: tensor.pop(chance.choice(tuple(tensor))),
        lambda: tensor.update(extra=1),
    )


def _retold(chance: Chance, text: str) -> str:
    """The header's JSON with members twice, nested for ever, numbers without end, or no JSON at all."""
    body = text[1:-1]
    return chance.made(
        lambda: "{" + body + "," + body + "}",
        lambda: "[" + text + "]",
        lambda: "{" + body + ',"deep":' + "[" * 100_000 + "]" * 100_000 + "}",
        lambda: text.replace("[2]", "[" + "9" * 100_000 + "]"),
        lambda: "\ufeff" + text,
        lambda: text.replace("{", "{ ", 1).replace(":", "\t:"),
        lambda: "{}",
        lambda: "",
        lambda: (
            "{"
            + ",".join(f'"{number}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}' for number in range(999))
            + "}"
        ),
        lambda: text.replace("conv1.bias", "conv1.weight"),
        lambda: text.replace("conv1", chance.one("\\u0000", "\\ud800", "\u202e", "x" * 10_000)),
    )
