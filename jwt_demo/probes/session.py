"""The attacker's side of a run: logged in once, with a good token in hand, and what this server was found to do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..stages.parts.request_body import is_text
from ..tokens.anatomy import Token, TokenError
from . import jwks, weak_secrets
from .answers import describe, describe_login, refused, sound, succeeded
from .credentials import FORM, JSON, Credentials, from_json, plain
from .endpoints import Endpoint, endpoint
from .forge import HASHES, Good, Signer, armed
from .given_key import Given, WrongKey, signer_for
from .http_client import NO_TARGET, Answer, Request, is_name, is_target, send
from .issued import Place, cookies_of, text_at
from .jwks import PublishedKeys
from .loopback import Address, CannotProbe
from .model import Broken, NotRun

NO_TOKEN = "bm90LWEtaGVhZGVy.bm90LWNsYWltcw.bm90LWEtc2lnbmF0dXJl"  # noqa: S105  # three segments of base64url, no JSON in any
GIVEN = "a token was given, so nobody logs in"
NOBODY = "999999999"
STATELESS = (
    "the server does not look up the user: it accepts every subject, so no subject is wrong here"
)


@dataclass
class Session:
    """A server under probe: where it is, how to log in there, what a good token looks like."""

    address: Address
    email: str = "user@email.com"
    password: str = field(default="password", repr=False)
    secret: Given | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)  # a good one, for a server that gives none
    path: str = "/get-user"
    login_path: str = "/login"
    scope_path: str = "/admin"
    scheme: str = "Bearer"
    limit: float = 5.0
    header: str = "Authorization"  # the request header that carries the token
    login_json: str | dict[str, Any] | None = field(default=None, repr=False)
    token_field: str = ""
    token_header: str = ""
    token_cookie: str = ""
    refresh_path: str = "/refresh"
    logout_path: str = "/logout"
    jwks_url: str = ""
    ca_file: str | Path | None = None
    public_key: str | bytes | None = None
    wordlist: Path | None = None
    samples: dict[str, str] = field(
        default_factory=dict, repr=False
    )  # tokens the server issued, by probe
    wait: float = 0.0  # seconds that may be waited for a token to expire
    tell_words: Callable[[int], Any] = field(default=lambda done: None, repr=False)

    login: Credentials = field(init=False, repr=False)
    place: Place = field(init=False)
    refreshing: Endpoint = field(init=False)
    leaving: Endpoint = field(init=False)
    usual: Answer = field(default_factory=Answer)  # how what is no token is rejected
    bare: Answer = field(default_factory=Answer)  # how a request without a token is answered
    first_login: Answer = field(default_factory=Answer)
    first_use: Answer = field(default_factory=Answer)  # how the good token is answered
    published: PublishedKeys = field(default_factory=PublishedKeys)
    no_login: str = "nobody has tried to log in yet"
    no_good: str = "nobody has logged in yet"
    no_secret: str = "the secret was not given"  # noqa: S105
    guessed: bytes | None = field(default=None, repr=False)
    words: int = 0  # how many were tried
    stateless: bool = False
    limited: str = ""  # what a 429 to a login said
    attempts: int = 0  # logins so far
    sent: int = 0  # requests so far
    under_way: int = 0  # requests that have no response yet
    undisturbed: bool = False  # whether no other was under way during the last one
    worked: str = ""  # what the last request showed to work; "" if that cannot be known
    refresh_found: bool = False  # whether it is known how a refresh token is sent
    _good: Good | None = None
    _signer: Signer | None = None
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        for option in ("path", "login_path", "scope_path"):
            if not is_target(text := getattr(self, option)):
                raise CannotProbe(f"--{option.replace('_', '-')}: {text} {NO_TARGET}")
        for option in ("email", "password"):
            if not is_text(getattr(self, option)):
                raise CannotProbe(
                    f"--{option}: this text is not UTF-8, so it cannot stand in a form or in JSON"
                )
        if not is_name(self.header):
            raise CannotProbe(f"--header: no header is called {self.header!r}")
        if self.token_cookie and not is_name(self.token_cookie):
            raise CannotProbe(f"--token-cookie: no cookie is called {self.token_cookie!r}")
        if not self.scheme.isprintable():
            raise CannotProbe(f"--scheme: {self.scheme!r} cannot stand in a header")
        if self.login_json:
            self.login = from_json(self.login_json)
            self.email = self.login.email
        else:
            self.login = plain(("email", "password"), self.email, self.password, FORM)
        self.place = Place(self.token_field, self.token_header, self.token_cookie)
        self.refreshing = endpoint(self.refresh_path, "--refresh-path", "POST json:refresh_token")
        self.leaving = endpoint(self.logout_path, "--logout-path", "POST header")

    # --- what is found out before anything is judged

    async def open(self) -> None:
        """Log in, try the token, learn how this server rejects what is no token, and see whether the secret is the right one."""
        self.bare, self.usual = await self.ask(), await self.ask(NO_TOKEN)
        if self.token:
            self.no_login, issued = GIVEN, self.token
        else:
            issued = await self._find_login() or ""
        if issued:
            await self._try(issued)

    async def _find_login(self) -> str | None:
        """Form or JSON, `email` or `username`: whichever this server takes first."""
        ways = [self.login]
        if not self.login_json:
            ways = [
                plain(names, self.email, self.password, kind)
                for names in (("email", "password"), ("username", "password"))
                for kind in (FORM, JSON)
            ]
        answers: list[Answer] = []
        for way in ways:
            self.login = way
            answers.append(await self.log_in())
            if tokens := self.tokens_in(answers[-1]):
                self.no_login, self.first_login = "", answers[-1]
                return tokens["token"]
            if answers[-1].status in (404, 405, 429):
                break
        telling = [answer for answer in answers if succeeded(answer)] or [
            answer for answer in answers if answer.status in (401, 403)
        ]
        self.login, self.first_login = ways[0], (telling or answers)[0]
        self.no_login = self.no_good = f"no good token: {describe_login(self.first_login)}"
        return None

    async def _try(self, text: str) -> None:
        try:
            token = Token.parse(text)
        except TokenError as error:
            source = "--token-file gave" if self.token else "the login gave"
            self.no_good = f"what {source} is no token that can be changed: {error.reason}"
            return
        self.first_use = await self.ask(text)
        if not succeeded(self.first_use):
            self.no_good = f"the good token is not accepted ({describe(self.first_use)}), so no rejection proves anything"
            return
        self.no_good, self._good = "", Good(token)
        self.published = await jwks.find(self, self.jwks_url)
        await self._find_secret()
        await self._recognise_stateless()

    async def _find_secret(self) -> None:
        """The secret that was given, or one of a list; with it the signed probes can be made."""
        good = self.good
        if good.alg in HASHES:
            self.guessed = await self._guess(good)
        if self.secret is not None:
            try:
                self._signer = signer_for(good, self.secret)
            except WrongKey as reason:
                self.no_secret = str(reason)
        if self._signer is None and self.guessed is not None:
            self._signer = Signer(good.alg, self.guessed)
        if self._signer is not None:
            self._good, self.no_secret = armed(good, self._signer), ""

    async def _guess(self, good: Good) -> bytes | None:
        """The built-in words, then the lines of the word list; the event loop gets its turn between two chunks."""
        given, signature = good.token.signing_input, good.token.signature
        words = [*weak_secrets.common(good.alg), *self.own_words(good)]
        found = weak_secrets.search(good.alg, given, signature, words)
        self.words = len(words)
        if found is not None or self.wordlist is None:
            return found
        for some in weak_secrets.chunks(self.wordlist):
            found = weak_secrets.search(good.alg, given, signature, some)
            self.words += len(some)
            self.tell_words(self.words)
            if found is not None:
                return found
            await asyncio.sleep(0)
        return None

    def own_words(self, good: Good) -> list[str]:
        """What stands in the token or is typed at the login: an issuer or a name as the secret is in no list."""
        texts = [self.email, self.password, self.address.host, self.address.name]
        texts += [text for part in (good.header, good.claims) for text in leaves(part)]
        return list(dict.fromkeys(text for text in texts if len(text) < 200))

    async def _recognise_stateless(self) -> None:
        """Whether a token that names nobody is accepted like any other: then the server keeps no users to look up.

        A response that shows the good user all the same is no sign of that: the server found a user, and the wrong one.
        """
        name = self.good.subject
        if self._signer is None or name is None:
            return
        changes = {name: NOBODY if isinstance(self.good.claims[name], str) else int(NOBODY)}
        answer = await self.ask(self.good.with_claims(**changes))
        self.stateless = succeeded(answer) and not self.shows_good_user(answer)

    def shows_good_user(self, answer: Answer) -> bool:
        """Whether a response names the user of the good token, who is not in the token that was sent."""
        name = self.good.subject
        marks = {self.email} | ({str(self.good.claims[name])} if name else set())
        others = {claim: value for claim, value in self.good.claims.items() if claim != name}
        known = leaves(others)
        shown, before = leaves(shown_in(answer)), leaves(shown_in(self.first_use))
        return any(
            any(mark in text for text in shown) and any(mark in text for text in before)
            for mark in marks
            if len(mark) > 3 and not any(mark in text for text in known)
        )

    # --- the good token

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
            if self.token is None and (ending or at_once) and not self.limited:
                fresh = self.tokens_in(await self.log_in()).get("token")
                if fresh:
                    self._good = armed(Good(Token.parse(fresh)), self._signer)

    def tokens_in(self, answer: Answer) -> dict[str, str]:
        """The tokens of a response, under `token` and `refresh`."""
        found = self.place.tokens(answer)
        if found and (text := text_at(answer, self.refreshing.name)):
            found["refresh"] = text  # under the name that it is sent back with
        return found

    def cookies_of_login(self) -> list[str]:
        """The names of the cookies that the login set, those of the access token left out."""
        return [name for name in cookies_of(self.first_login) if name != self.token_cookie]

    def own_names(self) -> list[str]:
        """What this server calls its token, where that is known; it may read it elsewhere under the same name."""
        names = (self.token_field.rpartition(".")[2], self.token_cookie, self.token_header)
        return [name for name in names if name]

    # --- requests

    def login_request(self, fields: dict[str, Any] | None = None, **changes: Any) -> Request:
        """A login as this server takes it."""
        body = self.login.encode(self.login.fields() if fields is None else fields)
        request = Request("POST", self.login_path, (("Content-Type", self.login.kind),), body)
        return replace(request, **changes)

    async def log_in(self, fields: dict[str, Any] | None = None) -> Answer:
        """One login. After a 429 no other is tried: NotRun says so."""
        answer = await self.try_login(self.login_request(fields))
        if fields is None and self.tokens_in(answer):
            self.remember("login")
        return answer

    async def try_login(self, request: Request) -> Answer:
        if self.limited:
            raise NotRun(f"{self.limited}: the server limits logins, so no more were tried")
        self.attempts += 1
        answer = await self.send(request)
        if answer.status == 429:
            self.limited = "the login got 429"
        return answer

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
            headers = (*self.carrying(token), *headers)
        return Request(method, path or self.path, headers, token=token or "")

    def carrying(self, token: str) -> tuple[tuple[str, str | bytes], ...]:
        """The header that brings a token, where this server looks for it."""
        if self.token_cookie:
            return (("Cookie", f"{self.token_cookie}={token}"),)
        return ((self.header, self.credentials(token)),)

    def credentials(self, token: str) -> str:
        return f"{self.scheme} {token}".strip()

    @property
    def bearer(self) -> bool:
        """Whether tokens travel as RFC 6750 has it, so that its rules for responses apply."""
        return not self.token_cookie and self.header.lower() == "authorization"

    def needs_bearer(self) -> None:
        """NotRun where tokens travel in another way than `Authorization`."""
        if not self.bearer:
            raise NotRun(
                "tokens travel in a cookie or a header of their own here, not in Authorization"
            )

    async def send(self, request: Request, address: Address | None = None) -> Answer:
        alone, self.worked = not self.under_way, ""
        self.sent += 1
        self.under_way += 1
        number = self.sent
        try:
            return await send(address or self.address, request, limit=self.limit)
        finally:
            self.under_way -= 1
            self.undisturbed = alone and number == self.sent

    def remember(self, what: str) -> None:
        """The last request showed that this works; it is forgotten when another is sent, and where another ran beside it."""
        self.worked = what if self.undisturbed else ""

    # --- judging

    async def refuses(self, token: str, label: str = "", *, allow: tuple[int, ...] = (401,)) -> str:
        """Send a bad token; the words for the right rejection, or Broken."""
        request = self.request(token)
        return self.refused(request, await self.send(request), label, allow=allow)

    async def rejects(self, token: str, label: str, severity: str) -> str:
        """As `refuses`, with a severity of its own for a token that is accepted."""
        try:
            return await self.refuses(token, label)
        except Broken as broken:
            raise Broken(str(broken), broken.severity or severity, shaky=broken.shaky) from None

    def refused(
        self,
        request: Request,
        answer: Answer,
        label: str = "",
        *,
        allow: tuple[int, ...] = (401,),
        challenge: bool = True,
    ) -> str:
        """The words for a right rejection of `request`; Broken for anything else."""
        challenge = challenge and self.bearer
        return refused(request, answer, label, usual=self.usual, allow=allow, challenge=challenge)

    def sound(self, request: Request, answer: Answer, label: str = "") -> None:
        """What no response may be, whatever its status."""
        sound(request, answer, label)


def shown_in(answer: Answer) -> Any:
    """The body as JSON, or as text where it is none."""
    body = answer.json()
    return answer.text if body is None else body


def leaves(value: Any) -> list[str]:
    """The texts and numbers in a value, without the names of members: `{"user": "ann"}` shows ann, not user."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in leaves(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in leaves(inner)]
    return [str(value)]


__all__ = ["GIVEN", "NOBODY", "STATELESS", "Session"]
