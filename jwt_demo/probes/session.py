"""The attacker's side of a run: logged in once, with a good token in hand, and a judge of every answer."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from ..tokens.anatomy import Token, TokenError
from .forge import Good, Signer, armed, signer_for
from .http_client import Answer, Request, send
from .loopback import Address
from .model import Broken, NotRun
from .www_authenticate import bearer_challenge

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NO_TOKEN = "bm90LWEtaGVhZGVy.bm90LWNsYWltcw.bm90LWEtc2lnbmF0dXJl"  # noqa: S105  # three segments of base64url, no JSON in any


@dataclass
class Session:
    """A server under probe: where it is, how to log in there, what a good token looks like."""

    address: Address
    email: str = "user@email.com"
    password: str = field(default="password", repr=False)
    secret: str | bytes | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)  # a good one, for a server that gives none
    path: str = "/get-user"
    login_path: str = "/login"
    scope_path: str = "/admin"
    scheme: str = "Bearer"
    limit: float = 5.0

    names: tuple[str, str] = ("email", "password")
    content_type: str = FORM
    usual: Answer = field(default_factory=Answer)
    no_login: str = "nobody has tried to log in yet"
    no_good: str = "nobody has logged in yet"
    no_secret: str = "the secret was not given"  # noqa: S105
    _good: Good | None = None
    _signer: Signer | None = None
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self) -> None:
        """Log in, try the token, learn how this server refuses what is no token, and see whether the secret is the right one."""
        self.usual = await self.ask(NO_TOKEN)
        issued = await self._find_login()
        if self.token or issued:
            await self._try(self.token or issued)

    async def _find_login(self) -> str | None:
        """Form or JSON, `email` or `username`: whichever this server takes first."""
        ways = [
            (names, kind)
            for names in (("email", "password"), ("username", "password"))
            for kind in (FORM, JSON)
        ]
        for way in ways:
            self.names, self.content_type = way
            if tokens := tokens_in(await self.log_in()):
                self.no_login = ""
                return tokens["token"]
        self.names, self.content_type = ways[0]
        self.no_login = self.no_good = f"no good token: {describe_login(await self.log_in())}"
        return None

    async def _try(self, text: str) -> None:
        try:
            token = Token.parse(text)
        except TokenError as error:
            self.no_good = f"what the login gave is no token that can be changed: {error.reason}"
            return
        answer = await self.ask(text)
        if not succeeded(answer):
            self.no_good = f"the good token is not accepted ({describe(answer)}), so no refusal proves anything"
            return
        self.no_good, self._good = "", Good(token)
        await self._try_secret()

    async def _try_secret(self) -> None:
        if self.secret is None:
            return
        self._signer = signer_for(self.good, self.secret)
        if self._signer is None:
            self.no_secret = "the secret given is not the one the tokens are signed with"  # noqa: S105
            return
        self._good, self.no_secret = armed(self.good, self._signer), ""

    @property
    def good(self) -> Good:
        """The good token; NotRun says why there is none."""
        if self._good is None:
            raise NotRun(self.no_good)
        return self._good

    async def renew(self, *, at_once: bool = False) -> None:
        """Log in again when the good token will not live much longer, or is dead."""
        async with self._renewing:
            exp = self.good.claims.get("exp")
            ending = isinstance(exp, int | float) and exp - time.time() < min(
                2 * self.limit, self.good.lifetime / 2
            )
            if self.token is None and (ending or at_once):
                fresh = tokens_in(await self.log_in()).get("token")
                if fresh:
                    self._good = armed(Good(Token.parse(fresh)), self._signer)

    def login_request(self, fields: dict[str, Any] | None = None, **changes: Any) -> Request:
        """A login as this server takes it; `fields` by their places (email, password) unless they are named outright."""
        if fields is None:
            fields = dict(zip(self.names, (self.email, self.password), strict=True))
        body = (
            json.dumps(fields).encode("utf-8")
            if self.content_type == JSON
            else urlencode(fields).encode("ascii")
        )
        request = Request("POST", self.login_path, (("Content-Type", self.content_type),), body)
        return replace(request, **changes)

    async def log_in(self, fields: dict[str, Any] | None = None) -> Answer:
        return await self.send(self.login_request(fields))

    async def ask(
        self,
        token: str | None = None,
        *,
        headers: tuple[tuple[str, str | bytes], ...] = (),
        method: str = "GET",
        path: str = "",
    ) -> Answer:
        """The protected path asked with a token, or without one."""
        return await self.send(self.request(token, headers=headers, method=method, path=path))

    def request(
        self,
        token: str | None = None,
        *,
        headers: tuple[tuple[str, str | bytes], ...] = (),
        method: str = "GET",
        path: str = "",
    ) -> Request:
        if token is not None:
            headers = (("Authorization", self.credentials(token)), *headers)
        return Request(method, path or self.path, headers, token=token or "")

    def credentials(self, token: str) -> str:
        return f"{self.scheme} {token}".strip()

    async def send(self, request: Request) -> Answer:
        return await send(self.address, request, limit=self.limit)

    async def refuses(self, token: str, label: str = "", *, allow: tuple[int, ...] = (401,)) -> str:
        """Send a bad token; the words for the right refusal, or Broken."""
        request = self.request(token)
        return self.refused(request, await self.send(request), label, allow=allow)

    def refused(
        self,
        request: Request,
        answer: Answer,
        label: str = "",
        *,
        allow: tuple[int, ...] = (401,),
        challenge: bool = True,
    ) -> str:
        """The words for a right refusal of `request`; Broken for anything else.

        A server that refuses everything with 400 is told so once, by `not-a-token`, and not again by every probe.
        """
        where = f"{label}: " if label else ""
        self.sound(request, answer, label)
        if 200 <= answer.status < 300:
            raise Broken(f"{where}{answer.status}, accepted")
        usual = self.usual.status if self.usual.status and 400 <= self.usual.status < 500 else 401
        if answer.status not in (*allow, usual):
            raise Broken(f"{where}{describe(answer)}")
        if (
            challenge
            and answer.status == 401
            and error_of(self.usual) == "invalid_token" != error_of(answer)
        ):
            raise Broken(f"{where}{describe(answer)}, without invalid_token")
        return (
            describe(answer)
            if answer.status in allow
            else f"{describe(answer)}, as it refuses everything"
        )

    def sound(self, request: Request, answer: Answer, label: str = "") -> None:
        """What no answer may be, whatever its status: late, broken off, a crash, a redirect, an echo of the token."""
        where = f"{label}: " if label else ""
        if answer.trouble:
            raise Broken(f"{where}{describe(answer)}", shaky=True)
        if answer.status >= 500:
            raise Broken(f"{where}{answer.status}, it crashed")
        if answer.status == 429:
            raise NotRun(f"{where}429: the server limits how often it can be tried")
        if 300 <= answer.status < 400:
            raise Broken(f"{where}{answer.status}, a redirect; it was not followed")
        if echoes(request.token, answer):
            raise Broken(f"{where}{answer.status}, and the token stands in the answer")


def succeeded(answer: Answer) -> bool:
    return not answer.trouble and answer.status is not None and 200 <= answer.status < 300


def error_of(answer: Answer) -> str | None:
    """The error code of the Bearer challenge (RFC 6750 §3.1)."""
    return (bearer_challenge(answer.header("WWW-Authenticate")) or {}).get("error")


def describe(answer: Answer) -> str:
    """An answer in a few words that are the same in each run."""
    if answer.trouble:
        return f"{answer.status}, {answer.trouble}" if answer.status else answer.trouble
    return f"{answer.status} {error_of(answer)}" if error_of(answer) else str(answer.status)


def describe_login(answer: Answer) -> str:
    return f"the login was answered {describe(answer)}{', without a token' if succeeded(answer) else ''}"


WINDOW = 24  # characters of a token in a row that are no accident


def echoes(token: str, answer: Answer) -> bool:
    """Whether a stretch of the token comes back, in the body or in a header."""
    if len(token) < 8:
        return False
    pieces = (
        [token]
        if len(token) <= WINDOW
        else [
            token[start : start + WINDOW]
            for start in range(0, len(token) - WINDOW + 1, WINDOW // 2)
        ]
    )
    haystack = "\n".join([*(value for _, value in answer.headers), answer.text])
    return any(piece in haystack for piece in pieces)


TOKEN_FIELDS = ("token", "access_token", "accessToken", "access", "jwt", "id_token")
REFRESH_FIELDS = ("refresh_token", "refreshToken", "refresh")


def tokens_in(login: Answer) -> dict[str, str]:
    """What a login answered with, under `token` and `refresh`, whatever it calls them and however deep they lie."""
    if not succeeded(login):
        return {}
    found: dict[str, str] = {}
    collect(login.json(), found)
    tokens = {}
    for kind, names in (("token", TOKEN_FIELDS), ("refresh", REFRESH_FIELDS)):
        name = next((name for name in names if name in found), None)
        if name is not None:
            tokens[kind] = found[name]
    return tokens if "token" in tokens else {}


def collect(value: Any, found: dict[str, str], depth: int = 0) -> None:
    if isinstance(value, dict) and depth < 4:
        for name, inner in value.items():
            if isinstance(inner, str) and name in (*TOKEN_FIELDS, *REFRESH_FIELDS):
                found.setdefault(name, inner)
            collect(inner, found, depth + 1)
