"""What most integration tests start from."""

import pytest

from tests.support.offices import Office
from tests.support.procedures import folder
from tests.support.telling import reach
from tests.support.ways import set_up


@pytest.fixture
def leave(office: Office) -> Office:
    """An office with one open leave request of two days (one working day to approve it, warning after two hours)."""
    office.deploy(folder("leave_request"))
    office.start("leave_request", reason="探亲", days=2)
    return office


@pytest.fixture
def three(office: Office) -> Office:
    """Give an office with a robot, mail and text messages; wang has told his addresses."""
    for kind in ("wecom", "email", "sms"):
        set_up(office, kind, kind)
    reach(office)
    return office
