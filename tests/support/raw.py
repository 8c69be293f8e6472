"""Bytes straight into a connection, and all that comes back."""

from __future__ import annotations

import asyncio
import re


async def exchange(port: int, octets: bytes, *, patience: float = 20) -> bytes:
    """What the server sends until its first response is whole or the connection ends; TimeoutError if neither happens."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(octets)
        answer = b""
        while not whole(answer):
            more = await asyncio.wait_for(reader.read(65536), patience)
            if not more:
                break
            answer += more
        return answer
    except ConnectionError:
        return b""
    finally:
        writer.close()


def whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if re.match(rb"HTTP/1\.1 1\d\d ", head):
        return whole(body)  # that was an interim response, such as 100 (Continue)
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def status_of(answer: bytes) -> int:
    """The status; 0 where nothing was answered."""
    found = re.match(rb"HTTP/\d\.\d (\d{3}) ", answer)
    return int(found[1]) if found else 0
