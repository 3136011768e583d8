from hypothesis import given
from hypothesis import strategies as st

from engine.domain.digest import digest


def test_a_digest_says_how_many_and_each_in_order():
    subject, body = digest([("甲", "正文一"), ("乙", ""), ("丙", "正文三")])
    assert subject == "您有 3 条通知:甲 等"
    assert body == "1. 甲\n正文一\n\n2. 乙\n\n3. 丙\n正文三"


def test_what_would_be_too_long_lists_subjects_alone():
    _, body = digest([("甲", "字" * 5000), ("乙", "字" * 5000)])
    assert body == "1. 甲\n2. 乙"


@given(st.lists(st.tuples(st.text(max_size=50), st.text(max_size=200)), min_size=1, max_size=30))
def test_the_same_messages_give_the_same_digest_with_every_subject(texts):
    subject, body = digest(texts)
    assert (subject, body) == digest(texts)
    assert all(one.strip() in body for one, _ in texts)
    assert len(subject) <= 200
