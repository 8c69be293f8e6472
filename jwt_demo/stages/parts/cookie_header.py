"""The header `Cookie`, read strictly (RFC 6265 §4.2.1): a semicolon separates cookies, a name counts whole, and nothing else is cut off.

`request.cookies` of aiohttp (3.14.5) also separates at a space, and removes white space that browsers leave in a name. So a cookie
`a` with the value `b __Host-token=…`, which any host of the same domain may set, would be read as `__Host-token`.

>>> values_in("a=b __Host-token=EVIL; __Host-token=GOOD", "__Host-token")
['GOOD']
"""

from __future__ import annotations

from aiohttp import web


def cookie_values(request: web.Request, name: str) -> list[str]:
    """The value of each cookie of this name, in the order in which they came."""
    return [
        value
        for header in request.headers.getall("Cookie", [])
        for value in values_in(header, name)
    ]


def values_in(header: str, name: str) -> list[str]:
    found = []
    for cookie in header.split(";"):
        cookie_name, equals, value = cookie.strip(" \t").partition("=")
        if equals and cookie_name == name:
            found.append(value)
    return found
