"""What a check has to say about one place of one file."""

from dataclasses import dataclass
from typing import Literal as OneOf

Level = OneOf["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: where (file and element id), which rule, how grave, and a sentence for people."""

    file: str
    element: str
    rule: str
    level: Level
    message: str
