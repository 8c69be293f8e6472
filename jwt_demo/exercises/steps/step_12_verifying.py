"""12: the half of a service that verifies tokens."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from ...stages.parts.secret_key import new_key
from ...tokens.anatomy import Token, TokenError
from ..fixtures import Bench
from ..matchers import raised, same
from ..model import Call, Case, Exercise, From, Mistake, Trial, Want
from .step_10_server import forge
from .step_12 import AUDIENCE, GIVEN, ISSUER

VERIFY = """
def claims_of(token, key):
    try:
        Token.parse(token)
        parts = jwt.decode_complete(
            token, key, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE, options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]}
        )
    except (jwt.InvalidTokenError, TokenError):
        return None
    claims = parts["payload"]
    if parts["header"].get("typ") != "at+jwt":
        return None
    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])):
        return None
    return claims if 0 < claims["exp"] - claims["iat"] <= 3600 else None
"""


class Verifying(Bench):
    """A bench with a second key, and a token that comes more than once."""

    def __init__(self) -> None:
        super().__init__()
        self.second_key = new_key()
        self.good = GOOD.make(self)


def made(
    *,
    without: str = "",
    typ: Any = "at+jwt",
    typ_claim: str = "",
    alg: str = "HS256",
    key: str = "",
    second: bool = False,
    header: dict[str, Any] | None = None,
    more: str = "",
    **changes: Any,
) -> From:
    """A token made for one case: the good one with one thing changed. A timedelta counts from now.

    `second`: it is signed with the second key. `header`: this is the whole header, and the signature is right.
    """

    def make(bench: Any) -> str:
        now = datetime.now(timezone.utc)
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": bench.sub,
            "iat": timedelta(0),
            "exp": timedelta(minutes=5),
            "jti": new_key()[:16],
            "scope": "profile",
            **changes,
        }
        claims = {
            name: on_the_clock(now, value) for name, value in claims.items() if name != without
        }
        if typ_claim:
            claims["typ"] = typ_claim
        signed_with = key or (bench.second_key if second else bench.key)
        if header is not None:
            return forge(header, claims, signed_with)
        if alg == "none":
            signed_with = ""
        kind = {} if typ is None else {"typ": typ}
        token = jwt.encode(claims, signed_with, algorithm=alg, headers={"typ": None, **kind})
        return token + more

    return From(make)


GOOD = made()


@dataclasses.dataclass(frozen=True)
class AsText:
    """A moment, counted from now, that stands in the token in quotation marks."""

    after: timedelta


def on_the_clock(now: datetime, value: Any) -> Any:
    """The seconds of a moment that is counted from now; any other value as it is."""
    if isinstance(value, AsText):
        return str(on_the_clock(now, value.after))
    return int((now + value).timestamp()) if isinstance(value, timedelta) else value


def claims_in(trial: Trial) -> Any:
    """What the token claims, with or without padding."""
    try:
        return Token.parse(trial.args[0].rstrip("=")).claims
    except TokenError:
        return None


def shown(trial: Trial) -> str:
    if isinstance(trial.value, dict):
        return f"a dictionary with the members {', '.join(map(str, trial.value))}"
    if trial.value is None or isinstance(trial.value, bool):
        return repr(trial.value)
    return f"an object of class {type(trial.value).__name__}"


KEY = From(lambda bench: bench.key)
SECOND_KEY = From(lambda bench: bench.second_key)
THE_GOOD_ONE = From(lambda bench: bench.good)
ITS_CLAIMS = Want("its claims", lambda trial: same(trial.value, claims_in(trial)), shown)
NOTHING = Want("None", lambda trial: trial.value is None, shown)
RAISES = Mistake(
    raised(jwt.PyJWTError, TokenError, AttributeError, TypeError, KeyError, ValueError),
    "Your code raised, and a client can send such a token at any time. Catch what `jwt.decode` and `Token.parse` raise, look at the type before you compare, and return None.",
)
NO_CLAIMS = Mistake(
    lambda trial: trial.error is None and trial.value is not None and not same(trial.value, claims_in(trial)),
    "For a token that is not accepted, return None and nothing else.",
)  # fmt: skip


def accepts(what: str, token: From, means: str, key: From = KEY) -> Case:
    other = Mistake(
        lambda trial: trial.value is not None,
        "Return the claims of the token, all of them and nothing else.",
    )
    return Case(called(what, key), Call(token, key), (ITS_CLAIMS,), means, (other,))


def rejects(
    what: str, token: Any, means: str, key: From = KEY, *, asked_before: bool = False
) -> Case:
    return Case(
        called(what, key), Call(token, key), (NOTHING,), means, (RAISES, NO_CLAIMS), asked_before
    )


def called(what: str, key: From) -> str:
    return f"claims_of({what}, {'key' if key is KEY else 'another key'})"


def survives(what: str, token: From) -> Case:
    """The exam rejects it, this exercise only asks that nothing is raised."""
    wanted = Want(
        "None (or its claims), and no exception",
        lambda trial: trial.value is None or same(trial.value, claims_in(trial)),
        shown,
    )
    return Case(called(what, KEY), Call(token, KEY), (wanted,), ONLY_NONE, (RAISES, NO_CLAIMS))


ONLY_NONE = "A token that you do not accept gets None."


def lacks(name: str, means: str) -> Case:
    case = rejects(
        f"one without {name}",
        made(without=name),
        f"{means} PyJWT checks what is there, and requires only what you say.",
    )
    looked_up = Mistake(
        lambda trial: raised(KeyError)(trial) and trial.error.args == (name,),  # type: ignore[union-attr]  # it raised
        f"Your code looked `{name}` up, and it is not there. {means} Name it in `require`: then PyJWT rejects the token.",
    )
    return dataclasses.replace(case, mistakes=(looked_up, *case.mistakes))


ANOTHER_SERVICE = "It was made for another service, which could send it here and act as this user: ask for your own `audience`."
ANOTHER_ISSUER = "It is of another issuer with the same key: ask for `issuer`."
NEARLY = "This is not the right name. Compare the whole name."
PURPOSE = "It was made for another purpose: look at `typ` in the header, PyJWT does not."
KIND = "This `typ` is not `at+jwt`, so the token is of another kind. Compare the whole value."
ONE_ALGORITHM = "One key, one algorithm (RFC 8725 §3.1): HS256 alone."
NO_ALG = "The header does not say HS256, which is the only algorithm that you allow. `alg` must be there (RFC 7515 §4.1.1), and be a text."
OVER = "It expired two minutes ago, which is more than clocks differ: some seconds of leeway are enough."
LACKING = {
    "exp": "Without `exp` it never expires.",
    "jti": "Without `jti` the server cannot revoke it.",
    "sub": "Without `sub` it names no user.",
    "iat": "Without `iat` the server cannot know how old it is.",
    "iss": "Without `iss` the server cannot know who issued it.",
    "aud": "Without `aud` every server with the key can accept it.",
}

CLAIMS_OF = Exercise(
    name="12-claims-of",
    function="claims_of",
    idea="A verifier checks the claims that the issuer sets, and rejects a token that lacks one of them. It need not check `scope`: `login_required` does that.",
    stub="""
def claims_of(token, key):
    # the claims of a token that we issued, for this service, of the right kind,
    # not expired, and with all our claims (`scope` may be missing);
    # None for any other token
    ...
""",
    given=GIVEN + "from jwt_demo.tokens.claims import is_numeric_date\n",
    solution=VERIFY,
    bench=Verifying.make,
    hints=(
        "Write down what a good token says, and check each of these. PyJWT checks only what you ask for.",
        "`jwt.decode_complete` gives header and payload, and takes `algorithms`, `issuer`, `audience` and `options` with a list of what it is to require. It does not look at `typ`, and it takes a `=` at the end.",
        'In a `try`: `Token.parse(token)`, then `parts = jwt.decode_complete(token, key, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE, '
        'options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]})`, and None for `(jwt.InvalidTokenError, TokenError)`. '
        'Then `parts["payload"]` if `parts["header"].get("typ") == "at+jwt"`.',
    ),
    cases=(
        accepts("a good token", THE_GOOD_ONE, "This token is good: its claims must come back. Compare the arguments of `jwt.decode` with what the task says of a good token."),
        rejects("one signed with another key", made(key="k" * 64), "The signature was made with another key: it must be verified with yours."),
        rejects("one without a signature, alg none", made(alg="none"), "This token has no signature: its `alg` is none. Allow HS256 alone in `algorithms`."),
        *(rejects(f"one signed with {alg} and the same key", made(alg=alg), ONE_ALGORITHM) for alg in ("HS384", "HS512")),
        rejects("one that expired an hour ago", made(iat=timedelta(minutes=-65), exp=timedelta(minutes=-60)), "It expired an hour ago: some seconds of leeway are enough."),
        rejects("one that expired two minutes ago", made(iat=timedelta(minutes=-7), exp=timedelta(minutes=-2)), OVER),
        rejects("one that is good in two minutes", made(nbf=timedelta(minutes=2)), "It is valid in two minutes: some seconds of leeway are enough."),
        *(lacks(name, means) for name, means in LACKING.items()),
        rejects("one for another service", made(aud="another-api"), ANOTHER_SERVICE),
        *(rejects(f"one for {aud!r}", made(aud=aud), f"{NEARLY} {ANOTHER_SERVICE}") for aud in ("exam-api-2", "not-exam-api", "exam", "EXAM-API", "exam-api ", "examapi", "")),
        rejects("one of another issuer", made(iss="https://other.example"), ANOTHER_ISSUER),
        *(
            rejects(f"one of {iss!r}", made(iss=iss), f"{NEARLY} {ANOTHER_ISSUER}")
            for iss in ("https://exam.example.evil.example", "https://exam.example/", "http://exam.example", "https://exam.exampl", "https://EXAM.example", "https://exam.example ", "https://evil.example?https://exam.example", "")
        ),
        rejects("an ID token, typ JWT", made(typ="JWT"), PURPOSE),
        rejects("a refresh token, typ rt+jwt", made(typ="rt+jwt"), PURPOSE),
        rejects("one without typ", made(typ=None), "It does not say what it is for: look at `typ` in the header, PyJWT does not."),
        *(rejects(f"one of typ {typ!r}", made(typ=typ), KIND) for typ in ("not-at+jwt", "at+jwts", "at", "jwt", "application/", "text/at+jwt", "at+jwt ", "at+jwt;v=1", "")),
        rejects("one whose typ is a list", made(typ=["at+jwt"]), "`typ` is one text (RFC 7515 §4.1.9), and this is a list."),
        rejects("one whose typ is the number 5", made(typ=5), PURPOSE),
        rejects("a refresh token with a claim typ", made(typ="rt+jwt", typ_claim="at+jwt"), PURPOSE),
        rejects("one with a claim typ, and none in its header", made(typ=None, typ_claim="at+jwt"), PURPOSE),
        rejects("one whose sub is a number", made(sub=1), "`sub` is a text (RFC 7519 §4.1.2). PyJWT rejects a number unless that is switched off."),
        rejects("one whose jti is a number", made(jti=1), "`jti` is a text (RFC 7519 §4.1.7). PyJWT rejects a number unless that is switched off."),
        rejects("a good one with = at its end", made(more="="), "There is a `=` at its end, and base64url in a token has no padding (RFC 7515 §2). PyJWT takes it, `Token.parse` does not, and one token would have two texts."),
        rejects("no token at all", "not a token", "This is not a token, and a client can send any text: return None."),
        rejects("an empty text", "", "This is not a token, and a client can send any text: return None."),
        rejects("one without alg, with the right signature", made(header={"typ": "at+jwt"}), NO_ALG),
        rejects("one whose alg is the number 5, with the right signature", made(header={"alg": 5, "typ": "at+jwt"}), NO_ALG),
        survives("one whose exp is a text", made(exp=AsText(timedelta(minutes=5)))),
        survives("one whose iat is a text", made(iat=AsText(timedelta(0)))),
        accepts("one signed with another key", made(second=True), "This token fits the key that is given in this call. Use it, and keep no key from earlier calls.", SECOND_KEY),
        rejects("the good token of the first call", THE_GOOD_ONE, "You accepted this token before, with its own key. This call gives another key, and the signature does not fit it. Verify in each call: keep no tokens and no results.", SECOND_KEY),
        rejects(
            "one before it expires, and once more after that",
            made(iat=timedelta(minutes=-60), exp=timedelta(minutes=-30)),
            "In the second call the token has expired, and you accepted it. Other expired tokens you reject. Verify in each call: keep no tokens and no results.",
            asked_before=True,
        ),
        accepts("another good token", made(), "This is another good token, with its own claims. What you accept must not depend on one token, or on the tokens before it."),
    ),
    learnt="A token must have `iss`, `aud`, `sub`, `iat`, `exp` and `jti`. Signature, `iss`, `aud`, `exp` and `typ` were tested, but not the value of `iat`. The exam asks three more questions: is `exp` a number, is it in seconds, and is the life of a token short? `solution(claims_of)` asks them too.",
)  # fmt: skip

EXERCISES = (CLAIMS_OF,)
