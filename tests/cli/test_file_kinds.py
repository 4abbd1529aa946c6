"""What is said of a file that is no text of a network, and of one that holds no weights."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from cnncalc.file_kinds import kind_of
from tests.cli.conftest import Command


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 40)
    return buffer.getvalue()


NET = b"data p = [1 2; 3 4]\ninput from p\nconv 1 2x2\n"
SAFETENSORS = struct.pack("<Q", 2) + b"{}"
FILES = {
    "net.pt": (zipped("net/data.pkl", "net/data/0"), "a file of PyTorch's weights"),
    "script.pt": (zipped("net/data/0", "net/data.pkl"), "a file of PyTorch's weights"),
    "old.pth": (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "a file of PyTorch's weights"),
    "net.pkl": (b"\x80\x04\x95\x0a\0\0\0", "a Python pickle"),
    "weights.npz": (zipped("conv1.weight.npy"), "a file of NumPy arrays"),
    "weights.safetensors": (SAFETENSORS + b"\0" * 8, "a file of weights (safetensors)"),
    "net.weights": (b"\0\0\0\0\2\0\0\0", "a file of Darknet's weights"),
    "homework.pdf": (b"%PDF-1.4\n", "a PDF document"),
    "homework.docx": (zipped("[Content_Types].xml", "word/document.xml"), "a Word document"),
    "scan.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
    "cat.png": (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
    "class.zip": (zipped("a.txt"), "an archive"),
    "net.pb": (b"\x08\x01\x12\x05", "a TensorFlow model"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_text_is_called_what_it_is(command: Command, tmp_path: Path, name: str) -> None:
    content, what = FILES[name]
    (tmp_path / name).write_bytes(content)
    outcome = command("summary", str(tmp_path / name))
    assert outcome.status == 2
    assert outcome.err.startswith(f"error[binary-file]: {tmp_path / name} is {what}")
    assert "UTF-8" not in outcome.err
    assert " = help: " in outcome.err


def test_the_kind_is_seen_from_the_first_bytes_whatever_the_name(command: Command, tmp_path: Path) -> None:
    (tmp_path / "model.txt").write_bytes(FILES["net.pt"][0])
    assert "is a file of PyTorch's weights" in command("summary", str(tmp_path / "model.txt")).err


@pytest.mark.parametrize("length", [0x80, 0x280, 0x480, 0x8B1F, 0x685A42, 0x2A4949], ids=hex)
def test_a_header_whose_length_looks_like_another_mark_is_that_of_safetensors(length: int) -> None:
    """The lowest bytes of the length are those of a pickle, of gzip, bzip2 and TIFF."""
    head = struct.pack("<Q", length) + b'{"conv1.weight":{"dtype":"F32"'
    found = kind_of(head, "weights.pth")
    assert found is not None
    assert found.what == "a file of weights (safetensors)"


def test_a_text_keeps_its_meaning_whatever_its_name(command: Command, tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_text("input 8x8x1\nconv 2 3x3\n", encoding="utf-8")
    assert command("summary", str(tmp_path / "net.onnx")).status == 0


def test_random_bytes_after_an_array_are_no_document() -> None:
    """The names of a zip's parts are looked for, not two letters that any data may hold."""
    assert kind_of(zipped("w.npy") + b"xl/word/ppt/", "w.npz") == kind_of(zipped("w.npy"), "w.npz")


@pytest.mark.parametrize("name", ["homework.pdf", "cat.png", "net.pb"])
def test_a_weights_file_of_another_kind_is_called_what_it_is(command: Command, tmp_path: Path, name: str) -> None:
    content, what = FILES[name]
    (tmp_path / name).write_bytes(content)
    outcome = command("run", "-", "--weights", str(tmp_path / name), stdin=NET)
    assert outcome.err.startswith(f"error[arrays-unknown-format]: `{tmp_path / name}` is {what}")


def test_torchscript_is_known_however_long_its_first_array_is() -> None:
    """It writes the numbers first and its data.pkl last, where nobody looks for a name."""
    assert kind_of(zipped("net/data/0")[:64], "net.bin") == kind_of(zipped("net/data.pkl"), "net.bin")


@pytest.mark.parametrize("name", ["net.pth", "net.pt", "net.zip", "net.npz", "net.ckpt"])
def test_a_zip_with_a_file_of_weights_in_it_is_an_archive(command: Command, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(zipped("resnet18.pth", "readme.txt"))
    outcome = command("run", "-", "--weights", str(tmp_path / name), stdin=NET)
    assert outcome.err.startswith(
        f"error[arrays-unknown-format]: `{tmp_path / name}` is an archive, not a weights file"
    )
    assert "unpack it, and give the file in it" in outcome.err


PAGE = b"""

<!DOCTYPE html>
<html lang="en"><head><title>404</title></head></html>
"""
REFUSED_BY_A_SERVER = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code></Error>"""
POINTER = b"""version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
"""
NAMES = ("net.pth", "net.pt", "net.onnx", "net.h5", "net.keras", "net.weights", "net.safetensors", "net.npz", "net.txt")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("content", "what", "advice"),
    [
        (PAGE, "a web page", "download the file itself"),
        (REFUSED_BY_A_SERVER, "a web page", "download the file itself"),
        (POINTER, "a git-lfs pointer", "run `git lfs pull` in its folder"),
    ],
    ids=["page", "error", "pointer"],
)
def test_a_page_or_a_pointer_instead_of_the_file_is_called_so(
    command: Command, tmp_path: Path, name: str, content: bytes, what: str, advice: str
) -> None:
    """What a broken link and a clone without git-lfs leave: their first lines, as GitHub and S3 send them."""
    (tmp_path / name).write_bytes(content)
    model = command("summary", str(tmp_path / name))
    weights = command("run", "-", "--weights", str(tmp_path / name), stdin=NET)
    assert model.err.startswith(f"error[binary-file]: {tmp_path / name} is {what}")
    assert weights.err.startswith(f"error[arrays-unknown-format]: `{tmp_path / name}` is {what}")
    assert advice in model.err
    assert advice in weights.err


@pytest.mark.parametrize(
    ("content", "what", "advice"),
    [
        (PAGE, "a web page", "download the file itself"),
        (POINTER, "a git-lfs pointer", "run `git lfs pull`"),
        (FILES["homework.pdf"][0], "a PDF document", "give a PNG or JPEG file"),
    ],
    ids=["page", "pointer", "document"],
)
def test_a_picture_that_is_something_else_is_called_so(
    command: Command, tmp_path: Path, content: bytes, what: str, advice: str
) -> None:
    (tmp_path / "cat.jpg").write_bytes(content)
    outcome = command("run", "lenet5", "--image", str(tmp_path / "cat.jpg"))
    assert outcome.err.startswith(f"error[picture-unknown]: `{tmp_path / 'cat.jpg'}` is {what}")
    assert advice in outcome.err
