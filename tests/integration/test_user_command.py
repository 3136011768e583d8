"""`banjie user` on a database that nobody has furnished yet."""

import argparse
import io
import re

import pytest

from engine import install, log_in, open_engine
from engine.cli_users import user
from engine.domain.errors import Conflict, Invalid, LoginRefused, NotFound


@pytest.fixture
def empty(empty_url, monkeypatch):
    """An empty production database."""
    monkeypatch.setenv("BANJIE_DATABASE", empty_url)
    monkeypatch.setenv("BANJIE_KIND", "production")
    monkeypatch.setenv("BANJIE_SECRET", "s" * 43)
    engine = open_engine()
    install(engine)
    yield engine
    engine.database.dispose()


def banjie_user(*words):
    parser = argparse.ArgumentParser()
    user.configure(parser)
    return user.run(parser.parse_args(words))


FIRST = ("add", "zhang", "张管理", "--unit", "office", "--unit-name", "办公室", "--role", "admin")


def test_the_first_admin_comes_with_the_first_unit_and_a_one_time_password(empty, capsys):
    banjie_user(*FIRST)
    word = re.search(r":(\S+)$", capsys.readouterr().out.strip())[1]
    assert log_in(empty, "zhang", word).must_change


def test_a_password_from_standard_input_need_not_be_changed(empty, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse 42\n"))
    banjie_user(*FIRST, "--password-stdin")
    assert not log_in(empty, "zhang", "correct horse 42").must_change


def test_a_weak_password_opens_no_account(empty, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(Invalid):
        banjie_user(*FIRST, "--password-stdin")
    banjie_user("list")
    assert capsys.readouterr().out == ""


def test_accounts_are_listed_reset_and_disabled(empty, capsys):
    banjie_user(*FIRST)
    banjie_user("add", "li", "李一", "--unit", "office", "--role", "process_owner")
    banjie_user("reset", "li")
    word = re.search(r":(\S+)$", capsys.readouterr().out.strip())[1]
    banjie_user("disable", "li")
    with pytest.raises(LoginRefused):
        log_in(empty, "li", word)
    banjie_user("list")
    assert "li\t李一\t停用\toffice/process_owner" in capsys.readouterr().out


def test_mistakes_are_named(empty):
    banjie_user(*FIRST)
    with pytest.raises(NotFound, match="nobody"):
        banjie_user("reset", "nobody")
    with pytest.raises(Conflict, match="最后一个"):
        banjie_user("disable", "zhang")
    with pytest.raises(Invalid, match="no_such"):
        banjie_user("add", "li", "李一", "--unit", "office", "--role", "no_such")
