"""The live inspector, on the side of Python: each edit has an answer, and nothing secret is in it."""

import json
import re

import jwt
import pytest

from jwt_demo.display.inspector import Inspector, inspector
from jwt_demo.tokens.signatures import SUPPORTED
from tests.support.hostile import HOSTILE, STEERING, hostile_token

NOW = 1_700_000_000
KEY = "k" * 32
GOOD = {"sub": "1", "iat": NOW - 2, "exp": NOW + 298}


def test_the_inspectors_page_makes_no_markup_and_asks_for_nothing():
    """Text goes in as text; no address, no evaluation."""
    code = re.sub(r"//.*", "", Inspector._esm)
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "fetch(",
        "import(",
        "XMLHttpRequest",
        "WebSocket",
    ):
        assert forbidden not in code
    assert not re.search(r"https?://", Inspector._esm + Inspector._css)


def test_an_inspectors_saved_state_holds_neither_token_nor_key():
    """What a notebook may keep of a widget is its page, nothing else."""
    widget = inspector(jwt.encode(GOOD, KEY), KEY, now=NOW)
    state = repr(widget.get_state())
    assert "eyJ" not in state
    assert KEY not in state
    assert repr(widget) == "The inspector works while the kernel of this notebook is running."
    assert "0x" not in repr(widget)


@pytest.fixture
def page():
    """The fields as they stand after the start, and a way to edit one."""
    widget = inspector(jwt.encode(GOOD, KEY), KEY, now=NOW)
    fields = {**widget.answer({"edited": "start"}), "key": "", "form": "auto", "follow": True}

    def edit(name, **changes):
        fields.update(changes)
        fields.update(widget.answer({**fields, "edited": name}))
        return fields, [row["mark"] for row in fields["statements"]]

    return edit


def test_an_edited_claim_is_signed_again_or_found_out(page):
    """With `follow` the signature follows; without it, it no longer verifies, and the bytes that changed are named."""
    fields, marks = page("claims", claims=json.dumps({**GOOD, "sub": "2"}))
    assert marks == ["✓", "✓", "✓"]
    assert (
        jwt.decode(fields["token"], KEY, algorithms=["HS256"], options={"verify_exp": False})["sub"]
        == "2"
    )

    fields, marks = page("claims", claims=json.dumps({**GOOD, "sub": "3"}), follow=False)
    assert marks == ["✓", "✗", "✗"]
    assert fields["changed"]["words"].startswith("1 of ")


def test_one_changed_letter_is_found_out_and_can_be_signed_again(page):
    """Tamper, look, sign."""
    fields, marks = page("tamper")
    assert marks == ["✓", "✗", "✗"]
    assert fields["said"] == '`sub` was "1", it is "2" now.'
    fields, marks = page("sign")
    assert marks == ["✓", "✓", "✓"]
    assert fields["changed"] is None


def test_another_key_never_signs_silently(page):
    """A key that is typed in is asked to verify; were it to sign, every key would look right."""
    before, _ = page("token")
    token = before["token"]
    fields, marks = page("key", key="another key, of thirty-two bytes or more", form="text")
    assert fields["token"] == token
    assert marks == ["✓", "✗", "✗"]


@pytest.mark.parametrize("field", ["token", "header", "claims", "key", "form", "base", "edited"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "{",
        "[" * 50_000,
        "\ud800",
        "a.b.c",
        "9" * 5_000,
        None,
        5,
        ["x"],
        "x" * 1_000_000,
        '{"alg":"none"}',
        '{"a":1,"a":2}',
        '{"exp":1e999}',
    ],
)
def test_the_inspector_answers_whatever_is_typed(page, field, value):
    """No edit raises, and the answer can be sent as JSON."""
    fields, _ = page("claims" if field == "edited" else field, **{field: value})
    json.dumps(fields)


def test_hostile_claims_in_the_editor_are_visible_json():
    """What cannot be seen is written as an escape, and means the same."""
    for text in HOSTILE[:-1]:
        answer = inspector(hostile_token(text), now=NOW).answer({"edited": "start"})
        assert re.findall(STEERING, answer["claims"]) == []
        assert json.loads(answer["claims"])["sub"] == text


def test_typed_keys_never_come_back(page):
    """Neither a secret nor a private key is in an answer."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    private = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()  # fmt: skip
    for key in (private, "quite a secret key, that nobody should see"):
        widget = inspector(jwt.encode(GOOD, KEY), KEY, now=NOW)
        told = json.dumps(
            widget.answer(
                {
                    **widget.answer({"edited": "start"}),
                    "edited": "key",
                    "key": key,
                    "form": "auto",
                    "follow": True,
                }
            )
        )
        assert key.splitlines()[-1] not in told
        assert private.splitlines()[1] not in told
        assert KEY not in told


async def test_a_token_is_sent_to_the_running_server(decorator_server, key):
    """And the answer comes back as text; so does the reason why nothing was sent."""
    widget = inspector("", key, server=decorator_server)
    token = (
        await decorator_server.post(
            "/login", data={"email": "user@email.com", "password": "password"}
        )
    ).json()["token"]
    assert "HTTP/1.1 200 OK" in await widget.ask_server(token, "/get-user")
    assert "HTTP/1.1 401" in await widget.ask_server(token + "x", "/get-user")
    assert (await widget.ask_server("a\nb", "/get-user")).startswith("Not sent: ")
    assert (await widget.ask_server(token, "get-user")).startswith("Not sent: ")
    await decorator_server.stop()
    assert (await widget.ask_server(token, "/")).startswith("No server runs")


@pytest.mark.parametrize("alg", SUPPORTED)
def test_an_example_of_each_algorithm_is_good_and_its_key_stays_here(alg):
    """A key is made, signs, verifies, is used again for the next edit, and is described by its kind alone."""
    widget = inspector(now=NOW)
    told = widget.answer({"edited": "example", "example": alg, "key": "", "form": "auto"})
    assert [row["mark"] for row in told["statements"]] == ["✓", "✓", "✓"]
    assert told["key_says"].endswith("made here and not shown.")

    edited = widget.answer(
        {
            **told,
            "edited": "claims",
            "example": alg,
            "claims": json.dumps({**GOOD, "sub": "2"}),
            "follow": True,
        }
    )
    assert [row["mark"] for row in edited["statements"]] == ["✓", "✓", "✓"]
    assert json.loads(edited["header"])["alg"] == alg
