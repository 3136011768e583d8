"""Lists that are read newest first: page by page, every line once, also where many have the same moment."""

import pytest

from engine import Begun, Copies, CopyOrder, Done
from engine.domain.errors import Invalid
from tests.support.procedures import procedure, user


@pytest.fixture
def busy(office):
    """Five errands that li began, zhou did and feng got a copy of; two of them in the same moment."""
    office.deploy(procedure("errand", user("do", groups="clerk@roads"), flows="start >> do >> end"))
    for minute in (0, 1, 1, 2, 3):
        office.move_to(f"2025-09-22 10:0{minute}")
        office.start("errand")
        office.engine.execute(CopyOrder(office.number, "li", ["feng"], ""))
        office.complete("do", "zhou")
    return office


def number(row):
    return row.order.number if hasattr(row, "order") else row.number


@pytest.mark.parametrize(("query", "who"), [(Begun, "li"), (Done, "zhou"), (Copies, "feng")])
def test_pages_follow_each_other_without_a_gap_or_a_repetition(busy, query, who):
    pages, after = [], ""
    while not pages or after:
        page = busy.engine.ask(query(after=after, limit=2), who)
        pages.append([number(row) for row in page.rows])
        after = page.next
    assert [len(page) for page in pages] == [2, 2, 1]
    every = [number(row) for row in busy.engine.ask(query(), who).rows]
    assert sum(pages, []) == every == sorted(every, reverse=True)
    with pytest.raises(Invalid):
        busy.engine.ask(query(after="yesterday"), who)
