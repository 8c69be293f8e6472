"""Right and wrong answers to the exercises of `step_11`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_11 import ANSWER
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "11-answer-for": (
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
}

WRONG = {
    "11-answer-for": (
        Wrong(
            "422 for some",
            but_with(
                ANSWER,
                " (",
                " jwt.DecodeError):\n        return 422, None\n    if isinstance(error, (",
            ),
            "A client that knows the standard fetches a new",
        ),
        Wrong(
            "the library's words",
            but_with(
                ANSWER,
                "', error=\"invalid_token\"'",
                'f\', error="invalid_token", error_description="{error}"\'',
            ),
            "The response contains the error's own text, or its",
        ),
        Wrong(
            "an error code where nothing was wrong",
            but_with(ANSWER, " bare\n", " bare + ', error=\"invalid_token\"'\n"),
            "No token was sent, so none was wrong: 401 and",
        ),
        Wrong(
            "a user who is gone",
            but_with(ANSWER, "(jwt.PyJWTError, LookupError)", "jwt.PyJWTError"),
            "The user does not exist any more, so the token is bad",
        ),
        Wrong(
            "every accident is a bad token",
            but_with(ANSWER, "500, None", "401, bare + ', error=\"invalid_token\"'"),
            "none of the errors that the task names, so the fault is in the",
        ),
        Wrong(
            "let them log in again",
            but_with(ANSWER, "503, None", "401, bare + ', error=\"invalid_token\"'"),
            "The token may be good, but nobody can check it now",
        ),
        Wrong(
            "tells too much: bad = bare + ', error=\"invalid_token\"'",
            """
def answer_for(error):
    bare = 'Bearer realm="api"'
    bad = bare + ', error="invalid_token"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bad + f', error_description="{type(error).__name__}"'
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
""",
            "The response contains the error's own text, or its",
        ),
        Wrong(
            "tells too much: bad = bare + ', error=\"invalid_token\"''",
            """
def answer_for(error):
    bare = 'Bearer realm="api"'
    bad = bare + ', error="invalid_token"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bad + (
            ', error_description="expired"' if isinstance(error, jwt.ExpiredSignatureError) else ""
        )
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
""",
            "This response differs from the one that an expired",
        ),
        Wrong(
            "tells too much: bad = bare + ', error=\"invalid_token\"'''",
            """
def answer_for(error):
    bare = 'Bearer realm="api"'
    bad = bare + ', error="invalid_token"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bad + (
            ', error_description="no such user"'
            if isinstance(error, LookupError)
            else ', error_description="bad token"'
        )
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
""",
            "This response differs from the one that an expired",
        ),
        Wrong(
            "tells too much: bad = bare + ', error=\"invalid_token\"''''",
            """
def answer_for(error):
    bare = 'Bearer realm="api"'
    bad = bare + ', error="invalid_token"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bad + f', error_description="{str(error).upper()}"'
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
""",
            "The response contains the error's own text, or its",
        ),
        Wrong(
            "tells too much: bad = bare + ', error=\"invalid_token\"'''''",
            """
def answer_for(error):
    bare = 'Bearer realm="api"'
    bad = bare + ', error="invalid_token"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bad + f', error_description="{error.args[0][:8]}"'
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
""",
            "The response contains the error's own text, or its",
        ),
        Wrong(
            "tells too much: bad = bare + ', error=\"invalid_token\"''''''",
            """
def answer_for(error):
    bare = 'Bearer realm="api"'
    bad = bare + ', error="invalid_token"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bad + (
            f', error_description="{error}"'
            if not isinstance(
                error,
                (jwt.ExpiredSignatureError, jwt.DecodeError, jwt.InvalidAudienceError, KeyError),
            )
            else ""
        )
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
""",
            "The response contains the error's own text, or its",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"'",
            but_with(
                ANSWER,
                "PyJWTError",
                "ExpiredSignatureError, jwt.DecodeError, jwt.InvalidAudienceError",
            ),
            "This is a subclass of `jwt.PyJWTError`, as all",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"''",
            but_with(ANSWER, "PyJWTError", "InvalidTokenError"),
            "This is a subclass of `jwt.PyJWTError`, as all",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"'''",
            but_with(ANSWER, "LookupError", "KeyError"),
            "The user does not exist any more, so the token is bad",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"''''",
            but_with(ANSWER, "ConnectionError", "ConnectionRefusedError"),
            "The token may be good, but nobody can check it now",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"'''''",
            but_with(ANSWER, "ConnectionError", "OSError"),
            "none of the errors that the task names, so the fault is in the",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"''''''",
            but_with(ANSWER, "LookupError", "LookupError, ValueError"),
            "none of the errors that the task names, so the fault is in the",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"'''''''",
            but_with(ANSWER, "LookupError", "LookupError, TypeError"),
            "none of the errors that the task names, so the fault is in the",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"''''''''",
            but_with(
                ANSWER,
                "500, None",
                "500 if isinstance(error, ZeroDivisionError) else 401, None if isinstance(error, ZeroDivisionError) else bad",
            ),
            "Python knows no such name in this notebook:",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"'''''''''",
            but_with(
                ANSWER,
                "isinstance(error, (jwt.PyJWTError, LookupError)",
                "type(error) in (jwt.ExpiredSignatureError, jwt.DecodeError, jwt.InvalidAudienceError, KeyError",
            ),
            "This is a subclass of `jwt.PyJWTError`, as all",
        ),
        Wrong(
            "not all thought of: bad = bare + ', error=\"invalid_token\"''''''''''",
            but_with(
                ANSWER,
                "isinstance(error, (jwt.PyJWTError, LookupError)",
                "type(error).__module__.startswith('jwt') or isinstance(error, LookupError",
            ),
            "This is a subclass of `jwt.PyJWTError`, as all",
        ),
    ),
}

EQUIVALENT = {
    "11-answer-for": {
        "error is None → not error": "an error is always true",
        "'Bearer' → 'BEARER'": "a scheme has no case of letters",
        "'Bearer' → 'bearer'": "a scheme has no case of letters",
    },
}
