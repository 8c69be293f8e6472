"""11: one answer for every failure, whose user it is; quizzes on a user who is gone and a key that is shared."""

from __future__ import annotations

from typing import Any

import jwt

from ...probes.www_authenticate import bearer_challenge
from ..matchers import gives, raised, returns
from ..model import Call, Case, Exercise, Mistake, Quiz, Trial, Wrong, but_with

# --- one answer for every failure ------------------------------------------------------------------------------------

ANSWER = """
def answer_for(error):
    bare = 'Bearer realm="api"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bare + ', error="invalid_token"'
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
"""


def is_answer(status: int, code: str | None) -> Any:
    def holds(value: Any) -> bool:
        if (
            not isinstance(value, tuple)
            or len(value) != 2
            or value[0] != status
            or not isinstance(value[1], str)
        ):
            return False
        challenge = bearer_challenge([value[1]])
        return challenge is not None and challenge.get("error") == code

    return holds


def tells(words: str) -> Any:
    """The library's words stand in the answer."""
    return lambda trial: (
        isinstance(trial.value, tuple) and any(words in str(part) for part in trial.value)
    )


def has_status(*statuses: int) -> Any:
    return lambda trial: (
        isinstance(trial.value, tuple) and trial.value[:1] and trial.value[0] in statuses
    )


def refusal(what: str, error: Exception, means: str = "") -> Case:
    """A bad token: 401 invalid_token, and none of the library's words."""
    words, right = str(error), is_answer(401, "invalid_token")
    return Case(
        f"answer_for({type(error).__name__}): {what}",
        Call(error),
        (
            gives(
                "(401, 'Bearer …, error=\"invalid_token\"')",
                lambda value: right(value) and words not in value[1],
            ),
        ),
        means
        or 'A token that is no good is 401 with error="invalid_token" (RFC 6750 §3.1), whatever is wrong with it.',
        mistakes=(
            Mistake(
                tells(words),
                "The error's own words stand in the answer. They are for your log; a client, and whoever tries tokens, gets the code alone.",
            ),
            Mistake(
                has_status(422, 400, 403),
                "A client that knows the standard fetches a new token when it sees 401 with invalid_token. Another status leaves it stuck.",
            ),
        ),
    )


ANSWER_FOR = Exercise(
    name="11-answer-for",
    function="answer_for",
    idea="A client needs to know what to do next, and no more: one answer for every token that is no good.",
    stub="""
def answer_for(error):
    # (status, challenge) where no token came (None), a token is no good (any jwt.PyJWTError),
    # its user is gone (LookupError), the list of ended tokens is away (ConnectionError), and for the rest
    ...
""",
    given="import jwt\n",
    solution=ANSWER,
    also_right=(
        """
def answer_for(error):
    match error:
        case None:
            return (401, "Bearer")
        case jwt.PyJWTError() | LookupError():
            return (401, 'Bearer error="invalid_token", error_description="not valid here"')
        case ConnectionError():
            return (503, None)
        case _:
            return (500, None)
""",
    ),
    wrong=(
        Wrong(
            "422 for some",
            but_with(
                ANSWER,
                "    if isinstance(error, (jwt",
                "    if isinstance(error, jwt.DecodeError):\n        return 422, None\n    if isinstance(error, (jwt",
            ),
            "leaves it stuck",
        ),
        Wrong(
            "the library's words",
            but_with(
                ANSWER,
                """', error="invalid_token"'""",
                """f', error="invalid_token", error_description="{error}"'""",
            ),
            "for your log",
        ),
        Wrong(
            "an error code where nothing was wrong",
            but_with(
                ANSWER, "return 401, bare\n", """return 401, bare + ', error="invalid_token"'\n"""
            ),
            "Nothing was wrong",
        ),
        Wrong(
            "a user who is gone",
            but_with(ANSWER, "(jwt.PyJWTError, LookupError)", "jwt.PyJWTError"),
            "is gone",
        ),
        Wrong(
            "every accident is a bad token",
            but_with(
                ANSWER, "return 500, None", """return 401, bare + ', error="invalid_token"'"""
            ),
            "mistake of yours",
        ),
        Wrong(
            "let them log in again",
            but_with(
                ANSWER, "return 503, None", """return 401, bare + ', error="invalid_token"'"""
            ),
            "may be good",
        ),
    ),
    hints=(
        "Ask for each case what the client should do next: log in, fetch a new token, try later, or nothing.",
        "`jwt.PyJWTError` is the base of all that PyJWT raises: one isinstance covers expired, forged and misaddressed.",
        'Four ways out: (401, \'Bearer realm="api"\'), the same with `, error="invalid_token"`, (503, None), (500, None).',
    ),
    cases=(
        Case(
            "answer_for(None): no token came",
            Call(None),
            (gives("(401, 'Bearer …') without an error code", is_answer(401, None)),),
            "Nothing was wrong, something is missing: 401 and a bare challenge that says which scheme is wanted (RFC 6750 §3.1).",
        ),
        refusal("its time is over", jwt.ExpiredSignatureError("Signature has expired")),
        refusal("it can't be read", jwt.DecodeError("Not enough segments")),
        refusal("it is for another service", jwt.InvalidAudienceError("Audience doesn't match")),
        refusal(
            "its user is gone",
            KeyError("user 7"),
            "The user is gone: no token about them is good any longer, and the answer is the one that every bad token gets. A KeyError is a LookupError.",
        ),
        Case(
            "answer_for(ConnectionRefusedError): the list of ended tokens can't be asked",
            Call(ConnectionRefusedError("store")),
            (returns((503, None)),),
            "The token may be good; nobody can tell at the moment. 503 says try later, and lets nobody in (step 7).",
        ),
        Case(
            "answer_for(ZeroDivisionError): anything else",
            Call(ZeroDivisionError("division by zero")),
            (returns((500, None)),),
            "That is a mistake of yours. Answered as a bad token it would never be found: users log in again and again, and no alarm rings.",
        ),
    ),
    learnt="Four answers for four things a client can do next. The reason goes to your log.",
)

# --- whose user is it ------------------------------------------------------------------------------------------------

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
    if claims.get(kind) != "access" or not isinstance(subject, str) or not subject:
        return None
    return issuer, subject
"""

FLASK = {"iss": "https://flask.example", "sub": "1", "type": "access"}
DRF = {"iss": "https://drf.example", "user_id": "1", "token_type": "access"}


def without(claims: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


def named(what: str, claims: dict[str, Any], wanted: Any, means: str, *mistakes: Mistake) -> Case:
    return Case(
        f"principal(claims): {what}",
        Call(claims),
        (returns(wanted),),
        means,
        mistakes=(NO_ISSUER, *mistakes),
    )


def subject_alone(trial: Trial) -> bool:
    return isinstance(trial.value, str)


NO_ISSUER = Mistake(
    subject_alone,
    "A subject is unique within its issuer and no further (RFC 7519 §4.1.2): user 1 of one service is not user 1 of the other. Return both.",
)

PRINCIPAL_OF = Exercise(
    name="11-principal",
    function="principal",
    idea="A subject belongs to its issuer: who is asked for is a pair, and the issuer decides which claim to read.",
    stub="""
def principal(claims):
    # (issuer, subject); None for an unknown issuer, for another kind than access, for no subject
    ...
""",
    given=GIVEN,
    solution=PRINCIPAL,
    also_right=(
        """
def principal(claims):
    for issuer, (who, kind) in DIALECTS.items():
        if claims.get("iss") == issuer and claims.get(kind) == "access" and isinstance(claims.get(who), str) and claims[who]:
            return (issuer, claims[who])
    return None
""",
    ),
    wrong=(
        Wrong(
            "the subject alone",
            but_with(PRINCIPAL, "return issuer, subject", "return subject"),
            "within its issuer",
        ),
        Wrong(
            "the first name that is there",
            but_with(PRINCIPAL, "claims.get(who)", 'claims.get("user_id") or claims.get("sub")'),
            "picked the claim",
        ),
        Wrong(
            "any kind", but_with(PRINCIPAL, 'claims.get(kind) != "access" or ', ""), "refresh token"
        ),
        Wrong(
            "a kind that may be missing",
            but_with(
                PRINCIPAL, 'claims.get(kind) != "access"', 'claims.get(kind, "access") != "access"'
            ),
            "may be missing",
        ),
        Wrong(
            "an issuer that is a list",
            but_with(PRINCIPAL, "not isinstance(issuer, str) or ", ""),
            "unhashable",
        ),
        Wrong(
            "the subject as it comes",
            but_with(PRINCIPAL, " or not isinstance(subject, str) or not subject", ""),
            "nobody",
        ),
    ),
    hints=(
        "Start with the issuer. Before it is known, no other claim means anything.",
        '`DIALECTS[issuer]` gives two claim names: whom to read, and where "access" must stand.',
        '`who, kind = DIALECTS[issuer]`, then `claims.get(kind) == "access"` and a `claims.get(who)` that is a str and not empty.',
    ),
    cases=(
        named(
            "of Flask's service, about user 1",
            FLASK,
            ("https://flask.example", "1"),
            "Its issuer is known, its type is access, its sub is 1.",
        ),
        named(
            "of DRF's service, about its user 1",
            DRF,
            ("https://drf.example", "1"),
            "There the claim is called user_id, and the kind token_type.",
        ),
        named(
            "of an issuer nobody knows",
            {**FLASK, "iss": "https://else.example"},
            None,
            "A key that many share signs for many; iss says who it was.",
        ),
        named(
            "without an issuer",
            without(FLASK, "iss"),
            None,
            "Where issuers are told apart, a token without one is from elsewhere.",
        ),
        named(
            "of Flask's service, with a user_id beside its sub",
            {**FLASK, "user_id": "2"},
            ("https://flask.example", "1"),
            "The token picked the claim: whoever can add one becomes somebody else. The issuer decides which claim is read.",
        ),
        named(
            "of DRF's service, with a sub beside its user_id",
            {**DRF, "sub": "2"},
            ("https://drf.example", "1"),
            "The token picked the claim: whoever can add one becomes somebody else. The issuer decides which claim is read.",
        ),
        named(
            "a refresh token of Flask's",
            {**FLASK, "type": "refresh"},
            None,
            "A refresh token opens no door, and lives for weeks.",
        ),
        named(
            "no kind at all",
            without(DRF, "token_type"),
            None,
            "A kind that may be missing tells nothing apart.",
        ),
        named(
            "the kind under the other's name",
            {**without(DRF, "token_type"), "type": "access"},
            None,
            "Each issuer has its own name for the kind.",
        ),
        named("no subject", without(FLASK, "sub"), None, "A token about nobody lets nobody in."),
        named(
            "an empty subject", {**FLASK, "sub": ""}, None, "A token about nobody lets nobody in."
        ),
        named(
            "a subject that is a number",
            {**FLASK, "sub": 1},
            None,
            "A subject is a string; 1 and True are other things, and nobody here.",
        ),
        named(
            "an issuer that is a list",
            {**FLASK, "iss": ["https://flask.example"]},
            None,
            "iss is one string (RFC 7519 §4.1.1).",
            Mistake(
                raised(TypeError),
                "A list is unhashable, so it can't be looked up: ask for its type before you ask a dict.",
            ),
        ),
    ),
    learnt="The issuer first, then its own words for who and what kind. And the pair, because user 1 is somebody else next door.",
)

# --- quizzes ---------------------------------------------------------------------------------------------------------

GONE = Quiz(
    "gone",
    "On Flask as documented, somebody logs in. Their account is deleted; their token has ten minutes left. What does GET /get-user answer?",
    {
        "a": "401: the user is not there",
        "b": "500: the user can't be found",
        "c": "200, and their e-mail",
    },
    right="c",
    because="`jwt_required` looks at the token and at nothing else, and `get_jwt_identity` reads what stands in it. Nobody asked the table of users.",
    reasons={
        "a": "Something would have to look. `jwt_required` verifies the token; whether there is such a user is yours to ask, with `user_lookup_loader`.",
        "b": "Nothing looks for the user, so nothing fails to find them.",
    },
)

SHARED = Quiz(
    "shared-key",
    "Two services check tokens with the same HS256 key, and each asks for its own audience. One of them is taken over. What about the other?",
    {
        "a": "safe: a token for the first does not name it",
        "b": "lost: whoever has the key makes tokens for any audience",
        "c": "safe for as long as the tokens in the hands of the thief live",
    },
    right="b",
    because="With HS256 whoever can verify can sign. aud keeps honest tokens where they belong; it can't keep a thief with the key from writing another. A public key can (step 9).",
    reasons={
        "a": "The tokens that were issued, yes. But the key is on the first service, and with it new ones are made for the second.",
        "c": "The thief has more than tokens: the key, which makes new ones.",
    },
)

EXERCISES = (ANSWER_FOR, PRINCIPAL_OF)
QUIZZES = (GONE, SHARED)
