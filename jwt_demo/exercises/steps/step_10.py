"""10: verifiers that let the token say how it is to be verified; quizzes."""

from __future__ import annotations

import jwt

from ..matchers import raised
from ..model import Case, Exercise, Mistake, Quiz, Request, Trial, Want
from .step_10_server import (
    AGAIN,
    FIRST,
    FROM_THE_TOKEN,
    GIVEN,
    Forgery,
    accepts,
    expired_since,
    guarded_by,
    keeps_nothing,
    rejects,
    survives,
)

# --- one algorithm, always a signature -------------------------------------------------------------------------------

HS256_STUB = """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    algorithm = parsed.header["alg"]
    if algorithm == "none":
        return None
    expected = SIGNERS[algorithm.lower()](key)(parsed.signing_input)
    if parsed.signature and not hmac.compare_digest(expected, parsed.signature):
        return None
    return parsed.claims
"""
HS256_SOLUTION = """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    if parsed.header.get("alg") != "HS256":
        return None
    expected = hs256(key)(parsed.signing_input)
    return parsed.claims if hmac.compare_digest(expected, parsed.signature) else None
"""


HEADER_IS_TEXT = Mistake(
    raised(KeyError, AttributeError, TypeError),
    "The response was 500. The client wrote `alg`: it may be missing, a number, or a name that your table does not have. "
    'Compare it first with the one that you allow: `parsed.header.get("alg") != "HS256"`.',
)
ANY_ALG = "verify_hs256(alg is the number 5, and the right signature, key)"


def never_asks(trial: Trial) -> bool:
    """Whether a right signature was enough before, under a header that names no algorithm."""
    return any(each.sent == ANY_ALG and each.status == 200 for each in trial.earlier)


NOT_FOLDED = Want(
    "status 401 (or 200, where the header is not asked)",
    lambda trial: trial.status == 401 or (trial.status == 200 and never_asks(trial)),
)
WHOLE = "Only a part of this signature is right, or there is more than the right one. Compare the whole signature, with `hmac.compare_digest` or `==`."
CASE = "This is another signature: in base64url and in bytes, capital and small letters differ. Compare the bytes as they are, with `hmac.compare_digest` or `==`."
NOT_COMPARED = "The claims were changed, and this is the signature of the old claims. Compute the signature with your key, and compare the two."
UNSIGNED = "This token has no signature, and its `alg` says so. Accept one algorithm, and no token without a signature."

HS256 = Exercise(
    name="10-verify-hs256",
    function="verify_hs256",
    idea="The verifier decides which algorithm is used, not the token. Every token needs a signature.",
    stub=HS256_STUB,
    given=GIVEN,
    solution=HS256_SOLUTION,
    hints=(
        "Ask two questions: is this the algorithm that I sign with, and is this the signature that I would have made? "
        "Accept the token only if both answers are yes. You need no list of forbidden values.",
        'Change the first test: not `algorithm == "none"` but `algorithm != "HS256"`. Then you do not need the table of signers. '
        "Delete `parsed.signature and`.",
        'Return None when `parsed.header.get("alg") != "HS256"`. Then `expected = hs256(key)(parsed.signing_input)`, '
        "and return the claims if `hmac.compare_digest(expected, parsed.signature)`.",
    ),
    mount=lambda candidate, bench: guarded_by(candidate, bench, bench.key, bench.second_key),
    kind="verifier",
    bench=Forgery.make,
    cases=(
        accepts(
            "verify_hs256(the good token, key)",
            "good",
            "Your function rejects the good token. It is signed with HS256 and this key: return its claims.",
        ),
        rejects(
            "verify_hs256(the claims changed, the signature as it was, key)",
            "tampered",
            NOT_COMPARED,
        ),
        rejects(
            "verify_hs256(signed with another key, key)",
            "another key, new claims",
            "The signature was made with another key. Compute the signature with your key, and compare the two.",
        ),
        rejects(
            "verify_hs256(the header and claims of the good token, signed with another key, key)",
            "another key",
            "Your function rejected other tokens of this kind. It accepted this one after a token with the same header and claims. Compare each signature: keep nothing from earlier calls.",
        ),
        rejects("verify_hs256(alg none, no signature, key)", "alg none", UNSIGNED, FROM_THE_TOKEN),
        rejects(
            "verify_hs256(alg nOnE, no signature, key)",
            "alg nOnE",
            "This token has no signature, and its `alg` is spelt nOnE. A list of forbidden values must contain every spelling. Allow one algorithm instead.",
            HEADER_IS_TEXT,
        ),
        rejects(
            "verify_hs256(alg HS256, nothing behind the last dot, key)",
            "stripped",
            "The third part is empty. A missing signature is a wrong signature. Always compare it.",
        ),
        rejects(
            "verify_hs256(no alg in the header, key)",
            "no alg",
            "A header without `alg` does not name the algorithm that you allow: reject the token.",
            HEADER_IS_TEXT,
        ),
        rejects(
            "verify_hs256(alg is the number 5, key)",
            "alg 5",
            "5 is not the algorithm that you allow: reject the token.",
            HEADER_IS_TEXT,
        ),
        *(
            survives(f"verify_hs256({what}, and the right signature, key)", token, HEADER_IS_TEXT)
            for what, token in (
                ("no alg in the header", "no alg, right key"),
                ("alg is the number 5", "alg 5, right key"),
            )
        ),
        *(
            Case(
                f"verify_hs256(alg {alg}, and the right signature, key)",
                Request("GET", FIRST, token=f"alg {alg}, right key"),
                (NOT_FOLDED,),
                f"`alg` is a text in which capital and small letters differ (RFC 7515 §4.1.1), so `{alg}` is not the algorithm that you allow. Compare it as it is.",
                (HEADER_IS_TEXT,),
            )
            for alg in ("hs256", "Hs256")
        ),
        *(
            rejects(
                f"verify_hs256({algorithm} with the same key, key)",
                algorithm,
                f"This was signed with {algorithm}. Use each key with one algorithm (RFC 8725 §3.1): each other algorithm in the list is one more way to attack.",
                HEADER_IS_TEXT,
            )
            for algorithm in ("HS512", "HS384")
        ),
        *(
            rejects(f"verify_hs256(the good token with {what}, key)", token, WHOLE)
            for what, token in (
                ("half of its signature", "half a signature"),
                ("a byte more at its signature", "a longer signature"),
                ("a zero byte in front of its signature", "a zero byte in front"),
                ("a zero byte behind its signature", "a zero byte behind"),
                ("a space behind its signature", "a space behind"),
                ("a signature whose first half is right", "first half right"),
                ("a signature whose second half is right", "second half right"),
            )
        ),
        rejects(
            "verify_hs256(the good token with the bytes of its signature in another order, key)",
            "bytes in another order",
            "These are the bytes of the right signature in another order. Compare byte by byte, with `hmac.compare_digest` or `==`.",
        ),
        *(
            rejects(f"verify_hs256(a good token, and {what}, key)", token, CASE)
            for what, token in (
                (
                    "in the text of its signature capital letters for small ones",
                    "letters in the other case",
                ),
                (
                    "in the bytes of its signature capital letters for small ones",
                    "bytes in the other case",
                ),
            )
        ),
        rejects(
            "verify_hs256(not a token, key)",
            "no token",
            "This is not a token. Return None, or let `Token.parse` raise its TokenError.",
            Mistake(
                raised(ValueError, IndexError),
                "This is not a token, and the response was 500. Return None, or let `Token.parse` raise its TokenError.",
            ),
        ),
        accepts("verify_hs256(the good token again, key)", "good", AGAIN),
        *keeps_nothing("verify_hs256", "key", "good", "second key"),
    ),
    learnt="One allowed algorithm and a check of every signature: the two together reject `none`, `nOnE` and an empty signature.",
)

# --- one key, one algorithm ------------------------------------------------------------------------------------------

RS256_STUB = """
def verify_rs256(token, body):
    algorithm = jwt.get_unverified_header(token)["alg"]
    key = full_pem(body) if algorithm == "RS256" else body
    return jwt.decode(token, key, algorithms=["RS256", "HS256"])
"""
RS256_SOLUTION = """
def verify_rs256(token, body):
    return jwt.decode(token, full_pem(body), algorithms=["RS256"])
"""
CONFUSED = "The public key was used as a secret for HMAC, and everybody has this key. It is for RS256: always use `full_pem(body)`, whatever the token says, and allow only RS256."
ANOTHER = "The token says {}, and this key is for RS256. Allow only RS256: use each key with one algorithm (RFC 8725 §3.1)."


def allows_hmac(trial: Trial) -> bool:
    """Whether PyJWT was given leave to use a public key as a secret."""
    return any(
        str(name).startswith("HS")
        for _, names in trial.bench.decodes
        if isinstance(names, list | tuple | set)
        for name in names
    )


ALG_IS_TEXT = Mistake(
    raised(KeyError, AttributeError, TypeError),
    "The response was 500. The client wrote `alg`: it may be missing, or a number. Give PyJWT the one algorithm that you allow, and do not ask the header.",
)
GUESSED = Mistake(
    lambda trial: raised(jwt.InvalidKeyError)(trial) and allows_hmac(trial),
    "PyJWT recognised this key as a public one and raised InvalidKeyError. It cannot recognise every public key: allow only RS256.",
)


ONE_ALGORITHM = Want(
    "one algorithm allowed with this key",
    lambda trial: not allows_hmac(trial),
    lambda trial: "an HS algorithm allowed as well",
    "PyJWT was allowed an HS algorithm with this key. It recognised this key as a public one and rejected the forged tokens. It cannot recognise every public key: allow only RS256.",
)


def confused(sent: str, token: str, means: str = CONFUSED) -> Case:
    return rejects(f"verify_rs256({sent}, body)", token, means, GUESSED, FROM_THE_TOKEN)


RS256 = Exercise(
    name="10-verify-rs256",
    function="verify_rs256",
    idea="A key is for one algorithm, and the verifier uses it only for this algorithm.",
    stub=RS256_STUB,
    given=GIVEN,
    solution=RS256_SOLUTION,
    hints=(
        "Which line lets the token decide? Whatever depends on `algorithm` depends on the attacker.",
        "You know which kind of key `body` is before a token arrives: an RSA public key. So always use `full_pem(body)`, and a list with one algorithm.",
        'All of it is `jwt.decode(token, full_pem(body), algorithms=["RS256"])`.',
    ),
    mount=lambda candidate, bench: guarded_by(candidate, bench, bench.body, bench.second_body),
    kind="verifier",
    bench=Forgery.make,
    cases=(
        accepts(
            "verify_rs256(the good token, body)",
            "RS256, kept",
            "Your function rejects the good token. It is signed with RS256 and the private key that belongs to this key: return its claims.",
            Mistake(
                raised(jwt.InvalidKeyError),
                "PyJWT can't read the key without the lines BEGIN and END: use `full_pem(body)`.",
            ),
        ),
        rejects(
            "verify_rs256(the claims changed, the signature as it was, body)",
            "tampered RS256",
            "The claims were changed, and this is the signature of the old claims. Verify the signature with the key.",
        ),
        rejects(
            "verify_rs256(the good token, expired, body)",
            "expired RS256",
            "It expired 55 minutes ago: reject it. `jwt.decode` does so, unless `verify_exp` is switched off. Code of your own must compare `exp` with the clock.",
        ),
        confused("HS256, the bare key as its secret", "the body as a secret"),
        confused("HS256, the PEM as its secret", "the PEM as a secret"),
        confused("HS256, full_pem(body) as its secret", "the full PEM as a secret"),
        confused(
            "HS512, the bare key as its secret",
            "the body as a secret, HS512",
            "This is the same mistake with HS512. A list of forbidden values is never complete: allow only RS256.",
        ),
        confused("alg none, no signature", "alg none", UNSIGNED),
        *(
            confused(
                f"{algorithm} and the private half of this key",
                algorithm,
                ANOTHER.format(algorithm),
            )
            for algorithm in ("RS512", "RS384", "PS256")
        ),
        *(
            confused(f"{algorithm} and a stranger's key", algorithm, ANOTHER.format(algorithm))
            for algorithm in ("ES256", "EdDSA")
        ),
        *(
            survives(f"verify_rs256({what}, and the right signature, body)", token, ALG_IS_TEXT)
            for what, token in (
                ("no alg in the header", "RS256 without alg"),
                ("alg is the number 5", "RS256 with alg 5"),
            )
        ),
        accepts("verify_rs256(the good token again, body)", "RS256", AGAIN, wants=(ONE_ALGORITHM,)),
        *keeps_nothing("verify_rs256", "body", "RS256, kept", "RS256, second key"),
        expired_since("verify_rs256", "body", "expired RS256"),
    ),
    learnt="Each key has one algorithm. Then it does not matter whether a library can distinguish a public key from a secret.",
)

EXERCISES = (HS256, RS256)

QUIZZES = (
    Quiz(
        "public-secret",
        "The server verifies RS256 with its public key, and everybody may have this key. It also accepts HS256, and uses the same key as the secret. "
        "An attacker has only the public key. What can this attacker sign?",
        {
            "a": "nothing: signing needs the private key",
            "b": "any claims at all, with HS256",
            "c": "any claims, but the server sees that the key is not a secret",
        },
        right="b",
        because="HMAC accepts any bytes as its secret, and so the text of a public key too. The attacker writes HS256 into the header, and signs with this text.",
        reasons={
            "a": "That is true for RS256. But the token says which algorithm is used, and for HS256 the server uses the public key as the secret.",
            "c": "The function gets bytes, and bytes do not say that they were published. A library can guess this from their form, and the guess can be wrong.",
        },
    ),
    Quiz(
        "perfect-signature",
        '`jwt.decode(token, key, algorithms=["HS256"])` returned claims. What do you know?',
        {
            "a": "somebody with the key signed these claims, and they have not expired",
            "b": "the user who is named there sent this request",
            "c": "the token was made for this server",
        },
        right="a",
        because="A signature and an `exp` say no more. The audience, the kind of token and an early logout each need a check of your own.",
        reasons={
            "b": "Everybody who has a token can send it, and it may have been stolen or copied. The signature is about who made it, not about who sends it.",
            "c": "Nothing in this call asks for that. Audience and kind are checked when you ask: `audience=...`, and `typ` by a line of your own.",
        },
    ),
)
