"""Right and wrong answers to the exercises of `step_05`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_05 import UNVERIFIED_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "05-unverified": (
        """
def claims_unverified(token):
    _, payload, _ = token.split(".")
    return json.loads(base64.urlsafe_b64decode(payload + "==").decode("utf-8"))
""",
        """
def claims_unverified(token):
    return jwt.decode(token, options={"verify_signature": False})
""",
        """
def claims_unverified(token):
    return Token.parse(token).claims
""",
    ),
}

WRONG = {
    "05-unverified": (
        Wrong(
            "only sub",
            """
def claims_unverified(token):
    return json.loads(from_b64url(token.split(".")[1]))["sub"]
""",
            "the second of three segments",
        ),
        Wrong(
            "adds a claim",
            """
def claims_unverified(token):
    return {"exp": None, **json.loads(from_b64url(token.split(".")[1]))}
""",
            "come back as they are in it",
        ),
        Wrong(
            "the padding forgotten",
            but_with(UNVERIFIED_SOLUTION, "from_b64url", "base64.urlsafe_b64decode"),
            "The length of a segment is no multiple of four,",
        ),
        Wrong(
            "base64 instead of base64url",
            but_with(UNVERIFIED_SOLUTION, "from_b64url(segment", 'base64.b64decode(segment + "=="'),
            "`-` and `_` are letters of base64url, and",
        ),
        Wrong(
            "the header is read",
            but_with(UNVERIFIED_SOLUTION, "1", "0"),
            "`alg` is in it, so the header was read. The",
        ),
        Wrong(
            "the bytes, not the claims",
            but_with(UNVERIFIED_SOLUTION, "json.loads(from_b64url(segment)", "from_b64url(segment"),
            "These are the bytes of a segment; `json.loads`",
        ),
        Wrong(
            "text, not the claims",
            but_with(
                UNVERIFIED_SOLUTION,
                "json.loads(from_b64url(segment)",
                "from_b64url(segment).decode(",
            ),
            "This is text. A dictionary is wanted:",
        ),
        Wrong(
            "eval instead of a parser",
            but_with(UNVERIFIED_SOLUTION, "json.loads", "eval"),
            "The claims are JSON, not Python, and `eval` runs",
        ),
        Wrong(
            "PyJWT asked to verify",
            """
def claims_unverified(token):
    return jwt.decode(token, "", algorithms=["HS256"])
""",
            "PyJWT raised this. `jwt.decode` verifies unless it",
        ),
        Wrong(
            'another alphabet: return json.loads(from_b64url(token.split(".")[1]).decode("latin-1"))',
            but_with(UNVERIFIED_SOLUTION, "))", ").decode('latin-1'))"),
            "The payload is UTF-8 (RFC 7519 §7.1), and your code",
        ),
        Wrong(
            'another alphabet: return json.loads(from_b64url(token.split(".")[1]).decode("ascii"))',
            but_with(UNVERIFIED_SOLUTION, "))", ").decode('ascii'))"),
            "The payload is UTF-8 (RFC 7519 §7.1), and your code",
        ),
        Wrong(
            'another alphabet: return json.loads(from_b64url(token.split(".")[1]).decode("ascii", "i…',
            but_with(UNVERIFIED_SOLUTION, "))", ").decode('ascii', 'ignore'))"),
            "The claims are UTF-8, with letters of any",
        ),
        Wrong(
            'another alphabet: return json.loads(from_b64url(token.split(".")[1]).decode("cp1252", "…',
            but_with(UNVERIFIED_SOLUTION, "))", ").decode('cp1252', 'replace'))"),
            "The payload is UTF-8 (RFC 7519 §7.1), and your code",
        ),
        Wrong(
            'another alphabet: return json.loads(from_b64url(token.split(".")[1]).decode("utf-8").en…',
            but_with(UNVERIFIED_SOLUTION, "))", ").decode('utf-8').encode('ascii', 'replace'))"),
            "The claims are UTF-8, with letters of any",
        ),
        Wrong(
            "letters or spaces changed: return {k.lower(): v for k, v in json.loads(from_b64url(toke…",
            """
def claims_unverified(token):
    return {k.lower(): v for k, v in json.loads(from_b64url(token.split(".")[1])).items()}
""",
            "Claims come back as they are, with their names",
        ),
        Wrong(
            'letters or spaces changed: return json.loads(from_b64url(token.split(".")[1]).lower())',
            but_with(UNVERIFIED_SOLUTION, "))", ").lower())"),
            "The claims are JSON in base64url, the second of",
        ),
        Wrong(
            'hard-coded: c = json.loads(from_b64url(token.split(".")[1]))',
            """
def claims_unverified(token):
    c = json.loads(from_b64url(token.split(".")[1]))
    return {"sub": c["sub"], "exp": c["exp"]} if "exp" in c else c
""",
            "Claims come back as they are, with their names",
        ),
        Wrong(
            'another rule: return eval(from_b64url(token.split(".")[1]).decode().replace("true", "Tr…',
            """
def claims_unverified(token):
    return eval(
        from_b64url(token.split(".")[1])
        .decode()
        .replace("true", "True")
        .replace("null", "None")
        .replace("false", "False")
    )
""",
            "Here `true`, `false` and `null` are words in a",
        ),
        Wrong(
            "times verified all the same",
            """
def claims_unverified(token):
    return jwt.decode(token, options={"verify_signature": False, "verify_exp": True})
""",
            "`jwt.decode` verifies unless it is told not to",
        ),
        Wrong(
            "three claims of all",
            """
def claims_unverified(token):
    claims = json.loads(from_b64url(token.split(".")[1]))
    return {k: claims[k] for k in ("sub", "iat", "exp") if k in claims}
""",
            "All claims must come back",
        ),
    ),
}

EQUIVALENT = {
    "05-unverified": {
        "'utf-8' → 'UTF-8'": "another spelling of the same",
        "'utf-8' → 'utf-'": "another spelling of the same",
    },
}
