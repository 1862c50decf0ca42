"""Reads the answer of a server that is not trusted: no more bytes than allowed, not for ever, and
never an error of a kind that the caller does not expect.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any

import requests
from urllib3.exceptions import HTTPError

MAX_DEPTH = 64
_CHUNK_BYTES = 1 << 16
# A string that does not end reaches to the end of the text. Nothing is ever looked at twice.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def body(response: requests.Response, max_bytes: int, timeout_s: float) -> bytes:
    """The whole body of a streamed response. ValueError when it is too long, takes too long however
    steadily it drips, or breaks off.
    """
    deadline = time.monotonic() + timeout_s
    found = bytearray()
    try:
        # What has arrived, however little: waiting for a full chunk would let a drip go on.
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            found += chunk
            if len(found) > max_bytes:
                raise ValueError(f"an answer of more than {max_bytes} bytes")
            if time.monotonic() > deadline:
                raise ValueError("the answer takes too long")
    except HTTPError as error:
        raise ValueError(f"the answer breaks off ({type(error).__name__})") from None
    return bytes(found)


def document(text: bytes) -> Any:
    """The JSON value. ValueError when there is none, also for one that is nested without end: the
    parser would follow it down until the process has no stack left.
    """
    if _is_deep(text):
        raise ValueError(f"JSON that is nested more than {MAX_DEPTH} levels deep")
    return json.loads(text.decode())


def _is_deep(text: bytes) -> bool:
    """Whether brackets are left after the innermost pairs were struck out once for each level."""
    left = _STRING.sub(b"", text).translate(None, _NO_BRACKETS)
    for _ in range(MAX_DEPTH):
        left = left.replace(b"[]", b"").replace(b"{}", b"")
        if not left:
            return False
    return True
