"""The fields a client sends, read from a form or from JSON in a limited time; a fault is a 400 that names the field."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from weakref import WeakKeyDictionary

from aiohttp import web

from .responses import bad_request, refusal
from .users import CLIENT

LONGEST_WAIT = 5.0  # seconds for a whole body; ours arrive together with their headers
MOST_WAITING = 100  # bodies that a process waits for at once; one more ends the wait for the oldest

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

Fields = dict[str, object]
Waiting = OrderedDict[asyncio.Task[Fields], None]  # the oldest first
_waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, Waiting] = WeakKeyDictionary()


async def read_fields(request: web.Request, *names: str) -> list[str]:
    """The named text fields of a form or JSON body, in order; HTTPBadRequest names the first that is missing or not text."""
    CLIENT.set(request)  # a password is not hashed for a client that has gone
    try:
        fields = await in_time(request)
    except web.HTTPException:
        raise  # 408, or 413: the body is larger than the application's client_max_size
    except web.RequestPayloadError:
        request.content.feed_eof()  # nothing more can be read: aiohttp would try, and log a traceback
        raise ended(
            f"The body of the request could not be decoded; the field {names[0]} cannot be read"
        ) from None
    except (
        Exception
    ):  # whatever a parser says about these bytes, the client is told no more than this
        problem = f"The body is not what its Content-Type says; the field {names[0]} cannot be read"
        raise (bad_request(problem) if request.content.is_eof() else ended(problem)) from None

    texts = []
    for name in names:
        value = fields.get(name)
        if not isinstance(value, str) or not value:
            raise bad_request(
                f"The field {name} is missing, empty or not text; send a form or a JSON object"
            )
        if not is_text(value):
            raise bad_request(f"The field {name} has characters that are not text")
        texts.append(value)
    return texts


def ended(problem: str) -> web.HTTPBadRequest:
    """A 400 that ends the connection: where the next request would begin is not known.

    An application of a lesson is not made by `new_application`, and chunks may be broken without a Content-Encoding.
    """
    response = bad_request(problem)
    response.force_close()
    return response


async def in_time(request: web.Request) -> Fields:
    """The fields, or 408 (RFC 9110 §15.5.9). A client that sends half a body keeps a connection from others."""
    read = read_json if request.content_type == "application/json" else read_form
    reading = asyncio.ensure_future(read(request))
    waiting = _waiting.setdefault(asyncio.get_running_loop(), OrderedDict())
    waiting[reading] = None
    if len(waiting) > MOST_WAITING:
        oldest, _ = waiting.popitem(last=False)
        oldest.cancel()
    try:
        await asyncio.wait([reading], timeout=LONGEST_WAIT)
        if not reading.done() or reading.cancelled():
            raise refusal(web.HTTPRequestTimeout, "The body of the request did not arrive in time")
        return reading.result()
    finally:
        waiting.pop(reading, None)
        reading.cancel()


async def read_json(request: web.Request) -> Fields:
    fields = json.loads(await request.text())
    return fields if isinstance(fields, dict) else {}


async def read_form(request: web.Request) -> Fields:
    """The fields of a form; the temporary file of an upload is closed, nobody wants it."""
    if request.content_type not in FORMS:
        await (
            request.read()
        )  # what is left unread may turn out to be undecodable behind the response
        return {}
    fields = await request.post()
    for value in fields.values():
        if isinstance(value, web.FileField):
            value.file.close()
    return dict(fields)


def is_text(value: str) -> bool:
    r"""Whether a string can be stored as UTF-8: JSON may bring half a surrogate pair.

    >>> is_text("é"), is_text("\ud800")
    (True, False)
    """
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
