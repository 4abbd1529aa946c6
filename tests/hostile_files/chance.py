"""What all mutants are drawn with: one source of chance, plain damage to bytes, and numbers that break readers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

ODD_NUMBERS = (0, 1, 2, 3, 4, 7, 8, 16, 31, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 10**6, 2**24,
               2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1)  # fmt: skip


class Chance(random.Random):
    """The same number always draws the same mutant."""

    def some(self, share: float) -> bool:
        return self.random() < share

    def one(self, *items: Item) -> Item:
        return self.choice(items)

    def made(self, *makers: Callable[[], Item]) -> Item:
        """What one of the makers makes."""
        return self.choice(makers)()

    def odd(self, size: int) -> bytes:
        """An odd number of so many bytes, in either order."""
        number = self.choice(ODD_NUMBERS) if self.some(0.8) else self.getrandbits(8 * size)
        return (number % 2 ** (8 * size)).to_bytes(size, "little" if self.some(0.5) else "big")


def damaged(chance: Chance, whole: bytes, most: int = 4) -> bytes:
    """The bytes with a few of them changed, taken out, put in, doubled or cut off."""
    found = bytearray(whole)
    for _ in range(chance.randint(1, most)):
        place = chance.randint(0, len(found))
        chance.made(
            lambda: found.__setitem__(slice(place, place + 1), bytes([chance.randrange(256)])),
            lambda: (
                found.__setitem__(slice(place, place + 1), bytes([found[place] ^ 1 << chance.randrange(8)]))
                if place < len(found)
                else None
            ),
            lambda: found.__setitem__(slice(place, place), chance.randbytes(chance.randint(1, 9))),
            lambda: found.__delitem__(slice(place, place + chance.randint(1, 9))),
            lambda: found.__setitem__(slice(place, place), found[place : place + chance.randint(1, 64)]),
            lambda: found.__delitem__(slice(place, None)) if chance.some(0.3) else None,
        )
    return bytes(found)


def patched(chance: Chance, whole: bytes, *, within: int | None = None) -> bytes:
    """The bytes with one number of 1, 2, 4 or 8 bytes replaced by an odd one, among the first `within`."""
    size = chance.one(1, 1, 2, 2, 4, 4, 8)
    place = chance.randrange(max(1, min(within or len(whole), len(whole)) - size + 1))
    return whole[:place] + chance.odd(size) + whole[place + size :]


def shuffled(chance: Chance, parts: Sequence[bytes]) -> list[bytes]:
    """The parts with one doubled, left out, exchanged with another, or put elsewhere."""
    found = list(parts)
    if not found:
        return found
    first, second = chance.randrange(len(found)), chance.randrange(len(found))
    kind = chance.randrange(4)
    if kind == 0:
        found.insert(second, found[first])
    elif kind == 1:
        del found[first]
    elif kind == 2:
        found[first], found[second] = found[second], found[first]
    else:
        found.insert(second, found.pop(first))
    return found
