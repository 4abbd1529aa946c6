"""A page opened in a real browser, offline: no request, nothing in its console, keys work, axe-core finds nothing.

One browser is started for all of it.  Where none is installed the tests are skipped, with what is missing as reason.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis.seen_pixels import seen_pixels, seen_words
from cnncalc.cli import main
from cnncalc.pictures.page.page_html import page_html

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NET = """title "Two <blocks> & a shortcut"
block unit n
  split
  branch
    conv $n 3x3 same bn relu
  branch
  join add
end
input 16x16x1
conv 4 3x3 same relu => params 40
unit 4
maxpool 2x2
flatten
dense 10 softmax => params 1
"""


def missing() -> str:
    """Why no page can be opened here; empty where one can."""
    if find_spec("playwright") is None:
        return "no browser test: playwright is not installed (pip install playwright)"
    if find_spec("axe_playwright_python") is None:
        return "no browser test: axe-playwright-python is not installed"
    return "" if browser_path() else "no browser test: neither chromium nor google-chrome is installed"


def browser_path() -> str:
    """Where a browser is: one of the system, or playwright's own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is not None:
        return found
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return next(
        (
            str(path)
            for path in sorted(own.glob("chromium*/chrome-linux*/*"))
            if path.name in ("chrome", "headless_shell")
        ),
        "",
    )


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


class Opened:
    """A page and all that it said and asked for."""

    def __init__(self, browser: Any, file: Path, width: int = 1280, color_scheme: str = "light") -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, color_scheme=color_scheme
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    net, page = folder / "net.txt", folder / "net.html"
    net.write_text(NET)
    assert main(["report", str(net), "-o", str(page)]) == 0
    return page


def faults_found(page: Any) -> list[tuple[str, str]]:
    """What axe-core finds: its rule and the first place."""
    from axe_playwright_python.sync_playwright import Axe

    return [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]


def choose(page: Any, line: int) -> None:
    """Moves the slider, as arrow keys do."""
    page.evaluate(f"choice.value = {line}; choice.dispatchEvent(new Event('input'))")


def test_a_wide_page_is_used_with_keys_alone_and_says_nothing_and_asks_for_nothing(browser: Any, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    assert page.inner_text("#name") == "conv 4 3x3 same relu"
    page.click("#formulas summary")
    assert page.inner_text("#formula dl:last-of-type").startswith("field size")
    assert page.locator("#formula math").count() > 3
    assert faults_found(page) == []
    page.focus(".on-wide .v >> nth=-1")
    assert page.inner_text("#name") == "dense 10 softmax"
    page.focus(".on-wide .v >> nth=0")
    assert page.inner_text("#name").startswith("input 16x16x1")
    page.focus("#choice")
    page.keyboard.press("End")
    assert page.inner_text("#name") == "dense 10 softmax"
    assert page.locator(".chart .on-wide .v.on").count() == 1
    page.focus('button[data-key="params"]')
    page.keyboard.press("Enter")
    assert page.inner_text("#sorted") == "Sorted by Params, largest first."
    assert page.inner_text("#layers tbody tr:not([hidden]) .name") == "dense 10 softmax"
    # On paper every line is there, in the order of the net, on white.
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.inner_text("#layers tbody .layer .name >> nth=0").startswith("input 16x16x1")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.is_visible("aside")
    assert opened.said == []
    assert [address for address in opened.asked if not address.startswith("data:")] == [file.as_uri()]
    opened.context.close()


def test_a_narrow_dark_page_has_no_faults_and_fits(browser: Any, file: Path) -> None:
    opened = Opened(browser, file, width=400, color_scheme="dark")
    assert faults_found(opened.page) == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 400  # no scrolling sideways
    assert opened.said == []
    opened.context.close()


FIELDS = """input 20x16x1
conv 2 3x3 padding=1
conv 2 3x3 stride=2
conv 2 3x3 dilation=2 padding=2
upsample 2
gap
"""


def test_the_frame_is_the_exact_field_of_the_place_in_the_words_of_trace(browser: Any, tmp_path: Path) -> None:
    analysis = cnncalc.load(FIELDS).analysis
    file = tmp_path / "fields.html"
    file.write_text(page_html(analysis))
    opened = Opened(browser, file)
    page = opened.page
    page.focus("#frame")
    page.hover("#frame", position={"x": 1, "y": 1})
    page.keyboard.press("ArrowUp")  # further up there is nothing
    for line, row in enumerate(analysis.rows[1:-1], 1):
        choose(page, line)
        ((_, seen, _),) = seen_pixels(analysis, row.nodes[-1], (0, 0, 0))
        said = page.inner_text("#seen")
        assert said.startswith("Value [1,1] of ")
        assert said.endswith(f"pixels: {seen_words(seen)}."), row.row.text
        edges = [int(page.get_attribute("#field", name)) for name in ("y", "height", "x", "width")]
        assert edges == [edge for axis in seen for edge in (axis.first, axis.last - axis.first + 1)]
    # By hand: 3x3 with dilation 2 over a stride of 2 over 3x3 sees 13x13 pixels, 5 of them before the first.
    assert said == (
        "Value [1,1] of 18×14 depends on 13×13 pixels: rows 1 to 8 of 20 and columns 1 to 8 of 16, "
        "and padding: 5 rows before the first, 5 columns before the first."
    )
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#seen").startswith("Value [2,1] of 18×14")
    choose(page, 5)
    assert page.inner_text("#seen").startswith("Every value depends on")
    opened.context.close()


TWO_INPUTS = """left: input 16x16x1
a: conv 4 3x3 same relu
right: input 16x16x3
b: conv 4 5x5 same relu
concat a b
gap
"""


def test_a_clicked_line_stays_chosen_and_says_which_inputs_it_depends_on(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "two.html"
    file.write_text(page_html(cnncalc.load(TWO_INPUTS).analysis))
    opened = Opened(browser, file)
    page = opened.page
    lines = page.locator("#layers tbody tr.layer")
    lines.nth(4).click()
    lines.nth(1).hover()
    page.hover("#frame")
    assert page.inner_text("#name") == "concat a b"
    assert page.inner_text("#pin") == "This line stays chosen. Escape, or a second click on it, ends that."
    said = page.inner_text("#seen")
    assert "pixels of left: rows " in said
    assert said.endswith("It depends on pixels of right too, which are not marked here.")
    page.keyboard.press("Escape")
    lines.nth(3).hover()
    assert page.inner_text("#name") == "conv 4 5x5 same relu"
    assert not page.is_visible("#frame")
    lines.nth(0).click()
    assert "depends on 1×1 pixel of left: row " in page.inner_text("#seen")
    lines.nth(0).click()
    assert page.inner_text("#pin") == "Click a line to keep it chosen."
    orders = []
    for _ in range(2):
        page.click('button[data-key="field"]')
        orders.append(
            page.eval_on_selector_all("#layers tbody tr.layer", "all => all.map((tr) => tr.cells[5].innerText)")
        )
    assert orders == [["whole", "3×3", "3×3", "1×1", "", ""], ["1×1", "3×3", "3×3", "whole", "", ""]]
    assert opened.said == []
    opened.context.close()
