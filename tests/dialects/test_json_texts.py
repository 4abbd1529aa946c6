"""Whatever a text says, its JSON says too: `as JSON and back` is the same canonical text, and the same faults."""

from __future__ import annotations

import random

import pytest

from cnncalc.diagnostics import Source
from cnncalc.net_files import read
from cnncalc.spec.parsing import parse

from ..spec.test_any_text import MODELS, PIECES
from .nets import NETS
from .reading import canonical, json_of, text_of

ODD = """# at the start

title "a \\"quoted\\" title"  # and what it is
let act = bn relu   # several words
let n = 2*(3+1)     # worked out


filter blur = 1/9 * [1 1 1
                     1 1 1
                     1 1 1]  # below each other
data d = [1 2 # with a comment inside
          3 4]
block body width post="relu" k=3x3  # a block
  # inside
  conv $width ${k} same $post

end  # of the block
input 9x9x4
x: body $n           => 9x9x8 params ?  worth 1/2  # a call
split  # two ways
  # before the first branch

  branch   # the long way
  if $in == 8
    conv 8 3x3 same => 9x9x8 params ~1.2K each
  else if $in > 8   # never
    identity
  else
    repeat 2 i      # counted
      conv 8 3x3 same dilation=$i+1
    end # of the repeat
  end   # of the if
  branch
    # nothing but this
y: join add relu  => padding 1,1  # together
conv 1 3x3 filter=blur times 2 => 5x5 values [1 2; 3 4] params ~1,000 all
##  at the end
"""


def test_a_net_of_blocks_becomes_as_many_lines_as_it_had() -> None:
    """ResNet-50 was 119 lines and more when every connection was written out."""
    lines = canonical(NETS["zoo-resnet50"]).splitlines()
    written = json_of(NETS["zoo-resnet50"])
    assert (len(lines), len(written.splitlines())) == (34, 41)
    assert text_of(written).splitlines() == lines


def test_every_comment_and_every_kind_of_line_comes_back() -> None:
    assert text_of(json_of(ODD)) == canonical(ODD)


@pytest.mark.parametrize("seed", range(6))
def test_mutated_texts_come_back_as_they_were(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        text = chance.choice(MODELS)
        for _ in range(chance.randint(1, 3)):
            start = chance.randint(0, len(text))
            end = min(len(text), start + chance.choice((0, 1, 1, 3, 20)))
            text = text[:start] + chance.choice(PIECES) + text[end:]
        once = canonical(text)
        if parse(Source("m", once))[1]:
            continue
        json_text = json_of(once)
        assert text_of(json_text) == once
        assert _faults(json_text) == _faults(once)


def _faults(text: str) -> list[str]:
    return sorted(fault.code for fault in read(Source("net", text))[1])
