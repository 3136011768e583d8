"""What a command of `banjie` is; rooms offer theirs under the entry-point group `banjie.commands`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

GROUP = "banjie.commands"


@dataclass(frozen=True, slots=True)
class CliCommand:
    """One word after `banjie`."""

    name: str
    help: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Gives the exit code; EngineErrors are printed by the caller as one sentence."""
