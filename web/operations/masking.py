"""Phone and identity numbers are hidden in what admins read; what comes back hidden is put right again."""

import re
from typing import Any

_PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{3})\d{11}(\d{3}[\dXx])(?!\d)")


def masked(value: Any) -> Any:
    """Give a value with every phone and identity number in it hidden: 138****5678."""
    if isinstance(value, str):
        return _PHONE.sub(r"\1****\2", _IDENTITY.sub(r"\1***********\2", value))
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return value


def unmasked(typed: Any, original: Any) -> Any:
    """Give what was typed, with the original wherever somebody left the hidden text as it stood."""
    if typed == masked(original):
        return original
    if isinstance(typed, dict) and isinstance(original, dict):
        return {key: unmasked(inner, original.get(key)) for key, inner in typed.items()}
    if isinstance(typed, list) and isinstance(original, list) and len(typed) == len(original):
        return [unmasked(one, other) for one, other in zip(typed, original, strict=True)]
    return typed
