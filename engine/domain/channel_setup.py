"""A channel as an administrator has set it up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ChannelSetup:
    """What a worker needs to open a channel; `secret` is in clear here and is never shown, logged or compared in a repr."""

    key: str
    kind: str
    name: str
    settings: Mapping[str, Any]
    secret: str = field(default="", repr=False)
    allows_inside: bool = False
    """Whether its host may lie in a private network: an administrator has allowed this very host."""
    version: int = 1
