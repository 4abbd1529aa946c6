"""Questions from five lecture decks and from Stanford's notes for CS231n."""

from __future__ import annotations

from .question import Question

SHARPENED = """data x = [105 102 100 97 96; 103 99 103 101 102; 101 98 104 102 100
          99 101 106 104 99; 104 104 104 100 98]
filter k = [0 -1 0; -1 5 -1; 0 -1 0]
input from x
conv filter=k padding=1
"""
CURVE = """data patch = [0 0 0 0 0 0 30; 0 0 0 0 50 50 50; 0 0 0 20 50 0 0; 0 0 0 50 50 0 0
              0 0 0 50 50 0 0; 0 0 0 50 50 0 0; 0 0 0 50 50 0 0]
filter curve = [0 0 0 0 0 30 0; 0 0 0 0 30 0 0; 0 0 0 30 0 0 0; 0 0 0 30 0 0 0; 0 0 0 30 0 0 0; 0 0 0 30 0 0 0
                0 0 0 0 0 0 0]
input from patch
conv filter=curve => values ?
"""
PICTURE = "data x = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]\ninput from x\n"
SHARPEN = "filter k = [0 -1 0; -1 5 -1; 0 -1 0]\n"
EXAMPLE_B = """data x = [1 1 1 0 0; 0 1 1 1 0; 0 0 1 1 1; 0 0 1 1 0; 0 1 1 0 0]
filter k = [1 0 1; 0 1 0; 1 0 1]
input from x
conv filter=k => values ?
"""
KERAS_1 = """input 28x28x1
conv 32 3x3 relu
conv 64 3x3 relu
maxpool 2x2
dropout 0.25
flatten
dense 128 relu
dropout 0.5
dense 10 softmax
total => params ?
"""
KERAS_2 = """input 100x100x3
conv 32 3x3 relu
conv 32 3x3 relu
maxpool 2x2
conv 64 3x3 relu
conv 64 3x3 relu
maxpool 2x2
flatten
dense 256 relu
dense 10 softmax
total => params ?
"""
PIXEL = """data x = [0 0 0; 0 1 1; 0 1 2]
filter k = [4 0 0; 0 0 0; 0 0 -4]
input from x
conv filter=k => values ?
"""
STEP_EDGE = """data x = [0 0 0 9 9 9; 0 0 0 9 9 9; 0 0 0 9 9 9; 0 0 0 9 9 9; 0 0 0 9 9 9; 0 0 0 9 9 9]
filter gx = [1 0 -1; 2 0 -2; 1 0 -1]
input from x
conv filter=gx flip
crop 0,3,0,0 => values ?
"""
MOVED_PIXEL = """data before = [0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0; 0 0 1 0 0 0 0 0; 0 0 0 0 0 0 0 0
               0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0]
data after = [0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0; 0 0 0 0 1 0 0 0; 0 0 0 0 0 0 0 0
              0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0; 0 0 0 0 0 0 0 0]
filter minus = [-1]
input from before
maxpool 2x2
still: conv filter=minus
input from after
moved: maxpool 2x2
add still
gmp => values ?
"""
VGG16 = """input 224x224x3
conv 64 3x3 same relu times 2
maxpool 2x2
conv 128 3x3 same relu times 2
maxpool 2x2
conv 256 3x3 same relu times 3
maxpool 2x2
conv 512 3x3 same relu times 3
maxpool 2x2
conv 512 3x3 same relu times 3
maxpool 2x2{field}
flatten
dense 4096 relu
dense 4096 relu
dense 1000 softmax{total}
"""
CS231N = "CS231n notes, convolutional-networks.md (github cs231n/cs231n.github.io)"

DECKS = (
    Question("hw001", "deck 000", SHARPENED + "crop 0,4,0,4 => values ?", ("[320]",)),
    Question("hw003", "deck 000", CURVE, ("[6600]",)),
    Question("hw005", "deck 000", "input 28x28x1\nconv 32 3x3 => ?", ("26x26x32",)),
    Question("hw007", "deck 000", "input 13x13x32\nconv 64 3x3 => ?", ("11x11x64",)),
    Question("hw009", "deck 000", "input 11x11x64\nmaxpool 2x2 => ?", ("5x5x64",)),
    Question("hw011", "deck 000", "input 3x3x64\nflatten => ?", ("576",)),
    Question("hw013", "deck 000", "input 1x1x64\nflatten\ndense 10 => params ?", ("650",)),
    Question("hw015", "deck 000", "input 5x5x1\nconv 1 3x3 same => size ?", ("25",)),
    Question("hw017", "deck 000", "input 7x7x1\nconv 1 3x3 stride=2 => ?", ("3x3x1",)),
    Question("hw019", "deck 001", SHARPEN + PICTURE + "conv filter=k => values ?", ("[3 3 -2; -3 -3 4; 3 3 -4]",)),
    Question(
        "hw021",
        "deck 001",
        SHARPEN + PICTURE + "conv filter=k padding=1 stride=2 => values ?",
        ("[-1 3 0; 5 -3 3; 4 2 3]",),
        ("[-1 3 0; 5 -3 3; 5 2 3]",),
        "product-forgotten",
    ),
    Question(
        "hw023",
        "deck 001",
        "filter k = [1 2 3; 4 5 6; 7 8 9]\n" + PICTURE + "conv filter=k => values ?",
        ("[23 21 22; 26 24 28; 36 36 39]",),
    ),
    Question("hw025", "deck 002", EXAMPLE_B, ("[4 3 4; 2 4 3; 2 3 4]",)),
    Question("hw027", "deck 003", "input 5x5x1\nconv 1 2x2 => ?", ("4x4x1",), ("5x5x1",), "same-for-valid"),
    Question("hw029", "deck 003", KERAS_1, ("1199882",)),
    Question("hw031", "deck 003", KERAS_2, ("7998250",)),
    Question("hw033", "deck 004", PIXEL, ("[-8]",)),
    Question(
        "hw035", "deck 004", "data s = [5 4 2 3 7]\ninput from s\npad 2 wrap => values ?", ("[3 7 5 4 2 3 7 5 4]",)
    ),
    Question("hw037", CS231N, "input 32x32x3\nflatten\ndense 1 nobias => weights ?", ("3072",)),
    Question("hw039", CS231N, "input 32x32x3\nconv 1 5x5 => weights ?", ("75",)),
    Question("hw041", CS231N, "input 5 channels 1\nconv 1 3 padding=1 stride=2 => ?", ("3x1",)),
    Question("hw043", CS231N, "input 227x227x3\nconv 96 11x11 stride=4 => ?", ("55x55x96",)),
    Question("hw045", CS231N, "input 227x227x3\nlocal 96 11x11 stride=4 => params ?", ("105705600",)),
    Question("hw047", CS231N, "input 11x11x4\nconv 1 5x5 stride=2 => ?", ("4x4x1",)),
    Question("hw049", CS231N, "input 227x227x3\nconv 1 11x11 stride=4 => weights ? size ?", ("363", "3025")),
    Question("hw051", CS231N, "input 7x7x512\nconv 4096 7x7 nobias => 1x1x4096 rf ? params ?", ("7", "102760448")),
    Question("hw053", CS231N, "input 28x28x1\nconv 1 3x3\nconv 1 3x3\nconv 1 3x3 => rf ?", ("7",)),
    Question(
        "hw055",
        CS231N,
        VGG16.format(field="", total="\ntotal => params ?"),
        ("138357544",),
        accepted=("~138M",),
    ),
    Question("hw057", CS231N, "input 28x28x1\nconv 1 3x3 dilation=2 => rf ?", ("5",)),
    Question("hw181", "deck 000", "input 13x13x32\nconv 64 3x3 => macs ?", ("2230272",)),
    Question("hw185", "deck 001", MOVED_PIXEL, ("[1]",)),
    Question("hw187", "deck 000", STEP_EDGE, ("[0 36 36 0]",)),
)
