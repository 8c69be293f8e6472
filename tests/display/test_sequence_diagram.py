"""The diagram of exchanges: who asked whom, and who answered."""

import re

import pytest

from jwt_demo.display.blocks import Arrow, Diagram
from jwt_demo.display.html import as_html
from jwt_demo.display.sequence_diagram import LETTER, diagram_of, diagram_text, svg
from jwt_demo.display.show import picture_of
from jwt_demo.display.text import as_text
from jwt_demo.server.exchange import Exchange, Step


async def test_the_diagram_shows_what_really_happened(decorator_server):
    """The middleware answers a bad token itself, the handler is reached by a good one, the router by an unknown path."""
    token = (
        await decorator_server.post(
            "/login", data={"email": "user@email.com", "password": "password"}
        )
    ).json()["token"]
    await decorator_server.get("/get-user", headers={"Authorization": f"Bearer {token}x"})
    await decorator_server.get("/nowhere")
    drawn = as_text(picture_of(decorator_server.exchanges))

    assert drawn.splitlines()[0] == "client · auth_middleware · handler"
    blocks = drawn.split("\n\n")[1:]
    assert blocks[0].splitlines()[1] == "  auth_middleware → handler: login()"
    assert blocks[1].splitlines() == [
        "client → auth_middleware: GET /get-user",
        "client ← auth_middleware: 401 Unauthorized",
    ]
    assert blocks[2].splitlines()[1:3] == [
        "  auth_middleware → handler: router()",
        "  auth_middleware ← handler: 404",
    ]
    for word in re.findall(r"[\w/]+", drawn):
        assert word in as_html(picture_of(decorator_server.exchanges))


def answered(steps, status=200, reason="OK"):
    return diagram_of([Exchange("GET", "/", status=status, reason=reason, steps=steps)])


def test_lanes_stand_from_outside_in():
    """Whatever exchange reached how far: client, the middlewares by their place, the handler last."""
    inner, outer = Step(1, "inner", "in"), Step(0, "outer", "in")
    handler = Step(2, "hello", "in", handler=True)
    exchanges = [Exchange("GET", "/", status=401, steps=[outer]), Exchange("GET", "/", status=200, steps=[outer, inner, handler])]  # fmt: skip
    assert diagram_of(exchanges).lanes == ["client", "outer", "inner", "handler"]


TOLD = {
    "no steps were recorded": ([], 200, ["client → handler: GET /", "client ← handler: 200 OK"]),
    "nobody answered": ([], None, ["client → handler: GET /", "client ← handler: ✗ no response"]),
    "it never came back": ([Step(0, "auth", "in")], None, ["client → auth: GET /", "client ← auth: ✗ no response"]),
    "another status on the way": (
        [Step(0, "auth", "in"), Step(0, "auth", "out", "404")], 200, ["client → auth: GET /", "client ← auth: 200 OK for 404"],
    ),
    "an exception": (
        [Step(0, "auth", "in"), Step(1, "hello", "in", handler=True), Step(1, "hello", "out", "KeyError"), Step(0, "auth", "out", "KeyError")], 200,
        ["client → auth: GET /", "  auth → handler: hello()", "  auth ← handler: ✗ KeyError", "client ← auth: ✗ 200 OK for KeyError"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "status", "lines"), TOLD.values(), ids=TOLD)
def test_each_way_ends_where_it_ended(steps, status, lines):
    """An answer, an exception on its way, or none: the arrow says which, and what is odd has a mark."""
    assert diagram_text(answered(steps, status)).splitlines()[2:] == lines


class Drawing:
    """What an SVG places where."""

    def __init__(self, diagram):
        self.text = svg(diagram)
        self.width, self.height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', self.text).groups())  # fmt: skip
        self.texts = [
            (int(x), int(y), text)
            for x, y, text in re.findall(
                r'<text[^>]* x="(\d+)" y="(\d+)"[^>]*>([^<]*)</text>', self.text
            )
        ]


MANY = ["client", "one", "two_with_a_longer_name_than_there_is_room_for", "three", "handler"]


@pytest.mark.parametrize("lanes", [MANY[:2], MANY[:3], MANY])
@pytest.mark.parametrize("text", ["200 OK", "GET /a/path?with=a&query=of-some-length", "<b>&amp;" * 60])  # fmt: skip
def test_no_text_leaves_the_picture_or_its_arrow(lanes, text):
    """However long it is: it is cut, and the lanes are as wide as it needs."""
    last = len(lanes) - 1
    arrows = [Arrow(0, 1, text), Arrow(1, 0, text, odd=True), Arrow(0, last, text), Arrow(last, last, text[:80])]  # fmt: skip
    drawing = Drawing(Diagram(lanes, [arrows, arrows]))
    assert drawing.texts
    for x, y, written in drawing.texts:
        half = len(re.sub("&[a-z0-9#]+;", "x", written)) * LETTER // 2
        assert half <= x <= drawing.width - half, written
        assert 0 < y < drawing.height, written
    assert "<b>" not in drawing.text


def test_arrows_point_where_they_go():
    """The head of a request is on the right, of a response on the left, which is dashed as well."""
    there, back = (svg(Diagram(["a", "b"], [[arrow]])) for arrow in (Arrow(0, 1, "x"), Arrow(1, 0, "x")))  # fmt: skip
    for drawing, tip, end in ((there, 225, 218), (back, 75, 82)):
        assert len(re.findall(rf'<line x1="{tip}" y1="\d+" x2="{end}"', drawing)) == 2
    assert 'stroke-dasharray="6 3"' in back
    assert 'stroke-dasharray="6 3"' not in there


def test_a_picture_says_what_it_is_for_who_does_not_see_it():
    """Role, lanes, how many; and what was left out stands below."""
    drawing = svg(Diagram(["client", "<auth>"], [[Arrow(0, 1, "x")]], "3 earlier ones are not shown"))  # fmt: skip
    assert 'role="img"' in drawing
    assert 'aria-label="Sequence diagram of 1 exchange between client, &lt;auth&gt;"' in drawing
    assert drawing.endswith("<p><small>3 earlier ones are not shown</small></p>")
