"""A folder with every file that an example of the help or of a diagnostic names, and a shell that runs them there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from .onnx_examples import write_onnx_files
from .program_texts import HOMEWORK_NET, write_programs

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
HOMEWORK = EXAMPLES / "homework"


def made_folder(here: Path, *, damaged: bool = False) -> Path:
    """Makes the files in a folder, which it returns; `damaged`: also those that are not what their name says."""
    _networks(here)
    _pictures(here)
    _arrays(here)
    if damaged:
        _damaged(here)
    _homework(here)
    _rosters(here)
    program = here / "bin" / "cnncalc"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cnncalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return here


def _networks(here: Path) -> None:
    for name in ("model.txt", "net.txt", "my-own-network.txt"):
        shutil.copy(EXAMPLES / "model.txt", here / name)
    (here / "lenet.txt").write_text("input 32x32x1\nconv 6 5x5\n", encoding="utf-8")
    (here / "by_hand.txt").write_text("data picture = [1 2; 3 4]\ninput from picture\n", encoding="utf-8")
    (here / "two_inputs.txt").write_text("a: input 8x8x3\nb: input 8x8x3\nadd a b\n", encoding="utf-8")
    (here / "examples").symlink_to(EXAMPLES)
    write_programs(here)
    (here / "net.py").write_text(HOMEWORK_NET, encoding="utf-8")


def _damaged(here: Path) -> None:
    import zlib

    from PIL import Image

    (here / "old.txt").write_bytes("input 28x28x1\n# café\n".encode("latin-1"))
    (here / "training.log").write_text("epoch 1: loss 0.5\n" * 400_000, encoding="utf-8")
    write_onnx_files(here)
    (here / "essay.txt").write_text("All went well.\n", encoding="utf-8")
    (here / "notes.txt").write_text("no picture\n", encoding="utf-8")
    (here / "empty.png").touch()
    photo = (EXAMPLES / "photo.jpg").read_bytes()
    (here / "half.jpg").write_bytes(photo[: len(photo) // 2])
    claims = here / "claims-100000x100000.png"
    Image.new("L", (1, 1)).save(claims)
    content = bytearray(claims.read_bytes())
    content[16:24] = (100_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    claims.write_bytes(bytes(content))


def _pictures(here: Path) -> None:
    for name in ("digit.png", "4.png", "cat.png"):
        shutil.copy(EXAMPLES / "digits" / "7.png", here / name)
    for name in ("photo.jpg", "cat.jpg"):
        shutil.copy(EXAMPLES / "photo.jpg", here / name)
    (here / "box105.txt").write_text("\n".join(["1 " * 105] * 105), encoding="utf-8")
    (here / "photos").mkdir()


def _arrays(here: Path) -> None:
    import h5py
    import numpy as np

    from cnncalc.api import load
    from cnncalc.runtime.weights import seeded

    np.savez(here / "mine.npz", **seeded(load(here / "model.txt").analysis, 0, "float32").arrays)
    np.save(here / "numbers.npy", np.zeros((28, 28, 1), np.float32))
    np.save(here / "zeros.npy", np.zeros((32, 32, 1), np.float32))
    failed = dict(seeded(load(here / "model.txt").analysis, 0, "float32").arrays)
    np.savez(here / "failed.npz", **{**failed, "conv2.bias": np.full(16, np.nan, np.float32)})
    np.save(here / "huge.npy", np.full((32, 32, 1), 1e300))
    np.savez(here / "several.npz", a=np.zeros(3), b=np.zeros(4))
    np.savez(here / "objects.npz", **{"conv1.kernel": np.array([{"a": 1}], dtype=object)})
    _matched(here)
    np.savez(here / "resnet50.npz", **{"conv1.kernel": np.zeros((7, 7, 3, 64), np.float32)})
    with h5py.File(here / "linked.h5", "w") as file:
        file["layers"] = h5py.ExternalLink("other.h5", "/")
    with h5py.File(here / "net.weights.h5", "w") as file:
        file["layers/dense/vars/0"] = np.zeros((2, 2), np.float32)
    with zipfile.ZipFile(here / "config-only.keras", "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", "{}")
    (here / "half.npz").write_bytes((here / "mine.npz").read_bytes()[:1000])
    (here / "vgg16.pth").write_bytes(b"no format that is known")
    (here / "names.txt").write_text("".join(f"digit {n}\n" for n in range(10)), encoding="utf-8")
    (here / "imagenet.txt").write_text("".join(f"class {n}\n" for n in range(1000)), encoding="utf-8")


def _matched(here: Path) -> None:
    """Nets with files of weights that fit them, but leave something open."""
    import numpy as np

    def layer(name: str, *shape: int) -> dict[str, np.ndarray]:
        return {f"{name}.weight": np.ones(shape, np.float32), f"{name}.bias": np.ones(shape[0], np.float32)}

    (here / "twins.txt").write_text("input 28x28x1\nconv 1 3x3\nconv 1 3x3\nconv 2 3x3\n", encoding="utf-8")
    left, right, wide = layer("left", 1, 1, 3, 3), layer("right", 1, 1, 3, 3), layer("wide", 2, 1, 3, 3)
    np.savez(here / "letters.npz", **left, **right, **wide)
    np.savez(here / "shuffled.npz", **wide, **right, **left)
    (here / "flat.txt").write_text("input 28x28x1\nconv 2 3x3\nflatten\ndense 3\n", encoding="utf-8")
    np.savez(here / "unnamed.npz", **layer("first", 2, 1, 3, 3), **layer("last", 3, 26 * 26 * 2))
    strided = "epsilon 0.001\ninput 28x28x1\nconv 2 3x3 stride=2 same\nbn\n"
    (here / "strided.txt").write_text(strided, encoding="utf-8")
    norm = {f"1.{role}": np.ones(2, np.float32) for role in ("weight", "bias", "running_mean", "running_var")}
    np.savez(here / "torch.npz", **layer("0", 2, 1, 3, 3), **norm)


def _homework(here: Path) -> None:
    shutil.copytree(HOMEWORK / "submissions", here / "submissions")
    shutil.copy(HOMEWORK / "key.txt", here / "key.txt")
    first = min((HOMEWORK / "submissions").iterdir())
    for name in ("hw.txt", "hw1.txt", "homework.txt"):
        shutil.copy(first, here / name)
    with zipfile.ZipFile(here / "moodle.zip", "w") as archive:
        archive.write(first, "Ana Gomez_12345_assignsubmission_file_/hw1.txt")
    (here / "table.csv").write_text("layer,shape,params\nconv1,28x28x6,156\n", encoding="utf-8")
    (here / "training-log.csv").write_text("epoch,loss\n" + "1,0.5\n" * 200_000, encoding="utf-8")
    rows = "".join(f"conv{n},28x28x6,156\n" for n in range(1, 90))
    (here / "other-network.csv").write_text(f"layer,shape,params\n{rows}", encoding="utf-8")
    (here / "empty-folder").mkdir()


def _rosters(here: Path) -> None:
    shutil.copy(HOMEWORK / "roster.csv", here / "roster.csv")
    shutil.copy(HOMEWORK / "roster.csv", here / "class.csv")
    (here / "class.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    rows = "".join(f"{n},Student {n}\n" for n in range(200_000))
    (here / "all-students-since-1950.csv").write_text(f"id,name\n{rows}", encoding="utf-8")


def ran(line: str, folder: Path, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Runs a line as a shell does, beside the files."""
    environment = {
        **os.environ,
        "HOME": str(folder),
        "PATH": f"{folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}",
    }
    return subprocess.run(
        ["/bin/bash", "-c", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
    )
