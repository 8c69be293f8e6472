"""Where a request comes from, as far as that can be known: the peer, or what a proxy of our own says of its peer.

>>> address_of("10.0.0.1", ["203.0.113.9, 198.51.100.7"], proxies=1)      # our proxy wrote the last one
'198.51.100.7'
>>> address_of("10.0.0.1", ["203.0.113.9, 198.51.100.7"], proxies=0)      # no proxy: anybody can send that header
'10.0.0.1'
>>> address_of("2001:db8:1:2:3:4:5:6", [], proxies=0)                     # one customer has all of a /64
'2001:db8:1:2::/64'
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from aiohttp import web

UNKNOWN = "unknown"  # a Unix socket has no address


def client_address(request: web.Request, *, proxies: int) -> str:
    return address_of(
        request.remote, request.headers.getall("X-Forwarded-For", []), proxies=proxies
    )


def address_of(peer: str | None, forwarded: Sequence[str], *, proxies: int) -> str:
    """The address that the outermost of our `proxies` saw. What stands further left in `X-Forwarded-For` was sent by the client."""
    seen = [part.strip(" \t") for line in forwarded for part in line.split(",")]
    if 0 < proxies <= len(seen):
        return network(seen[-proxies]) or network(peer) or UNKNOWN
    return network(peer) or UNKNOWN


def network(text: str | None) -> str | None:
    """An IPv4 address, or the /64 of an IPv6 address; None for anything else."""
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
