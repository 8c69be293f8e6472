"""10: verifiers that let the token say how it is to be verified, and are mended at a real door; quizzes."""

from __future__ import annotations

import functools

import jwt

from ..matchers import raised, status
from ..model import Case, Exercise, Mistake, Quiz, Request, Trial, Want, Wrong, but_with
from .step_10_server import AGAIN, FROM_THE_TOKEN, GIVEN, Forgery, guarded_by, keep_out, let_in

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
    'A 500: `parsed.header["alg"]` is whatever a stranger wrote there, missing, a number, a name your table lacks. '
    'Compare it with the one you allow, `parsed.header.get("alg") != "HS256"`, before you do anything with it.',
)

HS256 = Exercise(
    name="10-verify-hs256",
    function="verify_hs256",
    idea="The verifier knows its algorithm; the token has no say in it, and a signature is not optional.",
    stub=HS256_STUB,
    given=GIVEN,
    solution=HS256_SOLUTION,
    also_right=(
        """
def verify_hs256(token, key):
    return jwt.decode(token, key, algorithms=["HS256"])
""",
        """
def verify_hs256(token, key):
    parsed = Token.parse(token)  # the header is not asked at all
    if hmac.compare_digest(parsed.signature, hmac.new(key.encode(), parsed.signing_input, "sha256").digest()):
        return parsed.claims
""",
    ),
    wrong=(
        Wrong(
            "everybody is let in",
            "def verify_hs256(token, key):\n    return Token.parse(token).claims\n",
            "never compared",
        ),
        Wrong(
            "everybody is kept out",
            "def verify_hs256(token, key):\n    return {} if key == token else None\n",
            "keeps the good token out",
        ),
        Wrong(
            "none in any case is forbidden, and no more",
            but_with(HS256_STUB, 'algorithm == "none"', 'algorithm.lower() == "none"'),
            "empty third part",
        ),
        Wrong(
            "a signature is asked for, none is a word",
            but_with(HS256_STUB, "parsed.signature and not", "not"),
            "A blocklist",
        ),
        Wrong(
            "the third part may not be empty",
            but_with(
                HS256_STUB, 'algorithm == "none"', 'algorithm == "none" or not parsed.signature'
            ),
            "missing, a number",
        ),
        Wrong(
            "PyJWT asks the token which algorithm to allow",
            """
def verify_hs256(token, key):
    return jwt.decode(token, key, algorithms=[Token.parse(token).header["alg"]])
""",
            "Name one algorithm yourself",
        ),
        Wrong(
            "any HMAC will do",
            """
def verify_hs256(token, key):
    return jwt.decode(token, key, algorithms=["HS256", "HS384", "HS512"])
""",
            "One key, one algorithm",
        ),
        Wrong(
            "True instead of the claims",
            "def verify_hs256(token, key):\n    return bool(jwt.decode(token, key, algorithms=['HS256']))\n",
            "dictionary itself",
        ),
    ),
    hints=(
        "There are two questions: is this the algorithm I sign with, and is this the signature I would have made? "
        "Both need a yes; neither needs a list of what is bad.",
        'Turn the first test round: not `== "none"` but `!= "HS256"`. Then the table of signers has nothing left to choose from, '
        "and the `parsed.signature and` can go.",
        'Refuse when `parsed.header.get("alg") != "HS256"`. Then `expected = hs256(key)(parsed.signing_input)`, '
        "and the claims if `hmac.compare_digest(expected, parsed.signature)`.",
    ),
    mount=lambda candidate, bench: guarded_by(candidate, bench.key),
    kind="verifier",
    bench=Forgery.make,
    cases=(
        let_in(
            "verify_hs256(the good token, key)",
            "good",
            "Your function keeps the good token out. It is signed with this key: give back its claims.",
        ),
        keep_out(
            "verify_hs256(the claims changed, the signature as it was, key)",
            "tampered",
            "The signature was never compared: it belongs to other claims.",
        ),
        keep_out(
            "verify_hs256(signed with another key, key)",
            "another key",
            "The signature was never compared with one that your key makes.",
        ),
        keep_out(
            "verify_hs256(alg none, no signature, key)",
            "alg none",
            "Nobody signed this token, and it says so.",
            FROM_THE_TOKEN,
        ),
        keep_out(
            "verify_hs256(alg nOnE, no signature, key)",
            "alg nOnE",
            "A blocklist has to know every spelling, and this one it did not: nOnE. Allow one algorithm instead of forbidding some.",
            HEADER_IS_TEXT,
        ),
        keep_out(
            "verify_hs256(alg HS256, nothing behind the last dot, key)",
            "stripped",
            "The empty third part was taken for nothing to check. A missing signature is a wrong signature: compare it always.",
        ),
        keep_out(
            "verify_hs256(no alg in the header, key)",
            "no alg",
            "A header without `alg` asks for nothing you allow.",
            HEADER_IS_TEXT,
        ),
        keep_out(
            "verify_hs256(alg is the number 5, key)",
            "alg 5",
            "5 is no algorithm you allow.",
            HEADER_IS_TEXT,
        ),
        keep_out(
            "verify_hs256(HS512 with the same key, key)",
            "HS512",
            "This was signed with HS512. One key, one algorithm (RFC 8725 §3.1): each further one in the list is one more way in.",
            HEADER_IS_TEXT,
        ),
        let_in("verify_hs256(the good token again, key)", "good", AGAIN),
    ),
    learnt="An allowlist of one has no gaps: `none`, `nOnE` and an empty signature are all refused by the same two lines.",
)

# --- one key, one algorithm ------------------------------------------------------------------------------------------

RS256_STUB = """
def verify_rs256(token, body):
    algorithm = jwt.get_unverified_header(token)["alg"]
    key = armoured(body) if algorithm == "RS256" else body
    return jwt.decode(token, key, algorithms=["RS256", "HS256"])
"""
RS256_SOLUTION = """
def verify_rs256(token, body):
    return jwt.decode(token, armoured(body), algorithms=["RS256"])
"""
CONFUSED = "The public key served as an HMAC secret, and everybody has it. This key is for RS256: put the armour on whatever the token says, and allow nothing else."


def one_algorithm(trial: Trial) -> bool:
    """Whether PyJWT was never given a public key and leave to use it as a secret."""
    return not any(
        str(name).startswith("HS")
        for _, names in trial.bench.decodes
        if isinstance(names, list | tuple | set)
        for name in names
    )


RS256 = Exercise(
    name="10-verify-rs256",
    function="verify_rs256",
    idea="A key is made for one algorithm, and the verifier uses it for that one alone.",
    stub=RS256_STUB,
    given=GIVEN,
    solution=RS256_SOLUTION,
    also_right=(
        """
def verify_rs256(token, body):
    if Token.parse(token).header.get("alg") != "RS256":
        return None
    return jwt.PyJWT().decode(token, armoured(body).encode("ascii"), algorithms=("RS256",))
""",
        """
from cryptography.hazmat.primitives.serialization import load_pem_public_key

def verify_rs256(token, body):
    try:
        return jwt.decode(token, load_pem_public_key(armoured(body).encode()), ["RS256"])
    except jwt.InvalidTokenError:
        return None
""",
    ),
    wrong=(
        Wrong(
            "the armour always, both algorithms",
            but_with(RS256_SOLUTION, '["RS256"]', '["RS256", "HS256"]'),
            "Name one algorithm yourself",
        ),
        Wrong(
            "the same, and every error is caught",
            """
def verify_rs256(token, body):
    try:
        return jwt.decode(token, armoured(body), algorithms=["RS256", "HS256"])
    except Exception:
        return None
""",
            "PyJWT knew this key for a public one",
        ),
        Wrong(
            "HS256 is forbidden by name",
            """
def verify_rs256(token, body):
    algorithm = jwt.get_unverified_header(token)["alg"]
    if algorithm == "HS256":
        return None
    return jwt.decode(token, armoured(body) if algorithm == "RS256" else body, algorithms=[algorithm])
""",
            "HS512 is another name",
        ),
        Wrong(
            "the algorithm comes from the token",
            but_with(RS256_STUB, '["RS256", "HS256"]', "[algorithm]"),
            "served as an HMAC secret",
        ),
        Wrong(
            "the armour is forgotten",
            but_with(RS256_SOLUTION, "armoured(body)", "body"),
            "`armoured(body)`",
        ),
        Wrong(
            "nothing is verified",
            but_with(
                RS256_SOLUTION,
                'algorithms=["RS256"]',
                'algorithms=["RS256"], options={"verify_signature": False}',
            ),
            "never compared",
        ),
        Wrong(
            "everybody is kept out",
            "def verify_rs256(token, body):\n    return {} if body == token else None\n",
            "keeps the good token out",
        ),
    ),
    hints=(
        "Which line lets the token decide? Whatever depends on `algorithm` depends on the attacker.",
        "You know what kind of key `body` is, before any token comes: an RSA public key. So the armour always goes on, and the list has one entry.",
        '`jwt.decode(token, armoured(body), algorithms=["RS256"])` is all of it.',
    ),
    mount=lambda candidate, bench: guarded_by(candidate, bench.body),
    kind="verifier",
    bench=Forgery.make,
    cases=(
        let_in(
            "verify_rs256(the good token, body)",
            "RS256",
            "Your function keeps the good token out. It is signed with RS256 and the private half of this key: give back its claims.",
            Mistake(
                raised(jwt.InvalidKeyError),
                "PyJWT can't read the key without its armour: `armoured(body)`.",
            ),
        ),
        keep_out(
            "verify_rs256(the claims changed, the signature as it was, body)",
            "tampered RS256",
            "The signature was never compared: it belongs to other claims.",
        ),
        keep_out(
            "verify_rs256(HS256, the bare key as its secret, body)",
            "the body as a secret",
            CONFUSED,
            FROM_THE_TOKEN,
        ),
        keep_out(
            "verify_rs256(HS256, the PEM as its secret, body)",
            "the PEM as a secret",
            CONFUSED,
            FROM_THE_TOKEN,
        ),
        keep_out(
            "verify_rs256(HS512, the bare key as its secret, body)",
            "the body as a secret, HS512",
            "HS512 is another name for the same mistake. A list of what is forbidden is never complete: allow RS256, and nothing else.",
            FROM_THE_TOKEN,
        ),
        keep_out(
            "verify_rs256(alg none, no signature, body)",
            "alg none",
            "Nobody signed this token, and it says so.",
            FROM_THE_TOKEN,
        ),
        Case(
            "verify_rs256(the good token again, body)",
            Request("GET", "/get-user", token="RS256"),
            (
                status(200, AGAIN),
                Want(
                    "one algorithm allowed with this key",
                    one_algorithm,
                    lambda trial: "an HS algorithm allowed as well",
                    "PyJWT knew this key for a public one and stopped it this time. That is its guess, not your rule: allow RS256 alone.",
                ),
            ),
            AGAIN,
        ),
    ),
    learnt="Key and algorithm belong together: then it does not matter whether a library can tell a public key from a secret.",
)

# --- access tokens only ----------------------------------------------------------------------------------------------

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
TEST = 'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt")'
access = functools.partial(but_with, ACCESS_SOLUTION)
VERIFIED = "`get_unverified_header` checks nothing, it only reads. First the signature and the time, then the kind."
NO_TEXT = Mistake(
    raised(AttributeError, TypeError, KeyError),
    "A 500: `typ` may be missing or a number. Ask whether it is a str, then call `.lower()`.",
)
UNTYPED = "Not a refresh token is not yet an access token. An ID token of the same issuer has another `typ`, or none: insist on `at+jwt`."

ACCESS = Exercise(
    name="10-verify-access",
    function="verify_access",
    idea="A token says in its header what kind it is, and this door is for one kind.",
    stub=ACCESS_STUB,
    given=GIVEN,
    solution=ACCESS_SOLUTION,
    also_right=(
        """
def verify_access(token, key):
    decoded = jwt.PyJWT().decode_complete(token, key, algorithms=["HS256"])
    kind = str(decoded["header"].get("typ", "")).casefold().removeprefix("application/")
    return decoded["payload"] if kind == "at+jwt" else None
""",
        """
def verify_access(token, key):
    if str(Token.parse(token).header.get("typ")).lower() not in {"at+jwt", "application/at+jwt"}:
        raise jwt.InvalidTokenError("not an access token")
    return jwt.decode(token, key, algorithms=["HS256"])
""",
    ),
    wrong=(
        Wrong(
            "refresh tokens are forbidden", access(TEST, 'typ == "rt+jwt"'), "insist on `at+jwt`"
        ),
        Wrong(
            "a token without typ passes",
            access(TEST, 'typ and str(typ).lower() not in ("at+jwt", "application/at+jwt")'),
            "insist on `at+jwt`",
        ),
        Wrong("one spelling", access(TEST, 'typ != "at+jwt"'), "media type"),
        Wrong(
            "lower case only",
            access(TEST, 'typ not in ("at+jwt", "application/at+jwt")'),
            "do not care about case",
        ),
        Wrong(
            "typ is taken for a text", access("not isinstance(typ, str) or ", ""), "may be missing"
        ),
        Wrong(
            "typ is looked for among the claims",
            access("jwt.get_unverified_header(token)", "claims"),
            "in the header",
        ),
        Wrong(
            "typ is looked for among the claims too",
            access(
                'jwt.get_unverified_header(token).get("typ")',
                'claims.get("typ") or jwt.get_unverified_header(token).get("typ")',
            ),
            "RFC 9068 §2.1 has it in the header",
        ),
        Wrong(
            "the signature is not checked any more",
            access(
                'algorithms=["HS256"]', 'algorithms=["HS256"], options={"verify_signature": False}'
            ),
            "only reads",
        ),
        Wrong(
            "everybody is kept out",
            "def verify_access(token, key):\n    return {} if key == token else None\n",
            "keeps an access token out",
        ),
    ),
    hints=(
        "The kind of a token is not in its claims. What else does a token say about itself?",
        '`jwt.get_unverified_header(token)` gives the header, `.get("typ")` may give None or a number. Decode first: what is not verified can\'t tell you its kind.',
        'After `jwt.decode`: give None unless `isinstance(typ, str)` and `typ.lower()` is one of `("at+jwt", "application/at+jwt")`.',
    ),
    mount=lambda candidate, bench: guarded_by(candidate, bench.key),
    kind="verifier",
    bench=Forgery.make,
    cases=(
        let_in(
            "verify_access(typ at+jwt, key)",
            "access",
            "Your function keeps an access token out: its `typ`, in the header, is `at+jwt`.",
        ),
        keep_out(
            "verify_access(typ rt+jwt, key)",
            "refresh",
            "A refresh token got in. It lives for days and is for `/refresh` alone.",
        ),
        keep_out(
            "verify_access(typ at+jwt, signed with another key, key)",
            "access, another key",
            VERIFIED,
        ),
        keep_out("verify_access(typ at+jwt, expired, key)", "access, expired", VERIFIED),
        keep_out("verify_access(typ JWT, key)", "plain", UNTYPED),
        keep_out("verify_access(no typ, key)", "no typ", UNTYPED, NO_TEXT),
        keep_out("verify_access(typ is the number 5, key)", "typ 5", UNTYPED, NO_TEXT),
        let_in(
            "verify_access(typ application/at+jwt, key)",
            "access, long form",
            "`at+jwt` is short for this media type: RFC 9068 §4 allows both.",
        ),
        let_in(
            "verify_access(typ AT+JWT, key)",
            "access, upper case",
            "Media types do not care about case (RFC 2045 §5.1): compare `typ.lower()`.",
        ),
        keep_out(
            "verify_access(typ rt+jwt, and a claim typ at+jwt, key)",
            "typ as a claim",
            "This is a refresh token with a claim called `typ`. RFC 9068 §2.1 has it in the header: look there, and only there.",
        ),
        let_in("verify_access(typ at+jwt again, key)", "access", AGAIN),
    ),
    learnt="The signature says who made a token; `typ` says what for. A door that asks for both can't be opened with the wrong kind.",
)


QUIZZES = (
    Quiz(
        "public-secret",
        "The server checks RS256 with its public key, which everybody may have. It also takes HS256, with the same variable as the secret. "
        "What can a stranger sign?",
        {
            "a": "nothing: signing takes the private key",
            "b": "any claims at all, with HS256",
            "c": "any claims, but the server sees that the key is no secret",
        },
        right="b",
        because="HMAC takes any bytes as its secret, the text of a public key too. The stranger writes HS256 into the header and signs with it.",
        reasons={
            "a": "For RS256 it does. But the token says which algorithm is used, and for HS256 the server's variable is the secret.",
            "c": "The function gets bytes. Nothing in them says that they were published; a library can guess by their look, and guesses can be wrong.",
        },
    ),
    Quiz(
        "perfect-signature",
        '`jwt.decode(token, key, algorithms=["HS256"])` gave back claims. What do you know?',
        {
            "a": "somebody with the key signed these claims, and their time is not over",
            "b": "the user who is named there sent this request",
            "c": "the token was made for this door",
        },
        right="a",
        because="That is all a signature and an `exp` can say. For which door, of which kind, ended early or not: each of these needs a line of your own.",
        reasons={
            "b": "Whoever holds a token can send it, and it may have been stolen or copied. The signature is about who made it, not about who sends it.",
            "c": "Nothing in this call asks for that. Audience and kind are checked when you ask: `audience=...`, and `typ` by a line of your own.",
        },
    ),
)

EXERCISES = (HS256, RS256, ACCESS)
