"""How long to wait before trying again: jobs and messages alike."""

from datetime import timedelta
from zlib import crc32

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
SPREAD = 0.2
"""By how much a pause may be shorter or longer: what failed together does not come back together."""


def pause(attempts: int, key: str) -> timedelta:
    """Give the pause after so many attempts; the last one repeats. The key alone decides where in ±20 % it lies."""
    planned = PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]
    place = crc32(f"{key}/{attempts}".encode()) / 2**32
    return planned * (1 - SPREAD + 2 * SPREAD * place)
