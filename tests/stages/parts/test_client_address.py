"""Whose address counts: the peer's, or what a proxy of our own wrote. A client can write the rest."""

from __future__ import annotations

import pytest

from jwt_demo.stages.parts.client_address import UNKNOWN, address_of

CASES = {
    "no proxy, the header is not believed": ("192.0.2.1", ["203.0.113.9"], 0, "192.0.2.1"),
    "one proxy": ("10.0.0.1", ["203.0.113.9"], 1, "203.0.113.9"),
    "one proxy, and what the client invented": ("10.0.0.1", ["1.1.1.1, 203.0.113.9"], 1, "203.0.113.9"),
    "two headers": ("10.0.0.1", ["1.1.1.1", "203.0.113.9"], 1, "203.0.113.9"),
    "two proxies": ("10.0.0.1", ["1.1.1.1, 203.0.113.9, 10.0.0.2"], 2, "203.0.113.9"),
    "the proxy wrote nothing": ("10.0.0.1", [], 1, "10.0.0.1"),
    "fewer than proxies": ("10.0.0.1", ["203.0.113.9"], 2, "10.0.0.1"),
    "not an address": ("10.0.0.1", ["unknown"], 1, "10.0.0.1"),
    "Unicode white space": ("10.0.0.1", ["1.1.1.1,\u2003203.0.113.9"], 1, "10.0.0.1"),
    "tabs and spaces": ("10.0.0.1", ["1.1.1.1,\t 203.0.113.9 "], 1, "203.0.113.9"),
    "an IPv6 network": ("10.0.0.1", ["2001:db8:1:2:3:4:5:6"], 1, "2001:db8:1:2::/64"),
    "IPv4 in IPv6": ("::ffff:192.0.2.1", [], 0, "192.0.2.1"),
    "an IPv6 zone": ("fe80::1%eth0", [], 0, "fe80::/64"),
    "a Unix socket": (None, [], 0, UNKNOWN),
    "an empty peer": ("", ["1.1.1.1"], 0, UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize(("peer", "forwarded", "proxies", "expected"), CASES.values(), ids=CASES)
def test_the_address_of_a_client(peer, forwarded, proxies, expected):
    """One fixed form for each network."""
    assert address_of(peer, forwarded, proxies=proxies) == expected
