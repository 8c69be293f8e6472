"""Reading an OpenAPI document: where the login is, what a token opens, how it travels."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .credentials import FORM, JSON, PASSWORD_NAMES, USER_NAMES
from .http_client import Request, get, is_name, is_target, send
from .issued import succeeded
from .loopback import Address, CannotProbe

LARGEST = 4 << 20  # bytes


def read_file(source: str) -> str:
    try:
        with open(source, "rb") as file:
            octets = file.read(LARGEST + 1)
    except OSError as error:
        raise CannotProbe(f"--openapi: {source} cannot be read: {error.strerror}") from None
    if len(octets) > LARGEST:
        raise CannotProbe(f"--openapi: {source} is larger than {LARGEST >> 20} MiB")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotProbe(f"--openapi: {source} is no text") from None


async def read_address(source: str, *, limit: float, ca_file: str | Path | None) -> str:
    try:
        answer = await get(source, limit=limit, ca_file=ca_file)
    except CannotProbe as error:
        raise CannotProbe(f"--openapi: {error}") from None
    if answer.trouble:
        raise CannotProbe(f"--openapi: {source}: {answer.trouble}")
    if not succeeded(answer):
        raise CannotProbe(f"--openapi: {source} gets {answer.status}")
    return answer.text


async def load(
    source: str | Path, *, limit: float, ca_file: str | Path | None = None
) -> dict[str, Any]:
    """The document of a file or of an address on this machine."""
    source = str(source)
    if re.match(r"https?://", source, re.IGNORECASE):
        text = await read_address(source, limit=limit, ca_file=ca_file)
    else:
        text = read_file(source)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise CannotProbe(f"--openapi: {source} is no JSON") from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise CannotProbe(f"--openapi: {source} has no paths")
    return document


async def found(address: Address, *, limit: float) -> dict[str, Any]:
    """The document at /openapi.json, or {}."""
    answer = await send(address, Request("GET", "/openapi.json"), limit=limit)
    document = answer.json() if succeeded(answer) else None
    return (
        document if isinstance(document, dict) and isinstance(document.get("paths"), dict) else {}
    )


def options(document: dict[str, Any], user: str, password: str) -> dict[str, Any]:
    """The options of a session that this document names; the ones it does not name are left out."""
    spec = Document(document)
    chosen: dict[str, Any] = {}
    if login := spec.login():
        path, kind, names = login
        chosen["login_path"] = path
        if kind == JSON:
            chosen["login_json"] = {names[0]: user, names[1]: password}
    if path := spec.protected():
        chosen["path"] = path
    for option, word in (("refresh_path", "refresh"), ("logout_path", "logout")):
        if text := spec.named(word):
            chosen[option] = text
    return chosen | spec.carrier()


def members(value: Any) -> dict[str, Any]:
    """An object of the document; {} where something else stands in its place."""
    return value if isinstance(value, dict) else {}


def entries(value: Any) -> list[Any]:
    """A list of the document; [] where something else stands in its place."""
    return value if isinstance(value, list) else []


class Document:
    """The parts of an OpenAPI 3 document that say how to log in; of Swagger 2 what a token opens and how it travels."""

    def __init__(self, document: dict[str, Any]):
        self.document = document

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, item in members(self.document.get("paths")).items():
            if path.startswith("/") and is_target(path):
                for method, operation in members(item).items():
                    if method in ("get", "post", "put", "patch", "delete") and isinstance(
                        operation, dict
                    ):
                        yield path, method.upper(), operation

    def resolved(self, value: Any, depth: int = 0) -> dict[str, Any]:
        """An object with its `$ref` followed and the members of `allOf` put together."""
        if not isinstance(value, dict) or depth > 8:
            return {}
        if isinstance(value.get("$ref"), str):
            target: Any = self.document
            for part in value["$ref"].removeprefix("#/").split("/"):
                target = members(target).get(part.replace("~1", "/").replace("~0", "~"))
            return self.resolved(target, depth + 1)
        properties = dict(members(value.get("properties")))
        for part in entries(value.get("allOf")):
            properties |= self.resolved(part, depth + 1).get("properties", {})
        return {**value, "properties": properties}

    def bodies(self, operation: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
        content = self.resolved(operation.get("requestBody")).get("content")
        for kind, media in members(content).items():
            schema = self.resolved(members(media).get("schema"))
            yield kind, list(schema.get("properties", {}))

    def login(self) -> tuple[str, str, tuple[str, str]] | None:
        """The path, the kind of body and the two fields of the first POST that asks for a password and a user."""
        found = []
        for path, method, operation in self.operations():
            for kind, names in self.bodies(operation) if method == "POST" else ():
                password = next((name for name in names if name in PASSWORD_NAMES), None)
                user = next((name for name in USER_NAMES if name in names), None)
                if password and user and kind in (FORM, JSON) and "{" not in path:
                    found.append((path, kind, (user, password)))
        flow = self.token_url()
        words = ("login", "token", "signin", "sign-in", "auth", "session")
        found.sort(
            key=lambda each: (
                each[0] != flow,
                not any(word in each[0].lower() for word in words),
                "register" in each[0],
            )
        )
        return found[0] if found else None

    def schemes(self) -> list[dict[str, Any]]:
        components = self.document.get("components")
        schemes = (
            components.get("securitySchemes")
            if isinstance(components, dict)
            else self.document.get("securityDefinitions")
        )
        return [scheme for scheme in members(schemes).values() if isinstance(scheme, dict)]

    def token_url(self) -> str:
        for scheme in self.schemes():
            url = members(members(scheme.get("flows")).get("password")).get("tokenUrl")
            if isinstance(url, str):
                with contextlib.suppress(ValueError):  # no address
                    return "/" + urlsplit(url).path.lstrip("/")
        return ""

    def protected(self) -> str:
        """The first GET without a path parameter and without a required query that wants a token."""
        found = []
        for path, method, operation in self.operations():
            security = entries(operation.get("security", self.document.get("security")))
            parameters = map(self.resolved, entries(operation.get("parameters")))
            if method != "GET" or not security or {} in security or "{" in path:
                continue
            if not any(each.get("required") for each in parameters):
                found.append(path)
        words = ("me", "user", "profile", "whoami", "protected", "current")
        found.sort(key=lambda path: not any(word in path.lower() for word in words))
        return found[0] if found else ""

    def named(self, word: str) -> str:
        """The operation that refreshes or logs out, as `--refresh-path` has it."""
        for path, method, operation in self.operations():
            if (
                word in path.lower().replace("-", "").replace("_", "")
                and method != "GET"
                and "{" not in path
            ):
                for kind, names in self.bodies(operation):
                    field = next(
                        (
                            name
                            for name in names
                            if "token" in name.lower() or "refresh" in name.lower()
                        ),
                        None,
                    )
                    if field and kind in (JSON, FORM):
                        return f"{method} {path} {'json' if kind == JSON else 'form'}:{field}"
                return f"{method} {path} header"
        return ""

    def carrier(self) -> dict[str, str]:
        """How a token travels, where the document says something else than `Authorization: Bearer`."""
        schemes = self.schemes()
        if any(scheme.get("type") in ("http", "oauth2", "openIdConnect") for scheme in schemes):
            return {}
        for scheme in schemes:
            name = scheme.get("name")
            if scheme.get("type") == "apiKey" and isinstance(name, str) and is_name(name):
                if scheme.get("in") == "cookie":
                    return {"token_cookie": name}
                if scheme.get("in") == "header" and name.lower() != "authorization":
                    return {"header": name, "scheme": ""}
        return {}
