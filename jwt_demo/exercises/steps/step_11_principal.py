"""11: whose user a token is about, where two services have names of their own for it."""

from __future__ import annotations

from typing import Any

from ..matchers import raised
from ..model import Case, Exercise, Mistake, Trial
from ..symbols import Moment, Symbols, filled, given, gives_back, text

GIVEN = """
DIALECTS = {  # issuer: the claim that says who, the claim that says what kind of token
    "https://flask.example": ("sub", "type"),
    "https://drf.example": ("user_id", "token_type"),
}
"""

PRINCIPAL = """
def principal(claims):
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or issuer not in DIALECTS:
        return None
    who, kind = DIALECTS[issuer]
    subject = claims.get(who)
    if claims.get(kind) != "access" or not subject:
        return None
    return issuer, subject
"""

A, B = text("A"), text("B")
FLASK_URL, DRF_URL = "https://flask.example", "https://drf.example"
FLASK: dict[str, Any] = {"iss": FLASK_URL, "sub": A, "type": "access", "exp": Moment(300)}
DRF: dict[str, Any] = {"iss": DRF_URL, "user_id": B, "token_type": "access", "exp": Moment(300)}


def without(claims: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in names}


def named(claims: dict[str, Any], wanted: Any, means: str, *mistakes: Mistake) -> Case:
    said = without(claims, "exp")
    return Case(
        f"principal({said!r})",
        given(claims),
        (gives_back(wanted),),
        means,
        mistakes=(SUBJECT_ALONE, *mistakes),
    )


def nobody(claims: dict[str, Any], means: str, *mistakes: Mistake) -> Case:
    return named(claims, None, means, *mistakes, ABSENT)


def is_subject(trial: Trial) -> bool:
    return trial.value in [filled(symbol, trial.bench) for symbol in (A, B)]


SUBJECT_ALONE = Mistake(
    is_subject,
    "A subject is unique only within its issuer (RFC 7519 §4.1.2): user 1 of one service is not user 1 of the other. Return both.",
)
UNHASHABLE = Mistake(
    lambda trial: raised(TypeError)(trial) and "unhashable" in str(trial.error),
    "A list is unhashable, so a dict cannot look it up: check that it is a str first.",
)
ABSENT = Mistake(
    raised(KeyError),
    "Your code looked up a name that is not there. A claim may be missing, and an issuer may be unknown: return None.",
)
NO_TEXT = Mistake(
    raised(AttributeError, TypeError, KeyError),
    "Your code raised: a claim may be missing or of any type. Compare with `==`, or check that it is a str before you use it as one.",
)
OTHER_USER = "This is another user of an issuer that came before: the user of this call is wanted, from its own claim."
NEARLY = "This is the name of no known issuer. Compare the whole name (RFC 7519 §4.1.1)."
BESIDE = "This token has a claim of the other issuer as well, which has no meaning here. The issuer decides which claim is read."
OTHER_CLAIM_READ = "Your function returned the claim of the other issuer. A client that can add a claim could become another user. The issuer decides which claim is read."


def read_from(other: Any) -> Mistake:
    return Mistake(
        lambda trial: trial.error is None and filled(other, trial.bench) in trial.value,
        OTHER_CLAIM_READ,
    )


NO_KIND = "A token that does not say its kind is not known to be an access token: None."
OTHER_NAME = (
    "Each issuer has its own name for the kind. The claim with the other name has no meaning here."
)
OTHER_KIND = "This is not `access`, so the token is of another kind. Compare the whole value."
NOBODY = "A token without a subject names no user: None."

PRINCIPAL_OF = Exercise(
    name="11-principal",
    function="principal",
    idea="A subject belongs to its issuer, so the pair of both names a user. The issuer also decides which claim to read.",
    stub="""
def principal(claims):
    # return (issuer, subject), or None for an unknown issuer,
    # for another kind than access, or for no subject
    ...
""",
    given=GIVEN,
    solution=PRINCIPAL,
    bench=Symbols.make,
    hints=(
        "Start with the issuer. Before it is known, no other claim means anything.",
        "`DIALECTS[issuer]` gives two names of claims: the one that says who, and the one that must be `access`.",
        'First `issuer = claims.get("iss")`. For a known one, a text that is in `DIALECTS`, `who, kind = DIALECTS[issuer]`. Then None unless `claims.get(kind) == "access" and claims.get(who)`, and `(issuer, claims[who])`.',
    ),
    cases=(
        named(FLASK, (FLASK_URL, A), "Its issuer is known, its type is access, its sub names the user: return issuer and subject."),
        named(DRF, (DRF_URL, B), "At this issuer the claim is called user_id, and the kind token_type."),
        named({**FLASK, "sub": B}, (FLASK_URL, B), OTHER_USER),
        named({**DRF, "user_id": A}, (DRF_URL, A), OTHER_USER),
        nobody({**FLASK, "iss": "https://else.example"}, "This issuer is not in `DIALECTS`. Several issuers may share one key, so only a known `iss` is accepted: None."),
        nobody(without(FLASK, "iss"), "A token without `iss` names no known issuer: None."),
        *(
            nobody({**FLASK, "iss": issuer}, NEARLY)
            for issuer in (
                "https://flask.example.evil.example", "https://flask.example/", "http://flask.example", "flask.example",
                "https://FLASK.example", "https://flask.example ", "https://evil.example/?https://flask.example", "",
            )
        ),
        named({**FLASK, "user_id": B}, (FLASK_URL, A), BESIDE, read_from(B)),
        named({**DRF, "sub": A}, (DRF_URL, B), BESIDE, read_from(A)),
        nobody({**FLASK, "type": "refresh"}, "A refresh token is only for `/refresh`: None."),
        nobody({**DRF, "token_type": "refresh"}, "A refresh token is only for `/refresh`: None."),
        nobody(without(FLASK, "type"), NO_KIND),
        nobody(without(DRF, "token_type"), NO_KIND),
        nobody({**without(DRF, "token_type"), "type": "access"}, OTHER_NAME),
        nobody({**without(FLASK, "type"), "token_type": "access"}, OTHER_NAME),
        nobody({**FLASK, "type": "refresh", "token_type": "access"}, OTHER_NAME),
        nobody({**DRF, "type": "access", "token_type": "refresh"}, OTHER_NAME),
        *(nobody({**FLASK, "type": kind}, OTHER_KIND) for kind in ("id", "Access", "access-not", "no-access", "acc", "access ", "")),
        *(nobody({**FLASK, "type": kind}, f"`type` is not the text `access`. {NO_KIND}", NO_TEXT) for kind in (5, None, ["access"], True)),
        *(nobody({**FLASK, "iss": issuer}, "`iss` is not a text, so it is not a known issuer: None.", NO_TEXT) for issuer in (5, None)),
        nobody(without(FLASK, "sub"), NOBODY),
        nobody(without(DRF, "user_id"), NOBODY),
        nobody({**without(FLASK, "sub"), "user_id": B}, f"There is no `sub`, and the claim of the other issuer has no meaning here. {NOBODY}"),
        nobody({**without(DRF, "user_id"), "sub": A}, f"There is no `user_id`, and the claim of the other issuer has no meaning here. {NOBODY}"),
        nobody({**FLASK, "sub": ""}, f"An empty subject names no user. {NOBODY}"),
        nobody({**FLASK, "iss": ["https://flask.example"]}, "`iss` is one text (RFC 7519 §4.1.1), and a list is not a known issuer.", UNHASHABLE),
    ),
    learnt="First check the issuer: it decides which claims name the user and the kind. Return the pair, because user 1 of another issuer is another user.",
)  # fmt: skip

EXERCISES = (PRINCIPAL_OF,)
