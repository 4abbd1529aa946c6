"""Names that files and folders of homework have, as against names of people: `hw2_v2.txt`, `README.md`, `part 1`."""

from __future__ import annotations

import re

_WORDS = """
a answer answers aufgabe aufgaben assets assignment assignments attempt blatt code cnn copy csv data deep description
devoir docs doc draft ejercicio ex exercise exercises export feedback figures figs final fix fixed for grades graph
handin homework hw
image images img index instructions lab layer layers learning lib license main make media model models module my network
net nets notebook notebooks notes old onlinetext output outputs part parts practica problem problems project python
py q question questions quiz readme report requirements resource resources result results rev sheet sheets solution
solutions
new src table task tasks tarea template test tests text tp ueb uebung update upload util utils v ver version week work
zettel
"""
_GENERIC = frozenset(_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")


def is_generic(name: str) -> bool:
    """Whether a name is made of such words and numbers alone.

    >>> is_generic("hw2_v2.txt"), is_generic("ana.txt"), is_generic("submission_1")
    (True, False, False)
    """
    stem = name.rpartition(".")[0] or name
    return all(word.casefold() in _GENERIC for word in _WORD.findall(stem))
