"""Whatever people do with a task, on any sound diagram: nothing is lost or doubled, and the case can end."""

import os

import pytest

from tests.support.walks import Walk

SEEDS = int(os.environ.get("BANJIE_WALKS", "200"))
"""How many walks; `make walks` asks for 2,000."""
CHUNK = 10


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_random_walks_with_random_verbs(office, first):
    if office.url.startswith("postgres") and first >= SEEDS // 5:
        pytest.skip("one in five is walked on PostgreSQL too: what is right does not hang on the database")
    verbs = 0
    for seed in range(first, first + CHUNK):
        walk = Walk(office, seed)
        walk.go()
        verbs += walk.verbs
    assert verbs > CHUNK
