"""08: does the server accept this request?"""

from __future__ import annotations

import secrets
from typing import Any

from ..matchers import raised, returned
from ..model import Case, Exercise, Mistake
from ..symbols import (
    Symbol,
    Symbols,
    given,
    gives_back,
    longer,
    near,
    other_case,
    preceded,
    shorter,
    text,
)

MAY = """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and origin != own_origin:
        return False
    if not by_cookie:
        return True
    if origin is None or not sent:
        return False
    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), fitting.encode())
"""
HOST = Symbol("HOST", lambda bench: f"shop-{secrets.token_hex(3)}.example")
OURS = near("OURS", HOST, lambda host: f"https://{host}")
THEIRS = Symbol("THEIRS", lambda bench: f"https://{secrets.token_hex(6)}.example")
P, Q = text("P"), text("Q")


def decides(
    wanted: bool,
    means: str,
    *mistakes: Mistake,
    method: Any = "POST",
    origin: Any = OURS,
    by_cookie: bool = True,
    sent: Any = P,
    fitting: Any = P,
) -> Case:
    """Our own page with the cookie and its proof, with these things changed."""
    return Case(
        f"may_change({method!r}, {origin!r}, OURS, {by_cookie}, {sent!r}, {fitting!r})",
        given(method, origin, OURS, by_cookie, sent, fitting),
        (gives_back(wanted),),
        means,
        mistakes=mistakes,
    )


WHOLE = "It is another origin: compare the whole text."
NEARLY_OURS = (
    (near("OURS + '.evil.example'", OURS, "{}.evil.example".format), f"This origin begins with ours. {WHOLE}"),
    (near("'https://not-' + HOST", HOST, "https://not-{}".format), f"This origin ends like ours. {WHOLE}"),
    (near("'https://evil.example?' + OURS", OURS, "https://evil.example?{}".format), f"This text has our origin in it. {WHOLE}"),
    (near("OURS[:-1]", OURS, lambda ours: ours[:-1]), f"This is a part of our origin only. {WHOLE}"),
    (near("OURS + '/'", OURS, "{}/".format), "This is our origin with a slash behind it. A browser does not send this slash. Compare the whole text."),
    (near("OURS + ':8443'", OURS, "{}:8443".format), "The port is a part of an origin: this is another one, on our host."),
    (near("'http://' + HOST", HOST, "http://{}".format), "The scheme is a part of an origin: without TLS, an attacker on the network can write this page."),
    (near("HOST", HOST, str), "This is our host without the scheme, and no origin."),
)  # fmt: skip
CASE_OF_METHODS = "The names of methods are case-sensitive (RFC 9110 §9.1). This is another method than the one in capital letters, so it may change something."
SAFE = "This method changes nothing, so it is accepted, whatever its Origin and its proof."
WHICH_METHODS = "Only GET, HEAD and OPTIONS change nothing here. Any other method may change something, also one that you do not know."
NO_PROOF = "No proof was sent, and the session has none. That is no proof: reject the request."
FIRST = near("P[0]", P, lambda proof: proof[0])
SPACE = near("P + ' '", P, lambda proof: proof + " ")
ACCENT = near(
    "P + '\u00e9'", P, "{}\u00e9".format
)  # aiohttp gives a header as text, and a stranger wrote it
NO_UTF8 = near("P + '\\udcff'", P, "{}\udcff".format)
ONLY_NO_UTF8 = near("'\\udcff'", P, lambda proof: "\udcff")
LAST = near("P[:-1] + '?'", P, lambda proof: proof[:-1] + "?")
WRONG_PROOF = "This is not the proof of this session. Compare all of it."

MAY_CHANGE = Exercise(
    name="08-may-change",
    function="may_change",
    idea="A page on another port or host of our site can make a browser send a request with our cookie. So a request with a cookie needs our Origin and the proof.",
    stub="""
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    # sent: the proof in the header, "" without one
    # fitting: the proof that belongs to this session
    ...
""",
    given="import hmac\n",
    solution=MAY,
    bench=Symbols.make,
    hints=(
        "Ask in this order: can this method change anything? Did a page that is not ours cause the request? Did the browser add the token by itself?",
        "GET, HEAD and OPTIONS are accepted. A foreign `Origin` (of another server) is always rejected. A Bearer header needs no proof. A cookie needs our `Origin` and the right proof.",
        'First `method in ("GET", "HEAD", "OPTIONS")` is True. Then `origin is not None and origin != own_origin` is False. Then `not by_cookie` is True. '
        "What is left is a cookie: `origin == own_origin and sent != '' and sent == fitting`.",
    ),
    mistakes=(
        Mistake(
            returned(lambda value: not isinstance(value, bool)),
            "The answer is `True` or `False`, and nothing else.",
        ),
        Mistake(
            lambda trial: raised(TypeError)(trial) and "comparing strings" in str(trial.error),
            'An attacker can send any letters, and `hmac.compare_digest` takes text only where it is ASCII. Compare bytes: `.encode("utf-8", "surrogatepass")` both.',
        ),
        Mistake(
            raised(UnicodeEncodeError),
            'A byte that is not UTF-8 arrives as a character that `.encode()` cannot write. Use `.encode("utf-8", "surrogatepass")`, as the lesson does.',
        ),
    ),
    cases=(
        decides(True, "Our own page, with the cookie and the proof."),
        decides(True, "A GET changes nothing, so it needs no proof.", method="GET", sent=""),
        decides(
            False,
            "A form on a page that is not ours: its Origin is another one.",
            origin=THEIRS,
            sent="",
        ),
        decides(False, "The cookie came alone, without a proof.", sent=""),
        decides(False, "The proof is that of another session.", sent=Q),
        decides(
            False,
            "Another Origin, with a proof that fits: a foreign Origin is always rejected.",
            origin=THEIRS,
        ),
        decides(
            False,
            "A cookie without an Origin: an old browser, or somebody who removed it. Nothing shows which page made the request: reject it.",
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
            True,
            "Script of our own page with a Bearer header: it needs no proof beside it.",
            by_cookie=False,
            sent="",
        ),
        decides(
            False,
            "A script on a page that is not ours, with a token of its own: its Origin is another one.",
            origin=THEIRS,
            by_cookie=False,
            sent="",
        ),
        *(
            decides(True, WHICH_METHODS, method=method, sent="", origin=None)
            for method in ("HEAD", "OPTIONS")
        ),
        *(
            decides(False, WHICH_METHODS, method=method, sent="")
            for method in (
                "PUT",
                "PATCH",
                "DELETE",
                "TRACE",
                "CONNECT",
                "MOVE",
                "GETS",
                "OPTION",
                "ET",
            )
        ),
        *(
            decides(False, means, origin=origin, by_cookie=by_cookie)
            for origin, means in NEARLY_OURS
            for by_cookie in (True, False)
        ),
        *(
            decides(
                False,
                "`null` is what a browser sends for a page without an origin. It is not ours.",
                origin="null",
                by_cookie=by_cookie,
            )
            for by_cookie in (True, False)
        ),
        decides(False, NO_PROOF, sent="", fitting=""),
        *(
            decides(False, WRONG_PROOF, sent=proof)
            for proof in (
                shorter(P),
                longer(P),
                preceded(P),
                other_case(P),
                FIRST,
                SPACE,
                LAST,
                ACCENT,
                NO_UTF8,
                ONLY_NO_UTF8,
                "\u00e9",
            )
        ),
        *(
            decides(False, CASE_OF_METHODS, method=method, origin=THEIRS, sent="")
            for method in ("get", "Get", "head", "Options")
        ),
        *(
            decides(True, SAFE, method=method, origin=origin, by_cookie=by_cookie, sent=sent)
            for method in ("GET", "HEAD", "OPTIONS")
            for origin in (OURS, THEIRS, None, "null")
            for by_cookie, sent in ((True, Q), (True, NO_UTF8), (False, ""))
        ),
        *(
            decides(
                True,
                "The token came in a header, so no proof is needed, and a wrong one does not matter.",
                origin=origin,
                by_cookie=False,
                sent=sent,
            )
            for origin in (OURS, None)
            for sent in (Q, shorter(P), NO_UTF8)
        ),
        *(
            case
            for method in ("PUT", "PATCH", "DELETE", "MOVE")
            for case in (
                decides(
                    True,
                    "Our own page, with the cookie and the proof: any method is accepted.",
                    method=method,
                ),
                decides(
                    True,
                    "A program with a Bearer header: any method is accepted.",
                    method=method,
                    origin=None,
                    by_cookie=False,
                    sent="",
                ),
                *(
                    decides(
                        False,
                        "A foreign Origin is always rejected where something may change, whatever the method.",
                        method=method,
                        origin=THEIRS,
                        by_cookie=by_cookie,
                    )
                    for by_cookie in (True, False)
                ),
                decides(
                    False,
                    "A cookie without an Origin is rejected where something may change, whatever the method.",
                    method=method,
                    origin=None,
                ),
                decides(
                    False,
                    "The proof is that of another session, and this method may change something.",
                    method=method,
                    sent=Q,
                ),
            )
        ),
    ),
    learnt="The cookie says whose session it is. Origin and proof show that our own page made the request.",
)


EXERCISES = (MAY_CHANGE,)
