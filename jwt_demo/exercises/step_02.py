"""Quizzes of 02_login."""

from __future__ import annotations

from .model import Quiz

QUIZZES = (
    Quiz(
        "encoded",
        "Somebody reads a token on its way. They do not have the key. What can they do?",
        {"a": "nothing: the token is encrypted", "b": "read every claim in it, and change none unnoticed", "c": "read the claims and change them"},
        right="b",
        because="base64url is an alphabet, not a lock: anyone can read the claims. The signature only notices changes. So no secret goes into a token.",
        reasons={
            "a": "Nothing is encrypted here: the first two parts are JSON in another alphabet, and the next cell reads them without any key.",
            "c": "They can read the claims, and write other ones. The signature no longer fits those, and without the key no new one can be made.",
        },
    ),
    Quiz(
        "decode-2016",
        "The article ends its handler with `jwt_token.decode('utf-8')`. Today's PyJWT gives back a str. What does the client see?",
        {"a": "200 and a token: Python converts it", "b": "400: the request was wrong", "c": "500: the handler raised"},
        right="c",
        because="A str has no `decode`, so the handler raises AttributeError. The client did nothing wrong, and 500 says so: our fault.",
        reasons={
            "a": "Python converts nothing by itself here: a str has no method `decode`.",
            "b": "400 says that the client made a mistake. Nobody chose that status: the handler never came as far as answering.",
        },
    ),
)
