"""The figures of the course, drawn here because they must follow the page's theme and be readable as text."""

from __future__ import annotations

import re

from .blocks import Arrow, Box, Diagram, Flow, Link, Picture


def figure(name: str) -> Figure:
    """A figure of the course by its name.

    >>> print(figure("03-middleware"))
    client · middleware · handler
    <BLANKLINE>
    client → middleware: Authorization: Bearer …
      middleware: token → user
      middleware → handler: request, with its user
      middleware ← handler: 200
    client ← middleware: 200
    <BLANKLINE>
    client → middleware: a bad token
    client ← middleware: 401
    """
    if name not in FIGURES:
        raise ValueError(f"There is no figure {name!r}. There are {', '.join(FIGURES)}.")
    return Figure(name)


class Figure:
    """A picture that shows itself."""

    def __init__(self, name: str):
        self.name = name

    def picture(self) -> Picture:
        drawing = FIGURES[self.name]
        return Picture("Figure", [sequence(drawing) if isinstance(drawing, str) else drawing])

    def __repr__(self) -> str:
        from .text import as_text

        return as_text(self.picture())

    def _repr_html_(self) -> str:
        from .html import as_html

        return as_html(self.picture())


def sequence(text: str) -> Diagram:
    """A sequence diagram from lines `a -> b: text`, `a <- b: text` and notes `a: text`; a blank line begins another exchange.

    The lanes stand in the order in which they appear; a first line `a · b · c` gives another one.

    >>> sequence("client -> server: GET /").exchanges
    [[Arrow(start=0, end=1, text='GET /', odd=False)]]
    """
    lanes: list[str] = []
    exchanges: list[list[Arrow]] = [[]]
    for line in text.strip().splitlines():
        if not line.strip():
            exchanges.append([])
            continue
        match = LINE.fullmatch(line.strip())
        if match is None and " · " in line and not lanes:
            lanes = line.strip().split(" · ")
            continue
        if match is None:
            raise ValueError(f"Not a line of a sequence diagram: {line!r}")
        names = [name for name in (match["left"], match["right"]) if name]
        lanes += [name for name in names if name not in lanes]
        left, right = lanes.index(names[0]), lanes.index(names[-1])
        start, end = (right, left) if match["way"] == "<-" else (left, right)
        exchanges[-1].append(Arrow(start, end, match["text"]))
    return Diagram(lanes, exchanges)


LINE = re.compile(r"(?P<left>[^:<>]+?)(?: (?P<way>->|<-) (?P<right>[^:]+))?: (?P<text>.+)")

FIGURES: dict[str, str | Flow] = {
    "00-story": """
client · middleware · login · handler
client -> login: e-mail and password, once
client <- login: a signed token
client: keeps the token

client -> middleware: GET /get-user, with the token
middleware: Is the signature ours? Is the token still valid? Which user?
middleware -> handler: the request, with its user
client <- handler: 200, the user's page

client -> middleware: a token made by an attacker
client <- middleware: 401
""",
    "01-kernel": """
your cells -> server: HTTP on 127.0.0.1
server: a thread of its own
server -> your handlers: request
server <- your handlers: response
your cells <- server: HTTP
""",
    "02-login": """
client -> server: POST /login (e-mail, password)
server: 1 read the fields
server: 2 find the user
server: 3 compare the password
client <- server: if wrong: 4 an error, without the reason
server: 5 write the claims
server: 6 sign them
client <- server: if right: 200, a token
""",
    "03-middleware": """
client -> middleware: Authorization: Bearer …
middleware: token → user
middleware -> handler: request, with its user
middleware <- handler: 200
client <- middleware: 200

client -> middleware: a bad token
client <- middleware: 401
""",
    "04-decorator": """
client -> middleware: no token
middleware -> login_required: no user
client <- login_required: 401, log in first

client -> middleware: a token without scope admin
middleware -> login_required: a user
client <- login_required: 403, not with this token

client -> middleware: a token with scope admin
middleware -> login_required: a user
login_required -> handler: the request
client <- handler: 200
""",
    "05-token": Flow(
        [
            [Box("header", "how it is signed"), Box("payload", "what is claimed")],
            [Box("signing input", "header.payload"), Box("key", "known to the server only")],
            [Box("HMAC-SHA-256")],
            [Box("token", "header.payload.signature")],
        ],
        [
            Link("header", "signing input", "base64url"),
            Link("payload", "signing input", "base64url"),
            Link("signing input", "HMAC-SHA-256"),
            Link("key", "HMAC-SHA-256"),
            Link("HMAC-SHA-256", "token", "signature"),
        ],
    ),
    "05-family": Flow(
        [
            [Box("JWT · RFC 7519", "claims")],
            [Box("JWS · RFC 7515", "three segments"), Box("JWE · RFC 7516", "five segments")],
            [Box("JWA · RFC 7518", "names of methods"), Box("JWK · RFC 7517", "a key as JSON")],
        ],
        [
            Link("JWT · RFC 7519", "JWS · RFC 7515", "signed"),
            Link("JWT · RFC 7519", "JWE · RFC 7516", "encrypted"),
            Link("JWS · RFC 7515", "JWA · RFC 7518", "alg"),
            Link("JWE · RFC 7516", "JWA · RFC 7518", "alg, enc"),
            Link("JWS · RFC 7515", "JWK · RFC 7517", "key"),
            Link("JWE · RFC 7516", "JWK · RFC 7517", "key"),
        ],
    ),
    "06-claims": Flow(
        [
            [Box("iss", "the server that issued it"), Box("iat", "the time of issue")],
            [
                Box("jti, typ, sub", "its id, its kind, its user"),
                Box("nbf", "valid from this time on"),
            ],
            [
                Box("aud", "the servers that may accept it"),
                Box("exp", "rejected from this time on"),
            ],
        ],
        [
            Link("iss", "jti, typ, sub"),
            Link("jti, typ, sub", "aud"),
            Link("iat", "nbf"),
            Link("nbf", "exp"),
        ],
    ),
    "07-pair": """
client -> server: POST /login
client <- server: access token 1, refresh token 1
client -> server: GET /get-user (access token 1)
client <- server: 200
client: five minutes later
client -> server: POST /refresh (refresh token 1)
client <- server: access token 2, refresh token 2
server: refresh token 1 is used up

client -> server: POST /refresh (refresh token 1), again
server: it was used before
client <- server: 401
""",
    "08-places": Flow(
        [
            [
                Box("localStorage", "sent by script in a header"),
                Box("a cookie", "sent by the browser"),
            ],
            [
                Box("read", "any script on the page can read the token"),
                Box(
                    "sent automatically",
                    "with every request to the server, no matter which page caused it",
                ),
            ],
            [Box("XSS", "the token is stolen"), Box("CSRF", "the token is used")],
        ],
        [
            Link("localStorage", "read"),
            Link("read", "XSS"),
            Link("a cookie", "sent automatically"),
            Link("sent automatically", "CSRF"),
        ],
    ),
    "09-shared": """
client · verifying server · issuer
client -> issuer: 1 POST /login
issuer: signs with the private key
client <- issuer: 2 token
client -> verifying server: 3 token
verifying server -> issuer: GET /.well-known/jwks.json
verifying server <- issuer: public keys
verifying server: verifies with the public key
client <- verifying server: 200
""",
    "10-verifier": Flow(
        [
            [
                Box("header", "alg, typ, kid, jwk, jku"),
                Box("claims", "sub, role, name"),
                Box("signature"),
            ],
            [Box("verifier")],
            [Box("claims you may use")],
        ],
        [
            Link("header", "verifier", "how the token is signed"),
            Link("claims", "verifier", "who the user is"),
            Link("signature", "verifier"),
            Link("verifier", "claims you may use", "verified with the server's key and algorithm"),
        ],
    ),
    "11-frameworks": Flow(
        [
            [Box("probes")],
            [
                Box("Flask", "Flask-JWT-Extended"),
                Box("Django REST framework", "simplejwt"),
                Box("FastAPI", "PyJWT"),
            ],
            [Box("one key")],
        ],
        [
            Link("probes", "Flask"),
            Link("probes", "Django REST framework"),
            Link("probes", "FastAPI"),
            Link("Flask", "one key"),
            Link("Django REST framework", "one key"),
            Link("FastAPI", "one key"),
        ],
    ),
}
