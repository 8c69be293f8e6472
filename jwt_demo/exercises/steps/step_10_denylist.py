"""10: under which name a token is denied."""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable
from typing import Any

import jwt
from aiohttp import web

from ...stages.middleware import bearer_token, invalid_token
from ...tokens.anatomy import Token, encode_segment
from ...tokens.crypto_library import IS_HERE
from ..fixtures import Bench
from ..matchers import raised, status
from ..model import Case, Exercise, Mistake, Request, Want

if IS_HERE:
    from cryptography.hazmat.primitives.asymmetric import ec


class Denylist(Bench):
    """A bench with an ES256 key, tokens of one user, and other spellings of one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.name: Any = None
        # three ids that nearly are one: as long, and with the same beginning and the same end
        start, end = f"login {secrets.token_urlsafe(30)}", secrets.token_urlsafe(30)
        self.tokens = {
            "one": self.issue(f"{start}aB{end}"),
            "two": self.issue(f"{start}cD{end}"),
            "case": self.issue(f"{start}Ab{end}"),
        }
        one = f"{start}aB{end}"
        self.tokens |= {name: self.issue(change(one)) for name, change in NEARLY_ONE.items()}
        self.tokens |= {
            "joined": self.issue(one[1:], sub=self.sub + one[0]),
            "joined the other way": self.issue(one + self.sub[0], sub=self.sub[1:]),
        }
        self.tokens |= {"one==": self.tokens["one"] + "==", "twin": twin(self.tokens["one"])}

    def issue(self, jti: str, sub: str = "") -> str:
        now = int(self.now.timestamp())
        return jwt.encode(
            {"iss": "jwt-demo", "sub": sub or self.sub, "iat": now, "exp": now + 300, "jti": jti},
            self.private,
            algorithm="ES256",
        )

    def token(self, name: str) -> str:
        return self.tokens[name]

    def names(self) -> dict[str, str]:
        ids = {
            (Token.parse(self.tokens[name]).claims or {})["jti"]: name
            for name in ("one", "two", "case", "joined", "joined the other way", *NEARLY_ONE)
        }
        return {
            **{jti: f"<the jti of token {name}>" for jti, name in ids.items()},
            **super().names(),
        }


MIDDLE = 20  # letters of the id, in front of which something is put in
NEARLY_ONE: dict[str, Callable[[str], str]] = {
    "a dash more": lambda jti: f"{jti[:MIDDLE]}-{jti[MIDDLE:]}",
    "an underscore more": lambda jti: f"{jti[:MIDDLE]}_{jti[MIDDLE:]}",
    "a dot more": lambda jti: f"{jti[:MIDDLE]}.{jti[MIDDLE:]}",
    "a space more": lambda jti: f"{jti[:MIDDLE]} {jti[MIDDLE:]}",
    "a space at its end": lambda jti: f"{jti} ",
    "a line break at its end": lambda jti: f"{jti}\n",
    "a zero in front": lambda jti: f"0{jti}",
    "an accent more": lambda jti: f"{jti[:MIDDLE]}\u0301{jti[MIDDLE:]}",
}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256


def twin(token: str) -> str:
    """The same token with its signature's twin: (r, N - s) verifies wherever (r, s) does, and takes no key to compute."""
    parsed = Token.parse(token)
    r, s = parsed.signature[:32], int.from_bytes(parsed.signature[32:], "big")
    signature = encode_segment(r + (ORDER - s).to_bytes(32, "big"))
    return f"{parsed.signing_input.decode('ascii')}.{signature}"


def with_a_denylist(denied_as: Callable[..., Any], bench: Any) -> web.Application:
    """An application with a logout, and the learner's function to name what is on its list."""
    denied: set[Any] = set()

    async def verified(request: web.Request) -> tuple[dict[str, Any], Any]:
        token = bearer_token(request.headers.get("Authorization", "")) or ""
        claims = jwt.decode(token, bench.private.public_key(), algorithms=["ES256"])
        found = denied_as(token, dict(claims))
        bench.name = await found if inspect.isawaitable(found) else found
        return claims, bench.name

    async def get_user(request: web.Request) -> web.Response:
        claims, name = await verified(request)
        return invalid_token() if name in denied else web.json_response({"user": claims["sub"]})

    async def logout(request: web.Request) -> web.Response:
        denied.add((await verified(request))[1])
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
    lambda trial: raised(TypeError)(trial) and "unhashable" in str(trial.error),
    "The denylist is a set, and its members must be hashable. Return a str, or a tuple of them.",
)
NAMED = Want(
    "a name for the list",
    lambda trial: trial.bench.name is not None,
    lambda trial: "None",
    "Your function returned None, and None is not a name. Return a value that only this token has.",
)
JOINED = "This token has another `sub` and another `jti`, and it was not logged out. If you join the two texts, two tokens can have the same name: return `jti` alone, or a tuple."
OTHER_LOGIN = "This is another login of the same user, {}, and it was not logged out. Two tokens need two different names."


def asked(sent: str, token: str, wanted: int, means: str) -> Case:
    return Case(
        f"GET /get-user, {sent}",
        Request("GET", "/get-user", token=token),
        (NAMED, status(wanted)),
        means,
        mistakes=(UNHASHABLE,),
    )


DENIED_AS = Exercise(
    name="10-denied-as",
    function="denied_as",
    idea="The denylist needs a name for each token, and there must be only one way to write this name.",
    stub="""
def denied_as(token, claims):
    return token
""",
    given="import hashlib\n\nfrom jwt_demo import Token\n",
    solution=DENIED_AS_SOLUTION,
    hints=(
        "Anyone can write the text in another way, without a key. Which part of a token can't be changed without a key?",
        "The claims are signed. One of them is there to distinguish tokens ([RFC 7519 §4.1.7](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.7)).",
        'Return `claims["jti"]`. With several issuers, return `(claims["iss"], claims["jti"])`.',
    ),
    mount=with_a_denylist,
    kind="verifier",
    bench=Denylist.make,
    cases=(
        asked("a good token", "one", 200, "This token was not logged out yet, so it is accepted."),
        Case(
            "POST /logout, the same token",
            Request("POST", "/logout", token="one"),
            (status(204),),
            "Logout puts the token's name on the list.",
            mistakes=(UNHASHABLE,),
        ),
        asked(
            "the same token",
            "one",
            401,
            "This token was logged out, and your function now gives it another name. One token needs the same name each time.",
        ),
        asked(
            "the same token with == behind it",
            "one==",
            401,
            "The text has two more `=`, which is padding. It is the same token, but your function gives it another name: a name made of the text changes with the text.",
        ),
        asked(
            "the same token with a second valid signature",
            "twin",
            401,
            "This is a second valid signature of the same token. It was computed without a key. A name made of the signature changes with the signature.",
        ),
        asked(
            "another token of this user, issued in the same second",
            "two",
            200,
            OTHER_LOGIN.format("issued in the same second")
            + " Of their claims only `jti` differs, and only in its middle. If both have the same name, one logout revokes both.",
        ),
        asked(
            "another token, whose jti differs in capital and small letters only",
            "case",
            200,
            OTHER_LOGIN.format("with another `jti`")
            + " `jti` is compared with its capital and small letters (RFC 7519 §4.1.7).",
        ),
        *(
            asked(
                f"another token, whose jti has {what}",
                what,
                200,
                OTHER_LOGIN.format("with another `jti`")
                + " Use the whole `jti`, and do not change it.",
            )
            for what in NEARLY_ONE
        ),
        asked(
            "a token of another user, where sub and jti together are the same text",
            "joined",
            200,
            JOINED,
        ),
        asked(
            "a token of another user, where jti and sub together are the same text",
            "joined the other way",
            200,
            JOINED,
        ),
    ),
    learnt="`jti` is signed, so nobody can write it in another way. No two tokens have the same `jti`, so one logout revokes one token.",
)

EXERCISES = (DENIED_AS,)
