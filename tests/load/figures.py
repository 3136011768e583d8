"""Shares of what was measured."""

from collections.abc import Sequence


def share(values: Sequence[float], part: float) -> float:
    """Give the value below which a part of all lie (0.95 = p95); zero for nothing."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


def line(name: str, values: Sequence[float], unit: str) -> str:
    """Give count, median, p95, p99 and the largest in one line."""
    found = "  ".join(
        f"{word} {share(values, part):.3f}" for word, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    return f"{name:<26} n {len(values):<6} {found}  max {max(values, default=0):.3f} {unit}"
