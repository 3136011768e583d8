"""A procedure of the tests' own whose job fails while a file exists; its worker function is installed like anybody's plug-in."""

from pathlib import Path

from tests.web.support_pages import folder

WORKER = """
import os
from dataclasses import dataclass
from pathlib import Path

from engine import job


@dataclass(frozen=True, slots=True)
class Letter:
    to: object = None


@dataclass(frozen=True, slots=True)
class Posted:
    tracking: str


@job("send_letter", attempts=1)
def send_letter(letter: Letter) -> Posted:
    if Path(os.environ["POST_IS_CLOSED"]).exists():
        raise ConnectionError("邮局没有开门")
    return Posted("7")
"""


def post_office(where: Path) -> Path:
    """Write a package with a job and its entry point; give the folder to be put on PYTHONPATH."""
    site = where / "site"
    about = site / "post_office-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "post_office.py").write_text(WORKER, "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: post-office\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text("[banjie.service_tasks]\npost = post_office\n", "utf-8")
    return site


def letter(where: Path, limit: str = "") -> Path:
    """Write the letter procedure's folder for the people of the demo organisation; writing may have a limit, and is supervised then."""
    home = where / "service" / "letter"
    for name, content in folder().items():
        text = content.decode().replace('starters = ["clerk"]', 'starters = ["hotline_agent"]')
        if limit:
            text = text.replace('id="fill" name="写信"', f'id="fill" name="写信" camunda:dueDate="{limit}"')
            text = text.replace(">1小时<", ">到期<")
            text = text.replace("owner =", 'supervisors = ["hotline_office"]\nowner =')
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return home
