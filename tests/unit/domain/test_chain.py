import pytest

from engine.domain.chain import USUAL, Reach, Way, chain, kinds_for
from engine.domain.notice_rules import NoticeRules

PLAIN, MANDATORY = NoticeRules(), NoticeRules(mandatory=True, channels=("sms", "email"))
WISHING = Reach(wishes={"result": ("wecom",)})
SILENT = Reach(wishes={"result": ()})


@pytest.mark.parametrize(
    ("rules", "reach", "usual", "kinds"),
    [
        (PLAIN, Reach(), {}, USUAL),
        (NoticeRules(channels=("sms",)), Reach(), {}, ("sms",)),
        (NoticeRules(channels=("sms",)), Reach(), {"result": ["email"]}, ("email",)),
        (PLAIN, WISHING, {"result": ["email"]}, ("wecom",)),
        (PLAIN, SILENT, {"result": ["email"]}, ()),
        (PLAIN, Reach(), {"result": []}, ()),
        (PLAIN, WISHING, {"assigned": ["email"]}, ("wecom",)),
        (MANDATORY, SILENT, {"result": []}, ("sms", "email")),
        (NoticeRules(mandatory=True), SILENT, {"result": ["email"]}, ("email",)),
        (NoticeRules(mandatory=True), SILENT, {"result": []}, USUAL),
        (NoticeRules(kind="office"), WISHING, {}, USUAL),
    ],
    ids=[
        "nobody said anything",
        "the procedure alone",
        "the office before the procedure",
        "the person before the office",
        "the person wants the inbox alone",
        "the office wants the inbox alone",
        "the office speaks of another kind",
        "mandatory channels",
        "mandatory without channels: the office's",
        "mandatory and nobody wants it",
        "a wish for another kind",
    ],
)
def test_who_decides_by_what_a_notice_goes(rules, reach, usual, kinds):
    assert kinds_for(rules, reach, usual) == kinds


WAYS = (
    Way("all", "wecom"),
    Way("town", "wecom", "town"),
    Way("roads", "wecom", "roads"),
    Way("mail", "email"),
    Way("text", "sms"),
)


@pytest.mark.parametrize(
    ("above", "key"), [({"roads": 0, "town": 1}, "roads"), ({"water": 0, "town": 1}, "town"), ({"desk": 0}, "all")]
)
def test_the_nearest_channel_serves(above, key):
    assert chain(("wecom",), WAYS, Reach(above=above)) == (key,)


def test_a_kind_nobody_serves_or_without_an_address_is_passed_over():
    assert chain(("dingtalk", "email", "sms", "wecom"), WAYS, Reach(phone="139")) == ("text", "all")


def test_a_channel_stands_in_a_chain_once():
    assert chain(("wecom", "wecom"), WAYS, Reach()) == ("all",)
