"""Long texts in parts that a provider takes, cut where people would cut them and never inside a character."""

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_ENDS = ("\n", "。！？;；!?", ",，、 ")
"""Where to cut, best first: after a line, after a sentence, after a clause."""
_LEAST_SHARE = 2
"""A cut that would leave less than this part (a half) of a message empty is preferred to one inside a word."""
MOST = 99


def split(text: str, most: int) -> list[str]:
    """Give a text in parts of at most `most` bytes in UTF-8, numbered （1/3） where there are several.

    What combines on the screen (accents, flags, families of emoji) stays together unless it alone is longer than a part.
    At most 99 parts: what lies beyond is cut off and said so. Raises ValueError for parts too small to number.
    """
    if len(text.encode()) <= most:
        return [text]
    room = most - len(_number(MOST, MOST).encode())
    if room < len(CUT_OFF.encode()) + 4:
        raise ValueError(f"{most} bytes are too few for a part")
    parts = list(_cut(text, room))
    if len(parts) > MOST:
        parts = parts[:MOST]
        parts[-1] = next(_cut(parts[-1], room - len(CUT_OFF.encode()))) + CUT_OFF
    return [f"{_number(n, len(parts))}{part}" for n, part in enumerate(parts, 1)]


CUT_OFF = "……(太长,后面略去)"


def clusters(text: str) -> list[str]:
    """Give a text in pieces that show as one character each: a base with its marks, joined emoji, pairs of flag letters."""
    found: list[str] = []
    for char in text:
        if found and _belongs(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _belongs(before: str, char: str) -> bool:
    if before == "\r":
        return char == "\n"
    if before[-1] in "\n\r":
        return False
    if unicodedata.category(char) in ("Mn", "Mc", "Me") or char == _JOINER or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if before[-1] == _JOINER:
        return unicodedata.category(char) == "So"
    return _is_flag(char) and _is_flag(before[-1]) and sum(map(_is_flag, before)) % 2 == 1


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _number(n: int, of: int) -> str:
    return f"（{n}/{of}）"


def _cut(text: str, room: int) -> Iterator[str]:
    pieces = [small for cluster in clusters(text) for small in _pieces(cluster, room)]
    start = 0
    while start < len(pieces):
        end, size = start, 0
        while end < len(pieces) and size + len(pieces[end].encode()) <= room:
            size += len(pieces[end].encode())
            end += 1
        if end < len(pieces):
            end = _best_end(pieces, start, end)
        yield "".join(pieces[start:end])
        start = end


def _pieces(cluster: str, room: int) -> Iterator[str]:
    """A single cluster longer than a part is cut between its code points: there is no other way."""
    while len(cluster.encode()) > room:
        kept = cluster.encode()[:room].decode("utf-8", "ignore")
        yield kept
        cluster = cluster[len(kept) :]
    yield cluster


def _best_end(pieces: list[str], start: int, end: int) -> int:
    least = start + max((end - start) // _LEAST_SHARE, 1)
    for ends in _ENDS:
        for at in range(end, least, -1):
            if pieces[at - 1][-1] in ends:
                return at
    return end
