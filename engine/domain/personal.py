"""Phone and identity numbers: recognised by their form's rules, shown with the middle hidden."""

from typing import Any

KINDS = frozenset({"phone", "id_number"})
"""Named patterns of form fields whose answers are personal."""
_SHOWN = {11: (3, 4), 18: (3, 4), 15: (3, 4)}
"""Length: how many characters stay at either end; of other lengths a quarter stays at the end only."""


def masked(value: Any) -> str:
    """Give a number with its middle hidden: 138****5678, 110***********1234; of short ones hardly anything stays."""
    text = str(value or "")
    ahead, behind = _SHOWN.get(len(text), (0, len(text) // 4))
    return f"{text[:ahead]}{'*' * (len(text) - ahead - behind)}{text[len(text) - behind :]}"
