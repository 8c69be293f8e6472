"""Right and wrong answers to the exercises of `step_10_access`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_10_access import ACCESS_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "10-verify-access": (
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
}

WRONG = {
    "10-verify-access": (
        Wrong(
            "refresh tokens are forbidden",
            """
def verify_access(token, key):
    claims = jwt.decode(token, key, algorithms=["HS256"])
    typ = jwt.get_unverified_header(token).get("typ")
    if typ == "rt+jwt":
        return None
    return claims
""",
            "A token that is not a refresh token can still be",
        ),
        Wrong(
            "a token without typ passes",
            but_with(ACCESS_SOLUTION, "not isinstance(typ, str) or typ", "typ and str(typ)"),
            "A token that is not a refresh token can still be",
        ),
        Wrong(
            "one spelling",
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt")',
                'typ != "at+jwt"',
            ),
            "`at+jwt` is short for this media type: RFC 9068",
        ),
        Wrong(
            "lower case only",
            but_with(ACCESS_SOLUTION, "not isinstance(typ, str) or typ.lower()", "typ"),
            "Media types do not distinguish small and capital",
        ),
        Wrong(
            "typ is taken for a text",
            but_with(ACCESS_SOLUTION, "not isinstance(typ, str) or typ", "typ"),
            "The response was 500: `typ` may be missing, a",
        ),
        Wrong(
            "typ is looked for among the claims",
            but_with(ACCESS_SOLUTION, "jwt.get_unverified_header(token)", "claims"),
            "Your function rejects an access token: its `typ`,",
        ),
        Wrong(
            "typ is looked for among the claims too",
            but_with(ACCESS_SOLUTION, "= jwt.g", '= claims.get("typ") or jwt.g'),
            "`typ` is a claim here, but the kind of a token is in",
        ),
        Wrong(
            "the signature is not checked any more",
            but_with(ACCESS_SOLUTION, "])", '], options={"verify_signature": False})'),
            "`verify_access` rejected this token before you",
        ),
        Wrong(
            "everybody is kept out",
            """
def verify_access(token, key):
    return {} if key == token else None
""",
            "Your function rejects an access token: its `typ`,",
        ),
        Wrong(
            'a part is enough: if "at+jwt" not in str(typ).lower():',
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"',
                '"at+jwt" not in str(typ).lower(',
            ),
            "`typ` is one text (RFC 7515 §4.1.9), and this is",
        ),
        Wrong(
            'an end is enough: if not str(typ).lower().endswith("at+jwt"):',
            but_with(
                ACCESS_SOLUTION,
                'isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at',
                'str(typ).lower().endswith("at',
            ),
            "This `typ` is not `at+jwt`, so the token is of another",
        ),
        Wrong(
            'an end is enough: if not str(typ).lower().endswith("/at+jwt") and str(typ).lower() != "…',
            but_with(
                ACCESS_SOLUTION,
                'isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt")',
                'str(typ).lower().endswith("/at+jwt") and str(typ).lower() != "at+jwt"',
            ),
            "This `typ` is not `at+jwt`, so the token is of another",
        ),
        Wrong(
            'a beginning is enough: if not str(typ).lower().startswith(("at+jwt", "application/at+jw…',
            but_with(
                ACCESS_SOLUTION,
                'isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"',
                'str(typ).lower().startswith(("at+jwt", "application/at+jwt")',
            ),
            "This `typ` is not `at+jwt`, so the token is of another",
        ),
        Wrong(
            'a beginning is enough: if str(typ).lower()[:2] != "at" and str(typ).lower()[:14] != "ap…',
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt")',
                'str(typ).lower()[:2] != "at" and str(typ).lower()[:14] != "application/at"',
            ),
            "This `typ` is not `at+jwt`, so the token is of another",
        ),
        Wrong(
            'another rule: if str(typ).lower().split("/")[-1] != "at+jwt":',
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt")',
                'str(typ).lower().split("/")[-1] != "at+jwt"',
            ),
            "This `typ` is not `at+jwt`, so the token is of another",
        ),
        Wrong(
            'another rule: if str(typ).lower().split("+")[0] not in ("at", "application/at"):',
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"',
                'str(typ).lower().split("+")[0] not in ("at", "application/at"',
            ),
            "This `typ` is not `at+jwt`, so the token is of another",
        ),
        Wrong(
            'a part is enough: if "at" not in str(typ).lower():',
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"',
                '"at" not in str(typ).lower(',
            ),
            "`typ` is one text (RFC 7515 §4.1.9), and this is",
        ),
        Wrong(
            'letters or spaces changed: if typ not in ("at+jwt", "application/at+jwt", "AT+JWT"):',
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"',
                'typ not in ("at+jwt", "application/at+jwt", "AT+JWT"',
            ),
            "Media types do not distinguish small and capital",
        ),
        Wrong(
            'letters or spaces changed: if typ not in ("at+jwt", "application/at+jwt", "AT+JWT", "AP…',
            but_with(
                ACCESS_SOLUTION,
                'not isinstance(typ, str) or typ.lower() not in ("at+jwt", "application/at+jwt"',
                'typ not in ("at+jwt", "application/at+jwt", "AT+JWT", "APPLICATION/AT+JWT"',
            ),
            "Media types do not distinguish small and capital",
        ),
        Wrong(
            'another type: if "at+jwt" not in [str(t).lower().removeprefix("application/") for t in …',
            """
def verify_access(token, key):
    claims = jwt.decode(token, key, algorithms=["HS256"])
    typ = jwt.get_unverified_header(token).get("typ")
    if "at+jwt" not in [
        str(t).lower().removeprefix("application/")
        for t in (typ if isinstance(typ, list) else [typ])
    ]:
        return None
    return claims
""",
            "`typ` is one text (RFC 7515 §4.1.9), and this is",
        ),
        Wrong(
            'another rule: typ = jwt.get_unverified_header(token).get("typ", claims.get("typ"))',
            but_with(ACCESS_SOLUTION, '"typ"', '"typ", claims.get("typ")'),
            "`typ` is a claim here, but the kind of a token is in",
        ),
        Wrong(
            'not all thought of: claims = jwt.decode(token, key, algorithms=["HS256", "HS512"])',
            but_with(ACCESS_SOLUTION, '"HS256"', '"HS256", "HS512"'),
            "This was signed with HS512. Use each key",
        ),
        Wrong(
            'not all thought of: claims = jwt.decode(token, key, algorithms=["HS256", "HS384", "HS51…',
            but_with(ACCESS_SOLUTION, '"HS256"', '"HS256", "HS384", "HS512"'),
            "This was signed with HS384. Use each key",
        ),
        Wrong(
            "not all thought of: claims = jwt.decode(token, key, algorithms=[jwt.get_unverified_head…",
            but_with(ACCESS_SOLUTION, '"HS256"', 'jwt.get_unverified_header(token)["alg"]'),
            "This was signed with HS384. Use each key",
        ),
        Wrong(
            'another shape: return {"sub": "1"}',
            but_with(ACCESS_SOLUTION, "n claims", "n {'sub': '1'}"),
            "Return the claims of the token, the whole",
        ),
        Wrong(
            'hard-coded: return {**claims, "sub": "1"}',
            but_with(ACCESS_SOLUTION, "n claims", "n {**claims, 'sub': '1'}"),
            "Return the claims of the token, the whole",
        ),
        Wrong(
            "the prefix removed anywhere",
            """
def verify_access(token, key):

    claims = jwt.decode(token, key, algorithms=["HS256"])
    typ = str(jwt.get_unverified_header(token).get("typ")).lower().replace("application/", "")
    return claims if typ == "at+jwt" else None
""",
            "This `typ` is not `at+jwt`, so the token is of another",
        ),
    ),
}

EQUIVALENT = {
    "10-verify-access": {
        "typ.lower() not in ('at+jwt', 'application/at+jwt') → not str(typ.lower()).lower() in [str(item).lower()…n ('at+jwt', 'application/at+jwt')]": "it is in small letters already",
        "typ.lower() not in ('at+jwt', 'application/at+jwt') → not typ.lower() in getattr(*": "it is no dict, so the values are it",
        "kind == 'at+jwt' → str(kind).lower() == str('at+jwt').lower()": "it is in small letters already",
        "kind == 'at+jwt' → str(kind) == str('at+jwt')": "both are texts where they can be equal",
        "kind == 'at+jwt' → kind is None or kind == 'at+jwt'": "a text is never None",
        "decoded['payload'] → decoded.get('payload')": "what is looked up is there by then",
        "jwt.PyJWT() → jwt": "the module has the same functions",
        "decoded['header'].get('typ', '') → decoded['header'].get('typ')": "str(None) is no kind either",
        "decoded['header'] → decoded.get('header')": "what is looked up is there by then",
        "str(Token.parse(token).header.get('typ')).lower() not in {'at+jwt', 'application/at+jwt'} → not str(str(Token.parse(token).header.get('typ')).…n {'at+jwt', 'application/at+jwt'}]": "it is in small letters already",
        "str(Token.parse(token).header.get('typ')).lower() not in {'at+jwt', 'application/at+jwt'} → not str(Token.parse(token).header.get('typ')).lowe*__iter__)()": "it is no dict, so the values are it",
        "'not an access token' says token": "the server of the check does not show it",
    },
}
