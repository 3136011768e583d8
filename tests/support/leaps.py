"""Jumps in the token game: within a stretch of a drawing that holds one token, that token may begin at any of its blocks."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.support.blocks import Choice, Late, Loop, Sequence, Signers, Task, blocks_in
from tests.support.scopes import Abandoned, Called, Scope

ONE_AT_A_TIME = (Sequence, Choice, Loop)
Stretch = tuple[Any, dict[str, Any]]
"""A block, and the record its answers go to."""


def stretches(block: Any, record: dict[str, Any]) -> Iterator[Stretch]:
    """Give the largest parts of a block, as it stands, through which one token goes; those inside activities too."""
    inner = record
    if isinstance(block, Called):
        inner = block.record
    elif isinstance(block, Abandoned):
        yield from stretches(block.inside, record) if block.going else ()
        return
    for live in getattr(block, "live", ()):
        if not isinstance(block, ONE_AT_A_TIME):
            yield live, inner
        yield from stretches(live, inner)


def standing(stretch: Any) -> Any:
    """Give the block at which the token of a stretch stands; None where it is several by now."""
    while isinstance(stretch, ONE_AT_A_TIME):
        stretch = stretch.live[0]
    return stretch if isinstance(stretch, (Task, Signers, Scope, Abandoned)) else None


def place(block: Any) -> str:
    """Give the element at which the token of a block stands."""
    over = isinstance(block, Late) and not block.waits or isinstance(block, Abandoned) and not block.going
    return str(block.over.ident if over else block.ident)


def goals(stretch: Any) -> list[str]:
    """Give the elements at which the token of a stretch may begin."""
    return [found[-1].ident for found in _ways(stretch)]


def leap(block: Any, record: dict[str, Any], at: str, to: str) -> bool:
    """Take the token from one element and begin at another; say whether it stands there at all."""
    for stretch, own in stretches(block, record):
        left = standing(stretch)
        way = next((way for way in _ways(stretch) if way[-1].ident == to), None)
        if left is None or way is None or place(left) != at:
            continue
        for inner in blocks_in(left):
            if isinstance(inner, Scope):
                inner.stop()
        for group, inner in pairwise(way):
            group.live = [inner]
        way[-1].begin(own)
        return True
    return False


def _ways(block: Any) -> Iterator[list[Any]]:
    """Give the ways down to the blocks at which a token of a stretch may begin."""
    if isinstance(block, ONE_AT_A_TIME):
        yield from ([block, *way] for inner in block.blocks for way in _ways(inner))
    elif isinstance(block, (Task, Signers, Scope, Abandoned)):
        yield [block]
