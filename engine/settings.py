"""Settings from the environment, read once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.errors import Invalid

DEFAULT_DATABASE = "sqlite:///var/banjie.db"
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
KINDS = ("production", "demo", "test")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies and what kind of installation this is."""

    database: str = DEFAULT_DATABASE
    secret: str = ""
    kind: str = "demo"
    metrics_token: str = ""
    """Opens /metrics to a collector without a login; empty: admins only."""
    address: str = ""
    """Where people find the pages, without a slash at the end: links in messages begin with it; empty: no links."""

    @property
    def may_shift_clock(self) -> bool:
        """Whether a clock offset is honoured: never in production."""
        return self.kind != "production"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read BANJIE_DATABASE, _SECRET, _KIND, _METRICS_TOKEN and _ADDRESS; raise Invalid for an unknown kind or no web address."""
    said = os.environ if environment is None else environment
    kind = said.get("BANJIE_KIND", "demo")
    if kind not in KINDS:
        raise Invalid(f"BANJIE_KIND 只能是 {'、'.join(KINDS)},不是 {kind}")
    return Settings(
        database=said.get("BANJIE_DATABASE", DEFAULT_DATABASE),
        secret=said.get("BANJIE_SECRET", ""),
        kind=kind,
        metrics_token=said.get("BANJIE_METRICS_TOKEN", ""),
        address=_address(said.get("BANJIE_ADDRESS", "")),
    )


def _address(text: str) -> str:
    found = text.strip().rstrip("/")
    if found and not _ADDRESS.fullmatch(found):
        raise Invalid("BANJIE_ADDRESS 要写网址,如 https://banjie.example.gov.cn")
    return found
