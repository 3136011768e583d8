"""Names on the drawing: measured, wrapped the Chinese way, escaped."""

import html
import re
import unicodedata
from collections.abc import Iterator

from engine.bpmn.picture_plan import Box

SIZE, LEADING = 12.0, 14.5
SMALL, SMALL_LEADING = 11.0, 13.5
NOT_FIRST = frozenset(
    "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u3011\u300d\u300f\u201d\u2019\u2026\u2014,.;:?!)]}%"
)
"""Signs that may not begin a line."""
_PIECES = re.compile(r"[A-Za-z0-9_./+-]+|\s+|.", re.DOTALL)


def n(value: float) -> str:
    """Give a number as SVG likes it: at most one decimal."""
    return f"{round(value, 1):g}"


def escaped(text: str) -> str:
    """Give text that is safe between tags and in attributes."""
    return html.escape(text, quote=True)


def width(text: str, size: float = SIZE) -> float:
    """Estimate how wide a text is: Chinese signs are square, Latin ones about half as wide."""
    wide = sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in text)
    return wide * size


def wrap(text: str, room: float, size: float = SIZE, most: int = 0) -> list[str]:
    """Break a text into lines that fit; words stay whole where they can, closing signs never begin a line.

    With `most`, what does not fit in so many lines ends in an ellipsis.
    """
    lines: list[str] = []
    for paragraph in text.strip().splitlines() or [""]:
        lines += _lines(paragraph, room, size)
    lines = [line for line in lines if line] or []
    if most and len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    return lines


def _lines(paragraph: str, room: float, size: float) -> Iterator[str]:
    line = ""
    for piece in _pieces(paragraph, room, size):
        if line and width(line + piece.rstrip(), size) > room and piece not in NOT_FIRST:
            yield line.strip()
            line = ""
        line += piece
    yield line.strip()


def _pieces(paragraph: str, room: float, size: float) -> Iterator[str]:
    for piece in _PIECES.findall(paragraph):
        if width(piece, size) <= room:
            yield piece
        else:
            yield from piece


def block(lines: list[str], x: float, top: float, *, small: bool = False, start: bool = False, kind: str = "") -> str:
    """Give lines of text from a top edge downwards, centred on x (or starting there)."""
    size, leading = (SMALL, SMALL_LEADING) if small else (SIZE, LEADING)
    names = " ".join(w for w in ("label", "small" if small else "", "start" if start else "", kind) if w)
    return "".join(
        f'<text class="{names}" x="{n(x)}" y="{n(top + size * 0.92 + i * leading)}">{escaped(line)}</text>'
        for i, line in enumerate(lines)
    )


def inside(text: str, box: Box, *, at_top: bool = False, below: float = 0.0) -> str:
    """Give a name inside a shape, in its middle or at its top; `below` is kept free at the bottom."""
    room = box.height - 8 - below
    lines = wrap(text, box.width - 10, most=max(1, int(room // LEADING)))
    top = box.y + 7 if at_top else box.cy - below / 2 - len(lines) * LEADING / 2 + 1
    return block(lines, box.cx, top)


def sideways(text: str, box: Box) -> str:
    """Give a name that runs upwards in the left band of a pool or lane."""
    lines = wrap(text, box.height - 10, most=2)
    x = box.x + 15 - (len(lines) - 1) * LEADING / 2
    return "".join(
        f'<text class="label" transform="translate({n(x + i * LEADING + 4)} {n(box.cy)}) rotate(-90)">{escaped(line)}</text>'
        for i, line in enumerate(lines)
    )


def outside(text: str, box: Box) -> tuple[str, Box]:
    """Give a name beside a shape or edge, top-centred in its label's place, and the room it takes."""
    room = max(90.0, box.width)
    lines = wrap(text, room, SMALL)
    widest = max((width(line, SMALL) for line in lines), default=0.0)
    taken = Box(box.cx - widest / 2, box.y, widest, len(lines) * SMALL_LEADING)
    return block(lines, box.cx, box.y, small=True), taken
