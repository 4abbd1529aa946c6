"""Questions from papers, libraries, solution threads and exercise sites."""

from __future__ import annotations

from .decks import VGG16
from .question import Question

STUDY_MATE = "github SurajMandal14/Study-mate, num_dl.md"
WEEK_10 = "github Rameshbabupv/dnn_lecture, week10_practice_questions.md"
LENET = "LeCun 1998 LeNet-5, as explained at yohanes.gultom.id (2016)"
ISLR = "ISLRv2 chapter 10 exercise 4 (github danhalligan/ISLRv2-solutions issue #16)"
HSE = 'HSE "Intro to deep learning" CNN quiz (public answer file)'
PYTORCH = "PyTorch Conv2d/ConvTranspose2d documentation formulas, own numbers"
ASKFILO = "askfilo, CNN with batch normalization"

RELU_AND_POOL = """data x = [1 2 1 2 1; 2 1 1 1 2; 2 2 3 2 3; 3 2 3 1 2; 1 2 1 2 1]
filter k = [1 0 1; 1 0 1; -1 0 -1]
input from x
conv filter=k
relu
maxpool 2x2 stride=1 => values ?
"""
ONE_POOL = """input 28x28x1
conv 32 3x3 relu
maxpool 2x2
conv 64 3x3 relu
flatten
dense 128 relu
dense 10 softmax
total => params ?
"""
THREE_POOLS = """input 32x32x3
conv 32 3x3 relu
conv 32 3x3 relu
maxpool 2x2
conv 64 3x3 relu
conv 64 3x3 relu
maxpool 2x2
conv 128 3x3 relu
maxpool 2x2
flatten
dense 256 relu
dense 10 softmax
total => params ?
"""
C3 = """filter table = [1 0 0 0 1 1 1 0 0 1 1 1 1 0 1 1
                1 1 0 0 0 1 1 1 0 0 1 1 1 1 0 1
                1 1 1 0 0 0 1 1 1 0 0 1 0 1 1 1
                0 1 1 1 0 0 1 1 1 1 0 0 1 0 1 1
                0 0 1 1 1 0 0 1 1 1 1 0 1 1 0 1
                0 0 0 1 1 1 0 0 1 1 1 1 0 1 1 1]
input 14x14x6
conv 16 5x5 connect=table => 10x10x16 params 1516 connections ?
"""
VERTICAL_EDGES = """data x = [3 0 1 2 7 4; 1 5 8 2 3 0; 2 7 2 5 1 3; 0 1 3 1 7 8; 4 2 1 6 2 8; 2 4 5 2 3 9]
filter k = [1 0 -1; 1 0 -1; 1 0 -1]
input from x
conv filter=k
crop 0,3,0,0 => values ?
"""
NORMED = """input 64x64x3
conv 32 3x3 same bn
maxpool 2x2
conv 64 3x3 bn
maxpool 2x2
flatten
dense 512
dense 256
dense 128
dense 10
total => params ? buffers ?
"""
RAMP = """data x = [0 1 2 3 4 5 6 7; 8 9 10 11 12 13 14 15; 16 17 18 19 20 21 22 23
          24 25 26 27 28 29 30 31; 32 33 34 35 36 37 38 39; 40 41 42 43 44 45 46 47]
filter k = [0 -1 0; -1 5 -1; 0 -1 0]
input from x
conv filter=k
crop 0,3,0,0 => values ?
"""
ALEXNET_FIELD = """input 227x227x3
conv 96 11x11 stride=4
maxpool 3x3 stride=2
conv 256 5x5 padding=2
maxpool 3x3 stride=2
conv 384 3x3 padding=1
conv 384 3x3 padding=1
conv 256 3x3 padding=1
maxpool 3x3 stride=2 => rf ?
"""
INCEPTION_3A = """input 28x28x192
split
branch
  conv 64 1x1
branch
  conv 96 1x1
  conv 128 3x3 same
branch
  conv 16 1x1
  conv 32 5x5 same
branch
  maxpool 3x3 stride=1 same
  conv 32 1x1
join concat => ?
total => params ?
"""

ELSEWHERE = (
    Question("hw119", STUDY_MATE, RELU_AND_POOL, ("[3 4; 9 9]",)),
    Question(
        "hw121",
        STUDY_MATE,
        "input 32x32x3\nconv 5 3x3 padding=1 stride=2 => ? params ?\nmaxpool 2x2 stride=2 => ?",
        ("16x16x5", "140", "8x8x5"),
    ),
    Question("hw123", WEEK_10, "input 13x13x32\nmaxpool 2x2 => ?", ("6x6x32",)),
    Question("hw125", WEEK_10, ONE_POOL, ("1011466",), ("225034",), "pool-not-there"),
    Question("hw127", WEEK_10, THREE_POOLS, ("175018",), ("~500K",)),
    Question("hw129", LENET, "input 32x32x1\nconv 6 5x5 => connections ?", ("122304",)),
    Question("hw131", LENET, "input 28x28x6\nsubsample 2x2 => 14x14x6 connections ?", ("5880",)),
    Question("hw133", LENET, C3, ("151600",)),
    Question(
        "hw135",
        ISLR,
        "input 32x32 gray\nconv 3 5x5 => ?",
        ("28x28x3",),
        ("32x32x5",),
        "same-for-valid+kernel-and-filters-exchanged",
    ),
    Question(
        "hw137",
        ISLR,
        "input 32x32x1\nflatten\ndense 2352 => params ?",
        ("2410800",),
        ("3148800",),
        "as-many-outputs-as-inputs",
    ),
    Question("hw139", HSE, "input 28x28x1\nconv 1 3x3 times 4\nconv 1 3x3 => rf ?", ("11",)),
    Question(
        "hw141",
        'scribd 916050017 "CNN Numerical 1"',
        "input 224x224x3\nconv 20 3x3 => params ?\nmaxpool 2x2\nconv 90 3x3 => params ?\nmaxpool 2x2",
        ("560", "16290"),
    ),
    Question("hw143", 'scribd 896425047 "CNN Assignment 3 solutions"', VERTICAL_EDGES, ("[-5 3 0 2]",)),
    Question(
        "hw145",
        "debug.school, rakesh kumar, numericals",
        "input 7x9x1\nconv 1 3x3 same => ?",
        ("7x9x1",),
        ("5x7x1",),
        "padding-forgotten",
    ),
    Question(
        "hw147",
        "click4ai.perfionixai.com problem 120",
        "input 28x28x1\nconv 10 3x3 => size ?",
        ("6760",),
        ("67600",),
        "channels-twice",
    ),
    Question("hw149", ASKFILO, "input 64x64x3\nconv 32 3x3 same bn => params ?", ("960",)),
    Question("hw151", ASKFILO, NORMED, ("7558410", "192")),
    Question(
        "hw153",
        "crowdly.sh question f53966dc",
        "data x = [4 8 0 1; 0 0 2 4; 0 1 5 3; 7 1 0 0]\ninput from x\navgpool 2x2 => values ?",
        ("[3 1.75; 2.25 2]",),
    ),
    Question("hw155", "dodona.be 1115472821", RAMP, ("[9 10 11 12 13 14]",)),
    Question("hw157", "leyaa.ai challenge", "input 10x10x1\nconv 1 3x3 stride=2 padding=1 => ?", ("5x5x1",)),
    Question("hw159", "github kkrunal77/EVA 7.md", VGG16.format(field=" => rf ?", total=""), ("212",)),
    Question("hw161", "CS231n-style, AlexNet", ALEXNET_FIELD, ("195",)),
    Question("hw163", PYTORCH, "input 32x32x1\nconv 1 3x3 dilation=2 => ?", ("28x28x1",)),
    Question("hw165", PYTORCH, "input 64x64x1\nconv 1 3x3 dilation=3 padding=3 => ?", ("64x64x1",)),
    Question("hw167", PYTORCH, "input 8x8x64\nconv 128 3x3 groups=4 nobias => weights ?", ("18432",)),
    Question(
        "hw169",
        PYTORCH,
        "x: input 8x8x32\nsepconv 64 3x3 nobias => params ?\nconv 64 3x3 nobias from x => params ?",
        ("2336", "18432"),
    ),
    Question("hw171", PYTORCH, "input 28x28x1\nupconv 1 4x4 stride=2 padding=1 => ?", ("56x56x1",)),
    Question("hw173", PYTORCH, "input 28x28x1\nconv 1 3x3 same stride=2 => ? padding ?", ("14x14x1", "0,1,0,1")),
    Question("hw175", PYTORCH, "input 112x112x1\nmaxpool 3x3 stride=2 ceil => ?", ("56x56x1",)),
    Question("hw177", "GoogLeNet paper table, inception 3a", INCEPTION_3A, ("28x28x256", "163696")),
    Question(
        "hw179",
        "VGG paper / torchvision (its 15.47 GFLOPS are multiply-adds)",
        VGG16.format(field="", total="\ntotal => macs ?"),
        ("15470264320",),
        accepted=("~15.47G",),
    ),
)

CANNOT_BE_ASKED = {
    "hw183": (
        "a question about two pictures (by how much does the map move when a pixel moves): the answer is a distance "
        "between two maps, and no quantity of the language is one"
    ),
}
"""Why a question cannot be put to one net."""
