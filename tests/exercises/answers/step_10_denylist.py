"""Right and wrong answers to the exercises of `step_10_denylist`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_10_denylist import DENIED_AS_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "10-denied-as": (
        """
def denied_as(token, claims):
    return claims["iss"], claims["jti"]
""",
        """
def denied_as(token, claims):
    return hashlib.sha256(
        token.rpartition(".")[0].encode()
    ).hexdigest()  # what was signed has one spelling
""",
    ),
}

WRONG = {
    "10-denied-as": (
        Wrong(
            "a hash of the text",
            """
def denied_as(token, claims):
    return hashlib.sha256(token.encode()).hexdigest()
""",
            "The text has two more `=`, which is padding. It is",
        ),
        Wrong(
            "padding is taken off",
            but_with(DENIED_AS_SOLUTION, 'claims["jti"]', "token.rstrip('=')"),
            "This is a second valid signature of the same token.",
        ),
        Wrong(
            "the signature",
            but_with(DENIED_AS_SOLUTION, 'claims["jti"]', "token.split('.')[2].rstrip('=')"),
            "This is a second valid signature of the same token.",
        ),
        Wrong(
            "the user",
            but_with(DENIED_AS_SOLUTION, '"jti"', "'sub'"),
            "This is another login of the same user, issued in",
        ),
        Wrong(
            "user and second",
            but_with(DENIED_AS_SOLUTION, '"jti"', "'sub'], claims['iat'"),
            "This is another login of the same user, issued in",
        ),
        Wrong(
            "all claims in a dictionary",
            but_with(DENIED_AS_SOLUTION, 'claims["jti"]', "claims"),
            "The denylist is a set, and its members must be",
        ),
        Wrong(
            "nothing comes back",
            but_with(DENIED_AS_SOLUTION, 'return claims["jti"', "claims['jti'"),
            "Your function returned None, and None is not a name.",
        ),
        Wrong(
            "another name each time",
            but_with(DENIED_AS_SOLUTION, 'claims["jti"]', "object()"),
            "This token was logged out, and your function now",
        ),
        Wrong(
            'another rule: return len(token.rstrip("="))',
            but_with(DENIED_AS_SOLUTION, 'claims["jti"]', "len(token.rstrip('='))"),
            "This is another login of the same user, issued in",
        ),
        Wrong(
            'letters or spaces changed: return claims["jti"].lower()',
            but_with(DENIED_AS_SOLUTION, '"jti"]', "'jti'].lower()"),
            "This is another login of the same user, with",
        ),
        Wrong(
            'letters or spaces changed: return claims["jti"].casefold()',
            but_with(DENIED_AS_SOLUTION, '"jti"]', "'jti'].casefold()"),
            "This is another login of the same user, with",
        ),
        Wrong(
            'a beginning is enough: return claims["jti"][:8]',
            but_with(DENIED_AS_SOLUTION, '"jti"', "'jti'][:8"),
            "This is another login of the same user, issued in",
        ),
        Wrong(
            'a beginning is enough: return claims["jti"][:4]',
            but_with(DENIED_AS_SOLUTION, '"jti"', "'jti'][:4"),
            "This is another login of the same user, issued in",
        ),
        Wrong(
            'an end is enough: return claims["jti"][-6:]',
            but_with(DENIED_AS_SOLUTION, '"jti"', "'jti'][-6:"),
            "This is another login of the same user, issued in",
        ),
        Wrong(
            'a beginning is enough: return claims["jti"].split()[0]',
            but_with(DENIED_AS_SOLUTION, '"jti"', "'jti'].split()[0"),
            "This is another login of the same user, issued in",
        ),
        Wrong(
            'nothing taken for something: return claims.get("id")',
            but_with(DENIED_AS_SOLUTION, 'claims["jti"]', "claims.get('id')"),
            "Your function returned None, and None is not a name.",
        ),
        Wrong(
            'another shape: print(claims["jti"])',
            but_with(DENIED_AS_SOLUTION, 'return claims["jti"]', "print(claims['jti'])"),
            "Your function returned None, and None is not a name.",
        ),
    ),
}

EQUIVALENT = {
    "10-denied-as": {
        "claims['jti'] → claims.get('jti')": "what is looked up is there by then",
        "(claims['iss'], claims['jti']) → (claims['jti'],)": "one issuer issued all tokens of the check",
        "claims['iss'] → claims.get('iss')": "what is looked up is there by then",
        "token.rpartition('.')[0].encode() → token.rpartition('.')[0].encode('latin-1')": "only ASCII stands there",
    },
}
