"""Wrong answers to step 11's exercises: headers of another scheme, results that are kept, values of another type."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_11 import ANSWER
from jwt_demo.exercises.steps.step_11_principal import PRINCIPAL
from jwt_demo.exercises.steps.step_11_services import FASTAPI_SOLUTION, FLASK_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

SCHEME = "Compare the whole scheme"
ALONE = "This header has no scheme, only a token"
RAISES = "count its parts before you read the second one"
EXPIRED_SINCE = "At the second request the token had expired"


def flask_with(finding: str) -> str:
    """A service on PyJWT that finds the token in the header in its own way; '' is no token."""
    return f"""
def flask_service(secret, emails):
    import jwt
    from flask import Flask, request

    app = Flask("service")

    @app.get("/get-user")
    def get_user():
        header = request.headers.get("Authorization", "")
        token = {finding}
        if not token:
            return {{}}, 401, {{"WWW-Authenticate": "Bearer"}}
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], options={{"require": ["exp"]}})
            if claims.get("type") != "access":
                raise KeyError("type")
            return {{"user": emails[claims["sub"]]}}
        except (jwt.InvalidTokenError, KeyError):
            return {{}}, 401, {{"WWW-Authenticate": 'Bearer error="invalid_token"'}}

    return app
"""


def fastapi_with(finding: str) -> str:
    """The service on FastAPI, with the header read by hand."""
    by_hand = but_with(
        FASTAPI_SOLUTION,
        "    def current_user(token: Annotated[str, Depends(bearer)]):\n",
        f"""    def current_user(request: Request):
        header = request.headers.get("Authorization", "")
        token = {finding}
        if not token:
            raise HTTPException(401, headers={{"WWW-Authenticate": "Bearer"}})
""",
    )
    return but_with(by_hand, "HTTPException\n", "HTTPException, Request\n")


HEADERS = (
    ("any scheme", 'header.split(" ")[-1]', SCHEME),
    ("what follows seven letters", "header[7:]", SCHEME),
    ("a scheme that begins as ours", 'header.startswith("Bearer") and header.split()[-1]', SCHEME),
    ("the scheme may be missing", 'header.removeprefix("Bearer ") if header[:6] not in ("Basic ", "Digest", "Bearer") or header[:7] == "Bearer " else ""', ALONE),
    ("there is something behind it", 'header.split(" ")[1] if header[:6] == "Bearer" and header[:7] != "Bearers" else ""', RAISES),
)  # fmt: skip
CACHED = """    @functools.cache
    def verified(token):
        return jwt.decode(
            token, secret, algorithms=["HS256"], audience="reports", options=options
        )

    def current_user("""

WRONG = {
    "11-flask-service": (
        *(Wrong(what, flask_with(finding), says) for what, finding, says in HEADERS),
        Wrong(
            "keeps claims by token",
            but_with(
                flask_with('header.removeprefix("Bearer ") if header[:7] == "Bearer " else ""'),
                'jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp"]})',
                "verified(token)",
            ).replace(
                '    @app.get("/get-user")',
                """    import functools

    @functools.lru_cache
    def verified(token):
        return jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp"]})

    @app.get("/get-user")""",
            ),
            EXPIRED_SINCE,
        ),
        *(
            Wrong(
                what,
                but_with(FLASK_SOLUTION, 'emails.get(claims["sub"])', f"emails.get({subject})"),
                "`sub` is compared with them as it is",
            )
            for what, subject in (
                ("the id as a number", 'str(int(claims["sub"]))'),
                ("the id stripped", 'claims["sub"].strip()'),
            )
        ),
        Wrong(
            "another secret",
            but_with(FLASK_SOLUTION, '"] = secret', '"] = "s" * 64'),
            "it is signed with the `secret` that your function was given",
        ),
    ),
    "11-fastapi-service": (
        *(Wrong(what, fastapi_with(finding), says) for what, finding, says in HEADERS),
        Wrong(
            "keeps claims by token",
            but_with(
                but_with(
                    FASTAPI_SOLUTION,
                    """jwt.decode(
                token, secret, algorithms=["HS256"], audience="reports", options=options
            )""",
                    "verified(token)",
                ),
                "    def current_user(",
                "    import functools\n\n" + CACHED,
            ),
            EXPIRED_SINCE,
        ),
        Wrong(
            "the id stripped",
            but_with(
                FASTAPI_SOLUTION,
                """        if claims["sub"] not in emails:
            raise bad_token
        return emails[claims["sub"]]""",
                """        subject = claims["sub"].strip()
        if subject not in emails:
            raise bad_token
        return emails[subject]""",
            ),
            "`sub` is compared with them as it is",
        ),
        Wrong(
            "an object in place of the token",
            but_with(
                FASTAPI_SOLUTION,
                'OAuth2PasswordBearer(tokenUrl="login")',
                "HTTPBearer()",
            ).replace("import OAuth2PasswordBearer", "import HTTPBearer"),
            "the token as text",
        ),
        Wrong(
            "the token names the algorithm",
            but_with(
                FASTAPI_SOLUTION,
                'algorithms=["HS256"]',
                'algorithms=[jwt.get_unverified_header(token)["alg"]]',
            ),
            "PyJWT raised InvalidKeyError: key and algorithm do not fit",
        ),
        Wrong(
            "no audience given, and nothing caught",
            but_with(FASTAPI_SOLUTION, 'audience="reports", ', "").replace(
                "except jwt.InvalidTokenError", "except jwt.DecodeError"
            ),
            "Give PyJWT the name of this service",
        ),
    ),
    "11-answer-for": (
        Wrong(
            "statuses as texts",
            ANSWER.replace("401,", '"401",').replace("503,", '"503",').replace("500,", '"500",'),
            "Your function returned the status as a text",
        ),
        Wrong(
            "a status with its phrase",
            ANSWER.replace("401,", '"401 Unauthorized",'),
            "Your function returned the status as a text",
        ),
        Wrong(
            "one status as a text",
            ANSWER.replace("503,", '"503",'),
            "Your function returned the status as a text",
        ),
        Wrong(
            "challenge first",
            """
def answer_for(error):
    if error is None:
        return "Bearer", 401
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 'Bearer error="invalid_token"', 401
    return None, 503 if isinstance(error, ConnectionError) else 500
""",
            "The two values are in the other order",
        ),
    ),
    "11-principal": (
        Wrong(
            "keeps one user for each issuer",
            "known = {}\n"
            + but_with(
                PRINCIPAL,
                "return issuer, subject",
                "return known.setdefault(issuer, (issuer, subject))",
            ),
            "has A in it, which is of an earlier call",
        ),
        Wrong(
            "the kind is a text",
            but_with(PRINCIPAL, 'claims.get(kind) != "access"', 'claims.get(kind, "").strip() != "access"'),
            "Compare the whole value",
        ),
        Wrong(
            "the kind may stand in a list",
            but_with(
                PRINCIPAL,
                'claims.get(kind) != "access"',
                'claims.get(kind) not in ("access", ["access"])',
            ),
            "`type` is not the text `access`",
        ),
        Wrong(
            "an issuer with spaces",
            but_with(PRINCIPAL, 'claims.get("iss")', 'claims.get("iss", "").strip()'),
            "the name of no known issuer",
        ),
        Wrong(
            "an issuer is a text",
            but_with(
                PRINCIPAL,
                "if not isinstance(issuer, str) or issuer not in DIALECTS",
                'if issuer is not None and not issuer[:5] == "https" or issuer not in DIALECTS',
            ),
            "a claim may be missing or of any type",
        ),
    ),
}  # fmt: skip
