"""10: names that strangers wrote: `kid`, the text of a token on a denylist, a person's name inside JSON."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from ...stages.middleware import bearer_token, invalid_token
from ...tokens.anatomy import Token, encode_segment
from ..checker import Bench
from ..matchers import gives, raised, returned, returns, status
from ..model import Call, Case, Exercise, Mistake, Request, Trial, Want, Wrong, but_with

# --- which key -------------------------------------------------------------------------------------------------------

KEYS = {"2026-a": "the key of spring", "2026-b": "the key of autumn"}
STRANGERS = {"kty": "oct", "k": "YSBrZXkgdGhhdCB0aGUgc3RyYW5nZXIgbWFkZQ"}

FIND_KEY_SOLUTION = """
def find_key(header, keys):
    kid = header.get("kid")
    return keys.get(kid) if isinstance(kid, str) else None
"""
ANYTHING = Mistake(
    raised(KeyError, TypeError, AttributeError),
    "A 500: a stranger wrote this header, so `kid` may be missing, a key nobody has, a number or a list. Use `.get`, and ask first whether it is a str.",
)
GUESSED = Mistake(
    returned(lambda value: value in KEYS.values()),
    "You have no such key, and another one in its place is a guess: None.",
)
THEIRS = "This is the key that came with the token. Whoever forged the token chose it: a header may name one of your keys, and nothing else."


def header(
    what: str, sent: dict[str, Any], wanted: str | None, means: str, *mistakes: Mistake
) -> Case:
    return Case(
        f"find_key({what}, keys)",
        Call(sent, KEYS),
        (returns(wanted),),
        means,
        mistakes=(*mistakes, ANYTHING),
    )


def find_key_by(expression: str) -> str:
    return f"def find_key(header, keys):\n    return {expression}\n"


FIND_KEY = Exercise(
    name="10-find-key",
    function="find_key",
    idea="A header may name one of your own keys, and that is all it may do.",
    stub="""
def find_key(header, keys):
    if "jwk" in header:
        return jwt.PyJWK(header["jwk"])
    return keys[header["kid"]]
""",
    given="import jwt\n",
    solution=FIND_KEY_SOLUTION,
    also_right=(
        """
def find_key(header, keys):
    for kid, key in keys.items():
        if kid == header.get("kid"):
            return key
""",
        """
def find_key(header, keys):
    try:
        return keys[header["kid"]]
    except (KeyError, TypeError):
        return None
""",
    ),
    wrong=(
        Wrong(
            "the key of the header first",
            find_key_by("header.get('jwk') or keys.get(header.get('kid'))"),
            "came with the token",
        ),
        Wrong(
            "the key of the header where no kid fits",
            find_key_by("keys.get(header.get('kid'), header.get('jwk'))"),
            "came with the token",
        ),
        Wrong("only jwk is taken away", find_key_by("keys[header['kid']]"), "`.get`"),
        Wrong(
            "a list as kid is not thought of", find_key_by("keys.get(header.get('kid'))"), "a str"
        ),
        Wrong(
            "the first key for whom it may concern",
            find_key_by("keys.get(header.get('kid'), list(keys.values())[0])"),
            "no such key",
        ),
        Wrong(
            "a kid that begins right",
            "def find_key(header, keys):\n    for kid, key in keys.items():\n        if kid.startswith(str(header.get('kid'))):\n            return key\n",
            "whole name",
        ),
        Wrong("no key at all", find_key_by("None if header else keys"), "`return`"),
    ),
    hints=(
        "There is one place keys may come from, and it is not the header.",
        "`keys.get(...)` gives None where `keys[...]` raises. It still raises for a list, which can't be looked up: ask whether `kid` is a str.",
        '`kid = header.get("kid")`, then `keys.get(kid)` if `isinstance(kid, str)`, else None. `jwk` and `jku` are not looked at.',
    ),
    cases=(
        header(
            "kid 2026-a",
            {"alg": "HS256", "kid": "2026-a"},
            KEYS["2026-a"],
            'This header names one of your keys: the key of spring, `keys["2026-a"]`.',
        ),
        header(
            "kid 2026-b",
            {"alg": "HS256", "kid": "2026-b"},
            KEYS["2026-b"],
            "This header names your other key.",
        ),
        header(
            "kid 2026-a, and a jwk",
            {"alg": "HS256", "kid": "2026-a", "jwk": STRANGERS},
            KEYS["2026-a"],
            THEIRS,
        ),
        header("a jwk and no kid", {"alg": "HS256", "jwk": STRANGERS}, None, THEIRS, GUESSED),
        header(
            "kid 2025-z",
            {"alg": "HS256", "kid": "2025-z"},
            None,
            "You have no such key: None, and the token is refused.",
            GUESSED,
        ),
        header(
            "no kid",
            {"alg": "HS256"},
            None,
            "Without a `kid` the header names none of your keys: None.",
        ),
        header(
            "kid 2026",
            {"alg": "HS256", "kid": "2026"},
            None,
            "No key of yours is called 2026. A `kid` is a whole name: compare all of it.",
        ),
        header("kid is empty", {"alg": "HS256", "kid": ""}, None, "An empty name names nobody."),
        header(
            "kid ../../robots.txt",
            {"alg": "HS256", "kid": "../../robots.txt"},
            None,
            "A path names none of your keys.",
        ),
        header(
            "kid is a list",
            {"alg": "HS256", "kid": ["2026-a"]},
            None,
            "A list names none of your keys.",
        ),
        header(
            "kid is a number, and a jku",
            {"alg": "HS256", "kid": 5, "jku": "https://keys.example/5"},
            None,
            "Neither of them names a key of yours.",
        ),
    ),
    learnt="A dictionary of your own keys opens no file, asks no database and sends no request, whatever the header says.",
)

# --- under which name a token is denied ------------------------------------------------------------------------------


class Denylist(Bench):
    """A bench with an ES256 key, tokens of one user, and other spellings of one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.name: Any = None
        self.tokens = {"one": self.issue("first login"), "two": self.issue("second login")}
        self.tokens |= {"one==": self.tokens["one"] + "==", "twin": twin(self.tokens["one"])}

    def issue(self, jti: str) -> str:
        now = int(self.now.timestamp())
        return jwt.encode(
            {"iss": "jwt-demo", "sub": "1", "iat": now, "exp": now + 300, "jti": jti},
            self.private,
            algorithm="ES256",
        )

    def token(self, name: str) -> str:
        return self.tokens[name]


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256


def twin(token: str) -> str:
    """The same token with its signature's twin: (r, N - s) verifies wherever (r, s) does, and takes no key to compute."""
    parsed = Token.parse(token)
    r, s = parsed.signature[:32], int.from_bytes(parsed.signature[32:], "big")
    return (
        parsed.signing_input.decode("ascii")
        + "."
        + encode_segment(r + (ORDER - s).to_bytes(32, "big"))
    )


def with_a_denylist(denied_as: Callable[..., Any], bench: Any) -> web.Application:
    """An application with a logout, and the learner's function to name what is on its list."""
    denied: set[Any] = set()

    def verified(request: web.Request) -> tuple[dict[str, Any], Any]:
        token = bearer_token(request.headers.get("Authorization", ""))
        claims = jwt.decode(token, bench.private.public_key(), algorithms=["ES256"])
        bench.name = denied_as(token, dict(claims))
        return claims, bench.name

    async def get_user(request: web.Request) -> web.Response:
        claims, name = verified(request)
        return invalid_token() if name in denied else web.json_response({"user": claims["sub"]})

    async def logout(request: web.Request) -> web.Response:
        denied.add(verified(request)[1])
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/get-user", get_user)
    app.router.add_post("/logout", logout)
    return app


DENIED_AS_SOLUTION = """
def denied_as(token, claims):
    return claims["jti"]
"""
UNHASHABLE = Mistake(
    raised(TypeError),
    "The list is a set, and what goes on it must be hashable: a str, or a tuple of them.",
)
NAMED = Want(
    "a name for the list",
    lambda trial: trial.bench.name is not None,
    lambda trial: "None",
    "Your function returned None. Is a `return` missing?",
)
LOGOUT = Request("POST", "/logout", token="one")


def asked(sent: str, token: str, wanted: int, means: str) -> Case:
    return Case(
        sent,
        Request("GET", "/get-user", token=token),
        (NAMED, status(wanted)),
        means,
        mistakes=(UNHASHABLE,),
    )


DENIED_AS = Exercise(
    name="10-denied-as",
    function="denied_as",
    idea="A token is denied under a name that nobody can spell in two ways.",
    stub="""
def denied_as(token, claims):
    return token
""",
    given="import hashlib\n\nfrom jwt_demo import Token\n",
    solution=DENIED_AS_SOLUTION,
    also_right=(
        'def denied_as(token, claims):\n    return claims["iss"], claims["jti"]\n',
        "def denied_as(token, claims):\n    return hashlib.sha256(token.rpartition('.')[0].encode()).hexdigest()  # what was signed has one spelling\n",
    ),
    wrong=(
        Wrong(
            "a hash of the text",
            "def denied_as(token, claims):\n    return hashlib.sha256(token.encode()).hexdigest()\n",
            "names a spelling",
        ),
        Wrong(
            "padding is taken off",
            "def denied_as(token, claims):\n    return token.rstrip('=')\n",
            "twin",
        ),
        Wrong(
            "the signature",
            "def denied_as(token, claims):\n    return token.split('.')[2].rstrip('=')\n",
            "twin",
        ),
        Wrong(
            "the user",
            "def denied_as(token, claims):\n    return claims['sub']\n",
            "logged out everywhere",
        ),
        Wrong(
            "user and second",
            "def denied_as(token, claims):\n    return claims['sub'], claims['iat']\n",
            "same second",
        ),
        Wrong(
            "all claims in a dictionary",
            "def denied_as(token, claims):\n    return claims\n",
            "hashable",
        ),
        Wrong(
            "nothing comes back", "def denied_as(token, claims):\n    claims['jti']\n", "`return`"
        ),
        Wrong(
            "another name each time",
            "def denied_as(token, claims):\n    return object()\n",
            "the same name each time",
        ),
    ),
    hints=(
        "The text can be spelt anew without any key. What of a token can't be changed without one?",
        "The claims are signed. One of them is there to tell tokens apart ([RFC 7519 §4.1.7](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.7)).",
        '`return claims["jti"]`, and with several issuers `(claims["iss"], claims["jti"])`.',
    ),
    mount=with_a_denylist,
    kind="verifier",
    bench=Denylist.make,
    cases=(
        asked("GET /get-user, a good token", "one", 200, "Nobody logged out yet."),
        Case(
            "POST /logout, the same token",
            LOGOUT,
            (status(204),),
            "Logout puts the token's name on the list.",
            mistakes=(UNHASHABLE,),
        ),
        asked(
            "GET /get-user, the same token",
            "one",
            401,
            "This token was logged out and has another name now. One token needs the same name each time.",
        ),
        asked(
            "GET /get-user, the same token with == behind it",
            "one==",
            401,
            "The text has two `=` more, which is padding; the token is the same, and it came in. A name made of the text, or of its hash, names a spelling.",
        ),
        asked(
            "GET /get-user, the same token, its signature's twin",
            "twin",
            401,
            "The signature is the other one of a pair, its twin: just as valid, and computed without a key. So the signature is no name for a token.",
        ),
        asked(
            "GET /get-user, another token of this user, issued in the same second",
            "two",
            200,
            "This is another login of the same user, issued in the same second, and nobody logged it out. Two tokens need two names, "
            "or one logout means logged out everywhere.",
        ),
    ),
    learnt="`jti` is inside what is signed, so nobody can respell it; and no two tokens share it, so one logout ends one token.",
)

# --- a name inside JSON ----------------------------------------------------------------------------------------------


def pairs_in(text: Any) -> list[tuple[str, Any]] | None:
    """The members of a JSON object in order, each as often as it stands there; None where there is none."""
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, TypeError):
        return None
    return (
        pairs
        if isinstance(pairs, list) and all(isinstance(pair, tuple) for pair in pairs)
        else None
    )


def members(name: str) -> list[tuple[str, Any]]:
    return sorted({"sub": "7", "role": "user", "name": name}.items())


def twice(trial: Trial) -> bool:
    names = [name for name, _ in pairs_in(trial.value) or []]
    return len(names) > len(set(names))


def named(what: str, name: str, means: str) -> Case:
    return Case(
        f"payload_for({what})",
        Call(name),
        (
            gives(
                "a text",
                lambda value: isinstance(value, str | bytes),
                "JSON text is wanted, a str; `json.dumps` makes one.",
            ),
            gives("JSON", lambda value: pairs_in(value) is not None, means),
            gives(
                "sub 7, role user and this name, each once",
                lambda value: sorted(pairs_in(value) or [], key=str) == members(name),
                means,
            ),
        ),
        means,
        mistakes=(
            Mistake(
                returned(lambda value: value is None and name != "Ada"),
                "For this name nothing came back, and people have such names. " + means,
            ),
            Mistake(
                twice,
                "A claim stands twice: the name ended its own quotes and wrote a member. Which one counts differs from parser to parser. "
                "Let `json.dumps` write all of it.",
            ),
        ),
    )


PAYLOAD_STUB = """
def payload_for(name):
    return '{"sub": "7", "role": "user", "name": "NAME"}'.replace("NAME", name)
"""
PAYLOAD_SOLUTION = """
def payload_for(name):
    return json.dumps({"sub": "7", "role": "user", "name": name})
"""
payload = functools.partial(but_with, PAYLOAD_STUB)

PAYLOAD = Exercise(
    name="10-payload-for",
    function="payload_for",
    idea="Text goes into JSON as a value, through the function that knows how to write one.",
    stub=PAYLOAD_STUB,
    given="import json\n",
    solution=PAYLOAD_SOLUTION,
    also_right=(
        'def payload_for(name):\n    return \'{"role": "user", "sub": "7", "name": %s}\' % json.dumps(name, ensure_ascii=False)\n',
    ),
    wrong=(
        Wrong(
            "quotes are taken out",
            payload('"NAME", name', """"NAME", name.replace('"', '')"""),
            "as it went in",
        ),
        Wrong(
            "quotes are escaped, the backslash is not",
            payload('"NAME", name', """"NAME", name.replace('"', '\\\\"')"""),
            "A backslash",
        ),
        Wrong(
            "names with quotes are refused",
            payload("    return", "    if '\"' in name:\n        return None\n    return"),
            "nothing came back",
        ),
        Wrong(
            "the name first, so that the right role comes last",
            payload(
                '"sub": "7", "role": "user", "name": "NAME"',
                '"name": "NAME", "sub": "7", "role": "user"',
            ),
            "stands twice",
        ),
        Wrong(
            "a dictionary",
            "def payload_for(name):\n    return {'sub': '7', 'role': 'user', 'name': name}\n",
            "JSON text",
        ),
        Wrong(
            "Python's spelling",
            "def payload_for(name):\n    return str({'sub': '7', 'role': 'user', 'name': name})\n",
            "double quotes",
        ),
        Wrong(
            "backslash and quotes, by hand",
            payload(
                '"NAME", name', """"NAME", name.replace('\\\\', '\\\\\\\\').replace('"', '\\\\"')"""
            ),
            "line break",
        ),
    ),
    hints=(
        "Which characters mean something in JSON? There are more of them than the quotation mark, and you need not know them.",
        "Build a dictionary with three members and let `json.dumps` write it. It escapes what needs escaping, and changes nothing that is read back.",
        '`json.dumps({"sub": "7", "role": "user", "name": name})`',
    ),
    cases=(
        named(
            "Ada",
            "Ada",
            "This is not JSON, or not these three members: keys and texts stand in double quotes.",
        ),
        named(
            'Mallory", "role": "admin',
            'Mallory", "role": "admin',
            "A strange name, and still only a name: it must come out of the payload as it went in.",
        ),
        named(
            'Ann "Annie" Lee',
            'Ann "Annie" Lee',
            "A name may have quotation marks in it, and here the payload is broken or has changed her name.",
        ),
        named(
            'Mallory\\", "role": "admin',
            'Mallory\\", "role": "admin',
            "A backslash before the quotation mark: who escapes one must escape the other.",
        ),
        named(
            "a name with a line break",
            "Zoë\nof Thrace",
            "A line break may not stand in a JSON text as it is. `json.dumps` knows all such characters.",
        ),
    ),
    learnt="Whatever people type is a value. A function that writes JSON keeps it one; a template lets it write JSON of its own.",
)

EXERCISES = (FIND_KEY, DENIED_AS, PAYLOAD)
