"""Right and wrong answers to the exercises of `step_10`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_10 import HS256_SOLUTION, RS256_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "10-verify-hs256": (
        """
def verify_hs256(token, key):
    return jwt.decode(token, key, algorithms=["HS256"])
""",
        """
def verify_hs256(token, key):
    parsed = Token.parse(token)  # the header is not asked at all
    if hmac.compare_digest(
        parsed.signature, hmac.new(key.encode(), parsed.signing_input, "sha256").digest()
    ):
        return parsed.claims
""",
    ),
    "10-verify-rs256": (
        """
def verify_rs256(token, body):
    if Token.parse(token).header.get("alg") != "RS256":
        return None
    return jwt.PyJWT().decode(token, full_pem(body).encode("ascii"), algorithms=("RS256",))
""",
        """
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def verify_rs256(token, body):
    try:
        return jwt.decode(token, load_pem_public_key(full_pem(body).encode()), ["RS256"])
    except jwt.InvalidTokenError:
        return None
""",
    ),
}

WRONG = {
    "10-verify-hs256": (
        Wrong(
            "the bytes in any order",
            """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    if parsed.header.get("alg") != "HS256":
        return None
    expected = hs256(key)(parsed.signing_input)
    return parsed.claims if sorted(expected) == sorted(parsed.signature) else None
""",
            "in another order",
        ),
        Wrong(
            "everybody is let in",
            """
def verify_hs256(token, key):
    return Token.parse(token).claims
""",
            "The claims were changed, and this is the signature of",
        ),
        Wrong(
            "everybody is kept out",
            """
def verify_hs256(token, key):
    return {} if key == token else None
""",
            "Your function rejects the good token. It is",
        ),
        Wrong(
            "none in any case is forbidden, and no more",
            """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    algorithm = parsed.header["alg"]
    if algorithm.lower() == "none":
        return None
    expected = SIGNERS[algorithm.lower()](key)(parsed.signing_input)
    if parsed.signature and not hmac.compare_digest(expected, parsed.signature):
        return None
    return parsed.claims
""",
            "The third part is empty. A missing signature is a",
        ),
        Wrong(
            "a signature is asked for, none is a word",
            """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    algorithm = parsed.header["alg"]
    if algorithm == "none":
        return None
    expected = SIGNERS[algorithm.lower()](key)(parsed.signing_input)
    if not hmac.compare_digest(expected, parsed.signature):
        return None
    return parsed.claims
""",
            "This token has no signature, and its `alg` is",
        ),
        Wrong(
            "the third part may not be empty",
            """
def verify_hs256(token, key):
    parsed = Token.parse(token)
    algorithm = parsed.header["alg"]
    if algorithm == "none" or not parsed.signature:
        return None
    expected = SIGNERS[algorithm.lower()](key)(parsed.signing_input)
    if parsed.signature and not hmac.compare_digest(expected, parsed.signature):
        return None
    return parsed.claims
""",
            "The response was 500. The client wrote `alg`: it may",
        ),
        Wrong(
            "PyJWT asks the token which algorithm to allow",
            """
def verify_hs256(token, key):
    return jwt.decode(token, key, algorithms=[Token.parse(token).header["alg"]])
""",
            "PyJWT raised InvalidKeyError: key and algorithm",
        ),
        Wrong(
            "any HMAC will do",
            """
def verify_hs256(token, key):
    return jwt.decode(token, key, algorithms=["HS256", "HS384", "HS512"])
""",
            "This was signed with HS512. Use each key",
        ),
        Wrong(
            "True instead of the claims",
            """
def verify_hs256(token, key):
    return bool(jwt.decode(token, key, algorithms=["HS256"]))
""",
            "Return the claims of the token, the whole",
        ),
        Wrong(
            'not all thought of: return jwt.decode(token, key, algorithms=["HS256", "HS384"])',
            """
def verify_hs256(token, key):
    return jwt.decode(token, key, algorithms=["HS256", "HS384"])
""",
            "This was signed with HS384. Use each key",
        ),
        Wrong(
            "a beginning is enough: return parsed.claims if parsed.signature.startswith(expected) el…",
            but_with(
                HS256_SOLUTION,
                "hmac.compare_digest(expected, parsed.signature",
                "parsed.signature.startswith(expected",
            ),
            "Only a part of this signature is right, or there is more",
        ),
        Wrong(
            "a part is enough: return parsed.claims if expected in parsed.signature else None",
            but_with(
                HS256_SOLUTION,
                "hmac.compare_digest(expected, parsed.signature)",
                "expected in parsed.signature",
            ),
            "Only a part of this signature is right, or there is more",
        ),
        Wrong(
            "another bound: return parsed.claims if expected[:16] == parsed.signature[:16] else None",
            but_with(
                HS256_SOLUTION,
                "hmac.compare_digest(expected, parsed.signature)",
                "expected[:16] == parsed.signature[:16]",
            ),
            "Only a part of this signature is right, or there is more",
        ),
        Wrong(
            "another bound: return parsed.claims if expected[-8:] == parsed.signature[-8:] else None",
            but_with(
                HS256_SOLUTION,
                "hmac.compare_digest(expected, parsed.signature)",
                "expected[-8:] == parsed.signature[-8:]",
            ),
            "Only a part of this signature is right, or there is more",
        ),
        Wrong(
            "another bound: return parsed.claims if expected[:4] == parsed.signature[:4] els…",
            but_with(
                HS256_SOLUTION,
                "hmac.compare_digest(expected, parsed.signature)",
                "expected[:4] == parsed.signature[:4]",
            ),
            "Only a part of this signature is right, or there is more",
        ),
        Wrong(
            'another shape: return {"sub": parsed.claims["sub"]} if hmac.compare_digest(expected, pa…',
            but_with(HS256_SOLUTION, "parsed.claims", "{'sub': parsed.claims['sub']}"),
            "Return the claims of the token, the whole",
        ),
        Wrong(
            'another shape: return {"sub": "1"} if hmac.compare_digest(expected, parsed.signature) e…',
            but_with(HS256_SOLUTION, "parsed.claims", "{'sub': '1'}"),
            "Return the claims of the token, the whole",
        ),
        Wrong(
            'hard-coded: return {**parsed.claims, "sub": "1"} if hmac.compare_digest(expected, parse…',
            but_with(HS256_SOLUTION, "parsed.claims", "{**parsed.claims, 'sub': '1'}"),
            "Return the claims of the token, the whole",
        ),
        Wrong(
            'changes what it is given or returns: return {**parsed.claims, "ok": True} if hmac.compa…',
            but_with(HS256_SOLUTION, "parsed.claims", "{**parsed.claims, 'ok': True}"),
            "Return the claims of the token, the whole",
        ),
    ),
    "10-verify-rs256": (
        Wrong(
            "the full PEM as a secret",
            """
def verify_rs256(token, body):
    parsed = Token.parse(token)
    if parsed.header.get("alg") == "HS256":
        expected = hmac.digest(full_pem(body).encode(), parsed.signing_input, "sha256")
        return parsed.claims if hmac.compare_digest(expected, parsed.signature) else None
    return jwt.decode(token, full_pem(body), algorithms=["RS256"])
""",
            "The public key was used as a secret",
        ),
        Wrong(
            "expired",
            """
def verify_rs256(token, body):
    return jwt.decode(token, full_pem(body), algorithms=["RS256"], options={"verify_exp": False})
""",
            "It expired 55 minutes ago",
        ),
        Wrong(
            "the full PEM always, both algorithms",
            but_with(RS256_SOLUTION, '"RS256"', '"RS256", "HS256"'),
            "PyJWT recognised this key as a public one and",
        ),
        Wrong(
            "the same, and every error is caught",
            but_with(
                RS256_SOLUTION,
                'return jwt.decode(token, full_pem(body), algorithms=["RS256"])',
                'try:\n        return jwt.decode(token, full_pem(body), algorithms=["RS256", "HS256"])\n    except Exception:\n        return None',
            ),
            "PyJWT was allowed an HS algorithm with this key.",
        ),
        Wrong(
            "HS256 is forbidden by name",
            """
def verify_rs256(token, body):
    algorithm = jwt.get_unverified_header(token)["alg"]
    if algorithm == "HS256":
        return None
    return jwt.decode(
        token, full_pem(body) if algorithm == "RS256" else body, algorithms=[algorithm]
    )
""",
            "This is the same mistake with HS512. A list of",
        ),
        Wrong(
            "the algorithm comes from the token",
            """
def verify_rs256(token, body):
    algorithm = jwt.get_unverified_header(token)["alg"]
    key = full_pem(body) if algorithm == "RS256" else body
    return jwt.decode(token, key, algorithms=[algorithm])
""",
            "The public key was used as a secret for HMAC, and",
        ),
        Wrong(
            "the two lines are forgotten",
            but_with(RS256_SOLUTION, "full_pem(body)", "body"),
            "PyJWT can't read the key without the lines BEGIN and",
        ),
        Wrong(
            "nothing is verified",
            but_with(RS256_SOLUTION, "])", '], options={"verify_signature": False})'),
            "The claims were changed, and this is the signature of",
        ),
        Wrong(
            "everybody is kept out",
            """
def verify_rs256(token, body):
    return {} if body == token else None
""",
            "Your function rejects the good token. It is",
        ),
        Wrong(
            'not all thought of: return jwt.decode(token, full_pem(body), algorithms=["RS256", "RS38…',
            but_with(RS256_SOLUTION, '"RS256"', "'RS256', 'RS384'"),
            "The token says RS384, and this key is for RS256.",
        ),
        Wrong(
            'not all thought of: return jwt.decode(token, full_pem(body), algorithms=["RS256", "RS51…',
            but_with(RS256_SOLUTION, '"RS256"', "'RS256', 'RS512'"),
            "The token says RS512, and this key is for RS256.",
        ),
        Wrong(
            'not all thought of: return jwt.decode(token, full_pem(body), algorithms=["RS256", "PS25…',
            but_with(RS256_SOLUTION, '"RS256"', "'RS256', 'PS256'"),
            "The token says PS256, and this key is for RS256.",
        ),
        Wrong(
            'not all thought of: return jwt.decode(token, full_pem(body), algorithms=["RS256", "RS38…\'',
            but_with(RS256_SOLUTION, '"RS256"', "'RS256', 'RS384', 'RS512'"),
            "The token says RS512, and this key is for RS256.",
        ),
        Wrong(
            'not all thought of: return jwt.decode(token, full_pem(body), algorithms=["RS256", "ES25…',
            but_with(RS256_SOLUTION, '"RS256"', "'RS256', 'ES256'"),
            "PyJWT raised InvalidKeyError: key and algorithm",
        ),
        Wrong(
            'not all thought of: return jwt.decode(token, full_pem(body), algorithms=["RS256", "EdDS…',
            but_with(RS256_SOLUTION, '"RS256"', "'RS256', 'EdDSA'"),
            "PyJWT raised InvalidKeyError: key and algorithm",
        ),
        Wrong(
            'a beginning is enough: a = jwt.get_unverified_header(token)["alg"]',
            """
def verify_rs256(token, body):
    a = jwt.get_unverified_header(token)["alg"]
    return jwt.decode(token, full_pem(body), algorithms=[a]) if a.startswith("RS") else None
""",
            "The token says RS512, and this key is for RS256.",
        ),
        Wrong(
            'not all thought of: a = jwt.get_unverified_header(token)["alg"]',
            """
def verify_rs256(token, body):
    a = jwt.get_unverified_header(token)["alg"]
    if a.startswith("HS") or a.lower() == "none":
        return None
    return jwt.decode(token, full_pem(body), algorithms=[a])
""",
            "The token says RS512, and this key is for RS256.",
        ),
        Wrong(
            'an end is enough: a = jwt.get_unverified_header(token)["alg"]',
            """
def verify_rs256(token, body):
    a = jwt.get_unverified_header(token)["alg"]
    return (
        jwt.decode(token, full_pem(body), algorithms=[a])
        if a.endswith("S256") and a != "HS256"
        else None
    )
""",
            "The token says PS256, and this key is for RS256.",
        ),
        Wrong(
            'not all thought of: for a in ("RS256", "RS384", "RS512"):',
            """
def verify_rs256(token, body):
    for a in ("RS256", "RS384", "RS512"):
        try:
            return jwt.decode(token, full_pem(body), algorithms=[a])
        except jwt.InvalidTokenError:
            pass
""",
            "The token says RS512, and this key is for RS256.",
        ),
        Wrong(
            'another shape: return jwt.decode(token, full_pem(body), algorithms=["RS256"]) and {"sub…',
            but_with(RS256_SOLUTION, "])", "]) and {'sub': '1'}"),
            "Return the claims of the token, the whole",
        ),
        Wrong(
            'hard-coded: return {**jwt.decode(token, full_pem(body), algorithms=["RS256"]), "sub": "1"}',
            but_with(
                RS256_SOLUTION,
                'jwt.decode(token, full_pem(body), algorithms=["RS256"])',
                "{**jwt.decode(token, full_pem(body), algorithms=['RS256']), 'sub': '1'}",
            ),
            "Return the claims of the token, the whole",
        ),
        Wrong(
            "letters or spaces changed: return jwt.decode(token.lower(), full_pem(body), algorithms=…",
            but_with(RS256_SOLUTION, "e(token, ", "e(token.lower(), "),
            "Your function rejects the good token. It is",
        ),
        Wrong(
            "{} for a bad token",
            """
def verify_rs256(token, body):

    try:
        return jwt.decode(token, full_pem(body), algorithms=["RS256"])
    except jwt.InvalidTokenError:
        return {}
""",
            "This token is to be rejected: return None",
        ),
    ),
}

EQUIVALENT = {
    "10-verify-hs256": {
        "if parsed.header.get('alg') != 'HS256': return None → (nothing)": "the signature is compared in any case: who does not look at `alg` at all is right as well",
        "parsed.header.get('alg') != 'HS256' → *": "the signature is compared in any case: who does not look at `alg` at all is right as well",
        "key.encode() → key.encode('latin-1')": "only ASCII stands there",
        "'sha256' → 'SHA256'": "another spelling of the same",
    },
    "10-verify-rs256": {
        "if Token.parse(token).header.get('alg') != 'RS256': return None → (nothing)": "PyJWT looks at `alg` itself",
        "Token.parse(token).header.get('alg') != 'RS256' → *": "PyJWT looks at `alg` itself",
        "jwt.PyJWT() → jwt": "the module has the same functions",
        "'ascii' → 'ASCII'": "another spelling of the same",
        "'ascii' → 'latin-1'": "only ASCII stands there",
        "('RS256',) → *": "the line before has looked at `alg`",
        "try: return jwt.decode(token, load_pem_public_key(… jwt.InvalidTokenError: return None → return jwt.decode(token, load_pem_public_key(full_pem(body).encode()), ['RS256'])": "the server rejects what PyJWT raises",
        "except jwt.InvalidTokenError: return None → except Exception: return None": "the server rejects what PyJWT raises",
        "except jwt.InvalidTokenError: return None → except KeyError: return None": "the server rejects what PyJWT raises",
        "full_pem(body).encode() → full_pem(body).encode('latin-1')": "only ASCII stands there",
    },
}
