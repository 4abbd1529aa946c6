"""Diagrams as the programs read them that draw them: Graphviz' `dot`, and Mermaid in a browser.

Mermaid is no Python package: `npm i mermaid` somewhere, and CNNCALC_MERMAID is the path of its `mermaid.min.js`.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cnncalc.analysis import analyse
from cnncalc.net_files import checked
from cnncalc.pictures.diagrams.dot import digraph, dot_text
from cnncalc.pictures.diagrams.mermaid import flowchart, mermaid_text
from cnncalc.sources import find, shipped_names
from tests.pictures.decks import analysis_of
from tests.pictures.hostile_words import HOSTILE, hostile_diagram
from tests.random_nets.arguments import Choose
from tests.random_nets.drawing import net

RANDOM_NETS = 60
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def mermaid() -> Iterator[Any]:
    """A page with Mermaid in it."""
    library = os.environ.get("CNNCALC_MERMAID", "")
    playwright = pytest.importorskip("playwright.sync_api")
    if not library or not Path(CHROMIUM).exists():
        pytest.skip("CNNCALC_MERMAID names no mermaid.min.js, or there is no browser")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<div id=x></div>")
        page.add_script_tag(path=library)
        page.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
        yield page
        browser.close()


def parsed_by_dot(text: str) -> None:
    if shutil.which("dot") is None:
        pytest.skip("there is no `dot`")
    done = subprocess.run(["dot", "-Tcanon"], input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("name", shipped_names())
def test_dot_reads_every_network(name: str) -> None:
    analysis = analyse(checked(find(name)))
    parsed_by_dot(dot_text(analysis))
    parsed_by_dot(dot_text(analysis, depth=9, every_copy=True))


@pytest.mark.parametrize("name", shipped_names())
def test_mermaid_reads_every_network(name: str, mermaid: Any) -> None:
    text = mermaid_text(analyse(checked(find(name))))
    assert mermaid.evaluate("async text => (await mermaid.parse(text)).diagramType", text) == "flowchart-v2"


def test_both_read_random_nets(mermaid: Any) -> None:
    for seed in range(RANDOM_NETS):
        analysis = analysis_of(net(Choose(seed)))
        parsed_by_dot(dot_text(analysis, depth=9))
        text = mermaid_text(analysis, depth=9)
        assert mermaid.evaluate("async text => (await mermaid.parse(text)).diagramType", text) == "flowchart-v2"


def test_mermaid_shows_every_letter(mermaid: Any) -> None:
    """What the boxes, frames and arrows say when they are drawn, in a browser."""
    text = flowchart(hostile_diagram())
    drawn = """async text => {
        const drawn = await mermaid.render('g', text);
        document.getElementById('x').innerHTML = drawn.svg;
        const words = one => one.textContent.trim().replaceAll('\\u2060', '');
        const said = sign => [...document.querySelectorAll(sign)].map(words);
        return [said('.nodeLabel'), said('.cluster-label'), said('.edgeLabel .label'),
                document.querySelector('.flowchartTitleText').textContent];
    }"""
    boxes, frames, arrows, title = mermaid.evaluate(drawn, text)
    assert {f"{words}below" for words in HOSTILE} - set(boxes) == set()
    assert set(HOSTILE) - set(boxes) == set()
    assert set(HOSTILE) - set(frames) == set()
    assert set(HOSTILE) - set(arrows) == set()
    assert title == hostile_diagram().title.replace("<b>", "‹b›")


def test_dot_shows_every_letter() -> None:
    if shutil.which("dot") is None:
        pytest.skip("there is no `dot`")
    done = subprocess.run(["dot", "-Tsvg"], input=digraph(hostile_diagram()).encode(), capture_output=True, check=True)
    said = [html.unescape(one) for one in re.findall(r"<text[^>]*>([^<]*)</text>", done.stdout.decode())]
    assert set(HOSTILE) - {one.replace("\N{NO-BREAK SPACE}", " ") for one in said} == set()
