"""One question of a course, a book or an exam, as a model whose `?` is what it asks."""

from __future__ import annotations

from typing import NamedTuple


class Question(NamedTuple):
    """`right` holds the right answers, one for each `?` of the text, in order; all of them are literals of the source.

    `published` are the wrong answers that the source, or a public answer file, prints in their place; `slip` is the
    name under which the wrong one is expected to be recognised, "" where no known slip gives it.  `accepted` is another
    spelling of the right answers that the source prints, rounded to what `~` allows.
    """

    id: str
    source: str
    text: str
    right: tuple[str, ...]
    published: tuple[str, ...] = ()
    slip: str = ""
    accepted: tuple[str, ...] = ()

    def answered(self, answers: tuple[str, ...]) -> str:
        """The text with every `?` answered."""
        parts = self.text.split("?")
        assert len(parts) == len(answers) + 1, self.id
        return "".join(part + answer for part, answer in zip(parts, (*answers, ""), strict=True))
