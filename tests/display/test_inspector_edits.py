"""The inspector's answers: garbage clears, only tokens of one origin are compared, and what was pasted around a token comes off."""

import jwt
import pytest

from jwt_demo.display.inspector import inspector
from jwt_demo.display.inspector_edits import difference
from jwt_demo.display.key_set import CannotFetch, fetch_key_set

NOW = 1_700_000_000
KEY = "k" * 32
TOKEN = jwt.encode({"sub": "1", "exp": NOW + 300}, KEY)
OTHER = jwt.encode({"sub": "7", "name": "another"}, "another key of thirty-two bytes or more")


@pytest.fixture
def page():
    widget = inspector(TOKEN, KEY, now=NOW)
    start = widget.answer({"edited": "start"})

    def edit(name, **fields):
        return widget.answer(
            {**start, "key": "", "form": "auto", "follow": True, **fields, "edited": name}
        )

    return edit


@pytest.mark.parametrize("text", ["", "garbage", "a.b", "{}", "....."])
def test_garbage_leaves_nothing_of_the_token_before(page, text):
    """Neither header nor claims, no key that could sign it, no difference."""
    told = page("token", token=text)
    assert (told["header"], told["claims"], told["signs"]) == ("", "", False)
    assert told.get("changed") is None
    assert told["rows"] == []


def test_an_object_that_is_being_typed_keeps_the_other_one(page):
    """Half a header is no reason to forget the claims."""
    told = page("header", header='{"alg": "HS')
    assert "claims" not in told or told["claims"] != ""


def test_a_foreign_token_is_not_compared(page):
    """It was not made from mine."""
    assert page("token", token=OTHER)["changed"] is None


def test_a_changed_signature_is_marked(page):
    """In the signature, by its characters."""
    changed = TOKEN[:-6] + ("A" if TOKEN[-6] != "A" else "B") + TOKEN[-5:]
    told = page("token", token=changed)["changed"]
    assert told["ranges"] == [[len(TOKEN) - 6, len(TOKEN) - 5]]
    assert "1 of 43 characters of the signature differs" in told["words"]
    assert (
        page("token", token=TOKEN.rpartition(".")[0] + ".")["changed"]["words"]
        == "the signature was removed"
    )


@pytest.mark.parametrize(
    "around", ["Bearer {}", "'{}'", "Authorization: Bearer {}", "{}\n", "  {}", '{{"token": "{}"}}']
)
def test_what_was_pasted_around_a_token_comes_off_with_one_press(page, around):
    """Offered, done, said."""
    pasted = around.format(TOKEN)
    assert page("token", token=pasted)["repairs"]
    told = page("repair", token=pasted)
    assert told["token"] == TOKEN
    assert told["said"].startswith("Removed ")
    assert told["repairs"] == ""
    assert page("token")["repairs"] == ""


def test_tokens_of_one_origin_share_what_was_signed_or_the_signature():
    """Anything else is another token."""
    assert difference("", "a.b.c") is None
    assert difference("a.b.c", "a.b.c") is None
    assert difference("a.b.c", "a.x.c")["ranges"] == [[2, 3]]
    assert difference("a.b.c", "a.x.d") is None


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/jwks.json",
        "http://203.0.113.7/",
        "http://[::ffff:10.0.0.1]/",
        "https://127.0.0.1.example.com/",
        "http://",
    ],
)
async def test_only_this_machine_is_asked_for_keys(address):
    """And the message says so."""
    with pytest.raises(CannotFetch, match="not this machine"):
        await fetch_key_set(address)


async def test_a_key_set_of_this_machine_verifies(serving):
    """Its address stands where a key would; nobody there is told."""
    from aiohttp import web

    from jwt_demo.tokens.keys import fresh_key

    key = fresh_key("HS256")
    jwk = jwt.algorithms.HMACAlgorithm.to_jwk(key.public, as_dict=True)
    app = web.Application()

    async def jwks(request):
        return web.json_response({"keys": [jwk]})

    app.add_routes([web.get("/jwks.json", jwks)])
    server = await serving(app)
    typed = {"edited": "key", "key": f"{server.url}/jwks.json"}
    told = []
    widget = inspector(
        jwt.encode({"sub": "1", "exp": NOW + 300}, key.public, algorithm="HS256"), now=NOW
    )
    widget.send = told.append
    fields = {**widget.answer({"edited": "start"}), "form": "auto"}
    await widget._answer_with_key_set({**fields, **typed})
    await server.stop()
    await widget._answer_with_key_set({**fields, **typed})
    assert [row["mark"] for row in told[0]["statements"]] == ["✓", "✓", "✓"]
    assert "Fetched from" in told[0]["key_says"]
    assert told[1]["key_says"].startswith("Not fetched: no response")
    assert [row["mark"] for row in told[1]["statements"]] == ["✓", "○", "○"]
