"""The server after each step of the course. Each runs under gunicorn as `jwt_demo.stages.NAME:app`, or with `jwt-demo serve NAME`.

They are the heart of the course; read them in this order. What several of them share stands in `parts/`.
"""

from __future__ import annotations

from typing import NamedTuple


class Stage(NamedTuple):
    """A server of the course: its module here, the step that builds it, and what it is."""

    name: str
    step: int
    what: str


STAGES = (
    Stage("article", 2, "the server of the 2016 article, as it behaved then"),
    Stage("login", 2, "credentials in, token out"),
    Stage("middleware", 3, "a middleware verifies the token and finds the user"),
    Stage("decorator", 4, "handlers that require a user, or a user with a scope"),
    Stage("logout", 7, "refresh tokens that rotate, and a store of revoked tokens"),
    Stage(
        "naive_cookies", 8, "the token where scripts read it, as many tutorials do; to be attacked"
    ),
    Stage("cookies", 8, "a token in a header or in a cookie, safe from XSS and CSRF"),
    Stage("keys", 9, "a private key signs; the public keys are at /.well-known/jwks.json"),
    Stage("resource", 9, "a service that has only the address of the issuer's public keys"),
    Stage("complete", 12, "all of it: the server to start your own from"),
)
