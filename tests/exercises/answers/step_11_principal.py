"""Right and wrong answers to the exercises of `step_11_principal`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_11_principal import PRINCIPAL
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "11-principal": (
        """
def principal(claims):
    for issuer, (who, kind) in DIALECTS.items():
        if (
            claims.get("iss") == issuer
            and claims.get(kind) == "access"
            and isinstance(claims.get(who), str)
            and claims[who]
        ):
            return (issuer, claims[who])
    return None
""",
    ),
}

WRONG = {
    "11-principal": (
        Wrong(
            "the subject alone",
            but_with(
                PRINCIPAL,
                "subject:\n        return None\n    return issuer,",
                "isinstance(subject, str) or not subject:\n        return None\n    return",
            ),
            "A subject is unique only within its issuer (RFC 7519",
        ),
        Wrong(
            "the first name that is there",
            but_with(
                PRINCIPAL,
                'who)\n    if claims.get(kind) != "access"',
                '"user_id") or claims.get("sub")\n    if claims.get(kind) != "access" or not isinstance(subject, str)',
            ),
            "Your function returned the claim of the other issuer. A",
        ),
        Wrong(
            "any kind",
            but_with(PRINCIPAL, 'claims.get(kind) != "access"', "not isinstance(subject, str)"),
            "A refresh token is only for `/refresh`: None.",
        ),
        Wrong(
            "a kind that may be missing",
            but_with(
                PRINCIPAL,
                'kind) != "access"',
                'kind, "access") != "access" or not isinstance(subject, str)',
            ),
            "A token that does not say its kind is not known",
        ),
        Wrong(
            "an issuer that is a list",
            """
def principal(claims):
    issuer = claims.get("iss")
    if issuer not in DIALECTS:
        return None
    who, kind = DIALECTS[issuer]
    subject = claims.get(who)
    if claims.get(kind) != "access" or not isinstance(subject, str) or not subject:
        return None
    return issuer, subject
""",
            "A list is unhashable, so a dict cannot look it up:",
        ),
        Wrong(
            "the subject as it comes",
            but_with(PRINCIPAL, '"access" or not subject', '"access"'),
            "A token without a subject names no user: None.",
        ),
        Wrong(
            'hard-coded: if claims.get(kind) != "access" or subject != "1":',
            but_with(PRINCIPAL, "not subject", "subject != '1'"),
            "Its issuer is known, its type is access, its sub",
        ),
    ),
}

EQUIVALENT = {
    "11-principal": {
        "DIALECTS[issuer] → DIALECTS.get(issuer)": "what is looked up is there by then",
        "claims.get(kind) != 'access' → not str(claims.get(kind)) == str('access')": "both are texts where they can be equal",
        "claims.get('iss') == issuer → str(claims.get('iss')) == str(issuer)": "both are texts where they can be equal",
        "claims.get(kind) == 'access' → str(claims.get(kind)) == str('access')": "both are texts where they can be equal",
        "claims[who] → claims.get(who)": "what is looked up is there by then",
        "claims[who] → claims.get(who)'": "what is looked up is there by then",
    },
}
