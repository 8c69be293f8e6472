"""10: a good signature on the wrong kind of token."""

from __future__ import annotations

from ..matchers import raised
from ..model import Exercise, Mistake
from .step_10_server import (
    AGAIN,
    GIVEN,
    Forgery,
    accepts,
    expired_since,
    guarded_by,
    keeps_nothing,
    of_kind,
    rejects,
)

ACCESS_STUB = """
def verify_access(token, key):
    return jwt.decode(token, key, algorithms=["HS256"])
"""
ACCESS_SOLUTION = """
def verify_access(token, key):
    claims = jwt.decode(token, key, algorithms=["HS256"])
    typ = jwt.get_unverified_header(token).get("typ")
    if not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"):
        return None
    return claims
"""
NOT_TEXT = Mistake(
    raised(AttributeError, TypeError, KeyError),
    "The response was 500: `typ` may be missing, a number or a list. Check that it is a str before you use it as one.",
)
ALG_IS_TEXT = Mistake(
    raised(KeyError, AttributeError, TypeError),
    "The response was 500. The client wrote `alg`: it may be missing, or a number. Keep the `jwt.decode` that was there, and do not read `alg`.",
)
UNTYPED = "A token that is not a refresh token can still be another kind. An ID token of the same issuer has another `typ`, or none: require `at+jwt`."
NEARLY = "This `typ` is not `at+jwt`, so the token is of another kind. Compare the whole value with `at+jwt` and `application/at+jwt`."
ANY_CASE = "Media types do not distinguish small and capital letters (RFC 2045 §5.1): compare `typ.lower()`."
A_CLAIM = "`typ` is a claim here, but the kind of a token is in its header (RFC 9068 §2.1). Read only the header."
ONE_ALGORITHM = "This was signed with {}. Use each key with one algorithm (RFC 8725 §3.1). Before your change, `verify_access` allowed only HS256, and that was right."
LOST = "`verify_access` rejected this token before you changed it, because {}. Keep the `jwt.decode` that was there."

ACCESS = Exercise(
    name="10-verify-access",
    function="verify_access",
    idea="The header says what kind of token this is, and this verifier accepts only one kind.",
    stub=ACCESS_STUB,
    given=GIVEN,
    solution=ACCESS_SOLUTION,
    hints=(
        "The kind of a token is not in its claims. What else does a token say about itself?",
        '`jwt.get_unverified_header(token)` gives the header, and `.get("typ")` of that may give None or a number. First verify the token with `jwt.decode`. Before that, anyone could have written the header.',
        'After `jwt.decode`, return None unless `isinstance(typ, str) and typ.lower() in ("at+jwt", "application/at+jwt")`, with `typ = jwt.get_unverified_header(token).get("typ")`.',
    ),
    mount=lambda candidate, bench: guarded_by(candidate, bench, bench.key, bench.second_key),
    kind="verifier",
    bench=Forgery.make,
    cases=(
        accepts(
            "verify_access(typ at+jwt, key)",
            "access, kept",
            "Your function rejects an access token: its `typ`, in the header, is `at+jwt`.",
            Mistake(
                lambda trial: raised(KeyError)(trial) and trial.error.args == ("typ",),  # type: ignore[union-attr]  # it raised
                "There is no `typ` where your code looks for it. It is in the header: `jwt.get_unverified_header(token)`.",
            ),
        ),
        rejects(
            "verify_access(typ rt+jwt, key)",
            of_kind("rt+jwt"),
            "A refresh token was accepted. It is valid for days, and only for `/refresh`.",
        ),
        rejects(
            "verify_access(typ at+jwt, signed with another key, key)",
            "access, another key",
            LOST.format("its signature is that of another key"),
        ),
        rejects(
            "verify_access(typ at+jwt, expired, key)",
            "access, expired",
            LOST.format("it expired 55 minutes ago"),
        ),
        rejects("verify_access(typ JWT, key)", of_kind("JWT"), UNTYPED),
        rejects("verify_access(no typ, key)", "no typ", UNTYPED, NOT_TEXT),
        rejects("verify_access(typ is the number 5, key)", of_kind(5), UNTYPED, NOT_TEXT),
        rejects(
            "verify_access(typ is a list with at+jwt in it, key)",
            of_kind(["at+jwt"]),
            "`typ` is one text (RFC 7515 §4.1.9), and this is a list.",
            NOT_TEXT,
        ),
        accepts(
            "verify_access(typ application/at+jwt, key)",
            of_kind("application/at+jwt"),
            "`at+jwt` is short for this media type: RFC 9068 §4 allows both.",
        ),
        *(
            accepts(f"verify_access(typ {typ}, key)", of_kind(typ), ANY_CASE)
            for typ in ("AT+JWT", "At+Jwt", "Application/AT+JWT", "APPLICATION/at+jwt")
        ),
        *(
            rejects(f"verify_access(typ {typ}, key)", of_kind(typ), NEARLY)
            for typ in (
                "not-at+jwt",
                "at+jwts",
                "at+xml",
                "at",
                "jwt",
                "application/",
                "text/at+jwt",
                "application/x-at+jwt",
                "application/not/at+jwt",
                "application/application/at+jwt",
                "at+application/jwt",
                "at+jwt ",
                "at+jwt;v=1",
                "atjwt",
                "application/at+jwts",
            )
        ),
        rejects("verify_access(typ is empty, key)", of_kind(""), NEARLY),
        rejects(
            "verify_access(typ rt+jwt, and a claim typ at+jwt, key)",
            "typ as a claim",
            A_CLAIM,
        ),
        rejects(
            "verify_access(no typ in the header, and a claim typ at+jwt, key)",
            "no typ, but a claim",
            A_CLAIM,
            NOT_TEXT,
        ),
        *(
            rejects(
                f"verify_access(typ at+jwt, signed with {algorithm} and the same key, key)",
                f"access, {algorithm}",
                ONE_ALGORITHM.format(algorithm),
            )
            for algorithm in ("HS384", "HS512")
        ),
        *(
            rejects(
                f"verify_access(typ at+jwt, {what}, and the right signature, key)",
                token,
                LOST.format(f"{what}: it does not name the algorithm HS256"),
                ALG_IS_TEXT,
            )
            for what, token in (
                ("no alg in the header", "access, no alg"),
                ("alg is the number 5", "access, alg 5"),
            )
        ),
        accepts("verify_access(typ at+jwt again, key)", "access", AGAIN),
        *keeps_nothing("verify_access", "key", "access, kept", "access, second key"),
        expired_since("verify_access", "key", "access, expired"),
    ),
    learnt="The signature says who made a token, and `typ` says what it is for. A server that checks both accepts no other kind.",
)

EXERCISES = (ACCESS,)
