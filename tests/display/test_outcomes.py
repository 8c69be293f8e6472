"""A table of cases says who sent what, what was expected and what came back, and is wrong about none of it."""

import re

import pytest

from jwt_demo.display.html import as_html
from jwt_demo.display.outcomes import Outcomes, outcome_table, outcomes
from jwt_demo.display.show import picture_of
from jwt_demo.display.text import as_text
from jwt_demo.server.exchange import Exchange

RIGHT = {"email": "user@email.com", "password": "password"}


@pytest.fixture
async def token(decorator_server):
    return (await decorator_server.post("/login", data=RIGHT)).json()["token"]


async def test_each_case_is_sent_and_judged(decorator_server, token):
    """A token, no token, a whole request; as many exchanges as cases, in their order."""
    before = len(decorator_server.exchanges)
    shown = await outcomes(
        decorator_server,
        {
            "good": (token, 200),
            "changed": (token[:-2] + "xx", 401),
            "nothing": (None, 401),
            "wrong password": (
                {"method": "POST", "path": "/login", "json": {**RIGHT, "password": "guess"}},
                (400, 401),
            ),
            "accepted by mistake": (token, 401),
            "shown only": token,
        },
    )

    assert [row.result.status for row in shown] == [200, 401, 401, 401, 200, 200]
    assert [row.as_expected for row in shown] == [True, True, True, True, False, None]
    assert len(decorator_server.exchanges) - before == 6
    assert not shown
    lines = str(shown).splitlines()
    assert lines[0].split() == ["who", "sent", "expected", "got"]
    assert lines[1].split() == [
        "good",
        "GET",
        "/get-user,",
        "Bearer",
        "token",
        "200",
        "200",
        "OK",
        "✓",
        "as",
        "expected",
    ]
    assert "POST /login, JSON: email, password" in str(shown)
    assert "✗ not as expected" in lines[5]
    assert "User id=1" in lines[6]  # what came back, where it was not expected
    assert lines[-1] == "4 of 5 as expected"


async def test_no_output_holds_a_token_or_a_password(decorator_server, token):
    """Neither what was sent nor what came back."""
    cases = [
        ("token", token, 200),
        ("login", {"method": "POST", "path": "/login", "data": RIGHT}, 401),
        ("in the path", {"path": f"/get-user?access_token={token}"}, 401),
        ("in a header", {"headers": {"Authorization": f"Bearer {token}"}}, 200),
    ]
    shown = await outcomes(decorator_server, cases, details=True)
    for output in (str(shown), shown._repr_html_()):
        assert token not in output
        assert token.rpartition(".")[2] not in output
        assert "'password'" not in output


async def test_without_expectations_there_is_no_verdict(decorator_server):
    """Nothing is judged, so no column says so."""
    shown = await outcomes(decorator_server, {"nobody": None, "text": "abc"}, path="/")
    assert str(shown).splitlines()[0].split() == ["who", "sent", "got"]
    assert "expected" not in str(shown)
    assert bool(shown) is True


async def test_what_cannot_be_sent_is_a_row_too(decorator_server):
    """The others are sent all the same."""
    shown = await outcomes(
        decorator_server,
        {"a line break": ("abc\ndef", 401), "none": (None, 401)},
    )
    assert shown["a line break"].got.startswith("not sent: ")
    assert [row.as_expected for row in shown] == [False, True]


@pytest.mark.parametrize(
    ("cases", "says"),
    [
        ({"x": (1, 2, 3)}, "2 parts"),
        ([("x",)], "3 parts"),
        (["x"], "3 parts"),
        ({"x": 5}, "a token, None or a dict"),
        ({"x": {"pth": "/"}}, "'pth'"),
    ],
)
async def test_a_case_that_is_none_is_told(decorator_server, cases, says):
    """By what a case is."""
    with pytest.raises(TypeError, match=re.escape(says)):
        await outcomes(decorator_server, cases)


def test_results_already_got_make_the_same_table():
    """Exchanges, statuses, texts."""
    gone = Exchange("GET", "/", problem="The connection was closed without a response.")
    shown = outcome_table(
        [
            ("user", "GET /", 200, Exchange("GET", "/", status=200, reason="OK")),
            ("worker", "GET /", range(200, 300), 204),
            ("attack", "POST /", "refused", "accepted"),
            ("nobody", "GET /", 401, gone),
        ],
        who="case",
    )
    assert [row.as_expected for row in shown] == [True, True, False, False]
    assert shown["worker"].expected == "200 to 299"
    assert "no response" in str(shown)
    assert "closed without a response" in str(shown)
    assert str(shown).startswith("case ")
    assert as_text(picture_of(shown)) == str(shown)


def test_text_and_page_say_the_same():
    """Every word of the text stands in the page; mark and word stand beside the colour."""
    shown = outcome_table([("<b>", "`x`", 200, 500), ("b", "y", None, "z")])
    page = as_html(shown.picture())
    assert "<b>&lt;" not in page.replace("&lt;b&gt;", "")
    assert "&lt;b&gt;" in page
    for word in re.findall(r"\w+", str(shown)):
        assert word in page
    assert 'class="jd-no"><b><span aria-hidden="true">✗</span> not as expected</b>' in page


def test_an_empty_table_is_no_success_of_anything():
    """It says so."""
    assert str(Outcomes([])) == "who  sent  got\n\n(no cases)"
