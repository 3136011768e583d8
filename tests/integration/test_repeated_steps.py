"""Scenarios may say the same steps many times; what is read are the single steps."""

import pytest

from engine.domain.errors import Invalid
from workers.rehearsal.scenario_file import read_scenario

HEAD = 'title = "x"\nprocess = "p"\nstarts_at = 2025-09-22T10:00:00\n'
GROUP = HEAD + '[[step]]\n{more}\n[[step.each]]\nadvance = "P1D"\n[[step.each]]\ntask = "t"\nactor = "li"\n'


def read(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    return read_scenario(path)


def test_a_group_of_steps_is_done_as_often_as_it_says(tmp_path):
    steps = read(tmp_path, GROUP.format(more="repeat = 3")).steps
    assert [next(iter(step)) for step in steps] == ["advance", "task"] * 3


@pytest.mark.parametrize("more", ["repeat = 0", "repeat = 401", 'repeat = "3"', 'repeat = 2\nactor = "li"'])
def test_a_group_that_says_too_little_or_too_much_is_refused(tmp_path, more):
    with pytest.raises(Invalid, match="repeat"):
        read(tmp_path, GROUP.format(more=more))


def test_an_unknown_word_inside_a_group_is_refused(tmp_path):
    with pytest.raises(Invalid, match="wrong"):
        read(tmp_path, GROUP.format(more="repeat = 2") + 'wrong = "x"\n')
