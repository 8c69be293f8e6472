"""Figures: each name is there, says the same as text and as a picture, and is drawn within its frame."""

import json
import re

import pytest

from jwt_demo.display.blocks import Arrow, Box, Flow, Link
from jwt_demo.display.figures import FIGURES, figure, sequence
from jwt_demo.display.flow_chart import flow_svg
from rerun import ROOT


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_the_same_as_text_and_as_picture(name):
    """Every word of the text stands in the page, and the picture has a name for those who do not see it."""
    shown = figure(name)
    page = re.sub(r"<style>.*?</style>", "", shown._repr_html_(), flags=re.DOTALL)
    drawing = page[: page.index("<details>")]
    for word in re.findall(r"[\w/]+", repr(shown)):
        assert word in drawing
    assert re.search('<svg [^>]*role="img" aria-label="[^"]{10,}', drawing)


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_drawn_outside_the_frame(name):
    """Boxes, lines and the middle of every text are within the picture's width and height."""
    page = figure(name)._repr_html_()
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', page).groups())
    assert all(0 <= int(x) <= width for x in re.findall(r' x[12]?="(-?\d+)"', page))
    assert all(0 <= int(y) <= height for y in re.findall(r' y[12]?="(-?\d+)"', page))
    boxes = re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', page)
    for x, y, across, down in (map(int, box) for box in boxes):
        assert x + across <= width
        assert y + down <= height


def test_every_figure_is_used_and_no_lesson_has_another_kind():
    """Mermaid is text on most pages that show notebooks."""
    notebooks = {path: path.read_text("utf-8") for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert [path.name for path, text in notebooks.items() if "```mermaid" in text] == []
    used = [
        name
        for text in notebooks.values()
        for cell in json.loads(text)["cells"]
        if cell["cell_type"] == "code"
        for name in re.findall(r'figure\("([\w-]+)"\)', "".join(cell["source"]))
    ]
    assert sorted(used) == sorted(FIGURES)


def test_notes_lanes_and_ways_are_read():
    """A note stays on its lane; lanes may be given in front."""
    diagram = sequence("a · b · c\nc: waits\na <- c: come\n\na -> b: go: now")
    assert diagram.lanes == ["a", "b", "c"]
    assert diagram.exchanges == [
        [Arrow(2, 2, "waits"), Arrow(2, 0, "come")],
        [Arrow(0, 1, "go: now")],
    ]
    with pytest.raises(ValueError, match="Not a line"):
        sequence("nonsense")


def test_an_unknown_figure_is_told():
    """With those that are there."""
    with pytest.raises(ValueError, match="03-middleware"):
        figure("none")


def test_what_stands_in_a_box_is_text():
    """No markup comes from a title or a label."""
    flow = Flow([[Box("<b>", "<i>")], [Box("&")]], [Link("<b>", "&", '"><script>')])
    assert not re.search("<(b|i|script)>", flow_svg(flow))
