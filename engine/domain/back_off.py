"""How long to wait before trying again: jobs and messages alike."""

from datetime import timedelta

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))


def pause(attempts: int) -> timedelta:
    """Give the pause after so many attempts; the last one repeats."""
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]
