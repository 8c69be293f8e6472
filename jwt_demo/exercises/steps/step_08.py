"""08: a cookie with all its locks, and a decision about requests that change something; quizzes on the two dangers."""

from __future__ import annotations

from typing import Any

from ..matchers import gives, returned, returns
from ..model import Call, Case, Exercise, Mistake, Quiz, Want, Wrong, but_with

# --- a cookie with all its locks -------------------------------------------------------------------------------------

SETTINGS = """
def cookie_settings(lifetime):
    return {"max_age": lifetime, "path": "/", "secure": True, "httponly": True, "samesite": "Lax"}
"""


def setting(name: str, *values: Any, means: str) -> Want:
    """One keyword of the cookie has one of these values; `samesite` in any case of letters."""

    def holds(value: Any) -> bool:
        found = value.get(name) if isinstance(value, dict) else None
        return found in values or (isinstance(found, str) and found.lower() in values)

    return gives(f"{name} = {' or '.join(map(repr, values))}", holds, means)


COOKIE_SETTINGS = Exercise(
    name="08-cookie-settings",
    function="cookie_settings",
    idea="A cookie that holds a token is read by no script, travels over TLS only, stays with its host, and ends with the token.",
    stub="""
def cookie_settings(lifetime):
    # keyword arguments for response.set_cookie("__Host-token", token, ...), as a dict
    ...
""",
    solution=SETTINGS,
    also_right=(
        """
def cookie_settings(lifetime):
    settings = dict.fromkeys(("secure", "httponly"), True)
    settings.update(samesite="strict", max_age=int(lifetime), path="/")
    return settings
""",
    ),
    wrong=(
        Wrong(
            "script reads it",
            but_with(SETTINGS, '"httponly": True', '"httponly": False'),
            "Script can read it",
        ),
        Wrong(
            "HttpOnly forgotten", but_with(SETTINGS, ', "httponly": True', ""), "Script can read it"
        ),
        Wrong(
            "without TLS", but_with(SETTINGS, ' "secure": True,', ""), "`__Host-` without `Secure`"
        ),
        Wrong("SameSite none", but_with(SETTINGS, '"Lax"', '"None"'), "with a form"),
        Wrong(
            "for all hosts",
            but_with(SETTINGS, '"path": "/"', '"path": "/", "domain": "example.com"'),
            "this host alone",
        ),
        Wrong("lives on", but_with(SETTINGS, '"max_age": lifetime, ', ""), "ends with the token"),
        Wrong("one path", but_with(SETTINGS, '"path": "/"', '"path": "/session"'), "all paths"),
    ),
    hints=(
        "Go through the table of the lesson: what stops reading, what stops travelling in the open, what stops forms from elsewhere?",
        "Five keywords: max_age, path, secure, httponly, samesite. `__Host-` forbids a domain and wants path `/` and secure.",
        'return {"max_age": lifetime, "path": "/", "secure": …, "httponly": …, "samesite": …}',
    ),
    cases=(
        Case(
            "cookie_settings(300): who reads it",
            Call(300),
            (
                setting(
                    "httponly",
                    True,
                    means="Script can read it, and with it whatever runs on the page.",
                ),
            ),
            "It wants a dict of keyword arguments.",
        ),
        Case(
            "cookie_settings(300): where it travels",
            Call(300),
            (
                setting(
                    "secure", True, means="Browsers drop a cookie named `__Host-` without `Secure`."
                ),
                setting(
                    "path",
                    "/",
                    means="`__Host-` wants the path `/`: a cookie for all paths of this host.",
                ),
                gives(
                    "no domain",
                    lambda value: not value.get("domain"),
                    "`__Host-` is for this host alone; a domain would hand it to every host below.",
                ),
            ),
            "It goes over TLS, to this host, for all its paths.",
        ),
        Case(
            "cookie_settings(300): who sends it",
            Call(300),
            (
                setting(
                    "samesite", "lax", "strict", means="Other sites can send it along with a form."
                ),
            ),
            "SameSite is Lax or Strict.",
        ),
        Case(
            "cookie_settings(300): how long",
            Call(300),
            (
                setting(
                    "max_age",
                    300,
                    means="The cookie ends with the token, or the browser goes on sending a dead one.",
                ),
            ),
            "It ends when the token ends.",
        ),
    ),
    learnt="Each attribute stops one thing. None of them stops script that already runs on your page.",
)

# --- may this request change something? ------------------------------------------------------------------------------

MAY = """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and origin != own_origin:
        return False
    if not by_cookie:
        return True
    return origin == own_origin and bool(sent) and hmac.compare_digest(sent, fitting)
"""
OURS, THEIRS = "https://shop.example", "https://evil.example"


def decides(
    wanted: bool,
    means: str,
    *,
    method: str = "POST",
    origin: str | None = OURS,
    by_cookie: bool = True,
    sent: str = "p1",
    fitting: str = "p1",
) -> Case:
    mistakes = (
        Mistake(
            returned(lambda value: value is not None and not isinstance(value, bool)),
            "Yes or no: True or False.",
        ),
    )
    return Case(
        f"may_change({method!r}, {origin!r}, {OURS!r}, {by_cookie}, {sent!r}, {fitting!r})",
        Call(method, origin, OURS, by_cookie, sent, fitting),
        (returns(wanted),),
        means,
        mistakes=mistakes,
    )


MAY_CHANGE = Exercise(
    name="08-may-change",
    function="may_change",
    idea="A request that comes with a cookie alone may be somebody else's idea: it needs our Origin and a second proof.",
    stub="""
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    # sent: the proof in the header, "" without one; fitting: the one that belongs to this session
    ...
""",
    given="import hmac\n",
    solution=MAY,
    also_right=(
        """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    safe = method in {"GET", "HEAD", "OPTIONS"}
    if safe or (not by_cookie and origin in (None, own_origin)):
        return True
    return by_cookie and origin == own_origin and sent != "" and sent == fitting
""",
    ),
    wrong=(
        Wrong("yes", "def may_change(*_):\n    return True\n", "another site"),
        Wrong(
            "reading needs a proof",
            but_with(MAY, '("GET", "HEAD", "OPTIONS")', "()"),
            "changes nothing",
        ),
        Wrong(
            "begins alike",
            but_with(MAY, "origin != own_origin", "not origin.startswith(own_origin)").replace(
                "origin == own_origin and", "origin is not None and"
            ),
            "begins with",
        ),
        Wrong(
            "no Origin is fine", but_with(MAY, "origin == own_origin and ", ""), "without an Origin"
        ),
        Wrong(
            "proof not compared",
            but_with(MAY, "bool(sent) and hmac.compare_digest(sent, fitting)", "bool(sent)"),
            "another session",
        ),
        Wrong(
            "proof forgotten",
            but_with(MAY, " and bool(sent) and hmac.compare_digest(sent, fitting)", ""),
            "came alone",
        ),
        Wrong(
            "programs shut out",
            but_with(MAY, "    if not by_cookie:\n        return True\n", ""),
            "no page can make a browser send",
        ),
    ),
    hints=(
        "Ask in this order: does it change anything? Does it come from somewhere else? Did the browser add the proof by itself?",
        "Safe methods pass. A foreign Origin never does. A Bearer header passes without a proof. A cookie needs our Origin *and* the fitting proof.",
        "if safe: True; if origin is not None and origin != own_origin: False; if not by_cookie: True; else our Origin, a proof, and the right one.",
    ),
    cases=(
        decides(True, "Our own page, with the cookie and the proof."),
        decides(True, "A GET changes nothing, so it needs no proof.", method="GET", sent=""),
        decides(False, "The form of another site: its Origin is not ours.", origin=THEIRS, sent=""),
        decides(False, "The cookie came alone, without a proof.", sent=""),
        decides(False, "The proof is of another session.", sent="p2"),
        decides(
            False,
            "This Origin only begins with ours; it is another site.",
            origin=OURS + ".evil.example",
        ),
        decides(
            False,
            "A cookie without an Origin: an old browser, or somebody who took it away. Nobody knows whose idea it was.",
            origin=None,
        ),
        decides(
            True,
            "A program with a Bearer header: no page can make a browser send that.",
            origin=None,
            by_cookie=False,
            sent="",
        ),
        decides(
            False,
            "A script of another site with a token of its own; its Origin is not ours.",
            origin=THEIRS,
            by_cookie=False,
            sent="",
        ),
    ),
    learnt="Who is asking was never the question here. Whose idea it was is.",
)

EXERCISES = (COOKIE_SETTINGS, MAY_CHANGE)

QUIZZES = (
    Quiz(
        "which-danger",
        "A token lies in `localStorage`, and script puts it into a header. Which of the two attacks does that stop?",
        {"a": "XSS", "b": "CSRF", "c": "both"},
        right="b",
        because="No other page can make a browser send that header. But every script on our own page can read the token and carry it away.",
        reasons={
            "a": "Script on the page reads localStorage as easily as a variable, and the token is good anywhere.",
            "c": "Only one: script on our page, whoever wrote it, can read what lies in localStorage.",
        },
    ),
    Quiz(
        "http-only",
        "The token is in an HttpOnly cookie. Script of an attacker runs on our page. What can it do?",
        {
            "a": "nothing",
            "b": "send the token to the attacker",
            "c": "act as the user while the page is open",
        },
        right="c",
        because="It can send requests as our own page does, and the browser adds the cookie. It cannot take the token home.",
        reasons={
            "a": "It is our page, as far as browser and server can see: its requests carry the cookie.",
            "b": "HttpOnly keeps the value from script; there is nothing to send.",
        },
    ),
)
