"""Wrong answers to the verifiers of step 10: what one call kept decides the next; letters in the other case; a header without `alg`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_10 import HS256_SOLUTION, RS256_SOLUTION
from jwt_demo.exercises.steps.step_10_access import ACCESS_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

OLD_TOKEN = "You accepted this token before, with its own key."
OLD_KEY = "Use it: keep neither keys nor claims from earlier calls."
EXPIRED_SINCE = "In the second call the token has expired"


def by_token(source: str, name: str, key: str) -> str:
    """An answer that keeps what it found for each token, whatever the key is next time."""
    return f"""
known = {{}}
{source.replace(f"def {name}(", "def verified(")}

def {name}(token, {key}):
    if token not in known:
        known[token] = verified(token, {key})
    return known[token]
"""


def cached(source: str) -> str:
    """An answer that keeps what it found for each token and key."""
    return f"import functools\n\n@functools.lru_cache\n{source.strip()}\n"


WRONG = {
    "10-verify-hs256": (
        Wrong(
            "keeps results by token",
            by_token(HS256_SOLUTION, "verify_hs256", "key"),
            OLD_TOKEN,
        ),
        Wrong(
            "keeps the first key",
            "first = []\n"
            + but_with(
                HS256_SOLUTION,
                "    expected = hs256(key)",
                "    first.append(key)\n    expected = hs256(first[0])",
            ),
            OLD_KEY,
        ),
        Wrong(
            "keeps the claims of the first token",
            "first = []\n"
            + but_with(
                HS256_SOLUTION,
                "    return parsed.claims if hmac.compare_digest(expected, parsed.signature) else None",
                "    if not hmac.compare_digest(expected, parsed.signature):\n        return None\n"
                "    first.append(parsed.claims)\n    return first[0]",
            ),
            "Return the claims of the token",
        ),
        Wrong(
            "keeps results by header and claims",
            """
seen = {}


def verify_hs256(token, key):
    parsed = Token.parse(token)
    if parsed.signing_input in seen:
        return seen[parsed.signing_input]
    if parsed.header.get("alg") != "HS256":
        return None
    if not hmac.compare_digest(hs256(key)(parsed.signing_input), parsed.signature):
        return None
    return seen.setdefault(parsed.signing_input, parsed.claims)
""",
            "It accepted this one after a token with the same header and claims",
        ),
        Wrong(
            "the text of the signature in any case of letters",
            """
def verify_hs256(token, key):
    import base64

    parsed = Token.parse(token)
    if parsed.header.get("alg") != "HS256":
        return None
    expected = base64.urlsafe_b64encode(hs256(key)(parsed.signing_input)).decode().rstrip("=")
    return parsed.claims if expected.lower() == token.rpartition(".")[2].lower() else None
""",
            "This is another signature: in base64url",
        ),
        Wrong(
            "the bytes of the signature in any case of letters",
            but_with(
                HS256_SOLUTION,
                "hmac.compare_digest(expected, parsed.signature)",
                "expected.lower() == parsed.signature.lower()",
            ),
            "This is another signature: in base64url and in bytes",
        ),
        *(
            Wrong(
                f"signatures as {what}",
                but_with(HS256_SOLUTION, "hmac.compare_digest(expected, parsed.signature)", same),
                "Only a part of this signature is right, or there is more",
            )
            for what, same in (
                (
                    "numbers",
                    'int.from_bytes(expected, "big") == int.from_bytes(parsed.signature, "big")',
                ),
                ("C strings", "expected.rstrip(bytes(1)) == parsed.signature.rstrip(bytes(1))"),
                ("stripped bytes", "expected.strip() == parsed.signature.strip()"),
            )
        ),
        Wrong(
            "the algorithm is looked up after the signature",
            """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    if not hmac.compare_digest(hs256(key)(parsed.signing_input), parsed.signature):
        return None
    return parsed.claims if parsed.header["alg"] == "HS256" else None
""",
            "The client wrote `alg`: it may be missing",
        ),
        Wrong(
            "the algorithm is a text",
            """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    if not hmac.compare_digest(hs256(key)(parsed.signing_input), parsed.signature):
        return None
    return parsed.claims if parsed.header.get("alg", "").upper() == "HS256" else None
""",
            "The client wrote `alg`: it may be missing",
        ),
    ),
    "10-verify-rs256": (
        Wrong(
            "keeps the first key",
            """
loaded = []


def verify_rs256(token, body):
    if not loaded:
        loaded.append(full_pem(body))
    return jwt.decode(token, loaded[0], algorithms=["RS256"])
""",
            OLD_KEY,
        ),
        Wrong(
            "keeps results by token",
            by_token(RS256_SOLUTION, "verify_rs256", "body"),
            OLD_TOKEN,
        ),
        Wrong("keeps results by token and key", cached(RS256_SOLUTION), EXPIRED_SINCE),
        Wrong(
            "looks `alg` up",
            """
def verify_rs256(token, body):
    if jwt.get_unverified_header(token)["alg"] != "RS256":
        return None
    return jwt.decode(token, full_pem(body), algorithms=["RS256"])
""",
            "The client wrote `alg`: it may be missing, or a number",
        ),
        Wrong(
            "by hand, and no exp",
            """
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def verify_rs256(token, body):
    parsed = Token.parse(token)
    if parsed.header.get("alg") != "RS256":
        return None
    key = load_pem_public_key(full_pem(body).encode())
    try:
        key.verify(parsed.signature, parsed.signing_input, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return None
    return parsed.claims
""",
            "Code of your own must compare `exp` with the clock",
        ),
    ),
    "10-verify-access": (
        *(
            Wrong(
                what,
                but_with(ACCESS_SOLUTION, "typ.lower() not in", f"typ.lower(){change} not in"),
                "This `typ` is not `at+jwt`",
            )
            for what, change in (
                ("parameters of the media type", '.partition(";")[0]'),
                ("spaces around the kind", ".strip()"),
            )
        ),
        Wrong(
            "the plus may be missing",
            but_with(ACCESS_SOLUTION, '("at+jwt", ', '("at+jwt", "atjwt", '),
            "This `typ` is not `at+jwt`",
        ),
        Wrong(
            "keeps results by token",
            by_token(ACCESS_SOLUTION, "verify_access", "key"),
            OLD_TOKEN,
        ),
        Wrong("keeps results by token and key", cached(ACCESS_SOLUTION), EXPIRED_SINCE),
        Wrong(
            "keeps the first key",
            "keys = []\n"
            + but_with(
                ACCESS_SOLUTION,
                "    claims = jwt.decode(token, key,",
                "    keys.append(key)\n    claims = jwt.decode(token, keys[0],",
            ),
            OLD_KEY,
        ),
        Wrong(
            "by hand, and no alg",
            """
import time


def verify_access(token, key):
    parsed = Token.parse(token)
    if not hmac.compare_digest(hs256(key)(parsed.signing_input), parsed.signature):
        return None
    if parsed.claims.get("exp", 0) <= time.time():
        return None
    typ = parsed.header.get("typ")
    if not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"):
        return None
    return parsed.claims
""",
            "it does not name the algorithm HS256",
        ),
    ),
}
