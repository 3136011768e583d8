"""What the timeline says when rules gave a task to others than drawn."""

import pytest

from tests.web.support_hotline import furnished_hotline, hotline
from web.people_lines import people_line
from web.strategy_lines import given_to

__all__ = ["furnished_hotline", "hotline"]
NAMES = {"li": "李受理", "wang": "王班长"}


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"rule": "nobody", "now": ["porter", "supervisor"]}, ("“审批”没有人可办", "改由督办岗位办")),
        ({"rule": "nobody", "now": ["porter", "admin"]}, ("“审批”没有人可办", "改由管理员办")),
        (
            {"rule": "same_as_starter", "who": ["li"], "now": ["person:wang"]},
            ("“审批”:发起人李受理不办自己的事", "改由王班长办"),
        ),
        ({"rule": "twice_in_a_row", "who": ["li"], "now": ["clerk"]}, ("“审批”:李受理刚办完前一步,不连着办", "")),
        ({"rule": "recused", "who": ["li"], "now": ["clerk"]}, ("“审批”:李受理回避", "")),
    ],
)
def test_it_says_which_rule_kept_whom_and_who_does_it_now(hotline, said, line):
    with hotline.site.app.test_request_context("/"):
        assert people_line("AssignmentRuled", said, "系统", "审批", lambda who: NAMES.get(who, who)) == line


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("SignerReplaced", ("唐管理把“审批”改请王班长签署", "原来请李受理签署。调离")),
        ("CandidateReplaced", ("唐管理把“审批”候选人里的李受理换成王班长", "调离")),
    ],
)
def test_it_says_who_takes_a_leavers_place(hotline, kind, line):
    said = {"was": "li", "to": "wang", "reason": "调离"}
    with hotline.site.app.test_request_context("/"):
        assert people_line(kind, said, "唐管理", "审批", lambda who: NAMES.get(who, who)) == line


def test_it_says_by_which_strategy_somebody_was_chosen(hotline):
    with hotline.site.app.test_request_context("/"):
        assert [given_to("王班长", how) for how in ("", "round_robin", "own_way")] == [
            "交给王班长",
            "按“轮流”交给王班长",
            "交给王班长",
        ]
