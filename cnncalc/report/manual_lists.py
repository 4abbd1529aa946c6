"""What there is to explain: all of it by group, and each group with the first sentence of every page."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping

from cnncalc.diagnostics.catalogue import entries
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.layers.registry import LAYERS, layer_class
from cnncalc.manual import GROUPS, pages
from cnncalc.report.canvas import Canvas
from cnncalc.report.manual_pages import entry_lines, for_reading, quoted

_AROUND = """`cnncalc explain stride` prints one page, `cnncalc explain language` a whole book. Capitals, spaces and
plurals make no difference: `explain "receptive field"`, `explain MACs`. `cnncalc explain lenet5 conv1` works the
formulas of a network out.""".replace("\n", " ")


def overview(canvas: Canvas) -> str:
    """The names of all pages by group, and how the lists are printed that are too long for it."""
    on = for_reading(canvas)
    lines = [on.paint("What `cnncalc explain` knows", "title"), "", *wrapped(_AROUND, on.width)]
    for group, about in GROUPS.items():
        names = [quoted(page.name) for page in pages().values() if page.group == group and page.name != group]
        lines += _group(f"{group}: {about}", names, on)
    lines += _group("words: the layers", LAYERS, on)
    lines += _group("codes: errors and warnings", [f"{len(entries())} of them: `cnncalc explain codes`"], on)
    return "".join(f"{line}\n" for line in lines)


def _group(heading: str, names: Iterable[str], canvas: Canvas) -> Iterator[str]:
    first, *more = wrapped(heading, canvas.width)
    yield ""
    yield from (canvas.paint(line, "heading") for line in (first, *more))
    yield from (f"  {line}" for line in wrapped("  ".join(names), canvas.width and canvas.width - 2))


def group_listed(group: str, canvas: Canvas, sentences: Mapping[str, str]) -> str:
    """A group's pages, each with its sentence."""
    return _listed(sentences, canvas, f"{group}: {GROUPS[group]}")


def words_listed(canvas: Canvas) -> str:
    """Every layer word with the first sentence of its page."""
    docs = {word: inspect.getdoc(layer_class(word)) or "" for word in LAYERS}
    return _listed({word: doc.split("\n\n", 1)[0].replace("\n", " ") for word, doc in docs.items()}, canvas)


def codes_listed(canvas: Canvas) -> str:
    """Every code of an error or a warning with its meaning."""
    return _listed(
        {code: f"{entry.meaning[:1].upper()}{entry.meaning[1:]}" for code, entry in entries().items()}, canvas
    )


def pointer(names: Iterable[str], canvas: Canvas) -> str:
    """A line below a page that names the other pages of its word; empty without one."""
    known = " and ".join(f"`cnncalc explain {quoted(name)}`" for name in dict.fromkeys(names))
    lines = wrapped(f"More about it: {known}", for_reading(canvas).width) if known else ()
    return "".join(f"{line}\n" for line in ("", *lines)) if known else ""


def _listed(sentences: Mapping[str, str], canvas: Canvas, heading: str = "") -> str:
    on = for_reading(canvas)
    lines = [on.paint(line, "heading") for line in wrapped(heading, on.width)] + [""] if heading else []
    return "".join(f"{line}\n" for line in (*lines, *entry_lines(sentences, on)))
