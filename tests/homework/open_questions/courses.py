"""Questions from courses, their quizzes and their public answer files, and from the book d2l.ai."""

from __future__ import annotations

from .question import Question

COURSERA = (
    "deeplearning.ai CNN course week-1 quiz (e.g. github saqemlas/deep-learning-specialization, "
    "amanchadha/coursera-deep-learning-specialization)"
)
TABLE = (
    "Andrew Ng LeNet-5-like example table (mbadry1/DeepLearning.ai-Summary issue #185 reports the error; corrected on "
    "Coursera)"
)
LECTURES = "Andrew Ng CNN course, inception / MobileNet lectures"
SEPARABLE = "C.-F. Wang, 'A basic introduction to separable convolutions'"
D2L = "d2l.ai chapter conv (github d2l-ai/d2l-en)"
CSC477 = "github csc477/website_fall24, ex/w04 and ex/w07"
COMP3057 = "github jimmy00415/Master_Basic_Pytorch, 17_Assignment2.ipynb (COMP3057)"

INPUT_3X3 = "data x = [0 1 2; 3 4 5; 6 7 8]\nfilter k = [0 1; 2 3]\ninput from x\n"
LENET_D2L = """input 28x28x1
conv 6 5x5 padding=2 sigmoid
avgpool 2x2
conv 16 5x5 sigmoid
avgpool 2x2
flatten
dense 120 sigmoid
dense 84 sigmoid
dense 10
total => params ?
"""
FIRST = "data x = [1 0 -2 1; 0 1 1 0; 0 1 0 1; -3 4 0 0]\nfilter k = [2 1; 0 1]\ninput from x\n"
SECOND = "data x = [1 2 -1 1; 1 0 1 0; 0 1 0 2; 2 1 0 -1]\nfilter k = [1 0; 2 1]\ninput from x\n"
FIVE_LAYERS = """input 100x100x3
conv 5 3x3 => params ?
maxpool 2x2
conv 10 3x3 => params ?
maxpool 2x2
conv 5 3x3 => params ?
flatten
dense 20 => params ?
dense 10 => params ?
"""
STAMPS = "data x = [1 0 2; 2 3 0; -1 0 3]\nfilter k = [1 0; 1 2]\ninput from x\nupconv filter=k stride=2 => values ?"
SIGNAL = "data x = [2 1 2 3 1 0]\nfilter w = [1 -1 2]\ninput from x\nconv filter=w stride=2 => values ?"
TWO_BLOCKS = """input 28x28x1
conv 8 3x3 padding=1
maxpool 2x2
conv 16 3x3 padding=1
avgpool 2x2
flatten => ?
dense 10 => params ?
"""

COURSES = (
    Question("hw059", COURSERA, "input 300x300 rgb\nconv 100 5x5 => params ?", ("7600",), ("2600",), "depth-forgotten"),
    Question("hw061", COURSERA, "input 15x15x8\npad 2 => ?", ("19x19x8",)),
    Question("hw063", COURSERA, "input 32x32x16\nmaxpool 2x2 stride=2 => ?", ("16x16x16",)),
    Question("hw065", COURSERA, "input 121x121x16\nconv 32 4x4 stride=3 => ?", ("40x40x32",)),
    Question("hw067", COURSERA, "input 256x256 gray\nconv 128 3x3 => params ?", ("1280",)),
    Question("hw069", COURSERA, "input 128x128x12\nmaxpool 4x4 stride=4 => ?", ("32x32x12",)),
    Question("hw071", COURSERA, "input 31x31x32\npad 1 => ?", ("33x33x32",)),
    Question("hw073", TABLE, "input 14x14x8\nconv 16 5x5 => params ?", ("3216",), ("416",), "depth-forgotten"),
    Question("hw075", TABLE, "input 1x1x120\nflatten\ndense 84 => params ?", ("10164",), ("10081",), "one-bias"),
    Question("hw077", TABLE, "input 32x32x3\nconv 8 5x5 => 28x28x8 size ?", ("6272",)),
    Question(
        "hw079",
        LECTURES,
        "input 28x28x192\nconv 16 1x1\nconv 32 5x5 same\ntotal => macs ?",
        ("12443648",),
        accepted=("~12.4M",),
    ),
    Question(
        "hw081",
        LECTURES,
        "input 6x6x3\ndwconv 3x3 => macs ?\nconv 5 1x1 => macs ?\ntotal => macs ?",
        ("432", "240", "672"),
    ),
    Question("hw083", SEPARABLE, "input 12x12x3\ndwconv 5x5\nconv 256 1x1 => 8x8x256\ntotal => macs ?", ("53952",)),
    Question("hw085", D2L, INPUT_3X3 + "conv filter=k flip => values ?", ("[5 11; 23 29]",)),
    Question("hw087", D2L, INPUT_3X3 + "conv filter=k padding=1 stride=3x2 => values ?", ("[0 8; 6 8]",)),
    Question("hw089", D2L, "input 8x8x1\nconv 1 5x3 padding=2x1 => ?", ("8x8x1",)),
    Question("hw091", D2L, "input 8x8x1\nconv 1 3x5 padding=0x1 stride=3x4 => ?", ("2x2x1",)),
    Question("hw093", D2L, INPUT_3X3 + "maxpool 2x2 stride=1 => values ?", ("[4 5; 7 8]",)),
    Question(
        "hw095",
        D2L,
        "data x = [0 1 2 3; 4 5 6 7; 8 9 10 11; 12 13 14 15]\ninput from x\nmaxpool 3x3 => values ?",
        ("[10]",),
    ),
    Question("hw097", D2L, LENET_D2L, ("61706",)),
    Question(
        "hw099",
        D2L,
        "data x = [0 1; 2 3]\nfilter k = [0 1; 2 3]\ninput from x\nupconv filter=k stride=2 => values ?",
        ("[0 0 0 1; 0 0 2 3; 0 2 0 3; 4 6 6 9]",),
    ),
    Question(
        "hw101",
        D2L,
        "input 16x16x10\nconv 20 5x5 padding=2 stride=3 => ?\nupconv 10 5x5 padding=2 stride=3 => ?",
        ("6x6x20", "16x16x10"),
    ),
    Question("hw103", CSC477, FIRST + "conv filter=k => values ?", ("[3 -1 -3; 2 3 3; 5 2 1]",)),
    Question("hw105", CSC477, FIRST + "conv filter=k stride=2 padding=1 => values ?", ("[1 -2 0; 0 3 0; -3 8 0]",)),
    Question("hw107", CSC477, SECOND + "conv filter=k stride=2 padding=1 => values ?", ("[1 3 2; 0 2 4; 0 1 -1]",)),
    Question("hw109", CSC477, FIVE_LAYERS, ("140", "460", "455", "44120", "210")),
    Question(
        "hw111",
        CSC477,
        STAMPS,
        ("[1 0 0 0 2 0; 1 2 0 0 2 4; 2 0 3 0 0 0; 2 4 3 6 0 0; -1 0 0 0 3 0; -1 -2 0 0 3 6]",),
    ),
    Question("hw113", COMP3057, SIGNAL, ("[5 1]",)),
    Question("hw115", COMP3057, TWO_BLOCKS, ("784", "7850")),
    Question(
        "hw117",
        COMP3057,
        "input 64x64x1\nconv 8 3x3 stride=2 padding=1 => ?\nconv 16 3x3 stride=2 padding=1 => ?",
        ("32x32x8", "16x16x16"),
    ),
)
