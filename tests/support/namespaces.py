"""Another host: a network namespace tied to ours by a cable that can be cut silently. Needs root and `ip`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NOBODY = "02:00:00:00:00:99"
"""An address that nothing on the cable has."""


@dataclass(frozen=True)
class FarHost:
    """The other end of a cable."""

    name: str
    near: str
    far: str

    @property
    def prefix(self) -> list[str]:
        """What a command begins with to run there."""
        return ["ip", "netns", "exec", self.name]

    def cut(self) -> None:
        """Let every packet vanish, in both directions, without any error."""
        _ip("neigh", "replace", self.far, "lladdr", NOBODY, "dev", f"{self.name}0", "nud", "permanent")
        _ip(
            "-n", self.name, "neigh", "replace", self.near, "lladdr", NOBODY, "dev", f"{self.name}1", "nud", "permanent"
        )

    def mend(self) -> None:
        """Let packets pass again."""
        _ip("neigh", "del", self.far, "dev", f"{self.name}0")
        _ip("-n", self.name, "neigh", "del", self.near, "dev", f"{self.name}1")


def why_not() -> str:
    """Say why there can be no other host here; empty when there can."""
    if os.getuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "there is no `ip` command"
    tried = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this machine allows no network namespaces"


@contextmanager
def far_host(name: str = "bjfar") -> Iterator[FarHost]:
    """Make another host."""
    net = f"10.213.{os.getpid() % 250}"
    host = FarHost(f"{name}{os.getpid() % 10000}", f"{net}.1", f"{net}.2")
    _ip("netns", "add", host.name)
    try:
        _ip("link", "add", f"{host.name}0", "type", "veth", "peer", "name", f"{host.name}1", "netns", host.name)
        _ip("addr", "add", f"{host.near}/30", "dev", f"{host.name}0")
        _ip("link", "set", f"{host.name}0", "up")
        _ip("-n", host.name, "addr", "add", f"{host.far}/30", "dev", f"{host.name}1")
        _ip("-n", host.name, "link", "set", f"{host.name}1", "up")
        yield host
    finally:
        subprocess.run(["ip", "link", "del", f"{host.name}0"], check=False, capture_output=True)
        _ip("netns", "del", host.name)


def _ip(*said: str) -> None:
    subprocess.run(["ip", *said], check=True, capture_output=True)
