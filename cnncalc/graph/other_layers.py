"""Layers of other kinds of nets: what they are, and how many parameters they have, since cnncalc has none of them.

Counts are those of Keras 3.15 and PyTorch 2.13, which differ for recurrent layers by the number of biases; tests hold
them against both.  Only faults come here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.geometry import Shape
from cnncalc.graph.faults import Fault


class Count(NamedTuple):
    """Parameters as one framework counts them: `symbols` over the letters, and the same as a function of them."""

    framework: str
    symbols: str
    params: Callable[..., int]


class Kind(NamedTuple):
    """A layer of another kind of net; `places` are the letters of its numbers as they are written in order."""

    what: str
    letters: Mapping[str, str]
    places: Mapping[str, tuple[str, ...]]
    counts: tuple[Count, ...]


_RECURRENT = {"n": "numbers a step", "h": "units"}
_STEPS = {"": ("h",), "PyTorch": ("n", "h"), "Keras": ("h",)}
_READS_STEPS = "a recurrent layer, which reads a sequence step by step"

KINDS: Mapping[str, Kind] = {
    "lstm": Kind(
        _READS_STEPS, _RECURRENT, _STEPS,
        (
            Count("Keras", "4 * (n + h + 1) * h", lambda n, h: 4 * (n + h + 1) * h),
            Count("PyTorch", "4 * (n + h + 2) * h", lambda n, h: 4 * (n + h + 2) * h),
        ),
    ),
    "gru": Kind(
        _READS_STEPS, _RECURRENT, _STEPS,
        (
            Count("Keras", "3 * (n + h + 2) * h", lambda n, h: 3 * (n + h + 2) * h),
            Count("PyTorch", "3 * (n + h + 2) * h", lambda n, h: 3 * (n + h + 2) * h),
        ),
    ),
    "rnn": Kind(
        _READS_STEPS, _RECURRENT, _STEPS,
        (
            Count("Keras", "(n + h + 1) * h", lambda n, h: (n + h + 1) * h),
            Count("PyTorch", "(n + h + 2) * h", lambda n, h: (n + h + 2) * h),
        ),
    ),
    "convlstm": Kind(
        "a recurrent layer of convolutions, which reads pictures one after the other",
        {"k": "kernel height and width", "c": "channels", "f": "filters"},
        {"": ("f", "k"), "Keras": ("f", "k")},
        (Count("Keras", "4 * (k * k * (c + f) + 1) * f", lambda k, c, f: 4 * (k * k * (c + f) + 1) * f),),
    ),
    "embedding": Kind(
        "a table that gives each word a vector",
        {"v": "words in the table", "d": "numbers a word"},
        {"": ("v", "d")},
        (Count("Keras and PyTorch", "v * d", lambda v, d: v * d),),
    ),
    "multiheadattention": Kind(
        "attention, in which each place of a sequence reads all others",
        {"e": "numbers a place", "h": "heads", "d": "numbers a head"},
        {"": ("e", "h"), "PyTorch": ("e", "h"), "Keras": ("h", "d")},
        (
            Count("PyTorch, where d = e / h", "4 * (e + 1) * e", lambda e: 4 * (e + 1) * e),
            Count(
                "Keras", "3 * (e + 1) * h * d + (h * d + 1) * e", lambda e, h, d: 3 * (e + 1) * h * d + (h * d + 1) * e
            ),
        ),
    ),
    "transformer": Kind(
        "a transformer's layer: attention, then two dense layers at each place",
        {"d": "numbers a place", "h": "heads", "f": "units of the first dense layer"},
        {"": ("d", "h", "f")},
        (
            Count(
                "PyTorch's TransformerEncoderLayer",
                "4 * (d + 1) * d + (d + 1) * f + (f + 1) * d + 4 * d",
                lambda d, f: 4 * (d + 1) * d + (d + 1) * f + (f + 1) * d + 4 * d,
            ),
        ),
    ),
}  # fmt: skip

_NAMES = {
    "simplernn": "rnn", "recurrent": "rnn", "elman": "rnn", "convlstm1d": "convlstm", "convlstm2d": "convlstm",
    "convlstm3d": "convlstm", "embeddings": "embedding", "mha": "multiheadattention", "selfattention":
    "multiheadattention", "multi_head_attention": "multiheadattention", "self_attention": "multiheadattention",
    "transformerencoder": "transformer", "transformerencoderlayer": "transformer",
    "transformerblock": "transformer",
}  # fmt: skip
_OPTIONS = {
    "units": "h", "hidden_size": "h", "hidden": "h", "input_size": "n", "input_dim": "v", "num_embeddings": "v",
    "output_dim": "d", "embedding_dim": "d", "embed_dim": "e", "num_heads": "h", "heads": "h", "nhead": "h", "key_dim":
    "d", "d_model": "d", "dim_feedforward": "f", "filters": "f", "kernel_size": "k",
}  # fmt: skip
_ARRIVING = {"lstm": "n", "gru": "n", "rnn": "n", "convlstm": "c", "multiheadattention": "e", "transformer": "d"}


def other_kind(word: str) -> str:
    """The kind of layer that a word names here; empty for words that name none."""
    plain = word.lower()
    plain = _NAMES.get(plain, plain)
    return plain if plain in KINDS else ""


class Said(NamedTuple):
    """What a line says of such a layer: its word, the numbers in order (None where one is no whole number), by name."""

    word: str
    span: Span
    framework: str
    numbers: Sequence[int | None]
    named: Mapping[str, int]


def no_such_layer(said: Said, arriving: Shape | None = None) -> Fault:
    """The fault of a layer of another kind of net, with its parameters worked out where the line gives the numbers."""
    name = other_kind(said.word)
    kind = KINDS[name]
    places = kind.places.get(said.framework, kind.places[""])
    known = {letter: one for letter, one in zip(places, said.numbers, strict=False) if one is not None}
    known |= {_OPTIONS[key]: one for key, one in said.named.items() if _OPTIONS.get(key) in kind.letters}
    letter = _ARRIVING.get(name)
    is_sequence = arriving is not None and (arriving.rank < 2 or name == "convlstm")
    if arriving is not None and letter is not None and is_sequence:
        known.setdefault(letter, arriving.channels)
    if name == "transformer" and said.framework == "PyTorch":
        known.setdefault("f", 2048)
    meaning = ", ".join(f"{letter} {what}" for letter, what in kind.letters.items())
    message = f"cnncalc computes convolutional nets and has no `{said.word}`, {kind.what}"
    advice = "end the net above this line, and add its parameters by the formula"
    if name == "multiheadattention":
        message = f"`{said.word}` is written `attention` here"
        size = f" key={known['d']}" if "d" in known else ""
        advice = f"write `attention heads={known.get('h', 8)}{size}`"
    return Fault(
        "no-such-layer",
        message,
        said.span,
        notes=(*(_worked(count, known) for count in kind.counts), *([meaning] if meaning else [])),
        help=advice,
    )


def _worked(count: Count, known: Mapping[str, int]) -> str:
    told = f"params in {count.framework} = {count.symbols}"
    letters = set(re.findall(r"[a-zA-Z]", count.symbols))
    if not letters or letters - set(known):
        return told
    numbers = re.sub(r"[a-zA-Z]", lambda letter: str(known[letter[0]]), count.symbols)
    return f"{told} = {numbers} = {count.params(**{letter: known[letter] for letter in letters}):,}"
