"""What the servers of all stages have in common: limits, and fixed words for what aiohttp rejects before a handler runs.

aiohttp (3.14.5) rejects some requests by itself. Its words repeat what the client sent, a token included: to the client, and to the
log. Two things reach those places. A router of our own sees every request that is HTTP. Everything else passes the logger.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import warnings
from collections.abc import Iterable
from typing import Any

from aiohttp import HttpVersion11, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware
from aiohttp.web_urldispatcher import MatchInfoError, UrlMappingMatchInfo

from .log_limit import OncePerSecond
from .responses import refusal

LARGEST_BODY = 16 * 1024  # bytes; a login has about 60
LONGEST_LINE = 64 * 1024  # bytes of a header, or of the first line
IDLE = 10  # seconds that a connection may wait for a whole request, the first or the next
LINGERING = 2  # seconds that a connection stays open for a body that nobody reads

LOG = logging.getLogger("jwt_demo.stages.http")
LOG.addFilter(OncePerSecond())


def new_application(*, middlewares: Iterable[Middleware] = ()) -> web.Application:
    """An application with these limits; stages add routes, users and keys."""
    handler_args = {
        "max_field_size": LONGEST_LINE,
        "max_line_size": LONGEST_LINE,
        "keepalive_timeout": IDLE,
        "lingering_time": LINGERING,
        "logger": ServerLog(),
    }
    with warnings.catch_warnings():
        # aiohttp 3 deprecates a router of one's own and has no other way to see an Expect header on every path.
        warnings.simplefilter("ignore", DeprecationWarning)
        app = web.Application(
            router=Router(),
            client_max_size=LARGEST_BODY,
            handler_args=handler_args,
            middlewares=middlewares,
        )
    app.on_startup.append(limit_accept_errors)
    app.on_response_prepare.append(end_behind_encoded_body)
    return app


async def end_behind_encoded_body(request: web.Request, response: web.StreamResponse) -> None:
    """Say that the connection ends: a body that cannot be decoded ends it anyway, and aiohttp may notice after the response."""
    if "Content-Encoding" in request.headers:
        response.force_close()
        response.headers["Connection"] = "close"


class ServerLog:
    """The logger of aiohttp's protocol. Where a request is not HTTP, one line without its bytes, and our response instead of aiohttp's.

    aiohttp calls `exception` or `debug` for such a request and then makes a response that quotes it. A `web.HTTPException`
    that is raised meanwhile becomes the response, as it does in a handler.
    """

    errors = logging.getLogger("aiohttp.server")

    def exception(self, message: str, *args: Any, exc_info: Any = True) -> None:
        refuse_noise(exc_info)
        if isinstance(exc_info, web.RequestPayloadError):  # in a body that nobody read
            LOG.info("The body of a request could not be decoded")
        else:
            self.errors.error(message, *args, exc_info=exc_info)

    def debug(self, message: str, *args: Any, exc_info: Any = None) -> None:
        refuse_noise(exc_info)
        self.errors.debug(message, *args, exc_info=exc_info)

    def warning(self, message: str, *args: Any) -> None:
        self.errors.warning(message, *args)


def refuse_noise(error: object) -> None:
    if isinstance(error, HttpProcessingError):
        LOG.info("A request that is not HTTP was rejected (%s)", type(error).__name__)
        response = refusal(web.HTTPBadRequest, "This request is not valid HTTP")
        response.force_close()
        raise response


class Router(web.UrlDispatcher):
    """aiohttp's router, which also rejects an `Expect` that is not `100-continue`, on every path (RFC 9110 §10.1.1)."""

    async def resolve(self, request: web.Request) -> UrlMappingMatchInfo:
        expected = request.headers.get("Expect", "")
        if expected and expected.lower() != "100-continue" and request.version == HttpVersion11:
            return UnmetExpectation()
        return await super().resolve(request)


class UnmetExpectation(MatchInfoError):
    """Where such a request leads: through the middlewares to a 417."""

    def __init__(self) -> None:
        super().__init__(
            refusal(web.HTTPExpectationFailed, "Only Expect: 100-continue can be met here")
        )

    @property
    def expect_handler(self) -> Any:
        return expect_nothing


async def expect_nothing(request: web.Request) -> None:
    """Leave the response to the router."""


async def limit_accept_errors(app: web.Application) -> None:
    """Where no more connections can be accepted, asyncio logs a traceback for each one that waits, many thousand lines in a second."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    if isinstance(before, AcceptErrors):
        return
    loop.set_exception_handler(AcceptErrors(before))


class AcceptErrors:
    """An exception handler for an event loop: a line for a full table of descriptors, everything else as before."""

    def __init__(self, before: Any):
        self.before = before

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            LOG.error("No more connections can be accepted: %s", error.strerror)
        elif self.before is not None:
            self.before(loop, context)
        else:
            loop.default_exception_handler(context)
