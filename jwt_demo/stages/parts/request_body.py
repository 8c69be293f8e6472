"""What a client sends to prove who it is, read from a form or from JSON; anything amiss is a 400 that names the field."""

from __future__ import annotations

import json

from aiohttp import web

from .responses import bad_request


async def read_fields(request: web.Request, *names: str) -> list[str]:
    """The named text fields of a form or JSON body, in order; HTTPBadRequest names the first that is missing or no text."""
    try:
        fields = await (
            read_json(request) if request.content_type == "application/json" else read_form(request)
        )
    except web.HTTPException:
        raise  # 413: the body is larger than the application's client_max_size
    except (
        Exception
    ):  # whatever a parser says of bytes from a stranger, the client is told no more than this
        raise bad_request(
            f"The body is not what its Content-Type says; the field {names[0]} cannot be read"
        ) from None

    for name in names:
        value = fields.get(name)
        if not isinstance(value, str) or not value:
            raise bad_request(
                f"The field {name} is missing, empty or not text; send a form or a JSON object"
            )
        if not is_text(value):
            raise bad_request(f"The field {name} has characters that are not text")
    return [fields[name] for name in names]


async def read_json(request: web.Request) -> dict[str, object]:
    fields = json.loads(await request.text())
    return fields if isinstance(fields, dict) else {}


async def read_form(request: web.Request) -> dict[str, object]:
    """The fields of a form; of an uploaded file nothing is wanted, and its temporary file is closed."""
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
