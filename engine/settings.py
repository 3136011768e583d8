"""Settings from the environment, read once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.errors import Invalid

DEFAULT_DATABASE = "sqlite:///var/banjie.db"
KINDS = ("production", "demo", "test")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies and what kind of installation this is."""

    database: str = DEFAULT_DATABASE
    secret: str = ""
    kind: str = "demo"
    metrics_token: str = ""
    """Opens /metrics to a collector without a login; empty: admins only."""

    @property
    def may_shift_clock(self) -> bool:
        """Whether a clock offset is honoured: never in production."""
        return self.kind != "production"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read BANJIE_DATABASE, BANJIE_SECRET, BANJIE_KIND and BANJIE_METRICS_TOKEN; raise Invalid for an unknown kind."""
    said = os.environ if environment is None else environment
    kind = said.get("BANJIE_KIND", "demo")
    if kind not in KINDS:
        raise Invalid(f"BANJIE_KIND 只能是 {'、'.join(KINDS)},不是 {kind}")
    return Settings(
        database=said.get("BANJIE_DATABASE", DEFAULT_DATABASE),
        secret=said.get("BANJIE_SECRET", ""),
        kind=kind,
        metrics_token=said.get("BANJIE_METRICS_TOKEN", ""),
    )
