"""08: a cookie with every protection; quizzes on the two dangers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http.cookies import Morsel, SimpleCookie
from typing import Any

from aiohttp import web

from ..matchers import returned
from ..model import Case, Condition, Exercise, Mistake, Quiz, Trial, Want
from ..symbols import (
    Symbol,
    Symbols,
    given,
)

SETTINGS = """
def cookie_settings(lifetime):
    return {"max_age": lifetime, "path": "/", "secure": True, "httponly": True, "samesite": "Lax"}
"""
LIFETIME = Symbol("lifetime", lambda bench: 100 + secrets.randbelow(3_000))
SHORT = Symbol("short", lambda bench: 11 + secrets.randbelow(40))
WEEKS = Symbol("weeks", lambda bench: 2_000_000 + secrets.randbelow(500_000))
LONG = Symbol("long", lambda bench: 5_000 + secrets.randbelow(80_000))
KEYWORDS = ("max_age", "path", "secure", "httponly", "samesite", "domain", "expires", "partitioned")


def cookie(trial: Trial) -> Morsel[str]:
    """The cookie that aiohttp makes of these settings, as a browser would read it."""
    response = web.Response()
    response.set_cookie(NAME, "a token", **trial.value)
    jar: SimpleCookie = SimpleCookie()
    jar.load(response.cookies[NAME].OutputString())
    return jar[NAME]


NAME = "__Host-token"


def attribute(name: str, *values: str, means: str) -> Want:
    """An attribute of the cookie has one of these values, in any case of letters."""
    wanted = " or ".join(values) or "none"
    return Want(
        f"{name}: {wanted}",
        lambda trial: str(cookie(trial)[name.lower()]).lower() in values,
        lambda trial: shown(trial, name),
        means,
    )


def flag(name: str, means: str) -> Want:
    return Want(
        name, lambda trial: cookie(trial)[name.lower()], lambda trial: shown(trial, name), means
    )


def shown(trial: Trial, name: str) -> str:
    """The settings that came back; where they say nothing of this attribute, that it is not there."""
    return f"{trial.value!r}" if settings(trial) else f"no {name}, in {trial.value!r}"


def settings(trial: Trial) -> Mapping[str, Any]:
    return trial.value if isinstance(trial.value, Mapping) else {}


def unknown_keyword(trial: Trial) -> bool:
    return any(name not in KEYWORDS for name in settings(trial))


def ends_with_the_token(trial: Trial) -> bool:
    return str(cookie(trial)["max-age"]) == str(trial.args[0])


def of_earlier_call(trial: Trial) -> bool:
    """Whether the cookie has the lifetime that an earlier call was given."""
    lifetimes = {str(each.args[0]) for each in trial.earlier} - {str(trial.args[0])}
    return str(cookie(trial)["max-age"]) in lifetimes


def asks_how_long(holds: Condition) -> Condition:
    return lambda trial: trial.sent.endswith("how long") and holds(trial)


def only_expires(trial: Trial) -> bool:
    return bool(cookie(trial)["expires"]) and not cookie(trial)["max-age"]


def tried(what: str, *wants: Want, means: str, lifetime: Symbol = LIFETIME) -> Case:
    return Case(f"cookie_settings({lifetime}): {what}", given(lifetime), wants, means)


NO_MAPPING = "Return a dict: names of keyword arguments, and their values."
KEPT_LIFETIME = "This is the lifetime of an earlier call: your function keeps it. Use the `lifetime` that each call brings."
EXPIRES = "`expires` is a moment, and the browser compares it with a clock that may be wrong. Say how long the cookie lives: `max_age`, the number of seconds."
SPELT = "The settings are keyword arguments of Python, and one of these is not among them. The keywords are: max_age, path, secure, httponly, samesite."

COOKIE_SETTINGS = Exercise(
    name="08-cookie-settings",
    function="cookie_settings",
    idea="Set the cookie so that no script can read it, that it is sent over TLS only, that it belongs to one host, and that it expires with the token.",
    stub="""
def cookie_settings(lifetime):
    # keyword arguments for response.set_cookie("__Host-token", token, ...), as a dict
    ...
""",
    solution=SETTINGS,
    bench=Symbols.make,
    hints=(
        "Go through the table of the lesson. With which attribute does the browser not show the cookie to a script? With which attributes does it not send the cookie without TLS, or with a form of another site?",
        "Five keywords: `max_age`, `path`, `secure`, `httponly`, `samesite`. With `__Host-` in the name, the cookie must have no domain, the path `/`, and `secure`.",
        '`{"max_age": lifetime, "path": "/", "secure": True, "httponly": True, "samesite": "Lax"}`',
    ),
    mistakes=(
        Mistake(returned(lambda value: not isinstance(value, Mapping)), NO_MAPPING),
        Mistake(unknown_keyword, SPELT),
        Mistake(asks_how_long(of_earlier_call), KEPT_LIFETIME),
        Mistake(asks_how_long(only_expires), EXPIRES),
    ),
    cases=(
        tried(
            "can it be set",
            Want(
                "keyword arguments that `set_cookie` takes",
                lambda trial: cookie(trial).value,
            ),
            means="aiohttp could not make a cookie of these settings. `max_age` is a number, `path` and `samesite` are texts, `secure` and `httponly` are True or False.",
        ),
        tried(
            "who can read it",
            flag(
                "HttpOnly",
                "Any script on the page can read this cookie, an attacker's too. Set `httponly`.",
            ),
            means="A cookie with a token is HttpOnly.",
        ),
        tried(
            "where it is sent",
            flag(
                "Secure",
                "Browsers ignore a cookie whose name begins with `__Host-`, if it is not `Secure`. Set `secure`.",
            ),
            attribute(
                "Path",
                "/",
                means="`__Host-` requires the path `/`: a cookie for all paths of this host.",
            ),
            attribute(
                "Domain",
                "",
                means="Browsers ignore a cookie whose name begins with `__Host-`, if it has a `Domain`: the cookie is for this host alone. Leave the domain out.",
            ),
            means="It is sent over TLS, to this host, for all its paths.",
        ),
        tried(
            "on whose request",
            attribute(
                "SameSite",
                "lax",
                "strict",
                means="Without `samesite` as Lax or Strict, other sites can send the cookie along with a form.",
            ),
            means="SameSite is Lax or Strict.",
        ),
        *(
            tried(
                "how long",
                Want(
                    f"Max-Age: {lifetime}",
                    ends_with_the_token,
                    lambda trial: shown(trial, "Max-Age"),
                ),
                lifetime=lifetime,
                means="The cookie ends with the token, after as many seconds as the function was given. "
                "Otherwise the browser continues to send an expired token, or deletes a good one.",
            )
            for lifetime in (LIFETIME, LONG, SHORT, WEEKS)
        ),
    ),
    learnt="Each attribute stops one thing. None of them stops a script that already runs on your page.",
)

EXERCISES = (COOKIE_SETTINGS,)
QUIZZES = (
    Quiz(
        "which-danger",
        "A page keeps its token in `localStorage`, and its script puts it into a header. Which of the two attacks does that prevent?",
        {"a": "XSS", "b": "CSRF", "c": "both"},
        right="b",
        because="No other page can make a browser send that header. But every script on our own page can read the token and send it elsewhere.",
        reasons={
            "a": "A script on the page can read localStorage, and the token works from any other machine.",
            "c": "Only one: any script on our page can read what is in localStorage.",
        },
    ),
    Quiz(
        "http-only",
        "The token is in an HttpOnly cookie. A script of an attacker runs on our page. What can it do?",
        {
            "a": "nothing",
            "b": "send the token to the attacker",
            "c": "act as the user while the page is open",
        },
        right="c",
        because="It can send requests as our own page does, and the browser adds the cookie. It cannot read the token.",
        reasons={
            "a": "For the browser and the server it is our page, so its requests carry the cookie.",
            "b": "With HttpOnly no script can read the value, so it has nothing to send.",
        },
    ),
)
