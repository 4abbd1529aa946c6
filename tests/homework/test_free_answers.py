"""Answers as students write them in lines and in running text: read as what they say, or seen to be unread."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from cnncalc.analysis import analyse
from cnncalc.asked import quantity_named
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.findings import own_claims
from cnncalc.homework.questions import KeySheet
from cnncalc.homework.reading.answer_lines import Reading, reading_of
from cnncalc.matrices import Matrix
from cnncalc.net_files import checked
from tests.time_limits import allowed

from .open_questions.question import Question
from .open_questions.test_open_questions import QUESTIONS

KEY = """input 28x28x1
conv1: conv 8 3x3 relu         => ? params ?
pool1: maxpool 2x2             => ?
conv2: conv 16 3x3 same relu   => ? params ?
flat: flatten                  => ?
fc1: dense 256 relu            => ? params ?
total                          => params ?
answer 2a "receptive field of conv2, pixels on a side" conv2.rf = ?
"""
SHEET = KeySheet(checked(Source("key.txt", KEY)))


def read(text: str, sheet: KeySheet = SHEET) -> Reading:
    return reading_of(text, sheet)


def said(text: str, sheet: KeySheet = SHEET) -> dict[str, object]:
    """`conv1.params` -> what was claimed; the text in angle brackets where it could not be read."""
    return {
        f"{sheet.sites[line].name}.{asked}": f"<{piece.answer.text}>" if piece.fault else piece.answer.given
        for (line, asked), piece in read(text, sheet).answers.items()
        if piece.given
    }


BOTH = {"conv1.shape": (26, 26, 8), "conv1.params": 80}
SHAPE = {"conv1.shape": (26, 26, 8)}

# ------------------------------------------------------------------ one line
LINES: list[tuple[str, dict[str, object]]] = [
    # a count behind a shape, with nothing but a space between
    ("conv1 => 26x26x8 80 params", BOTH),
    *((f"conv1 => 26x26x8 params 80{sign}", BOTH) for sign in (";", ".", ",", "!", " // 9*8+8", " # note 7")),
    *((f"conv1 {sign} 26x26x8, 80 params", BOTH) for sign in ("=>", "->", "→", "=", ":", "-", "|", "==>", "—>")),
    ("conv1: shape = 26x26x8; params = 80", BOTH),
    ("conv1: params: 80, shape: (26, 26, 8)", BOTH),
    ("conv1: 80 params, 26x26x8", BOTH),
    ("conv1: 80 params 26x26x8", BOTH),
    ("conv1: 26, 26, 8 params 80", BOTH),
    ("conv1 26x26x8 80", BOTH),
    ("conv1\t26x26x8\t80", BOTH),
    ("conv1: # of params: 80, output: 26x26x8", BOTH),
    ("conv1: The output is 26x26x8 with 80 parameters.", BOTH),
    ("In conv1 we get 26x26x8 and 80 learnable parameters", BOTH),
    ("Layer conv1: output 26x26x8 and 80 parameters", BOTH),
    ("- **conv1**: `26x26x8`, params `80`", BOTH),
    (r"conv1: $26 \times 26 \times 8$, params $80$", BOTH),
    ("conv1: conv 8 3x3 relu = 26x26x8 params 80", BOTH),
    ("conv 8 3x3 relu: 26x26x8 params 80", BOTH),
    ("conv1: conv 8 3x3 stride = 2 relu => 26x26x8 params 80", BOTH),
    ("conv1.shape = 26x26x8\nconv1.params = 80", BOTH),
    ("The output shape of conv1 is 26x26x8\nparams of conv1: 80", BOTH),
    # shown work: the last result counts
    ("conv1 => 26x26x8=5408, params (3*3*1+1)*8 = 80", BOTH),
    ("conv1 => 26x26x8 (8 filters), params 72 + 8 = 80 (with biases)", BOTH),
    ("fc1 => 256, params = (288+1)*256 = 73984", {"fc1.shape": (256,), "fc1.params": 73984}),
    ("fc1 => (288+1)*256 = 73984 params", {"fc1.params": 73984}),
    ("flat => 6*6*32 = 1152", {"flat.shape": (1152,)}),
    # shapes
    *(
        (f"conv1 => {shape}", SHAPE)
        for shape in (
            *(
                "26·26·8",
                "26 * 26 * 8",
                "26×26×8",
                "26 by 26 by 8",
                "26x26x8 px",
                "(26,26,8)",
                "[26, 26, 8]",
                "26 26 8",
            ),
            *("(None, 26, 26, 8)", "[None, 26, 26, 8]", "-1x26x26x8", "(1, 26, 26, 8)", "26x26, 8 channels"),
        )
    ),
    *(
        (f"conv1 => {s}", {"conv1.shape": (8, 26, 26)})
        for s in ("torch.Size([8, 26, 26])", "8@26x26", "8 maps of 26x26")
    ),
    # corrections
    ("conv1 => 27x27x8 -> 26x26x8", SHAPE),
    ("conv1: ~~27x27x8~~ 26x26x8", SHAPE),
    ("conv1: 28x28x1 -> 26x26x8", SHAPE),
    # over several lines
    ("conv1: conv 8 3x3 relu =>\n  26x26x8 params 80", BOTH),
    ("conv1 => 26x26x8 params\n80", BOTH),
    ("conv1:\n  shape: 26x26x8\n  params: 80", BOTH),
    ("## conv1\nshape 26x26x8\nparams 80", BOTH),
    # numbered questions and the total
    *(
        (line, {"2a.rf": 7})
        for line in (
            *("2a) 7", "2a: 7", "2.a = 7", "(2a) 7", "Q2a 7", "Question 2a: 7", "Aufgabe 2a 7 px", "2a 7", "2 a) 7"),
            *("answer 2a = 7", "The answer to 2a is 7", "2a) receptive field of conv2: 7 pixels", "2a)\n7", "2a) 7x7"),
            *("2a) 1 + 2 + 4 = 7", "2a) 7, because the pool doubles the jump", "2a) (7, 7)", "answer 2a conv2.rf = 7"),
        )
    ),
    *((line, {"total.params": 75232}) for line in ("total: 75232", "Total params: 75,232", "total 75 232")),
    ("Total number of parameters = 75'232", {"total.params": 75232}),
    # a value that might be about two things, or is none, is seen and not guessed
    ("conv1 => 26x26x8 params many", {"conv1.shape": (26, 26, 8), "conv1.params": "<many>"}),
    ("conv1 => 26x26x8 params 3*3*8+8", {"conv1.shape": (26, 26, 8), "conv1.params": "<3*3*8+8>"}),
    ("conv1 => I do not know", {"conv1.shape": "<I do not know>"}),
    ("2a) 3 or 7", {"2a.rf": "<3 or 7>"}),
    ("2a) 3, 7", {"2a.rf": (3, 7)}),
    ("2a) not 7", {"2a.rf": "<not 7>"}),
    ("conv1: 26x26x8 pool1: 13x13x8", {"conv1.shape": "<26x26x8 pool1: 13x13x8>"}),
    # numbers that belong to something else are no answers
    ("conv1 (3x3, 8 filters): 26x26x8, 80", BOTH),
    ("conv1: kernel 3x3\nconv1: 26x26x8 params 80", BOTH),
    ("conv1: stride 1, kernel 3x3, output 26x26x8, params 80", BOTH),
    ("conv1 => 26 x 26 x 8 (= 5408 values), 80 params", BOTH),
    ("conv1 => 26x26x8 and 0 biases", SHAPE),
    ("pool1 => 13x13x8 no params", {"pool1.shape": (13, 13, 8)}),
    ("total: 75232 parameters (0.3 MB)", {"total.params": 75232}),
    # lines that answer nothing
    ("conv1: conv 8 3x3 stride=2 relu", {}),
    ("conv1: 3x3 conv, 8 filters", {}),
    ("# conv1 => 26x26x8", {}),
    ("conv9 => 26x26x8", {}),
    ("pad 2 => 3x3", {}),
]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line for line, _ in LINES])
def test_a_line_is_read_as_what_it_says(line: str, expected: dict[str, object]) -> None:
    assert said(line) == expected


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("conv1 => (1, 26, 26, 8)", "line 1: a batch of 1 in front of a shape is left out"),
        ("conv1 => 27x27x8 -> 26x26x8", "line 1: of `27x27x8 -> 26x26x8` the last value counts"),
        ("conv1: ~~27x27x8~~ 26x26x8", "line 1: what is struck out is not read"),
        ("conv1: params 80\nconv1: params 81", "line 2: `params` is answered again; the first answer counts"),
        ("conv2 => params 1.168", "line 1: `1.168` is read as 1,168; it may mean 1.168"),
        ("fc1 => 256 73984", "line 1: values without a name are taken in the order in which the key asks"),
        ("conv1 => params 80 apples", "line 1: of `80 apples` only the number is read"),
        ("conv9 => 26x26x8", "line 1: the homework has no line `conv9`"),
        ("2b) 7", "line 1: the homework has no question `2b`"),
        ("# conv1 => 26x26x8", "line 1: what is written after `#` is a comment, and no answer in it is read"),
        ("conv1 => 26x26x8 " + "#" * 30_000, "line 1: of 30,017 characters the first 20,000 are read"),
    ],
)
def test_what_is_left_out_or_doubtful_is_noted(text: str, note: str) -> None:
    assert read(text).notes == [note]


def test_the_answer_before_a_far_too_long_end_of_a_line_is_read() -> None:
    assert said("conv1 => 26x26x8 params 80 " + "x" * 50_000 + "\nconv2 => params 1168\n") == BOTH | {
        "conv2.params": 1168
    }


def test_an_answer_that_can_be_read_counts_more_than_an_earlier_one_that_cannot() -> None:
    assert said("conv1 => params many\nconv1 => params 80\n") == {"conv1.params": 80}


def test_the_signs_of_a_text_decide_what_its_doubtful_numbers_mean() -> None:
    """80,00 shows that decimals stand behind a comma, so 1,168M is little more than a million."""
    key = KeySheet(checked(Source("k", "input 8x8x1\na: conv 4 3x3 => params ?\nb: conv 4 3x3 => macs ?\n")))
    found = read("a => params 40,00\nb => macs 1,168M\n", key)
    assert [piece.answer.given for piece in found.answers.values()] == [40, 1_168_000]
    assert [piece.answer.doubt for piece in found.answers.values()] == ["", "1,168,000,000"]


# ------------------------------------------------------------------ lines without labels
def test_lines_that_stand_once_on_both_sides_belong_together_whatever_else_is_left_out() -> None:
    assert said("conv 16 3x3 same relu => params 1168\nflatten => 1152\n") == {
        "conv2.params": 1168,
        "flat.shape": (1152,),
    }


def test_the_kth_of_equal_lines_answers_the_kth_of_the_key() -> None:
    key = KeySheet(checked(Source("k", "input 8x8x1\n" + "conv 4 3x3 same => params ?\n" * 3)))
    found = read("conv 4 3x3 same => params 1\nrelu\nconv 4 3x3 same => params 2\nconv 4 3x3 same => params 3\n", key)
    assert [int(piece.answer.given) for _, piece in sorted(found.answers.items())] == [1, 2, 3]  # type: ignore[arg-type]


# ------------------------------------------------------------------ the collected questions, each in many spellings
def spellings(claimed: object, asked: str) -> Iterator[str]:
    """What somebody may write for a right answer."""
    if isinstance(claimed, tuple):
        sizes = [str(size) for size in claimed]
        if quantity_named(asked).form == "pads":
            yield from (",".join(sizes), f"({', '.join(sizes)})")
            return
        yield from (sign.join(sizes) for sign in ("x", " x ", "×", " × ", "·", " * ", "*", "X", " by "))
        yield from (f"({', '.join(sizes)})", f"[{', '.join(sizes)}]", f"torch.Size([{', '.join(sizes)}])")
        yield from (f"{'x'.join(sizes)}{end}" for end in (";", ".", ",", "!", " px", " (see above)"))
        if len(sizes) > 1:
            yield from (
                f"(None, {', '.join(sizes)})",
                f"[-1, {', '.join(sizes)}]",
                f"{'x'.join(sizes)} = {'x'.join(sizes)}",
            )
    elif isinstance(claimed, Fraction) and claimed.denominator == 1:
        whole = claimed.numerator
        signs = (",", ".", "'", "’", " ", "\u00a0", "\u202f", "\u2009", "_", "")
        yield from dict.fromkeys(f"{whole:,}".replace(",", sign) for sign in signs)
        yield from (f"{whole}{end}" for end in (";", ".", ",", "!", ".0", ",00", " (with bias)", " in total"))
        yield from (f"about {whole}", f"1 + {whole - 1} = {whole}", f"= {whole}", f"**{whole}**", f"${whole}$")
        yield from ("".join(chr(ord(c) + 0xFEE0) for c in str(whole)), f"{whole}e0", f"{whole}*10^0", f"{whole} × 10⁰")
    elif isinstance(claimed, Fraction):
        yield from (f"{claimed.numerator}/{claimed.denominator}",)
    elif isinstance(claimed, Matrix) and claimed.channels == 1 and all(v.denominator == 1 for v in claimed.values()):
        rows = [[str(value.numerator) for value in row] for row in claimed.planes[0]]
        yield f"[{'; '.join(' '.join(row) for row in rows)}]"
        yield f"[[{'], ['.join(', '.join(row) for row in rows)}]]"
        yield "[" + "\n ".join(" ".join(row) for row in rows) + "]"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_right_answers_are_read_alike_in_every_spelling(question: Question) -> None:
    graph, _ = load_graph(Source("answered", question.answered(question.right)))
    sheet = KeySheet(checked(Source("key", question.text)))
    for claim in own_claims(analyse(graph)):
        index = next(n for n, site in enumerate(sheet.sites) if (claim.kind, claim.index) in site.places)
        site = sheet.sites[index]
        if sheet.find(site.name) != index or claim.answer.approximate:
            continue
        for text in spellings(claim.answer.given, claim.answer.asked):
            forms = (
                (f"{site.name}) {text}",)
                if site.is_question
                else (
                    f"{site.name} => {claim.answer.asked} {text}",
                    f"{site.name}: {claim.answer.asked} = {text}",
                )
            )
            for form in forms:
                piece = read(form, sheet).answers.get((index, claim.answer.asked))
                assert piece is not None, form
                assert (piece.fault, piece.answer.given) == ("", claim.answer.given), form


# ------------------------------------------------------------------ any text
@settings(max_examples=300, deadline=None)
@drawn(st.text(st.sampled_from("conv12aflt:=>-x×*()[]0123456789.,;'?~ \n\t#/params"), max_size=200))
def test_any_text_gives_a_reading(text: str) -> None:
    for piece in read(text).answers.values():
        assert piece.fault or piece.answer.given is not None or piece.answer.text


PIECES = (
    *(
        "[",
        "[\n",
        "(",
        '"',
        "1 x ",
        "a",
        "params 3 ",
        "conv1: 26x26x8 params 80\n",
        "=>",
        "- ",
        "~~",
        "–",
        "=",
        "2a) 1\n",
    ),
    *(
        "conv1 => values [1 2\n",
        "1 2\n",
        "params of ",
        "# conv1\n",
        "80 params ",
        "28x28x6 params 156, ",
        "H = 26, W = 26, ",
        "(80 params) ",
        "2 (a) 7 ",
        "((a) ",
        "0.1 ",
    ),
)


@pytest.mark.parametrize("piece", PIECES)
def test_reading_takes_time_in_proportion_to_the_length(piece: str) -> None:
    """100 kB, in one line and in lines of nearly 20,000 characters: twice the text takes about twice the time."""
    for text in (piece, (piece.replace("\n", " ") * (19_000 // len(piece))) + "\n"):
        taken = []
        for size in (50_000, 100_000):
            begun = time.process_time()
            read(f"conv1 => {text * (size // len(text))}")
            taken.append(time.process_time() - begun)
        assert taken[1] < max(4 * taken[0], allowed(0.5))


def test_thousands_of_answers_to_a_long_key_are_read_in_a_moment() -> None:
    """A key of 300 equal lines and 7,600 lines against it took half a minute."""
    key = KeySheet(checked(Source("k", "input 64x64x4\n" + "conv 4 3x3 same relu => ? params ?\n" * 300)))
    begun = time.process_time()
    found = read("conv 4 3x3 same => 64x64x4 params 148\nrelu\n" * 3800, key)
    assert time.process_time() - begun < allowed(3)
    assert found.answered == 600
